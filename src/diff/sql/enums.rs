//! Enum types and lists of allowed values.

use std::collections::BTreeMap;

use crate::model::entity::EntityKind;
use crate::model::origin::{Origin, Text};
use crate::model::sql::{Action, EnumType, Schema, TableKind};
use crate::model::{Change, ChangeKind, Effect, Flows};

use super::Sides;
use super::witness::row;

/// Compares the enum types by name: one change per type and direction, however many columns have it.
pub fn diff(sides: &Sides<'_>, changes: &mut Vec<Change>) {
    for base in &sides.base.enums {
        match sides.head.enums.iter().find(|e| e.name == base.name) {
            Some(head) => types(sides, base, head, changes),
            None => {
                let mut change = sides.change(ChangeKind::EntityRemoved, EntityKind::Enum, &*base.name, Effect::Same);
                change.base = Some(base.origin);
                changes.push(change);
            }
        }
    }
    for head in &sides.head.enums {
        if !sides.base.enums.iter().any(|e| e.name == head.name) {
            let mut change = sides.change(ChangeKind::EntityAdded, EntityKind::Enum, &*head.name, Effect::Same);
            change.head = Some(head.origin);
            changes.push(change);
        }
    }
}

fn types(sides: &Sides<'_>, base: &EnumType, head: &EnumType, changes: &mut Vec<Change>) {
    let users = users(sides.base, &base.name);
    let names = |e: &EnumType| e.values.iter().map(|(v, _)| v.clone()).collect::<Vec<_>>();
    let (mut before, after) = (names(base), names(head));
    for (was, step) in renamed(sides, base, &mut before) {
        let now = before.get(was).cloned().unwrap_or_default();
        let Some((old, origin)) = base.values.get(was).filter(|(old, _)| *old != now) else { continue };
        let mut change = sides.change(ChangeKind::EnumValueRemoved, EntityKind::Enum, &*base.name, Effect::Both);
        change.detail = format!("`{old}`");
        change.before = Some(old.to_string());
        change.after = Some(now.to_string());
        change.facts.other_name = Some(now.to_string());
        // Rows follow.
        change.flows = Flows::BOTH;
        change.facts.dependants = users.clone();
        (change.base, change.head) = (Some(*origin), Some(step));
        changes.push(change);
    }
    let lost = base.values.iter().find(|(v, _)| !after.contains(v)).map(|(_, origin)| *origin);
    let gained = head.values.iter().find(|(v, _)| !before.contains(v)).map(|(_, origin)| *origin);
    for mut change in values(sides, EntityKind::Enum, &base.name, &before, &after) {
        let (added, removed) = (change.gained.is_some(), change.lost.is_some());
        change.base = lost.filter(|_| removed).or(Some(base.origin));
        change.head = gained.filter(|_| added).or(Some(head.origin));
        change.facts.dependants = users.clone();
        changes.push(change);
    }
}

/// Gives values their new names; tells which were renamed, and by which step at last.
fn renamed(sides: &Sides<'_>, base: &EnumType, values: &mut [Text]) -> Vec<(usize, Origin)> {
    let mut found: BTreeMap<usize, Origin> = BTreeMap::new();
    for new in &sides.history.steps {
        let Action::RenameEnumValue { name, from, to } = &new.step.action else { continue };
        if let Some(at) = values.iter().position(|v| v == from).filter(|_| *name == base.name) {
            values[at] = to.clone();
            found.insert(at, new.step.origin);
        }
    }
    found.into_iter().collect()
}

/// Columns of that enum type, in words.
fn users(schema: &Schema, name: &str) -> Vec<String> {
    let of_type = |type_name: &str| type_name.trim_end_matches("[]").trim_matches('"') == name;
    let tables = schema.tables.iter().filter(|t| t.kind == TableKind::Table);
    let columns = tables.flat_map(|t| t.columns.iter().map(move |c| (t, c)));
    columns
        .filter(|(_, c)| of_type(&c.type_name))
        .map(|(t, c)| format!("column `{}.{}`", t.full_name(), c.name))
        .collect()
}

/// Values that were added to, removed from or replaced in a closed list, at most one change of each kind.
pub fn values(sides: &Sides<'_>, entity: EntityKind, subject: &str, base: &[Text], head: &[Text]) -> Vec<Change> {
    let lost: Vec<&Text> = base.iter().filter(|v| !head.contains(v)).collect();
    let gained: Vec<&Text> = head.iter().filter(|v| !base.contains(v)).collect();
    let list = |values: &[&Text]| values.iter().map(|v| format!("`{v}`")).collect::<Vec<_>>().join(", ");
    let whole = |values: &[Text]| list(&values.iter().collect::<Vec<_>>());
    let column = subject.rsplit('.').next().unwrap_or(subject);
    let build = |kind, effect, detail: String| {
        let mut change = sides.change(kind, entity, subject, effect);
        change.detail = detail;
        change.before = Some(whole(base));
        change.after = Some(whole(head));
        change
    };
    let gained_one = gained.first().map(|v| row(column, serde_json::Value::from(&***v), "head", "base"));
    let lost_one = lost.first().map(|v| row(column, serde_json::Value::from(&***v), "base", "head"));
    let mut changes = Vec::new();
    // Other values in the same places: one edit. Rows do not follow it.
    let differing = base.iter().zip(head).filter(|(b, h)| b != h);
    if !lost.is_empty()
        && base.len() == head.len()
        && lost.len() == gained.len()
        && differing.clone().count() == lost.len()
    {
        let pairs: Vec<String> = differing.map(|(b, h)| format!("`{b}` (now `{h}`)")).collect();
        let mut change = build(ChangeKind::EnumValueRemoved, Effect::Both, pairs.join(", "));
        (change.lost, change.gained) = (lost_one, gained_one);
        changes.push(change);
        return changes;
    }
    if !lost.is_empty() {
        let mut change = build(ChangeKind::EnumValueRemoved, Effect::Narrows, list(&lost));
        change.lost = lost_one;
        changes.push(change);
    }
    if !gained.is_empty() {
        let mut change = build(ChangeKind::EnumValueAdded, Effect::Widens, list(&gained));
        change.gained = gained_one;
        changes.push(change);
    }
    changes
}
