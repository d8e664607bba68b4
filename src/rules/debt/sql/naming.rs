//! Names in two styles.

use crate::model::sql::{Schema, Table};
use crate::rules::finding::Severity::Note;
use crate::rules::rule::{Check, Levels, Rule};

use super::{Case, RULE, tables};

pub static NAMING_MIXED_COLUMNS: Rule = Rule {
    id: "naming-mixed-columns",
    title: "Column names in two styles",
    levels: Levels::Always(Note),
    message: "`{subject}` names its columns in two styles: {detail}.",
    help: "Name new columns like the others of the table. In PostgreSQL names with capital letters must be quoted in every query.",
    check: Check::State(|rule, side, found| tables(rule, side, found, mixed)),
    page: page!("naming-mixed-columns"),
    ..RULE
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Snake,
    Camel,
}

/// The style of a name that has one: single words fit every style.
fn style(name: &str) -> Option<Style> {
    let inner = name.trim_matches('_');
    let humps = inner.chars().zip(inner.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase());
    match (inner.contains('_'), humps) {
        (true, false) => Some(Style::Snake),
        (false, true) => Some(Style::Camel),
        _ => None,
    }
}

fn mixed(_: &Schema, table: &Table) -> Vec<Case> {
    let of = |wanted| table.columns.iter().filter(move |c| style(&c.name) == Some(wanted)).collect::<Vec<_>>();
    let (snake, camel) = (of(Style::Snake), of(Style::Camel));
    let (few, many) = if camel.len() <= snake.len() { (camel, snake) } else { (snake, camel) };
    let (Some(odd), Some(usual)) = (few.first(), many.first()) else { return Vec::new() };
    vec![Case::new(table.full_name(), format!("`{}` and `{}`", odd.name, usual.name), odd.created)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles() {
        for (name, snake, camel) in [
            ("created_at", true, false),
            ("createdAt", false, true),
            ("id", false, false),
            ("ID", false, false),
            ("_id", false, false),
        ] {
            assert_eq!(
                (style(name) == Some(Style::Snake), style(name) == Some(Style::Camel)),
                (snake, camel),
                "{name}"
            );
        }
    }
}
