//! What a transaction holds while it goes on.

use crate::diff::sql::history::NewStep;
use crate::model::sql::{Action, KeyKind};
use crate::rules::finding::Severity::{Error, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;
use super::steps::{Case, Source, called};

pub static ROWS_CHANGED_UNDER_LOCK: Rule = Rule {
    id: "rows-changed-under-lock",
    title: "Rows changed while the transaction keeps a table locked",
    levels: Levels::Always(Warning),
    message: "The rows of `{subject}` are {detail}: from there on nobody can read or write that table until all of this is done.",
    help: "Take it apart: change the table in one migration, which is done in a moment, and the rows in another one, in batches, or from outside. What then needs the new values (NOT NULL, a check) comes in a third.",
    check: Check::Step(under_lock),
    page: page!("rows-changed-under-lock"),
    ..RULE
};

pub static OUTSIDE_TRANSACTION: Rule = Rule {
    id: "statement-outside-transaction",
    title: "Statement that cannot run inside a transaction",
    levels: Levels::Always(Error),
    message: "`{detail}` cannot run inside a transaction, and the runner wraps this migration in one: the migration fails.",
    help: "Put the statement alone into a migration that runs without a transaction: `-- +goose NO TRANSACTION` (goose), `-- migrate:up transaction:false` (dbmate), `-- atlas:txmode none` (atlas), `-- no-transaction` (sqlx), `run_in_transaction = false` in metadata.toml (diesel), `executeInTransaction=false` in the script's .conf (Flyway).",
    check: Check::Step(|source, new| {
        let detail = match &new.step.action {
            Action::Maintenance { what } if what.starts_with("VACUUM") || &**what == "REINDEX CONCURRENTLY" => {
                what.to_string()
            }
            Action::DetachPartition { child, concurrently: true } => format!("DETACH PARTITION {child} CONCURRENTLY"),
            Action::DropDatabase { name } => format!("DROP DATABASE {name}"),
            _ => return None,
        };
        let subject = if new.step.table.is_empty() { called(new.migration) } else { new.step.table.to_string() };
        let inside = source.is_postgres() && new.migration.transactional && !new.step.conditional;
        inside.then(|| Case::new(subject, detail))
    }),
    page: page!("statement-outside-transaction"),
    ..RULE
};

fn under_lock(source: &Source<'_>, new: &NewStep<'_>) -> Option<Case> {
    // What has no WHERE is told as that, with what waits besides.
    if !is_slow(source, new) || matches!(new.step.action, Action::Rewrite { filtered: false, .. }) {
        return None;
    }
    let lock = held(source, new)?;
    let (table, does) = match &new.step.action {
        Action::Insert { from: Some(from), .. } => (from, "copied"),
        _ => (&new.step.table, "changed"),
    };
    // The first such statement speaks for all.
    let mut since = source.history.steps.iter().skip_while(|s| !std::ptr::eq(s.step, lock.step));
    let first = since.find(|s| std::ptr::eq(s.migration, new.migration) && is_slow(source, s))?;
    let what = match *lock.step.table == **table {
        true => "has altered it".to_string(),
        false => format!("has altered `{}`", lock.step.table),
    };
    let case = Case::new(&**table, format!("{does} in the transaction that {what}"));
    std::ptr::eq(first.step, new.step).then_some(case)
}

/// Goes over rows of an old table.
fn is_slow(source: &Source<'_>, new: &NewStep<'_>) -> bool {
    match &new.step.action {
        Action::Rewrite { .. } => !new.table_is_new && !new.step.table.is_empty(),
        Action::Insert { from: Some(from), .. } => source.base_table(from).is_some(),
        _ => false,
    }
}

/// The step before this one, in its transaction, since which nobody can read or write an old table.
fn held<'a>(source: &'a Source<'_>, new: &NewStep<'_>) -> Option<&'a NewStep<'a>> {
    if !source.is_postgres() || !new.migration.transactional {
        return None;
    }
    let mut before = source.history.steps.iter().take_while(|s| !std::ptr::eq(s.step, new.step));
    let same =
        |s: &&NewStep<'_>| std::ptr::eq(s.migration, new.migration) && !s.table_is_new && !s.step.table.is_empty();
    before.find(|s| same(s) && locks_all(&s.step.action))
}

/// What waits besides while a statement works that lets others read its table: a sentence.
pub fn waits_too(source: &Source<'_>, new: &NewStep<'_>) -> Option<String> {
    let table = &held(source, new)?.step.table;
    Some(match *table == new.step.table {
        true => "Reads wait too: the transaction has altered the table before, and keeps it locked.".to_string(),
        false => {
            format!("Meanwhile nobody can read or write `{table}` either, which the transaction has altered before.")
        }
    })
}

/// The table of the step itself is locked by an earlier step of its transaction.
pub fn is_locked(source: &Source<'_>, new: &NewStep<'_>) -> bool {
    let before = source.history.steps.iter().take_while(|s| !std::ptr::eq(s.step, new.step));
    let mut same = before.filter(|s| std::ptr::eq(s.migration, new.migration) && s.step.table == new.step.table);
    source.is_postgres() && new.migration.transactional && same.any(|s| locks_all(&s.step.action))
}

/// Takes a lock that nobody shares, and keeps it to the end of the transaction (PostgreSQL, "Explicit Locking").
fn locks_all(action: &Action) -> bool {
    match action {
        Action::AddKey { key, .. } => key.kind != KeyKind::Foreign,
        Action::AddColumn { .. }
        | Action::DropColumn { .. }
        | Action::RenameColumn { .. }
        | Action::RenameTable { .. }
        | Action::AlterType { .. }
        | Action::SetNotNull { .. }
        | Action::DropNotNull { .. }
        | Action::SetDefault { .. }
        | Action::DropDefault { .. }
        | Action::DropKey { .. } => true,
        _ => false,
    }
}
