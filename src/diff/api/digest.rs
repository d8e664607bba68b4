//! Fingerprints of shapes that do not depend on names, places or order.
//!
//! Colour refinement: each round mixes the fingerprints of a shape's parts into its own, so cost is linear and cycles
//! are no matter. Equal digests mean equal down to a few levels; they are used to pair things up, never as a verdict.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::domain;
use crate::model::api::{Additional, Api, Shape, ShapeId};

const ROUNDS: usize = 4;

fn hash(parts: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// One digest per shape.
pub fn digests(api: &Api) -> Vec<u64> {
    let own: Vec<u64> = api.shapes.iter().map(own).collect();
    let mut known = own.clone();
    for _ in 0..ROUNDS {
        known = api.shapes.iter().zip(&own).map(|(shape, own)| mixed(api, shape, *own, &known)).collect();
    }
    known
}

/// What the shape says by itself.
fn own(shape: &Shape) -> u64 {
    let mut values: Vec<String> = shape.domain.values.iter().flat_map(|v| v.iter()).map(ToString::to_string).collect();
    values.sort_unstable();
    let aspects = domain::ASPECTS.map(|aspect| match aspect {
        domain::Aspect::Value | domain::Aspect::ValueList => None,
        aspect => domain::describe(&shape.domain, aspect),
    });
    let flags = (shape.read_only, shape.write_only, shape.domain.values.is_some(), shape.domain.open_values);
    let others: Vec<String> = shape.other.iter().map(|other| format!("{}:{}", other.name, other.value)).collect();
    let mut required: Vec<&str> = shape.required_only.iter().map(|(name, _)| &**name).collect();
    required.sort_unstable();
    let discriminator = shape.discriminator.as_ref().map(|d| d.property.clone());
    let default = shape.default.as_ref().map(ToString::to_string);
    hash(&(values, aspects, flags, others, required, discriminator, default))
}

fn mixed(api: &Api, shape: &Shape, own: u64, known: &[u64]) -> u64 {
    let of = |id: ShapeId| known.get(api.resolve(id).0 as usize).copied().unwrap_or(0);
    // Shapes that add nothing to a single part are that part.
    if let Some(target) = shape.reference.as_ref().and_then(|r| r.target)
        && shape.bare
    {
        return of(target);
    }
    let mut properties: Vec<(&str, bool, u64)> =
        shape.properties.iter().map(|p| (&*p.name, p.required, of(p.shape))).collect();
    properties.sort_unstable();
    let sorted = |ids: &[ShapeId]| {
        let mut digests: Vec<u64> = ids.iter().map(|id| of(*id)).collect();
        digests.sort_unstable();
        digests
    };
    // Said twice is said once.
    let distinct = |ids: &[ShapeId]| {
        let mut digests = sorted(ids);
        digests.dedup();
        digests
    };
    let mut matching: Vec<(&str, u64)> = shape.pattern_properties.iter().map(|(p, id)| (&**p, of(*id))).collect();
    matching.sort_unstable();
    let additional = match shape.additional {
        Additional::Unsaid | Additional::Allowed => (0, 0),
        Additional::Refused => (1, 0),
        Additional::Shape(id) => (2, of(id)),
    };
    let applied: Vec<_> = shape.applied.iter().map(|a| (a.keyword, a.name.as_deref(), of(a.shape))).collect();
    let target = shape.reference.as_ref().and_then(|r| r.target).map(of);
    let lists = [distinct(&shape.all_of), distinct(&shape.any_of), sorted(&shape.one_of)];
    let prefix: Vec<u64> = shape.prefix_items.iter().map(|id| of(*id)).collect();
    let parts = (properties, shape.items.map(of), prefix, matching, additional);
    hash(&(own, parts, target, lists, shape.not.map(of), applied))
}
