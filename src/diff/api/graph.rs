//! Pairs of schemas: each is one node, compared once; edges lead from a value to its parts.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use crate::model::api::{Api, ShapeId};
use crate::model::origin::Text;
use crate::model::{Flow, Flows};

use super::containment::Budget;
use super::pair;
use super::side::Side;
use super::step::{Leaf, Root, Step, Way};
use super::view::View;

/// An index into [`Graph::nodes`].
pub type NodeId = usize;

/// Combinations of merged schemas that are compared beyond this many times the number of shapes are cut to their first
/// member: only contracts made to explode get there.
const MAX_NODES_PER_SHAPE: usize = 8;

/// Schemas in all documents of additional questions.
const SECOND: usize = 4_000;

/// How a pair is called.
#[derive(Debug, Clone)]
pub enum Owner {
    /// A component, by its name in base.
    Component(Text),
    /// A body, parameter or header.
    Root(String),
    /// A part of another pair.
    Part(NodeId, Step),
}

/// A way into a pair: from which pair, by which step.
#[derive(Debug, Clone)]
pub struct Edge {
    pub from: NodeId,
    pub step: Step,
}

impl Edge {
    /// The way this edge of a pair is, by its number.
    pub fn way(&self, number: usize) -> Way {
        match self.step {
            Step::Branch(_) => Way::Edge(number),
            Step::Subtype => Way::Subtype,
            _ => Way::Own,
        }
    }
}

/// A pair of schemas, or rather of sets of schemas that hold together.
pub struct Node {
    pub base: Rc<[ShapeId]>,
    pub head: Rc<[ShapeId]>,
    pub owner: Owner,
    /// The schemas as they stand where the pair was first met: references that lead to it.
    pub sites: (Option<ShapeId>, Option<ShapeId>),
    /// The flows in which the pair exists as a part of others (`readOnly`, `writeOnly`); known once it is compared.
    pub mask: Flows,
    pub edges: Vec<Edge>,
    pub roots: Vec<Root>,
    pub leaves: Vec<Leaf>,
}

/// Sets of shapes of one side, each kept once.
#[derive(Default)]
struct Sets {
    known: HashMap<Rc<[ShapeId]>, u32>,
}

impl Sets {
    fn intern(&mut self, ids: Vec<ShapeId>) -> (u32, Rc<[ShapeId]>) {
        let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        let ids: Rc<[ShapeId]> = ids.into();
        let number = *self.known.entry(ids.clone()).or_insert(next);
        (number, ids)
    }
}

/// All pairs of two contracts.
pub struct Graph<'a> {
    pub base: Side<'a>,
    pub head: Side<'a>,
    pub nodes: Vec<Node>,
    pairs: HashMap<(u32, u32), NodeId>,
    sets: (Sets, Sets),
    open: VecDeque<NodeId>,
    /// For questions about sets of values.
    pub budget: Budget,
    /// For those that are asked in addition: whether alternatives overlap, or one is within another.
    pub second: Budget,
}

impl<'a> Graph<'a> {
    pub fn new(base: &'a Api, head: &'a Api) -> Self {
        Self {
            base: Side::new(base),
            head: Side::new(head),
            nodes: Vec::new(),
            pairs: HashMap::new(),
            sets: Default::default(),
            open: VecDeque::new(),
            budget: Budget::default(),
            second: Budget::of(SECOND),
        }
    }

    /// The pair of these shapes; a new one waits to be compared.
    pub fn pair(&mut self, base: &[ShapeId], head: &[ShapeId], owner: impl FnOnce() -> Owner) -> NodeId {
        let sites = (base.first().copied(), head.first().copied());
        let limit = MAX_NODES_PER_SHAPE * (self.base.api.shapes.len() + self.head.api.shapes.len()) + 1000;
        let exploded = self.nodes.len() > limit;
        let (base_number, base) = self.sets.0.intern(resolved(self.base.api, base, exploded));
        let (head_number, head) = self.sets.1.intern(resolved(self.head.api, head, exploded));
        if let Some(known) = self.pairs.get(&(base_number, head_number)) {
            return *known;
        }
        let id = self.nodes.len();
        let owner = self.component(&base, &head).map_or_else(owner, Owner::Component);
        let (edges, roots, leaves) = Default::default();
        self.nodes.push(Node { base, head, owner, sites, mask: Flows::BOTH, edges, roots, leaves });
        self.pairs.insert((base_number, head_number), id);
        self.open.push_back(id);
        id
    }

