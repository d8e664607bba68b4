//! Discovery: all inputs of a revision, and of two revisions so that they can be compared.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::glob::Globs;
use crate::config::{self, Config, Source};
use crate::model::origin::{FileId, Origin, Problem, Text};
use crate::model::sql::Dialect;
use crate::revision::EntryKind;

use super::contracts::{self, FIXTURE};
use super::layout::{self, Layout};
use super::places::{Place, place};
use super::snapshot::Snapshot;
use super::sources::{ContractSource, Sources, SqlSource, Twin};
use super::{journals, migrations, states, twins};

/// Finds the inputs of one revision.
pub fn discover(snapshot: &Snapshot<'_>, config: &Config) -> Sources {
    let mut sources = Sources::default();
    if let Some(focus) = snapshot.tree.focus.clone() {
        single(snapshot, config, focus, &mut sources);
        return sources;
    }
    contracts::find(snapshot, config, &mut sources);
    match config.sql() {
        Some(entries) => {
            for entry in entries {
                named(snapshot, entry, &mut sources);
            }
        }
        None => find_sql(snapshot, config.dialect(), &mut sources),
    }
    sources.contracts.sort_by(|a, b| a.path.cmp(&b.path));
    sources.sql.sort_by(|a, b| (&a.path, a.dialect).cmp(&(&b.path, b.dialect)));
    sources.twins.sort();
    sources.twins.dedup();
    others(snapshot, &mut sources);
    let stale = journals::check(snapshot, &sources.sql);
    sources.problems.extend(stale);
    sources
}

/// Engines that come with tests for others: nobody asks what they hold.
const STAND_INS: [&str; 3] = ["H2", "HSQLDB", "Derby"];

/// One remark for each engine that is not replayed.
fn others(snapshot: &Snapshot<'_>, sources: &mut Sources) {
    sources.others.retain(|(_, engine)| !STAND_INS.contains(engine));
    let mut engines: BTreeMap<&'static str, Vec<&Text>> = BTreeMap::new();
    for (path, engine) in &sources.others {
        engines.entry(engine).or_default().push(path);
    }
    for (engine, mut paths) in engines {
        paths.sort();
        let Some(first) = paths.first() else { continue };
        let more = if paths.len() > 1 { format!(" and {} more places", paths.len() - 1) } else { String::new() };
        let message = format!("`{first}`{more}: this SQL is for {engine}, which is not read. It is left out.");
        let file = sql_files(snapshot).find(|path| path.starts_with(&***first));
        let id = file.and_then(|path| snapshot.load(&path).ok()).unwrap_or(FileId(u32::MAX));
        let problem = Problem::remark("statement-unreadable", first.to_string(), Origin::new(id, 0, 0), message);
        sources.problems.push(problem);
    }
}

/// Finds the inputs of two revisions. What counts in one of them and exists in the other counts there too, even where
/// that revision alone would have been judged otherwise: or a new file would make an old one seem removed.
pub fn discover_pair(base: &Snapshot<'_>, head: &Snapshot<'_>, config: &Config) -> (Sources, Sources) {
    let (mut ours, mut theirs) = std::thread::scope(|scope| {
        let ours = scope.spawn(|| discover(base, config));
        let theirs = discover(head, config);
        (ours.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), theirs)
    });
    reconcile((&mut ours, base), (&mut theirs, head));
    (ours, theirs)
}

/// Makes what was found in two revisions comparable.
pub fn reconcile((ours, base): (&mut Sources, &Snapshot<'_>), (theirs, head): (&mut Sources, &Snapshot<'_>)) {
    set_aside(ours, theirs);
    set_aside(theirs, ours);
    complete(ours, base, theirs);
    complete(theirs, head, ours);
    for source in &mut ours.sql {
        let same = |other: &&SqlSource| other.path == source.path;
        if let (Some(other), 1) = (theirs.sql.iter().find(same), theirs.sql.iter().filter(same).count()) {
            // The head has more to go by.
            source.dialect = other.dialect;
        }
    }
}

/// What looks like material for tests in one revision, beside a contract that is shipped, is no input of the other either.
fn set_aside(sources: &mut Sources, other: &Sources) {
    let fixture = |source: &SqlSource| other.twins.iter().any(|t| t.reason == FIXTURE && t.path == source.path);
    let all = std::mem::take(&mut sources.sql).into_iter();
    let (aside, kept): (Vec<SqlSource>, Vec<SqlSource>) = all.partition(fixture);
    sources.sql = kept;
    for source in aside {
        sources.twins.push(Twin { path: source.path.clone(), of: None, reason: FIXTURE });
        sources.aside.push(source);
    }
}

