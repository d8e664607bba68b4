//! Links that people settled in `links:` of the configuration: to confirm what cannot be guessed, or to forbid it.
//!
//! `Customer: crm.clients` ties a schema to a table, `Customer.since: crm.clients.created_at` a property to a column of any
//! table; `none` on the right forbids every guess.

use std::collections::BTreeMap;

use crate::config::nearest::nearest;
use crate::model::api::Api;
use crate::model::sql::Schema;
use crate::model::{EntityView, Link, Model};

/// The reason of a settled link.
const REASON: &str = "`links:` in the configuration";

/// What was settled, by entity or attribute of the contract.
pub struct Settled<'c>(pub &'c BTreeMap<String, String>);

/// The table that was settled for an entity.
pub enum Table {
    Guess,
    Forbidden,
    At(usize),
}

impl Settled<'_> {
    /// What stands behind the entity in this source. A table of another source forbids guessing here.
    pub fn table(&self, entity: &str, schema: &Schema) -> Table {
        match self.0.get(entity) {
            None => Table::Guess,
            Some(name) => position(schema, name).map_or(Table::Forbidden, Table::At),
        }
    }

    /// Replaces what was guessed for single properties by what was settled.
    pub fn correct(&self, at: (usize, usize), entity: &EntityView, schema: &Schema, links: &mut Vec<Link>) {
        let (at_api, at_schema) = at;
        let Some(shape) = entity.shape else { return };
        for (index, attribute) in entity.attributes.iter().enumerate() {
            let property = format!("{}.{}", entity.name, attribute.name);
            let Some(target) = self.0.get(&property) else { continue };
            links.retain(|l| l.api != (at_api, shape, index));
            let found = target.rsplit_once('.').and_then(|(table, column)| {
                let table = position(schema, table)?;
                let column = schema.tables.get(table)?.columns.iter().position(|c| *c.name == *column)?;
                Some((table, column))
            });
            if let Some((table, column)) = found {
                links.push(Link {
                    column: target.as_str().into(),
                    property: property.into(),
                    confidence: 1.0,
                    reason: REASON.into(),
                    sql: (at_schema, table, column),
                    api: (at_api, shape, index),
                });
            }
        }
    }

    /// One sentence for each name that neither layer of the model has.
    pub fn unknown(&self, model: &Model) -> Vec<String> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let mut ours: Vec<String> = Vec::new();
        for entity in model.apis.iter().flat_map(|api: &std::sync::Arc<Api>| api.entities()) {
            ours.extend(entity.attributes.iter().map(|a| format!("{}.{}", entity.name, a.name)));
            ours.push(entity.name);
        }
        let mut theirs: Vec<String> = vec!["none".into()];
        for table in model.schemas.iter().flat_map(|s| &s.tables) {
            theirs.extend(table.columns.iter().map(|c| format!("{}.{}", table.full_name(), c.name)));
            theirs.push(table.full_name());
        }
        let say = |name: &str, known: &[String], what: &str| {
            let hint = nearest(name, known.iter().map(String::as_str));
            let hint = hint.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            (!known.iter().any(|k| k == name))
                .then(|| format!("`links:` names `{name}`, which is no {what} of head{hint}"))
        };
        let sides = |(from, to): (&String, &String)| {
            [say(from, &ours, "schema or property"), say(to, &theirs, "table or column")]
        };
        self.0.iter().flat_map(sides).flatten().collect()
    }
}

fn position(schema: &Schema, name: &str) -> Option<usize> {
    schema.tables.iter().position(|t| t.full_name() == name)
}

/// The words for a table that was settled.
pub fn reason(table: &str) -> String {
    format!("table `{table}`: {REASON}")
}
