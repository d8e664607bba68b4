//! Links with everything at hand that the drift rules ask for.

use crate::link::{CERTAIN, Effective};
use crate::model::api::{Api, Property, ShapeId};
use crate::model::sql::{Column, KeyKind, Table, TableKind};
use crate::model::uses::{self, Uses};
use crate::model::{Domain, Flows, Link, Types};
use crate::rules::rule::Side;

/// A link with its two ends.
pub struct Tie<'a> {
    pub link: &'a Link,
    pub api: &'a Api,
    /// The entity the property belongs to.
    pub entity: ShapeId,
    pub property: &'a Property,
    pub required: bool,
    pub table: &'a Table,
    pub column: &'a Column,
}

/// The ends of all links of at least this confidence; links to unread parts are left out.
pub fn ties<'a>(side: Side<'a>, confidence: f64) -> Vec<Tie<'a>> {
    side.links.iter().filter(|link| link.confidence >= confidence).filter_map(|link| tie(side, link)).collect()
}

/// The ends of the links that may drive an error.
pub fn certain<'a>(side: Side<'a>) -> Vec<Tie<'a>> {
    ties(side, CERTAIN)
}

fn tie<'a>(side: Side<'a>, link: &'a Link) -> Option<Tie<'a>> {
    let (schema, table, column) = link.sql;
    let table = side.model.schemas.get(schema)?.tables.get(table)?;
    let column = table.columns.get(column)?;
    let (api, entity, property) = link.api;
    let api = side.model.apis.get(api)?;
    let (property, required) = api.property_at(entity, property)?;
    // What a view shows may be null or computed whatever its columns say.
    let unread = table.kind != TableKind::Table || table.tainted || column.tainted || api.shape(property.shape).tainted;
    (!unread).then_some(Tie { link, api, entity, property, required, table, column })
}

impl Tie<'_> {
    /// What the property can hold.
    pub fn property_domain(&self) -> Effective {
        Effective::of(self.api, self.property.shape)
    }

    /// The flows of the property in its contract.
    pub fn flows(&self, uses: &Uses<'_>) -> Flows {
        uses.flows(self.entity).intersection(uses::through(self.api, self.property.shape))
    }

    /// The property and the column: what names a tie in both revisions.
    pub fn ends(&self) -> (String, String) {
        (self.link.property.to_string(), self.link.column.to_string())
    }

    /// True for a column of the primary key or of a foreign one.
    pub fn is_key(&self) -> bool {
        is_key(self.table, self.column)
    }

    /// What the column holds, without null: nullability is a rule of its own.
    pub fn column_values(&self) -> Domain {
        without_null(&self.column.domain)
    }
}

/// True for a column of the table's primary key or of a foreign one.
pub fn is_key(table: &Table, column: &Column) -> bool {
    let kinds = [KeyKind::Primary, KeyKind::Foreign];
    table.keys.iter().any(|key| kinds.contains(&key.kind) && key.columns.contains(&column.name))
}

/// True for a column that holds a JSON document each.
pub fn is_json(column: &Column) -> bool {
    matches!(column.type_name.to_ascii_lowercase().as_str(), "json" | "jsonb")
}

/// The domain without `null`.
pub fn without_null(domain: &Domain) -> Domain {
    let mut domain = domain.clone();
    domain.types = domain.types.minus(Types::NULL);
    domain.values = domain.values.map(|v| v.iter().filter(|v| !v.is_null()).cloned().collect());
    domain
}

/// The column's definition as the other place of a finding.
pub fn related(tie: &Tie<'_>) -> (String, crate::model::Origin) {
    (tie.link.column.to_string(), tie.column.origin)
}

/// The placeholders that every drift rule has.
pub fn names(tie: &Tie<'_>) -> Vec<(&'static str, String)> {
    vec![
        ("property", tie.link.property.to_string()),
        ("column", tie.link.column.to_string()),
        ("table", tie.table.full_name()),
        ("name", tie.column.name.to_string()),
        ("type", tie.column.type_name.to_string()),
    ]
}
