//! Who uses a pair: the way from a changed pair back to the operations.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::model::{Flow, Flows, Usage};

use super::graph::{Graph, NodeId};

/// Pairs visited on the way back, over all changes of a contract. A contract that is rewritten altogether has changes and
/// operations in the thousands, and their product is of no use to anyone; beyond the budget each change names one use.
const BUDGET: usize = 20_000_000;

/// Finds uses, each pair's once.
pub struct Usages<'g> {
    graph: &'g Graph<'g>,
    flows: Vec<Flows>,
    /// The next pair on a shortest way to an operation, by pair and flow.
    known: HashMap<NodeId, Vec<Usage>>,
    budget: usize,
}

impl<'g> Usages<'g> {
    pub fn new(graph: &'g Graph<'g>) -> Self {
        Self { graph, flows: flows(graph), known: HashMap::new(), budget: BUDGET }
    }

    /// The flows a pair has, in time linear in the graph.
    pub fn flows(&self, id: NodeId) -> Flows {
        self.flows.get(id).copied().unwrap_or_default()
    }

    /// All uses of a pair, each operation, flow and location once with its shortest route; in the order of the contract.
    pub fn of(&mut self, id: NodeId) -> Vec<Usage> {
        if let Some(known) = self.known.get(&id) {
            return known.clone();
        }
        let mut found = Vec::new();
        for flow in [Flow::In, Flow::Out] {
            if self.flows(id).has(flow) {
                self.back(id, flow, &mut found);
            }
        }
        self.known.insert(id, found.clone());
        found
    }

    /// Breadth first against the edges, so that the first way found to an operation is a shortest one.
    fn back(&mut self, start: NodeId, flow: Flow, found: &mut Vec<Usage>) {
        // Pair → the pair and edge it was reached through, towards the start.
        let mut reached: HashMap<NodeId, Option<(NodeId, usize)>> = HashMap::from([(start, None)]);
        let mut open = VecDeque::from([start]);
        let mut hits: Vec<(NodeId, usize)> = Vec::new();
        while let Some(at) = open.pop_front() {
            let Some(node) = self.graph.nodes.get(at) else { break };
            hits.extend(node.roots.iter().enumerate().filter(|(_, r)| r.flow == flow).map(|(n, _)| (at, n)));
            if self.budget == 0 && !hits.is_empty() {
                break;
            }
            for (number, edge) in node.edges.iter().enumerate() {
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
            if seen.insert((root.operation.clone(), root.location.clone())) {
                found.push(root.usage(self.route(id, &reached)));
            }
        }
    }

    fn route(&self, from: NodeId, reached: &HashMap<NodeId, Option<(NodeId, usize)>>) -> String {
        let mut route = String::from("$");
        let mut at = from;
        while let Some(Some((next, number))) = reached.get(&at) {
            if let Some(edge) = self.graph.nodes.get(*next).and_then(|n| n.edges.get(*number)) {
                route.push_str(&edge.step.route());
            }
            at = *next;
        }
        route
    }
}

/// Flows of all pairs: those of the operations that use them, less what is read or write only on the way.
fn flows(graph: &Graph<'_>) -> Vec<Flows> {
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
        let own = if unused { Flows::BOTH } else { node.roots.iter().fold(Flows::NONE, |f, r| f.with(r.flow)) };
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
