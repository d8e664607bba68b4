//! Lists of values: kept twice, or for nothing.
//!
//! That a trigger function is not called cannot be told: triggers are made by code that puts their statements together.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::model::Origin;
use crate::model::sql::{Dialect, EnumType, Schema};
use crate::rules::finding::Severity::Note;
use crate::rules::rule::{Check, Levels, Rule};

use super::{Case, RULE, own, schemas};

/// Fewer values than this may agree by chance.
const VALUES: usize = 3;

pub static COLUMN_ENUM_DUPLICATED: Rule = Rule {
    id: "column-enum-duplicated",
    title: "List of values kept twice",
    levels: Levels::Always(Note),
    message: "`{subject}` lists the same {count} values as `{other}` ({values}): one that is added to the one has to be added to the other by hand.",
    help: "\
postgres: Let both use one enum type, or one table of values that both point to.
mysql: Keep the values in a table that both point to.
sqlite: Keep the values in a table that both point to.",
    check: Check::Habit(|rule, side, found| schemas(rule, side, found, duplicated)),
    page: page!("column-enum-duplicated"),
    ..RULE
};

pub static ENUM_TYPE_UNUSED: Rule = Rule {
    id: "enum-type-unused",
    title: "Enum type that no column has",
    levels: Levels::Always(Note),
    message: "No column is of the enum type `{subject}`.",
    help: "`DROP TYPE {subject};` takes it away, and is refused as long as something depends on it. Look first whether queries cast to it.",
    check: Check::State(|rule, side, found| schemas(rule, side, found, unused_types)),
    page: page!("enum-type-unused"),
    ..RULE
};

/// A place where a list of values is kept: an enum type, or the definition of a column.
struct Kept<'a> {
    subject: String,
    table: Option<&'a str>,
    origin: Origin,
}

fn duplicated(schema: &Schema) -> Vec<Case> {
    let mut lists: BTreeMap<BTreeSet<&str>, Vec<Kept<'_>>> = BTreeMap::new();
    for declared in &schema.enums {
        let list = declared.values.iter().map(|(value, _)| &**value).collect();
        let kept = Kept { subject: declared.name.to_string(), table: None, origin: declared.origin };
        lists.entry(list).or_default().push(kept);
    }
    for table in own(schema) {
        for column in table.columns.iter().filter(|c| !c.tainted) {
            // What a type lists is kept once, with the type; MySQL has no types of its own.
            let typed = column.type_domain.values.is_some() && schema.dialect != Dialect::MySql;
            let Some(list) = column.domain.values.as_deref().filter(|_| !typed).and_then(texts) else { continue };
            let subject = format!("{}.{}", table.full_name(), column.name);
            lists.entry(list).or_default().push(Kept { subject, table: Some(&table.name), origin: column.origin });
        }
    }
    let mut cases = Vec::new();
    for (list, kept) in lists.iter().filter(|(list, _)| list.len() >= VALUES) {
        let Some((first, copies)) = kept.split_first() else { continue };
        // One statement shows both.
        for copy in copies.iter().filter(|copy| copy.table.is_none() || copy.table != first.table) {
            let case = Case::new(&copy.subject, &first.subject, copy.origin);
            cases.push(case.with("other", &first.subject).with("count", list.len()).with("values", shown(list)));
        }
    }
    cases
}

/// The values when all of them are texts.
fn texts(values: &[Value]) -> Option<BTreeSet<&str>> {
    values.iter().filter(|value| !value.is_null()).map(Value::as_str).collect()
}

/// `a, b, c …`
fn shown(list: &BTreeSet<&str>) -> String {
    const SHOWN: usize = 4;
    let first: Vec<&str> = list.iter().take(SHOWN).copied().collect();
    first.join(", ") + if list.len() > SHOWN { " …" } else { "" }
}

fn unused_types(schema: &Schema) -> Vec<Case> {
    // What could not be read may use them.
    if schema.unread > 0 || schema.tables.iter().any(|t| t.tainted) {
        return Vec::new();
    }
    let columns = || schema.tables.iter().flat_map(|table| &table.columns);
    let used = |of: &EnumType| columns().any(|c| of.is_named(c.type_name.trim_end_matches("[]")));
    let unused = schema.enums.iter().filter(|of| !used(of));
    unused.map(|of| Case::new(&*of.name, "", of.origin)).collect()
}
