//! Columns and properties that hold the same value.
//!
//! Comes in: the two layers of one revision. Goes out: links with a confidence and a reason a person can check. Must not know:
//! revisions. The hard part is to find the table behind a schema: by hint, by name, by name without wrappers, and only then by
//! the attributes they share; every way is checked by how many attributes agree, rare names counting more. Precision comes
//! first: a wrong link accuses somebody of a drift that is none.

mod attributes;
mod effective;
mod names;
mod settled;
mod tables;

use std::collections::HashMap;

use crate::model::api::Api;
use crate::model::sql::Schema;
use crate::model::{EntityKind, EntityView, Link, Model};

pub use effective::Effective;
pub use settled::Settled;
use tables::Tables;

/// From here on a link may drive an error.
pub const CERTAIN: f64 = 0.9;

/// All links of a revision, by contract and SQL source, then in the order of schemas, properties and columns.
pub fn link(model: &Model, settled: &Settled<'_>) -> Vec<Link> {
    let sources: Vec<(usize, Tables<'_>)> = model
        .schemas
        .iter()
        .enumerate()
        .filter(|(_, schema)| !schema.tables.is_empty())
        .map(|(at, schema)| (at, Tables::of(schema)))
        .collect();
    let mut links = Vec::new();
    if sources.is_empty() {
        return links;
    }
    for (at_api, api) in model.apis.iter().enumerate() {
        let entities: Vec<EntityView> =
            api.entities().into_iter().filter(|e| e.kind == EntityKind::Schema && !e.attributes.is_empty()).collect();
        for (at_schema, tables) in &sources {
            let Some(schema) = model.schemas.get(*at_schema) else { continue };
            let rarity = Rarity::of(&entities, schema);
            for entity in &entities {
                let found = match settled.table(&entity.name, schema) {
                    settled::Table::Guess => tables.behind(api, entity, &rarity),
                    settled::Table::Forbidden => None,
                    settled::Table::At(table) => tables.settled(api, entity, table, &rarity),
                };
                let mut own =
                    found.map(|found| tied((at_api, api, entity), &found, (*at_schema, schema))).unwrap_or_default();
                settled.correct((at_api, *at_schema), entity, schema, &mut own);
                links.append(&mut own);
            }
        }
    }
    links
}

/// The links between an entity and the table behind it.
fn tied(
    (at_api, api, entity): (usize, &Api, &EntityView),
    found: &tables::Found,
    (at_schema, schema): (usize, &Schema),
) -> Vec<Link> {
    let mut links = Vec::new();
    let (Some(table), Some(shape)) = (schema.tables.get(found.table), entity.shape) else { return links };
    for pair in &found.pairs {
        let (Some(attribute), Some(column)) = (entity.attributes.get(pair.property), table.columns.get(pair.column))
        else {
            continue;
        };
        // What people settled is not doubted: then a difference of types is drift, not a false link.
        let doubt = (found.confidence < 1.0).then(|| attributes::doubt(api, attribute, column));
        let (factor, remark) = doubt.unwrap_or((1.0, None));
        let mut reason = format!("{}, {}", found.reason, pair.reason);
        if let Some(remark) = remark {
            reason.push_str(&format!("; {remark}"));
        }
        links.push(Link {
            column: format!("{}.{}", table.full_name(), column.name).into(),
            property: format!("{}.{}", entity.name, attribute.name).into(),
            confidence: (found.confidence * factor * 100.0).round() / 100.0,
            reason,
            sql: (at_schema, found.table, pair.column),
            api: (at_api, shape, pair.property),
        });
    }
    links
}

/// How much it says that two entities share an attribute of a name: `id` says nothing, `tax_exempt_reason` nearly everything.
pub(crate) struct Rarity {
    count: HashMap<String, usize>,
    entities: usize,
}

impl Rarity {
    fn of(entities: &[EntityView], schema: &Schema) -> Self {
        let mut count: HashMap<String, usize> = HashMap::new();
        for attribute in entities.iter().flat_map(|e| &e.attributes) {
            *count.entry(names::squash(&attribute.name)).or_default() += 1;
        }
        for column in schema.tables.iter().flat_map(|t| &t.columns) {
            *count.entry(names::squash(&column.name)).or_default() += 1;
        }
        Self { count, entities: entities.len() + schema.tables.len() }
    }

    /// Between 0.1 (everybody has it) and 1 (only one entity of each layer).
    fn weight(&self, name: &str) -> f64 {
        let having = self.count.get(name).copied().unwrap_or(1).max(2) as f64;
        let all = (self.entities as f64).max(having);
        if all <= 2.0 {
            return 1.0;
        }
        (1.0 - (having / 2.0).ln() / (all / 2.0).ln().max(1.0)).clamp(0.1, 1.0)
    }
}
