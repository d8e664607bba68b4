//! What the replay has after a history, as the lines that the server's catalogue gives.

use driftline::model::encoding::Encoding;
use driftline::model::origin::Read;
use driftline::model::sql::{Action, Column, Dialect, Generated, KeyKind, Schema, TableKind};

use super::{Outcome, history};

/// The collations of character sets that say no other, in MariaDB.
const COLLATIONS: [(&str, &str); 4] = [
    ("utf8mb4", "utf8mb4_general_ci"),
    ("latin1", "latin1_swedish_ci"),
    ("utf8mb3", "utf8mb3_general_ci"),
    ("ascii", "ascii_general_ci"),
];

fn collation(encoding: &Encoding) -> String {
    if let Some(collation) = &encoding.collation {
        return collation.replace("utf8_", "utf8mb3_");
    }
    let set = encoding.charset.as_deref().unwrap_or("utf8mb4");
    let known = COLLATIONS.iter().find(|(name, _)| *name == set);
    known.map_or_else(|| set.to_string(), |(_, collation)| (*collation).to_string())
}

fn column_line(table: &str, place: usize, column: &Column) -> String {
    let how = match column.generated {
        Generated::No => "written",
        Generated::Computed => "computed",
        _ => "numbered",
    };
    let kind = &*column.type_name;
    let text = ["varchar", "char", "tinytext", "text", "mediumtext", "longtext", "enum", "set"];
    let text = text.contains(&kind.split('(').next().unwrap_or_default());
    let collation = if text { collation(&column.encoding) } else { String::new() };
    let default = if column.default.is_some() { " default" } else { "" };
    let null = if column.not_null { " not null" } else { "" };
    format!("column {table}.{} {place} `{kind}`{null}{default} {how} {collation}", column.name)
}

fn lines(schema: &Schema) -> Vec<String> {
    let mut lines = Vec::new();
    for table in &schema.tables {
        let name = &table.name;
        let view = table.kind != TableKind::Table;
        lines.push(format!("{} {name}", if view { "view" } else { "table" }));
        for (at, column) in table.columns.iter().enumerate() {
            lines.push(match view {
                true => format!("shown {name}.{} {}", column.name, at + 1),
                false => column_line(name, at + 1, column),
            });
        }
        for key in &table.keys {
            let columns = key.columns.join(", ");
            lines.push(match key.kind {
                KeyKind::Primary => format!("primary {name} ({columns}) {}", key.partial),
                KeyKind::Foreign => {
                    let Some(to) = &key.references else { continue };
                    let action =
                        |rule: &str| if rule == "RESTRICT" { "NO ACTION".to_string() } else { rule.to_string() };
                    let (delete, update) = (action(&to.on_delete), action(&to.on_update));
                    format!(
                        "foreign {name} {} ({columns}) to {} ({}) {delete} {update}",
                        key.name,
                        to.table,
                        to.columns.join(", ")
                    )
                }
                KeyKind::Check => {
                    let mut columns = key.columns.clone();
                    columns.sort();
                    let shown = if key.name.contains("_chk_") { "" } else { &*key.name };
                    format!("check {name} {shown} ({})", columns.join(", "))
                }
                kind => format!("{} {name} {} ({columns}) {}", kind.name(), key.name, key.partial),
            });
        }
    }
    lines.sort();
    lines
}

/// The schema that a history gives.
pub fn replay(history: &[String]) -> Read<Schema> {
    let text: String = history.iter().map(|statement| format!("{statement};\n")).collect();
    history::replay(Dialect::MySql, &text)
}

/// What becomes of a history.
pub fn run(history: &[String]) -> Outcome {
    let read = replay(history);
    let mut ends: Vec<usize> = Vec::new();
    for statement in history {
        ends.push(ends.last().copied().unwrap_or_default() + statement.len() + 2);
    }
    let mut outcome = Outcome { lines: lines(&read.value), ..Outcome::default() };
    for step in read.value.migrations.iter().flat_map(|m| &m.steps) {
        if let Action::Refused { what, .. } = &step.action {
            let statement = ends.partition_point(|end| *end <= step.origin.start as usize);
            outcome.refused.insert(statement, what.to_string());
        }
    }
    for problem in &read.problems {
        outcome.lines.push(format!("problem {problem:?}"));
    }
    outcome
}
