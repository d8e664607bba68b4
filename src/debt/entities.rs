//! The entities of a revision: a table and the schemas that show it are one.
//!
//! A schema belongs to the table that most of its properties are linked to with certainty, so that what one table holds and several
//! schemas show stays together, and a schema that joins two tables does not tie those. An operation belongs to what it carries.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use crate::model::api::{Api, Operation, ShapeId};
use crate::model::link::CERTAIN;
use crate::model::origin::Text;
use crate::model::{Layer, Link, Model};
use crate::rules::{Finding, Names};

/// An entity of both layers, by all its names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entity {
    /// The table, or the schema that has none; for what is about no entity the file.
    pub name: Text,
    /// The schemas that show the table, sorted.
    pub schemas: Vec<Text>,
    /// It stands for a file.
    pub is_file: bool,
}

impl Entity {
    /// What is written in a file and is about no entity.
    pub fn file(path: &str) -> Self {
        Self { name: path.into(), schemas: Vec::new(), is_file: true }
    }

    /// All its names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.name).chain(self.schemas.iter().map(|name| &**name))
    }
}

/// The entities of a revision by what belongs to them.
#[derive(Debug, Default)]
pub struct Entities {
    all: Vec<Entity>,
    of: BTreeMap<(Layer, String), usize>,
    operations: BTreeMap<Text, usize>,
    names: Names,
}

impl Entities {
    pub fn of(model: &Model, links: &[Link]) -> Self {
        let mut entities = Self { names: Names::of([model]), ..Self::default() };
        let views = model.entities();
        for view in views.iter().filter(|view| view.layer == Layer::Sql) {
            entities.add(Layer::Sql, &view.name);
        }
        let homes = entities.homes(links);
        for view in views.iter().filter(|view| view.layer == Layer::Api) {
            match homes.get(view.name.as_str()) {
                Some(table) => {
                    entities.of.insert((Layer::Api, view.name.clone()), *table);
                    if let Some(entity) = entities.all.get_mut(*table) {
                        entity.schemas.push(view.name.as_str().into());
                    }
                }
                None => entities.add(Layer::Api, &view.name),
            }
        }
        for entity in &mut entities.all {
            entity.schemas.sort();
            entity.schemas.dedup();
        }
        for api in &model.apis {
            for operation in &api.operations {
                let carried = carried(api, operation).and_then(|name| entities.of.get(&(Layer::Api, name.to_string())));
                if let Some(at) = carried.copied() {
                    entities.operations.entry(operation.id.clone()).or_insert(at);
                }
            }
        }
        entities
    }

    fn add(&mut self, layer: Layer, name: &str) {
        if let Slot::Vacant(slot) = self.of.entry((layer, name.to_string())) {
            slot.insert(self.all.len());
            self.all.push(Entity { name: name.into(), schemas: Vec::new(), is_file: false });
        }
    }

    /// Schema → the table that it shows.
    fn homes(&self, links: &[Link]) -> BTreeMap<String, usize> {
        let mut votes: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for link in links.iter().filter(|link| link.confidence >= CERTAIN) {
            let schema = self.names.place(Layer::Api, &link.property);
            let table = self.names.place(Layer::Sql, &link.column);
            if let (Some(((_, schema), _)), Some(((_, table), _))) = (schema, table) {
                *votes.entry(schema).or_default().entry(table).or_default() += 1;
            }
        }
        let most = |tables: BTreeMap<String, usize>| {
            let (table, _) = tables.into_iter().min_by_key(|(_, number)| std::cmp::Reverse(*number))?;
            self.of.get(&(Layer::Sql, table)).copied()
        };
        votes.into_iter().filter_map(|(schema, tables)| Some((schema, most(tables)?))).collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All their names, sorted.
    pub fn names(&self) -> Vec<Text> {
        let mut names: Vec<Text> = self.of.keys().map(|(_, name)| name.as_str().into()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The entity that a finding is about; `None` where it is about none.
    pub fn of_finding(&self, finding: &Finding) -> Option<&Entity> {
        let subject = finding.subject.as_str();
        let own = self.names.place(finding.rule.layer, subject).and_then(|(place, _)| self.of.get(&place));
        let operation = || {
            // `GET /orders query.limit` is about a part of an operation.
            let ends = std::iter::once(subject.len()).chain(subject.rmatch_indices(' ').map(|(at, _)| at));
            ends.filter_map(|end| self.operations.get(subject.get(..end)?)).next()
        };
        self.all.get(*own.or_else(operation)?)
    }
}

/// The component that an operation gives out where all is well, or takes in: itself, or the items of a list, also of a list in
/// an envelope.
fn carried(api: &Api, operation: &Operation) -> Option<Text> {
    let given = operation.responses.iter().filter(|response| response.status.starts_with('2'));
    let taken = operation.body.iter().flat_map(|body| &body.media);
    let media = given.flat_map(|response| &response.media).chain(taken);
    media.filter_map(|media| within(api, media.shape?)).next()
}

fn within(api: &Api, id: ShapeId) -> Option<Text> {
    let own = |id: ShapeId| {
        let id = api.resolve(id);
        let item = api.shape(id).items.map(|items| api.resolve(items));
        let named = |id: ShapeId| api.shape(id).name.clone();
        item.and_then(named).or_else(|| named(id))
    };
    own(id).or_else(|| {
        let shape = api.shape(api.resolve(id));
        shape.properties.iter().filter_map(|property| own(property.shape)).next()
    })
}
