//! Folders of migrations: which files belong together, in which layout, dialect and order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use memchr::memmem;
use serde_json::Value;

use crate::model::origin::{FileId, Text};
use crate::model::sql::Dialect;

use super::dialect;
use super::files::File;
use super::layout::{LAYOUTS, Layout, Part, Step, version_numbers};
use super::places::{file_name, inside, parent};
use super::snapshot::Snapshot;
use super::sources::{Role, SqlFile, SqlSource};
use super::tables::defines;

/// Share of a folder's files (in per cent) that have to follow a layout's grammar.
const ENOUGH: usize = 80;
/// Files that are read to recognise words and dialect, spread over the folder.
const SAMPLE: usize = 24;
/// Bytes of a sampled file in which words are looked for.
const HEAD: usize = 16_000;

/// Migration sources among `files`, and the files that belong to none.
pub fn find(
    snapshot: &Snapshot<'_>,
    files: Vec<Text>,
    wanted: Option<&'static Layout>,
    told: Option<Dialect>,
) -> (Vec<SqlSource>, Vec<Text>) {
    let (mut sources, mut rest) = (Vec::new(), Vec::new());
    for (root, files) in folders(files) {
        if told.is_none() && dialect::unsupported(&root).is_some() {
            continue;
        }
        let folder = Folder { snapshot, root: &root, files: &files };
        let Some((layout, mut steps)) = folder.layout(wanted) else {
            rest.extend(files);
            continue;
        };
        let known: BTreeSet<&Text> = steps.iter().map(|(path, _)| path).collect();
        rest.extend(files.iter().filter(|path| !known.contains(path)).cloned());
        if !files.iter().any(|path| defines(&folder.file(path).bytes)) {
            continue;
        }
        if layout.name == "drizzle" {
            folder.journal_order(&mut steps);
        }
        sources.extend(folder.sources(layout, steps));
    }
    (sources, rest)
}

/// Files by the folder whose order decides: the folder they are in, or the one above where each step or version has a
/// folder of its own.
fn folders(files: Vec<Text>) -> BTreeMap<String, Vec<Text>> {
    let mut folders: BTreeMap<String, Vec<Text>> = BTreeMap::new();
    for path in files {
        folders.entry(root(&path).to_string()).or_default().push(path);
    }
    folders
}

fn root(path: &str) -> &str {
    let (name, folder) = (file_name(path), parent(path));
    let part = name.strip_prefix("up").and_then(|n| n.strip_suffix(".sql"));
    let step =
        part.is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())) || matches!(name, "down.sql" | "migration.sql");
    let version = version_numbers(file_name(folder)).is_some();
    if step || version {
        return parent(folder);
    }
    if (super::layout::LAYOUTS.iter().find(|l| l.name == "flyway")).is_some_and(|l| (l.shape)(name).is_some()) {
        return flyway_location(folder);
    }
    folder
}

/// Flyway looks into sub-folders: the location is the folder called `migration`, or the engine's folder in it.
fn flyway_location(folder: &str) -> &str {
    let mut end = 0;
    let mut location = folder;
    for part in folder.split('/') {
        let here = folder.get(..end + part.len()).unwrap_or(folder);
        let engine = dialect::from_path(part).is_some() || dialect::unsupported(part).is_some();
        let migrations = matches!(part, "migration" | "migrations");
        if migrations || (engine && location.len() < folder.len()) {
            location = here;
        } else if location.len() < folder.len() {
            break;
        }
        end += part.len() + 1;
    }
    location
}

struct Folder<'a> {
    snapshot: &'a Snapshot<'a>,
    root: &'a str,
    files: &'a [Text],
}

type Steps = Vec<(Text, Step)>;

