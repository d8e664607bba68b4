//! Two states of the same objects in, what is different in words out.
//!
//! For states that should be equal: a schema before a migration and after it was taken back, a dump and what migrations
//! build. Spelling, order, comments and the names of keys make no difference. Must not know which state is right.

use std::sync::Arc;

use crate::model::origin::Origin;
use crate::model::sql::{Column, Dialect, Key, KeyKind, State, Table, TableKind};

use super::keys::described;
use super::{expression, types};

/// An object that is different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// ``column `t.c` ``: what it is and how it is called.
    pub object: String,
    /// The table that it belongs to, or that it is.
    pub table: String,
    pub how: How,
    /// Where the first state has it, and where the second.
    pub first: Option<Origin>,
    pub second: Option<Origin>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// Only in the first state.
    Gone,
    /// Only in the second.
    New,
    Changed {
        what: Aspect,
        before: String,
        after: String,
    },
}

/// What of an object has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    Type,
    /// Whether rows may lack a value, and what they get then.
    Absence,
    /// What a key says.
    Definition,
}

/// What is different between two states, in the order of tables, columns before keys.
pub fn contrast(dialect: Dialect, first: &State, second: &State) -> Vec<Difference> {
    let mut found = Vec::new();
    let whole = |table: &Table, how: How| {
        let at = Some(table.created_at());
        let (first, second) = if how == How::Gone { (at, None) } else { (None, at) };
        Difference { object: named(table), table: table.full_name(), how, first, second }
    };
    for table in &first.tables {
        match other(&second.tables, table) {
            Some(other) if table.tainted || other.tainted => {}
            Some(other) => {
                columns(dialect, table, other, &mut found);
                keys(dialect, table, other, &mut found);
            }
            None => found.push(whole(table, How::Gone)),
        }
    }
    let new = second.tables.iter().filter(|t| other(&first.tables, t).is_none());
    found.extend(new.map(|table| whole(table, How::New)));
    for (types, others, how) in [(&first.types, &second.types, How::Gone), (&second.types, &first.types, How::New)] {
        let only = types.iter().filter(|name| !others.contains(name));
        let object = |name| Difference {
            object: format!("type `{name}`"),
            table: String::new(),
            how: how.clone(),
            first: None,
            second: None,
        };
        found.extend(only.map(object));
    }
    found
}

fn other<'a>(tables: &'a [Arc<Table>], table: &Table) -> Option<&'a Arc<Table>> {
    let same = |t: &&Arc<Table>| t.schema == table.schema && t.name == table.name;
    // Most lists are sorted by schema and name.
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
    let view = first.kind != TableKind::Table;
    // An expression in a view goes by a name that only the engine knows.
    let unnamed = |t: &Table| t.columns.iter().any(|c| &*c.name == "?column?");
    if view && (unnamed(first) || unnamed(second)) {
        return;
    }
    let mut tell = |name_of: &Column, how, sides: [Option<&Column>; 2]| {
        let [first, second] = sides.map(|side| side.map(|column| column.origin));
        let object = format!("column `{name}.{}`", name_of.name);
        found.push(Difference { object, table: name.clone(), how, first, second });
    };
    for column in &first.columns {
        match second.column(&column.name) {
            None => tell(column, How::Gone, [Some(column), None]),
            Some(_) if view => {}
            Some(other) => {
                let how = changed(dialect, column, other);
                how.into_iter().for_each(|how| tell(column, how, [Some(column), Some(other)]));
            }
        }
    }
    // One column more in a view hurts nobody.
    for column in second.columns.iter().filter(|c| !view && first.column(&c.name).is_none()) {
        tell(column, How::New, [None, Some(column)]);
    }
}

/// How a column is another one, as far as both are known.
fn changed(dialect: Dialect, first: &Column, second: &Column) -> Option<How> {
    let (a, b) = (&first.type_name, &second.type_name);
    let known = !a.is_empty() && !b.is_empty();
    let retyped = known && a != b && types::compare(dialect, a, b).is_some();
    let default = |c: &Column| c.default.as_deref().map_or("no default".to_string(), |d| format!("DEFAULT {d}"));
    let null = |c: &Column| if c.not_null { "NOT NULL" } else { "nullable" };
    let same_default = || expression::same_default(dialect, first.default.as_deref(), second.default.as_deref());
    let (what, before, after) = if retyped {
        (Aspect::Type, a.to_string(), b.to_string())
    } else if first.not_null != second.not_null {
        (Aspect::Absence, null(first).to_string(), null(second).to_string())
    } else if first.generated == second.generated && !same_default() {
        (Aspect::Absence, default(first), default(second))
    } else {
        return None;
    };
    Some(How::Changed { what, before, after })
}

fn keys(dialect: Dialect, first: &Table, second: &Table, found: &mut Vec<Difference>) {
    let table = first.full_name();
    let object = |key: &Key| match key.kind {
        KeyKind::Primary => format!("the primary key of `{table}`"),
        _ => format!("{} of `{table}`", described(key)),
    };
    let said = |key: &Key| key.definition.to_string();
    let (mut gone, mut left): (Vec<&Key>, Vec<&Key>) = (Vec::new(), second.keys.iter().collect());
    for key in &first.keys {
        let same = |k: &&Key| match (k.kind, key.kind) {
            (KeyKind::Check, KeyKind::Check) => expression::same_check(dialect, &k.definition, &key.definition),
            (a, b) if k.partial && key.partial => {
                a == b && expression::same_index(dialect, &k.definition, &key.definition)
            }
            (a, b) => a == b && k.definition == key.definition,
        };
        let at = left.iter().position(|k| same(k) && k.name == key.name).or_else(|| left.iter().position(same));
        match at {
            Some(at) => drop(left.remove(at)),
            None => gone.push(key),
        }
    }
    for key in gone {
        let (how, other) = match left.iter().position(|k| k.kind == key.kind && k.name == key.name) {
            Some(at) => {
                let other = left.remove(at);
                (How::Changed { what: Aspect::Definition, before: said(key), after: said(other) }, Some(other.origin))
            }
            None => (How::Gone, None),
        };
        let (first, second) = (Some(key.origin), other);
        found.push(Difference { object: object(key), table: table.clone(), how, first, second });
    }
    let new = |key: &&Key| {
        let (first, second) = (None, Some(key.origin));
        Difference { object: object(key), table: table.clone(), how: How::New, first, second }
    };
    found.extend(left.iter().map(new));
}
