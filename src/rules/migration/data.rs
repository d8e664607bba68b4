//! Statements that destroy rows or objects on the way, or that cannot run.

use crate::diff::sql::history::NewStep;
use crate::model::sql::{Action, Column, Generated, ObjectKind};
use crate::rules::finding::Severity::{Error, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;
use super::rebuild;
use super::steps::{Case, Source};
use super::transactions::waits_too;

pub static CASCADE_USED: Rule = Rule {
    id: "cascade-used",
    title: "Drop with CASCADE",
    levels: Levels::Always(Warning),
    message: "{detail}: whatever depends on it is dropped too, named or not.",
    help: "Leave CASCADE out and name what has to go, one statement each: then the migration fails on a database where something else depends on it, instead of dropping that as well.",
    check: Check::Step(cascades),
    page: page!("cascade-used"),
    ..RULE
};

pub static COLUMN_RECREATED: Rule = Rule {
    id: "column-recreated",
    title: "Column dropped and created again",
    levels: Levels::Always(Error),
    message: "Column `{subject}` is dropped and created again{detail} its values are lost.",
    help: "Change the column in place (`ALTER TABLE {entity} ALTER COLUMN {attribute} …`), or add the new one under another name, copy the values, and drop the old one in a later release.",
    check: Check::Step(|source, new| {
        let Action::AddColumn { column, .. } = &new.step.action else { return None };
        let old = source.base_table(&new.step.table)?.column(column)?;
        let now = source.head_table(&new.step.table).and_then(|t| t.column(column));
        let computed = |c: &Column| c.generated == Generated::Computed;
        let again = source.history.recreated(&[&new.step.table], column)?;
        if !std::ptr::eq(again.step, new.step) || new.table_is_new || computed(old) && now.is_some_and(computed) {
            return None;
        }
        let detail = match now.filter(|now| now.type_name != old.type_name) {
            Some(now) => {
                format!(", as {} and no longer {}: running code meets another type, and", now.type_name, old.type_name)
            }
            None => ": it looks the same or nearly so afterwards, but".to_string(),
        };
        Some(Case::new(format!("{}.{column}", new.step.table), detail))
    }),
    page: page!("column-recreated"),
    ..RULE
};

pub static DATABASE_DROPPED: Rule = Rule {
    id: "database-dropped",
    title: "Database dropped",
    levels: Levels::Always(Error),
    message: "Database `{subject}` is dropped with everything in it.",
    help: "Take the statement out of the migration. A database that is not needed any more is backed up and dropped by hand, when nobody is connected to it.",
    check: Check::Step(|source, new| {
        let Action::DropDatabase { name } = &new.step.action else { return None };
        // A script that sets everything up begins like that.
        (!source.base.tables.is_empty()).then(|| Case::new(&**name, ""))
    }),
    page: page!("database-dropped"),
    ..RULE
};

pub static ROWS_CHANGED_WITHOUT_FILTER: Rule = Rule {
    id: "rows-changed-without-filter",
    title: "All rows changed at once",
    levels: Levels::Always(Warning),
    message: "{detail} on `{subject}` takes every row, as no WHERE leaves any out: it locks them all until the migration is committed, and cannot be taken back.",
    help: "Change the rows in batches of a few thousand, outside the migration or with a WHERE that names what is left to do (`… WHERE {subject}.… IS NULL`).",
    check: Check::Step(|source, new| {
        let Action::Rewrite { delete, filtered: false, .. } = new.step.action else { return None };
        let case = Case::new(&*new.step.table, if delete { "DELETE" } else { "UPDATE" });
        let case = case.adding(waits_too(source, new));
        let case = if delete { case.at(Error) } else { case };
        (!new.table_is_new && !new.step.table.is_empty()).then_some(case)
    }),
    page: page!("rows-changed-without-filter"),
    ..RULE
};

pub static TABLE_RECREATED: Rule = Rule {
    id: "table-recreated",
    title: "Table dropped and created again",
    levels: Levels::Always(Error),
    message: "Table `{subject}` is dropped and created again: it looks the same or nearly so afterwards, but its rows are lost.",
    help: "Change the table in place with ALTER TABLE. If it has to be built anew, create the new one under another name, copy the rows, then drop the old one and rename.",
    check: Check::Step(|source, new| {
        let dropped = |action: &Action| matches!(action, Action::DropTable { .. });
        if let Action::RenameTable { to } = &new.step.action {
            return rebuild::without_rows(source, to).then(|| Case::new(&**to, ""));
        }
        let again = matches!(new.step.action, Action::CreateTable)
            && source.base_table(&new.step.table).is_some()
            && source.history.removed.is_empty()
            && happened_before(source, new, dropped)
            // Rows that were kept aside are put back.
            && !happens_after(source, new, |action| matches!(action, Action::Insert { .. }));
        again.then(|| Case::new(&*new.step.table, ""))
    }),
    page: page!("table-recreated"),
    ..RULE
};

pub static TABLE_TRUNCATED: Rule = Rule {
    id: "table-truncated",
    title: "Table emptied",
    levels: Levels::Always(Error),
    message: "`TRUNCATE` empties `{subject}`: all its rows are lost.",
    help: "Delete what is not needed by a condition that can be read (`DELETE FROM {subject} WHERE …`), or keep a copy first. Test data belongs into seeds, not into migrations.",
    check: Check::Step(|_, new| {
        let emptied = matches!(new.step.action, Action::Truncate) && !new.table_is_new;
        emptied.then(|| Case::new(&*new.step.table, ""))
    }),
    page: page!("table-truncated"),
    ..RULE
};

/// What a step drops with CASCADE: the kind, and the name.
fn cascading<'a>(new: &NewStep<'a>) -> Option<(String, &'a str)> {
    let step = new.step;
    Some(match &step.action {
        Action::DropTable { cascade: true } => ("TABLE".to_string(), &step.table),
        Action::DropView { cascade: true } => ("VIEW".to_string(), &step.table),
        Action::DropType { name, cascade: true } => ("TYPE".to_string(), name),
        // Nothing hangs on triggers and policies.
        Action::DropObject { kind, name, cascade: true }
            if !matches!(kind, ObjectKind::Trigger | ObjectKind::Policy) =>
        {
            (kind.word().to_uppercase(), name)
        }
        _ => return None,
    })
}

