//! What a transaction holds while it goes on.

use crate::diff::sql::history::NewStep;
use crate::model::sql::{Action, KeyKind};
use crate::rules::finding::Severity::Warning;
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;
use super::steps::{Case, Source};

pub static ROWS_CHANGED_UNDER_LOCK: Rule = Rule {
    id: "rows-changed-under-lock",
    title: "Rows changed while the transaction keeps a table locked",
    levels: Levels::Always(Warning),
    message: "The rows of `{subject}` are changed in the transaction that {detail}: from there on nobody can read or write that table until all of this is done.",
    help: "Take it apart: change the table in one migration, which is done in a moment, and the rows in another one, in batches, or from outside. What then needs the new values (NOT NULL, a check) comes in a third.",
    check: Check::Step(under_lock),
    page: page!("rows-changed-under-lock"),
    ..RULE
};

fn under_lock(source: &Source<'_>, new: &NewStep<'_>) -> Option<Case> {
    let Action::Rewrite { filtered: true, .. } = new.step.action else { return None };
    if !source.is_postgres() || !new.migration.transactional || new.table_is_new || new.step.table.is_empty() {
        return None;
    }
    let mut before = source.history.steps.iter().take_while(|s| !std::ptr::eq(s.step, new.step));
    let same =
        |s: &&NewStep<'_>| std::ptr::eq(s.migration, new.migration) && !s.table_is_new && !s.step.table.is_empty();
    let lock = before.by_ref().filter(same).find(|s| locks_all(&s.step.action))?;
    // The first such statement speaks for all.
    let told = before.any(|s| same(&s) && matches!(s.step.action, Action::Rewrite { .. }));
    let detail = match *lock.step.table == *new.step.table {
        true => "has altered it".to_string(),
        false => format!("has altered `{}`", lock.step.table),
    };
    (!told).then(|| Case::new(&*new.step.table, detail))
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
