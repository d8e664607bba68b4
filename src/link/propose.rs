//! What people may want to settle in `links:`: for every schema whose table the search left open, the tables that its
//! attributes speak for, however little the names have in common.
//!
//! Nothing here drives a finding, so a proposal may be wrong where a link may not: it is read by a person first. One schema
//! stands for all variants of its name; once it is settled, they follow (`families`).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Model;
use crate::model::link::Proposal;
use crate::model::sql::Schema;

use super::names::{self, Wrappers};
use super::subject::Subject;
use super::tables::{Overlap, Tables};
use super::{CERTAIN, Searched, Settled, attributes, search};

/// Tables proposed for one schema at most.
const MOST: usize = 2;
/// A second table is named when it has at least this part of what the first one has.
const CLOSE: f64 = 0.75;
/// Names of attributes given as reason at most.
const NAMED: usize = 5;

/// A schema and a table that may stand behind it.
struct Candidate {
    entity: String,
    /// What the variants of the schema have in common in their names.
    core: Vec<String>,
    table: String,
    /// Another schema whose certain partner the table is.
    shown_by: Option<String>,
    /// The part of the words that the two names have in common.
    named: f64,
    /// What the search found and did not trust.
    guess: f64,
    likeness: Likeness,
    properties: usize,
}

/// Proposals in the order of the schemas' names, the likeliest table of each first.
pub fn propose(model: &Model, settled: &Settled<'_>) -> Vec<Proposal> {
    let mut closed: BTreeSet<String> = settled.0.keys().cloned().collect();
    // Tables that are the certain partner of a schema, with the shortest name of one.
    let mut shown: BTreeMap<String, String> = BTreeMap::new();
    let mut candidates: Vec<Candidate> = Vec::new();
    search(model, settled, &mut |Searched { tables, entities, .. }| {
        let schema = tables.schema;
        let names = entities.iter().map(|(subject, _)| subject.entity.name.as_str());
        let wrappers = Wrappers::of(names, &tables.words);
        for (subject, found) in &entities {
            if let Some(found) = found.as_ref().filter(|f| f.confidence >= CERTAIN) {
                let name = &subject.entity.name;
                let known = shown.entry(full_name(schema, found.table)).or_insert_with(|| name.clone());
                if (name.len(), name) < (known.len(), known) {
                    known.clone_from(name);
                }
                closed.insert(name.clone());
                continue;
            }
            let guess = |table| found.as_ref().filter(|f| f.table == table).map_or(0.0, |f| f.confidence);
            let core = names::folded(&wrappers.core(&subject.entity.name));
            candidates.extend(alike(tables, subject, &core).into_iter().map(|(table, likeness)| Candidate {
                entity: subject.entity.name.clone(),
                core: core.clone(),
                table: full_name(schema, table),
                shown_by: None,
                named: in_common(&core, tables.words.get(table).map(Vec::as_slice).unwrap_or_default()),
                guess: guess(table),
                likeness,
                properties: subject.names.len(),
            }));
        }
    });
    for candidate in &mut candidates {
        candidate.shown_by = shown.get(&candidate.table).cloned();
    }
    candidates.retain(|c| !closed.contains(&c.entity) && c.is_worth_a_look());
    chosen(candidates)
}

fn full_name(schema: &Schema, table: usize) -> String {
    schema.tables.get(table).map(|t| t.full_name()).unwrap_or_default()
}

impl Candidate {
    fn is_worth_a_look(&self) -> bool {
        let Likeness { share, own, telling, .. } = self.likeness;
        let agree = self.count() >= 3 && (telling || self.count() >= 6) && (share >= 0.5 || own >= 0.4);
        agree || self.guess > 0.0 || self.named == 1.0
    }

    fn count(&self) -> usize {
        self.likeness.names.len()
    }

    /// How much of both sides agrees, and of the names; less for a table that another schema shows for certain.
    fn score(&self) -> f64 {
        let part = if self.shown_by.is_some() { 0.8 } else { 1.0 };
        (self.likeness.both + self.guess * 0.3 + self.named * 0.3) * part
    }

    /// Enough agrees to be taken for true until somebody says otherwise, when nothing else is as good.
    fn is_likely(&self) -> bool {
        let needed = if self.named == 1.0 { 0.3 } else { 0.5 };
        self.shown_by.is_none() && self.count() >= 3 && self.likeness.both >= needed
    }
}

/// What an entity and a table have in common.
struct Likeness {
    /// Attributes of the entity that have a column, the telling ones first.
    names: Vec<String>,
    /// Some of them are none that anything may have.
    telling: bool,
    /// The weight of what they share as a part of the smaller side, of the entity, and of both.
    share: f64,
    own: f64,
    both: f64,
}

/// Every table of that name or with at least two attributes of the entity that not all have, with what they have in common.
fn alike(tables: &Tables<'_>, subject: &Subject<'_>, name: &[String]) -> Vec<(usize, Likeness)> {
    let named = tables.by_key.get(&names::key(name)).into_iter().flatten().copied();
    let likely: BTreeSet<usize> = tables.sharing(subject, 2).into_iter().chain(named).collect();
    let alike = likely.into_iter().filter_map(|table| Some((table, likeness(tables, subject, table)?)));
    alike.filter(|(_, likeness)| !likeness.names.is_empty()).collect()
}

