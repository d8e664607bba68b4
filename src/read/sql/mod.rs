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
mod layout;
mod lex;
mod markers;
mod parse;
mod query;
mod replay;
mod split;
#[cfg(test)]
mod split_tests;
mod types;

use std::ops::Range;

use crate::model::origin::{Read, Text};
use crate::model::sql::{Dialect, Schema};
use crate::source::{Role, Snapshot, SqlSource};

use catalog::Catalog;
use file::FileReader;
use replay::Replay;

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

/// Stack for the replay: the SQL parser and the trees it gives are recursive.
const STACK: usize = 64 << 20;

/// The SQL parser's dialect.
fn dialect(dialect: Dialect) -> Box<dyn sqlparser::dialect::Dialect> {
    match dialect {
        Dialect::Postgres => Box::new(sqlparser::dialect::PostgreSqlDialect {}),
        Dialect::MySql => Box::new(sqlparser::dialect::MySqlDialect {}),
        Dialect::Sqlite => Box::new(sqlparser::dialect::SQLiteDialect {}),
    }
}

/// Replays one source at one revision.
pub fn read(source: &SqlSource, snapshot: &Snapshot<'_>) -> Read<Schema> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || replay_all(source, snapshot));
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(read)) => read,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // No thread to be had: ordinary statements need no large stack.
            Err(_) => replay_all(source, snapshot),
        }
    })
}

fn replay_all(source: &SqlSource, snapshot: &Snapshot<'_>) -> Read<Schema> {
    let mut schema =
        Schema { path: source.path.clone(), dialect: source.dialect, layout: source.layout, ..Schema::default() };
    let mut problems = Vec::new();
    let mut catalog = Catalog::new(source.dialect);
    let mut downs: Vec<(Text, bool)> = Vec::new();
    for file in &source.files {
        let reader = match FileReader::open(&file.path, snapshot, &mut problems) {
            Some(reader) => reader,
            None => continue,
        };
        let split = split::split(reader.bytes(), source.dialect);
        if file.role == Role::Down {
            downs.push((file.version.clone(), !split.pieces.is_empty()));
            continue;
        }
        let mut replay = Replay::new(catalog);
        let counts = reader.replay(&split, source.dialect, file.role == Role::State, &mut replay, &mut problems);
        schema.statements += counts.statements;
        schema.unread += counts.unread;
        let steps = std::mem::take(&mut replay.steps);
        catalog = replay.catalog;
        if file.role != Role::State {
            schema.migrations.push(layout::migration(source, file, &reader, &split, steps, snapshot));
        }
    }
    layout::mark_downs(&mut schema.migrations, &downs);
    schema.tables = finish::tables(&catalog);
    schema.enums = finish::enums(&catalog);
    schema.objects = finish::objects(&catalog);
    Read { value: schema, problems }
}
