//! How much debt an entity, a glob of entities or an owner may have, and how much there is.

use std::collections::BTreeMap;

use crate::config::glob::text_matches;
use crate::rules::Status;

use super::group::{owned, same};
use super::{Entry, Standing};

/// A budget and what was spent of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// As the configuration has it.
    pub name: String,
    pub limit: usize,
    pub findings: usize,
    /// There is an entity or an owner of that name.
    pub known: bool,
}

impl Budget {
    pub fn is_exceeded(&self) -> bool {
        self.findings > self.limit
    }
}

/// The budgets of a configuration, in its order, held against what stands in head.
pub fn budgets(configured: &BTreeMap<String, u32>, standing: &Standing) -> Vec<Budget> {
    let stands = |entry: &&Entry| entry.finding.status != Status::Resolved;
    let budget = |(name, limit): (&String, &u32)| {
        let counts = |entry: &&Entry| match name.starts_with('@') {
            true => owned(name, entry),
            false => entry.entity.names().any(|own| text_matches(name, own)),
        };
        let findings = standing.entries.iter().filter(stands).filter(counts).count();
        let known = match name.starts_with('@') {
            true => standing.owners.iter().any(|owner| same(name, owner)),
            false => standing.names.iter().any(|own| text_matches(name, own)),
        };
        Budget { name: name.clone(), limit: *limit as usize, findings, known: known || findings > 0 }
    };
    configured.iter().map(budget).collect()
}
