//! Which column of a table a property shows, and what speaks against it.

use std::collections::BTreeMap;

use crate::model::api::Api;
use crate::model::sql::{Column, Table};
use crate::model::{AttributeView, EntityView, Types};

use super::{Effective, names};

/// Values that are stored in another form than they are sent, or mean something else on the two sides.
const TRANSFORMED: [&str; 9] =
    ["password", "passwd", "secret", "token", "hash", "apikey", "privatekey", "salt", "links"];

/// The columns of a table by squashed name.
pub struct Columns {
    by_name: BTreeMap<String, usize>,
}

/// A property and a column of the same name.
pub struct Pair {
    pub property: usize,
    pub column: usize,
    pub reason: String,
}

impl Columns {
    pub fn of(table: &Table) -> Self {
        let prefix = own_prefix(table);
        let mut by_name = BTreeMap::new();
        for (at, column) in table.columns.iter().enumerate() {
            let squashed = names::squash(&column.name);
            let short = prefix.as_deref().and_then(|p| squashed.strip_prefix(p)).unwrap_or(&squashed);
            by_name.entry(short.to_string()).or_insert(at);
        }
        Self { by_name }
    }

    /// Squashed, without the table's prefix.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }
}

/// The table's own name when (nearly) all its columns begin with it: `user_id, user_email, user_name`.
fn own_prefix(table: &Table) -> Option<String> {
    let columns: Vec<String> = table.columns.iter().map(|c| names::squash(&c.name)).collect();
    let words = names::words(&table.name);
    let last = words.last().cloned().unwrap_or_default();
    let candidates = [names::squash(&table.name), names::key(&words), names::fold(&last), last];
    let prefix = candidates.into_iter().find(|prefix| {
        let having = columns.iter().filter(|c| c.len() > prefix.len() && c.starts_with(prefix.as_str())).count();
        !prefix.is_empty() && having >= 3 && having * 5 >= columns.len() * 4
    })?;
    Some(prefix)
}

/// Properties and the columns of the same name; a hint (`x-column`) comes first. No column is given twice.
pub fn pairs(api: &Api, entity: &EntityView, columns: &Columns) -> Vec<Pair> {
    let mut used = std::collections::BTreeSet::new();
    let mut pairs = Vec::new();
    for (property, attribute) in entity.attributes.iter().enumerate() {
        let hints = attribute.shape.map(|shape| api.shape(shape).hints.as_slice()).unwrap_or_default();
        let hint = hints.iter().find(|(name, _)| &**name == "x-column").map(|(_, value)| names::squash(value));
        let reason = if hint.is_some() { "`x-column`" } else { "column of the same name" };
        let name = hint.unwrap_or_else(|| names::squash(&attribute.name));
        if let Some(column) = columns.by_name.get(&name)
            && used.insert(*column)
        {
            pairs.push(Pair { property, column: *column, reason: reason.to_string() });
        }
    }
    pairs
}

/// The factor by which a pair is less certain than its entities, and why.
pub fn doubt(api: &Api, attribute: &AttributeView, column: &Column) -> (f64, Option<&'static str>) {
    // An embedded object can stand behind a reference or `oneOf: [null, …]`.
    let types = attribute.shape.map_or(attribute.domain.types, |shape| Effective::of(api, shape).domain.types);
    let property = types.minus(Types::NULL);
    let stored = column.domain.types.minus(Types::NULL);
    let name = names::squash(&attribute.name);
    if !property.intersects(stored) {
        (0.6, Some("the types have nothing in common"))
    } else if TRANSFORMED.iter().any(|word| name.ends_with(word)) {
        (0.85, Some("such values are often stored in another form"))
    } else {
        (1.0, None)
    }
}
