//! Ordered SQL files in, the schema that replaying them gives and what each migration did out.
//!
//! Bytes are cut into statements (`split`), statements are recognised (`parse`), commands are replayed into a
//! catalogue (`replay`), and the catalogue is written out as the model (`finish`). Every statement stands alone: one
//! that can not be read becomes a problem and taints what it names. Must not know OpenAPI, git, rules.

mod catalog;
mod check;
mod command;
mod cursor;
mod domains;
mod file;
mod finish;
mod journal;
mod keydef;
mod known;
mod layout;
mod lex;
mod markers;
mod meaning;
mod parse;
mod query;
mod remarks;
mod replay;
mod resume;
mod series;
mod shared;
mod split;
#[cfg(test)]
mod split_tests;
mod transactions;
mod types;
mod undo;

use std::ops::Range;
use std::sync::Arc;

use crate::model::origin::Read;
use crate::model::sql::{Dialect, Schema};
use crate::source::{Snapshot, SqlSource};

pub use remarks::remarks;
pub use series::Series;

/// Where a file's statements stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statements {
    /// In order, without their delimiters.
    pub statements: Vec<Range<usize>>,
    /// Lines for a client program and the data of `COPY`.
    pub skipped: Vec<Range<usize>>,
}

/// Cuts a file into statements; all bytes outside of what this gives are white space, comments and delimiters.
pub fn statements(text: &[u8], dialect: Dialect) -> Statements {
    let split = split::split(text, dialect);
    Statements { statements: split.pieces.iter().map(|p| p.start..p.end).collect(), skipped: split.skipped }
}

/// The SQL parser's dialect.
fn dialect(dialect: Dialect) -> Box<dyn sqlparser::dialect::Dialect> {
    match dialect {
        Dialect::Postgres => Box::new(sqlparser::dialect::PostgreSqlDialect {}),
        Dialect::MySql => Box::new(sqlparser::dialect::MySqlDialect {}),
        Dialect::Sqlite => Box::new(sqlparser::dialect::SQLiteDialect {}),
    }
}

/// Replays one source at one revision, and goes every way back.
pub fn read(source: &SqlSource, snapshot: &Snapshot<'_>) -> Read<Schema> {
    read_with(source, snapshot, &|_| true)
}

/// Replays one source at one revision. Which of the migrations are also taken back, to see what is left then, is told by
/// the paths of their files.
pub fn read_with(source: &SqlSource, snapshot: &Snapshot<'_>, back: &(dyn Fn(&str) -> bool + Sync)) -> Read<Schema> {
    let read = Series::new().once(source, snapshot, back);
    Read { value: Arc::unwrap_or_clone(read.value), problems: read.problems }
}
