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
mod layout;
mod lex;
mod markers;
mod meaning;
mod parse;
mod query;
mod remarks;
mod replay;
mod resume;
mod shared;
mod split;
#[cfg(test)]
mod split_tests;
mod transactions;
mod types;
mod undo;

use std::ops::Range;

use crate::model::origin::{Origin, Problem, Read};
use crate::model::sql::{Dialect, Schema};
use crate::source::{Role, Snapshot, SqlSource};

use catalog::Catalog;
use file::FileReader;
use replay::Replay;

pub use remarks::remarks;

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

/// Replays one source at one revision, and goes every way back.
pub fn read(source: &SqlSource, snapshot: &Snapshot<'_>) -> Read<Schema> {
    read_with(source, snapshot, &|_| true)
}

/// Replays one source at one revision. Which of the migrations are also taken back, to see what is left then, is told by
/// the paths of their files.
pub fn read_with(source: &SqlSource, snapshot: &Snapshot<'_>, back: &(dyn Fn(&str) -> bool + Sync)) -> Read<Schema> {
    std::thread::scope(|scope| {
        let work = || replay_all(source, snapshot, back);
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(read)) => read,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // No thread to be had: ordinary statements need no large stack.
            Err(_) => replay_all(source, snapshot, back),
        }
    })
}

/// What is said about the first step in another language.
fn code(path: &str, snapshot: &Snapshot<'_>) -> Option<Problem> {
    let origin = Origin::new(snapshot.load(path).ok()?, 0, 0);
    let message = format!(
        "`{path}` is a step of these migrations in another language and is not followed: from here on objects may exist \
         that are not known."
    );
    Some(Problem::remark("statement-unreadable", path, origin, message))
}

fn replay_all(source: &SqlSource, snapshot: &Snapshot<'_>, back: &dyn Fn(&str) -> bool) -> Read<Schema> {
    let mut schema =
        Schema { path: source.path.clone(), dialect: source.dialect, layout: source.layout, ..Schema::default() };
    let mut problems = Vec::new();
    let mut catalog = Catalog::new(source.dialect);
    let downs = undo::Downs::of(source);
    for file in source.files.iter().filter(|f| f.role != Role::Down) {
        if file.role == Role::Code {
            problems.extend(code(&file.path, snapshot).filter(|_| !catalog.opaque));
            catalog.opaque = true;
            continue;
        }
        let reader = match FileReader::open(&file.path, snapshot, &mut problems) {
            Some(reader) => reader,
            None => continue,
        };
        let split = split::split(reader.bytes(), source.dialect);
        let down = downs.open(file, &reader, &split, snapshot, &mut problems);
        let back = down.as_ref().filter(|down| down.is_plain() && (back(&file.path) || back(down.path())));
        if back.is_some() {
            catalog.mark();
        }
        let mut replay = Replay::new(catalog);
        let counts = reader.replay(&split, source.dialect, file.role == Role::State, &mut replay, &mut problems);
        schema.statements += counts.statements;
        schema.unread += counts.unread;
        replay.end();
        let steps = std::mem::take(&mut replay.steps);
        catalog = replay.catalog;
        let round_trip = back.and_then(|down| undo::round_trip(down, &mut catalog, &steps));
        if file.role != Role::State {
            let mut migration = layout::migration(source, file, &reader, &split, steps, snapshot);
            (migration.down, migration.round_trip) = (down.as_ref().map(undo::Down::origin), round_trip);
            migration.has_down = down.is_some_and(|down| down.has_statements()).then_some(true);
            schema.migrations.push(migration);
        }
    }
    // Where nothing ever goes back nobody misses it.
    if downs.any() || schema.migrations.iter().any(|m| m.down.is_some()) {
        schema.migrations.iter_mut().filter(|m| !m.repeatable).for_each(|m| m.has_down = Some(m.has_down.is_some()));
    }
    schema.tables = finish::tables(&catalog);
    schema.enums = finish::enums(&catalog);
    schema.objects = finish::objects(&catalog);
    Read { value: schema, problems }
}
