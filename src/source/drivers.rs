//! Which engine a project talks to, by the drivers that its manifests and its code name.
//!
//! For files whose words fit any engine: what a crate, module or package is built with tells what they are run on.

use memchr::memmem;

use super::dialect::Engine;
use super::migrations::read;
use super::places::{inside, parent};
use super::snapshot::Snapshot;
use crate::model::sql::Dialect::{self, MySql, Postgres, Sqlite};

/// Manifests, and the words in them that name a driver.
const MANIFESTS: &[(&str, &[(&str, Engine)])] = &[
    (
        "Cargo.toml",
        &[
            ("\"sqlite\"", Engine::Replayed(Sqlite)),
            ("rusqlite", Engine::Replayed(Sqlite)),
            ("\"postgres\"", Engine::Replayed(Postgres)),
            ("tokio-postgres", Engine::Replayed(Postgres)),
            ("\"mysql\"", Engine::Replayed(MySql)),
            ("mysql_async", Engine::Replayed(MySql)),
        ],
    ),
    (
        "go.mod",
        &[
            ("mattn/go-sqlite3", Engine::Replayed(Sqlite)),
            ("modernc.org/sqlite", Engine::Replayed(Sqlite)),
            ("ncruces/go-sqlite3", Engine::Replayed(Sqlite)),
            ("glebarez/sqlite", Engine::Replayed(Sqlite)),
            ("lib/pq", Engine::Replayed(Postgres)),
            ("jackc/pgx", Engine::Replayed(Postgres)),
            ("go-sql-driver/mysql", Engine::Replayed(MySql)),
            ("clickhouse-go", Engine::Other("ClickHouse")),
        ],
    ),
    (
        "package.json",
        &[
            ("\"better-sqlite3\"", Engine::Replayed(Sqlite)),
            ("\"sqlite3\"", Engine::Replayed(Sqlite)),
            ("\"pg\"", Engine::Replayed(Postgres)),
            ("\"postgres\"", Engine::Replayed(Postgres)),
            ("\"mysql2\"", Engine::Replayed(MySql)),
            ("\"mysql\"", Engine::Replayed(MySql)),
        ],
    ),
];
/// Types and modules in Rust code, where a workspace hides a crate's features.
const CODE: &[(&str, Engine)] = &[
    ("SqlitePool", Engine::Replayed(Sqlite)),
    ("sqlx::sqlite", Engine::Replayed(Sqlite)),
    ("sqlx::{sqlite", Engine::Replayed(Sqlite)),
    ("Sqlite>", Engine::Replayed(Sqlite)),
    ("PgPool", Engine::Replayed(Postgres)),
    ("sqlx::postgres", Engine::Replayed(Postgres)),
    ("MySqlPool", Engine::Replayed(MySql)),
    ("sqlx::mysql", Engine::Replayed(MySql)),
];
/// Files of code that are looked into.
const FILES: usize = 40;

/// The only engine that the nearest manifest which names any, or the code beside it, speaks of.
pub fn dialect(snapshot: &Snapshot<'_>, folder: &str) -> Option<Dialect> {
    for at in std::iter::successors(Some(folder), |at| (!at.is_empty()).then(|| parent(at))) {
        for (name, marks) in MANIFESTS {
            let path = inside(at, name);
            if !snapshot.tree.has(&path) {
                continue;
            }
            let mut named = engines(&read(snapshot, &path).bytes, marks);
            if named.is_empty() && *name == "Cargo.toml" {
                named = code(snapshot, &inside(at, "src/"));
            }
            match named.as_slice() {
                [] => {}
                [Engine::Replayed(dialect)] => return Some(*dialect),
                _ => return None,
            }
        }
    }
    None
}

fn engines(bytes: &[u8], marks: &[(&str, Engine)]) -> Vec<Engine> {
    let found = marks.iter().filter(|(mark, _)| memmem::find(bytes, mark.as_bytes()).is_some());
    let mut engines: Vec<Engine> = found.map(|(_, engine)| *engine).collect();
    engines.sort_unstable();
    engines.dedup();
    engines
}

fn code(snapshot: &Snapshot<'_>, folder: &str) -> Vec<Engine> {
    let files = snapshot.tree.below(folder).filter(|path| path.ends_with(".rs")).take(FILES);
    let mut engines: Vec<Engine> = files.flat_map(|path| engines(&read(snapshot, path).bytes, CODE)).collect();
    engines.sort_unstable();
    engines.dedup();
    engines
}
