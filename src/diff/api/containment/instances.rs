//! Small instances of a document, likely to lie where two documents differ.
//!
//! Comes in: a document and the numbers, texts and lengths that both documents mention. Goes out: values, smallest first,
//! that are likely to be instances; the caller asks a judge. Grown by keyword, with bounded work.

use serde_json::{Map, Value, json};

use crate::domain::{self, Containment};
use crate::model::{Domain, Types};

use super::flat::{self, Flat};

/// Instances of one schema that are looked at, at the root and below it.
const WANTED: [usize; 2] = [160, 10];
/// Schemas that are looked at for one document.
const MAX_WORK: usize = 3000;
const MAX_DEPTH: usize = 7;
/// Patterns for which a text is looked for that they refuse.
const MAX_PATTERNS: usize = 8;

/// What two documents mention, and what lies just beside it.
#[derive(Default)]
pub struct Hints {
    scalars: Vec<Value>,
    counts: Vec<u64>,
    /// Names that match a pattern for names.
    names: Vec<String>,
    patterns: usize,
}

impl Hints {
    /// Adds what a document mentions.
    pub fn of(documents: [&Value; 2]) -> Self {
        let mut hints = Self::default();
        documents.into_iter().for_each(|document| hints.add(document, 0));
        hints.counts.sort_unstable();
        hints.counts.dedup();
        // What neither of them names.
        let texts = ('a'..='z').map(|c| json!(c.to_string()));
        let fresh: Vec<Value> = [texts.collect::<Vec<_>>(), (0..60).map(|n| json!(n)).collect()]
            .into_iter()
            .filter_map(|values| values.into_iter().find(|value| !hints.scalars.contains(value)))
            .collect();
        hints.scalars.extend(fresh);
        hints
    }

    fn scalar(&mut self, value: Value) {
        if self.scalars.len() < 60 && !self.scalars.contains(&value) && !value.is_object() && !value.is_array() {
            self.scalars.push(value);
        }
    }

    /// A text that a pattern refuses.
    fn scalars_beside(&mut self, pattern: &str) {
        self.patterns += 1;
        if self.patterns <= MAX_PATTERNS {
            let mut matching = Domain::of(Types::STRING);
            matching.limits_mut().patterns = vec![pattern.into()];
            if let Containment::Outside(Some(text)) = domain::outside(&Domain::of(Types::STRING), &matching) {
                self.scalar(text);
            }
        }
    }

    fn add(&mut self, value: &Value, depth: usize) {
        let Value::Object(entries) = value else {
            if let (Value::Array(items), true) = (value, depth < 24) {
                items.iter().for_each(|item| self.add(item, depth + 1));
            }
            return;
        };
        for (keyword, value) in entries {
            match (keyword.as_str(), value) {
                ("enum", Value::Array(values)) => values.iter().take(12).for_each(|v| self.scalar(v.clone())),
                ("const", value) => self.scalar(value.clone()),
                ("pattern", Value::String(pattern)) => self.scalars_beside(pattern),
                ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf", Value::Number(n)) => {
                    for beside in [n.as_f64().unwrap_or(0.0), -1.0, 1.0, 0.5].iter().enumerate() {
                        let base = n.as_f64().unwrap_or(0.0);
                        let number = if beside.0 == 0 { base } else { base + beside.1 };
                        self.scalar(whole(number));
                    }
                }
                (
                    "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
                    | "minContains" | "maxContains",
                    Value::Number(n),
                ) => {
                    let n = n.as_u64().unwrap_or(0).min(40);
                    self.counts.extend([n.saturating_sub(1), n, n + 1]);
                }
                (keyword, value) if depth < 24 => {
                    if let ("patternProperties", Value::Object(patterns)) = (keyword, value) {
                        self.names.extend(patterns.keys().take(4).filter_map(|p| flat::matching(p)));
                    }
                    self.add(value, depth + 1);
                }
                _ => {}
            }
        }
    }
}

