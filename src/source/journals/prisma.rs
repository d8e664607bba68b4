//! Prisma's `migration_lock.toml`: the engine for which the migrations were written.

use crate::model::origin::Problem;
use crate::model::sql::Dialect;

use super::super::dialect;
use super::super::migrations::{provider, read};
use super::super::snapshot::Snapshot;
use super::super::sources::SqlSource;
use super::Journal;

pub fn check(snapshot: &Snapshot<'_>, source: &SqlSource, journal: &Journal, problems: &mut Vec<Problem>) {
    let Some(told) = provider(&journal.file.bytes, "provider").filter(|_| source.layout == "prisma") else { return };
    let files: Vec<_> = source.files.iter().map(|file| read(snapshot, &file.path)).collect();
    let Some(other) = dialect::contradicts(told, files.iter().map(|file| file.bytes.as_slice())) else { return };
    let message = format!(
        "`{}` says that the migrations are for {}, and they are written for {}: Prisma runs none of them.",
        journal.path,
        named(told),
        named(other)
    );
    problems.push(journal.problem(&journal.path, "provider", message));
}

fn named(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "PostgreSQL",
        Dialect::MySql => "MySQL",
        Dialect::Sqlite => "SQLite",
    }
}
