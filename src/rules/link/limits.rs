//! Limits of columns that the contract does not speak of. Most contracts leave them out, so only what a change brings is told.

use crate::domain::{self, Aspect};
use crate::link::Effective;
use crate::model::{Domain, Flow, Types};
use crate::rules::finding::Severity::Note;
use crate::rules::rule::{Check, Levels, Rule};

use super::disagree::{Disagreement, into_column, introduced};
use super::tie::{Tie, without_null};
use super::{DRIFT, patterns, places};

pub static MAX_LENGTH_MISSING: Rule = Rule {
    id: "max-length-missing",
    title: "No maximum length in front of a limited column",
    levels: Levels::Always(Note),
    message: "`{property}` has no `maxLength`, but its column `{column}` is `{type}`: longer text passes the contract and fails in the database.",
    help: "Add `maxLength: {database}` to `{property}`.",
    check: Check::Transition(|rule, pair, found| introduced(rule, pair, found, &unlimited)),
    page: page!("max-length-missing"),
    ..DRIFT
};

pub static CONDITION_MISSING: Rule = Rule {
    id: "condition-missing",
    title: "Condition of a column is missing in the contract",
    levels: Levels::Always(Note),
    message: "`{property}` is {contract}, but its column `{column}` takes only {database}: other values pass the contract and fail in the database.",
    help: "Say in `{property}` what `{column}` takes: {database}.",
    check: Check::Transition(|rule, pair, found| introduced(rule, pair, found, &conditions)),
    page: page!("condition-missing"),
    ..DRIFT
};

fn unlimited(tie: &Tie<'_>) -> Vec<Disagreement> {
    limit(tie).map(|limit| Disagreement::new(Flow::In, "", limit.to_string())).into_iter().collect()
}

/// The length of the column in front of which the property says nothing.
fn limit(tie: &Tie<'_>) -> Option<u64> {
    let limit = tie.column.domain.limits().max_length?;
    let property = tie.property_domain();
    let domain = without_null(&property.domain);
    let says_something = domain.values.is_some()
        || domain.format.is_some()
        || domain.limits().max_length.is_some()
        || !domain.limits().patterns.is_empty();
    (property.exact && domain.types == Types::STRING && !says_something).then_some(limit)
}

/// What the column takes by a list or a check, and the property says nothing of.
fn conditions(tie: &Tie<'_>) -> Vec<Disagreement> {
    let Effective { domain, exact } = tie.property_domain();
    let (property, column) = (without_null(&domain), tie.column_values());
    // A format or a pattern says something that a list or a length may repeat.
    let says = property.values.is_some() || !property.limits().patterns.is_empty();
    if !exact || says || !one_kind(&property) || !one_kind(&column) || !property.types.intersects(column.types) {
        return Vec::new();
    }
    let (ours, theirs, of_type) = (property.limits(), column.limits(), tie.column.type_domain.limits());
    let mut holds = Domain::of(column.types);
    let (contract, aspect) = if column.values.is_some() {
        holds.values = column.values.clone();
        ("any value", Aspect::ValueList)
    } else if property.types == Types::STRING {
        // Empty text is often stored as null.
        let kept = |min: &u64| *min > 1 || tie.column.not_null;
        let min = theirs.min_length.filter(kept);
        let min = min.filter(|_| ours.min_length.is_none() && property.format.is_none());
        let pattern = patterns::checked(tie).filter(|_| property.format.is_none());
        if let Some(pattern) = pattern {
            let holds = patterns::of_pattern(&pattern);
            return missing(tie, &property, &holds, "text of any form", format!("text that matches `{pattern}`"));
        }
        holds.limits_mut().min_length = min;
        ("text of any length", Aspect::Length)
    } else {
        holds.limits_mut().minimum = theirs.minimum.filter(|b| ours.minimum.is_none() && of_type.minimum != Some(*b));
        holds.limits_mut().maximum = theirs.maximum.filter(|b| ours.maximum.is_none() && of_type.maximum != Some(*b));
        ("any number", Aspect::Range)
    };
    let words = domain::describe(&holds, aspect);
    words.map(|words| missing(tie, &property, &holds, contract, words)).unwrap_or_default()
}

fn missing(tie: &Tie<'_>, property: &Domain, holds: &Domain, contract: &str, words: String) -> Vec<Disagreement> {
    if tie.is_key() {
        return Vec::new();
    }
    let said = into_column(property, holds, contract.into(), words).into_iter();
    said.map(|said| Disagreement { at: places::sent, ..said }).collect()
}

fn one_kind(domain: &Domain) -> bool {
    domain.types == Types::STRING || (!domain.types.is_empty() && Types::NUMBER.contains(domain.types))
}
