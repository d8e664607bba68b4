//! Entities of both layers in one form: what links, naming and debt rules and `driftline model` look at.

use super::api::{Additional, Api, Operation, Shape, ShapeId};
use super::domain::{Domain, Types};
use super::flow::Layer;
use super::origin::{Origin, Text};
use super::sql::{Generated, Key, Schema, Table, TableKind};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntityKind {
    Schema,
    Table,
    View,
    MaterializedView,
    Enum,
}

impl EntityKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Table => "table",
            Self::View => "view",
            Self::MaterializedView => "materialized-view",
            Self::Enum => "enum",
        }
    }
}

/// An entity as both layers have it.
#[derive(Debug, Clone)]
pub struct EntityView {
    pub layer: Layer,
    /// `User`, `users`, `crm.users`
    pub name: String,
    pub kind: EntityKind,
    pub attributes: Vec<AttributeView>,
    pub keys: Vec<Key>,
    pub origin: Option<Origin>,
    /// Index of the contract or SQL source in the model, then the shape or the table.
    pub source: usize,
    pub shape: Option<ShapeId>,
    pub table: Option<usize>,
    pub tainted: bool,
}

/// An attribute as both layers have it.
#[derive(Debug, Clone)]
pub struct AttributeView {
    pub name: Text,
    /// `character varying(255)`, `string(email)`, `array of Item`
    pub type_name: String,
    pub domain: Domain,
    pub nullable: bool,
    /// API: named in `required`. SQL: `NOT NULL` without default or generation, so an insert must give it.
    pub required: bool,
    pub default: Option<String>,
    pub deprecated: bool,
    pub read_only: bool,
    pub write_only: bool,
    pub origin: Option<Origin>,
    /// The resolved shape of a property.
    pub shape: Option<ShapeId>,
}

impl Api {
    /// The components as entities, with the properties of `allOf` members merged in.
    pub fn entities(&self) -> Vec<EntityView> {
        self.components.iter().map(|(name, id)| self.entity(name, *id)).collect()
    }

    /// The same, kept: many rules look at the entities of one contract, which both revisions may share.
    pub fn views(&self) -> &[EntityView] {
        self.views.get_or_init(|| self.entities())
    }

    /// One component as entity.
    pub fn entity(&self, name: &Text, id: ShapeId) -> EntityView {
        let shape = self.shape(id);
        let mut attributes: Vec<AttributeView> = Vec::new();
        for (property, owner_required) in self.all_properties(id) {
            let required = property.required || owner_required;
            match attributes.iter_mut().find(|a| a.name == property.name) {
                Some(known) => known.required |= required,
                None => attributes.push(self.attribute(property, required)),
            }
        }
        EntityView {
            layer: Layer::Api,
            name: name.to_string(),
            kind: if shape.domain.values.is_some() { EntityKind::Enum } else { EntityKind::Schema },
            attributes,
            keys: Vec::new(),
            origin: shape.origin,
            source: 0,
            shape: Some(id),
            table: None,
            tainted: shape.tainted,
        }
    }

    /// Properties of a shape and of its `allOf` members, depth first, each with whether a sibling `required` names it.
    pub fn all_properties(&self, id: ShapeId) -> Vec<(&super::api::Property, bool)> {
        let mut shapes: Vec<&Shape> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let mut open = vec![id];
        while let Some(next) = open.pop() {
            let next = self.resolve(next);
            if !seen.insert(next) || seen.len() > 500 {
                continue;
            }
            let shape = self.shape(next);
            shapes.push(shape);
            open.extend(shape.all_of.iter().rev().copied());
            open.extend(shape.reference.as_ref().and_then(|r| r.target));
        }
        let required = |name: &Text| shapes.iter().any(|s| s.required_only.iter().any(|(n, _)| n == name));
        shapes.iter().flat_map(|s| s.properties.iter()).map(|p| (p, required(&p.name))).collect()
    }

    /// The property behind an attribute of the entity view, and whether it is required.
    pub fn property_at(&self, id: ShapeId, attribute: usize) -> Option<(&super::api::Property, bool)> {
        let all = self.all_properties(id);
        let mut seen = std::collections::HashSet::new();
        let (property, _) = *all.iter().filter(|(property, _)| seen.insert(&property.name)).nth(attribute)?;
        let same = all.iter().filter(|(other, _)| other.name == property.name);
        Some((property, same.into_iter().any(|(other, required)| other.required || *required)))
    }