    /// The component a pair is, when both sides agree on it: the same name, or a renamed one. Where a reference was turned
    /// to another component, what differs belongs to the place of the reference.
    fn component(&self, base: &[ShapeId], head: &[ShapeId]) -> Option<Text> {
        let ([base], [head]) = (base, head) else { return None };
        let (ours, theirs) = (self.base.shape(*base).name.clone(), self.head.shape(*head).name.clone());
        match (ours, theirs) {
            (Some(ours), Some(theirs)) => {
                let renamed = !self.head.names.contains_key(&*ours) && !self.base.names.contains_key(&*theirs);
                (ours == theirs || renamed).then_some(ours)
            }
            // Inlined, or moved behind a reference: one name is enough if the other side does not use it.
            (Some(ours), None) => (!self.head.names.contains_key(&*ours)).then_some(ours),
            (None, Some(_)) | (None, None) => None,
        }
    }

    /// A use of the pair by an operation.
    pub fn add_root(&mut self, base: ShapeId, head: ShapeId, root: Root) {
        let subject = root.subject.clone();
        let id = self.pair(&[base], &[head], || Owner::Root(subject));
        if let Some(node) = self.nodes.get_mut(id) {
            node.roots.push(root);
        }
    }

    /// A part of a pair.
    pub fn add_part(&mut self, from: NodeId, step: Step, base: &[ShapeId], head: &[ShapeId]) {
        let id = self.pair(base, head, || Owner::Part(from, step.clone()));
        if let Some(node) = self.nodes.get_mut(id) {
            node.edges.push(Edge { from, step });
        }
    }

    /// Both views of a pair.
    pub fn views(&self, id: NodeId) -> Option<(View<'a>, View<'a>)> {
        let node = self.nodes.get(id)?;
        Some((View::of(&self.base, &node.base), View::of(&self.head, &node.head)))
    }

    /// Compares all pairs that wait, and those they lead to.
    pub fn run(&mut self) {
        while let Some(id) = self.open.pop_front() {
            pair::compare(self, id);
        }
    }

    pub fn add_leaf(&mut self, id: NodeId, leaf: Leaf) {
        if let Some(node) = self.nodes.get_mut(id) {
            node.leaves.push(leaf);
        }
    }

    /// The pair whose reference was turned to another schema, if that is where this one comes from. What differs between
    /// two schemas that both were there before is an edit of the reference, not of either.
    pub fn turned(&self) -> Vec<Option<NodeId>> {
        let mut turned: Vec<Option<NodeId>> = Vec::with_capacity(self.nodes.len());
        for (id, node) in self.nodes.iter().enumerate() {
            // Parts are younger than what they are part of.
            let outer = match node.owner {
                Owner::Part(from, _) => turned.get(from).copied().flatten(),
                _ => None,
            };
            turned.push(outer.or_else(|| self.is_turned(node).then_some(id)));
        }
        turned
    }

    fn is_turned(&self, node: &Node) -> bool {
        let ([base], [head]) = (&*node.base, &*node.head) else { return false };
        if matches!(node.owner, Owner::Component(_)) {
            return false;
        }
        match (&self.base.shape(*base).name, &self.head.shape(*head).name) {
            (Some(_), Some(_)) => true,
            (Some(ours), None) => self.head.names.contains_key(&**ours),
            (None, Some(theirs)) => self.base.names.contains_key(&**theirs),
            (None, None) => false,
        }
    }

    /// How the pair is called in subjects.
    pub fn name(&self, id: NodeId) -> String {
        let mut steps = Vec::new();
        let mut at = id;
        // Parts are younger than what they are part of, so this ends.
        while let Some(node) = self.nodes.get(at) {
            match &node.owner {
                Owner::Component(name) => return spelled(name, &steps),
                Owner::Root(subject) => return spelled(subject, &steps),
                Owner::Part(from, step) => {
                    steps.push(step.text());
                    at = *from;
                }
            }
        }
        String::new()
    }
}

fn spelled(owner: &str, steps: &[String]) -> String {
    let mut name = owner.to_string();
    name.extend(steps.iter().rev().map(String::as_str));
    name
}

fn resolved(api: &Api, ids: &[ShapeId], only_first: bool) -> Vec<ShapeId> {
    let mut known: Vec<ShapeId> = Vec::new();
    for id in ids.iter().take(if only_first { 1 } else { usize::MAX }) {
        let id = api.resolve(*id);
        if !known.contains(&id) {
            known.push(id);
        }
    }
    known
}

/// The flows a part has: what is read only is not sent, what is write only does not come back.
pub fn flows(read_only: bool, write_only: bool) -> Flows {
    let mut flows = Flows::NONE;
    if !read_only {
        flows = flows.with(Flow::In);
    }
    if !write_only {
        flows = flows.with(Flow::Out);
    }
    flows
}
