//! The replay's answer about a history, in the same lines as the server's.

use std::collections::BTreeSet;

use driftline::model::sql::{Action, Dialect, Generated, Key, KeyKind, Schema, TableKind};

use super::history;

pub struct Replayed {
    /// For each statement why it is refused, if it is.
    pub errors: Vec<Option<String>>,
    pub state: BTreeSet<String>,
    /// What could not be read.
    pub problems: Vec<String>,
}

pub fn replay(history: &[String]) -> Replayed {
    let (mut text, mut ends) = (String::new(), Vec::new());
    for statement in history {
        text.push_str(statement);
        ends.push(text.len());
        text.push_str(";\n");
    }
    let read = history::replay(Dialect::Postgres, &text);
    let mut errors = vec![None; history.len()];
    for step in read.value.migrations.iter().flat_map(|m| &m.steps) {
        let at = ends.iter().position(|end| step.origin.start as usize <= *end);
        if let (Action::Refused { what, .. }, Some(place)) = (&step.action, at.and_then(|at| errors.get_mut(at))) {
            *place = Some(what.to_string());
        }
    }
    let problems = read.problems.iter().map(|p| format!("{p:?}")).collect();
    Replayed { errors, state: lines(&read.value), problems }
}

/// `public.users` for `users`.
fn full(name: &str) -> String {
    if name.contains('.') { name.to_string() } else { format!("public.{name}") }
}

fn lines(schema: &Schema) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for table in &schema.tables {
        let name = full(&table.full_name());
        let kind = match table.kind {
            TableKind::Table => "table",
            TableKind::View => "view",
            TableKind::MaterializedView => "matview",
        };
        lines.insert(format!("table {name} {kind}"));
        for (at, c) in table.columns.iter().enumerate() {
            let null = if c.not_null && table.kind == TableKind::Table { " not null" } else { "" };
            let filled = match c.generated {
                _ if table.kind != TableKind::Table => "",
                Generated::Always => " always",
                Generated::ByDefault => " by default",
                Generated::Computed => " computed",
                Generated::No if c.default.is_some() => " default",
                Generated::No => "",
            };
            lines.insert(format!("column {name} {at} {} {}{null}{filled}", c.name, c.type_name));
        }
        lines.extend(table.keys.iter().map(|k| format!("key {name} {}", key(schema, k))));
        if let Some(parent) = &table.parent {
            lines.insert(format!("inherits {name} {}", full(parent)));
        }
    }
    for user in &schema.enums {
        let values: Vec<&str> = user.values.iter().map(|(value, _)| &**value).collect();
        lines.insert(format!("enum {} ({})", full(&user.name), values.join(", ")));
    }
    lines
}

fn key(schema: &Schema, key: &Key) -> String {
    let mut columns: Vec<&str> = key.columns.iter().map(|c| &**c).collect();
    if key.kind == KeyKind::Check {
        columns.sort_unstable();
    }
    let kind = match key.kind {
        KeyKind::Unique if key.is_index => "unique index",
        kind => kind.name(),
    };
    let mut line = format!("{} {kind} ({})", key.name, columns.join(", "));
    if let Some(target) = &key.references {
        let table = schema.tables.iter().find(|t| *t.full_name() == *target.table);
        let primary = table.and_then(|table| table.primary_key()).map(|k| k.columns.clone()).unwrap_or_default();
        let columns = if target.columns.is_empty() { primary } else { target.columns.clone() };
        let letter = |action: &str| match action {
            "CASCADE" => "c",
            "SET NULL" => "n",
            "SET DEFAULT" => "d",
            "RESTRICT" => "r",
            _ => "a",
        };
        let actions = [letter(&target.on_delete), letter(&target.on_update)].concat();
        line = format!("{line} to {} ({}) {actions}", full(&target.table), columns.join(", "));
    }
    line
}
