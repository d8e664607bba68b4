//! Two states of the same objects in, what is different in words out.
//!
//! For states that should be equal: a schema before a migration and after it was taken back, a dump and what migrations
//! build. Spelling, order, comments and the names of keys make no difference. Must not know which state is right.

use crate::model::sql::{Column, Dialect, Key, KeyKind, State, Table, TableKind};

use super::keys::described;
use super::{expression, types};

/// An object that is different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// ``column `t.c` ``: what it is and how it is called.
    pub object: String,
    pub how: How,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// Only in the first state.
    Gone,
    /// Only in the second.
    New,
    Changed {
        before: String,
        after: String,
    },
}

/// What is different between two states, in the order of tables, columns before keys.
pub fn contrast(dialect: Dialect, first: &State, second: &State) -> Vec<Difference> {
    let mut found = Vec::new();
    for table in &first.tables {
        match other(&second.tables, table) {
            Some(other) => {
                columns(dialect, table, other, &mut found);
                keys(dialect, table, other, &mut found);
            }
            None => found.push(Difference { object: named(table), how: How::Gone }),
        }
    }
    let new = second.tables.iter().filter(|t| other(&first.tables, t).is_none());
    found.extend(new.map(|table| Difference { object: named(table), how: How::New }));
    for (types, others, how) in [(&first.types, &second.types, How::Gone), (&second.types, &first.types, How::New)] {
        let only = types.iter().filter(|name| !others.contains(name));
        found.extend(only.map(|name| Difference { object: format!("type `{name}`"), how: how.clone() }));
    }
    found
}

fn other<'a>(tables: &'a [Table], table: &Table) -> Option<&'a Table> {
    let same = |t: &&Table| t.schema == table.schema && t.name == table.name;
    // Both lists are short or sorted by schema and name.
    let at = tables.binary_search_by(|t| (&t.schema, &t.name).cmp(&(&table.schema, &table.name)));
    at.ok().and_then(|at| tables.get(at)).or_else(|| tables.iter().find(same))
}

fn named(table: &Table) -> String {
    let what = match table.kind {
        TableKind::Table => "table",
        TableKind::View => "view",
        TableKind::MaterializedView => "materialized view",
    };
    format!("{what} `{}`", table.full_name())
}

fn columns(dialect: Dialect, first: &Table, second: &Table, found: &mut Vec<Difference>) {
    let name = first.full_name();
    if first.tainted || second.tainted {
        return;
    }
    let object = |column: &Column| format!("column `{name}.{}`", column.name);
    let view = first.kind != TableKind::Table;
    for column in &first.columns {
        let Some(other) = second.column(&column.name) else {
            found.push(Difference { object: object(column), how: How::Gone });
            continue;
        };
        if let Some(how) = changed(dialect, column, other).filter(|_| !view) {
            found.push(Difference { object: object(column), how });
        }
    }
    let new = second.columns.iter().filter(|c| first.column(&c.name).is_none());
    found.extend(new.map(|column| Difference { object: object(column), how: How::New }));
}

/// How a column is another one, as far as both are known.
fn changed(dialect: Dialect, first: &Column, second: &Column) -> Option<How> {
    let (a, b) = (&first.type_name, &second.type_name);
    let known = !a.is_empty() && !b.is_empty();
    let retyped = known && a != b && types::compare(dialect, a, b).is_some();
    let default = |c: &Column| c.default.as_deref().map_or("no default".to_string(), |d| format!("DEFAULT {d}"));
    let null = |c: &Column| if c.not_null { "NOT NULL" } else { "nullable" };
    let (before, after) = if retyped {
        (a.to_string(), b.to_string())
    } else if first.not_null != second.not_null {
        (null(first).to_string(), null(second).to_string())
    } else if first.generated == second.generated
        && !expression::same_default(dialect, first.default.as_deref(), second.default.as_deref())
    {
        (default(first), default(second))
    } else {
        return None;
    };
    Some(How::Changed { before, after })
}

fn keys(dialect: Dialect, first: &Table, second: &Table, found: &mut Vec<Difference>) {
    if first.tainted || second.tainted {
        return;
    }
    let name = first.full_name();
    let mut left: Vec<&Key> = second.keys.iter().collect();
    for key in &first.keys {
        let same = |k: &&Key| match (k.kind, key.kind) {
            (KeyKind::Check, KeyKind::Check) => expression::same_check(dialect, &k.definition, &key.definition),
            (a, b) => a == b && k.definition == key.definition,
        };
        let at = left.iter().position(|k| same(k) && k.name == key.name).or_else(|| left.iter().position(same));
        match at {
            Some(at) => drop(left.swap_remove(at)),
            None => found.push(Difference { object: key_named(key, &name), how: How::Gone }),
        }
    }
    let mut left: Vec<String> = left.into_iter().map(|key| key_named(key, &name)).collect();
    left.sort_unstable();
    found.extend(left.into_iter().map(|object| Difference { object, how: How::New }));
}

fn key_named(key: &Key, table: &str) -> String {
    format!("{} of `{table}`", described(key))
}
