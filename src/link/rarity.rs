//! How much the name of an attribute tells about what has it.

use std::collections::HashMap;

use crate::model::EntityView;
use crate::model::sql::Schema;

use super::names;

/// The most that a name says which anything may have.
const GENERIC: f64 = 0.4;

/// How much it says that two entities share an attribute of a name: `id` says nothing, `tax_exempt_reason` nearly everything.
pub struct Rarity {
    count: HashMap<String, usize>,
    entities: usize,
}

impl Rarity {
    pub fn of(entities: &[EntityView], schema: &Schema) -> Self {
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
    pub fn weight(&self, name: &str) -> f64 {
        let having = self.count.get(name).copied().unwrap_or(1).max(2) as f64;
        let all = (self.entities as f64).max(having);
        let most = if names::is_generic(name) { GENERIC } else { 1.0 };
        (1.0 - (having / 2.0).ln() / (all / 2.0).ln().max(1.0)).clamp(0.1, most)
    }
}
