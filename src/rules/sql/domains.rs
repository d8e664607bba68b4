//! Domains: types with conditions, shared by columns.

use crate::model::sql::{Action, Schema, TableKind};
use crate::rules::affected::list;
use crate::rules::finding::Severity::{Error, Warning};
use crate::rules::migration::{Case, NewStep, Source};
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;

pub static NARROWED: Rule = Rule {
    id: "domain-narrowed",
    title: "Domain of columns tightened",
    levels: Levels::Always(Warning),
    message: "{detail}",
    help: "",
    check: Check::Step(narrowed),
    page: page!("domain-narrowed"),
    ..RULE
};

const NOT_NULL: &str = "1. Release code that always writes the columns, and fill the rows that hold null.\n2. `ALTER DOMAIN {subject} ADD CONSTRAINT {name}_not_null CHECK (VALUE IS NOT NULL) NOT VALID;` holds for new values from then on.\n3. In a migration of its own, `ALTER DOMAIN {subject} VALIDATE CONSTRAINT {name}_not_null;`. Leave it at the check: NOT NULL of a domain adds nothing but another reading of all rows.";
const CHECK: &str = "1. Release code that writes only what the check allows, and look for rows that break it.\n2. Add it with `NOT VALID`: it holds for new values from then on, and reads no rows.\n3. In a migration of its own, `ALTER DOMAIN {subject} VALIDATE CONSTRAINT {name};`";

fn narrowed(source: &Source<'_>, new: &NewStep<'_>) -> Option<Case> {
    let Action::NarrowDomain { name, check, not_valid } = &new.step.action else { return None };
    let columns = columns(source.base, name);
    if columns.is_empty() {
        return None;
    }
    let (them, are) = if columns.len() == 1 { ("it", "is") } else { ("them", "are") };
    let shown: Vec<String> = match columns.as_slice() {
        [first, second, third, rest @ ..] if rest.len() > 1 => {
            vec![first.clone(), second.clone(), third.clone(), format!("{} more", rest.len())]
        }
        few => few.to_vec(),
    };
    let what = match check {
        None => "must not be null any more".to_string(),
        Some(check) if check.is_empty() => "gets a check".to_string(),
        Some(check) => format!("gets the check `{check}`"),
    };
    let rows = match not_valid {
        true => String::new(),
        false => format!(
            " Rows that break it make the migration fail, and writes to the tables wait while {them} {are} read."
        ),
    };
    let detail = format!(
        "The domain `{name}` {what}, and with it {}: running code that writes other values is refused.{rows}",
        list(&shown)
    );
    let case = Case::new(&**name, detail);
    Some(match check {
        None => case.at(Error).with_help(NOT_NULL).named(name.rsplit('.').next().unwrap_or(name)),
        Some(check) => case.with_help(CHECK).named(&**check),
    })
}

/// The columns of a domain, in words.
fn columns(schema: &Schema, domain: &str) -> Vec<String> {
    let of = |type_name: &str| type_name.trim_end_matches("[]").chars().filter(|c| *c != '"').eq(domain.chars());
    let tables = schema.tables.iter().filter(|t| t.kind == TableKind::Table && t.parent.is_none());
    let columns = tables.flat_map(|t| t.columns.iter().map(move |c| (t, c))).filter(|(_, c)| of(&c.type_name));
    columns.map(|(t, c)| format!("`{}.{}`", t.full_name(), c.name)).collect()
}
