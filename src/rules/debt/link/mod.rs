//! Debt that shows only where both layers are seen together.
//!
//! Comes in: one revision with its links. Goes out: notes; git decides which of them a change brought. Must not know: the
//! other revision.

mod bounds;
mod names;
mod reach;

use crate::model::Layer;
use crate::rules::finding::Severity::Note;
use crate::rules::rule::{Category, Levels, Rule};

const DEBT: Rule = Rule { levels: Levels::Always(Note), ..Rule::of(Layer::Link, Category::Debt) };

/// All rules of the family, sorted by id.
pub static ALL: &[&Rule] = &[
    &bounds::ARRAY_WITHOUT_BOUND,
    &names::PROPERTY_NAMED_DIFFERENTLY,
    &bounds::STRING_WITHOUT_BOUND,
    &reach::TABLE_UNREACHABLE,
];
