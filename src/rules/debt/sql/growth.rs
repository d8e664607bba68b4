//! Keys whose numbers may be used up.

use crate::diff::sql::types::{Class, Kind};
use crate::model::sql::{Column, Generated, Schema, Table};
use crate::rules::finding::Severity::{Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::columns::each;
use super::{Case, RULE, tables, words};

pub static INTEGER_KEY_MAY_OVERFLOW: Rule = Rule {
    id: "integer-key-may-overflow",
    title: "Key may run out of numbers",
    levels: Levels::Always(Warning),
    message: "The generated key `{subject}` is {detail}: inserts fail for good when the numbers are used up, and failed inserts use numbers too.",
    help: "\
postgres: Use `bigint GENERATED ALWAYS AS IDENTITY` from the start. For a table that has rows, changing `{subject}` to bigint rewrites it: add a bigint column, fill it in batches, and swap the two. Columns that refer to it need the same.
mysql: Use `bigint unsigned AUTO_INCREMENT` from the start. For a table that has rows, changing `{subject}` copies it: use a tool that copies in the background. Columns that refer to it need the same.",
    check: Check::State(|rule, side, found| tables(rule, side, found, running_out)),
    page: page!("integer-key-may-overflow"),
    ..RULE
};

/// Tables that get a row for everything that happens.
const GROWING: [&str; 24] = [
    "activities",
    "activity",
    "attempts",
    "audit",
    "deliveries",
    "event",
    "events",
    "executions",
    "history",
    "log",
    "logs",
    "measurements",
    "messages",
    "metrics",
    "notifications",
    "observations",
    "readings",
    "requests",
    "samples",
    "sessions",
    "tasks",
    "transactions",
    "views",
    "visits",
];

fn running_out(schema: &Schema, table: &Table) -> Vec<Case> {
    let kind = |column: &Column| Kind::of(schema.dialect, &column.type_name);
    let key = table.primary_key().map(|k| k.columns.as_slice()).unwrap_or_default();
    // What says neither when nor of what is set up, not collected.
    let related = |c: &Column| !key.contains(&c.name) && words(&c.name).last().is_some_and(|word| word == "id");
    let collected = table.keys.iter().any(|k| k.references.is_some())
        || table.columns.iter().any(|c| kind(c).class() == Class::Moment || c.name.ends_with("_at") || related(c));
    let grows = words(&table.name).iter().any(|word| GROWING.contains(&word.as_str()));
    let cases = each(table, |column| {
        let only = matches!(key, [one] if *one == column.name);
        let small = matches!(kind(column), Kind::Int { above, .. } if above <= u64::from(u32::MAX));
        let generated = matches!(column.generated, Generated::ByDefault | Generated::Always);
        (collected && only && small && generated).then(|| column.type_name.to_string())
    });
    cases.into_iter().map(|case| Case { severity: (!grows).then_some(Note), ..case }).collect()
}
