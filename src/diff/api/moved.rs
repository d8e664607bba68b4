//! Values that one alternative lost or gained and another has: judged at the whole of which both are alternatives.
//!
//! Somewhere inside an alternative a single value came or went. It is carried outwards, from part to whole, in the smallest
//! objects and lists that hold it, up to each schema with alternatives on the way. Where both sides accept what arrives
//! there, and an alternative that speaks of the same part is one that takes it, the value only moved: that way to the uses
//! is blocked. What cannot be carried further counts as told.

use std::collections::{HashSet, VecDeque};

use serde_json::Value;

use crate::domain;
use crate::model::api::ShapeId;
use crate::model::{ChangeKind, Effect, Flow, Flows};

use super::containment::{Budget, Term, accepted};
use super::graph::{Graph, NodeId};
use super::sample;
use super::side::Side;
use super::step::{Leaf, Step, Way};
use super::view::View;

/// Schemas in all documents that are written for it.
const BUDGET: usize = 800;
/// Steps on the ways from one value outwards; beyond that it is told as it was found.
const MAX_STEPS: usize = 100;

/// What is known about all pairs of a graph.
pub struct Alternatives<'g> {
    flows: &'g [Flows],
    /// True for what is an alternative, or part of one.
    inside: Vec<bool>,
    budget: Budget,
}

impl<'g> Alternatives<'g> {
    pub fn new(graph: &Graph<'_>, flows: &'g [Flows]) -> Self {
        let mut inside = vec![false; graph.nodes.len()];
        let mut parts: Vec<Vec<NodeId>> = vec![Vec::new(); graph.nodes.len()];
        let mut open: Vec<NodeId> = Vec::new();
        for (id, node) in graph.nodes.iter().enumerate() {
            if node.edges.iter().any(|edge| matches!(edge.step, Step::Branch(_))) {
                open.push(id);
            }
            for edge in &node.edges {
                if let Some(list) = parts.get_mut(edge.from) {
                    list.push(id);
                }
            }
        }
        while let Some(id) = open.pop() {
            if let Some(known) = inside.get_mut(id).filter(|known| !**known) {
                *known = true;
                open.extend(parts.get(id).into_iter().flatten());
            }
        }
        Self { flows, inside, budget: Budget::of(BUDGET) }
    }

    fn is_inside(&self, id: NodeId) -> bool {
        self.inside.get(id) == Some(&true)
    }

    /// False when the change is about a value that only moved, on all ways to its uses. Ways on which it did are blocked.
    pub fn stands(&self, graph: &Graph<'_>, id: NodeId, leaf: &mut Leaf) -> bool {
        let flow = match (leaf.change.kind, leaf.change.effect) {
            (ChangeKind::EnumValueRemoved, Effect::Narrows) => Flow::In,
            (ChangeKind::EnumValueAdded, Effect::Widens) => Flow::Out,
            _ => return true,
        };
        let witness = if flow == Flow::In { &leaf.change.lost } else { &leaf.change.gained };
        let flows = self.flows.get(id).copied().unwrap_or_default();
        let matters = flows.is_empty() || flows.has(flow);
        let Some(value) = witness.as_ref().map(|witness| &witness.value).filter(|_| matters && self.is_inside(id))
        else {
            return true;
        };
        let walk = Walk { known: self, graph, flow, used: !flows.is_empty(), value };
        let Some((stands, blocked)) = walk.outwards(id) else { return true };
        leaf.blocked.extend(blocked);
        stands
    }
}

/// One value on its way outwards.
struct Walk<'w, 'a> {
    known: &'w Alternatives<'w>,
    graph: &'w Graph<'a>,
    flow: Flow,
    /// False when no operation uses it: then every way counts.
    used: bool,
    value: &'w Value,
}

/// Ways on which the value only moved.
type Blocked = Vec<(Flow, NodeId, Way)>;
/// Steps from a whole to the value, the outermost first.
type Route = Vec<Step>;

