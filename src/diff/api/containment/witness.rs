//! Whether values prove that one set is not within another: small documents that speak of what the values have.
//!
//! A value is judged by a document of the properties it names, so the cost follows the value and not the schemas.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::model::Flow;
use crate::model::origin::Text;

use super::super::side::Side;
use super::document::{self, Absent, Extent, Term};
use super::engine::Judge;
use super::instances::{Hints, instances};
use super::{Budget, documents};

/// Values that are judged in one search.
const MAX_CANDIDATES: usize = 40;
/// Pairs of alternatives that are looked at.
const MAX_PAIRS: usize = 15;

/// The first of the values that the inner accepts and the outer refuses. `Err` when they cannot be judged, and why.
pub fn confirmed<'a, 'b>(
    budget: &Budget,
    flow: Flow,
    inner: (&Side<'a>, &[Term<'_, 'a>]),
    outer: (&Side<'b>, &[Term<'_, 'b>]),
    values: &[Value],
) -> Result<Option<Value>, String> {
    let mut names = BTreeSet::new();
    values.iter().for_each(|value| named(value, &mut names));
    if budget.is_spent() {
        return Err("too much else had to be compared".into());
    }
    let ((ours, size), (theirs, other)) =
        documents(flow, inner, outer, Extent::Named(&names)).inspect_err(|_| _ = budget.spend(20))?;
    budget.spend(size + other);
    let (Some(accepts), Some(refuses)) = (Judge::new(&ours), Judge::new(&theirs)) else {
        return Err("a schema cannot be written as JSON Schema".into());
    };
    Ok(values.iter().find(|value| accepts.accepts(value) && !refuses.accepts(value)).cloned())
}

/// Whether the terms accept a value; `None` when it cannot be judged.
pub fn accepted<'a>(
    budget: &Budget,
    flow: Flow,
    (side, terms): (&Side<'a>, &[Term<'_, 'a>]),
    value: &Value,
) -> Option<bool> {
    if budget.is_spent() {
        return None;
    }
    let mut names = BTreeSet::new();
    named(value, &mut names);
    let (document, size) = document::write(side, flow, &Default::default(), Extent::Named(&names), terms).ok()?;
    budget.spend(size);
    Some(Judge::new(&document)?.accepts(value))
}

/// A small value that the inner accepts and the outer refuses, if one is found; of what is optional it has only the names
/// that matter.
pub fn shown<'a, 'b>(
    budget: &Budget,
    flow: Flow,
    inner: (&Side<'a>, &[Term<'_, 'a>]),
    outer: (&Side<'b>, &[Term<'_, 'b>]),
    names: &BTreeSet<Text>,
) -> Option<Value> {
    if budget.is_spent() {
        return None;
    }
    let ((ours, size), (theirs, other)) = documents(flow, inner, outer, Extent::Required(names)).ok()?;
    budget.spend(size + other);
    let mut candidates = instances(&ours, &Hints::of([&ours, &theirs]));
    candidates.truncate(MAX_CANDIDATES);
    confirmed(budget, flow, inner, outer, &candidates).ok()?
}

/// A value of the inner that the outer refuses though it fits alternatives of it.
pub fn overlapping<'a, 'b>(
    budget: &Budget,
    flow: Flow,
    inner: (&Side<'a>, &[Term<'_, 'a>]),
    outer: (&Side<'b>, &[Term<'_, 'b>]),
    alternatives: &[Term<'_, 'b>],
) -> Option<Value> {
    if budget.is_spent() {
        return None;
    }
    let written = documents(flow, inner, outer, Extent::All)
        .and_then(|ends| Ok((ends, document::write(outer.0, flow, &Absent::default(), Extent::All, alternatives)?)));
    let (((ours, size), (theirs, other)), (any, _)) = written.inspect_err(|_| _ = budget.spend(20)).ok()?;
    budget.spend(2 * size + other);
    let (accepts, refuses, fits) = (Judge::new(&ours)?, Judge::new(&theirs)?, Judge::new(&any)?);
    let hints = Hints::of([&ours, &theirs]);
    let found = |document: &Value| {
        let fits = |v: &Value| accepts.accepts(v) && !refuses.accepts(v) && fits.accepts(v);
        instances(document, &hints).into_iter().find(fits)
    };
    found(&ours).or_else(|| found(&pairs(&any)))
}

/// What is in two alternatives of a document.
fn pairs(any: &Value) -> Value {
    let branches = any.get("anyOf").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let pairs = branches.iter().enumerate().flat_map(|(at, a)| branches.iter().skip(at + 1).map(move |b| (a, b)));
    let pairs: Vec<Value> = pairs.take(MAX_PAIRS).map(|(a, b)| json!({"allOf": [a, b]})).collect();
    json!({"anyOf": pairs, "$defs": any.get("$defs").cloned().unwrap_or_default()})
}

/// All names of properties in a value.
fn named(value: &Value, names: &mut BTreeSet<Text>) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(entries) => {
                names.extend(entries.keys().map(|name| Text::from(name.as_str())));
                open.extend(entries.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}
