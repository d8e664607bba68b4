//! Who uses a pair: the way from a changed pair back to the operations.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet, VecDeque};

use crate::model::origin::Text;
use crate::model::{Flow, Flows, Usage};

use super::graph::{Edge, Graph, NodeId};
use super::step::{Root, Way};

/// Pairs visited on the way back, over all changes of a contract. A contract that is rewritten altogether has changes and
/// operations in the thousands, and their product is of no use to anyone; beyond the budget each change names one use.
const BUDGET: usize = 5_000_000;

/// Steps of a route that are told; of longer ones, through schemas that refer to each other on and on, the last.
const ROUTE: usize = 24;

/// A use, and whether values are written as text there.
#[derive(Clone)]
pub struct Use {
    pub usage: Usage,
    pub text: bool,
}

/// Finds uses, each pair's once.
pub struct Usages<'g> {
    graph: &'g Graph<'g>,
    flows: Vec<Flows>,
    /// The flows in which values are written as text.
    texts: Vec<Flows>,
    /// The flows in which they are not.
    typed: Vec<Flows>,
    known: HashMap<NodeId, Vec<Use>>,
    budget: usize,
    /// For `In` and `Out`, made when the budget is used up.
    nearest: [Option<Nearest>; 2],
}

/// By pair: the next pair on a shortest way to an operation with the number of the edge to it, and the pair it ends at.
type Nearest = HashMap<NodeId, (Option<(NodeId, usize)>, NodeId)>;

impl<'g> Usages<'g> {
    pub fn new(graph: &'g Graph<'g>) -> Self {
        let (texts, typed) = (flows(graph, |root| root.text), flows(graph, |root| !root.text));
        let both = texts.iter().zip(&typed).map(|(a, b)| a.union(*b)).collect();
        Self { graph, flows: both, texts, typed, known: HashMap::new(), budget: BUDGET, nearest: [None, None] }
    }

    /// The flows a pair has, in time linear in the graph.
    pub fn flows(&self, id: NodeId) -> Flows {
        self.flows.get(id).copied().unwrap_or_default()
    }

    /// The flows in which values are written as text, and those in which they are not.
    pub fn written(&self, id: NodeId) -> (Flows, Flows) {
        let of = |flows: &[Flows]| flows.get(id).copied().unwrap_or_default();
        (of(&self.texts), of(&self.typed))
    }

    /// All uses of a pair, each operation, flow and location once with its shortest route; in the order of the contract.
    pub fn of(&mut self, id: NodeId) -> Vec<Use> {
        if let Some(known) = self.known.get(&id) {
            return known.clone();
        }
        let found = self.but(id, &[]);
        self.known.insert(id, found.clone());
        found
    }

    /// All uses but those that only blocked ways lead to.
    pub fn but(&mut self, id: NodeId, blocked: &[(Flow, NodeId, Way)]) -> Vec<Use> {
        let mut found = Vec::new();
        for flow in [Flow::In, Flow::Out] {
            if self.flows(id).has(flow) {
                self.back(id, flow, blocked, &mut found);
            }
        }
        found
    }

    /// Breadth first against the edges, so that the first way found to an operation is a shortest one.
    fn back(&mut self, start: NodeId, flow: Flow, blocked: &[(Flow, NodeId, Way)], found: &mut Vec<Use>) {
        if self.budget == 0 {
            found.extend(self.one(start, flow));
            return;
        }
        // Pair → the pair and edge it was reached through, towards the start.
        let mut reached: HashMap<NodeId, Option<(NodeId, usize)>> = HashMap::from([(start, None)]);
        let mut open = VecDeque::from([start]);
        let mut hits: Vec<(NodeId, usize)> = Vec::new();
        while let Some(at) = open.pop_front() {
            let Some(node) = self.graph.nodes.get(at) else { break };
            let shut = |way: Way| blocked.contains(&(flow, at, way));
            if !shut(Way::Own) {
                hits.extend(node.roots.iter().enumerate().filter(|(_, r)| r.flow == flow).map(|(n, _)| (at, n)));
            }
            for (number, edge) in node.edges.iter().enumerate() {
                if shut(edge.way(number)) {
                    continue;
                }
                if node.mask.has(flow) && self.flows(edge.from).has(flow) && !reached.contains_key(&edge.from) {
                    self.budget = self.budget.saturating_sub(1);
                    reached.insert(edge.from, Some((at, number)));
                    open.push_back(edge.from);
                }
            }
        }
        let mut seen = HashSet::new();
        for (id, number) in hits {
            let Some(root) = self.graph.nodes.get(id).and_then(|n| n.roots.get(number)) else { continue };
            if !seen.insert((root.operation.clone(), root.location.clone())) {
                continue;
            }
            let mut steps = Vec::new();
            let mut at = id;
            while let Some(Some((next, number))) = reached.get(&at) {
                steps.extend(self.graph.nodes.get(*next).and_then(|n| n.edges.get(*number)));
                at = *next;
            }
            // A step costs more than a visit: it is remembered and printed.
            self.budget = self.budget.saturating_sub(10 * steps.len().min(ROUTE) + steps.len());
            found.push(Use { usage: root.usage(route(&steps)), text: root.text });
            if self.budget == 0 {
                break;
            }
        }
    }

