//! Counts: by rule, by owner.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::Date;

use super::{Debt, Entity, Entry};

/// How much of something there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    pub name: String,
    pub findings: usize,
    /// Entities that have it.
    pub entities: usize,
    pub oldest: Option<Date>,
}

/// By the id of the rule, most first.
pub fn by_rule(debt: &Debt) -> Vec<Tally> {
    tallies(debt, |entry| vec![entry.finding.rule.id.to_string()])
}

/// By owner, most first; what several answer for counts for each. An empty name stands for nobody.
pub fn by_owner(debt: &Debt) -> Vec<Tally> {
    tallies(debt, |entry| match entry.owners.as_slice() {
        [] => vec![String::new()],
        owners => owners.iter().map(ToString::to_string).collect(),
    })
}

fn tallies(debt: &Debt, names: impl Fn(&Entry) -> Vec<String>) -> Vec<Tally> {
    let mut all: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
    for entry in debt.entries() {
        for name in names(entry) {
            all.entry(name).or_default().push(entry);
        }
    }
    let tally = |(name, entries): (String, Vec<&Entry>)| Tally {
        name,
        findings: entries.len(),
        entities: entries.iter().map(|entry| &entry.entity).collect::<BTreeSet<&Entity>>().len(),
        oldest: entries.iter().filter_map(|entry| Some(entry.since.as_ref()?.date)).min(),
    };
    let mut tallies: Vec<Tally> = all.into_iter().map(tally).collect();
    tallies.sort_by_key(|tally| (Reverse(tally.findings), tally.name.clone()));
    tallies
}