/// Adds to `sources` what counts in `other` and exists here.
fn complete(sources: &mut Sources, snapshot: &Snapshot<'_>, other: &Sources) {
    for contract in &other.contracts {
        let known = sources.contracts.contains(contract);
        if !known && contracts::is_contract(snapshot, &contract.path) {
            sources.contracts.push(contract.clone());
            sources.twins.retain(|twin| twin.path != contract.path);
        }
    }
    for source in &other.sql {
        let known = sources.sql.iter().any(|s| s.path == source.path && s.dialect == source.dialect);
        let at = sources.aside.iter().position(|s| s.path == source.path && s.dialect == source.dialect);
        if let (false, Some(at)) = (known, at) {
            sources.sql.push(sources.aside.remove(at));
            sources.twins.retain(|twin| twin.path != source.path);
        }
    }
    sources.contracts.sort_by(|a, b| a.path.cmp(&b.path));
    sources.sql.sort_by(|a, b| (&a.path, a.dialect).cmp(&(&b.path, b.dialect)));
}

/// What a file may be, by its name alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Configuration,
    Contract,
    Sql,
    /// No input, though perhaps a step of migrations in another language.
    Other,
}

/// What the file at `path` may be.
pub fn what(path: &str) -> What {
    match path {
        _ if config::FILE_NAMES.contains(&path) => What::Configuration,
        _ if is_sql(path) => What::Sql,
        _ if contracts::fits(path) => What::Contract,
        _ => What::Other,
    }
}

/// True when the file is a contract at first sight.
pub fn is_contract(snapshot: &Snapshot<'_>, path: &Text) -> bool {
    contracts::fits(path) && contracts::is_contract(snapshot, path)
}

/// A single file that was named as what is compared.
fn single(snapshot: &Snapshot<'_>, config: &Config, path: Text, sources: &mut Sources) {
    if is_sql(&path) {
        let mut source = states::file(snapshot, path);
        source.dialect = config.dialect().unwrap_or(source.dialect);
        sources.sql.push(source);
    } else {
        sources.contracts.push(ContractSource { path });
    }
}

fn is_sql(path: &str) -> bool {
    let name = path.to_ascii_lowercase();
    [".sql", ".sql.postgres", ".sql.sqlite", ".ddl"].iter().any(|end| name.ends_with(end))
}

fn sql_files(snapshot: &Snapshot<'_>) -> impl Iterator<Item = Text> {
    let entries = snapshot.tree.entries().filter(|(path, entry)| entry.kind != EntryKind::Submodule && is_sql(path));
    entries.map(|(path, _)| path.clone())
}

/// SQL that the configuration names: a folder, a file or a pattern.
fn named(snapshot: &Snapshot<'_>, entry: &Source, sources: &mut Sources) {
    sources.tried.extend(entry.sql.iter().cloned());
    let matcher = Globs::new(entry.sql.iter().map(String::as_str));
    let files: Vec<Text> = sql_files(snapshot).filter(|path| matcher.matches(path)).collect();
    let wanted: Option<&'static Layout> = entry.layout.as_deref().and_then(layout::named);
    let found = migrations::find(snapshot, files, wanted, entry.dialect);
    sources.others.extend(found.others);
    sources.problems.extend(found.problems);
    let (mut sql, rest) = (found.sources, found.rest);
    sql.extend(states::find(snapshot, rest, true, &mut sources.others));
    if let Some(dialect) = entry.dialect {
        // What is named alone is what somebody says it is; of several engines each keeps its own.
        let engines = sql.iter().map(|source| source.dialect).collect::<BTreeSet<_>>().len();
        sql.iter_mut().filter(|source| !source.said || engines == 1).for_each(|source| source.dialect = dialect);
    }
    sources.sql.extend(sql);
}

/// SQL that nobody named.
fn find_sql(snapshot: &Snapshot<'_>, dialect: Option<Dialect>, sources: &mut Sources) {
    sources.tried.push("*.sql: migrations, schema folders and dumps".into());
    let files: Vec<Text> = sql_files(snapshot).filter(|path| place(path) != Place::Foreign).collect();
    let (fixtures, real): (Vec<Text>, Vec<Text>) = files.into_iter().partition(|path| place(path) == Place::Fixture);
    let all = |files: Vec<Text>| {
        let mut found = migrations::find(snapshot, files, None, None);
        let rest = std::mem::take(&mut found.rest);
        found.sources.extend(states::find(snapshot, rest, false, &mut found.others));
        if let Some(dialect) = dialect {
            found.sources.iter_mut().filter(|source| !source.said).for_each(|source| source.dialect = dialect);
        }
        found
    };
    let mut found = all(real);
    if found.sources.is_empty() && found.others.is_empty() {
        found = all(fixtures);
        // A contract that is shipped does not speak of tables that stand in for real ones in a test.
        if sources.contracts.iter().any(|contract| place(&contract.path) < Place::Fixture) {
            for source in std::mem::take(&mut found.sources) {
                sources.twins.push(Twin { path: source.path.clone(), of: None, reason: FIXTURE });
                sources.aside.push(source);
            }
        }
    }
    sources.others.append(&mut found.others);
    sources.problems.append(&mut found.problems);
    let (kept, aside) = twins::split(snapshot, found.sources);
    for (source, of, reason) in aside {
        sources.twins.push(Twin { path: source.path.clone(), of, reason });
        sources.aside.push(source);
    }
    sources.sql = kept;
}
