//! Columns and tables that were to go.

use crate::diff::sql::types::Kind;
use crate::model::sql::{Column, Schema, Table};
use crate::rules::debt::left_over;
use crate::rules::finding::Severity::Note;
use crate::rules::rule::{Check, Levels, Rule};

use super::{Case, RULE, own, schemas};

pub static COLUMN_LEFT_OVER: Rule = Rule {
    id: "column-left-over",
    title: "Column or table that is left over",
    levels: Levels::Always(Note),
    message: "`{subject}` {detail}: a move that is not finished, or a copy that nobody took away, is kept in step by hand or is wrong.",
    help: "Finish the move: let everything read and write one of the two, then drop the other in a migration of its own. If both are meant, give them names that say how they differ.",
    check: Check::State(|rule, side, found| {
        schemas(rule, side, found, |schema| {
            own(schema).flat_map(|t| table(schema, t).into_iter().chain(columns(schema, t))).collect()
        });
    }),
    page: page!("column-left-over"),
    ..RULE
};

fn table(schema: &Schema, table: &Table) -> Option<Case> {
    // A table that has little in common with the other is another thing.
    let similar = |other: &Table| {
        let common = table.columns.iter().filter(|c| other.column(&c.name).is_some()).count();
        common * 2 >= table.columns.len().min(other.columns.len())
    };
    let beside = |name: &str| schema.table(&table.schema, name).is_some_and(similar);
    let detail = match left_over::entity(&table.name, beside) {
        Some(beside) => beside.words(),
        None if left_over::is_backup(&table.name) => "is a backup by its name".to_string(),
        None => return None,
    };
    Some(Case::new(table.full_name(), detail, table.key))
}

fn columns(schema: &Schema, table: &Table) -> Vec<Case> {
    let kind = |column: &Column| Kind::of(schema.dialect, &column.type_name);
    let found = table.columns.iter().filter_map(|column| {
        // A flag tells something of the row, not of the column.
        let flag = matches!(kind(column), Kind::Other(name) if name == "boolean")
            || matches!(kind(column), Kind::Int { above: 127, .. })
            || column.type_name.to_ascii_lowercase().contains("bool");
        let beside = |name: &str| table.column(name).is_some();
        let said = left_over::attribute(&column.name, beside).filter(|_| !flag)?;
        Some(Case::of(table, column, said.words()))
    });
    found.collect()
}
