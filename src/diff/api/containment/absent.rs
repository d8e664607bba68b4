//! The declared-properties reading: which names a value is read as not having.
//!
//! A peer does not send undeclared properties just because an object is open. So where the inner side is open and does
//! not declare a name that the outer side declares at the same place, its values are read as lacking it. Names that
//! neither side declares stay possible: closing an object is still a loss.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use crate::model::api::ShapeId;
use crate::model::origin::Text;

use super::super::side::Side;
use super::super::view::{Others, View};
use super::document::{Absent, Extent, Term};

/// Pairs of places looked at for one question.
const MAX_PLACES: usize = 120;
/// Alternatives within alternatives looked at for one place.
const MAX_SETS: usize = 60;

type Sets = Vec<Vec<ShapeId>>;

/// What all schemas that speak about one place say together, alternatives included.
#[derive(Default)]
struct Place {
    keys: Sets,
    properties: BTreeMap<Text, Sets>,
    /// Names that are required and not declared.
    words: BTreeSet<Text>,
    items: Sets,
    others: Sets,
}

/// Names that values of `inner` are read as not having when they are held against `outer`.
pub fn absent(inner: (&Side<'_>, &[Term<'_, '_>]), outer: (&Side<'_>, &[Term<'_, '_>]), extent: Extent<'_>) -> Absent {
    let mut missing: Absent = Absent::new();
    let mut declared: Absent = Absent::new();
    let mut seen: HashSet<(Sets, Sets)> = HashSet::new();
    let mut open = VecDeque::from([(roots(inner), roots(outer))]);
    let mut beside = others(inner);
    while let Some((ours, theirs)) = open.pop_front() {
        if seen.len() > MAX_PLACES || !seen.insert((ours.clone(), theirs.clone())) {
            continue;
        }
        let (ours, mut theirs) = (place(inner.0, ours, &beside), place(outer.0, theirs, &[]));
        beside.clear();
        let own: BTreeSet<Text> = ours.properties.keys().chain(&ours.words).cloned().collect();
        for key in &ours.keys {
            missing.entry(key.clone()).or_default().extend(theirs.properties.keys().chain(&theirs.words).cloned());
            declared.entry(key.clone()).or_default().extend(own.iter().cloned());
        }
        let properties = ours.properties.into_iter().filter(|(name, _)| extent.has(name, false));
        open.extend(properties.filter_map(|(name, sets)| Some((sets, theirs.properties.remove(&name)?))));
        let parts = [(ours.items, theirs.items), (ours.others, theirs.others)];
        open.extend(parts.into_iter().filter(|(ours, theirs)| !ours.is_empty() && !theirs.is_empty()));
    }
    for (key, names) in &mut missing {
        names.retain(|name| !declared.get(key).is_some_and(|declared| declared.contains(name)));
    }
    missing
}

fn roots((_, terms): (&Side<'_>, &[Term<'_, '_>])) -> Sets {
    let mut roots = Vec::new();
    for term in terms {
        match term {
            Term::All(set) => roots.push(set.to_vec()),
            Term::Branch(view, branch) | Term::Alone(view, branch) => {
                roots.push(view.set.iter().copied().chain([*branch]).collect())
            }
            Term::Written(..) => {}
            Term::Choices(view)
            | Term::Any(view)
            | Term::Keywords(view, _)
            | Term::Undeclared(view)
            | Term::Nots(view) => {
                roots.push(view.set.clone());
            }
        }
    }
    roots
}

/// The alternatives that a value is not, where it is said to be one of them: what they declare it does not have.
fn others((_, terms): (&Side<'_>, &[Term<'_, '_>])) -> Vec<ShapeId> {
    let alone = terms.iter().find_map(|term| match term {
        Term::Alone(view, branch) => Some((view, *branch)),
        _ => None,
    });
    let Some((view, branch)) = alone else { return Vec::new() };
    view.choices.iter().flat_map(|choice| &choice.branches).copied().filter(|other| *other != branch).collect()
}

/// The set as it is known in documents.
pub fn key(side: &Side<'_>, set: &[ShapeId]) -> Vec<ShapeId> {
    let mut key: Vec<ShapeId> = set.iter().map(|id| side.api.resolve(*id)).collect();
    key.sort_unstable();
    key.dedup();
    key
}

fn place(side: &Side<'_>, roots: Sets, beside: &[ShapeId]) -> Place {
    let mut place = Place::default();
    let mut open: VecDeque<Vec<ShapeId>> = roots.into();
    while let Some(set) = open.pop_front() {
        let key = key(side, &set);
        if place.keys.len() > MAX_SETS || place.keys.contains(&key) {
            continue;
        }
        place.keys.push(key);
        let view = View::of(side, &set);
        for member in &view.properties {
            place.properties.entry(member.name.clone()).or_default().push(member.shapes.clone());
        }
        place.words.extend(view.required_only.iter().map(|(name, _)| (*name).clone()));
        if !view.items.is_empty() {
            place.items.push(view.items.clone());
        }
        if let Others::Shapes(ids) = &view.others {
            place.others.push(ids.clone());
        }
        let branches = view.choices.iter().flat_map(|c| &c.branches).filter(|branch| !beside.contains(branch));
        let branches = branches.chain(&view.nots).copied();
        let conditions =
            view.applied.iter().filter(|(applied, _)| applied.in_place()).map(|(applied, _)| applied.shape);
        open.extend(branches.chain(conditions).map(|branch| vec![branch]));
    }
    place
}
