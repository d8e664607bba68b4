//! What the parts of the page share: findings with their anchors, and the names that filters offer.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::report::text::one_line;
use crate::report::{Item, Report};

use super::picture;

/// A finding as the page has it.
pub struct Entry<'a> {
    pub item: &'a Item,
    /// Its anchor: the fingerprint, once on the page.
    pub id: String,
    /// Indices of the names of the page.
    pub entities: Vec<usize>,
    pub operations: Vec<usize>,
    /// Anchors of what is drawn of it, and in which picture.
    pub pictured: Vec<(String, &'static str)>,
}

/// The findings of a report in its order, and every name once, sorted.
pub struct Page<'a> {
    pub report: &'a Report,
    pub entries: Vec<Entry<'a>>,
    pub entities: Vec<String>,
    pub operations: Vec<String>,
}

impl<'a> Page<'a> {
    pub fn of(report: &'a Report) -> Self {
        let names = |of: fn(&Item) -> Vec<String>| -> BTreeMap<String, usize> {
            let all: BTreeSet<String> = report.findings.iter().flat_map(of).collect();
            all.into_iter().enumerate().map(|(at, name)| (name, at)).collect()
        };
        let (entities, operations) = (names(entities), names(operations));
        let numbers = |names: Vec<String>, known: &BTreeMap<String, usize>| -> Vec<usize> {
            names.iter().filter_map(|name| known.get(name).copied()).collect()
        };
        let mut times: HashMap<&str, usize> = HashMap::new();
        let entries = report.findings.iter().map(|item| {
            let time = times.entry(&item.fingerprint).or_default();
            *time += 1;
            // The same may be resolved in one file and new in another.
            let id = if *time == 1 { item.fingerprint.clone() } else { format!("{}-{time}", item.fingerprint) };
            Entry {
                item,
                id,
                entities: numbers(self::entities(item), &entities),
                operations: numbers(self::operations(item), &operations),
                pictured: Vec::new(),
            }
        });
        let mut entries: Vec<Entry<'_>> = entries.collect();
        picture::mark(&mut entries, report);
        Self { report, entries, entities: entities.into_keys().collect(), operations: operations.into_keys().collect() }
    }
}

fn entities(item: &Item) -> Vec<String> {
    item.entities.iter().map(|name| one_line(name)).collect()
}

/// The operations it affects, each once.
fn operations(item: &Item) -> Vec<String> {
    let all: BTreeSet<String> = item.finding.usages.iter().map(|usage| one_line(&usage.operation)).collect();
    all.into_iter().collect()
}
