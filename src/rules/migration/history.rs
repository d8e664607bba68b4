//! Whether every database can follow the history: files edited, gone, late, or there twice.

use std::collections::HashMap;

use crate::model::FileId;
use crate::model::origin::Text;
use crate::model::sql::Migration;
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::{self, Error, Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;
use super::runners::{self, Known, Late, OnEdit};
use super::steps::{Case, Source, called, finding};

pub static EDITED: Rule = Rule {
    id: "migration-edited",
    title: "Merged migration edited",
    levels: Levels::Always(Error),
    message: "Migration `{subject}` is in the base and {detail}",
    help: "Take the edit back and put it into a new migration, which every database runs. If the file was never released, squash it deliberately and tell those who have run it.",
    check: Check::History(edited),
    page: page!("migration-edited"),
    ..RULE
};

pub static OUT_OF_ORDER: Rule = Rule {
    id: "migration-out-of-order",
    title: "Migration sorts before one that is already merged",
    levels: Levels::Always(Error),
    message: "Migration `{subject}` sorts before {detail}",
    help: "Give the file a version that is higher than every version on the branch it is merged into, its down file too. Nothing else of it has to change.",
    check: Check::History(out_of_order),
    page: page!("migration-out-of-order"),
    ..RULE
};

pub static REMOVED: Rule = Rule {
    id: "migration-removed",
    title: "Merged migration removed",
    levels: Levels::Always(Warning),
    message: "{detail}",
    help: "Put the file back and undo what it did in a new migration. To replace a long history by one file, keep the old files until every database has run them, and mark the new one as already run there (a baseline).",
    check: Check::History(removed),
    page: page!("migration-removed"),
    ..RULE
};

pub static RENAMED: Rule = Rule {
    id: "migration-renamed",
    title: "Merged migration renamed",
    levels: Levels::Always(Error),
    message: "Migration `{subject}` is in the base as {detail}",
    help: "Give the file its old name back. Where two branches took one number, the one that is not merged yet has to move.",
    check: Check::History(renamed),
    page: page!("migration-renamed"),
    ..RULE
};

pub static VERSION_DUPLICATED: Rule = Rule {
    id: "migration-version-duplicated",
    title: "Two migrations of one version",
    levels: Levels::Always(Error),
    message: "Migration `{subject}` has the version of {detail}: runners remember versions, so one of the two is refused or never run.",
    help: "Give the new file a version of its own, higher than every other, its down file too.",
    check: Check::History(duplicated),
    page: page!("migration-version-duplicated"),
    ..RULE
};

fn at(mut finding: Finding, severity: Severity) -> Finding {
    finding.severity = severity;
    finding
}

/// The files of head that are migrations of the base with other statements, and what people call them.
pub type Edited = HashMap<FileId, String>;

/// Which migrations do something else in head.
pub fn edits(sources: &[Source<'_>]) -> Edited {
    let all = sources.iter().flat_map(|source| &source.history.edited);
    let other = all.filter(|(before, after)| before.meaning != after.meaning);
    other.map(|(_, after)| (after.origin.file, called(after))).collect()
}

fn edited(rule: &'static Rule, source: &Source<'_>, found: &mut Vec<Finding>) {
    let runner = runners::of(source.head.layout);
    let squashed = |old: &Migration| source.squash.as_ref().is_some_and(|squash| squash.replaces(old));
    for (before, after) in source.history.edited.iter().filter(|(before, _)| !squashed(before)) {
        let meaning = before.meaning != after.meaning;
        let noticed = match runner.edited {
            OnEdit::Unnoticed => None,
            OnEdit::Refused => Some("stops on every database that has run it"),
            OnEdit::Warned => Some("warns at every deployment and wants to reset the databases of developers"),
        };
        let name = runner.name;
        let (severity, detail) = match (meaning, noticed) {
            (true, Some(what)) => (
                if runner.edited == OnEdit::Refused { Error } else { Warning },
                format!("does something else in head. {name} remembers its hash and {what}."),
            ),
            (true, None) => (
                Warning,
                "does something else in head. Databases that have run it keep what it did before, and differ from new ones.".to_string(),
            ),
            (false, Some(what)) => (
                Warning,
                format!("differs in comments, white space, letter case or its down part only. That is enough for {name}, which remembers the hash of the file: it {what}."),
            ),
            (false, None) => (Note, "differs in comments, white space, letter case or its down part only.".to_string()),
        };
        let step = source.history.steps.iter().find(|s| std::ptr::eq(s.migration, *after)).map(|s| s.step.origin);
        let case = Case::new(called(after), detail);
        let mut edit = at(finding(rule, source.dialect(), case, step.or(Some(after.origin))), severity);
        edit.detail = if meaning { "statements" } else { "comments" }.to_string();
        edit.base = Some(before.origin);
        if !meaning {
            edit.help = match noticed {
                Some(_) => "Take the edit back, byte for byte; a remark can go into the next migration.",
                None => "No database notices the difference, and none takes it over. What has to happen there belongs into a new migration.",
            }
            .to_string();
        }
        found.push(edit);
    }
}

fn out_of_order(rule: &'static Rule, source: &Source<'_>, found: &mut Vec<Finding>) {
    let runner = runners::of(source.head.layout);
    let is_new = |m: &Migration| source.history.added.iter().any(|a| std::ptr::eq(*a, m));
    let Some(last) = source.head.migrations.iter().rposition(|m| !m.repeatable && !is_new(m)) else { return };
    let (earlier, newest) = (&source.head.migrations[..last], &source.head.migrations[last]);
    for late in earlier.iter().filter(|m| !m.repeatable && is_new(m) && !source.is_squash(m)) {
        let (severity, what) = match runner.late {
            Late::Skipped => {
                (Error, format!("{} never runs it on a database that is already there, without a word.", runner.name))
            }
            Late::Refused => {
                (Error, format!("{} stops with an error on a database that is already there.", runner.name))
            }
            Late::Applied => (
                Note,
                format!(
                    "{} runs it later on databases that are already there, so they take the steps in another order than new ones.",
                    runner.name
                ),
            ),
            Late::Unknown => (Warning, "Databases that are already there may never run it.".to_string()),
        };
        let case = Case::new(called(late), format!("`{}`, which is in the base. {what}", called(newest)));
        let mut finding = at(finding(rule, source.dialect(), case, Some(late.origin)), severity);
        finding.detail = String::new();
        found.push(finding);
    }
}

fn removed(rule: &'static Rule, source: &Source<'_>, found: &mut Vec<Finding>) {
    if source.squash.is_some() {
        return;
    }
    // A source that no longer has migrations at all is another layout, not a removal.
    // What runs again at every change stands in another file, as long as its views are there.
    let stays = |m: &Migration| m.repeatable && m.steps.iter().all(|s| source.head_table(&s.table).is_some());
    let gone: Vec<&Migration> = source.history.removed.iter().copied().filter(|m| !stays(m)).collect();
    let ([first, rest @ ..], false) = (gone.as_slice(), source.head.migrations.is_empty()) else {
        return;
    };
    let detail = match rest.last() {
        None => format!("Migration `{}` is in the base and gone in head: ", called(first)),
        Some(last) => format!(
            "{} migrations from `{}` to `{}` are in the base and gone in head: ",
            rest.len() + 1,
            called(first),
            called(last)
        ),
    } + "databases that have run them keep what they did, and new ones never get it.";
    let mut gone = finding(rule, source.dialect(), Case::new(called(first), detail), None);
    gone.detail = String::new();
    gone.base = Some(first.origin);
    found.push(gone);
}

fn renamed(rule: &'static Rule, source: &Source<'_>, found: &mut Vec<Finding>) {
    let runner = runners::of(source.head.layout);
    let same = |before: &Migration, after: &Migration| match runner.known {
        Known::Version => before.version == after.version,
        Known::Name => called(before) == called(after),
        Known::Content => true,
    };
    let moved = source.history.moved.iter().filter(|(before, after)| !after.repeatable && !same(before, after));
    for (before, after) in moved {
        let what = if runner.known == Known::Name { "names" } else { "versions" };
        let (severity, then) = match runner.late {
            Late::Unknown => (Warning, "databases that have run it may run it again.".to_string()),
            _ => (
                Error,
                format!("{} takes it for a new one on databases that have run it, and runs it again.", runner.name),
            ),
        };
        let detail = format!("`{}`. Runners remember {what}: {then}", called(before));
        let mut finding =
            at(finding(rule, source.dialect(), Case::new(called(after), detail), Some(after.origin)), severity);
        (finding.detail, finding.base) = (String::new(), Some(before.origin));
        found.push(finding);
    }
}

fn duplicated(rule: &'static Rule, source: &Source<'_>, found: &mut Vec<Finding>) {
    let mut by_version: HashMap<&Text, &Migration> = HashMap::new();
    for migration in source.head.migrations.iter().map(|m| &**m).filter(|m| !m.repeatable && !m.version.is_empty()) {
        let Some(other) = by_version.insert(&migration.version, migration).filter(|o| o.path != migration.path) else {
            continue;
        };
        let is_new = |m: &Migration| source.history.added.iter().any(|a| std::ptr::eq(*a, m));
        let (new, old) = if is_new(migration) { (migration, other) } else { (other, migration) };
        if is_new(new) {
            let case = Case::new(called(new), format!("`{}`", called(old)));
            found.push(finding(rule, source.dialect(), case, Some(new.origin)));
        }
    }
}
