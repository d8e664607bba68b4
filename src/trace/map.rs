//! Everything that values can pass in one revision, with the steps between neighbours worked out when they are asked for.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet, VecDeque};

use crate::link::Effective;
use crate::model::api::{Api, Operation, ShapeId};
use crate::model::sql::{Column, Table, TableKind};
use crate::model::uses::{self, Uses};
use crate::model::{AttributeView, EntityView, Flow, Link, Model};

use super::fit::Fit;
use super::place::{self, Node};
use super::{How, Kind, Place};

/// The places of a model and its links.
pub struct Map<'m> {
    model: &'m Model,
    links: &'m [Link],
    /// One list per contract, in the order of its components.
    entities: Vec<Vec<EntityView>>,
    /// Shape of a component → its entity, per contract.
    shapes: Vec<HashMap<ShapeId, usize>>,
    uses: Vec<OnceCell<Uses<'m>>>,
    by_column: HashMap<(usize, usize, usize), Vec<usize>>,
    by_property: HashMap<(usize, ShapeId, usize), Vec<usize>>,
    /// SQL source and the full name of a table → the views that read it.
    readers: HashMap<(usize, &'m str), Vec<usize>>,
}

/// A neighbour, and how values get there or from there.
pub struct Next {
    pub node: Node,
    /// The flow in which the value passes the neighbour.
    pub flow: Flow,
    pub how: How,
    pub fit: Option<Fit>,
}

