//! Components as entities: which are compared with which, which came, went or were renamed.

use std::collections::HashMap;

use crate::model::api::ShapeId;
use crate::model::change::Facts;
use crate::model::origin::Text;
use crate::model::{Change, ChangeKind, Effect, EntityKind};

use super::graph::{Graph, Owner};
use super::operations::newly_unread;
use super::step::bare;

/// Makes a pair of every component that both sides have, then of those that were renamed and say the same.
pub fn seed(graph: &mut Graph<'_>) {
    let base = graph.base.api;
    for (name, ours) in &base.components {
        if let Some(theirs) = graph.head.names.get(&**name).copied() {
            graph.pair(&[*ours], &[theirs], || Owner::Component(name.clone()));
        }
    }
    let mut fresh: HashMap<u64, Vec<ShapeId>> = HashMap::new();
    for (_, id) in graph.head.api.components.iter().rev().filter(|(name, _)| !graph.base.names.contains_key(&**name)) {
        fresh.entry(graph.head.digest(*id)).or_default().push(*id);
    }
    for (name, ours) in &base.components {
        if graph.head.names.contains_key(&**name) {
            continue;
        }
        if let Some(theirs) = fresh.get_mut(&graph.base.digest(*ours)).and_then(Vec::pop) {
            graph.pair(&[*ours], &[theirs], || Owner::Component(name.clone()));
        }
    }
}

/// Components that came, went or were renamed. Called when all pairs are known: what stands in the place of a component
/// that went is its new name.
pub fn compare(graph: &Graph<'_>) -> Vec<Change> {
    let mut partners: HashMap<ShapeId, &Text> = HashMap::new();
    let mut inlined: HashMap<ShapeId, ()> = HashMap::new();
    for node in &graph.nodes {
        let ([ours], [theirs]) = (&*node.base, &*node.head) else { continue };
        match &graph.head.shape(*theirs).name {
            Some(name) if !graph.base.names.contains_key(&**name) => {
                partners.entry(*ours).or_insert(name);
            }
            Some(_) => {}
            None => {
                inlined.insert(*ours, ());
            }
        }
    }
    let mut changes = Vec::new();
    let mut new_names: HashMap<&Text, ()> = HashMap::new();
    for (name, id) in graph.base.api.components.iter().filter(|(name, _)| !graph.head.names.contains_key(&**name)) {
        let origin = graph.base.shape(*id).origin;
        let partner = partners.get(&graph.base.api.resolve(*id)).filter(|new| new_names.insert(new, ()).is_none());
        changes.push(match partner {
            Some(new) => Change {
                subject: name.to_string(),
                before: Some(name.to_string()),
                after: Some(new.to_string()),
                base: origin,
                head: graph.head.names.get(&***new).and_then(|id| graph.head.shape(*id).origin),
                facts: Facts { other_name: Some(new.to_string()), ..facts() },
                ..bare(ChangeKind::EntityRenamed, Effect::Same)
            },
            None => {
                let tainted = newly_unread(graph);
                let effect = match (tainted, inlined.contains_key(&graph.base.api.resolve(*id))) {
                    (true, _) => Effect::Undecided,
                    (false, true) => Effect::Same,
                    (false, false) => Effect::Narrows,
                };
                Change {
                    subject: name.to_string(),
                    before: Some(name.to_string()),
                    base: origin,
                    facts: Facts { tainted, deprecated: graph.base.shape(*id).deprecated, ..facts() },
                    ..bare(ChangeKind::EntityRemoved, effect)
                }
            }
        });
    }
    let added = graph.head.api.components.iter().filter(|(name, _)| !graph.base.names.contains_key(&**name));
    for (name, id) in added.filter(|(name, _)| !new_names.contains_key(name)) {
        changes.push(Change {
            subject: name.to_string(),
            after: Some(name.to_string()),
            head: graph.head.shape(*id).origin,
            facts: facts(),
            ..bare(ChangeKind::EntityAdded, Effect::Widens)
        });
    }
    changes
}

fn facts() -> Facts {
    Facts { entity: Some(EntityKind::Schema), ..Facts::default() }
}
