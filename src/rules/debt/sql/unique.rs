//! What tells the rows of a table apart, and what gets around it.

use crate::diff::sql::types::{Class, Kind};
use crate::model::origin::Text;
use crate::model::sql::{Column, Dialect, Key, KeyKind, Schema, Table};
use crate::rules::finding::Severity::{Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::keys::case;
use super::{Case, RULE, tables};

pub static TABLE_WITHOUT_PRIMARY_KEY: Rule = Rule {
    id: "table-without-primary-key",
    title: "Table without primary key",
    levels: Levels::Always(Warning),
    message: "Table `{subject}` has no primary key, nor a unique key whose columns are never null: the same row can be stored twice, and no statement can name one of the two.",
    help: "\
postgres: Add a key: the columns that identify a row, or `id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY`. Logical replication needs one as well.
mysql: Add a key: the columns that identify a row, or `id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY`. InnoDB keeps a hidden one otherwise, and group replication refuses the table.
sqlite: Add a key: the columns that identify a row, or `id INTEGER PRIMARY KEY`.",
    check: Check::State(|rule, side, found| {
        tables(rule, side, found, |schema, table| {
            // SQLite's virtual tables have neither types nor keys.
            let virtual_ = schema.dialect == Dialect::Sqlite && table.columns.iter().all(|c| c.type_name.is_empty());
            let none = !table.keys.iter().any(|key| tells_apart(table, key)) && !virtual_;
            let case = || Case::new(table.full_name(), "", table.key);
            none.then(case).into_iter().collect()
        });
    }),
    page: page!("table-without-primary-key"),
    ..RULE
};

pub static UNIQUE_KEY_WITH_NULL: Rule = Rule {
    id: "unique-key-with-null",
    title: "Unique key that null gets around",
    levels: Levels::Always(Note),
    message: "The {detail} of `{subject}` lets the same values in twice where {other} is null: null is never the same as null.",
    help: "\
postgres: Make the column NOT NULL with a default that stands for nothing, or use `UNIQUE NULLS NOT DISTINCT` (PostgreSQL 15 and later), or add a unique index for the rest: `CREATE UNIQUE INDEX CONCURRENTLY … ON {subject} (…) WHERE {other} IS NULL;`
mysql: Make the column NOT NULL with a default that stands for nothing, or put a generated column that is never null into the key.
sqlite: Make the column NOT NULL with a default that stands for nothing, or add a unique index for the rest: `CREATE UNIQUE INDEX … ON {subject} (…) WHERE {other} IS NULL;`",
    check: Check::State(|rule, side, found| tables(rule, side, found, with_null)),
    page: page!("unique-key-with-null"),
    ..RULE
};

fn with_null(schema: &Schema, table: &Table) -> Vec<Case> {
    let traps: Vec<(&Key, &Text)> =
        table.keys.iter().filter_map(|key| Some((key, trap(schema, table, key)?))).collect();
    // Two keys for two kinds of rows: each has what the other lacks.
    let rest = |key: &Key, one: &Text| key.columns.iter().filter(|c| *c != one).cloned().collect::<Vec<Text>>();
    let alternative =
        |key: &Key, one: &Text| traps.iter().any(|(other, null)| *null != one && rest(other, null) == rest(key, one));
    let alone = traps.iter().filter(|(key, one)| !alternative(key, one));
    alone.map(|(key, one)| case(table, key, one.to_string())).collect()
}

/// The one column of a unique key in which null lets everything through.
fn trap<'a>(schema: &Schema, table: &Table, key: &'a Key) -> Option<&'a Text> {
    let unique = key.kind == KeyKind::Unique && !key.partial && key.columns.len() > 1;
    if !unique || key.definition.contains("nulls not distinct") {
        return None;
    }
    let mut open = key.columns.iter().filter(|c| table.column(c).is_some_and(|c| !c.not_null));
    // All of them null is a row that says nothing; one of them is the trap.
    let (Some(one), None) = (open.next(), open.next()) else { return None };
    // What stands last names the row, and a row may have no name: unless it is the moment of its end.
    let ends = |c: &&Text| c.starts_with("delete") && *c != one;
    if Some(one) == key.columns.iter().rfind(|c| !ends(c)) && !is_moment(schema, table, one) {
        return None;
    }
    // With the primary key in it, it finds rows in an order, and keeps none out.
    if table.primary_key().is_some_and(|primary| primary.columns.iter().all(|c| key.columns.contains(c))) {
        return None;
    }
    let covers = |k: &Key| k.kind == KeyKind::Unique && k.partial && k.columns.iter().all(|c| key.columns.contains(c));
    (!table.keys.iter().any(covers)).then_some(one)
}

fn is_moment(schema: &Schema, table: &Table, column: &str) -> bool {
    let kind = |c: &Column| Kind::of(schema.dialect, &c.type_name);
    let moment = table.column(column).is_some_and(|c| kind(c).class() == Class::Moment || kind(c) == Kind::Date);
    moment || column.ends_with("_at") || column.ends_with("At")
}

/// No two rows agree in these columns, and none has a gap there.
fn tells_apart(table: &Table, key: &Key) -> bool {
    let set = |c: &Text| table.column(c).is_some_and(|c| c.not_null);
    let whole = key.kind == KeyKind::Unique && !key.partial && !key.columns.is_empty();
    key.kind == KeyKind::Primary || whole && key.columns.iter().all(set)
}
