//! Keys whose numbers may be used up.

use crate::diff::sql::types::Kind;
use crate::model::sql::{Generated, Schema, Table};
use crate::rules::finding::Severity::Warning;
use crate::rules::rule::{Check, Levels, Rule};

use super::columns::each;
use super::{Case, RULE, tables, words};

pub static INTEGER_KEY_MAY_OVERFLOW: Rule = Rule {
    id: "integer-key-may-overflow",
    title: "Key may run out of numbers",
    levels: Levels::Always(Warning),
    message: "The generated key `{subject}` is {detail}, in a table that gets a row for everything that happens: inserts fail for good when the numbers are used up, and failed inserts use numbers too.",
    help: "\
postgres: Use `bigint GENERATED ALWAYS AS IDENTITY` from the start. For a table that has rows, changing `{subject}` to bigint rewrites it: add a bigint column, fill it in batches, and swap the two. Columns that refer to it need the same.
mysql: Use `bigint unsigned AUTO_INCREMENT` from the start. For a table that has rows, changing `{subject}` copies it: use a tool that copies in the background. Columns that refer to it need the same.",
    check: Check::State(|rule, side, found| tables(rule, side, found, running_out)),
    page: page!("integer-key-may-overflow"),
    ..RULE
};

/// What a table is called that gets a row for everything that happens: the last word of its name. Of the keys of all other
/// tables hardly one in four will ever come near the end.
const GROWING: [&str; 30] = [
    "action",
    "activity",
    "attempt",
    "audit",
    "change",
    "click",
    "comment",
    "delivery",
    "download",
    "entry",
    "event",
    "execution",
    "history",
    "job",
    "like",
    "log",
    "measurement",
    "message",
    "metric",
    "notification",
    "observation",
    "reading",
    "request",
    "sample",
    "session",
    "sighting",
    "stat",
    "task",
    "transaction",
    "visit",
];

fn running_out(schema: &Schema, table: &Table) -> Vec<Case> {
    let last = words(&table.name).pop().unwrap_or_default();
    let one = match last.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => last.trim_end_matches('s').to_string(),
    };
    if !GROWING.contains(&one.as_str()) {
        return Vec::new();
    }
    let key = table.primary_key().map(|k| k.columns.as_slice()).unwrap_or_default();
    each(table, |column| {
        let only = matches!(key, [one] if *one == column.name);
        let kind = Kind::of(schema.dialect, &column.type_name);
        let small = matches!(kind, Kind::Int { above, .. } if above <= u64::from(u32::MAX));
        let generated = matches!(column.generated, Generated::ByDefault | Generated::Always);
        (only && small && generated).then(|| column.type_name.to_string())
    })
}
