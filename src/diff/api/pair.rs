//! Comparing one pair: its own conditions, and the way to the pairs of its parts.

use std::borrow::Cow;

use crate::domain;
use crate::model::api::{Keyword, ShapeId};
use crate::model::origin::Origin;
use crate::model::{Change, ChangeKind, Domain, Effect, Flow, Flows, Types};

use super::graph::{Graph, NodeId, flows};
use super::step::{Leaf, Step, Way, bare};
use super::view::View;
use super::{branches, conditions, objects, values};

/// Where something is written in one of the contracts.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub origin: Option<Origin>,
    /// The shape that holds it.
    pub holder: ShapeId,
    /// False when the keyword itself is not written there and the origin is only the nearest thing to show.
    pub exact: bool,
}

impl Place {
    pub fn exact(origin: Origin, holder: ShapeId) -> Self {
        Self { origin: Some(origin), holder, exact: true }
    }
}

/// What comparing a pair found: changes of the pair itself, and parts to compare.
#[derive(Default)]
pub struct Found {
    pub leaves: Vec<Leaf>,
    pub parts: Vec<(Step, Vec<ShapeId>, Vec<ShapeId>)>,
}

impl Found {
    /// A change of the value itself, edited at one of the two places.
    pub fn change(&mut self, change: Change, base: Place, head: Place) {
        self.leaf(change, None, Flows::BOTH, Some(base), Some(head));
    }

    /// A change that matters only in some flows.
    pub fn masked(&mut self, change: Change, mask: Flows, base: Place, head: Place) {
        self.leaf(change, None, mask, Some(base), Some(head));
    }

    /// A change of the value or, with a suffix, of a part of it that only one side may have.
    pub fn leaf(
        &mut self,
        change: Change,
        suffix: Option<Step>,
        mask: Flows,
        base: Option<Place>,
        head: Option<Place>,
    ) {
        let origin = |place: Option<Place>| place.and_then(|p| p.origin);
        let edited = |place: Option<Place>| place.filter(|p| p.exact).and_then(|p| p.origin);
        let change = Change { base: origin(base), head: origin(head), ..change };
        let key = match (edited(base), edited(head)) {
            (None, None) => (change.base, change.head),
            key => key,
        };
        let place = [base, head].into_iter().flatten().find(|p| p.exact).or(base).or(head);
        self.leaves.push(Leaf {
            change,
            suffix,
            mask,
            key,
            holder: place.map(|p| p.holder),
            by_name: false,
            blocked: Vec::new(),
        });
    }
}

/// Compares a pair and queues its parts.
pub fn compare(graph: &mut Graph<'_>, id: NodeId) {
    let Some((base, head)) = graph.views(id) else { return };
    if let Some(node) = graph.nodes.get_mut(id) {
        node.mask = flows(base.read_only && head.read_only, base.write_only && head.write_only);
    }
    let mut found = Found::default();
    // Nothing said on one side and something on the other is one change, whatever it is that is said.
    let built = |view: &View<'_>| view.has_structure() && view.nots.is_empty();
    let opened = base.is_open() != head.is_open() && (built(&base) || built(&head));
    let tainted = base.tainted || head.tainted;
    if opened {
        open_side(graph, &base, &head, &mut found);
    } else if branches::compare(graph, &base, &head, &mut found) {
        let (ours, theirs) = own_domains(graph, &base, &head);
        let differences = domain::compare(&ours, &theirs);
        values::compare(graph, &base, &head, differences, &mut found);
        let both = |kind: Types| base.domain.types.intersects(kind) && head.domain.types.intersects(kind);
        if both(Types::OBJECT) {
            objects::properties(graph, &base, &head, &mut found);
            objects::others(graph, &base, &head, &mut found);
        }
        if both(Types::ARRAY) {
            objects::items(graph, &base, &head, &mut found);
        }
        values::negations(graph, &base, &head, &mut found);
        conditions::compare(graph, id, &base, &head, &mut found);
    }
    values::annotations(graph, &base, &head, &mut found);
    for (step, base, head) in found.parts {
        graph.add_part(id, step, &base, &head);
    }
    for mut leaf in found.leaves {
        leaf.change.facts.tainted |= tainted;
        if leaf.by_name {
            leaf.blocked.extend([Flow::In, Flow::Out].map(|flow| (flow, id, Way::Subtype)));
        }
        graph.add_leaf(id, leaf);
    }
}

/// The domains without what is said by the alternatives alone: a type that all of them have, and `null` that one of
/// them allows, are no difference of the whole.
fn own_domains<'v>(graph: &Graph<'_>, base: &'v View<'_>, head: &'v View<'_>) -> (Cow<'v, Domain>, Cow<'v, Domain>) {
    let same = (Cow::Borrowed(&base.domain), Cow::Borrowed(&head.domain));
    if base.domain.types == head.domain.types || (base.choices.is_empty() && head.choices.is_empty()) {
        return same;
    }
    let with = |domain: &Domain, types: Types| Cow::Owned(Domain { types, ..domain.clone() });
    let (mut ours, mut theirs) = (base.types_of_alternatives(&graph.base), head.types_of_alternatives(&graph.head));
    let told = |view: &View<'_>| view.null_inside && view.domain.types.contains(Types::NULL);
    let null = !base.choices.is_empty() && !head.choices.is_empty() && (told(base) || told(head));
    if null {
        (ours, theirs) = (ours.union(Types::NULL), theirs.union(Types::NULL));
    }
    match ours == theirs {
        true => (with(&base.domain, ours), with(&head.domain, theirs)),
        false if null => {
            let null = |view: &View<'_>| view.domain.types.union(Types::NULL);
            (with(&base.domain, null(base)), with(&head.domain, null(head)))
        }
        false => same,
    }
}

/// One side allows anything.
fn open_side(graph: &Graph<'_>, base: &View<'_>, head: &View<'_>, found: &mut Found) {
    let effect = if base.is_open() { Effect::Narrows } else { Effect::Widens };
    let change = Change {
        before: Some(values::type_name(&graph.base, base)),
        after: Some(values::type_name(&graph.head, head)),
        ..bare(ChangeKind::TypeChanged, effect)
    };
    let keywords = [Keyword::Type, Keyword::OneOf, Keyword::AnyOf, Keyword::AllOf, Keyword::Properties];
    found.change(change, base.at(&graph.base, &keywords), head.at(&graph.head, &keywords));
}
