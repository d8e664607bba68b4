//! What is said about sets of values is proven before it is told.
//!
//! Structure suggests what is lost or gained, part by part; what stands beside the part, or beside the alternative that it
//! is, may make up for it. So the value that is to show it is judged by both schemas as a whole, a better one is looked for,
//! and last the sets are compared: what is refuted is not told. Where that stays open, and where nothing stands beside plain
//! conditions, what structure says stands.

use std::collections::{BTreeSet, HashSet, VecDeque};

use serde_json::Value;

use crate::model::api::ShapeId;
use crate::model::origin::Text;
use crate::model::{Change, ChangeKind, Effect, Flow, Flows, Witness};

use super::containment::{Answer, Budget, Term, confirmed, shown, within};
use super::graph::{Graph, NodeId};
use super::moved::Alternatives;
use super::sample::{gained_by_head, lost_by_head};
use super::side::Side;
use super::step::{Leaf, Step, Way};
use super::usages;
use super::view::View;

/// Schemas in all documents that are written for proofs.
const BUDGET: usize = 800;
/// Places that one pair is looked at; beyond that it is told as it was found.
const MAX_PLACES: usize = 24;

/// Checks all changes of all pairs, in the flows they have.
pub fn prove(graph: &mut Graph<'_>) {
    let all = usages::all_flows(graph);
    let budget = Budget::of(BUDGET);
    let alternatives = Alternatives::new(graph, &all);
    for (id, flows) in all.iter().copied().enumerate() {
        let Some(node) = graph.nodes.get_mut(id) else { continue };
        let declared =
            |leaf: &Leaf| matches!(leaf.change.kind, ChangeKind::AttributeRemoved | ChangeKind::AttributeAdded);
        if !node.leaves.iter().any(|leaf| claims(leaf) || declared(leaf)) {
            continue;
        }
        let leaves = std::mem::take(&mut node.leaves);
        let mut kept = proven(graph, &budget, (id, flows), leaves);
        kept.retain_mut(|leaf| alternatives.stands(graph, id, leaf));
        if let Some(node) = graph.nodes.get_mut(id) {
            node.leaves = kept;
        }
    }
}

/// True when the change says something about which values there are.
fn claims(leaf: &Leaf) -> bool {
    use ChangeKind as K;
    let change = &leaf.change;
    let valued =
        change.kind >= K::TypeChanged && change.kind <= K::CompositionChanged || change.kind == K::KeywordChanged;
    let attribute = matches!(change.kind, K::AttributeAdded | K::AttributeRequired | K::AttributeOptional);
    let certain = matches!(change.effect, Effect::Narrows | Effect::Widens | Effect::Both);
    (valued || attribute) && change.kind != K::FormatChanged && certain && !leaf.by_name
}

/// True for a property that went and that its object is said to refuse.
fn refuses(change: &Change) -> bool {
    change.kind == ChangeKind::AttributeRemoved && change.lost.is_some()
}

fn proven(graph: &Graph<'_>, budget: &Budget, (id, flows): (NodeId, Flows), leaves: Vec<Leaf>) -> Vec<Leaf> {
    let places = places(graph, id);
    let bare = |place: &Place<'_>| {
        let bare = |view: &View<'_>| !view.has_structure() && !view.has_conditions();
        bare(&place.base) && bare(&place.head)
    };
    if places.iter().all(bare) {
        return leaves;
    }
    // What no operation uses is told all the same, so it has to be true.
    let flows = if flows.is_empty() { Flows::BOTH } else { flows };
    let check = Check { graph, budget, id, places };
    let checked = leaves.into_iter().filter_map(|mut leaf| match claims(&leaf) {
        true => check.leaf(leaf, flows),
        false => {
            if refuses(&leaf.change) && !check.refused(&leaf) {
                leaf.change.lost = None;
            }
            (!check.is_elsewhere(&leaf)).then_some(leaf)
        }
    });
    checked.collect()
}

/// A pair at which a claim is judged: the pair itself, or those that it is an alternative of.
struct Place<'a> {
    way: Way,
    base: View<'a>,
    head: View<'a>,
}