impl<'m> Map<'m> {
    pub fn of(model: &'m Model, links: &'m [Link]) -> Self {
        let mut by_column: HashMap<_, Vec<usize>> = HashMap::new();
        let mut by_property: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, link) in links.iter().enumerate() {
            by_column.entry(link.sql).or_default().push(at);
            by_property.entry(link.api).or_default().push(at);
        }
        let mut readers: HashMap<(usize, &str), Vec<usize>> = HashMap::new();
        for (source, schema) in model.schemas.iter().enumerate() {
            for (at, table) in schema.tables.iter().enumerate() {
                for (read, _) in &table.reads {
                    readers.entry((source, &**read)).or_default().push(at);
                }
            }
        }
        let entities: Vec<Vec<EntityView>> = model.apis.iter().map(|api| api.entities()).collect();
        let shapes =
            |list: &Vec<EntityView>| list.iter().enumerate().filter_map(|(at, e)| Some((e.shape?, at))).collect();
        let shapes = entities.iter().map(shapes).collect();
        let uses = model.apis.iter().map(|_| OnceCell::new()).collect();
        Self { model, links, entities, shapes, uses, by_column, by_property, readers }
    }

    /// Every place: its name, the entity it belongs to (empty for operations), and the node; contracts first.
    pub fn names(&self) -> Vec<(String, String, Node)> {
        let mut names = Vec::new();
        for (at, entities) in self.entities.iter().enumerate() {
            for (entity, view) in entities.iter().enumerate() {
                for (attribute, property) in view.attributes.iter().enumerate() {
                    let name = format!("{}.{}", view.name, property.name);
                    names.push((name, view.name.clone(), Node::Property { api: at, entity, attribute }));
                }
            }
            let operations = self.model.apis.get(at).map(|api| api.operations.as_slice()).unwrap_or_default();
            for (operation, known) in operations.iter().enumerate() {
                names.push((known.id.to_string(), String::new(), Node::Operation { api: at, operation }));
            }
        }
        for (schema, source) in self.model.schemas.iter().enumerate() {
            for (at, table) in source.tables.iter().enumerate() {
                let full = table.full_name();
                for (column, known) in table.columns.iter().enumerate() {
                    let node = Node::Column { schema, table: at, column };
                    names.push((format!("{full}.{}", known.name), full.clone(), node));
                }
            }
        }
        names
    }

    /// What is said of a place.
    pub fn place(&self, node: Node) -> Place {
        let nothing = Place { node, kind: Kind::Column, name: String::new(), facts: Vec::new(), origin: None };
        match node {
            Node::Column { .. } => self.column(node).map(|(table, column)| Place {
                kind: if table.kind == TableKind::Table { Kind::Column } else { Kind::ViewColumn },
                name: format!("{}.{}", table.full_name(), column.name),
                facts: place::column_facts(table, column),
                origin: Some(column.origin),
                ..nothing.clone()
            }),
            Node::Property { .. } => self.property(node).map(|(api, entity, attribute)| Place {
                kind: Kind::Property,
                name: format!("{}.{}", entity.name, attribute.name),
                facts: place::property_facts(api, attribute),
                origin: attribute.origin,
                ..nothing.clone()
            }),
            Node::Operation { .. } => self.operation(node).map(|(_, operation)| Place {
                kind: Kind::Operation,
                name: operation.id.to_string(),
                facts: operation.lifecycle.deprecated.then(|| "deprecated".to_string()).into_iter().collect(),
                origin: Some(operation.key),
                ..nothing.clone()
            }),
        }
        .unwrap_or(nothing)
    }

    /// Where values go from here.
    pub fn onward(&self, node: Node, flow: Flow) -> Vec<Next> {
        match (node, flow) {
            (Node::Column { .. }, _) => {
                let mut next = self.views(node);
                next.extend(self.linked(node, Flow::Out, true));
                next
            }
            (Node::Property { .. }, Flow::In) => self.linked(node, Flow::In, true),
            (Node::Property { .. }, _) => self.operations(node, Flow::Out),
            (Node::Operation { .. }, Flow::In) => self.carried(node, Flow::In),
            (Node::Operation { .. }, _) => Vec::new(),
        }
    }

    /// Where values come from.
    pub fn backward(&self, node: Node, flow: Flow) -> Vec<Next> {
        match (node, flow) {
            (Node::Column { .. }, _) => {
                let mut next = self.read_by(node);
                next.extend(self.linked(node, Flow::In, false));
                next
            }
            (Node::Property { .. }, Flow::In) => self.operations(node, Flow::In),
            (Node::Property { .. }, _) => self.linked(node, Flow::Out, false),
            (Node::Operation { .. }, Flow::Out) => self.carried(node, Flow::Out),
            (Node::Operation { .. }, _) => Vec::new(),
        }
    }

    fn column(&self, node: Node) -> Option<(&'m Table, &'m Column)> {
        let Node::Column { schema, table, column } = node else { return None };
        let table = self.model.schemas.get(schema)?.tables.get(table)?;
        Some((table, table.columns.get(column)?))
    }

    fn property(&self, node: Node) -> Option<(&'m Api, &EntityView, &AttributeView)> {
        let Node::Property { api, entity, attribute } = node else { return None };
        let entity = self.entities.get(api)?.get(entity)?;
        Some((self.model.apis.get(api)?, entity, entity.attributes.get(attribute)?))
    }

    fn operation(&self, node: Node) -> Option<(&'m Api, &'m Operation)> {
        let Node::Operation { api, operation } = node else { return None };
        let api = self.model.apis.get(api)?;
        Some((api, api.operations.get(operation)?))
    }

    fn uses(&self, api: usize) -> Option<&Uses<'m>> {
        let known = self.model.apis.get(api)?;
        Some(self.uses.get(api)?.get_or_init(|| Uses::of(known)))
    }

    /// True when values of the property flow that way.
    fn flows(&self, node: Node, flow: Flow) -> bool {
        let Node::Property { api, .. } = node else { return false };
        let Some((known, entity, attribute)) = self.property(node) else { return false };
        let own = entity.shape.zip(self.uses(api)).is_some_and(|(shape, uses)| uses.flows(shape).has(flow));
        own && attribute.shape.is_none_or(|shape| uses::through(known, shape).has(flow))
    }

    /// The columns of views that show the column.
    fn views(&self, node: Node) -> Vec<Next> {
        let (Some((table, column)), Node::Column { schema, .. }) = (self.column(node), node) else { return Vec::new() };
        let Some(source) = self.model.schemas.get(schema) else { return Vec::new() };
        let full = table.full_name();
        let mut next = Vec::new();
        for at in self.readers.get(&(schema, full.as_str())).into_iter().flatten() {
            let Some(view) = source.tables.get(*at) else { continue };
            let shown = view.columns.iter().position(|c| c.name == column.name && reads(view, &full, &column.name));
            next.extend(shown.map(|column| Next {
                node: Node::Column { schema, table: *at, column },
                flow: Flow::Stored,
                how: How::View,
                fit: None,
            }));
        }
        next
    }

    /// The columns that a column of a view shows.
    fn read_by(&self, node: Node) -> Vec<Next> {
        let (Some((view, column)), Node::Column { schema, .. }) = (self.column(node), node) else { return Vec::new() };
        let Some(source) = self.model.schemas.get(schema) else { return Vec::new() };
        let mut next = Vec::new();
        for (name, _) in view.reads.iter().filter(|(name, _)| reads(view, name, &column.name)) {
            let Some(at) = source.tables.iter().position(|t| t.full_name() == **name) else { continue };
            let known = source.tables.get(at).map(|t| t.columns.as_slice()).unwrap_or_default();
            next.extend(known.iter().position(|c| c.name == column.name).map(|column| Next {
                node: Node::Column { schema, table: at, column },
                flow: Flow::Stored,
                how: How::View,
                fit: None,
            }));
        }
        next
    }

    /// The other ends of the links of a column or a property, for values that flow that way; `onward` when they go from the
    /// place asked for to the other end.
    fn linked(&self, node: Node, flow: Flow, onward: bool) -> Vec<Next> {
        let links = match node {
            Node::Column { schema, table, column } => self.by_column.get(&(schema, table, column)),
            Node::Property { api, attribute, .. } => {
                let shape = self.property(node).and_then(|(_, entity, _)| entity.shape);
                shape.and_then(|shape| self.by_property.get(&(api, shape, attribute)))
            }
            Node::Operation { .. } => None,
        };
        let of_column = matches!(node, Node::Column { .. });
        let mut next = Vec::new();
        for link in links.into_iter().flatten().filter_map(|at| self.links.get(*at)) {
            let Some(property) = self.property_of(link) else { continue };
            let (schema, table, column) = link.sql;
            let held = Node::Column { schema, table, column };
            if !self.flows(property, flow) {
                continue;
            }
            let (first, second) = if of_column == onward { (held, property) } else { (property, held) };
            next.push(Next {
                node: if of_column { property } else { held },
                flow: if of_column { flow } else { Flow::Stored },
                how: How::Link { confidence: link.confidence, reason: link.reason.clone() },
                fit: self.fit(first, second),
            });
        }
        next
    }

    fn property_of(&self, link: &Link) -> Option<Node> {
        let (api, shape, attribute) = link.api;
        let entity = *self.shapes.get(api)?.get(&shape)?;
        Some(Node::Property { api, entity, attribute })
    }

    /// Whether the values of a column fit into a property, or the reverse.
    fn fit(&self, first: Node, second: Node) -> Option<Fit> {
        let (stored, property, out) = match (first, second) {
            (Node::Column { .. }, _) => (first, second, true),
            _ => (second, first, false),
        };
        let (table, column) = self.column(stored)?;
        let (api, _, attribute) = self.property(property)?;
        let effective = Effective::of(api, attribute.shape?);
        let exact = effective.exact && !column.tainted && !table.tainted;
        let (first, second) =
            if out { (&column.domain, &effective.domain) } else { (&effective.domain, &column.domain) };
        Some(Fit::of(first, second, exact))
    }

    /// The operations that take or give the property.
    fn operations(&self, node: Node, flow: Flow) -> Vec<Next> {
        let Node::Property { api, .. } = node else { return Vec::new() };
        let (Some((known, entity, attribute)), Some(uses)) = (self.property(node), self.uses(api)) else {
            return Vec::new();
        };
        let Some(shape) = entity.shape.filter(|_| self.flows(node, flow)) else { return Vec::new() };
        let usages = uses.usages(shape, flow, &format!(".{}", attribute.name));
        let next = usages.into_iter().filter_map(|usage| {
            let operation = known.operations.iter().position(|o| o.id == usage.operation)?;
            Some(Next {
                node: Node::Operation { api, operation },
                flow,
                how: How::Operation { flow, location: usage.location.to_string(), route: usage.path.to_string() },
                fit: None,
            })
        });
        next.collect()
    }

    /// The properties with a known column that an operation takes or gives.
    fn carried(&self, node: Node, flow: Flow) -> Vec<Next> {
        let (Some((known, operation)), Node::Operation { api, .. }) = (self.operation(node), node) else {
            return Vec::new();
        };
        let (Some(entities), Some(shapes)) = (self.entities.get(api), self.shapes.get(api)) else { return Vec::new() };
        let mut next = Vec::new();
        for entry in uses::entries(operation).into_iter().filter(|entry| entry.flow == flow) {
            let (mut seen, mut told) = (HashSet::from([entry.shape]), HashSet::new());
            let mut open = VecDeque::from([(entry.shape, "$".to_string())]);
            while let Some((shape, route)) = open.pop_front() {
                if let Some(entity) = shapes.get(&shape) {
                    let attributes = entities.get(*entity).map(|e| e.attributes.as_slice()).unwrap_or_default();
                    for (attribute, property) in attributes.iter().enumerate() {
                        let node = Node::Property { api, entity: *entity, attribute };
                        if !self.by_property.contains_key(&(api, shape, attribute)) || !self.flows(node, flow) {
                            continue;
                        }
                        let (location, route) = (entry.location.to_string(), format!("{route}.{}", property.name));
                        // What a schema inherits is told where it is used.
                        if !told.insert(route.clone()) {
                            continue;
                        }
                        next.push(Next { node, flow, how: How::Operation { flow, location, route }, fit: None });
                    }
                }
                for child in uses::children(known, shape) {
                    if child.through.has(flow) && seen.insert(child.shape) {
                        open.push_back((child.shape, format!("{route}{}", child.step)));
                    }
                }
            }
        }
        next
    }
}

/// The view reads that column of the table; a list without names stands for all.
fn reads(view: &Table, table: &str, column: &str) -> bool {
    let list = view.reads.iter().find(|(name, _)| &**name == table);
    list.is_some_and(|(_, columns)| columns.is_empty() || columns.iter().any(|c| &**c == column))
}