impl<'a> Walk<'_, 'a> {
    fn live(&self, id: NodeId) -> bool {
        !self.used || self.known.flows.get(id).is_some_and(|flows| flows.has(self.flow))
    }

    /// Whether a way is left on which the value is lost or gained, and the ways that are not; `None` when there are too
    /// many.
    fn outwards(&self, start: NodeId) -> Option<(bool, Blocked)> {
        let (mut stands, mut steps) = (false, 0);
        let mut blocked = Vec::new();
        let mut seen = HashSet::new();
        let mut open = VecDeque::from([(start, self.value.clone(), Route::new())]);
        while let Some((at, value, route)) = open.pop_front() {
            if !seen.insert(at) {
                continue;
            }
            let node = self.graph.nodes.get(at)?;
            stands |= node.edges.is_empty() || node.roots.iter().any(|root| root.flow == self.flow);
            let live = |id: NodeId| self.live(id) && (!self.used || node.mask.has(self.flow));
            for (number, edge) in node.edges.iter().enumerate().filter(|(_, edge)| live(edge.from)) {
                steps += 1;
                if steps > MAX_STEPS {
                    return None;
                }
                if !self.known.is_inside(edge.from) && !matches!(edge.step, Step::Branch(_)) {
                    stands = true;
                    continue;
                }
                let (base, head) = self.graph.views(edge.from)?;
                let (inner, outer) = match self.flow {
                    Flow::In => ((&self.graph.base, &base), (&self.graph.head, &head)),
                    _ => ((&self.graph.head, &head), (&self.graph.base, &base)),
                };
                let Some(whole) = carried(inner, &edge.step, &value) else {
                    stands = true;
                    continue;
                };
                if matches!(edge.step, Step::Branch(_)) && self.moved(inner, outer, &whole, &route) == Some(true) {
                    blocked.push((self.flow, at, Way::Edge(number)));
                    continue;
                }
                let mut route = route.clone();
                if !matches!(edge.step, Step::Branch(_) | Step::Subtype) {
                    route.insert(0, edge.step.clone());
                }
                open.push_back((edge.from, whole, route));
            }
        }
        Some((stands, blocked))
    }

    /// True when both sides accept the whole, the outer by an alternative that speaks of the value.
    fn moved(
        &self,
        inner: (&Side<'a>, &View<'a>),
        outer: (&Side<'a>, &View<'a>),
        whole: &Value,
        route: &[Step],
    ) -> Option<bool> {
        let branches = outer.1.choices.iter().flat_map(|choice| &choice.branches).copied();
        let takes = |branch: &ShapeId| {
            let part = part(outer.0, *branch, route);
            part.is_some_and(|part| domain::accepts(&part.domain, self.value) == Some(true))
        };
        let mut branches = branches.filter(takes).peekable();
        branches.peek()?;
        let is_value = |side: &Side<'a>, term: Term<'_, 'a>| {
            accepted(&self.known.budget, self.flow, (side, &[term]), whole).unwrap_or(false)
        };
        let both = is_value(inner.0, Term::All(&inner.1.set)) && is_value(outer.0, Term::All(&outer.1.set));
        Some(both && branches.any(|branch| is_value(outer.0, Term::Branch(outer.1, branch))))
    }
}

/// The smallest value that has this one as that part.
fn carried(side: (&Side<'_>, &View<'_>), step: &Step, value: &Value) -> Option<Value> {
    match step {
        Step::Branch(_) | Step::Subtype => Some(value.clone()),
        Step::Property(name) => {
            let mut object = sample::object(side.0, side.1, None)?;
            object.as_object_mut()?.insert(name.to_string(), value.clone());
            Some(object)
        }
        Step::Items => {
            let least = side.1.domain.limits().min_items.unwrap_or(0).max(1);
            let list = Value::Array(vec![value.clone(); usize::try_from(least.min(100)).ok()?]);
            (domain::accepts(&side.1.domain, &list) == Some(true)).then_some(list)
        }
        Step::Additional => {
            let mut object = sample::object(side.0, side.1, Some("other"))?;
            object.as_object_mut()?.insert("other".into(), value.clone());
            Some(object)
        }
        Step::Place(_) | Step::Matching(_) | Step::Applied(_) => None,
    }
}

/// What an alternative says of that part; `None` when it does not speak of it.
fn part<'a>(side: &Side<'a>, branch: ShapeId, route: &[Step]) -> Option<View<'a>> {
    let mut at = View::of(side, &[branch]);
    for step in route {
        let set = match step {
            Step::Property(name) => at.property(name)?.shapes.clone(),
            Step::Items => at.items.clone(),
            _ => return None,
        };
        if set.is_empty() {
            return None;
        }
        at = View::of(side, &set);
    }
    Some(at)
}
