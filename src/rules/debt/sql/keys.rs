//! Keys and indexes that are missing, too many, or do not fit.

use std::collections::{BTreeMap, HashSet};

use crate::diff::sql::types::{self, Class, Kind};
use crate::model::origin::Text;
use crate::model::sql::{Column, Dialect, Key, KeyKind, Schema, Table, TableKind};
use crate::rules::finding::Severity::{Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::{Case, RULE, agreeing, own, tables};

pub static FOREIGN_KEY_TARGET_MISSING: Rule = Rule {
    id: "foreign-key-target-missing",
    title: "Foreign key points to nothing",
    levels: Levels::Always(Warning),
    message: "The {detail} of `{subject}` points to `{other}`, which does not exist.",
    help: "Create `{other}` before the key, fix its name, or drop the key. MySQL with `foreign_key_checks = 0` and SQLite take such a key without a word, and refuse inserts later.",
    check: Check::Habit(|rule, side, found| {
        let schemas = || side.model.schemas.iter();
        let short: HashSet<&str> = schemas().flat_map(|s| &s.tables).map(|t| &*t.name).collect();
        let known =
            |name: &str| schemas().any(|s| s.named(name).is_some()) || !name.contains('.') && short.contains(name);
        super::schemas(rule, side, found, |schema| {
            let mut lost: BTreeMap<&Text, Vec<(&Table, &Key)>> = BTreeMap::new();
            for table in own(schema).filter(|_| schema.unread == 0) {
                for (key, target) in table.keys.iter().filter_map(|key| Some((key, key.references.as_ref()?))) {
                    if !known(&target.table) {
                        lost.entry(&target.table).or_default().push((table, key));
                    }
                }
            }
            // What many point to is there, and made elsewhere.
            let lost = lost.into_iter().filter(|(_, keys)| keys.len() <= agreeing(side));
            lost.flat_map(|(to, keys)| keys.into_iter().map(|(t, key)| case(t, key, to.to_string()))).collect()
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

pub(super) fn case(table: &Table, key: &Key, other: String) -> Case {
    // An index over expressions has no columns to name.
    let columns = if key.columns.is_empty() { "…".to_string() } else { key.columns.join(", ") };
    let case = Case::new(table.full_name(), described(key), key.origin);
    case.with("other", other).with("name", &key.name).with("columns", columns)
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

/// The condition of a partial index only leaves out null in one of the columns, or rows that are marked as gone: it still
/// finds every child that anybody looks for.
fn leaves_out_null(key: &Key, columns: &[Text]) -> bool {
    let plain = key.definition.to_ascii_lowercase().replace(['(', ')'], " ");
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((_, condition)) = words.split_once(" where ") else { return false };
    let gone = condition.strip_suffix(" is null").is_some_and(|column| column.starts_with("delete"));
    gone || columns.iter().any(|c| condition == format!("{} is not null", c.to_ascii_lowercase()))
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
            let named = |c: &Column| schema.dialect == Dialect::Sqlite && !is_number(&c.type_name);
            types::between(schema.dialect, a, b).filter(|_| !texts && !(named(own) && named(other)))?;
            Some(format!(
                "`{}` is {} and `{}.{}` is {}",
                own.name, own.type_name, target.table, other.name, other.type_name
            ))
        });
        cases.extend(differing.map(|what| case(table, key, what)));
    }
    cases
}

/// Names that SQLite has no rule for (`UUID`, `TIMESTAMP`) keep text as it is given.
fn is_number(type_name: &str) -> bool {
    let name = type_name.to_ascii_lowercase();
    ["int", "real", "floa", "doub", "num", "dec"].iter().any(|word| name.contains(word))
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
