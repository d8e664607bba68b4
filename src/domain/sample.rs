//! The smallest readable member of a domain.

use serde_json::{Map, Value};

use crate::model::{Domain, Types};

use super::accept::accepts;
use super::format;
use super::numbers::Numbers;
use super::strings::Strings;

/// The kinds of values, in the order in which people like to read them.
pub const KINDS: [Types; 6] = [Types::STRING, Types::NUMBER, Types::BOOLEAN, Types::ARRAY, Types::OBJECT, Types::NULL];

/// Longer arrays and objects show nothing.
const MAX_COUNT: u64 = 100;

/// The smallest readable member; `None` when there is none or none could be built.
pub fn sample(domain: &Domain) -> Option<Value> {
    KINDS.into_iter().filter(|kind| domain.types.intersects(*kind)).find_map(|kind| sample_of(domain, kind))
}

/// The smallest readable member of one of the [`Types`].
pub fn sample_of(domain: &Domain, kind: Types) -> Option<Value> {
    if !domain.types.intersects(kind) {
        return None;
    }
    let candidates: Vec<Value> = match &domain.values {
        Some(values) => values.iter().filter(|v| kind.contains(Types::of(v))).cloned().collect(),
        None if kind == Types::STRING => texts(domain, 1).into_iter().map(Value::from).collect(),
        None if kind == Types::NUMBER || kind == Types::INTEGER => {
            let narrowed = Domain { types: domain.types.intersection(kind), ..domain.clone() };
            Numbers::of(&narrowed)?.pick().map(|n| n.to_json()).into_iter().collect()
        }
        None if kind == Types::BOOLEAN => vec![Value::Bool(true)],
        None if kind == Types::ARRAY => array(domain.limits().min_items.unwrap_or(0), true).into_iter().collect(),
        None if kind == Types::OBJECT => object(domain.limits().min_properties.unwrap_or(0)).into_iter().collect(),
        None => vec![Value::Null],
    };
    candidates.into_iter().find(|value| accepts(domain, value) == Some(true))
}

/// Strings that are likely members, most readable first; the caller checks them.
pub fn texts(domain: &Domain, wanted: usize) -> Vec<String> {
    let limits = domain.limits();
    let mut found: Vec<String> = Vec::new();
    let shortest = limits.min_length.unwrap_or(0);
    match format::text(domain.format.as_deref()) {
        Some(format) => {
            found.extend(format.samples.iter().map(|s| (*s).to_string()));
            found.extend(format::grown(format, shortest.max(1)));
        }
        None if limits.patterns.is_empty() && limits.max_length != Some(0) => {
            let length = usize::try_from(shortest.clamp(1, 70_000)).unwrap_or(1);
            found.push("a".repeat(length));
        }
        None => {}
    }
    if found.len() < wanted || !limits.patterns.is_empty() {
        let (strings, beyond) = Strings::of(domain, &[]);
        if beyond.is_none() {
            found.extend(strings.examples(wanted));
        }
    }
    found
}

/// An array of that many members; `None` when it would be too long to show.
pub fn array(length: u64, distinct: bool) -> Option<Value> {
    let member = |n: u64| Value::from(if distinct { n } else { 0 });
    (length <= MAX_COUNT).then(|| (0..length).map(member).collect())
}

/// An object of that many properties; `None` when it would be too long to show.
pub fn object(length: u64) -> Option<Value> {
    let entries = |n: u64| (format!("property{}", n + 1), Value::from(n));
    (length <= MAX_COUNT).then(|| Value::Object((0..length).map(entries).collect::<Map<_, _>>()))
}
