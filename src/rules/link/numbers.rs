//! Disagreements about numbers: width of integers, precision, and the range that is
//! checked; the least length of text is such a range too.

use std::collections::BTreeSet;

use crate::domain::{self, Aspect};
use crate::link::Effective;
use crate::model::sql::Generated;
use crate::model::{Bound, Domain, Flow, Types};
use crate::rules::finding::Severity::{Error, Warning};
use crate::rules::rule::{Check, Levels, Rule, Side};

use super::DRIFT;
use super::disagree::{Disagreement, disagreements, into_column, out_of_column};
use super::presence::is_server_set;
use super::tie::{Tie, certain, without_null};
use super::told::AllUses;

pub static INTEGER_WIDTH_DISAGREES: Rule = Rule {
    id: "integer-width-disagrees",
    title: "Integers of different width",
    levels: Levels::ByFlow { in_: Some(Error), out: Some(Error), stored: None },
    message: "`{property}` is {contract}, but its column `{column}` is `{type}` ({database}): larger numbers fit on one side only.",
    help: "Let `{property}` say what the column holds ({database}), or change the column.",
    check: Check::State(|rule, side, found| {
        let written = written(side);
        disagreements(rule, side, found, &|tie| integers(tie, &written));
    }),
    page: page!("integer-width-disagrees"),
    ..DRIFT
};

pub static PRECISION_DISAGREES: Rule = Rule {
    id: "precision-disagrees",
    title: "Numbers of different precision",
    levels: Levels::ByFlow { in_: Some(Warning), out: Some(Warning), stored: None },
    message: "`{property}` is {contract}, but its column `{column}` is `{type}`: a number is rounded or refused on the way.",
    help: "Limit `{property}` to what `{type}` holds with `multipleOf`, `minimum` and `maximum`, send more digits as text (`type: string, format: decimal`), or change the column.",
    check: Check::State(|rule, side, found| disagreements(rule, side, found, &precisions)),
    page: page!("precision-disagrees"),
    ..DRIFT
};

pub static RANGE_DISAGREES: Rule = Rule {
    id: "range-disagrees",
    title: "Ranges differ",
    levels: Levels::ByFlow { in_: Some(Error), out: Some(Warning), stored: None },
    message: "`{property}` is {contract}, but its column `{column}` is checked to be {database}: a value can fit on one side only.",
    help: "Give `{property}` the range that is checked on `{column}`, or change the check in the same branch.",
    check: Check::State(|rule, side, found| disagreements(rule, side, found, &ranges)),
    page: page!("range-disagrees"),
    ..DRIFT
};

fn integers(tie: &Tie<'_>, written: &BTreeSet<String>) -> Vec<Disagreement> {
    let column = without_null(&tie.column.type_domain);
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
    // Most databases have no unsigned types: the next wider one stands for them, and nobody counts into the last bit of 64.
    let unsigned = property.format.as_deref().is_some_and(|format| format.starts_with("uint"));
    if unsigned && column.format.as_deref() == Some("int64") {
        return Vec::new();
    }
    // A number that no key has is not found, and what servers count is not taken from clients: nothing breaks.
    let mut found = if exact && !tie.is_key() && !is_server_set(tie.column) {
        into_column(&property, &column, contract.clone(), database.clone())
    } else {
        Vec::new()
    };
    // What only clients write, through the same format, does not grow beyond it.
    let theirs = written.contains(&*tie.link.column) && !tie.is_key() && tie.column.generated == Generated::No;
    if property.format.is_some() && !unsigned && !theirs {
        // The column may hold fewer numbers than its type: only the width is compared, and only against the format.
        let width = Domain { format: property.format.clone(), ..Domain::of(Types::INTEGER) };
        found.extend(out_of_column(&column, &width, contract, database));
    }
    found
}

/// The columns that requests set.
fn written(side: Side<'_>) -> BTreeSet<String> {
    let mut uses = AllUses::default();
    let ties = certain(side);
    let sent = ties.iter().filter(|tie| tie.flows(uses.of(tie.api)).has(Flow::In));
    sent.map(|tie| tie.link.column.to_string()).collect()
}

