//! Alternatives that are nothing but values, folded into one domain: `anyOf: [string, integer]` is a list of types, and
//! `oneOf` of constants is a list of values.

use serde_json::Value;

use crate::domain;
use crate::model::api::{Additional, Keyword, Shape, ShapeId};
use crate::model::{Domain, Types};

use super::side::Side;

/// True when a shape says nothing that its domain does not say.
pub fn is_simple(shape: &Shape) -> bool {
    shape.any_of.is_empty() && shape.one_of.is_empty() && is_simple_but_for_alternatives(shape)
}

/// The alternatives of a shape that is nothing but alternatives.
pub fn union(shape: &Shape) -> Option<(Keyword, &[ShapeId])> {
    let plain = shape.domain == Domain::any() && !shape.nullable && shape.discriminator.is_none();
    let plain = plain && !(shape.read_only || shape.write_only) && is_simple_but_for_alternatives(shape);
    match (shape.any_of.as_slice(), shape.one_of.as_slice()) {
        (many @ [_, _, ..], []) if plain => Some((Keyword::AnyOf, many)),
        ([], many @ [_, _, ..]) if plain => Some((Keyword::OneOf, many)),
        _ => None,
    }
}

/// True when a schema says itself, or in alternatives of its own, that `null` is one of its values.
pub fn takes_null(side: &Side<'_>, id: ShapeId) -> bool {
    let shape = |id: ShapeId| side.shape(side.api.resolve(id));
    let own = |id: &ShapeId| is_simple(shape(*id)) && shape(*id).domain.nullable();
    match union(shape(id)) {
        Some((Keyword::OneOf, parts)) => parts.iter().filter(|part| own(part)).count() == 1,
        Some((_, parts)) => parts.iter().any(own),
        None => own(&id),
    }
}

fn is_simple_but_for_alternatives(shape: &Shape) -> bool {
    let structure = shape.properties.is_empty()
        && shape.required_only.is_empty()
        && shape.items.is_none()
        && shape.prefix_items.is_empty()
        && shape.additional == Additional::Unsaid
        && shape.pattern_properties.is_empty();
    let combined = shape.all_of.is_empty()
        && shape.not.is_none()
        && shape.reference.is_none()
        && shape.other.is_empty()
        && shape.applied.is_empty();
    structure && combined && !shape.tainted
}

/// Simple alternatives as one domain; `None` when there is no such domain. `oneOf` refuses what two of them list.
pub fn fold(side: &Side<'_>, keyword: Keyword, branches: &[ShapeId]) -> Option<Domain> {
    let shapes: Vec<&Shape> = branches.iter().map(|b| side.shape(side.api.resolve(*b))).collect();
    if shapes.is_empty() || !shapes.iter().all(|s| is_simple(s)) {
        return None;
    }
    if shapes.iter().all(|s| s.domain.values.is_some() && s.domain.limits.is_none() && s.domain.format.is_none()) {
        let allowed = |s: &&Shape, v: &Value| s.domain.types.contains(Types::of(v));
        let mut values: Vec<Value> = Vec::new();
        for shape in &shapes {
            let list = shape.domain.values.iter().flat_map(|v| v.iter()).filter(|v| allowed(shape, v));
            values.extend(list.cloned());
        }
        if keyword == Keyword::OneOf {
            let all = values.clone();
            values.retain(|value| all.iter().filter(|other| domain::same(value, other)).count() == 1);
        }
        let types = values.iter().map(Types::of).fold(Types::NONE, Types::union);
        let types = if types.intersects(Types::NUMBER) { types.union(Types::NUMBER) } else { types };
        let open_values = shapes.iter().any(|s| s.domain.open_values);
        return Some(Domain { types, values: Some(values.into()), open_values, ..Domain::any() });
    }
    // Conditions speak about one type each, so alternatives of different types can stand side by side.
    let mut union = Domain::of(Types::NONE);
    for shape in shapes {
        let Domain { types, format, values, limits, .. } = &shape.domain;
        let clash = union.types.intersects(*types) || values.is_some() || (format.is_some() && union.format.is_some());
        if clash {
            return None;
        }
        union.types = union.types.union(*types);
        if format.is_some() {
            union.format.clone_from(format);
        }
        if limits.is_some() {
            let alone = Domain { limits: limits.clone(), ..Domain::any() };
            let own = relevant(&alone, *types);
            union = Domain { types: union.types, ..domain::intersection(&union, &own) };
        }
    }
    Some(union)
}

/// The limits that apply to values of these types.
fn relevant(domain: &Domain, types: Types) -> Domain {
    let mut kept = domain.clone();
    let limits = kept.limits_mut();
    if !types.intersects(Types::NUMBER) {
        (limits.minimum, limits.maximum, limits.multiple_of) = (None, None, None);
    }
    if !types.intersects(Types::STRING) {
        (limits.min_length, limits.max_length) = (None, None);
        limits.patterns.clear();
    }
    if !types.intersects(Types::ARRAY) {
        (limits.min_items, limits.max_items, limits.unique_items) = (None, None, false);
    }
    if !types.intersects(Types::OBJECT) {
        (limits.min_properties, limits.max_properties) = (None, None);
    }
    kept
}
