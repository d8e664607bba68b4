//! Columns and properties that are tied for certain in one of the revisions, with what happened to each.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::model::api::{Api, Property};
use crate::model::link::CERTAIN;
use crate::model::sql::{Schema, Table};
use crate::model::{Change, ChangeKind, Layer, Link, Model, Origin};
use crate::rules::{Pair, Side};

/// References followed from a property to the schema that holds its values.
const DEPTH: usize = 8;

/// A column and a property, by the names they go by where they are tied.
pub struct Tie<'a> {
    pub column: &'a str,
    pub property: &'a str,
    /// The table of the column.
    pub table: String,
    pub in_base: bool,
    pub in_head: bool,
    /// The property is in a contract of base, of head.
    pub promised: (bool, bool),
    pub sql: Vec<&'a Change>,
    pub api: Vec<&'a Change>,
}

/// The ties of columns that something happened to, by column and property.
pub fn ties<'a>(pair: &Pair<'a>) -> Vec<Tie<'a>> {
    let changes = by_subject(pair.changes);
    let touched = touched(pair.changes);
    let promised = (properties(pair.base.model), properties(pair.head.model));
    let mut ties: BTreeMap<(&str, &str), Tie<'a>> = BTreeMap::new();
    for (side, is_head) in [(pair.base, false), (pair.head, true)] {
        let owners: Vec<_> = side.model.apis.iter().map(|api| owners(api)).collect();
        for link in side.links.iter().filter(|link| link.confidence >= CERTAIN) {
            let Some((table, columns)) = columns(side, link) else { continue };
            if !columns.iter().any(|name| touched.contains(name)) {
                continue;
            }
            let Some(owners) = owners.get(link.api.0) else { continue };
            let tie = ties.entry((&link.column, &link.property)).or_insert_with(|| Tie {
                column: &link.column,
                property: &link.property,
                table,
                in_base: false,
                in_head: false,
                promised: (promised.0.contains(&*link.property), promised.1.contains(&*link.property)),
                sql: Vec::new(),
                api: Vec::new(),
            });
            *(if is_head { &mut tie.in_head } else { &mut tie.in_base }) = true;
            let names = [(Layer::Sql, columns), (Layer::Api, subjects(side, link, owners))];
            for (layer, subject) in names.iter().flat_map(|(layer, names)| names.iter().map(move |name| (*layer, name)))
            {
                let own = if layer == Layer::Sql { &mut tie.sql } else { &mut tie.api };
                for change in changes.get(&(layer, subject.as_str())).into_iter().flatten() {
                    if !own.iter().any(|known| std::ptr::eq(*known, *change)) {
                        own.push(change);
                    }
                }
            }
        }
    }
    ties.into_values().collect()
}

/// Changes of base or head, also those that one edit brings together.
fn by_subject(changes: &[Change]) -> HashMap<(Layer, &str), Vec<&Change>> {
    let mut known: HashMap<(Layer, &str), Vec<&Change>> = HashMap::new();
    for change in changes.iter().flat_map(|change| std::iter::once(change).chain(&change.parts)) {
        known.entry((change.layer, &change.subject)).or_default().push(change);
    }
    known
}

/// What changed in the database, by its names before and after.
fn touched(changes: &[Change]) -> HashSet<String> {
    let renamed = |change: &Change| {
        let (table, _) = change.subject.rsplit_once('.')?;
        let new = change.after.as_ref().filter(|_| change.kind == ChangeKind::AttributeRenamed)?;
        Some(format!("{table}.{new}"))
    };
    let sql = changes.iter().filter(|change| change.layer == Layer::Sql);
    sql.flat_map(|change| [Some(change.subject.clone()), renamed(change)]).flatten().collect()
}

/// `User.email` of everything that the contracts name.
fn properties(model: &Model) -> HashSet<String> {
    let entities = model.apis.iter().flat_map(|api| api.entities());
    entities.flat_map(|e| e.attributes.iter().map(|a| format!("{}.{}", e.name, a.name)).collect::<Vec<_>>()).collect()
}

/// The table of the link's column, and what changes of the column are told about: itself, its table, its enumeration.
fn columns(side: Side<'_>, link: &Link) -> Option<(String, BTreeSet<String>)> {
    let (schema, table, column) = link.sql;
    let schema: &Schema = side.model.schemas.get(schema)?;
    let table: &Table = schema.tables.get(table)?;
    let column = table.columns.get(column)?;
    let listed = schema.enums.iter().find(|listed| listed.is_named(&column.type_name));
    let own = format!("{}.{}", table.full_name(), column.name);
    let names = [Some(own), Some(table.full_name()), listed.map(|listed| listed.name.to_string())];
    Some((table.full_name(), names.into_iter().flatten().collect()))
}

/// Where each property is written → the name it has there: `allOf` lends properties to other entities.
fn owners(api: &Api) -> HashMap<Origin, String> {
    let of = |(name, id): &(_, _)| {
        let own: &[Property] = &api.shape(*id).properties;
        own.iter().map(|property| (property.key, format!("{name}.{}", property.name))).collect::<Vec<_>>()
    };
    api.components.iter().flat_map(of).collect()
}

/// What changes of the link's property are told about: itself, as its owner names it, and the schemas it refers to.
fn subjects(side: Side<'_>, link: &Link, owners: &HashMap<Origin, String>) -> BTreeSet<String> {
    let mut names = BTreeSet::from([link.property.to_string()]);
    let Some(api) = side.model.apis.get(link.api.0) else { return names };
    let wanted = link.property.rsplit_once('.').map_or("", |(_, name)| name);
    let own = api.all_properties(link.api.1).into_iter().find(|(property, _)| &*property.name == wanted);
    let Some((property, _)) = own else { return names };
    names.extend(owners.get(&property.key).cloned());
    let mut at = property.shape;
    for _ in 0..DEPTH {
        let shape = api.shape(at);
        names.extend(shape.name.as_ref().map(ToString::to_string));
        let wrapped = match shape.all_of.as_slice() {
            [only] => Some(*only),
            _ => None,
        };
        match shape.reference.as_ref().and_then(|r| r.target).or(wrapped) {
            Some(next) => at = next,
            None => break,
        }
    }
    names
}
