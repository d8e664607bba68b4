//! Discriminators: the property that tells alternatives apart, and which value is written for which of them.
//!
//! For an alternative its name is written, and what the entries of `mapping` say. A value that the alternative's own list
//! of values for the property refuses is not written, one that such a list gained or lost is told there, and one that no
//! other alternative lists needs no entry. A value for an alternative that came or went came or went with it.

use std::collections::HashMap;

use crate::model::api::{Discriminator, Keyword, Mapped, ShapeId};
use crate::model::{Change, ChangeKind, Effect};

use super::containment::{Answer, Term};
use super::decide;
use super::graph::Graph;
use super::pair::{Found, Place};
use super::side::Side;
use super::step::bare;
use super::subtypes;
use super::view::View;

/// Compares the discriminators of a pair, for the alternatives that both sides have.
pub fn compare<'a>(
    graph: &Graph<'a>,
    (base, head): (&View<'a>, &View<'a>),
    alternatives: &[(ShapeId, ShapeId)],
    found: &mut Found,
) {
    // A new discriminator only says what could be seen before.
    let Some((ours, holder)) = base.discriminator else { return };
    // Where nothing inherits further, an inherited one tells nothing apart.
    let tells = |side: &Side<'_>, view: &View<'_>| subtypes::below(side, view).is_some_and(|below| !below.is_empty());
    let inherited = holder != base.root && base.choices.is_empty() && head.choices.is_empty();
    let inherited = inherited && !tells(&graph.base, base) && !tells(&graph.head, head);
    let Some((theirs, other)) = head.discriminator.filter(|(theirs, _)| theirs.property == ours.property) else {
        if inherited {
            return;
        }
        let after = head.discriminator.map(|(theirs, _)| theirs.property.to_string());
        let before = Some(ours.property.to_string());
        let change = Change { before, after, ..bare(ChangeKind::DiscriminatorChanged, Effect::Both) };
        let at = [Keyword::Discriminator];
        return found.change(change, base.at(&graph.base, &at), head.at(&graph.head, &at));
    };
    let ends = (End { side: &graph.base, view: base, discriminator: ours, holder }, {
        End { side: &graph.head, view: head, discriminator: theirs, holder: other }
    });
    // What inherits the discriminator is written by its own name wherever it stands.
    let own = [(base.root, head.root)].into_iter().filter(|_| inherited && holder != base.root && other != head.root);
    let all: Vec<(ShapeId, ShapeId)> = alternatives.iter().copied().chain(own).collect();
    turned(graph, &ends, &all, found);
    for at in 0..all.len() {
        written(&ends, &all, at, found);
    }
}

/// A discriminator where it stands.
struct End<'e, 'a> {
    side: &'e Side<'a>,
    view: &'e View<'a>,
    discriminator: &'e Discriminator,
    holder: ShapeId,
}

impl<'e> End<'e, '_> {
    /// The values that the alternative itself lists for the property.
    fn list(&self, id: ShapeId) -> Option<Vec<String>> {
        let view = View::of(self.side, &[id]);
        let values = View::of(self.side, &view.property(&self.discriminator.property)?.shapes).domain.values?;
        Some(values.iter().filter_map(|value| value.as_str()).map(ToString::to_string).collect())
    }

    fn entries(&self, id: ShapeId) -> Vec<&'e Mapped> {
        self.discriminator.entries(self.side.api, id).collect()
    }

    fn entry(&self, value: &str) -> Option<&'e Mapped> {
        self.discriminator.mapping.iter().find(|entry| &*entry.value == value)
    }

    /// True when the value means something, be it an alternative that the other side lacks.
    fn knows(&self, value: &str) -> bool {
        self.entry(value).is_some() || self.side.names.contains_key(value)
    }

    /// The alternative as it stands in the list.
    fn site(&self, id: ShapeId) -> ShapeId {
        let mut branches = self.view.choices.iter().flat_map(|choice| &choice.branches);
        branches.find(|branch| self.side.api.resolve(**branch) == id).copied().unwrap_or(id)
    }

    fn place(&self, entry: &Mapped) -> Place {
        Place::exact(entry.origin, self.holder)
    }

    /// Near what is not written here.
    fn near(&self) -> Place {
        Place { exact: false, ..self.view.at(self.side, &[Keyword::Discriminator]) }
    }

    /// A value that is written for the alternative, in words and with its place: of an entry, else its name.
    fn written(&self, entry: Option<&Mapped>, id: ShapeId) -> Option<(String, String, Place)> {
        if let Some(entry) = entry {
            return Some((entry.value.to_string(), self.text(&entry.value, id), self.place(entry)));
        }
        let name = self.side.spelled(id)?.to_string();
        let id = self.side.api.resolve(id);
        let place = self.side.shape(id).origin.map_or(self.near(), |origin| Place::exact(origin, id));
        Some((name.clone(), self.text(&name, id), place))
    }

    /// `card: CreditCard`, or the name alone where that is the value.
    fn text(&self, value: &str, id: ShapeId) -> String {
        match self.side.name(id) {
            Some(name) if name != value => format!("{value}: {name}"),
            _ => value.to_string(),
        }
    }
}

