//! Columns that are named like a key to another table and are none.

use std::collections::BTreeMap;

use crate::diff::sql::types::Kind;
use crate::model::sql::{Action, Column, Key, KeyKind, Schema, Table};
use crate::rules::finding::Severity::Note;
use crate::rules::rule::{Check, Levels, Rule};

use super::{Case, RULE, agreeing, own, schemas, words};

/// So many times as many have the key as have none.
const SHARE: usize = 3;

pub static FOREIGN_KEY_MISSING: Rule = Rule {
    id: "foreign-key-missing",
    title: "Column without the foreign key that others have",
    levels: Levels::Always(Note),
    message: "`{subject}` has no foreign key, but {count} other tables have one from `{attribute}` to `{other}`: here it can name a row that does not exist, or no longer.",
    help: "\
postgres: `ALTER TABLE {entity} ADD FOREIGN KEY ({attribute}) REFERENCES {other} NOT VALID;`, then, in a migration of its own, `VALIDATE CONSTRAINT` once no row stands alone; with an index on the column. If rows are meant to outlive what they name, say so in a comment on the column.
mysql: `ALTER TABLE {entity} ADD FOREIGN KEY ({attribute}) REFERENCES {other} (…);` once no row stands alone. MySQL ignores `REFERENCES` behind a column. If rows are meant to outlive what they name, say so in a comment on the column.
sqlite: Rebuild the table with the key once no row stands alone. If rows are meant to outlive what they name, say so in a comment at the column.",
    check: Check::Habit(|rule, side, found| schemas(rule, side, found, |schema| missing(schema, agreeing(side)))),
    page: page!("foreign-key-missing"),
    ..RULE
};

/// Tables of what has happened or is passing: their rows outlive what they name.
const PASSING: [&str; 31] = [
    "activities",
    "activity",
    "aggregated",
    "aggregates",
    "archive",
    "archived",
    "audit",
    "backup",
    "backups",
    "cache",
    "daily",
    "deleted",
    "event",
    "events",
    "histories",
    "history",
    "jobs",
    "log",
    "logs",
    "metrics",
    "outbox",
    "queue",
    "snapshot",
    "snapshots",
    "staging",
    "statistics",
    "stats",
    "temp",
    "tmp",
    "tombstones",
    "usage",
];

/// All columns of one name.
#[derive(Default)]
struct Named<'a> {
    /// Those with a foreign key, by where it leads.
    keys: BTreeMap<&'a str, Vec<&'a Column>>,
    bare: Vec<(&'a Table, &'a Column)>,
}

fn missing(schema: &Schema, chance: usize) -> Vec<Case> {
    let mut names: BTreeMap<&str, Named<'_>> = BTreeMap::new();
    for table in own(schema) {
        for column in table.columns.iter().filter(|c| !c.tainted) {
            let here = |key: &&Key| key.kind == KeyKind::Foreign && key.columns.contains(&column.name);
            let named = names.entry(&column.name).or_default();
            let key = table.keys.iter().find(here);
            match key.and_then(|key| Some((key.references.as_ref()?, key.columns.len()))) {
                // One of several columns that only together name a row says nothing about itself.
                Some((_, 2..)) => {}
                Some((target, _)) => named.keys.entry(&target.table).or_default().push(column),
                None => named.bare.push((table, column)),
            }
        }
    }
    names.values().flat_map(|named| alone(schema, named, chance)).collect()
}

/// The columns that do otherwise than most of their name.
fn alone(schema: &Schema, named: &Named<'_>, chance: usize) -> Vec<Case> {
    // A name that leads to several tables means several things.
    let (Some((target, with)), 1) = (named.keys.first_key_value(), named.keys.len()) else { return Vec::new() };
    let kind = |column: &Column| Kind::of(schema.dialect, &column.type_name);
    let fits = |column: &Column| with.iter().any(|other| kind(other) == kind(column));
    let passing = |table: &Table| words(&table.name).iter().any(|w| PASSING.contains(&w.as_str()));
    let alone: Vec<_> = named
        .bare
        .iter()
        .filter(|(table, column)| table.full_name() != **target && fits(column) && !passing(table) && !is_none(column))
        .filter(|(table, column)| !taken_away(schema, table, column))
        .collect();
    if with.len() <= chance || with.len() < alone.len() * SHARE {
        return Vec::new();
    }
    let case = |table: &Table, column: &Column| {
        Case::of(table, column, format!("no key to {target}")).with("other", target).with("count", with.len())
    };
    alone.into_iter().map(|(table, column)| case(table, column)).collect()
}

/// The default stands for nobody, which no key can point to.
fn is_none(column: &Column) -> bool {
    let default = column.default.as_deref().unwrap_or_default();
    matches!(default.split("::").next().unwrap_or_default().trim_matches(['\'', '"', '(', ')', ' ']), "0" | "-1" | "")
        && column.default.is_some()
}

/// A migration has dropped a key that is named after the column: somebody did not want it.
fn taken_away(schema: &Schema, table: &Table, column: &Column) -> bool {
    let name = table.full_name();
    let steps = schema.migrations.iter().flat_map(|m| &m.steps).filter(|step| *step.table == *name);
    let mut dropped = steps.filter_map(|step| match &step.action {
        Action::DropKey { name, .. } => Some(name.to_ascii_lowercase()),
        _ => None,
    });
    let column = column.name.to_ascii_lowercase();
    dropped.any(|key| key.contains(&column))
}
