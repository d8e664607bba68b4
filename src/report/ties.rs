//! What ties the entities of one revision together: keys, references, links between the layers, views, types.

use std::collections::BTreeSet;

use crate::model::api::{Api, ShapeId};
use crate::model::sql::{KeyKind, Schema};
use crate::model::{Layer, Link, Model};

/// An entity by its layer and name.
pub type Name = (Layer, String);

/// One entity has to do with another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tie {
    pub from: Name,
    pub to: Name,
    pub kind: TieKind,
    /// The attributes at both ends; empty where it is the entity as a whole.
    pub from_attribute: String,
    pub to_attribute: String,
    /// What the line is called: all columns of a key, the property.
    pub label: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TieKind {
    ForeignKey,
    /// A property holds values of another schema.
    Reference,
    /// A property shows a column.
    Link,
    /// A view reads a table.
    Reads,
    /// A column is of a type that the database declares.
    Type,
}

impl TieKind {
    /// Between the two names, as half a sentence.
    pub fn verb(self) -> &'static str {
        match self {
            Self::ForeignKey => "refers to",
            Self::Reference => "holds",
            Self::Link => "shows",
            Self::Reads => "reads",
            Self::Type => "is of type",
        }
    }
}

/// All ties of a revision, sorted; names that nothing has may be among them.
pub fn ties(model: &Model, links: &[Link]) -> BTreeSet<Tie> {
    let mut found = BTreeSet::new();
    model.schemas.iter().for_each(|schema| tables(schema, &mut found));
    for api in &model.apis {
        for (name, id) in &api.components {
            for (property, target) in references(api, *id) {
                found.insert(Tie {
                    from: (Layer::Api, name.to_string()),
                    to: (Layer::Api, target),
                    kind: TieKind::Reference,
                    from_attribute: property.clone(),
                    to_attribute: String::new(),
                    label: property,
                });
            }
        }
    }
    for link in links {
        let end = |subject: &str| {
            subject.rsplit_once('.').map(|(entity, attribute)| (entity.to_string(), attribute.to_string()))
        };
        if let Some(((schema, property), (table, column))) = end(&link.property).zip(end(&link.column)) {
            found.insert(Tie {
                from: (Layer::Api, schema),
                to: (Layer::Sql, table),
                kind: TieKind::Link,
                from_attribute: property,
                to_attribute: column,
                label: "shows".to_string(),
            });
        }
    }
    found
}

fn tables(schema: &Schema, found: &mut BTreeSet<Tie>) {
    for table in &schema.tables {
        let from = (Layer::Sql, table.full_name());
        let mut add = |kind, to: &str, from_attribute: &str, to_attribute: &str, label: String| {
            found.insert(Tie {
                from: from.clone(),
                to: (Layer::Sql, to.to_string()),
                kind,
                from_attribute: from_attribute.to_string(),
                to_attribute: to_attribute.to_string(),
                label,
            });
        };
        for key in table.keys.iter().filter(|key| key.kind == KeyKind::Foreign) {
            if let (Some(target), Some(column)) = (&key.references, key.columns.first()) {
                let other = target.columns.first().map(|column| &**column).unwrap_or_default();
                add(TieKind::ForeignKey, &target.table, column, other, key.columns.join(", "));
            }
        }
        for (read, _) in &table.reads {
            add(TieKind::Reads, read, "", "", "reads".to_string());
        }
        for column in &table.columns {
            for one in schema.enums.iter().filter(|one| one.is_named(&column.type_name)) {
                add(TieKind::Type, &one.name, &column.name, "", column.name.to_string());
            }
        }
    }
}

/// Properties of a schema (also below arrays and alternatives without a name) and the components they refer to.
fn references(api: &Api, id: ShapeId) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (property, _) in api.all_properties(id) {
        let mut open = vec![property.shape];
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            let next = api.resolve(next);
            if !seen.insert(next) || seen.len() > 50 {
                continue;
            }
            let shape = api.shape(next);
            match &shape.name {
                Some(name) => found.push((property.name.to_string(), name.to_string())),
                None => {
                    open.extend(shape.items);
                    open.extend(shape.all_of.iter().chain(&shape.any_of).chain(&shape.one_of));
                    open.extend(shape.reference.as_ref().and_then(|r| r.target));
                }
            }
        }
    }
    found
}