fn likeness(tables: &Tables<'_>, subject: &Subject<'_>, table: usize) -> Option<Likeness> {
    let (known, columns) = (tables.schema.tables.get(table)?, tables.columns.get(table)?.as_ref()?);
    let Overlap { pairs, share, own, weight, .. } = tables.overlap(subject, table)?;
    let renamed = attributes::renamed(subject, known, columns, &pairs);
    let weight_of = |property: usize| subject.weights.get(property).copied().unwrap_or_default();
    let weight = weight + renamed.iter().map(|pair| weight_of(pair.property)).sum::<f64>();
    let pairs = pairs.iter().chain(&renamed).filter(|pair| pair.form.fits());
    let mut shared: Vec<usize> = pairs.map(|pair| pair.property).collect();
    shared.sort_by(|a, b| weight_of(*b).total_cmp(&weight_of(*a)).then(a.cmp(b)));
    let telling = |at: &usize| subject.names.get(*at).is_some_and(|name| !names::is_generic(name));
    let telling = shared.iter().any(telling);
    let names = shared.iter().filter_map(|at| subject.entity.attributes.get(*at)).map(|a| a.name.to_string());
    let all = tables.weights.get(table).copied().unwrap_or_default() + subject.weights.iter().sum::<f64>();
    Some(Likeness { names: names.collect(), telling, share, own, both: 2.0 * weight / all.max(0.1) })
}

/// One schema of each name without the words around it, with its best tables.
fn chosen(candidates: Vec<Candidate>) -> Vec<Proposal> {
    let mut by_entity: BTreeMap<&str, Vec<&Candidate>> = BTreeMap::new();
    for candidate in &candidates {
        by_entity.entry(&candidate.entity).or_default().push(candidate);
    }
    let better = |a: &&Candidate, b: &&Candidate| b.score().total_cmp(&a.score()).then_with(|| a.table.cmp(&b.table));
    // Several databases may have the table.
    for of in by_entity.values_mut() {
        of.sort_by(better);
        let mut seen = BTreeSet::new();
        of.retain(|candidate| seen.insert(&candidate.table));
    }
    // The best of each family speaks for it; the shortest name where they are equal.
    let mut speakers: BTreeMap<&[String], &str> = BTreeMap::new();
    let first = |entity: &str| by_entity.get(entity).and_then(|of| of.first()).map_or(0.0, |c| c.score());
    for (entity, of) in &by_entity {
        let Some(candidate) = of.first() else { continue };
        let speaker = speakers.entry(&candidate.core).or_insert(entity);
        let order = first(entity).total_cmp(&first(speaker)).then(speaker.len().cmp(&entity.len()));
        if order.is_gt() {
            *speaker = entity;
        }
    }
    // Where several families claim a table, nobody has it.
    let mut claims: BTreeMap<&str, Vec<(&str, f64)>> = BTreeMap::new();
    for candidate in speakers.values().filter_map(|entity| by_entity.get(entity)?.first()) {
        claims.entry(&candidate.table).or_default().push((&candidate.entity, candidate.score()));
    }
    let claimed = |by: &Candidate| {
        let others = claims.get(&*by.table).into_iter().flatten();
        others.filter(|(entity, _)| *entity != by.entity).any(|(_, score)| *score >= by.score() * CLOSE)
    };
    let spoken: BTreeSet<&str> = speakers.into_values().collect();
    let mut proposals = Vec::new();
    for of in by_entity.iter().filter(|(entity, _)| spoken.contains(*entity)).map(|(_, of)| of) {
        let least = of.first().map_or(0.0, |c| c.score()) * CLOSE;
        let close: Vec<&&Candidate> = of.iter().filter(|c| c.score() >= least).take(MOST).collect();
        for candidate in &close {
            proposals.push(Proposal {
                entity: candidate.entity.as_str().into(),
                table: candidate.table.as_str().into(),
                likely: close.len() == 1 && candidate.is_likely() && !claimed(candidate),
                reason: reason(candidate),
            });
        }
    }
    proposals
}

/// `3 of 6 properties have a column: nodes, edges, ownerId`
fn reason(candidate: &Candidate) -> String {
    let names = &candidate.likeness.names;
    let mut named = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > NAMED {
        named.push_str(", …");
    }
    let shown = candidate.shown_by.as_ref().map(|by| format!("; `{by}` shows this table")).unwrap_or_default();
    let have = if names.len() == 1 { "has" } else { "have" };
    format!("{} of {} properties {have} a column: {named}{shown}", names.len(), candidate.properties)
}

/// The part of the words that two names have in common, whatever their number and order.
fn in_common(one: &[String], other: &[String]) -> f64 {
    let folded = |words: &[String]| words.iter().map(|word| names::fold(word)).collect::<BTreeSet<String>>();
    let (one, other) = (folded(one), folded(other));
    one.intersection(&other).count() as f64 / one.len().max(other.len()).max(1) as f64
}