    /// One use of a pair, by a shortest route.
    fn one(&mut self, start: NodeId, flow: Flow) -> Option<Use> {
        let slot = usize::from(flow == Flow::Out);
        if self.nearest[slot].is_none() {
            self.nearest[slot] = Some(self.nearest(flow));
        }
        let nearest = self.nearest[slot].as_ref()?;
        let (_, end) = nearest.get(&start)?;
        let root = self.graph.nodes.get(*end)?.roots.iter().find(|r| r.flow == flow)?;
        let mut steps = Vec::new();
        let mut at = start;
        while let Some((Some((next, number)), _)) = nearest.get(&at)
            && steps.len() <= ROUTE
        {
            steps.extend(self.graph.nodes.get(at).and_then(|n| n.edges.get(*number)));
            at = *next;
        }
        steps.reverse();
        Some(Use { usage: root.usage(route(&steps)), text: root.text })
    }

    fn nearest(&self, flow: Flow) -> Nearest {
        let nodes = &self.graph.nodes;
        let mut parts: Vec<Vec<(NodeId, usize)>> = vec![Vec::new(); nodes.len()];
        for (id, node) in nodes.iter().enumerate().filter(|(_, node)| node.mask.has(flow)) {
            for (number, edge) in node.edges.iter().enumerate().filter(|(_, e)| self.flows(e.from).has(flow)) {
                if let Some(list) = parts.get_mut(edge.from) {
                    list.push((id, number));
                }
            }
        }
        let roots = nodes.iter().enumerate().filter(|(_, node)| node.roots.iter().any(|r| r.flow == flow));
        let mut nearest: Nearest = roots.map(|(id, _)| (id, (None, id))).collect();
        let mut open: VecDeque<(NodeId, NodeId)> = nearest.keys().map(|id| (*id, *id)).collect();
        // Which of two roots at the same distance wins must not depend on the order of the table.
        open.make_contiguous().sort_unstable();
        while let Some((at, end)) = open.pop_front() {
            for (part, number) in parts.get(at).into_iter().flatten() {
                if let Entry::Vacant(place) = nearest.entry(*part) {
                    place.insert((Some((at, *number)), end));
                    open.push_back((*part, end));
                }
            }
        }
        nearest
    }
}

/// The flows that each pair has.
pub fn all_flows(graph: &Graph<'_>) -> Vec<Flows> {
    flows(graph, |_| true)
}

/// Steps from the body inwards as text.
fn route(steps: &[&Edge]) -> Text {
    let told = steps.get(steps.len().saturating_sub(ROUTE)..).unwrap_or_default();
    let mut route = String::from(if told.len() < steps.len() { "$…" } else { "$" });
    told.iter().for_each(|edge| edge.step.add_to_route(&mut route));
    route.into()
}

/// Flows of all pairs: those of the operations that use them in a way that counts, less what is read or write only on the way.
fn flows(graph: &Graph<'_>, counts: impl Fn(&Root) -> bool) -> Vec<Flows> {
    let mut flows = vec![Flows::NONE; graph.nodes.len()];
    let mut parts: Vec<Vec<(NodeId, Flows)>> = vec![Vec::new(); graph.nodes.len()];
    for (id, node) in graph.nodes.iter().enumerate() {
        for edge in &node.edges {
            if let Some(list) = parts.get_mut(edge.from) {
                list.push((id, node.mask));
            }
        }
    }
    let unused = graph.base.api.operations.is_empty() && graph.head.api.operations.is_empty();
    let mut open: VecDeque<(NodeId, Flows)> = VecDeque::new();
    for (id, node) in graph.nodes.iter().enumerate() {
        // A contract without operations is a library: its components may be used both ways.
        let own = if unused {
            Flows::BOTH
        } else {
            node.roots.iter().filter(|r| counts(r)).fold(Flows::NONE, |f, r| f.with(r.flow))
        };
        if !own.is_empty() {
            open.push_back((id, own));
        }
    }
    while let Some((id, more)) = open.pop_front() {
        let Some(known) = flows.get_mut(id) else { continue };
        let all = known.union(more);
        if all == *known {
            continue;
        }
        *known = all;
        for (part, mask) in parts.get(id).into_iter().flatten() {
            open.push_back((*part, all.intersection(*mask)));
        }
    }
    flows
}
