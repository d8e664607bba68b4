//! Whether all values of one schema are values of another, when structure does not decide it.
//!
//! Comes in: terms of two contracts. Goes out: inside, outside with a value that proves it, or why it is unknown. A value
//! is looked for first, because it is the cheaper answer and the one people want; an independent judge must accept
//! and refuse it. Then the set algebra is asked. Work is bounded by counts, never by a clock, so that the same input
//! gives the same answer. Must not know changes and rules.

mod absent;
mod condition;
mod document;
mod engine;
mod flat;
mod instances;
mod keywords;
mod witness;

use std::cell::Cell;

use serde_json::{Value, json};

use crate::model::Flow;

use super::side::Side;
use engine::{Judge, Relation, Sets};
use instances::{Hints, instances};

use document::Extent;
pub use document::{Term, apart};
pub use keywords::{group, is_annotation};
pub use witness::{accepted, confirmed, overlapping, shown};

/// Schemas in all documents of one comparison.
const BUDGET: usize = 6_000;
/// Larger questions are answered by a value or not at all: the algebra multiplies out alternatives.
const MAX_ALGEBRA: usize = 60;

/// The answer to "is inner inside outer".
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    Inside,
    /// Not so; with a value of the inner that the outer refuses, unless none could be built.
    Outside(Option<Value>),
    /// Cannot be told, and why: half a sentence.
    Unknown(String),
}

/// What may still be spent in one comparison.
pub struct Budget(Cell<usize>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(BUDGET))
    }
}

impl Budget {
    /// What a number of schemas in documents costs.
    pub fn of(schemas: usize) -> Self {
        Self(Cell::new(schemas))
    }

    fn is_spent(&self) -> bool {
        self.0.get() == 0
    }

    fn spend(&self, work: usize) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(work));
        left >= work
    }
}

/// Whether everything that fulfils the inner terms fulfils the outer ones. `flow` says for whom that matters: what is
/// lost hurts what flows in, what is gained what flows out.
pub fn within<'a, 'b>(
    budget: &Budget,
    flow: Flow,
    inner: (&Side<'a>, &[Term<'_, 'a>]),
    outer: (&Side<'b>, &[Term<'_, 'b>]),
) -> Answer {
    if budget.is_spent() {
        return Answer::Unknown("too much else had to be compared".into());
    }
    let documents = documents(flow, inner, outer, Extent::All);
    let ((ours, size), (theirs, other_size)) = match documents {
        Ok(documents) => documents,
        Err(why) => {
            budget.spend(5);
            return Answer::Unknown(why);
        }
    };
    let size = size + other_size;
    if !budget.spend(size) {
        return Answer::Unknown("too much else had to be compared".into());
    }
    decide(&ours, &theirs, size)
}

/// A document with the number of its schemas.
type Written = (Value, usize);

fn documents<'a, 'b>(
    flow: Flow,
    inner: (&Side<'a>, &[Term<'_, 'a>]),
    outer: (&Side<'b>, &[Term<'_, 'b>]),
    extent: Extent<'_>,
) -> Result<(Written, Written), String> {
    let absent = absent::absent(inner, outer, extent);
    let ours = document::write(inner.0, flow, &absent, extent, inner.1)?;
    Ok((ours, document::write(outer.0, flow, &Default::default(), extent, outer.1)?))
}

fn decide(inner: &Value, outer: &Value, size: usize) -> Answer {
    let unknown = || Answer::Unknown("a schema cannot be written as JSON Schema".into());
    let (Some(accepts), Some(refuses)) = (Judge::new(inner), Judge::new(outer)) else { return unknown() };
    let separates = |value: &Value| accepts.accepts(value) && !refuses.accepts(value);
    let hints = Hints::of([inner, outer]);
    let found = |document: &Value| instances(document, &hints).into_iter().find(separates);
    if let Some(value) = found(inner).or_else(|| found(&refused(inner, outer))) {
        return Answer::Outside(Some(value));
    }
    let undecided = || Answer::Unknown("the two sets of values could not be compared".into());
    if size > MAX_ALGEBRA {
        return Answer::Unknown("the schemas are too large to be compared as sets".into());
    }
    let Some(sets) = Sets::new(inner, outer) else { return undecided() };
    match sets.relation() {
        Relation::Inside => Answer::Inside,
        Relation::Unknown => undecided(),
        Relation::Outside => Answer::Outside(sets.difference().and_then(|lost| found(&lost))),
    }
}

/// What the inner has in common with what the outer refuses by name: where `not` and `if` bite.
fn refused(inner: &Value, outer: &Value) -> Value {
    let mut parts: Vec<Value> = Vec::new();
    let all = outer.get("allOf").and_then(Value::as_array).into_iter().flatten();
    for schema in all.chain([outer]) {
        parts.extend(["not", "if"].into_iter().filter_map(|keyword| schema.get(keyword).cloned()));
    }
    let closed = |part: &Value| !part.to_string().contains("$ref");
    let parts: Vec<Value> = parts.into_iter().filter(closed).map(|part| json!({"allOf": [inner, part]})).collect();
    json!({"anyOf": parts, "$defs": inner.get("$defs").cloned().unwrap_or_default()})
}
