//! Disagreements about values: length, width of integers, precision, lists of values, formats.

use std::collections::BTreeSet;

use crate::domain::{self, Aspect, Containment};
use crate::model::{Domain, Flow, Types};
use crate::rules::finding::Severity::{Error, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::DRIFT;
use super::disagree::{Disagreement, disagreements};
use super::tie::{Tie, without_null};
use crate::link::Effective;

pub static LENGTH_DISAGREES: Rule = Rule {
    id: "length-disagrees",
    title: "Text longer than its column",
    levels: Levels::ByFlow { in_: Some(Error), out: None, stored: None },
    message: "`{property}` accepts {contract}, but its column `{column}` is `{type}`: longer text passes the contract and fails in the database.",
    help: "Set `maxLength` of `{property}` to what `{column}` holds, or widen the column first.",
    check: Check::State(|rule, side, found| disagreements(rule, side, found, &lengths)),
    page: page!("length-disagrees"),
    ..DRIFT
};

pub static INTEGER_WIDTH_DISAGREES: Rule = Rule {
    id: "integer-width-disagrees",
    title: "Integers of different width",
    levels: Levels::ByFlow { in_: Some(Error), out: Some(Error), stored: None },
    message: "`{property}` is {contract}, but its column `{column}` is `{type}` ({database}): a number can fit on one side only.",
    help: "Give `{property}` the format of `{type}`, or change the column.",
    check: Check::State(|rule, side, found| disagreements(rule, side, found, &integers)),
    page: page!("integer-width-disagrees"),
    ..DRIFT
};

pub static PRECISION_DISAGREES: Rule = Rule {
    id: "precision-disagrees",
    title: "Numbers of different precision",
    levels: Levels::ByFlow { in_: Some(Warning), out: None, stored: None },
    message: "`{property}` accepts {contract}, but its column `{column}` is `{type}`: the number is rounded or refused.",
    help: "Limit `{property}` to what `{type}` holds with `multipleOf`, `minimum` and `maximum`, or change the column.",
    check: Check::State(|rule, side, found| disagreements(rule, side, found, &precisions)),
    page: page!("precision-disagrees"),
    ..DRIFT
};

pub static ENUM_DISAGREES: Rule = Rule {
    id: "enum-disagrees",
    title: "Lists of values differ",
    levels: Levels::ByFlow { in_: Some(Error), out: Some(Error), stored: None },
    message: "`{property}` has the values {contract}, its column `{column}` has {database}.",
    help: "Change both lists in the same branch: the column first when a value is added, the contract first when one is removed.",
    check: Check::State(|rule, side, found| disagreements(rule, side, found, &lists)),
    page: page!("enum-disagrees"),
    ..DRIFT
};

pub static FORMAT_DISAGREES: Rule = Rule {
    id: "format-disagrees",
    title: "Formats differ",
    levels: Levels::ByFlow { in_: Some(Warning), out: Some(Warning), stored: None },
    message: "`{property}` is {contract}, but its column `{column}` is `{type}`.",
    help: "Give `{property}` the format of `{type}`, so that wrong values are refused before they reach the database.",
    check: Check::State(|rule, side, found| disagreements(rule, side, found, &formats)),
    page: page!("format-disagrees"),
    ..DRIFT
};

fn lengths(tie: &Tie<'_>) -> Vec<Disagreement> {
    let Some(limit) = tie.column.domain.limits().max_length else { return Vec::new() };
    let property = without_null(&tie.property_domain().domain);
    let says = property.limits().max_length;
    // Without `maxLength` nearly every contract would be reported; `max-length-missing` speaks of it where it is new.
    if property.types != Types::STRING || property.values.is_some() || says.is_none_or(|length| length <= limit) {
        return Vec::new();
    }
    let mut holds = Domain::of(Types::STRING);
    holds.limits_mut().max_length = Some(limit);
    let words = domain::describe(&property, Aspect::Length).unwrap_or_default();
    into_column(&property, &holds, words, String::new())
}

fn integers(tie: &Tie<'_>) -> Vec<Disagreement> {
    let column = tie.column_values();
    let Effective { domain, exact } = tie.property_domain();
    let property = without_null(&domain);
    if property.types != Types::INTEGER || column.types != Types::INTEGER || property.values.is_some() {
        return Vec::new();
    }
    // A plain `integer` says nothing about its width.
    let sized = |d: &Domain| d.format.is_some() || (d.limits().minimum.is_some() && d.limits().maximum.is_some());
    if !sized(&property) {
        return Vec::new();
    }
    let (contract, database) = (numbers(&property), numbers(&column));
    // A number that no key has is not found: nothing breaks.
    let mut found = if exact && !tie.is_key() {
        into_column(&property, &column, contract.clone(), database.clone())
    } else {
        Vec::new()
    };
    if property.format.is_some() {
        // The column may hold fewer numbers than its type: only the width is compared, and only against the format.
        let width = Domain { format: property.format.clone(), ..Domain::of(Types::INTEGER) };
        found.extend(out_of_column(&column, &width, contract, database));
    }
    found
}

fn precisions(tie: &Tie<'_>) -> Vec<Disagreement> {
    let column = tie.column_values();
    let Effective { domain, exact } = tie.property_domain();
    let property = without_null(&domain);
    let numeric = |d: &Domain| !d.types.is_empty() && Types::NUMBER.contains(d.types);
    let limits = property.limits();
    let limited = limits.multiple_of.is_some() || (limits.minimum.is_some() && limits.maximum.is_some());
    let whole = |d: &Domain| d.types == Types::INTEGER;
    let applies = exact && limited && property.values.is_none() && !(whole(&property) && whole(&column));
    if !applies || !numeric(&property) || !numeric(&column) {
        return Vec::new();
    }
    let contract = [domain::describe(&property, Aspect::Range), domain::describe(&property, Aspect::Multiple)];
    let contract = contract.into_iter().flatten().collect::<Vec<_>>().join(", ");
    into_column(&property, &column, contract, String::new())
}

fn lists(tie: &Tie<'_>) -> Vec<Disagreement> {
    let column = tie.column_values();
    let Effective { domain, exact } = tie.property_domain();
    let property = without_null(&domain);
    if !exact || property.values.is_none() || column.values.is_none() {
        return Vec::new();
    }
    if converted(&property, &column) {
        return Vec::new();
    }
    let words = |d: &Domain| domain::describe(d, Aspect::ValueList).unwrap_or_default();
    let mut found = into_column(&property, &column, words(&property), words(&column));
    if !property.open_values {
        found.extend(out_of_column(&column, &property, words(&property), words(&column)));
    }
    found
}

/// The values are spelled another way in the database (`IN_REVIEW`, `in-review`): the code translates them, and only a
/// list that is the same but for the spelling, or has nothing in common, shows that.
fn converted(property: &Domain, column: &Domain) -> bool {
    let list = |d: &Domain, plain: bool| -> BTreeSet<String> {
        let texts = d.values.iter().flat_map(|values| values.iter()).filter_map(|v| v.as_str());
        let squash = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        texts.map(|text| if plain { squash(text) } else { text.to_string() }).collect()
    };
    let same = list(property, true) == list(column, true) && !list(property, true).is_empty();
    same && list(property, false) != list(column, false) || list(property, false).is_disjoint(&list(column, false))
}

fn formats(tie: &Tie<'_>) -> Vec<Disagreement> {
    let column = tie.column_values();
    let Effective { domain, exact } = tie.property_domain();
    let property = without_null(&domain);
    let Some(stored) = &column.format else { return Vec::new() };
    if !exact || property.types != Types::STRING || column.types != Types::STRING || property.values.is_some() {
        return Vec::new();
    }
    let only = |d: &Domain| Domain { format: d.format.clone(), ..Domain::of(Types::STRING) };
    let contract = match &property.format {
        Some(format) => format!("text of format `{format}`"),
        None => "text of any form".to_string(),
    };
    let mut found = Vec::new();
    // A pattern may say the same as the format of the column.
    if property.limits().patterns.is_empty() {
        found.extend(into_column(&only(&property), &only(&column), contract.clone(), stored.to_string()));
    }
    if property.format.is_some() {
        found.extend(out_of_column(&only(&column), &only(&property), contract, stored.to_string()));
    }
    found
}

fn numbers(domain: &Domain) -> String {
    match (&domain.format, domain::describe(domain, Aspect::Range)) {
        (Some(format), _) => format!("`{format}`"),
        (None, Some(range)) => range,
        (None, None) => "any integer".to_string(),
    }
}

/// What the contract lets in and the column does not hold.
fn into_column(property: &Domain, column: &Domain, contract: String, database: String) -> Vec<Disagreement> {
    disagreement(Flow::In, domain::outside(property, column), contract, database)
}

/// What the column can hold and the contract does not allow out.
fn out_of_column(column: &Domain, property: &Domain, contract: String, database: String) -> Vec<Disagreement> {
    disagreement(Flow::Out, domain::outside(column, property), contract, database)
}

fn disagreement(flow: Flow, verdict: Containment, property: String, column: String) -> Vec<Disagreement> {
    match verdict {
        Containment::Outside(value) => vec![Disagreement { value, ..Disagreement::new(flow, property, column) }],
        Containment::Inside | Containment::Undecided(_) => Vec::new(),
    }
}
