//! The smallest instance of a schema, for witnesses about whole objects.

use serde_json::{Map, Value};

use crate::domain;
use crate::model::api::ShapeId;
use crate::model::{Types, Witness, WitnessKind};

use super::side::Side;
use super::view::{Member, Others, View};

/// Nested objects deeper than this give no witness.
const MAX_DEPTH: usize = 6;
/// Schemas looked at for one witness.
const MAX_WORK: usize = 200;

/// A value that base accepts and head refuses, unless it has the property it must lack.
pub fn lost_by_head(value: Value, lacking: Option<&str>) -> Option<Witness> {
    witness(value, lacking, ("base", "head"))
}

/// A value that head accepts and base refuses, unless it has the property it must lack.
pub fn gained_by_head(value: Value, lacking: Option<&str>) -> Option<Witness> {
    witness(value, lacking, ("head", "base"))
}

fn witness(
    value: Value,
    lacking: Option<&str>,
    (accepted_by, refused_by): (&'static str, &'static str),
) -> Option<Witness> {
    let fits = lacking.is_none_or(|name| value.get(name).is_none());
    fits.then_some(Witness { kind: WitnessKind::Json, value, accepted_by, refused_by })
}

/// The smallest object of the view: its required properties and, if named, one undeclared property.
pub fn object(side: &Side<'_>, view: &View<'_>, extra: Option<&str>) -> Option<Value> {
    object_of(side, view, extra, 0, &mut 0)
}

/// The smallest object of the view that has this property.
pub fn with(side: &Side<'_>, view: &View<'_>, member: &Member<'_>) -> Option<Value> {
    let mut object = object(side, view, None)?;
    let entries = object.as_object_mut()?;
    if !entries.contains_key(&**member.name) {
        entries.insert(member.name.to_string(), part(side, &member.shapes, 0, &mut 0)?);
    }
    Some(object)
}

/// The smallest value of the view.
pub fn value(side: &Side<'_>, view: &View<'_>, kind: Types) -> Option<Value> {
    value_of(side, view, kind, 0, &mut 0)
}

fn object_of(side: &Side<'_>, view: &View<'_>, extra: Option<&str>, depth: usize, work: &mut usize) -> Option<Value> {
    if depth > MAX_DEPTH || !is_plain(view) {
        return None;
    }
    let mut entries = Map::new();
    for member in view.properties.iter().filter(|m| m.required.is_some()) {
        entries.insert(member.name.to_string(), part(side, &member.shapes, depth, work)?);
    }
    for (name, _) in &view.required_only {
        let value = match &view.others {
            Others::Refused => return None,
            Others::Shapes(ids) => part(side, ids, depth, work)?,
            _ => Value::from("a"),
        };
        entries.insert(name.to_string(), value);
    }
    if let Some(name) = extra {
        if entries.contains_key(name) || view.property(name).is_some() {
            return None;
        }
        entries.insert(name.to_string(), Value::from("a"));
    }
    let object = Value::Object(entries);
    (domain::accepts(&view.domain, &object) == Some(true)).then_some(object)
}

fn part(side: &Side<'_>, ids: &[ShapeId], depth: usize, work: &mut usize) -> Option<Value> {
    *work += 1;
    if *work > MAX_WORK {
        return None;
    }
    let view = View::of(side, ids);
    domain::KINDS.into_iter().find_map(|kind| value_of(side, &view, kind, depth + 1, work))
}

fn value_of(side: &Side<'_>, view: &View<'_>, kind: Types, depth: usize, work: &mut usize) -> Option<Value> {
    if depth > MAX_DEPTH || !view.domain.types.intersects(kind) || !is_plain(view) {
        return None;
    }
    if kind == Types::OBJECT && view.domain.values.is_none() {
        return object_of(side, view, None, depth, work);
    }
    if kind == Types::ARRAY && view.domain.values.is_none() {
        return array_of(side, view, view.domain.limits().min_items.unwrap_or(0), depth, work);
    }
    domain::sample_of(&view.domain, kind)
}

/// A list of that many equal items.
pub fn array(side: &Side<'_>, view: &View<'_>, length: u64) -> Option<Value> {
    array_of(side, view, length, 0, &mut 0)
}

fn array_of(side: &Side<'_>, view: &View<'_>, length: u64, depth: usize, work: &mut usize) -> Option<Value> {
    if length > 100 || !view.prefix.is_empty() || !is_plain(view) {
        return None;
    }
    let item = if length == 0 { Value::Null } else { part(side, &view.items, depth, work)? };
    let array: Value = (0..length).map(|_| item.clone()).collect();
    (domain::accepts(&view.domain, &array) == Some(true)).then_some(array)
}

/// True when nothing is said that an instance could break without it being noticed here.
fn is_plain(view: &View<'_>) -> bool {
    view.choices.is_empty()
        && view.nots.is_empty()
        && !view.has_conditions()
        && view.matching.is_empty()
        && !view.tainted
}
