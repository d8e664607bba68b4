//! Debt of contracts: what is unused, unnamed or undescribed, and names and types that disagree with their neighbours.
//!
//! Comes in: one revision. Goes out: notes; git decides which of them a change brought. A habit of the whole contract (no
//! operation has an id) is no finding: debt is what differs from the contract's own ways.

mod copies;
mod deprecated;
mod described;
mod enums;
mod lists;
pub mod names;
mod neighbours;
mod operations;
mod size;
mod unused;

use crate::model::{AttributeView, EntityView, Layer};
use crate::rules::finding::Severity::Note;
use crate::rules::rule::{Category, Levels, Rule};

use super::said::{Said, listed};

const DEBT: Rule = Rule { levels: Levels::Always(Note), ..Rule::of(Layer::Api, Category::Debt) };

/// All rules of the family, sorted by id.
pub static ALL: &[&Rule] = &[
    &unused::COMPONENT_UNUSED,
    &deprecated::DEPRECATED_STILL_REQUIRED,
    &copies::ENTITY_NEAR_DUPLICATE,
    &size::ENTITY_TOO_LARGE,
    &enums::ENUM_DUPLICATED,
    &lists::LIST_WITHOUT_PAGINATION,
    &names::NAMING_MIXED_PROPERTIES,
    &described::OBJECT_FREE_FORM,
    &operations::OPERATION_WITHOUT_ERROR_RESPONSE,
    &operations::OPERATION_WITHOUT_OPERATION_ID,
    &neighbours::PROPERTY_FORMAT_DIFFERS,
    &neighbours::PROPERTY_TYPE_DIFFERS,
    &described::PROPERTY_UNTYPED,
    &unused::SCHEMA_UNUSED,
];

/// Every declared property with its entity: `User.email`.
fn properties(entities: &[EntityView]) -> impl Iterator<Item = (String, &AttributeView)> {
    entities.iter().flat_map(|e| e.attributes.iter().map(move |a| (format!("{}.{}", e.name, a.name), a)))
}