fn precisions(tie: &Tie<'_>) -> Vec<Disagreement> {
    let column = without_null(&tie.column.type_domain);
    let Effective { domain, exact } = tie.property_domain();
    let property = without_null(&domain);
    let numeric = |d: &Domain| !d.types.is_empty() && Types::NUMBER.contains(d.types);
    let limits = property.limits();
    let limited = limits.multiple_of.is_some() || (limits.minimum.is_some() && limits.maximum.is_some());
    let whole = |d: &Domain| d.types == Types::INTEGER;
    let digits = [("double", 15), ("float", 6)].into_iter().find(|(f, _)| property.format.as_deref() == Some(*f));
    if let Some((format, digits)) = digits.filter(|(_, most)| precision(&column).is_some_and(|has| has > *most))
        && exact
        && property.types == Types::NUMBER
    {
        // The last digits are lost on the way out, whatever is sent.
        return vec![Disagreement::new(Flow::Out, format!("`{format}`, which keeps {digits} digits"), "")];
    }
    let applies = exact && limited && property.values.is_none() && !(whole(&property) && whole(&column));
    if !applies || !numeric(&property) || !numeric(&column) {
        return Vec::new();
    }
    let contract = [domain::describe(&property, Aspect::Range), domain::describe(&property, Aspect::Multiple)];
    let contract = contract.into_iter().flatten().collect::<Vec<_>>().join(", ");
    into_column(&property, &column, contract, String::new())
}

/// How many digits the type of a column keeps: the `p` of `numeric(p, s)`.
fn precision(column: &Domain) -> Option<usize> {
    let limits = column.limits();
    let most = limits.maximum?.value.steps_below(limits.multiple_of.unwrap_or(1.into()))?;
    (column.format.is_none()).then(|| most.to_string().len())
}

fn ranges(tie: &Tie<'_>) -> Vec<Disagreement> {
    let Effective { domain, exact } = tie.property_domain();
    let property = without_null(&domain);
    let (says, kept) = (property.limits(), tie.column.domain.limits());
    // An end that only one side speaks of is no disagreement: `condition-missing` tells where it is new. Generators write
    // `minimum: 0` with every `uint8`: that is the type speaking.
    let width = domain::formats(property.format.as_deref()).0;
    let said = |end: Option<Bound>, of_type: Option<Bound>| end.is_some() && end != of_type;
    let (low, high) = checked(tie);
    let low = low.filter(|_| said(says.minimum, width.as_ref().and_then(|width| width.low)));
    let high = high.filter(|_| said(says.maximum, width.as_ref().and_then(|width| width.high)));
    let least = kept.min_length.filter(|_| says.min_length.is_some());
    let kind = |d: &Domain| if d.types == Types::STRING { d.types } else { d.types.intersection(Types::NUMBER) };
    let (mut ours, mut theirs) =
        (Domain::of(kind(&property)), Domain::of(kind(&without_null(&tie.column.type_domain))));
    let aspect = if ours.types == Types::STRING { Aspect::Length } else { Aspect::Range };
    let applies = if aspect == Aspect::Length { least.is_some() } else { low.is_some() || high.is_some() };
    if !exact
        || !applies
        || ours.types != property.types
        || !ours.types.intersects(theirs.types)
        || property.values.is_some()
    {
        return Vec::new();
    }
    let limits = theirs.limits_mut();
    (limits.minimum, limits.maximum, limits.min_length) = (low, high, least);
    let limits = ours.limits_mut();
    limits.minimum = says.minimum.filter(|_| low.is_some());
    limits.maximum = says.maximum.filter(|_| high.is_some());
    limits.min_length = says.min_length.filter(|_| least.is_some());
    let words = |d: &Domain| domain::describe(d, aspect).unwrap_or_default();
    let mut found = into_column(&ours, &theirs, words(&ours), words(&theirs));
    found.extend(out_of_column(&theirs, &ours, words(&ours), words(&theirs)));
    found
}

/// The ends of the range that a `CHECK` keeps numbers in, not those of the type.
pub fn checked(tie: &Tie<'_>) -> (Option<Bound>, Option<Bound>) {
    let (all, of_type) = (tie.column.domain.limits(), tie.column.type_domain.limits());
    (all.minimum.filter(|_| all.minimum != of_type.minimum), all.maximum.filter(|_| all.maximum != of_type.maximum))
}

fn numbers(domain: &Domain) -> String {
    match (&domain.format, domain::describe(domain, Aspect::Range)) {
        (Some(format), _) => format!("`{format}`"),
        (None, Some(range)) => range,
        (None, None) => "any integer".to_string(),
    }
}
