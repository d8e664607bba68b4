//! Which alternative of the one side is which of the other.
//!
//! By name, by the value that tells it apart, by content, by title; last, those that are left over on both sides by what
//! they have in common. Places in the list say nothing.

use std::collections::{HashMap, HashSet};

use crate::model::api::{Keyword, ShapeId};

use super::containment::apart;
use super::graph::Graph;
use super::side::Side;
use super::simple::union;
use super::view::{Choice, Member, View};

/// Left-over alternatives that are held against each other at most, on each side.
const MAX_LEFT: usize = 60;
/// What components of different names must have in common to be one renamed, in thousandths of their properties.
const RENAMED: usize = 400;
/// `anyOf` within `anyOf` deeper than this is left as it is.
const MAX_NESTED: usize = 8;
/// Alternatives of alternatives that are looked at as one list.
const MAX_FLAT: usize = 500;

/// For each alternative of base the place of its partner in head.
pub fn matching(
    graph: &Graph<'_>,
    ends: (&View<'_>, &View<'_>),
    ours: &[ShapeId],
    theirs: &[ShapeId],
) -> Vec<Option<usize>> {
    let mut partners: Vec<Option<usize>> = vec![None; ours.len()];
    let mut taken = vec![false; theirs.len()];
    let discriminators = (property_of(ends.0), property_of(ends.1));
    type Key = fn(&Side<'_>, ShapeId, Option<&str>) -> Option<String>;
    let rounds: [Key; 5] = [
        |side, id, _| side.name(id).map(ToString::to_string),
        |side, id, property| tag(side, id, property),
        |side, id, _| Some(side.digest(id).to_string()),
        |side, id, property| loose_tag(side, id, property),
        |side, id, _| side.shape(side.api.resolve(id)).title.as_ref().map(ToString::to_string),
    ];
    for key in rounds {
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, id) in theirs.iter().enumerate().rev().filter(|(at, _)| taken.get(*at) == Some(&false)) {
            if let Some(key) = key(&graph.head, *id, discriminators.1) {
                places.entry(key).or_default().push(at);
            }
        }
        for (id, partner) in ours.iter().zip(&mut partners).filter(|(_, p)| p.is_none()) {
            let Some(key) = key(&graph.base, *id, discriminators.0) else { continue };
            if let Some(at) = places.get_mut(&key).and_then(Vec::pop) {
                *partner = Some(at);
                taken.iter_mut().skip(at).take(1).for_each(|t| *t = true);
            }
        }
    }
    let rest: Vec<usize> = taken.iter().enumerate().filter(|(_, t)| !**t).map(|(at, _)| at).collect();
    let open: Vec<usize> = partners.iter().enumerate().filter(|(_, p)| p.is_none()).map(|(at, _)| at).collect();
    if open.len() > MAX_LEFT || rest.len() > MAX_LEFT {
        return partners;
    }
    let whole = open.len() == rest.len();
    let looked = |side: &Side<'_>, ids: &[ShapeId], at: &[usize]| -> Vec<Leftover> {
        at.iter().filter_map(|at| Some(Leftover::of(side, *at, *ids.get(*at)?))).collect()
    };
    let (mine, other) = (looked(&graph.base, ours, &open), looked(&graph.head, theirs, &rest));
    // A name that the other contract still has is another alternative, not this one renamed.
    let kept = |a: &Leftover, b: &Leftover| {
        let known = |side: &Side<'_>, other: &Side<'_>, l: &Leftover| {
            side.name(l.id).is_some_and(|name| other.names.contains_key(name))
        };
        known(&graph.base, &graph.head, a) || known(&graph.head, &graph.base, b)
    };
    let named = |a: &Leftover, b: &Leftover| graph.base.name(a.id).is_some() && graph.head.name(b.id).is_some();
    let least = |a: &Leftover, b: &Leftover| if named(a, b) { RENAMED } else { 1 };
    let only = |a: &Leftover, b: &Leftover| {
        let of =
            |side: &Side<'_>, all: &[Leftover], id| all.iter().filter(|l| side.hull(l.id) == side.hull(id)).count();
        of(&graph.base, &mine, a.id) == 1 && of(&graph.head, &other, b.id) == 1
    };
    let mut likely: Vec<(usize, usize, usize)> = Vec::new();
    for (n, a) in mine.iter().enumerate() {
        for (m, b) in other.iter().enumerate() {
            if kept(a, b) || graph.base.hull(a.id) != graph.head.hull(b.id) || a.told_apart(b) {
                continue;
            }
            match a.in_common(b) {
                Some(score) if score < least(a, b) => {}
                Some(score) => likely.push((score, a.at, b.at)),
                // Where there are no properties to go by, the only one of its type, or else the same place, is the best guess.
                None if only(a, b) || whole && n == m => likely.push((0, a.at, b.at)),
                None => {}
            }
        }
    }
    if !whole {
        // Where an alternative may have been split or merged, two that are equally near are no partners.
        let all = likely.clone();
        let tied = |(score, a, b): &(usize, usize, usize)| {
            all.iter().filter(|(other, x, y)| other >= score && (x == a || y == b)).count() > 1
        };
        likely.retain(|candidate| !tied(candidate));
    }
    likely.sort_by_key(|(score, a, b)| (std::cmp::Reverse(*score), *a, *b));
    for (_, a, b) in likely {
        let (Some(partner), Some(taken)) = (partners.get_mut(a), taken.get_mut(b)) else { continue };
        if partner.is_none() && !*taken {
            (*partner, *taken) = (Some(b), true);
        }
    }
    partners
}

