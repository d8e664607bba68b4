//! Rules about changes of tables, columns, keys and views that break running code or stored rows.
//!
//! Comes in: typed changes of the SQL layer. Goes out: findings with the safe way for the engine at hand. Must not know:
//! how migrations are run (see `migration`), output formats. Each rule's page is `docs/rules/<id>.md`.

mod access;
mod columns;
mod computed;
mod domains;
mod encodings;
mod keys;
mod objects;
mod tables;
mod triggers;
mod values;
mod views;

use crate::model::entity::EntityKind;
use crate::model::{Change, Layer};

use super::rule::{Category, Rule};

/// All rules of the family, sorted by id.
pub static ALL: &[&Rule] = &[
    &access::CHANGED,
    &keys::CHECK_ADDED,
    &keys::CHECK_CHANGED,
    &keys::CHECK_REMOVED,
    &columns::ADDED_REQUIRED,
    &encodings::CHARSET_NARROWED,
    &encodings::COLLATION_CHANGED,
    &values::DEFAULT_CHANGED,
    &values::DEFAULT_REMOVED,
    &columns::DROPPED,
    &values::ENUM_VALUE_ADDED,
    &values::ENUM_VALUE_REMOVED,
    &values::ENUM_VALUE_RENAMED,
    &computed::EXPRESSION_CHANGED,
    &values::GENERATION_CHANGED,
    &values::LENGTH_CHANGED,
    &columns::NULLABLE,
    &values::PRECISION_CHANGED,
    &columns::RENAMED,
    &columns::REQUIRED,
    &values::TYPE_CHANGED,
    &domains::NARROWED,
    &keys::FOREIGN_KEY_ACTION_CHANGED,
    &keys::FOREIGN_KEY_ADDED,
    &keys::FOREIGN_KEY_REMOVED,
    &objects::DROPPED,
    &keys::PRIMARY_KEY_CHANGED,
    &tables::DROPPED,
    &tables::RENAMED,
    &triggers::BROKEN,
    &computed::TRIGGERS_DISABLED,
    &keys::UNIQUE_KEY_ADDED,
    &keys::UNIQUE_KEY_REMOVED,
    &views::BROKEN,
    &views::COLUMN_REMOVED,
    &views::DROPPED,
    &views::RENAMED,
];

/// What the rules of the family share.
const RULE: Rule = Rule::of(Layer::Sql, Category::Breaking);

fn of_table(change: &Change) -> bool {
    change.facts.entity == Some(EntityKind::Table)
}

fn of_view(change: &Change) -> bool {
    matches!(change.facts.entity, Some(EntityKind::View | EntityKind::MaterializedView))
}
