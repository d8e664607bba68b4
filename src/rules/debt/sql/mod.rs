//! Debt of SQL schemas: what works today and will cost later.
//!
//! Comes in: the schemas of one revision. Goes out: findings; git tells which of them the change brought. Must not know: the
//! other revision. Each rule's page is `docs/rules/<id>.md`.

mod columns;
mod keys;
mod mysql;

use std::sync::Arc;

use crate::model::Layer;
use crate::model::origin::Origin;
use crate::model::sql::{Schema, Table, TableKind};
use crate::rules::finding::Finding;
use crate::rules::rule::{Category, Rule, Side};
use crate::rules::text;

/// All rules of the family, sorted by id.
pub static ALL: &[&Rule] = &[
    &columns::CHAR_COLUMN,
    &mysql::CHARSET_OUTDATED,
    &mysql::ENGINE_WITHOUT_TRANSACTIONS,
    &keys::FOREIGN_KEY_TARGET_MISSING,
    &keys::FOREIGN_KEY_TYPE_DIFFERS,
    &keys::FOREIGN_KEY_WITHOUT_INDEX,
    &keys::INDEX_REDUNDANT,
    &columns::INTEGER_KEY_MAY_OVERFLOW,
    &columns::JSON_AS_TEXT,
    &columns::MONEY_AS_FLOAT,
    &columns::MONEY_TYPE,
    &columns::NAMING_MIXED_COLUMNS,
    &keys::TABLE_WITHOUT_PRIMARY_KEY,
    &columns::TIMESTAMP_WITHOUT_ZONE,
    &keys::UNIQUE_KEY_WITH_NULL,
    &mysql::ZERO_DATE,
];

/// What the rules of the family share.
const RULE: Rule = Rule::of(Layer::Sql, Category::Debt);

/// What a rule has to say about one place: the subject, what fills `{detail}`, what fills `{other}`, `{name}` and `{columns}`
/// of a key, and where.
struct Case {
    subject: String,
    detail: String,
    other: String,
    name: String,
    columns: String,
    origin: Origin,
}

impl Case {
    fn new(subject: impl Into<String>, detail: impl Into<String>, origin: Origin) -> Self {
        let (other, name, columns) = Default::default();
        Self { subject: subject.into(), detail: detail.into(), other, name, columns, origin }
    }
}

/// Asks `look` about every table that was read in full; partitions follow their parent.
fn tables(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>, look: impl Fn(&Schema, &Table) -> Vec<Case>) {
    for schema in &side.model.schemas {
        let own =
            |t: &&Arc<Table>| t.kind == TableKind::Table && !t.tainted && t.parent.is_none() && !t.columns.is_empty();
        for case in schema.tables.iter().filter(own).flat_map(|table| look(schema, table)) {
            let (entity, attribute) = case.subject.rsplit_once('.').unwrap_or((&case.subject, ""));
            let values = [
                ("subject", case.subject.clone()),
                ("entity", entity.to_string()),
                ("attribute", attribute.to_string()),
                ("detail", case.detail.clone()),
                ("other", case.other.clone()),
                ("name", case.name),
                ("columns", case.columns),
            ];
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