/// Where a pair stands as a whole value. Empty when there are too many such places.
fn places<'a>(graph: &Graph<'a>, id: NodeId) -> Vec<Place<'a>> {
    let is_whole = |id: NodeId| {
        let node = graph.nodes.get(id);
        node.is_none_or(|node| {
            let own = node.edges.iter().any(|edge| !matches!(edge.step, Step::Branch(_)));
            own || !node.roots.is_empty() || node.edges.is_empty()
        })
    };
    let upwards = |id: NodeId| {
        let edges = graph.nodes.get(id).map(|node| node.edges.as_slice()).unwrap_or_default();
        edges.iter().enumerate().filter(|(_, edge)| matches!(edge.step, Step::Branch(_)))
    };
    let mut seen: HashSet<(Way, NodeId)> = HashSet::new();
    let mut nodes: Vec<(Way, NodeId)> = is_whole(id).then_some((Way::Own, id)).into_iter().collect();
    let mut open: VecDeque<(Way, NodeId)> = upwards(id).map(|(number, edge)| (Way::Edge(number), edge.from)).collect();
    while let Some((way, at)) = open.pop_front() {
        if !seen.insert((way, at)) {
            continue;
        }
        if seen.len() > MAX_PLACES {
            return Vec::new();
        }
        if is_whole(at) {
            nodes.push((way, at));
        }
        open.extend(upwards(at).map(|(_, edge)| (way, edge.from)));
    }
    let place = |(way, id)| graph.views(id).map(|(base, head)| Place { way, base, head });
    nodes.into_iter().filter_map(place).collect()
}

/// What became of a claim.
enum Proof {
    Stands(Option<Witness>),
    /// Nothing shows it, and what stands beside it may make up for it: why that is open.
    Open(String),
    Refuted,
}

struct Check<'c, 'a> {
    graph: &'c Graph<'a>,
    budget: &'c Budget,
    id: NodeId,
    places: Vec<Place<'a>>,
}

impl Check<'_, '_> {
    /// The change as far as it is proven; `None` when nothing is left of it.
    fn leaf(&self, mut leaf: Leaf, flows: Flows) -> Option<Leaf> {
        let flows = flows.intersection(leaf.mask);
        let (loses, gains) = match leaf.change.effect {
            Effect::Narrows => (true, false),
            Effect::Widens => (false, true),
            _ => (true, true),
        };
        let lost = if loses { self.everywhere(Flow::In, flows, &mut leaf) } else { Proof::Refuted };
        let gained = if gains { self.everywhere(Flow::Out, flows, &mut leaf) } else { Proof::Refuted };
        let change = &mut leaf.change;
        let stands = |proof: &Proof| !matches!(proof, Proof::Refuted);
        let mut effect = Effect::of(stands(&lost), stands(&gained));
        if let (Proof::Open(why), _) | (_, Proof::Open(why)) = (&lost, &gained) {
            effect = Effect::Undecided;
            change.facts.undecided = Some(why.clone());
        }
        if effect == Effect::Same && change.kind != ChangeKind::AttributeAdded {
            return None;
        }
        let witness = |proof| match proof {
            Proof::Stands(witness) => witness,
            _ => None,
        };
        (change.effect, change.lost, change.gained) = (effect, witness(lost), witness(gained));
        Some(leaf)
    }

    /// The best proof of all places; ways on which it is refuted are blocked.
    fn everywhere(&self, flow: Flow, flows: Flows, leaf: &mut Leaf) -> Proof {
        let slot = if flow == Flow::In { &mut leaf.change.lost } else { &mut leaf.change.gained };
        let witness = slot.take();
        // A new property in what comes back is no loss whatever else it is.
        let told = flows.has(flow) && !(flow == Flow::Out && leaf.change.kind == ChangeKind::AttributeAdded);
        if !told || self.places.is_empty() {
            return Proof::Stands(witness);
        }
        let mut best = Proof::Refuted;
        let (mut refuted, mut held): (Vec<Way>, Vec<Way>) = (Vec::new(), Vec::new());
        for place in &self.places {
            let proof = self.at(place, flow, witness.as_ref(), leaf);
            let list = if matches!(proof, Proof::Refuted) { &mut refuted } else { &mut held };
            list.push(place.way);
            best = match (best, proof) {
                (Proof::Stands(known), Proof::Stands(value)) => Proof::Stands(known.or(value)),
                (known, Proof::Refuted) => known,
                (Proof::Refuted | Proof::Open(_), proof) => proof,
                (known, Proof::Open(_)) => known,
            };
        }
        if !held.is_empty() {
            refuted.retain(|way| !held.contains(way));
            leaf.blocked.extend(refuted.into_iter().map(|way| (flow, self.id, way)));
        }
        best
    }

