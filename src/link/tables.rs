//! Which table stands behind an API entity.

use std::collections::{BTreeMap, HashMap};

use crate::model::EntityView;
use crate::model::api::Api;
use crate::model::sql::{Schema, TableKind};

use super::Rarity;
use super::attributes::{self, Columns, Pair};
use super::names;
use super::settled;

/// A column name that more tables than this have says nothing about which of them is meant.
const COMMON: usize = 20;

/// The tables of one SQL source, prepared for finding.
pub struct Tables<'s> {
    schema: &'s Schema,
    /// One per table of the source; `None` for views and partitions.
    columns: Vec<Option<Columns>>,
    by_key: HashMap<String, Vec<usize>>,
    by_column: HashMap<String, Vec<usize>>,
}

/// The table behind an entity.
pub struct Found {
    pub table: usize,
    pub confidence: f64,
    pub reason: String,
    pub pairs: Vec<Pair>,
}

/// How well the attributes of an entity and a table agree.
struct Overlap {
    pairs: Vec<Pair>,
    /// Weight of what they share, as a part of the smaller side.
    share: f64,
    /// Weight of what they share.
    weight: f64,
}

impl<'s> Tables<'s> {
    pub fn of(schema: &'s Schema) -> Self {
        let usable = |kind, parent: bool| kind == TableKind::Table && !parent;
        let words: Vec<Vec<String>> = schema.tables.iter().map(|t| names::words(&t.name)).collect();
        let own: Vec<Vec<String>> = schema
            .tables
            .iter()
            .zip(&words)
            .filter(|(t, _)| t.kind == TableKind::Table)
            .map(|(_, w)| w.clone())
            .collect();
        let prefix = names::common_prefix(&own);
        let mut tables = Self { schema, columns: Vec::new(), by_key: HashMap::new(), by_column: HashMap::new() };
        for (at, (table, words)) in schema.tables.iter().zip(&words).enumerate() {
            if !usable(table.kind, table.parent.is_some()) {
                tables.columns.push(None);
                continue;
            }
            let mut keys = vec![names::key(words), names::key(words.get(prefix..).unwrap_or(words))];
            keys.dedup();
            for key in keys {
                tables.by_key.entry(key).or_default().push(at);
            }
            let columns = Columns::of(table);
            for name in columns.names() {
                tables.by_column.entry(name.to_string()).or_default().push(at);
            }
            tables.columns.push(Some(columns));
        }
        tables
    }

    /// The table whose rows the entity shows, when that is likely.
    pub fn behind(&self, api: &Api, entity: &EntityView, rarity: &Rarity) -> Option<Found> {
        let hints = entity.shape.map(|shape| api.shape(shape).hints.as_slice()).unwrap_or_default();
        if let Some((_, hint)) = hints.iter().find(|(name, _)| &**name == "x-table") {
            let table = self.schema.tables.iter().position(|t| t.full_name() == **hint || t.name == *hint)?;
            let overlap = self.overlap(api, entity, table, rarity)?;
            return Some(self.found(table, 1.0, format!("`x-table: {hint}`"), overlap));
        }
        for (key, literal) in names::api_keys(&entity.name) {
            match self.by_key.get(&key).map(Vec::as_slice) {
                None | Some([]) => continue,
                Some([table]) => {
                    let overlap = self.overlap(api, entity, *table, rarity)?;
                    if let Some(found) = self.named(*table, literal, overlap) {
                        return Some(found);
                    }
                }
                // Two tables of one name: nothing says which is meant.
                Some(_) => return None,
            }
        }
        self.overlapping(api, entity, rarity)
    }

    /// The table that people settled.
    pub fn settled(&self, api: &Api, entity: &EntityView, table: usize, rarity: &Rarity) -> Option<Found> {
        let overlap = self.overlap(api, entity, table, rarity)?;
        let name = self.schema.tables.get(table).map(|t| t.full_name()).unwrap_or_default();
        Some(Found { table, confidence: 1.0, reason: settled::reason(&name), pairs: overlap.pairs })
    }

    /// A table found by name, with the confidence that the attributes give it.
    fn named(&self, table: usize, literal: bool, overlap: Overlap) -> Option<Found> {
        let confidence = match (literal, overlap.share, overlap.pairs.len()) {
            (true, share, 2..) if share >= 0.5 => 0.97,
            (true, share, 2..) if share >= 0.3 => 0.92,
            (true, _, 1..) => 0.6,
            (false, share, 3..) if share >= 0.6 => 0.93,
            (false, share, 2..) if share >= 0.5 => 0.85,
            _ => return None,
        };
        let how = if literal { "same name" } else { "same name without the words around it" };
        Some(self.found(table, confidence, how.to_string(), overlap))
    }

    /// The one table that shares nearly all attributes, whatever its name.
    fn overlapping(&self, api: &Api, entity: &EntityView, rarity: &Rarity) -> Option<Found> {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for attribute in &entity.attributes {
            let having = self.by_column.get(&names::squash(&attribute.name)).map(Vec::as_slice).unwrap_or_default();
            if having.len() <= COMMON {
                having.iter().for_each(|table| *shared.entry(*table).or_default() += 1);
            }
        }
        let mut best: Vec<(usize, Overlap)> = shared
            .into_iter()
            .filter(|(_, count)| *count >= 4)
            .filter_map(|(table, _)| Some((table, self.overlap(api, entity, table, rarity)?)))
            .collect();
        best.sort_by(|a, b| b.1.weight.total_cmp(&a.1.weight).then(a.0.cmp(&b.0)));
        let mut best = best.into_iter();
        let (table, first) = best.next()?;
        let alone = best.next().is_none_or(|(_, second)| second.weight <= first.weight * 0.6);
        let close = alone && first.share >= 0.8 && first.weight >= 2.0;
        close.then(|| self.found(table, 0.75, "nearly the same attributes".to_string(), first))
    }

    fn found(&self, table: usize, confidence: f64, how: String, overlap: Overlap) -> Found {
        let name = self.schema.tables.get(table).map(|t| t.full_name()).unwrap_or_default();
        let reason = format!("table `{name}`: {how}, {} attributes agree", overlap.pairs.len());
        Found { table, confidence, reason, pairs: overlap.pairs }
    }

    fn overlap(&self, api: &Api, entity: &EntityView, table: usize, rarity: &Rarity) -> Option<Overlap> {
        let columns = self.columns.get(table)?.as_ref()?;
        let pairs = attributes::pairs(api, entity, columns);
        let weights: Vec<f64> =
            entity.attributes.iter().map(|attribute| rarity.weight(&names::squash(&attribute.name))).collect();
        let weight: f64 = pairs.iter().filter_map(|pair| weights.get(pair.property)).sum();
        let of_columns: f64 = columns.names().map(|name| rarity.weight(name)).sum();
        let of_properties: f64 = weights.iter().sum();
        Some(Overlap { pairs, share: weight / of_columns.min(of_properties).max(0.1), weight })
    }
}
