//! Disagreements about who writes a value: columns that the database fills by itself, and defaults.

use serde_json::Value;

use crate::domain;
use crate::model::api::{Api, ShapeId};
use crate::model::sql::{Generated, TableKind};
use crate::model::{Decimal, Domain, Flow, Types};
use crate::rules::finding::Severity::{Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::disagree::{Disagreement, disagreements};
use super::tie::{Tie, without_null};
use super::{DRIFT, places};

pub static GENERATED_COLUMN_ACCEPTED: Rule = Rule {
    id: "generated-column-accepted",
    title: "Generated column can be sent",
    levels: Levels::ByFlow { in_: Some(Warning), out: None, stored: None },
    message: "`{property}` can be sent, but its column `{column}` is {database}: the database refuses the value, or the server ignores it.",
    help: "Mark `{property}` as `readOnly: true`, or give requests a schema without it.",
    check: Check::State(|rule, side, found| disagreements(rule, side, found, &generated)),
    page: page!("generated-column-accepted"),
    ..DRIFT
};

pub static DEFAULT_DISAGREES: Rule = Rule {
    id: "default-disagrees",
    title: "Defaults differ",
    levels: Levels::ByFlow { in_: Some(Warning), out: None, stored: None },
    message: "Left out, `{property}` is {contract} by the contract, and {database} by its column `{column}`: which of them is stored depends on who fills it in.",
    help: "Give `{property}` and `{column}` the same default, or only one of them.",
    check: Check::State(|rule, side, found| disagreements(rule, side, found, &defaults)),
    page: page!("default-disagrees"),
    ..DRIFT
};

/// Formats of values that have many spellings.
const MOMENTS: [&str; 4] = ["date-time", "time", "duration", "interval"];

fn generated(tie: &Tie<'_>) -> Vec<Disagreement> {
    if tie.table.kind != TableKind::Table {
        return Vec::new();
    }
    let (words, level, at): (_, _, fn(&_, &_) -> bool) = match tie.column.generated {
        Generated::Computed => ("computed from other columns", Warning, places::sent),
        // A number in a request may say which row is meant; only what creates rows cannot mean that. One schema for requests and
        // responses often has it as an optional property, and nobody sends it.
        Generated::Always if tie.required => ("always numbered by the database", Warning, places::creates_member),
        Generated::Always => ("always numbered by the database", Note, places::creates_member),
        Generated::No | Generated::ByDefault => return Vec::new(),
    };
    let property = tie.property_domain();
    let value = property.exact.then(|| domain::sample(&without_null(&property.domain))).flatten();
    vec![Disagreement { value, level: Some(level), at, ..Disagreement::new(Flow::In, "", words) }]
}

fn defaults(tie: &Tie<'_>) -> Vec<Disagreement> {
    let property = without_null(&tie.property_domain().domain);
    let promised = default_of(tie.api, tie.property.shape).filter(|_| !tie.required);
    let kept = tie.column.default.as_deref().filter(|_| tie.column.generated == Generated::No).and_then(literal);
    let (Some(promised), Some(kept)) = (promised, kept.and_then(|kept| typed(kept, &property))) else {
        return Vec::new();
    };
    if property.format.as_deref().is_some_and(|format| MOMENTS.contains(&format)) {
        return Vec::new();
    }
    // A value that the contract does not know is spelled in another way, or means that there is none.
    let known = domain::accepts(&property, &kept) == Some(true) && domain::accepts(&property, promised) == Some(true);
    // Empty text stands for none, where a column must not be null.
    if !known || kept == "" || domain::same(promised, &kept) || spelling(promised) == spelling(&kept) {
        return Vec::new();
    }
    let words = |value: &Value| format!("`{value}`");
    vec![Disagreement { at: places::creates, ..Disagreement::new(Flow::In, words(promised), words(&kept)) }]
}

/// The default that a property has, from its own schema or the one it refers to.
fn default_of(api: &Api, property: ShapeId) -> Option<&Value> {
    let mut at = property;
    for _ in 0..16 {
        let shape = api.shape(at);
        if shape.default.is_some() {
            return shape.default.as_ref();
        }
        at = match (shape.reference.as_ref(), shape.all_of.as_slice()) {
            (Some(reference), _) => reference.target?,
            (None, [only]) => *only,
            _ => return None,
        };
    }
    None
}

/// The value of a default that is written out; none for what the database works out.
fn literal(text: &str) -> Option<Value> {
    let mut text = text.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        text = inner.trim();
    }
    if let Some(rest) = text.strip_prefix('\'') {
        let mut value = String::new();
        let mut rest = rest;
        loop {
            let (part, after) = rest.split_once('\'')?;
            value.push_str(part);
            let Some(more) = after.strip_prefix('\'') else {
                return (after.is_empty() || after.starts_with("::")).then_some(Value::String(value));
            };
            value.push('\'');
            rest = more;
        }
    }
    let plain = text.split("::").next().unwrap_or(text).trim();
    match plain.to_ascii_lowercase().as_str() {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        _ => Decimal::parse(plain).map(Decimal::to_json),
    }
}

/// The value as a property of this domain has it: engines write numbers and booleans as texts, and booleans as numbers.
fn typed(value: Value, property: &Domain) -> Option<Value> {
    let text = match &value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match property.types {
        Types::BOOLEAN => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "1" => Some(Value::Bool(true)),
            "false" | "f" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        Types::INTEGER | Types::NUMBER => Decimal::parse(text.trim()).map(Decimal::to_json),
        Types::STRING => value.is_string().then_some(value),
        _ => None,
    }
}

/// What is left of a value without case and signs.
fn spelling(value: &Value) -> String {
    match value {
        Value::String(text) => text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect(),
        other => other.to_string(),
    }
}
