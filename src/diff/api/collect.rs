//! From what each pair found to the list of changes: one edit, one change, with all its uses.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::model::api::{Keyword, ShapeId};
use crate::model::origin::Origin;
use crate::model::{Change, ChangeKind, Effect, Flow, Flows, Usage};

use super::graph::{Graph, NodeId};
use super::side::Side;
use super::step::{Leaf, Step, bare};
use super::usages::{Usages, Use};
use super::{subtypes, wire};

/// What makes two changes one: the same event at the same place of the files.
type Key = (ChangeKind, Option<Origin>, Option<Origin>, String, Option<String>);

/// Merges changes of operations and of pairs.
pub fn collect(graph: &Graph<'_>, changes: Vec<Change>) -> Vec<Change> {
    let mut merged = Merged::default();
    for change in changes {
        let key = (change.base, change.head);
        merged.add(change, key, 0);
    }
    let mut usages = Usages::new(graph);
    let turned = graph.turned();
    let mut brought: BTreeMap<NodeId, Merged> = BTreeMap::new();
    for (id, node) in graph.nodes.iter().enumerate() {
        if node.leaves.is_empty() {
            continue;
        }
        let name = graph.name(id);
        let used = usages.of(id);
        for leaf in &node.leaves {
            let mut blocked = leaf.blocked.clone();
            if leaf.by_name {
                let ways = subtypes::listed_beside(graph, id);
                blocked.extend(ways.iter().flat_map(|way| [(Flow::In, id, *way), (Flow::Out, id, *way)]));
            }
            let open = (!blocked.is_empty()).then(|| usages.but(id, &blocked));
            let all = &used;
            let used = open.as_ref().unwrap_or(all);
            let mut flows = usages.flows(id);
            // Told elsewhere wherever it matters; or names in which nothing is sent.
            if (used.is_empty() && !all.is_empty()) || (leaf.by_name && flows.is_empty()) {
                continue;
            }
            if open.is_some() && !used.is_empty() {
                flows = flows.intersection(used.iter().fold(Flows::NONE, |flows, u| flows.with(u.usage.flow)));
            }
            let (mut change, rank) = named(graph, (flows, used), id, &name, leaf);
            written(graph, (usages.written(id), used), id, &mut change, leaf);
            // What is only written in XML matters to nobody who never writes XML.
            if change.kind == ChangeKind::XmlChanged && change.usages.is_empty() {
                continue;
            }
            match turned.get(id).copied().flatten() {
                Some(reference) => brought.entry(reference).or_default().add(change, leaf.key, rank),
                None => merged.add(change, leaf.key, rank),
            }
        }
    }
    for (id, parts) in brought {
        let change = reference(graph, id, parts.finish(graph));
        let key = (change.base, change.head);
        merged.add(change, key, 0);
    }
    merged.finish(graph)
}

/// What a reference to another schema brings, told where the reference is written. A single difference keeps its kind.
fn reference(graph: &Graph<'_>, id: NodeId, mut parts: Vec<Change>) -> Change {
    let at = |side: &Side<'_>, site: Option<ShapeId>| {
        let shape = side.shape(site?);
        shape.keyword(Keyword::Reference).or(shape.origin)
    };
    let node = graph.nodes.get(id);
    let places = node.map(|n| (at(&graph.base, n.sites.0), at(&graph.head, n.sites.1))).unwrap_or_default();
    if let [_] = parts.as_slice()
        && let Some(only) = parts.pop()
    {
        return Change { base: places.0.or(only.base), head: places.1.or(only.head), ..only };
    }
    let text = |side: &Side<'_>, ids: &[ShapeId]| ids.first().map(|id| side.api.type_name(*id));
    let mut seen = HashSet::new();
    let all = parts.iter().flat_map(|part| &part.usages);
    let usages = all.filter(|u| seen.insert((&u.operation, u.flow, &u.location))).cloned().collect();
    Change {
        subject: graph.name(id),
        before: node.and_then(|n| text(&graph.base, &n.base)),
        after: node.and_then(|n| text(&graph.head, &n.head)),
        effect: parts.iter().fold(Effect::Same, |effect, part| effect.and(part.effect)),
        flows: parts.iter().fold(Flows::NONE, |flows, part| flows.union(part.flows)),
        base: places.0,
        head: places.1,
        usages,
        parts,
        ..bare(ChangeKind::ReferenceChanged, Effect::Same)
    }
}

/// The change with its subject, flows and uses, and how far its place is from the pair it was found in.
fn named(graph: &Graph<'_>, (flows, used): (Flows, &[Use]), id: NodeId, name: &str, leaf: &Leaf) -> (Change, usize) {
    let mut change = leaf.change.clone();
    change.subject = name.to_string();
    let mut part = String::new();
    if let Some(step) = &leaf.suffix {
        change.subject.push_str(&step.text());
        step.add_to_route(&mut part);
    }
    change.flows = flows.intersection(leaf.mask);
    if change.flows.is_empty() && !flows.is_empty() {
        // It is used, and hurts nobody there.
        (change.flows, change.effect) = (flows, Effect::Same);
    }
    let whole = |usage: &Usage| match part.as_str() {
        "" => usage.clone(),
        part => Usage { path: format!("{}{part}", usage.path).into(), ..usage.clone() },
    };
    change.usages = used.iter().map(|u| &u.usage).filter(|u| leaf.mask.has(u.flow)).map(whole).collect();
    if change.kind == ChangeKind::ReadOnlyChanged {
        change.facts.required = is_required(graph, id);
    }
    if change.kind == ChangeKind::XmlChanged {
        change.usages.retain(|usage| usage.location.contains("xml"));
    }
    let own = graph.nodes.get(id).is_some_and(|n| {
        leaf.holder.is_some_and(|holder| n.base.first() == Some(&holder) || n.head.first() == Some(&holder))
    });
    (change, usize::from(!own))
}

