//! What stands behind a subject on the other layer, for every finding that names it: the columns behind a property, the
//! properties that show a column, and the operations that a column reaches through them.

use std::collections::{BTreeMap, HashSet};

use crate::model::api::Api;
use crate::model::uses::Uses;
use crate::model::{Flow, Layer, Link, Usage};

use super::finding::Finding;
use super::rule::{Pair, Side};

/// Links below this show in `trace` and `model` alone.
const LIKELY: f64 = 0.75;

/// Subject → linked subjects of the other layer, in both revisions.
pub struct Linked<'a> {
    others: BTreeMap<&'a str, Vec<&'a str>>,
    /// Column → its links, the ones of head where it has some.
    columns: BTreeMap<&'a str, Vec<(Side<'a>, &'a Link)>>,
    /// By the place of the contract in memory: both revisions may have one of a name.
    uses: BTreeMap<*const Api, Uses<'a>>,
}

impl<'a> Linked<'a> {
    pub fn of(pair: &Pair<'a>) -> Self {
        Self::of_sides(&[pair.base, pair.head], pair.head)
    }

    /// Of one revision.
    pub fn alone(side: Side<'a>) -> Self {
        Self::of_sides(&[side], side)
    }

    fn of_sides(sides: &[Side<'a>], head: Side<'a>) -> Self {
        let mut others: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut columns: BTreeMap<&str, Vec<(Side<'a>, &Link)>> = BTreeMap::new();
        let known: HashSet<&str> = head.links.iter().map(|link| &*link.column).collect();
        for (at, side) in sides.iter().enumerate() {
            let is_head = at + 1 == sides.len();
            for link in side.links.iter().filter(|link| link.confidence >= LIKELY) {
                for (from, to) in [(&link.column, &link.property), (&link.property, &link.column)] {
                    let others = others.entry(from).or_default();
                    if !others.contains(&&**to) {
                        others.push(to);
                    }
                }
                if is_head || !known.contains(&*link.column) {
                    columns.entry(&link.column).or_default().push((*side, link));
                }
            }
        }
        others.values_mut().for_each(|others| others.sort_unstable());
        Self { others, columns, uses: BTreeMap::new() }
    }

    /// Names the other ends, and for a finding about a column the operations that show or set it.
    pub fn add_to(&mut self, finding: &mut Finding) {
        for other in self.others.get(finding.subject.as_str()).into_iter().flatten() {
            if !finding.links.iter().any(|known| known == other) {
                finding.links.push((*other).to_string());
            }
        }
        if finding.rule.layer == Layer::Sql && finding.usages.is_empty() {
            finding.usages = self.reached(&finding.subject);
        }
    }

    /// The operations that give out or take in what a column holds.
    fn reached(&mut self, column: &str) -> Vec<Usage> {
        let mut usages: Vec<Usage> = Vec::new();
        for (side, link) in self.columns.get(column).into_iter().flatten() {
            let Some(api) = side.model.apis.get(link.api.0) else { continue };
            let Some((property, _)) = api.property_at(link.api.1, link.api.2) else { continue };
            let uses = self.uses.entry(std::ptr::from_ref::<Api>(api)).or_insert_with(|| Uses::of(api));
            for flow in [Flow::In, Flow::Out] {
                usages.extend(uses.usages(link.api.1, flow, &format!(".{}", property.name)));
            }
        }
        usages.sort();
        usages.dedup();
        usages
    }
}
