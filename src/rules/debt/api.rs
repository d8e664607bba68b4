//! Debt of contracts: see `docs/rules/` for the pages.

use crate::rules::rule::Rule;

/// All rules of the family, sorted by id.
pub static ALL: &[&Rule] = &[];