/// True for a property that some object must carry, before and after.
fn is_required(graph: &Graph<'_>, id: NodeId) -> bool {
    let edges = graph.nodes.get(id).map(|node| node.edges.as_slice()).unwrap_or_default();
    edges.iter().any(|edge| match (&edge.step, graph.views(edge.from)) {
        (Step::Property(name), Some((base, head))) => base.requires(name) && head.requires(name),
        _ => false,
    })
}

/// Where values are written as text, the change may do less: the uses and flows that it does nothing to do not count.
fn written(
    graph: &Graph<'_>,
    ((texts, typed), used): ((Flows, Flows), &[Use]),
    id: NodeId,
    change: &mut Change,
    leaf: &Leaf,
) {
    let texts = texts.intersection(leaf.mask);
    // The effect of a part that came or went is that on the whole.
    if texts.is_empty() || leaf.suffix.is_some() {
        return;
    }
    let effect = wire::as_text(graph, id, change);
    if effect == change.effect {
        return;
    }
    let typed = typed.intersection(leaf.mask);
    if typed.is_empty() {
        change.effect = effect;
        return;
    }
    let hurt = match effect {
        Effect::Same => Flows::NONE,
        Effect::Narrows => Flows::IN,
        Effect::Widens => Flows::OUT,
        Effect::Both | Effect::Undecided => Flows::BOTH,
    };
    change.flows = typed.union(texts.intersection(hurt));
    let kept = |usage: &Usage| {
        let same = |u: &&Use| u.usage.operation == usage.operation && u.usage.location == usage.location;
        used.iter().find(same).is_none_or(|u| !u.text || hurt.has(usage.flow))
    };
    change.usages.retain(kept);
}

/// `query.limit`: what a parameter is called that several operations share.
fn parameter(change: &Change) -> Option<String> {
    let valued = change.kind >= ChangeKind::EntityAdded;
    let start = ["query.", "path.", "header.", "cookie."].iter().filter_map(|place| {
        let own = change.subject.strip_prefix(place).map(|_| 0);
        own.or_else(|| change.subject.find(&format!(" {place}")).map(|at| at + 1))
    });
    start.min().filter(|_| !valued).map(|at| change.subject[at..].to_string())
}

#[derive(Default)]
struct Merged {
    changes: Vec<(Change, usize)>,
    places: HashMap<Key, usize>,
    /// Changes that several operations share: an edit of what they all inherit.
    shared: HashSet<usize>,
}

impl Merged {
    fn add(&mut self, change: Change, (base, head): (Option<Origin>, Option<Origin>), rank: usize) {
        let unplaced = (base.is_none() && head.is_none()).then(|| change.subject.clone());
        let key = (change.kind, base, head, change.detail.clone(), unplaced);
        let Some(at) = self.places.get(&key).copied() else {
            self.places.insert(key, self.changes.len());
            self.changes.push((change, rank));
            return;
        };
        let Some((known, known_rank)) = self.changes.get_mut(at) else { return };
        self.shared.insert(at);
        if known.subject != change.subject
            && let Some(own) = parameter(known).filter(|own| parameter(&change).as_ref() == Some(own))
        {
            known.subject = own;
        }
        let mut other = change;
        if rank < *known_rank {
            std::mem::swap(known, &mut other);
            *known_rank = rank;
        }
        known.effect = known.effect.and(other.effect);
        known.flows = known.flows.union(other.flows);
        known.lost = known.lost.take().or(other.lost);
        known.gained = known.gained.take().or(other.gained);
        known.usages.append(&mut other.usages);
    }

    fn finish(self, graph: &Graph<'_>) -> Vec<Change> {
        let (base, shared) = (graph.base.api, self.shared);
        let title = if base.title.is_empty() { base.path.to_string() } else { base.title.to_string() };
        let mut changes: Vec<Change> = Vec::with_capacity(self.changes.len());
        for (at, (mut change, _)) in self.changes.into_iter().enumerate() {
            // What stands in one operation is that operation's, however many paths lead to it.
            let written = change.head.or(change.base);
            let own = change.usages.iter().any(|u| written.is_some_and(|o| o.within(u.origin)));
            if change.kind == ChangeKind::SecurityChanged && shared.contains(&at) && !own {
                change.subject.clone_from(&title);
            }
            if shared.contains(&at) {
                let mut seen = HashSet::new();
                change.usages.retain(|u| seen.insert((u.operation.clone(), u.flow, u.location.clone())));
            }
            changes.push(change);
        }
        changes
    }
}
