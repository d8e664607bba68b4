//! Where the shapes of one contract are used, and which way their values flow.
//!
//! Comes in: a contract. Goes out: flows of a shape, and the operations that reach it with the route through the body. A shape
//! is visited once per flow, so recursion and size cost no more than the graph. Must not know: rules, the other revision.

use std::collections::{BTreeSet, HashMap};

use super::api::{Additional, Api, Media, Operation, OperationKind, ShapeId};
use super::flow::{Flow, Flows, Usage};
use super::origin::Text;
use super::subtypes::{Subtypes, stands_for};

/// The uses of the shapes of a contract.
pub struct Uses<'a> {
    flows: HashMap<ShapeId, Flows>,
    parents: HashMap<ShapeId, Vec<Edge>>,
    roots: HashMap<ShapeId, Vec<Root<'a>>>,
    /// Schema with subtypes → the places at which its values, and with them those of its subtypes, stand.
    sites: HashMap<ShapeId, BTreeSet<ShapeId>>,
    /// Subtype → the schemas in whose place it may stand.
    above: HashMap<ShapeId, Vec<ShapeId>>,
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
        let (roots, sites) = (HashMap::new(), HashMap::new());
        let mut uses = Self { flows: HashMap::new(), parents: HashMap::new(), roots, sites, above: HashMap::new() };
        for operation in &api.operations {
            uses.add_operation(operation);
        }
        let mut open: Vec<(ShapeId, Flows, bool)> = uses
            .roots
            .iter()
            .map(|(id, roots)| (*id, roots.iter().fold(Flows::NONE, |flows, root| flows.with(root.flow)), true))
            .collect();
        // The result does not depend on the order; sorting keeps the order of the parents, and with it of usages, fixed.
        open.sort_by_key(|(id, ..)| *id);
        let subtypes = Subtypes::of(api);
        let mut meant: HashMap<ShapeId, Flows> = HashMap::new();
        while let Some((id, flows, is_value)) = open.pop() {
            if is_value {
                uses.add_subtypes(api, &subtypes, &mut meant, (id, flows), &mut open);
            }
            let known = uses.flows.get(&id).copied();
            let new = flows.minus(known.unwrap_or_default());
            if new.is_empty() {
                continue;
            }
            uses.flows.insert(id, known.unwrap_or_default().union(flows));
            for Child { shape, step, through, is_value } in children(api, id) {
                if known.is_none() {
                    uses.parents.entry(shape).or_default().push(Edge { parent: id, step, flows: through });
                }
                open.push((shape, new.intersection(through), is_value));
            }
        }
        uses
    }

    /// Where a value stands, those of its subtypes may stand; a schema that is only the base of others has no values.
    fn add_subtypes(
        &mut self,
        api: &Api,
        subtypes: &Subtypes,
        meant: &mut HashMap<ShapeId, Flows>,
        (site, flows): (ShapeId, Flows),
        open: &mut Vec<(ShapeId, Flows, bool)>,
    ) {
        let Some(whole) = stands_for(api, site) else { return };
        let Some(below) = subtypes.below(whole) else { return };
        self.sites.entry(whole).or_default().insert(site);
        let known = meant.get(&whole).copied();
        let new = flows.minus(known.unwrap_or_default());
        if new.is_empty() {
            return;
        }
        meant.insert(whole, known.unwrap_or_default().union(flows));
        for below in below {
            if known.is_none() {
                self.above.entry(below.shape).or_default().push(whole);
            }
            open.push((below.shape, new, false));
        }
    }

    fn add_operation(&mut self, operation: &'a Operation) {
        for entry in entries(operation) {
            let Entry { shape, flow, location } = entry;
            self.roots.entry(shape).or_default().push(Root { operation, flow, location });
        }
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
            let above = self.above.get(&id).into_iter().flatten();
            for site in above.filter_map(|whole| self.sites.get(whole)).flatten() {
                if self.flows(*site).has(flow) && seen.insert(*site) {
                    open.push_back((*site, route.clone()));
                }
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

/// A value that an operation takes or gives.
pub struct Entry {
    pub shape: ShapeId,
    pub flow: Flow,
    /// `response 200 application/json`
    pub location: Text,
}

/// What an operation takes and gives: parameters, body, responses and their headers.
pub fn entries(operation: &Operation) -> Vec<Entry> {
    let (sent, received) = match operation.kind {
        OperationKind::Path => (Flow::In, Flow::Out),
        OperationKind::Webhook | OperationKind::Callback => (Flow::Out, Flow::In),
    };
    let mut entries = Vec::new();
    let mut add = |shape, flow, location: String| entries.push(Entry { shape, flow, location: location.into() });
    for parameter in &operation.parameters {
        add(parameter.shape, sent, format!("{} parameter {}", parameter.place.name(), parameter.name));
    }
    let bodies = operation.body.iter().map(|body| ("request body".to_string(), sent, &body.media));
    let responses = operation.responses.iter().map(|r| (format!("response {}", r.status), received, &r.media));
    for (place, flow, media) in bodies.chain(responses) {
        for Media { name, shape, .. } in media {
            if let Some(shape) = shape {
                add(*shape, flow, format!("{place} {name}"));
            }
        }
    }
    for response in &operation.responses {
        for header in &response.headers {
            add(header.shape, received, format!("response {} header {}", response.status, header.name));
        }
    }
    entries
}

/// A shape directly inside another.
pub struct Child {
    pub shape: ShapeId,
    /// `.email`, `[]`; empty for what is the same value.
    pub step: String,
    /// The flows that are let through.
    pub through: Flows,
    /// False for what only says more about the same value.
    pub is_value: bool,
}

/// The shapes directly inside a shape, those that say more about the same value included.
pub fn children(api: &Api, id: ShapeId) -> Vec<Child> {
    let shape = api.shape(id);
    let mut children = Vec::new();
    let mut add = |shape: ShapeId, step: &str, is_value: bool| {
        children.push(Child { shape, step: step.to_string(), through: Flows::BOTH, is_value });
    };
    let reference = shape.reference.as_ref().and_then(|r| r.target);
    shape.all_of.iter().copied().chain(reference).for_each(|part| add(part, "", false));
    shape.any_of.iter().chain(&shape.one_of).copied().chain(shape.not).for_each(|part| add(part, "", true));
    shape.items.iter().for_each(|item| add(*item, "[]", true));
    shape.prefix_items.iter().enumerate().for_each(|(n, item)| add(*item, &format!("[{n}]"), true));
    shape.pattern_properties.iter().for_each(|(_, value)| add(*value, ".*", true));
    for applied in &shape.applied {
        let step = match applied.keyword {
            "contains" | "unevaluatedItems" => "[]",
            "unevaluatedProperties" => ".*",
            _ => "",
        };
        add(applied.shape, step, !applied.in_place());
    }
    if let Additional::Shape(value) = shape.additional {
        add(value, ".*", true);
    }
    for property in &shape.properties {
        children.push(Child {
            shape: property.shape,
            step: format!(".{}", property.name),
            through: through(api, property.shape),
            is_value: true,
        });
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
