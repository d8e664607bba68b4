//! Columns and tables that do otherwise than the others of their schema.

use std::collections::BTreeMap;

use crate::diff::sql::types::{Class, Kind};
use crate::model::origin::Text;
use crate::model::sql::{Column, KeyKind, Schema, Table};
use crate::rules::finding::Severity::Note;
use crate::rules::rule::{Check, Levels, Rule};

use super::{Case, RULE, agreeing, own, schemas, words};

pub static COLUMN_TYPE_DIFFERS: Rule = Rule {
    id: "column-type-differs",
    title: "Same column name, other type",
    levels: Levels::Always(Note),
    message: "`{subject}` is {detail}, but {count} other tables have `{attribute}` as {usual}: what fits there may not fit here, and joins of the two convert.",
    help: "Use {usual} here too, or another name if it is another thing.",
    check: Check::Habit(|rule, side, found| schemas(rule, side, found, |schema| types(schema, agreeing(side)))),
    page: page!("column-type-differs"),
    ..RULE
};

pub static TABLE_ALL_NULLABLE: Rule = Rule {
    id: "table-all-nullable",
    title: "Table in which everything may be missing",
    levels: Levels::Always(Note),
    message: "None of the {count} columns of `{subject}` beside the key is NOT NULL: a row may say nothing at all, and everybody who reads it has to expect that.",
    help: "Say NOT NULL for what every row has. For rows that are there: fill the gaps first, then prove it with a check before `SET NOT NULL`.",
    check: Check::Habit(|rule, side, found| {
        schemas(rule, side, found, |schema| nullable(schema, side.limits.nullable_columns as usize));
    }),
    page: page!("table-all-nullable"),
    ..RULE
};

/// Names that mean something else in every table.
const GENERIC: [&str; 46] = [
    "action",
    "body",
    "category",
    "code",
    "comment",
    "config",
    "content",
    "count",
    "data",
    "date",
    "description",
    "details",
    "end",
    "group",
    "id",
    "index",
    "input",
    "key",
    "kind",
    "label",
    "level",
    "message",
    "metadata",
    "name",
    "note",
    "notes",
    "number",
    "options",
    "order",
    "output",
    "params",
    "path",
    "payload",
    "position",
    "reason",
    "result",
    "role",
    "settings",
    "size",
    "source",
    "start",
    "state",
    "status",
    "type",
    "value",
    "version",
];
/// More of them, which are long in one table and short in another.
const TEXTS: [&str; 8] = ["content", "error", "summary", "text", "title", "token", "url", "uri"];

/// What a type is for: how fine and in which zone a moment is kept is another rule's.
fn kind(schema: &Schema, column: &Column) -> Kind {
    match Kind::of(schema.dialect, &column.type_name) {
        Kind::Timestamp { .. } => Kind::Timestamp { zone: true, precision: 6 },
        kind => kind,
    }
}

fn types(schema: &Schema, chance: usize) -> Vec<Case> {
    let mut names: BTreeMap<&str, Vec<(&Table, &Column)>> = BTreeMap::new();
    for table in own(schema) {
        for column in table.columns.iter().filter(|c| !c.tainted) {
            let lower = column.name.to_ascii_lowercase();
            // SQLite's virtual tables have no types.
            let typed = !column.type_name.is_empty();
            if typed && !GENERIC.contains(&lower.as_str()) && !TEXTS.contains(&lower.as_str()) {
                names.entry(&column.name).or_default().push((table, column));
            }
        }
    }
    let mut cases = Vec::new();
    for all in names.values().filter(|all| all.len() > chance) {
        let mut kinds: Vec<(Kind, Vec<&(&Table, &Column)>)> = Vec::new();
        for one in all {
            let own = kind(schema, one.1);
            match kinds.iter_mut().find(|(kind, _)| *kind == own) {
                Some((_, known)) => known.push(one),
                None => kinds.push((own, vec![one])),
            }
        }
        let Some((usual, with)) = kinds.iter().max_by_key(|(_, with)| with.len()) else { continue };
        let odd: Vec<_> = kinds.iter().filter(|(kind, _)| kind != usual).flat_map(|(_, with)| with).collect();
        // Where every fourth does otherwise there is no habit.
        let stands_out = with.len() > chance && odd.len() <= (with.len() / 4).max(1);
        if !stands_out {
            continue;
        }
        let count = |name: &str| with.iter().filter(|(_, c)| &*c.type_name == name).count();
        let spelled = with.iter().map(|(_, c)| &*c.type_name).max_by_key(|name| count(name)).unwrap_or_default();
        for (table, column) in odd {
            // Of a key the type of what it points to counts, and a time of day is no moment.
            let key = table.keys.iter().any(|k| k.kind == KeyKind::Foreign && k.columns.contains(&column.name));
            let moments = kind(schema, column).class() == Class::Moment && usual.class() == Class::Moment;
            if !key && !moments {
                let case = Case::of(table, column, &*column.type_name);
                cases.push(case.with("usual", spelled).with("count", with.len()));
            }
        }
    }
    cases
}

/// Words of tables in which a missing value says that another one holds.
const OVERRIDES: [&str; 8] =
    ["config", "configuration", "defaults", "options", "overrides", "preferences", "setting", "settings"];

fn nullable(schema: &Schema, few: usize) -> Vec<Case> {
    let beside_key = |table: &Table| -> Vec<(Text, bool)> {
        let key = table.primary_key().map(|k| k.columns.as_slice()).unwrap_or_default();
        table.columns.iter().filter(|c| !key.contains(&c.name)).map(|c| (c.name.clone(), c.not_null)).collect()
    };
    let asked: Vec<_> = own(schema).map(|t| (t, beside_key(t))).filter(|(_, c)| c.len() > few).collect();
    let open: Vec<_> = asked.iter().filter(|(_, columns)| columns.iter().all(|(_, not_null)| !not_null)).collect();
    // Where many tables are so, the schema leaves it to the code.
    if open.len() * 5 > asked.len() {
        return Vec::new();
    }
    let means_it = |table: &Table| {
        // A key of several columns is a pair that is there or not; what more is known of it may be missing.
        let pair = table.primary_key().is_some_and(|k| k.columns.len() > 1);
        pair || words(&table.name).iter().any(|w| OVERRIDES.contains(&w.as_str()))
    };
    let open = open.into_iter().filter(|(table, _)| !means_it(table));
    open.map(|(table, columns)| Case::new(table.full_name(), "", table.key).with("count", columns.len())).collect()
}
