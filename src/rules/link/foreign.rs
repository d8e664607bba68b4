//! What foreign keys do to rows when the row that they refer to is deleted.

use std::collections::{BTreeSet, VecDeque};

use crate::model::sql::{Key, KeyKind, Schema, Table};

/// What becomes of the child's rows when the parent's row is deleted.
#[derive(Clone, Copy, PartialEq)]
pub enum Outcome {
    Deletes,
    Keeps,
    Refuses,
}

impl Outcome {
    pub fn of(table: &Table, key: &Key) -> Self {
        let filled = key.columns.iter().filter_map(|c| table.column(c)).any(|c| c.not_null);
        match key.references.as_ref().map(|target| &*target.on_delete) {
            Some("CASCADE") => Self::Deletes,
            Some("SET NULL") if filled => Self::Refuses,
            Some("SET NULL" | "SET DEFAULT") => Self::Keeps,
            _ => Self::Refuses,
        }
    }
}

pub fn foreign(table: &Table) -> impl Iterator<Item = &Key> {
    table.keys.iter().filter(|key| key.kind == KeyKind::Foreign)
}

pub fn leads_to(key: &Key, parent: &Table) -> bool {
    key.references.as_ref().is_some_and(|target| *target.table == parent.full_name())
}

/// The foreign keys of a schema that lead to the table.
pub fn onto<'s>(schema: &'s Schema, parent: &'s Table) -> impl Iterator<Item = (&'s Table, &'s Key)> {
    let all = schema.tables.iter().flat_map(|table| foreign(table).map(move |key| (&**table, key)));
    all.filter(|(_, key)| leads_to(key, parent))
}

/// Rows of such tables are marked as deleted and stay.
pub fn keeps_rows(table: &Table) -> bool {
    table.columns.iter().any(|column| {
        let name = column.name.to_lowercase();
        ["delet", "archived", "removed", "hidden"].iter().any(|word| name.contains(word))
    })
}

/// The tables whose rows go with those of the table: itself first, then in the order in which they fall.
pub fn falling<'s>(schema: &'s Schema, from: &'s Table) -> Vec<&'s Table> {
    let mut seen = BTreeSet::from([from.full_name()]);
    let mut open = VecDeque::from([from]);
    let mut fallen = Vec::new();
    while let Some(table) = open.pop_front() {
        fallen.push(table);
        for (next, key) in onto(schema, table) {
            if Outcome::of(next, key) == Outcome::Deletes && seen.insert(next.full_name()) {
                open.push_back(next);
            }
        }
    }
    fallen
}

/// True when rows of the child go with those of the parent by way of a third table.
pub fn falls_otherwise(schema: &Schema, parent: &Table, child: &Table) -> bool {
    let is = |table: &Table, other: &Table| table.full_name() == other.full_name();
    let between = onto(schema, parent).filter(|(table, key)| Outcome::of(table, key) == Outcome::Deletes);
    let mut between = between.filter(|(table, _)| !is(table, child) && !is(table, parent));
    between.any(|(table, _)| falling(schema, table).iter().any(|table| is(table, child)))
}
