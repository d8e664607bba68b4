//! A schema of a document as alternatives that say everything in one object: what instances are grown from.

use serde_json::{Map, Value, json};

use crate::domain;
use crate::model::{Bound, Decimal, Domain, Limits, Types};

/// Alternatives that one schema is spread into at most.
const MAX_FLAT: usize = 24;
const MAX_DEPTH: usize = 12;

/// Conditions that all must hold.
#[derive(Debug, Clone)]
pub struct Flat {
    pub domain: Domain,
    pub required: Vec<String>,
    /// `properties`, `items` … with the subschemas that all must hold merged.
    parts: Map<String, Value>,
}

impl Flat {
    pub fn part(&self, keyword: &str) -> Option<&Value> {
        self.parts.get(keyword)
    }

    fn require(&mut self, name: &str) {
        if !self.required.iter().any(|known| known == name) {
            self.required.push(name.to_string());
        }
    }
}

/// The alternatives of a schema. Conditions that cannot be grown from (`not`) are left to the judge.
pub fn spread(schema: &Value, definitions: Option<&Map<String, Value>>) -> Vec<Flat> {
    let start = Flat { domain: Domain::any(), required: Vec::new(), parts: Map::new() };
    let mut flats = add(schema, definitions, vec![start], 0);
    for flat in &mut flats {
        guess_type(flat);
    }
    flats
}

/// A schema of properties means objects first of all.
fn guess_type(flat: &mut Flat) {
    if flat.domain.types == Types::ANY && (!flat.required.is_empty() || flat.parts.contains_key("properties")) {
        flat.domain.types = Types::OBJECT.union(Types::STRING);
    }
}

fn add(schema: &Value, definitions: Option<&Map<String, Value>>, into: Vec<Flat>, depth: usize) -> Vec<Flat> {
    let Value::Object(entries) = schema else {
        return if *schema == Value::Bool(false) { Vec::new() } else { into };
    };
    if depth > MAX_DEPTH || into.is_empty() {
        return into;
    }
    let mut flats = into;
    flats.iter_mut().for_each(|flat| own(flat, entries));
    if let Some(target) = entries.get("$ref").and_then(Value::as_str)
        && let Some(target) = target.strip_prefix("#/$defs/").and_then(|name| definitions?.get(&unescaped(name)))
    {
        flats = add(target, definitions, flats, depth + 1);
    }
    for part in entries.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        flats = add(part, definitions, flats, depth + 1);
    }
    for keyword in ["anyOf", "oneOf"] {
        let Some(branches) = entries.get(keyword).and_then(Value::as_array) else { continue };
        let mut all: Vec<Flat> = Vec::new();
        for branch in branches {
            all.extend(add(branch, definitions, flats.clone(), depth + 1));
        }
        all.truncate(MAX_FLAT);
        flats = all;
    }
    if let Some(condition) = entries.get("if") {
        let mut held = add(condition, definitions, flats.clone(), depth + 1);
        if let Some(then) = entries.get("then") {
            held = add(then, definitions, held, depth + 1);
        }
        if let Some(otherwise) = entries.get("else") {
            flats = add(otherwise, definitions, flats, depth + 1);
        }
        flats.extend(held);
    }
    if let Some(Value::Object(dependents)) = entries.get("dependentRequired") {
        for (name, needed) in dependents {
            let mut held = flats.first().cloned().into_iter().collect::<Vec<_>>();
            for flat in &mut held {
                flat.require(name);
                needed.as_array().into_iter().flatten().filter_map(Value::as_str).for_each(|n| flat.require(n));
            }
            flats.extend(held);
        }
    }
    flats.truncate(MAX_FLAT);
    flats
}

fn unescaped(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

/// Merges the keywords of one schema object.
fn own(flat: &mut Flat, entries: &Map<String, Value>) {
    flat.domain = domain::intersection(&flat.domain, &condition(entries));
    for name in entries.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        flat.require(name);
    }
    for keyword in ["properties", "patternProperties"] {
        let Some(Value::Object(parts)) = entries.get(keyword) else { continue };
        let Some(known) = flat.parts.entry(keyword).or_insert_with(|| json!({})).as_object_mut() else { continue };
        for (name, part) in parts {
            let both = known.get(name).map_or_else(|| part.clone(), |other| both(other, part));
            known.insert(name.clone(), both);
        }
    }
    for keyword in ["items", "additionalProperties", "contains", "propertyNames", "prefixItems"] {
        let Some(part) = entries.get(keyword) else { continue };
        let merged = match flat.parts.get(keyword) {
            Some(known) if keyword != "prefixItems" => both(known, part),
            _ => part.clone(),
        };
        flat.parts.insert(keyword.into(), merged);
    }
}

fn both(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Bool(false), _) | (_, Value::Bool(true)) => a.clone(),
        (_, Value::Bool(false)) | (Value::Bool(true), _) => b.clone(),
        _ if a == b => a.clone(),
        _ => json!({"allOf": [a, b]}),
    }
}

/// The conditions on the value itself.
fn condition(entries: &Map<String, Value>) -> Domain {
    let number = |keyword: &str| entries.get(keyword).and_then(Decimal::of_json);
    let count = |keyword: &str| entries.get(keyword).and_then(Value::as_u64);
    let bound = |inclusive: &str, exclusive: &str| {
        let plain = number(inclusive).map(|value| Bound { value, exclusive: false });
        number(exclusive).map(|value| Bound { value, exclusive: true }).or(plain)
    };
    let mut domain = Domain::any();
    let named = |name: &Value| name.as_str().and_then(Types::named).unwrap_or(Types::NONE);
    match entries.get("type") {
        Some(Value::Array(names)) => domain.types = names.iter().map(named).fold(Types::NONE, Types::union),
        Some(name) => domain.types = named(name),
        None => {}
    }
    domain.format = entries.get("format").and_then(Value::as_str).map(Into::into);
    domain.values = match (entries.get("const"), entries.get("enum")) {
        (Some(value), _) => Some([value.clone()].into()),
        (None, Some(Value::Array(values))) => Some(values.clone().into()),
        _ => None,
    };
    let limits = Limits {
        minimum: bound("minimum", "exclusiveMinimum"),
        maximum: bound("maximum", "exclusiveMaximum"),
        multiple_of: number("multipleOf"),
        min_length: count("minLength"),
        max_length: count("maxLength"),
        patterns: entries.get("pattern").and_then(Value::as_str).map(Into::into).into_iter().collect(),
        min_items: count("minItems"),
        max_items: count("maxItems"),
        unique_items: entries.get("uniqueItems") == Some(&Value::Bool(true)),
        min_properties: count("minProperties"),
        max_properties: count("maxProperties"),
    };
    if limits != Limits::default() {
        *domain.limits_mut() = limits;
    }
    domain
}

/// A short name that matches a pattern.
pub fn matching(pattern: &str) -> Option<String> {
    let mut domain = Domain::of(Types::STRING);
    domain.limits_mut().patterns = vec![pattern.into()];
    Some(domain::sample(&domain)?.as_str()?.to_string())
}
