//! Where the shapes of one contract are used, and which way their values flow.
//!
//! Comes in: a contract. Goes out: flows of a shape, and the operations that reach it with the route through the body. A shape
//! is visited once per flow, so recursion and size cost no more than the graph. Must not know: rules, the other revision.

use std::collections::HashMap;

use crate::model::api::{Additional, Api, Media, Operation, OperationKind, ShapeId};
use crate::model::origin::Text;
use crate::model::{Flow, Flows, Usage};

/// The uses of the shapes of a contract.
pub struct Uses<'a> {
    flows: HashMap<ShapeId, Flows>,
    parents: HashMap<ShapeId, Vec<Edge>>,
    roots: HashMap<ShapeId, Vec<Root<'a>>>,
}

/// Bytes of a route that are told, or a little more.
const ROUTE: usize = 200;

/// The way from a shape to the one that contains it.
struct Edge {
    parent: ShapeId,
    step: String,
    /// What `readOnly` and `writeOnly` let through.
    flows: Flows,
}

/// An operation that takes or gives a shape directly.
struct Root<'a> {
    operation: &'a Operation,
    flow: Flow,
    location: Text,
}

impl<'a> Uses<'a> {
    pub fn of(api: &'a Api) -> Self {
        let mut uses = Self { flows: HashMap::new(), parents: HashMap::new(), roots: HashMap::new() };
        for operation in &api.operations {
            uses.add_operation(operation);
        }
        let mut open: Vec<(ShapeId, Flows)> = uses
            .roots
            .iter()
            .map(|(id, roots)| (*id, roots.iter().fold(Flows::NONE, |flows, root| flows.with(root.flow))))
            .collect();
        // The result does not depend on the order; sorting keeps the order of the parents, and with it of usages, fixed.
        open.sort_by_key(|(id, _)| *id);
        while let Some((id, flows)) = open.pop() {
            let known = uses.flows.get(&id).copied();
            let new = flows.minus(known.unwrap_or_default());
            if new.is_empty() {
                continue;
            }
            uses.flows.insert(id, known.unwrap_or_default().union(flows));
            for (child, step, through) in children(api, id) {
                if known.is_none() {
                    uses.parents.entry(child).or_default().push(Edge { parent: id, step, flows: through });
                }
                open.push((child, new.intersection(through)));
            }
        }
        uses
    }

    fn add_operation(&mut self, operation: &'a Operation) {
        let (sent, received) = match operation.kind {
            OperationKind::Path => (Flow::In, Flow::Out),
            OperationKind::Webhook | OperationKind::Callback => (Flow::Out, Flow::In),
        };
        for parameter in &operation.parameters {
            let location = format!("{} parameter {}", parameter.place.name(), parameter.name);
            self.add_root(parameter.shape, operation, sent, location);
        }
        if let Some(body) = &operation.body {
            self.add_media(&body.media, operation, sent, "request body");
        }
        for response in &operation.responses {
            self.add_media(&response.media, operation, received, &format!("response {}", response.status));
            for header in &response.headers {
                let location = format!("response {} header {}", response.status, header.name);
                self.add_root(header.shape, operation, received, location);
            }
        }
    }

    fn add_media(&mut self, media: &[Media], operation: &'a Operation, flow: Flow, place: &str) {
        for media in media {
            if let Some(shape) = media.shape {
                self.add_root(shape, operation, flow, format!("{place} {}", media.name));
            }
        }
    }

    fn add_root(&mut self, shape: ShapeId, operation: &'a Operation, flow: Flow, location: String) {
        self.roots.entry(shape).or_default().push(Root { operation, flow, location: location.into() });
    }

    /// The ways values of the shape flow; none when no operation reaches it.
    pub fn flows(&self, shape: ShapeId) -> Flows {
        self.flows.get(&shape).copied().unwrap_or_default()
    }

    /// The operations through which values of the shape flow that way, each place once; `inside` is the rest of the route
    /// (`.email`).
    pub fn usages(&self, shape: ShapeId, flow: Flow, inside: &str) -> Vec<Usage> {
        let mut seen = std::collections::HashSet::from([shape]);
        let mut open = std::collections::VecDeque::from([(shape, inside.to_string())]);
        let mut usages = Vec::new();
        while let Some((id, route)) = open.pop_front() {
            for root in self.roots.get(&id).into_iter().flatten().filter(|root| root.flow == flow) {
                usages.push(Usage {
                    operation: root.operation.id.clone(),
                    flow,
                    location: root.location.clone(),
                    path: format!("${route}").into(),
                    origin: root.operation.origin,
                });
            }
            for edge in self.parents.get(&id).into_iter().flatten() {
                if edge.flows.has(flow) && self.flows(edge.parent).has(flow) && seen.insert(edge.parent) {
                    // Schemas may refer to each other on and on; nobody reads such a route to its start.
                    let longer = match route.len() > ROUTE {
                        true if route.starts_with('…') => route.clone(),
                        true => format!("…{route}"),
                        false => format!("{}{route}", edge.step),
                    };
                    open.push_back((edge.parent, longer));
                }
            }
        }
        usages.sort();
        usages
    }
}

/// The shapes directly inside one, with the step to each and the flows that it lets through.
fn children(api: &Api, id: ShapeId) -> Vec<(ShapeId, String, Flows)> {
    let shape = api.shape(id);
    let mut children = Vec::new();
    let mut add = |child: ShapeId, step: String| children.push((child, step, Flows::BOTH));
    let plain = [&shape.all_of, &shape.any_of, &shape.one_of].into_iter().flatten().copied();
    plain.chain(shape.reference.iter().filter_map(|r| r.target)).chain(shape.not).for_each(|c| add(c, String::new()));
    shape.items.iter().for_each(|item| add(*item, "[]".to_string()));
    shape.prefix_items.iter().enumerate().for_each(|(n, item)| add(*item, format!("[{n}]")));
    shape.pattern_properties.iter().for_each(|(_, value)| add(*value, ".*".to_string()));
    for applied in &shape.applied {
        let step = match applied.keyword {
            "contains" | "unevaluatedItems" => "[]",
            "unevaluatedProperties" => ".*",
            _ => "",
        };
        add(applied.shape, step.to_string());
    }
    if let Additional::Shape(value) = shape.additional {
        add(value, ".*".to_string());
    }
    for property in &shape.properties {
        children.push((property.shape, format!(".{}", property.name), through(api, property.shape)));
    }
    children
}

/// The flows of a property: `readOnly` is not sent, `writeOnly` is not received.
pub fn through(api: &Api, property: ShapeId) -> Flows {
    let (own, target) = (api.shape(property), api.shape(api.resolve(property)));
    let mut flows = Flows::BOTH;
    if own.read_only || target.read_only {
        flows = flows.minus(Flows::IN);
    }
    if own.write_only || target.write_only {
        flows = flows.minus(Flows::OUT);
    }
    flows
}
