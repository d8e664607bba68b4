//! Keys and indexes that are missing, too many, or do not fit.

use std::collections::HashSet;

use crate::diff::sql::types::{self, Class, Kind};
use crate::model::origin::Text;
use crate::model::sql::{Column, Dialect, Key, KeyKind, Schema, Table, TableKind};
use crate::rules::finding::Severity::{Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::{Case, RULE, tables};

pub static FOREIGN_KEY_TARGET_MISSING: Rule = Rule {
    id: "foreign-key-target-missing",
    title: "Foreign key points to nothing",
    levels: Levels::Always(Warning),
    message: "The {detail} of `{subject}` points to `{other}`, which does not exist.",
    help: "Create `{other}` before the key, fix its name, or drop the key. MySQL with `foreign_key_checks = 0` and SQLite take such a key without a word, and refuse inserts later.",
    check: Check::State(|rule, side, found| {
        let schemas = || side.model.schemas.iter();
        let short: HashSet<&str> = schemas().flat_map(|s| &s.tables).map(|t| &*t.name).collect();
        let known =
            |name: &str| schemas().any(|s| s.named(name).is_some()) || !name.contains('.') && short.contains(name);
        tables(rule, side, found, |schema, table| {
            let lost = |key: &&Key| key.references.as_ref().is_some_and(|r| schema.unread == 0 && !known(&r.table));
            let target = |key: &Key| key.references.as_ref().map_or(String::new(), |r| r.table.to_string());
            table.keys.iter().filter(lost).map(|key| case(table, key, target(key))).collect()
        });
    }),
    page: page!("foreign-key-target-missing"),
    ..RULE
};

pub static FOREIGN_KEY_TYPE_DIFFERS: Rule = Rule {
    id: "foreign-key-type-differs",
    title: "Foreign key and its target differ in type",
    levels: Levels::Always(Warning),
    message: "The {detail} of `{subject}` differs in type from what it points to: {other}.",
    help: "Give both columns the same type. The narrower one runs full first; where they are of another kind, every join converts and may not use an index. MySQL refuses such a key.",
    check: Check::State(|rule, side, found| tables(rule, side, found, different_types)),
    page: page!("foreign-key-type-differs"),
    ..RULE
};

pub static FOREIGN_KEY_WITHOUT_INDEX: Rule = Rule {
    id: "foreign-key-without-index",
    title: "Foreign key without index",
    levels: Levels::Always(Warning),
    message: "No index of `{subject}` begins with the columns of its {detail}: every delete or update of a row in `{other}` reads the whole table, and so does every join.",
    help: "\
postgres: `CREATE INDEX CONCURRENTLY ON {subject} ({columns});` alone in a migration without a transaction. More columns may follow.
sqlite: `CREATE INDEX … ON {subject} ({columns});`. More columns may follow.",
    check: Check::State(|rule, side, found| {
        tables(rule, side, found, |schema, table| {
            // MySQL makes the index itself.
            let bare = |key: &&Key| schema.dialect != Dialect::MySql && key.references.is_some() && !indexed(table, &key.columns);
            let target = |key: &Key| key.references.as_ref().map_or(String::new(), |r| r.table.to_string());
            table.keys.iter().filter(bare).map(|key| case(table, key, target(key))).collect()
        });
    }),
    page: page!("foreign-key-without-index"),
    ..RULE
};

pub static INDEX_REDUNDANT: Rule = Rule {
    id: "index-redundant",
    title: "Index that another one covers",
    levels: Levels::Always(Note),
    message: "The {detail} on `{subject}` is covered by {other}: it costs time on every write and space, and answers nothing more.",
    help: "\
postgres: `DROP INDEX CONCURRENTLY {name};` alone in a migration without a transaction. Keep it only if the wider index is much larger and the short one is read very often.
mysql: Make it invisible first (`ALTER TABLE {subject} ALTER INDEX {name} INVISIBLE;`), watch, then drop it.
sqlite: `DROP INDEX {name};`",
    check: Check::State(|rule, side, found| tables(rule, side, found, redundant)),
    page: page!("index-redundant"),
    ..RULE
};

pub static TABLE_WITHOUT_PRIMARY_KEY: Rule = Rule {
    id: "table-without-primary-key",
    title: "Table without primary key",
    levels: Levels::Always(Warning),
    message: "Table `{subject}` has no primary key: the same row can be stored twice, and no statement can name one of the two.",
    help: "\
postgres: Add a key: the columns that identify a row, or `id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY`. Logical replication needs one as well.
mysql: Add a key: the columns that identify a row, or `id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY`. InnoDB keeps a hidden one otherwise, and group replication refuses the table.
sqlite: Add a key: the columns that identify a row, or `id INTEGER PRIMARY KEY`.",
    check: Check::State(|rule, side, found| {
        tables(rule, side, found, |_, table| {
            let none = table.primary_key().is_none();
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
    check: Check::State(|rule, side, found| {
        tables(rule, side, found, |_, table| {
            let unique = |k: &&Key| k.kind == KeyKind::Unique && !k.partial && k.columns.len() > 1;
            let cases = table.keys.iter().filter(unique).filter_map(|key| {
                let nullable = |c: &&Text| table.column(c).is_some_and(|c| !c.not_null);
                let open: Vec<&Text> = key.columns.iter().filter(nullable).collect();
                // All of them null is a row that says nothing; one of them is the trap.
                let trap = matches!(open.as_slice(), [_]) && !key.definition.contains("nulls not distinct");
                let covered = || table.keys.iter().any(|k| k.kind == KeyKind::Unique && k.partial && k.columns.iter().all(|c| key.columns.contains(c)));
                let one = open.first().filter(|_| trap)?;
                (!covered()).then(|| case(table, key, one.to_string()))
            });
            cases.collect()
        });
    }),
    page: page!("unique-key-with-null"),
    ..RULE
};

fn case(table: &Table, key: &Key, other: String) -> Case {
    // An index over expressions has no columns to name.
    let columns = if key.columns.is_empty() { "…".to_string() } else { key.columns.join(", ") };
    Case { other, name: key.name.to_string(), columns, ..Case::new(table.full_name(), described(key), key.origin) }
}

/// `foreign key (user_id)`: by its columns, because names are often made by the engine.
fn described(key: &Key) -> String {
    match key.kind {
        KeyKind::Foreign => format!("foreign key ({})", key.columns.join(", ")),
        KeyKind::Unique => format!("unique key ({})", key.columns.join(", ")),
        _ => format!("index `{}` ({})", key.name, key.columns.join(", ")),
    }
}

/// Some whole index begins with these columns, in any order.
fn indexed(table: &Table, columns: &[Text]) -> bool {
    let begins = |key: &Key| {
        (!key.partial || leaves_out_null(key, columns))
            && key.columns.len() >= columns.len()
            && key.columns.iter().take(columns.len()).all(|c| columns.contains(c))
    };
    let is_index = |key: &Key| matches!(key.kind, KeyKind::Primary | KeyKind::Unique | KeyKind::Index);
    columns.is_empty() || table.keys.iter().any(|key| is_index(key) && begins(key))
}

/// The condition of a partial index only leaves out null in one of the columns: it still finds every child.
fn leaves_out_null(key: &Key, columns: &[Text]) -> bool {
    let plain = key.definition.to_ascii_lowercase().replace(['(', ')'], " ");
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((_, condition)) = words.split_once(" where ") else { return false };
    columns.iter().any(|c| condition == format!("{} is not null", c.to_ascii_lowercase()))
}

fn different_types(schema: &Schema, table: &Table) -> Vec<Case> {
    let mut cases = Vec::new();
    for key in &table.keys {
        let Some(target) = &key.references else { continue };
        let parent = schema.named(&target.table).filter(|t| t.kind == TableKind::Table);
        let Some(parent) = parent.filter(|p| !p.tainted) else { continue };
        let columns = match (target.columns.as_slice(), parent.primary_key()) {
            ([], Some(primary)) => primary.columns.as_slice(),
            (columns, _) => columns,
        };
        let differing = key.columns.iter().zip(columns).find_map(|(own, other)| {
            let (own, other) = (table.column(own)?, parent.column(other)?);
            let kinds = [&own.type_name, &other.type_name].map(|t| Kind::of(schema.dialect, t));
            let [a, b] = &kinds;
            // Lengths of texts need not agree, but how they are compared must.
            let texts = a.class() == Class::Text && b.class() == Class::Text;
            if let Some(what) = encodings(own, other).filter(|_| texts) {
                return Some(format!("`{}` and `{}.{}` are kept in {what}", own.name, target.table, other.name));
            }
            types::between(schema.dialect, a, b).filter(|_| !texts)?;
            Some(format!(
                "`{}` is {} and `{}.{}` is {}",
                own.name, own.type_name, target.table, other.name, other.type_name
            ))
        });
        cases.extend(differing.map(|what| case(table, key, what)));
    }
    cases
}

/// How two texts of MySQL differ, where both say it.
fn encodings(a: &Column, b: &Column) -> Option<String> {
    let differ = |a: &Option<Text>, b: &Option<Text>| match (a, b) {
        (Some(a), Some(b)) if a != b => Some(format!("{a} and {b}")),
        _ => None,
    };
    differ(&a.encoding.charset, &b.encoding.charset).or_else(|| differ(&a.encoding.collation, &b.encoding.collation))
}

fn redundant(_: &Schema, table: &Table) -> Vec<Case> {
    let plain = |key: &Key| {
        // Other index methods answer other questions.
        let method = key.definition.to_ascii_lowercase();
        let special = ["gin", "gist", "brin", "hash", "fulltext", "spatial", " desc", "_ops"];
        !key.partial && !key.columns.is_empty() && !special.iter().any(|word| method.contains(word))
    };
    let covers = |wide: &Key, at: usize, key: &Key, own: usize| {
        let unique = matches!(wide.kind, KeyKind::Primary | KeyKind::Unique);
        let index = unique || wide.kind == KeyKind::Index;
        let same = wide.columns.len() == key.columns.len();
        index && at != own && wide.columns.starts_with(&key.columns) && (!same || unique || at < own)
    };
    let indexes = table.keys.iter().enumerate().filter(|(_, key)| key.kind == KeyKind::Index && plain(key));
    indexes
        .filter_map(|(own, key)| {
            let wide = table.keys.iter().enumerate().find(|(at, wide)| covers(wide, *at, key, own) && plain(wide))?;
            let kind = if wide.1.kind == KeyKind::Primary { "the primary key" } else { "index" };
            let columns = wide.1.columns.join(", ");
            let name = if wide.1.kind == KeyKind::Primary { String::new() } else { format!(" `{}`", wide.1.name) };
            Some(case(table, key, format!("{kind}{name} ({columns})")))
        })
        .collect()
}
