//! Steps of a route through a value, and records that wait for their subject.

use crate::model::api::{OperationKind, ShapeId};
use crate::model::change::Facts;
use crate::model::origin::{Origin, Text};
use crate::model::{Change, ChangeKind, Effect, Flow, Flows, Layer, Usage};

use super::graph::NodeId;

/// One step from a value to a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Property(Text),
    Items,
    /// A place of a tuple.
    Place(usize),
    /// The values of undeclared properties.
    Additional,
    /// The values of properties whose name matches.
    Matching(Text),
    /// What a keyword says of items, properties or their names: `contains`.
    Applied(&'static str),
    /// An alternative: the same value, seen as one of several schemas. Inline alternatives are told apart by a label.
    Branch(Option<Text>),
    /// A schema that inherits from it: the discriminator says that the value is meant to be one.
    Subtype,
}

impl Step {
    /// As it is written after the subject it belongs to.
    pub fn text(&self) -> String {
        match self {
            Self::Branch(Some(label)) => format!("({label})"),
            Self::Applied(keyword) => format!("({keyword})"),
            step => {
                let mut text = String::new();
                step.add_to_route(&mut text);
                text
            }
        }
    }

    /// Appends the step as it is written in the route through a body, where alternatives leave no trace.
    pub fn add_to_route(&self, route: &mut String) {
        match self {
            Self::Property(name) => {
                route.push('.');
                route.push_str(name);
            }
            Self::Items => route.push_str("[]"),
            Self::Place(n) => route.push_str(&format!("[{n}]")),
            Self::Additional => route.push_str("{}"),
            Self::Matching(pattern) => route.push_str(&format!("{{{pattern}}}")),
            Self::Applied("contains" | "unevaluatedItems") => route.push_str("[]"),
            Self::Applied("unevaluatedProperties") => route.push_str("{}"),
            Self::Applied(_) | Self::Branch(_) | Self::Subtype => {}
        }
    }
}

/// Where an operation sends or receives a value.
#[derive(Debug, Clone)]
pub struct Root {
    pub operation: Text,
    pub origin: Origin,
    pub flow: Flow,
    /// `request body application/json`
    pub location: Text,
    /// `POST /users body`
    pub subject: String,
    /// The value and all its parts are written as text.
    pub text: bool,
}

impl Root {
    /// The use of a part of the value.
    pub fn usage(&self, path: Text) -> Usage {
        Usage {
            operation: self.operation.clone(),
            flow: self.flow,
            location: self.location.clone(),
            path,
            origin: self.origin,
        }
    }
}

/// The flow of what clients of such an operation send.
pub fn sent(kind: OperationKind) -> Flow {
    match kind {
        OperationKind::Path => Flow::In,
        OperationKind::Webhook | OperationKind::Callback => Flow::Out,
    }
}

/// The flow of what comes back.
pub fn received(kind: OperationKind) -> Flow {
    match sent(kind) {
        Flow::In => Flow::Out,
        _ => Flow::In,
    }
}

/// A change of a pair of schemas that does not know yet who uses it.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// Without subject, flows and usages.
    pub change: Change,
    /// What the subject has after the name of the pair: `.email` for a property that came or went.
    pub suffix: Option<Step>,
    /// The flows in which the part exists at all (`readOnly`, `writeOnly`).
    pub mask: Flows,
    /// What was edited, on both sides: one edit seen through several pairs is one change.
    pub key: (Option<Origin>, Option<Origin>),
    /// The schema object that holds what was edited, on the side that has it.
    pub holder: Option<ShapeId>,
    /// A matter of names, not of sets of values.
    pub by_name: bool,
    /// Ways to its uses, from a pair on, on which something else makes up for it, or where it is judged anew.
    pub blocked: Vec<(Flow, NodeId, Way)>,
}

/// A way from a pair towards its uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    /// As the alternative that this edge of the pair leads to.
    Edge(usize),
    /// As a schema that inherits from another.
    Subtype,
    /// All others.
    Own,
}

/// A change without subject, flows, usages and witnesses.
pub fn bare(kind: ChangeKind, effect: Effect) -> Change {
    Change {
        layer: Layer::Api,
        kind,
        subject: String::new(),
        detail: String::new(),
        before: None,
        after: None,
        effect,
        flows: Flows::NONE,
        base: None,
        head: None,
        usages: Vec::new(),
        lost: None,
        gained: None,
        facts: Facts::default(),
        parts: Vec::new(),
    }
}
