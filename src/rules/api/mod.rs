//! Rules about contracts: what breaks clients.
//!
//! Comes in: changes of the API layer. Goes out: which rule speaks about them, at which level for which flow. Must not know:
//! how contracts are written down, output formats.

mod bodies;
mod operations;
mod parameters;
mod properties;
mod structure;
mod values;
mod version;

pub(super) use structure::REFERENCE_CHANGED;
pub use version::{VERSION_UNCHANGED, VERSION_UNDERSTATES_CHANGE};

use super::finding::Severity;
use super::rule::{Category, Levels, Rule};
use crate::model::Layer;

/// What narrows breaks senders, what widens breaks readers; nothing of a contract is stored.
const API: Rule = Rule {
    levels: Levels::ByFlow { in_: Some(Severity::Error), out: Some(Severity::Error), stored: None },
    ..Rule::of(Layer::Api, Category::Breaking)
};

/// All rules of the family, sorted by id.
pub static ALL: &[&Rule] = &[
    &structure::ADDITIONAL_PROPERTIES_CHANGED,
    &structure::BRANCH_ADDED,
    &structure::BRANCH_REMOVED,
    &bodies::CALLBACK_MEDIA_TYPE_ADDED,
    &structure::COMPOSITION_CHANGED,
    &operations::CONTRACT_REMOVED,
    &properties::DEFAULT_CHANGED,
    &structure::DISCRIMINATOR_CHANGED,
    &bodies::ENCODING_CHANGED,
    &values::ENUM_CHANGED,
    &values::ENUM_VALUE_ADDED,
    &values::ENUM_VALUE_REMOVED,
    &bodies::ERROR_RESPONSE_ADDED,
    &values::FORMAT_CHANGED,
    &bodies::HEADER_OPTIONAL,
    &bodies::HEADER_REMOVED,
    &bodies::HEADER_REQUIRED,
    &values::ITEM_COUNT_CHANGED,
    &structure::KEYWORD_CHANGED,
    &values::LENGTH_CHANGED,
    &bodies::LINK_CHANGED,
    &bodies::LINK_REMOVED,
    &bodies::MEDIA_TYPE_ADDED,
    &bodies::MEDIA_TYPE_REMOVED,
    &values::MULTIPLE_CHANGED,
    &values::NULLABILITY_CHANGED,
    &operations::OPERATION_DEPRECATED,
    &operations::OPERATION_ID_CHANGED,
    &operations::OPERATION_REMOVED,
    &operations::OPERATION_RETIRED,
    &operations::OPERATION_TAGS_CHANGED,
    &parameters::PARAMETER_ADDED,
    &parameters::PARAMETER_OPTIONAL,
    &parameters::PARAMETER_REMOVED,
    &parameters::PARAMETER_REQUIRED,
    &parameters::PARAMETER_RETIRED,
    &parameters::PARAMETER_SERIALIZATION_CHANGED,
    &values::PATTERN_CHANGED,
    &properties::PROPERTY_ADDED,
    &structure::PROPERTY_COUNT_CHANGED,
    &properties::PROPERTY_OPTIONAL,
    &properties::PROPERTY_REFUSED,
    &properties::PROPERTY_REMOVED,
    &properties::PROPERTY_REQUIRED,
    &properties::PROPERTY_RETIRED,
    &values::RANGE_CHANGED,
    &properties::READ_ONLY_CHANGED,
    &properties::READ_ONLY_REQUIRED,
    &structure::REFERENCE_CHANGED,
    &bodies::REQUEST_BODY_OPTIONAL,
    &bodies::REQUEST_BODY_REMOVED,
    &bodies::REQUEST_BODY_REQUIRED,
    &bodies::RESPONSE_ADDED,
    &bodies::RESPONSE_REMOVED,
    &operations::SCHEMA_RENAMED,
    &operations::SECURITY_CHANGED,
    &operations::SECURITY_SCHEME_CHANGED,
    &operations::SERVER_REMOVED,
    &operations::SERVER_VARIABLE_CHANGED,
    &operations::STABILITY_LOWERED,
    &operations::SUNSET_SHORTENED,
    &values::TYPE_CHANGED,
    &values::UNIQUE_ITEMS_CHANGED,
    &version::VERSION_UNCHANGED,
    &version::VERSION_UNDERSTATES_CHANGE,
    &properties::WRITE_ONLY_CHANGED,
    &structure::XML_CHANGED,
];