fn whole(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 { json!(number as i64) } else { json!(number) }
}

/// Values that are likely to be instances of the document, smallest first.
pub fn instances(document: &Value, hints: &Hints) -> Vec<Value> {
    let definitions = document.get("$defs").and_then(Value::as_object);
    Grower { definitions, hints, work: 0 }.values(document, 0)
}

struct Grower<'d> {
    definitions: Option<&'d Map<String, Value>>,
    hints: &'d Hints,
    work: usize,
}

impl Grower<'_> {
    fn values(&mut self, schema: &Value, depth: usize) -> Vec<Value> {
        self.work += 1;
        if depth > MAX_DEPTH || self.work > MAX_WORK {
            return Vec::new();
        }
        let wanted = if depth == 0 { WANTED[0] } else { WANTED[1] };
        let mut found: Vec<Value> = Vec::new();
        let spread = flat::spread(schema, self.definitions);
        for flat in &spread {
            for value in self.of_flat(flat, depth) {
                if !found.contains(&value) {
                    found.push(value);
                }
            }
            if found.len() > wanted * 4 {
                break;
            }
        }
        found.sort_by_cached_key(size);
        found.truncate(wanted);
        found
    }

    fn of_flat(&mut self, flat: &Flat, depth: usize) -> Vec<Value> {
        let domain = &flat.domain;
        if let Some(values) = &domain.values {
            let fits = values.iter().filter(|v| domain::accepts(domain, v) != Some(false));
            return fits.take(WANTED[1]).cloned().collect();
        }
        let mut found = Vec::new();
        for kind in domain::KINDS.into_iter().filter(|kind| domain.types.intersects(*kind)) {
            match kind {
                Types::OBJECT => found.extend(self.objects(flat, depth)),
                Types::ARRAY => found.extend(self.arrays(flat, depth)),
                kind => {
                    found.extend(domain::sample_of(domain, kind));
                    let hinted = self.hints.scalars.iter().filter(|v| kind.contains(Types::of(v))).cloned();
                    let lengths = self.hints.counts.iter().map(|n| usize::try_from(*n).unwrap_or(0));
                    let texts = lengths.flat_map(|n| ["a".repeat(n), "b".repeat(n)]);
                    let texts = texts.filter(|_| kind == Types::STRING).map(Value::from);
                    let more =
                        hinted.chain(texts).chain([Value::Bool(false)].into_iter().filter(|_| kind == Types::BOOLEAN));
                    found.extend(more.filter(|v| domain::accepts(domain, v) != Some(false)));
                }
            }
        }
        found
    }

    fn arrays(&mut self, flat: &Flat, depth: usize) -> Vec<Value> {
        let rest = flat.part("items").cloned().unwrap_or(Value::Bool(true));
        let prefix = flat.part("prefixItems").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut columns: Vec<Vec<Value>> = Vec::new();
        for schema in &prefix {
            columns.push(self.values(schema, depth + 1));
        }
        let tail = if rest == Value::Bool(false) { Vec::new() } else { self.values(&rest, depth + 1) };
        let special = flat.part("contains").cloned().map(|schema| self.values(&schema, depth + 1)).unwrap_or_default();
        let column = |at: usize| columns.get(at).unwrap_or(&tail);
        let limits = flat.domain.limits();
        let least = limits.min_items.unwrap_or(0);
        let wish = |n: u64| n >= least && limits.max_items.is_none_or(|max| n <= max) && n <= 24;
        let mut lengths: Vec<u64> =
            [least, 1, 2, prefix.len() as u64].into_iter().chain(self.hints.counts.clone()).collect();
        lengths.retain(|n| wish(*n));
        lengths.sort_unstable();
        lengths.dedup();
        let mut found = Vec::new();
        for length in lengths.into_iter().take(if depth == 0 { 12 } else { 5 }) {
            let length = usize::try_from(length).unwrap_or(0);
            let spell = |shift: usize| -> Option<Vec<Value>> {
                (0..length)
                    .map(|at| {
                        let column = column(at);
                        let step = if limits.unique_items { at } else { 0 };
                        column.get((shift + step) % column.len().max(1)).cloned()
                    })
                    .collect()
            };
            let Some(plain) = spell(0) else { continue };
            for at in 0..length.min(3) {
                for value in column(at).iter().take(WANTED[1]).chain(&special) {
                    let mut varied = plain.clone();
                    if let Some(slot) = varied.get_mut(at) {
                        slot.clone_from(value);
                    }
                    found.push(Value::Array(varied));
                }
            }
            found.push(Value::Array(plain));
            found.extend(special.first().map(|value| Value::Array(vec![value.clone(); length])));
        }
        found.retain(|v| domain::accepts(&flat.domain, v) != Some(false));
        found
    }

    fn objects(&mut self, flat: &Flat, depth: usize) -> Vec<Value> {
        let empty = Map::new();
        let declared = flat.part("properties").and_then(Value::as_object).unwrap_or(&empty);
        let mut columns: Vec<(&str, Vec<Value>)> = Vec::new();
        let undeclared = flat.part("additionalProperties").cloned().unwrap_or(Value::Bool(true));
        for (name, schema) in declared {
            if *schema != Value::Bool(false) {
                columns.push((name, self.values(schema, depth + 1)));
            }
        }
        let loose = flat.required.iter().filter(|name| !declared.contains_key(*name));
        for name in loose {
            columns.push((name, self.values(&undeclared, depth + 1)));
        }
        let mut plain = Map::new();
        for (name, values) in columns.iter().filter(|(name, _)| flat.required.iter().any(|r| r == name)) {
            let Some(first) = values.first() else { return Vec::new() };
            plain.insert((*name).to_string(), first.clone());
        }
        let mut others: Vec<(String, Vec<Value>)> = Vec::new();
        if undeclared != Value::Bool(false) && !declared.contains_key("other") {
            others.push(("other".into(), self.values(&undeclared, depth + 1)));
        }
        for (pattern, schema) in flat.part("patternProperties").and_then(Value::as_object).into_iter().flatten() {
            if let Some(name) = flat::matching(pattern).filter(|name| !declared.contains_key(name)) {
                others.push((name, self.values(schema, depth + 1)));
            }
        }
        for name in self.hints.names.clone() {
            if undeclared != Value::Bool(false) && !declared.contains_key(&name) {
                others.push((name, self.values(&undeclared, depth + 1)));
            }
        }
        let mut found = vec![plain.clone()];
        let few = if depth == 0 { WANTED[1] } else { 4 };
        let all =
            columns.iter().map(|(name, values)| (*name, values)).chain(others.iter().map(|(n, v)| (n.as_str(), v)));
        for (name, values) in all {
            for value in values.iter().take(few) {
                let mut varied = plain.clone();
                varied.insert(name.to_string(), value.clone());
                found.push(varied);
            }
        }
        let mut full = plain.clone();
        for (name, values) in &columns {
            if let (false, Some(first)) = (full.contains_key(*name), values.first()) {
                full.insert((*name).to_string(), first.clone());
                // Objects that must have a number of properties.
                found.push(full.clone());
            }
        }
        for count in [flat.domain.limits().min_properties.unwrap_or(0)].into_iter().chain(self.hints.counts.clone()) {
            let mut grown = plain.clone();
            let values = others.first().and_then(|(_, values)| values.first());
            let mut number = 1;
            while let (true, Some(value)) = ((grown.len() as u64) < count.min(24), values) {
                grown.insert(format!("property{number}"), value.clone());
                number += 1;
            }
            found.push(grown);
        }
        let mut values: Vec<Value> = found.into_iter().map(Value::Object).collect();
        values.retain(|v| domain::accepts(&flat.domain, v) != Some(false));
        values
    }
}

/// What people find small: few characters, and plain ones.
pub fn size(value: &Value) -> (usize, String) {
    let text = value.to_string();
    (text.chars().count(), text)
}