impl Folder<'_> {
    fn file(&self, path: &str) -> Arc<File> {
        read(self.snapshot, path)
    }

    fn sample(&self) -> impl Iterator<Item = &Text> {
        let every = self.files.len().div_ceil(SAMPLE).max(1);
        self.files.iter().step_by(every)
    }

    /// The first row of the table that fits.
    fn layout(&self, wanted: Option<&'static Layout>) -> Option<(&'static Layout, Steps)> {
        if let Some(layout) = wanted {
            return Some((layout, self.steps(layout)));
        }
        let head = |file: &File| file.bytes.get(..file.bytes.len().min(HEAD)).unwrap_or_default().to_ascii_lowercase();
        let text: Vec<Vec<u8>> = self.sample().map(|path| head(&self.file(path))).collect();
        LAYOUTS.iter().find_map(|layout| {
            let steps = self.steps(layout);
            let enough = steps.len() * 100 >= self.files.len() * ENOUGH;
            (enough && self.evidence(layout, &text)).then_some((layout, steps))
        })
    }

    fn steps(&self, layout: &Layout) -> Steps {
        let skip = if self.root.is_empty() { 0 } else { self.root.len() + 1 };
        let step = |path: &Text| {
            let name = path.get(skip..)?;
            // `x.sql.postgres` is `x.postgres.sql` with the engine at the end.
            let engine_last = name.rsplit_once('.').and_then(|(rest, end)| Some((rest.strip_suffix(".sql")?, end)));
            match engine_last {
                Some((rest, engine)) => Some((path.clone(), (layout.shape)(&format!("{rest}.{engine}.sql"))?)),
                None => Some((path.clone(), (layout.shape)(name)?)),
            }
        };
        self.files.iter().filter_map(step).collect()
    }

    fn evidence(&self, layout: &Layout, text: &[Vec<u8>]) -> bool {
        let has_word = |text: &[u8], word: &str| memmem::find(text, word.as_bytes()).is_some();
        let above = || std::iter::successors(Some(self.root), |at| (!at.is_empty()).then(|| parent(at)));
        // Names with a dot are kept at the top of a project, others beside the migrations.
        let file = |name: &&str| {
            let reach = if name.starts_with('.') { usize::MAX } else { 1 };
            above().take(reach).any(|at| self.snapshot.tree.has(&inside(at, name)))
        };
        let manifest =
            |(name, word): &(&str, &str)| above().any(|at| has_word(&self.file(&inside(at, name)).bytes, word));
        layout.needs_no_evidence()
            || layout.folders.iter().any(|end| self.root.ends_with(end))
            || layout.files.iter().any(file)
            || layout.words.iter().any(|word| text.iter().any(|t| has_word(t, word)))
            || layout.manifests.iter().any(manifest)
    }

    /// Drizzle runs what its journal lists, in that order.
    fn journal_order(&self, steps: &mut Steps) {
        let journal = self.file(&inside(self.root, "meta/_journal.json"));
        let journal: Value = serde_json::from_slice(&journal.bytes).unwrap_or_default();
        let entries = journal.get("entries").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let tags = entries.iter().filter_map(|entry| entry.get("tag").and_then(Value::as_str));
        let order: BTreeMap<&str, u128> = tags.zip(0..).collect();
        if order.is_empty() {
            return;
        }
        steps.retain_mut(|(_, step)| match order.get(step.version.as_str()) {
            Some(at) => {
                step.key = vec![Part::Number(*at)];
                true
            }
            None => false,
        });
    }

    /// One source, or one for each engine where files are restricted to engines.
    fn sources(&self, layout: &'static Layout, steps: Steps) -> Vec<SqlSource> {
        let engines: BTreeSet<&str> = steps.iter().filter_map(|(_, step)| step.dialect.as_deref()).collect();
        let mut by_dialect: BTreeMap<Dialect, Vec<&str>> = BTreeMap::new();
        for engine in engines {
            let Some(dialect) = Dialect::named(engine) else { continue };
            by_dialect.entry(dialect).or_default().push(engine);
        }
        // CockroachDB speaks PostgreSQL's dialect; where both have files, PostgreSQL's are read.
        for names in by_dialect.values_mut() {
            if names.iter().any(|name| !name.starts_with("cockroach")) {
                names.retain(|name| !name.starts_with("cockroach"));
            }
        }
        if by_dialect.is_empty() {
            return vec![self.source(layout, steps, self.dialect())];
        }
        // One engine may go by several names (`sqlite`, `sqlite3`): all count, for one step the first.
        let pick = |(dialect, names): (Dialect, Vec<&str>)| {
            let rank = |step: &Step| names.iter().position(|name| step.dialect.as_deref() == Some(*name));
            let mut own: BTreeMap<(&str, Role), usize> = BTreeMap::new();
            for (_, step) in &steps {
                let Some(rank) = rank(step) else { continue };
                let best = own.entry((&step.version, step.role)).or_insert(rank);
                *best = rank.min(*best);
            }
            let fits = |(_, step): &&(Text, Step)| {
                let best = own.get(&(step.version.as_str(), step.role)).copied();
                rank(step) == best && (best.is_some() || step.dialect.is_none())
            };
            self.source(layout, steps.iter().filter(fits).cloned().collect(), dialect)
        };
        by_dialect.into_iter().map(pick).collect()
    }

    fn source(&self, layout: &'static Layout, mut steps: Steps, dialect: Dialect) -> SqlSource {
        baseline(&mut steps);
        let class = |role: Role| match role {
            Role::Up | Role::State => 0,
            Role::Repeatable => 1,
            Role::Down => 2,
        };
        steps.sort_by(|(a_path, a), (b_path, b)| (class(a.role), &a.key, a_path).cmp(&(class(b.role), &b.key, b_path)));
        let file = |(path, step): (Text, Step)| SqlFile { path, version: step.version.into(), role: step.role };
        SqlSource { path: self.root.into(), layout: layout.name, dialect, files: steps.into_iter().map(file).collect() }
    }

    /// A lock file or settings say it, or the path, or the files vote.
    fn dialect(&self) -> Dialect {
        let lock = read(self.snapshot, &inside(self.root, "migration_lock.toml"));
        let journal = read(self.snapshot, &inside(self.root, "meta/_journal.json"));
        let told = provider(&lock.bytes, "provider").or_else(|| provider(&journal.bytes, "\"dialect\""));
        told.or_else(|| dialect::from_path(self.root)).unwrap_or_else(|| {
            let sample: Vec<Arc<File>> = self.sample().map(|path| self.file(path)).collect();
            dialect::by_votes(sample.iter().map(|file| file.bytes.as_slice()))
        })
    }
}

/// The dialect that follows a key in a lock file.
fn provider(bytes: &[u8], key: &str) -> Option<Dialect> {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().find(|line| line.trim_start().starts_with(key))?;
    let value = line.split_once(['=', ':'])?.1;
    Dialect::named(value.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// A Flyway baseline repeats the versions up to it: it is read only where those are gone.
fn baseline(steps: &mut Steps) {
    let first = steps.iter().filter(|(_, s)| s.role == Role::Up).map(|(_, s)| s.key.clone()).min();
    let newest = steps.iter().filter(|(_, s)| s.role == Role::State).map(|(_, s)| s.key.clone()).max();
    let (Some(first), Some(newest)) = (first, newest) else { return };
    let repeated = first <= newest;
    steps.retain(|(_, step)| step.role != Role::State || (!repeated && step.key == newest));
    for (_, step) in steps.iter_mut().filter(|(_, step)| step.role == Role::State) {
        step.role = Role::Up;
    }
}

/// A file; an empty one when it cannot be read, which the reader reports.
pub fn read(snapshot: &Snapshot<'_>, path: &str) -> Arc<File> {
    snapshot.files.get(snapshot.load(path).unwrap_or(FileId(u32::MAX)))
}
