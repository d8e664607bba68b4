//! Tables and views: which are new, gone, renamed, and what the rest compare.

use std::collections::{HashMap, HashSet};

use crate::model::entity::EntityKind;
use crate::model::sql::{Action, Dialect, Key, Table, TableKind};
use crate::model::{Change, ChangeKind, Effect, Flows};

use super::{Sides, columns, encodings, keys};

/// Compares all tables and views.
pub fn diff(sides: &Sides<'_>, changes: &mut Vec<Change>) {
    let heads: HashMap<String, &Table> = sides.head.tables.iter().map(|t| (t.full_name(), &**t)).collect();
    // Names that base tables were renamed to: a table there is not the one that had the name before.
    let taken: HashSet<String> = sides
        .base
        .tables
        .iter()
        .map(|table| table.full_name())
        .filter(|name| sides.renames.is_renamed(name))
        .map(|name| sides.renames.table(&name).to_string())
        .collect();
    let mut matched: HashSet<String> = HashSet::new();
    for table in &sides.base.tables {
        let name = table.full_name();
        let renamed = sides.renames.is_renamed(&name);
        let now = sides.renames.table(&name).to_string();
        match heads.get(&now) {
            Some(head) if renamed || !taken.contains(&now) => {
                matched.insert(now);
                both(sides, table, head, renamed, changes);
            }
            _ => changes.extend(removed(sides, table, &now)),
        }
    }
    for table in &sides.head.tables {
        let name = table.full_name();
        if !matched.contains(&name) {
            let mut change = sides.change(ChangeKind::EntityAdded, entity(table), name, Effect::Same);
            change.head = Some(table.key);
            change.facts.entity_is_new = true;
            changes.push(change);
        }
    }
}

fn both(sides: &Sides<'_>, base: &Table, head: &Table, renamed: bool, changes: &mut Vec<Change>) {
    if renamed && !keeps_name(sides, base) {
        changes.push(rename(sides, base, head));
    }
    // Revisions that follow one another share what no step touched.
    if std::ptr::eq(base, head) && sides.same_enums && sides.renames.is_empty(&base.full_name()) {
        return;
    }
    let view = base.kind != TableKind::Table || head.kind != TableKind::Table;
    // Partitions and inherited tables follow their parent, where the change is told.
    if head.parent.is_some() && base.parent.is_some() {
        return;
    }
    columns::diff(sides, base, head, view, changes);
    if !view {
        encodings::diff(sides, base, head, changes);
        keys::diff(sides, base, head, changes);
    }
}

/// True when a view stands where the table stood and has all its columns: code that asks for the old name finds them, and
/// what it writes goes through (PostgreSQL 15 and MySQL 8.0, "updatable views"; SQLite's views cannot be written to).
fn keeps_name(sides: &Sides<'_>, base: &Table) -> bool {
    let view = sides.head.named(&base.full_name()).filter(|t| t.kind == TableKind::View);
    let all = |view: &Table| base.columns.iter().all(|c| view.column(&c.name).is_some());
    sides.head.dialect != Dialect::Sqlite && view.is_some_and(all)
}

fn rename(sides: &Sides<'_>, base: &Table, head: &Table) -> Change {
    let name = base.full_name();
    let mut change = sides.change(ChangeKind::EntityRenamed, entity(base), &name, Effect::Both);
    change.before = Some(name);
    change.after = Some(head.full_name());
    change.base = Some(base.key);
    let is_rename = |a: &Action| matches!(a, Action::RenameTable { to } if **to == *head.full_name());
    let step = sides.history.steps.iter().rev().find(|s| is_rename(&s.step.action)).map(|s| s.step.origin);
    change.head = step.or(Some(head.key));
    change.facts.other_name = Some(head.full_name());
    // Rows go with it.
    change.flows = Flows::BOTH;
    change
}

/// The removal of a table or view; `None` for a view that went with what it reads.
fn removed(sides: &Sides<'_>, table: &Table, now: &str) -> Option<Change> {
    let name = table.full_name();
    let view = table.kind != TableKind::Table;
    let drop = sides.history.last(&[&name, now], |a| matches!(a, Action::DropTable { .. } | Action::DropView { .. }));
    if view && drop.is_none() && reads_something_gone(sides, table) {
        return None;
    }
    // Nobody dropped it, and something could not be read: it may still be there.
    let unsure = drop.is_none() && (table.tainted || sides.head.unread > 0);
    let effect = if unsure { Effect::Undecided } else { Effect::Both };
    let mut change = sides.change(ChangeKind::EntityRemoved, entity(table), &name, effect);
    change.before = Some(format!("{} columns", table.columns.len()));
    change.base = Some(table.key);
    change.head = drop;
    change.facts.tainted = unsure;
    change.facts.dependants = table_dependants(sides, &name);
    Some(change)
}

/// True when the head lacks a table or column that the view read.
fn reads_something_gone(sides: &Sides<'_>, view: &Table) -> bool {
    view.reads.iter().any(|(table, columns)| {
        let Some(was) = sides.base.named(table) else { return false };
        let Some(now) = sides.head.named(sides.renames.table(table)) else { return true };
        let renamed = |c| now.column(sides.renames.column(table, c)).is_none();
        columns.iter().any(|c| was.column(c).is_some() && renamed(c))
    })
}

/// Views that read the table and tables that point to it.
fn table_dependants(sides: &Sides<'_>, name: &str) -> Vec<String> {
    let mut found = view_dependants(sides, name, None);
    for table in &sides.base.tables {
        let points = |key: &&Key| key.references.as_ref().is_some_and(|r| &*r.table == name);
        let mut keys = table.keys.iter().filter(points).peekable();
        let Some(other) = keys.peek().map(|_| table.full_name()).filter(|other| other != name) else { continue };
        if sides.head.named(sides.renames.table(&other)).is_some() {
            found.extend(keys.map(|key| format!("foreign key `{other}({})`", key.columns.join(", "))));
        }
    }
    found
}

/// Views of the base that read the table (or one column of it) and were not written anew without it.
pub fn view_dependants(sides: &Sides<'_>, table: &str, column: Option<&str>) -> Vec<String> {
    let reads = |view: &Table, table: &str, column: Option<&str>| {
        view.reads.iter().any(|(t, columns)| {
            &**t == table && column.is_none_or(|c| columns.is_empty() || columns.iter().any(|known| &**known == c))
        })
    };
    let mut found = Vec::new();
    for view in sides.base.tables.iter().filter(|t| t.kind != TableKind::Table && reads(t, table, column)) {
        let name = view.full_name();
        match sides.head.named(sides.renames.table(&name)) {
            Some(now) if !reads(now, sides.renames.table(table), column) && !reads(now, table, column) => {}
            Some(_) => found.push(format!("view `{name}`")),
            None => {
                let told =
                    sides.history.last(&[&name], |a| matches!(a, Action::DropView { .. } | Action::DropTable { .. }));
                if told.is_none() {
                    found.push(format!("view `{name}`, which is dropped with it"));
                }
            }
        }
    }
    found
}

/// What kind of entity a table is.
pub fn entity(table: &Table) -> EntityKind {
    match table.kind {
        TableKind::Table => EntityKind::Table,
        TableKind::View => EntityKind::View,
        TableKind::MaterializedView => EntityKind::MaterializedView,
    }
}
