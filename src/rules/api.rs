//! The rule table of the family: see `docs/rules/` for the pages.

use super::rule::Rule;

/// All rules of the family, sorted by id.
pub static ALL: &[&Rule] = &[];