/// Values that mean another alternative than before.
fn turned<'a>(
    graph: &Graph<'a>,
    ends: &(End<'_, 'a>, End<'_, 'a>),
    alternatives: &[(ShapeId, ShapeId)],
    found: &mut Found,
) {
    let (base, head) = ends;
    let partners: HashMap<ShapeId, ShapeId> =
        alternatives.iter().map(|(a, b)| (base.side.api.resolve(*a), head.side.api.resolve(*b))).collect();
    for entry in &base.discriminator.mapping {
        let Some(ours) = entry.target.map(|target| base.side.api.resolve(target)) else { continue };
        let Some(other) = head.entry(&entry.value) else { continue };
        let Some(theirs) = other.target.map(|target| head.side.api.resolve(target)) else { continue };
        let sites = (base.site(ours), head.site(theirs));
        // An alternative that came may be what a part of another was, and one that went may have become such a part.
        let effect = match (partners.get(&ours), partners.values().any(|known| *known == theirs)) {
            (Some(partner), _) if *partner == theirs => continue,
            (Some(_), true) => Effect::Both,
            (Some(_), false) => Effect::of(is_lost(graph, ends, sites, &entry.value), false),
            (None, true) => Effect::of(false, is_gained(graph, ends, sites, &entry.value)),
            // Told as alternatives that came and went.
            (None, false) => continue,
        };
        // Whoever takes it for what it was before finds all that it had then.
        if effect == Effect::Same {
            continue;
        }
        let change = Change {
            detail: entry.value.to_string(),
            before: Some(base.text(&entry.value, ours)),
            after: Some(head.text(&entry.value, theirs)),
            ..bare(ChangeKind::DiscriminatorChanged, effect)
        };
        found.change(change, base.place(entry), head.place(other));
    }
}

/// True when what was written with that value may be refused where the value means another schema.
fn is_lost<'a>(
    graph: &Graph<'a>,
    (base, head): &(End<'_, 'a>, End<'_, 'a>),
    (ours, theirs): (ShapeId, ShapeId),
    value: &str,
) -> bool {
    let inner = [Term::Alone(base.view, ours), Term::Written(&base.discriminator.property, value)];
    decide::lost(graph, &inner, &[Term::Branch(head.view, theirs)]) != Answer::Inside
}

/// True when what is written with that value now may not have been before.
fn is_gained<'a>(
    graph: &Graph<'a>,
    (base, head): &(End<'_, 'a>, End<'_, 'a>),
    (ours, theirs): (ShapeId, ShapeId),
    value: &str,
) -> bool {
    let inner = [Term::Alone(head.view, theirs), Term::Written(&head.discriminator.property, value)];
    decide::gained(graph, &inner, &[Term::Branch(base.view, ours)]) != Answer::Inside
}

