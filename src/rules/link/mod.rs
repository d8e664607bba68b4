//! Rules about contract and database together: what one accepts must fit into the other.
//!
//! Comes in: the links of a revision, or of both. Goes out: findings with a value that one side accepts and the other
//! refuses. Only links that are nearly certain speak; a false accusation costs more than a missed one.

mod deletion;
mod disagree;
mod foreign;
mod json;
mod limits;
mod numbers;
mod patterns;
mod places;
mod presence;
mod settable;
pub(in crate::rules) mod tie;
mod told;
mod transitions;
mod unique;
mod values;
mod written;

use super::rule::{Category, Rule};
use crate::model::Layer;

const DRIFT: Rule = Rule::of(Layer::Link, Category::Drift);

/// All rules of the family, sorted by id.
pub static ALL: &[&Rule] = &[
    &settable::COLUMN_NOT_SETTABLE,
    &limits::CONDITION_MISSING,
    &unique::CONFLICT_NOT_DOCUMENTED,
    &written::DEFAULT_DISAGREES,
    &deletion::DELETE_CASCADES,
    &deletion::DELETE_REFUSED,
    &values::ENUM_DISAGREES,
    &values::FORMAT_DISAGREES,
    &written::GENERATED_COLUMN_ACCEPTED,
    &numbers::INTEGER_WIDTH_DISAGREES,
    &values::LENGTH_DISAGREES,
    &unique::LIST_STORED_ONCE,
    &limits::MAX_LENGTH_MISSING,
    &presence::NULLABILITY_DISAGREES,
    &patterns::PATTERN_DISAGREES,
    &numbers::PRECISION_DISAGREES,
    &transitions::PROPERTY_WITHOUT_COLUMN,
    &numbers::RANGE_DISAGREES,
    &presence::REQUIRED_COLUMN_NOT_SUPPLIED,
    &presence::SENSITIVE_COLUMN_EXPOSED,
    &json::STORED_JSON_OUTDATED,
    &values::TIME_ZONE_LOST,
    &transitions::TYPE_DISAGREES,
];
