//! Whether values prove that one set is not within another: small documents that speak of what the values have.
//!
//! A value is judged by a document of the properties it names, so the cost follows the value and not the schemas.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::Flow;
use crate::model::origin::Text;

use super::super::side::Side;
use super::document::{Extent, Term};
use super::engine::Judge;
use super::instances::{Hints, instances};
use super::{Budget, document, documents};

/// Values that are judged in one search.
const MAX_CANDIDATES: usize = 40;

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