/// True when only the entry, or the name, says that a value went: seen from the side that has it.
fn is_said(value: &str, here: &Option<Vec<String>>, there: &Option<Vec<String>>, others: impl Fn() -> bool) -> bool {
    let lists = |list: &Vec<String>| list.iter().any(|listed| listed == value);
    match (here.as_ref().map(lists), there.as_ref().map(lists)) {
        (Some(false), _) | (Some(true), Some(false)) => false,
        (_, Some(true)) => others(),
        _ => true,
    }
}

/// Values that came or went for one alternative.
fn written(ends: &(End<'_, '_>, End<'_, '_>), all: &[(ShapeId, ShapeId)], at: usize, found: &mut Found) {
    let (base, head) = ends;
    let Some((ours, theirs)) = all.get(at).copied() else { return };
    let (mine, other) = (base.entries(ours), head.entries(theirs));
    let names = (base.side.spelled(ours), head.side.spelled(theirs));
    let is_written = |entries: &[&Mapped], name: Option<&str>, value: &str| {
        name == Some(value) || entries.iter().any(|entry| &*entry.value == value)
    };
    let mut lost = mine.clone();
    lost.retain(|entry| !is_written(&other, names.1, &entry.value) && head.entry(&entry.value).is_none());
    let mut gained = other.clone();
    gained.retain(|entry| !is_written(&mine, names.0, &entry.value) && !base.knows(&entry.value));
    let change = |before: String, after: String, value: &str, effect: Effect| Change {
        detail: value.to_string(),
        before: Some(before),
        after: Some(after),
        ..bare(ChangeKind::DiscriminatorChanged, effect)
    };
    // Where one value stays, the name is not what is written.
    let stays = |value: &str| is_written(&other, names.1, value);
    // A name that only refers to the schema is a name of it.
    let is = |side: &Side<'_>, name: Option<&str>, shape: ShapeId| {
        name.and_then(|name| side.names.get(name)).is_some_and(|id| side.api.resolve(*id) == side.api.resolve(shape))
    };
    let alias = is(head.side, names.0, theirs) || is(base.side, names.1, ours);
    let renamed = names.0 != names.1 && !alias;
    let renamed = renamed && !names.0.is_some_and(stays) && !mine.iter().any(|entry| stays(&entry.value));
    if lost.is_empty() && gained.is_empty() && !renamed {
        return;
    }
    let lists = (base.list(ours), head.list(theirs));
    let others = |value: &str, end: &End<'_, '_>, of: fn(&(ShapeId, ShapeId)) -> ShapeId| {
        let rest = all.iter().enumerate().filter(|(other, _)| *other != at).filter_map(|(_, pair)| end.list(of(pair)));
        rest.into_iter().any(|list| list.iter().any(|listed| listed == value))
    };
    let went = |value: &str| is_said(value, &lists.0, &lists.1, || others(value, head, |pair| pair.1));
    let came = |value: &str| is_said(value, &lists.1, &lists.0, || others(value, base, |pair| pair.0));
    lost.retain(|entry| went(&entry.value));
    gained.retain(|entry| came(&entry.value));
    let renamed = renamed && names.0.is_some_and(went) && names.1.is_some_and(came);
    match (lost.as_slice(), gained.as_slice()) {
        (lost, gained) if renamed || (lost.len() == 1 && gained.len() == 1) => {
            let (old, new) = (base.written(lost.first().copied(), ours), head.written(gained.first().copied(), theirs));
            if let (Some((value, before, ours)), Some((_, after, theirs))) = (old, new) {
                found.change(change(before, after, &value, Effect::Both), ours, theirs);
            }
        }
        _ => {
            for entry in &lost {
                let value = &entry.value;
                let change = change(base.text(value, ours), format!("{value}: nothing"), value, Effect::Narrows);
                found.change(change, base.place(entry), head.near());
            }
            for entry in &gained {
                let value = &entry.value;
                let change = change(format!("{value}: nothing"), head.text(value, theirs), value, Effect::Widens);
                found.change(change, base.near(), head.place(entry));
            }
        }
    }
}
