//! Where a value comes from and where it goes, within one revision.
//!
//! Comes in: a model, its links, and what is asked for. Goes out: places (columns, properties, operations) and the steps that
//! values take between them, each with whether all values make it. Must not know: revisions, rules, output formats.

mod fit;
mod map;
mod place;
mod subject;

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use crate::model::{Flow, Link, Model, Origin};

pub use fit::Fit;
pub use map::Map;
pub use place::Node;
pub use subject::Unknown;

/// What passes through one subject.
#[derive(Debug, Clone)]
pub struct Trace {
    /// The subject is the first one.
    pub places: Vec<Place>,
    /// The steps on which values come to the subject, nearest first.
    pub from: Vec<Step>,
    /// The steps on which they go on.
    pub to: Vec<Step>,
}

/// A place that values pass.
#[derive(Debug, Clone)]
pub struct Place {
    pub node: Node,
    pub kind: Kind,
    /// `users.email`, `User.email`, `GET /users/{id}`
    pub name: String,
    /// What it can hold and what else matters, in short texts.
    pub facts: Vec<String>,
    pub origin: Option<Origin>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Column,
    /// A column of a view.
    ViewColumn,
    Property,
    Operation,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Column => "column",
            Self::ViewColumn => "view-column",
            Self::Property => "property",
            Self::Operation => "operation",
        }
    }
}

/// One step of a value between two places.
#[derive(Debug, Clone)]
pub struct Step {
    /// Indices of places; the value goes from `from` to `to`.
    pub from: usize,
    pub to: usize,
    pub how: How,
    /// Whether the place behind accepts what the place in front can hold; `None` where nothing is compared.
    pub fit: Option<Fit>,
}

#[derive(Debug, Clone)]
pub enum How {
    /// An operation takes the value in, or gives it out: at which part, and on which route through it.
    Operation { flow: Flow, location: String, route: String },
    /// A property and the column that holds its values.
    Link { confidence: f64, reason: String },
    /// A view reads the column.
    View,
}

/// More places than these are not followed for one subject.
const MAX_PLACES: usize = 2_000;

/// The traces of all subjects that the words name: an attribute, an entity, an operation, or a pattern with `*`.
pub fn trace(model: &Model, links: &[Link], words: &str) -> Result<Vec<Trace>, Unknown> {
    let map = Map::of(model, links);
    let subjects = subject::find(&map, words)?;
    Ok(subjects.into_iter().map(|node| follow(&map, node)).collect())
}

/// The traces of the attributes of exactly these names, in the order of the model.
pub fn named(model: &Model, links: &[Link], names: &BTreeSet<&str>) -> Vec<Trace> {
    let map = Map::of(model, links);
    let known = map.names().into_iter().filter(|(name, ..)| names.contains(name.as_str()));
    known.map(|(.., node)| follow(&map, node)).collect()
}

/// Follows values from the subject in both directions.
fn follow(map: &Map<'_>, subject: Node) -> Trace {
    let mut walker = Walker { map, places: vec![map.place(subject)], known: HashMap::from([(subject, 0)]) };
    let from = walker.walk(subject, false);
    let to = walker.walk(subject, true);
    Trace { places: walker.places, from, to }
}

struct Walker<'a, 'm> {
    map: &'a Map<'m>,
    places: Vec<Place>,
    known: HashMap<Node, usize>,
}

impl Walker<'_, '_> {
    fn walk(&mut self, subject: Node, onward: bool) -> Vec<Step> {
        let start = subject.ways();
        let mut seen: HashSet<(Node, Flow)> = start.iter().map(|flow| (subject, *flow)).collect();
        let mut open: VecDeque<(Node, Flow)> = start.into_iter().map(|flow| (subject, flow)).collect();
        let mut steps = Vec::new();
        while let Some((node, flow)) = open.pop_front() {
            let next = if onward { self.map.onward(node, flow) } else { self.map.backward(node, flow) };
            for found in next {
                let (Some(here), Some(there)) = (self.number(node), self.number(found.node)) else { continue };
                let (from, to) = if onward { (here, there) } else { (there, here) };
                steps.push(Step { from, to, how: found.how, fit: found.fit });
                // An operation is an end: what else it carries has nothing to do with the value.
                let ends = matches!(found.node, Node::Operation { .. });
                if !ends && seen.insert((found.node, found.flow)) {
                    open.push_back((found.node, found.flow));
                }
            }
        }
        steps
    }

    /// The index of a place; none when there are too many.
    fn number(&mut self, node: Node) -> Option<usize> {
        if let Some(at) = self.known.get(&node) {
            return Some(*at);
        }
        if self.places.len() >= MAX_PLACES {
            return None;
        }
        self.places.push(self.map.place(node));
        self.known.insert(node, self.places.len() - 1);
        Some(self.places.len() - 1)
    }
}
