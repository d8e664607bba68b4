//! Disagreements about values: length, lists of values, formats, time zones.

use std::collections::BTreeSet;

use crate::domain::{self, Aspect};
use crate::link::{CERTAIN, Effective, squash};
use crate::model::api::Keyword;
use crate::model::{Domain, Flow, Types};
use crate::rules::finding::Severity::{Error, Note, Warning};
use crate::rules::finding::{Rewrite, Suggestion};
use crate::rules::rule::{Check, Levels, Rule};

use super::DRIFT;
use super::disagree::{Disagreement, came_apart, disagreements, into_column, out_of_column};
use super::presence::is_server_set;
use super::tie::{Tie, without_null};

/// What the names of moments begin with that servers keep themselves.
const KEPT: [&str; 6] = ["creat", "insert", "updat", "modif", "delet", "last"];

/// Values named in one message at most.
const NAMED: usize = 6;

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

pub static ENUM_DISAGREES: Rule = Rule {
    id: "enum-disagrees",
    title: "Lists of values differ",
    levels: Levels::ByFlow { in_: Some(Error), out: Some(Error), stored: None },
    message: "`{property}` and its column `{column}` list different values: {contract}.",
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

pub static TIME_ZONE_LOST: Rule = Rule {
    id: "time-zone-lost",
    title: "Column forgets the time zone",
    levels: Levels::Always(Note),
    message: "`{property}` is a moment with its offset (`date-time`), and its column `{column}` is now `{type}`: the offset that is sent is forgotten.",
    help: "Use `timestamp with time zone` for `{column}`, or convert to one zone before writing, and say which.",
    check: Check::Transition(|rule, pair, found| came_apart(rule, pair, CERTAIN, found, &zones)),
    page: page!("time-zone-lost"),
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
    // Only where the property itself says it: a shared schema says it for others too.
    let own = tie.api.shape(tie.property.shape);
    let at = own.keyword(Keyword::MaxLength).filter(|_| own.reference.is_none() && own.name.is_none());
    let suggestion = at.map(|at| Suggestion { at, rewrite: Rewrite::Number(limit) });
    let said = into_column(&property, &holds, words, String::new()).into_iter();
    said.map(|said| Disagreement { suggestion, ..said }).collect()
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
    let sides = [("the contract", only(&property, &column)), ("the column", only(&column, &property))];
    let sides = sides.into_iter().filter(|(_, values)| !values.is_empty());
    let words = sides.map(|(side, values)| format!("only {side} has {values}")).collect::<Vec<_>>().join(", ");
    let mut found = into_column(&property, &column, words.clone(), String::new());
    if !property.open_values {
        found.extend(out_of_column(&column, &property, words, String::new()));
    }
    found
}

/// The values that one side lists and the other does not, in words; empty when there are none.
fn only(one: &Domain, other: &Domain) -> String {
    let values = |domain: &Domain| domain.values.iter().flat_map(|v| v.iter()).cloned().collect::<Vec<_>>();
    let theirs = values(other);
    let more: Vec<String> = values(one).iter().filter(|v| !theirs.contains(v)).map(ToString::to_string).collect();
    let named = more.get(..NAMED).unwrap_or(&more).join(", ");
    match more.len().saturating_sub(NAMED) {
        0 => named,
        left => format!("{named} and {left} more"),
    }
}

/// The values are spelled another way in the database (`IN_REVIEW`, `in-review`): the code translates them, and only a
/// list that is the same but for the spelling, or has nothing in common, shows that.
fn converted(property: &Domain, column: &Domain) -> bool {
    let list = |d: &Domain, plain: bool| -> BTreeSet<String> {
        let texts = d.values.iter().flat_map(|values| values.iter()).filter_map(|v| v.as_str());
        // `CANCELED` and `CANCELLED` are one word in two spellings.
        let squash = |text: &str| {
            let mut letters: Vec<char> =
                text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            letters.dedup_by(|a, b| a == b && a.is_alphabetic());
            letters.into_iter().collect()
        };
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
    // A pattern may say the same as the format of the column, and keys and the like come from the server.
    let chosen = property.format.is_some() || !is_server_set(tie.column);
    if property.limits().patterns.is_empty() && chosen {
        found.extend(into_column(&only(&property), &only(&column), contract.clone(), stored.to_string()));
    }
    if property.format.is_some() {
        found.extend(out_of_column(&only(&column), &only(&property), contract, stored.to_string()));
    }
    found
}

/// A moment in front of a column that keeps only what a clock on the wall shows; of the moments that servers keep
/// nothing is sent.
fn zones(tie: &Tie<'_>) -> Vec<Disagreement> {
    let moment = tie.property_domain().domain.format.as_deref() == Some("date-time");
    let name = tie.column.type_name.to_ascii_lowercase();
    let zoneless = name.starts_with("timestamp") && name.ends_with("without time zone");
    let kept = KEPT.iter().any(|word| squash(&tie.column.name).starts_with(word));
    if moment && zoneless && !kept { vec![Disagreement::new(Flow::In, "date-time", name)] } else { Vec::new() }
}