    fn attribute(&self, property: &super::api::Property, required: bool) -> AttributeView {
        let id = self.resolve(property.shape);
        let shape = self.shape(id);
        AttributeView {
            name: property.name.clone(),
            type_name: self.type_name(id),
            nullable: shape.domain.types != Types::ANY && shape.domain.nullable(),
            domain: shape.domain.clone(),
            required,
            default: shape.default.as_ref().map(ToString::to_string),
            deprecated: shape.deprecated,
            read_only: shape.read_only,
            write_only: shape.write_only,
            origin: Some(property.key),
            shape: Some(id),
        }
    }

    /// A short name of a shape's type: `string(email)`, `array of Item`, `Address`, `object`.
    pub fn type_name(&self, id: ShapeId) -> String {
        let id = self.sole_part(id);
        let shape = self.shape(id);
        if let Some(name) = &shape.name {
            return name.to_string();
        }
        let types = shape.domain.types.minus(Types::NULL);
        if types == Types::ARRAY {
            let item = shape.items.map(|i| self.resolve(i)).filter(|i| *i != id).map(|i| match &self.shape(i).name {
                Some(name) => name.to_string(),
                None => self.shape(i).domain.types.to_string(),
            });
            return format!("array of {}", item.as_deref().unwrap_or("any"));
        }
        if types == Types::ANY.minus(Types::NULL) {
            let branches = |n: usize, word: &str| format!("{word} of {n}");
            return match shape {
                s if !s.one_of.is_empty() => branches(s.one_of.len(), "one"),
                s if !s.any_of.is_empty() => branches(s.any_of.len(), "any"),
                s if !s.all_of.is_empty() => branches(s.all_of.len(), "all"),
                s if !s.properties.is_empty() || matches!(s.additional, Additional::Shape(_)) => "object".into(),
                _ => "any".into(),
            };
        }
        match &shape.domain.format {
            Some(format) => format!("{types}({format})"),
            None => types.to_string(),
        }
    }

    /// Past wrappers that only add null or a note: a reference with siblings, a combination of one schema with `null`.
    fn sole_part(&self, id: ShapeId) -> ShapeId {
        let mut at = self.resolve(id);
        for _ in 0..8 {
            let shape = self.shape(at);
            let says_types = shape.domain.types.minus(Types::NULL) != Types::ANY.minus(Types::NULL);
            if says_types || shape.name.is_some() || !shape.properties.is_empty() {
                break;
            }
            let parts = shape.reference.iter().filter_map(|r| r.target);
            let parts = parts.chain([&shape.all_of, &shape.any_of, &shape.one_of].into_iter().flatten().copied());
            let mut parts =
                parts.map(|part| self.resolve(part)).filter(|part| self.shape(*part).domain.types != Types::NULL);
            match (parts.next(), parts.next()) {
                (Some(only), None) => at = only,
                _ => break,
            }
        }
        at
    }

    /// The operation of that id.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|o| &*o.id == id)
    }
}

impl Schema {
    /// Tables, views and enum types as entities.
    pub fn entities(&self) -> Vec<EntityView> {
        let tables = self.tables.iter().enumerate().map(|(index, table)| table_view(index, table));
        let enums = self.enums.iter().map(|e| EntityView {
            layer: Layer::Sql,
            name: e.name.to_string(),
            kind: EntityKind::Enum,
            attributes: Vec::new(),
            keys: Vec::new(),
            origin: Some(e.origin),
            source: 0,
            shape: None,
            table: None,
            tainted: false,
        });
        tables.chain(enums).collect()
    }
}

/// A table as entity; its index is what the view remembers.
pub fn table_view(index: usize, table: &Table) -> EntityView {
    let attributes = table.columns.iter().map(|column| AttributeView {
        name: column.name.clone(),
        type_name: column.type_name.to_string(),
        domain: column.domain.clone(),
        nullable: !column.not_null,
        required: column.not_null && column.default.is_none() && column.generated == Generated::No,
        default: column.default.as_ref().map(ToString::to_string),
        deprecated: false,
        read_only: matches!(column.generated, Generated::Always | Generated::Computed),
        write_only: false,
        origin: Some(column.origin),
        shape: None,
    });
    EntityView {
        layer: Layer::Sql,
        name: table.full_name(),
        kind: match table.kind {
            TableKind::Table => EntityKind::Table,
            TableKind::View => EntityKind::View,
            TableKind::MaterializedView => EntityKind::MaterializedView,
        },
        attributes: attributes.collect(),
        keys: table.keys.clone(),
        origin: Some(table.key),
        source: 0,
        shape: None,
        table: Some(index),
        tainted: table.tainted,
    }
}