/// Alternatives of alternatives are alternatives: what is nothing else and has no partner stands for its own.
pub fn flattened(
    graph: &Graph<'_>,
    ends: (&View<'_>, &View<'_>),
    ours: &Choice,
    theirs: &Choice,
) -> (Vec<ShapeId>, Vec<ShapeId>) {
    let keywords = (ours.keyword, theirs.keyword);
    let (mut ours, mut theirs) = (ours.branches.clone(), theirs.branches.clone());
    for _ in 0..MAX_NESTED {
        let nested =
            |side: &Side<'_>, ids: &[ShapeId]| ids.iter().any(|id| union(side.shape(side.api.resolve(*id))).is_some());
        if !nested(&graph.base, &ours) && !nested(&graph.head, &theirs) {
            break;
        }
        let partners = matching(graph, ends, &ours, &theirs);
        let mine = opened(&graph.base, keywords.0, &ours, |at| partners.get(at).is_some_and(Option::is_none));
        let other = opened(&graph.head, keywords.1, &theirs, |at| !partners.contains(&Some(at)));
        if mine.len() == ours.len() && other.len() == theirs.len() {
            break;
        }
        (ours, theirs) = (mine, other);
    }
    (ours, theirs)
}

fn opened(side: &Side<'_>, keyword: Keyword, ids: &[ShapeId], lonely: impl Fn(usize) -> bool) -> Vec<ShapeId> {
    let parts = |(at, id): (usize, &ShapeId)| match union(side.shape(side.api.resolve(*id))) {
        // Within `oneOf`, or as `oneOf`, they are the same only if no value fits two of them.
        Some((own, parts))
            if lonely(at) && ((own, keyword) == (Keyword::AnyOf, Keyword::AnyOf) || apart(side, parts)) =>
        {
            parts.to_vec()
        }
        _ => vec![*id],
    };
    let mut all = Vec::new();
    for entry in ids.iter().enumerate() {
        all.extend(parts(entry));
        if all.len() > MAX_FLAT {
            return ids.to_vec();
        }
    }
    all
}

/// An alternative without a partner, and what it is compared by.
struct Leftover {
    at: usize,
    id: ShapeId,
    names: HashSet<String>,
    tag: Option<String>,
}

impl Leftover {
    fn of(side: &Side<'_>, at: usize, id: ShapeId) -> Self {
        let names = View::of(side, &[id]).properties.iter().map(|m| m.name.to_string()).collect();
        Self { at, id, names, tag: loose_tag(side, id, None) }
    }

    /// True when different values of one property tell them apart.
    fn told_apart(&self, other: &Self) -> bool {
        let property = |tag: &str| tag.split('=').next().map(str::to_string);
        matches!((&self.tag, &other.tag), (Some(a), Some(b)) if a != b && property(a) == property(b))
    }

    /// How much they share, in thousandths of all their properties; `None` when neither has any.
    fn in_common(&self, other: &Self) -> Option<usize> {
        let all = self.names.union(&other.names).count();
        (all > 0).then(|| 1000 * self.names.intersection(&other.names).count() / all)
    }
}

pub fn property_of<'v>(view: &'v View<'_>) -> Option<&'v str> {
    view.discriminator.map(|(d, _)| &*d.property)
}

/// The single value that tells an alternative apart: of the discriminator, or of any property that must be there.
pub fn tag(side: &Side<'_>, id: ShapeId, discriminator: Option<&str>) -> Option<String> {
    tagged(side, id, discriminator, true)
}

/// The same, of any property.
fn loose_tag(side: &Side<'_>, id: ShapeId, discriminator: Option<&str>) -> Option<String> {
    tagged(side, id, discriminator, false)
}

fn tagged(side: &Side<'_>, id: ShapeId, discriminator: Option<&str>, required: bool) -> Option<String> {
    let view = View::of(side, &[id]);
    let single = |member: &Member<'_>| {
        let values = View::of(side, &member.shapes).domain.values?;
        match &*values {
            [only] => Some(format!("{}={only}", member.name)),
            _ => None,
        }
    };
    match discriminator.and_then(|name| view.property(name)) {
        Some(member) => single(member),
        None => view.properties.iter().filter(|m| m.required.is_some() || !required).find_map(single),
    }
}