/// One finding for a statement, whatever it names.
fn cascades(source: &Source<'_>, new: &NewStep<'_>) -> Option<Case> {
    let (kind, subject) = cascading(new)?;
    let same = |s: &&NewStep<'_>| s.step.origin == new.step.origin && !s.table_is_new && cascading(s).is_some();
    let all: Vec<&NewStep<'_>> = source.history.steps.iter().filter(same).collect();
    let first = all.first().is_some_and(|s| std::ptr::eq(s.step, new.step));
    let more = if all.len() > 1 { format!(" and {} more", all.len() - 1) } else { String::new() };
    let detail = format!("`DROP {kind} {subject} CASCADE`{more}");
    (source.is_postgres() && first).then(|| Case::new(subject, detail))
}

/// An earlier new step on the same table did that.
fn happened_before(source: &Source<'_>, new: &NewStep<'_>, wanted: impl Fn(&Action) -> bool) -> bool {
    let earlier = source.history.steps.iter().take_while(|s| !std::ptr::eq(s.step, new.step));
    earlier.filter(|s| s.step.table == new.step.table).any(|s| wanted(&s.step.action))
}

/// A later new step on the same table does that.
fn happens_after(source: &Source<'_>, new: &NewStep<'_>, wanted: impl Fn(&Action) -> bool) -> bool {
    let later = source.history.steps.iter().rev().take_while(|s| !std::ptr::eq(s.step, new.step));
    later.filter(|s| s.step.table == new.step.table).any(|s| wanted(&s.step.action))
}
