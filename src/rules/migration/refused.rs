//! Statements that the engine refuses, so that the migration fails.

use crate::model::sql::{Action, Refusal};
use crate::rules::finding::Severity::{Error, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;
use super::steps::{Case, NewStep, Source, called};

pub static OBJECT_MISSING: Rule = Rule {
    id: "object-missing",
    title: "Statement does not fit the state of the database",
    levels: Levels::Always(Error),
    message: "{detail}: the statement fails when the migrations run in order.",
    help: "Check the name and the order of the migrations. If the object is made elsewhere (by hand, by the application, by another folder), add that to what is read, or say `IF EXISTS` or `IF NOT EXISTS` where both states are possible.",
    check: Check::Step(|source, new| refused(source, new, Refusal::Absent)),
    page: page!("object-missing"),
    ..RULE
};

pub static STATEMENT_REFUSED: Rule = Rule {
    id: "statement-refused",
    title: "Statement that the database refuses",
    levels: Levels::Always(Error),
    message: "{detail}: the database refuses the statement, and the migration fails.",
    help: "\
postgres: In the same migration, drop or change first what needs it (the view, the foreign key, the computed column), then run this statement, then create it again as it has to be. CASCADE would drop it as well, and nobody creates it again.
mysql: In the same migration, drop first what needs it (the foreign key), then run this statement, then add it again as it has to be.
sqlite: Build the table anew: create it under another name as it has to be, copy the rows, drop the old one, rename the new one, and create its indexes and triggers again.",
    check: Check::Step(|source, new| refused(source, new, Refusal::Needed)),
    page: page!("statement-refused"),
    ..RULE
};

/// What is told about a refused statement.
fn refused(source: &Source<'_>, new: &NewStep<'_>, wanted: Refusal) -> Option<Case> {
    let Action::Refused { what, column, why } = &new.step.action else { return None };
    let table = &new.step.table;
    let subject = match column {
        Some(column) => format!("{table}.{column}"),
        None if table.is_empty() => called(new.migration),
        None => table.to_string(),
    };
    let case = Case::new(subject, capital(what));
    let case = if source.has_holes { case.at(Warning) } else { case };
    (*why == wanted && !new.step.conditional).then_some(case)
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if !text.starts_with('`') => first.to_uppercase().chain(chars).collect(),
        _ => text.to_string(),
    }
}
