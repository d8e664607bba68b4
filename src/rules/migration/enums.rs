//! Values of enum types within one transaction.

use crate::model::sql::{Action, Column, Table};
use crate::rules::finding::Severity::Error;
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;
use super::steps::{Case, NewStep, Source};

pub static USED_EARLY: Rule = Rule {
    id: "enum-value-used-early",
    title: "Enum value used in the transaction that adds it",
    levels: Levels::Always(Error),
    message: "{detail} is used in the transaction that adds it: PostgreSQL refuses that (`unsafe use of new value`), and the migration fails.",
    help: "Add the value in one migration and use it in the next one: it has to be committed in between. In a type that the same migration creates it can be used at once.",
    check: Check::Step(used_early),
    page: page!("enum-value-used-early"),
    ..RULE
};

fn used_early(source: &Source<'_>, new: &NewStep<'_>) -> Option<Case> {
    if !source.is_postgres() || !new.migration.transactional || new.step.conditional {
        return None;
    }
    let table = source.head_table(&new.step.table)?;
    let before = || new.migration.steps.iter().take_while(|s| !std::ptr::eq(*s, new.step));
    before().find_map(|step| match &step.action {
        Action::AddEnumValue { name, value } if !step.conditional => {
            let made = before().any(|s| matches!(&s.action, Action::CreateEnum { name: n } if n == name));
            let of = |c: &Column| c.type_name.trim_end_matches("[]").chars().filter(|c| *c != '"').eq(name.chars());
            let used = !made && uses(&new.step.action, table, value, of);
            used.then(|| Case::new(&*new.step.table, format!("The value `{value}` of `{name}`")))
        }
        _ => None,
    })
}

/// The value of the type stands in what the step does.
fn uses(action: &Action, table: &Table, value: &str, of: impl Fn(&Column) -> bool) -> bool {
    let quoted = format!("'{value}'");
    let default = |c: &Column| of(c) && c.default.as_ref().is_some_and(|d| d.starts_with(&quoted));
    match action {
        Action::SetDefault { column } | Action::AddColumn { column, has_default: true, .. } => {
            table.column(column).is_some_and(default)
        }
        Action::CreateTable => table.columns.iter().any(default),
        Action::Rewrite { texts, .. } => {
            texts.iter().any(|(column, text)| **text == *value && table.column(column).is_some_and(&of))
        }
        Action::CreateIndex { key, .. } | Action::AddKey { key, .. } => {
            let words = || key.definition.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            key.definition.contains(&quoted) && table.columns.iter().any(|c| of(c) && words().any(|w| *w == *c.name))
        }
        _ => false,
    }
}