    /// True for a property that only moved: out of all alternatives, or into each.
    fn is_elsewhere(&self, leaf: &Leaf) -> bool {
        let (kind, Some(Step::Property(name))) = (leaf.change.kind, &leaf.suffix) else { return false };
        let Some((base, head)) = self.graph.views(self.id) else { return false };
        let (ours, theirs) = (&self.graph.base, &self.graph.head);
        let (own, other) = match kind {
            ChangeKind::AttributeRemoved => (said(ours, &base, name), theirs),
            ChangeKind::AttributeAdded => (said(theirs, &head, name), ours),
            _ => return false,
        };
        let declares = |view: &View<'_>| said(other, view, name) == own;
        let each = |view: &View<'_>| {
            let of = |branch: &ShapeId| declares(&View::of(other, &[*branch]));
            view.choices.iter().any(|choice| choice.branches.iter().all(of))
        };
        let there = |place: &Place<'_>| {
            let view = if kind == ChangeKind::AttributeRemoved { &place.head } else { &place.base };
            declares(view) || each(view)
        };
        own.is_some() && !self.places.is_empty() && self.places.iter().all(there)
    }

    /// True when somewhere a value is refused with the property that went, and not without it.
    fn refused(&self, leaf: &Leaf) -> bool {
        let (Some(witness), Some(Step::Property(name))) = (&leaf.change.lost, &leaf.suffix) else { return false };
        let mut without = witness.value.clone();
        without.as_object_mut().map(|entries| entries.remove(&**name));
        let lost = |place: &Place<'_>, value: &Value| {
            let (ours, theirs) = ([Term::All(&place.base.set)], [Term::All(&place.head.set)]);
            let (base, head) = ((&self.graph.base, &ours[..]), (&self.graph.head, &theirs[..]));
            matches!(confirmed(self.budget, Flow::In, base, head, std::slice::from_ref(value)), Ok(Some(_)))
        };
        self.places.iter().any(|place| lost(place, &witness.value) && !lost(place, &without))
    }

    fn at(&self, place: &Place<'_>, flow: Flow, suggested: Option<&Witness>, leaf: &Leaf) -> Proof {
        let (ours, theirs) = ([Term::All(&place.base.set)], [Term::All(&place.head.set)]);
        let (base, head) = ((&self.graph.base, &ours[..]), (&self.graph.head, &theirs[..]));
        let (inner, outer) = if flow == Flow::In { (base, head) } else { (head, base) };
        let wrap = |value| if flow == Flow::In { lost_by_head(value, None) } else { gained_by_head(value, None) };
        if let Some(witness) = suggested {
            match confirmed(self.budget, flow, inner, outer, std::slice::from_ref(&witness.value)) {
                Ok(Some(_)) | Err(_) => return Proof::Stands(Some(witness.clone())),
                // A change that is about one value stands and falls with it.
                Ok(None) if is_value(&leaf.change) => return Proof::Refuted,
                Ok(None) => {}
            }
        }
        let names: BTreeSet<Text> = match &leaf.suffix {
            Some(Step::Property(name)) => BTreeSet::from([name.clone()]),
            _ => BTreeSet::new(),
        };
        if let Some(value) = shown(self.budget, flow, inner, outer, &names) {
            return Proof::Stands(wrap(value));
        }
        match within(self.budget, flow, inner, outer) {
            Answer::Inside => Proof::Refuted,
            Answer::Outside(value) => Proof::Stands(value.and_then(wrap)),
            // What was suggested is refuted, so nothing shows it.
            Answer::Unknown(why) if is_crowded(&place.base) || is_crowded(&place.head) => Proof::Open(why),
            Answer::Unknown(_) => Proof::Stands(None),
        }
    }
}

fn is_value(change: &Change) -> bool {
    matches!(change.kind, ChangeKind::EnumValueAdded | ChangeKind::EnumValueRemoved)
}

/// True when several conditions hold together, so that one of them says little.
fn is_crowded(view: &View<'_>) -> bool {
    let applied = view.applied.iter().filter(|(applied, _)| applied.in_place()).count();
    view.choices.len() + view.nots.len() + applied > 1
}

/// What a view says of a property.
fn said(side: &Side<'_>, view: &View<'_>, name: &str) -> Option<Vec<u64>> {
    let mut digests: Vec<u64> = view.property(name)?.shapes.iter().map(|id| side.digest(*id)).collect();
    digests.sort_unstable();
    Some(digests)
}
