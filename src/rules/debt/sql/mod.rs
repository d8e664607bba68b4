//! Debt of SQL schemas: what works today and will cost later.
//!
//! Comes in: the schemas of one revision. Goes out: findings; git tells which of them the change brought. Must not know: the
//! other revision. Each rule's page is `docs/rules/<id>.md`.

mod charsets;
mod columns;
mod growth;
mod keys;
mod left_over;
mod lists;
mod migrations;
mod mysql;
mod naming;
mod neighbours;
mod references;
mod size;
mod unique;

use std::sync::Arc;

use crate::model::Layer;
use crate::model::origin::Origin;
use crate::model::sql::{Column, Schema, Table, TableKind};
use crate::rules::finding::Finding;
use crate::rules::rule::{Category, Rule, Side};
use crate::rules::text;

/// All rules of the family, sorted by id.
pub static ALL: &[&Rule] = &[
    &columns::CHAR_COLUMN,
    &charsets::CHARSET_MIXED,
    &mysql::CHARSET_OUTDATED,
    &lists::COLUMN_ENUM_DUPLICATED,
    &left_over::COLUMN_LEFT_OVER,
    &neighbours::COLUMN_TYPE_DIFFERS,
    &mysql::ENGINE_WITHOUT_TRANSACTIONS,
    &lists::ENUM_TYPE_UNUSED,
    &references::FOREIGN_KEY_MISSING,
    &keys::FOREIGN_KEY_TARGET_MISSING,
    &keys::FOREIGN_KEY_TYPE_DIFFERS,
    &keys::FOREIGN_KEY_WITHOUT_INDEX,
    &keys::INDEX_REDUNDANT,
    &growth::INTEGER_KEY_MAY_OVERFLOW,
    &columns::JSON_AS_TEXT,
    &migrations::WITHOUT_DOWN,
    &columns::MONEY_AS_FLOAT,
    &columns::MONEY_TYPE,
    &naming::NAMING_MIXED_COLUMNS,
    &neighbours::TABLE_ALL_NULLABLE,
    &size::TABLE_TOO_WIDE,
    &unique::TABLE_WITHOUT_PRIMARY_KEY,
    &columns::TIMESTAMP_WITHOUT_ZONE,
    &unique::UNIQUE_KEY_WITH_NULL,
    &mysql::ZERO_DATE,
];

/// What the rules of the family share.
const RULE: Rule = Rule::of(Layer::Sql, Category::Debt);

/// What a rule has to say about one place.
struct Case {
    subject: String,
    /// Fills `{detail}` and tells two findings at one subject apart.
    detail: String,
    /// What fills the other names of the texts.
    names: Vec<(&'static str, String)>,
    origin: Origin,
}

impl Case {
    fn new(subject: impl Into<String>, detail: impl Into<String>, origin: Origin) -> Self {
        Self { subject: subject.into(), detail: detail.into(), names: Vec::new(), origin }
    }

    fn of(table: &Table, column: &Column, detail: impl Into<String>) -> Self {
        Self::new(format!("{}.{}", table.full_name(), column.name), detail, column.origin)
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.names.push((name, value.to_string()));
        self
    }
}

/// How many tables may agree by chance.
fn agreeing(side: Side<'_>) -> usize {
    side.limits.agreeing_tables as usize
}

/// The tables of a schema that were read in full; partitions follow their parent.
fn own(schema: &Schema) -> impl Iterator<Item = &Table> {
    let own = |t: &&Arc<Table>| t.kind == TableKind::Table && !t.tainted && t.parent.is_none() && !t.columns.is_empty();
    schema.tables.iter().filter(own).map(|table| &**table)
}

/// Asks `look` about every table.
fn tables(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>, look: impl Fn(&Schema, &Table) -> Vec<Case>) {
    schemas(rule, side, found, |schema| own(schema).flat_map(|table| look(schema, table)).collect());
}

/// Asks `look` about every schema.
fn schemas(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>, look: impl Fn(&Schema) -> Vec<Case>) {
    for schema in &side.model.schemas {
        for case in look(schema) {
            let (entity, attribute) = case.subject.rsplit_once('.').unwrap_or((&case.subject, ""));
            let mut values = vec![
                ("subject", case.subject.clone()),
                ("entity", entity.to_string()),
                ("attribute", attribute.to_string()),
                ("detail", case.detail.clone()),
            ];
            values.extend(case.names);
            let fill = |template| text::replace(&text::for_dialect(template, Some(schema.dialect)), &values);
            let (message, help) = (fill(rule.message), fill(rule.help));
            let mut finding = Finding::state(rule, case.subject, Some(case.origin));
            finding.detail = case.detail;
            finding.message = message;
            finding.help = help;
            found.push(finding);
        }
    }
}

/// `totalPrice` and `total_price` → `total`, `price`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        let cut = c == '_' || c == '-' || (c.is_uppercase() && lower);
        if cut {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(last) = words.last_mut()
        {
            last.extend(c.to_lowercase());
        }
        lower = c.is_lowercase();
    }
    words
}
