//! Which SQL dialect a set of files is written in.

use std::collections::BTreeMap;

use memchr::memmem;

use crate::model::sql::Dialect;

use super::places::words;

/// An engine, replayed or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    Replayed(Dialect),
    Other(&'static str),
}

/// Words in paths for engines that are not replayed, and what people call them.
const OTHERS: [(&str, &str); 17] = [
    ("mssql", "SQL Server"),
    ("sqlserver", "SQL Server"),
    ("tsql", "SQL Server"),
    ("oracle", "Oracle"),
    ("h2", "H2"),
    ("db2", "Db2"),
    ("clickhouse", CLICKHOUSE),
    ("cassandra", "Cassandra"),
    ("cql", "Cassandra"),
    ("hsqldb", "HSQLDB"),
    ("derby", "Derby"),
    ("hive", "Hive"),
    ("trino", "Trino"),
    ("snowflake", "Snowflake"),
    ("bigquery", "BigQuery"),
    ("duckdb", "DuckDB"),
    ("spanner", "Spanner"),
];
const CLICKHOUSE: &str = "ClickHouse";

/// The engine that the nearest folder or the name itself says.
pub fn engine_of(path: &str) -> Option<Engine> {
    words(path).rev().find_map(|word| {
        let other = || OTHERS.iter().find(|(name, _)| *name == word).map(|(_, shown)| Engine::Other(shown));
        Dialect::named(&word).map(Engine::Replayed).or_else(other)
    })
}

/// The dialect that the nearest folder or the name itself says.
pub fn from_path(path: &str) -> Option<Dialect> {
    words(path).rev().find_map(|word| Dialect::named(&word))
}

/// The engine that is not replayed, if the path names one and no other after it.
pub fn unsupported(path: &str) -> Option<&'static str> {
    match engine_of(path) {
        Some(Engine::Other(name)) => Some(name),
        _ => None,
    }
}

use Dialect::{MySql, Postgres, Sqlite};

/// What only one dialect writes, in lower case, with the weight of one file that has it.
const VOTES: &[(&[u8], Dialect, u32)] = &[
    (b"auto_increment", MySql, 3),
    (b"engine=", MySql, 3),
    (b"engine =", MySql, 3),
    (b"/*!40", MySql, 3),
    (b"table `", MySql, 2),
    (b" unsigned", MySql, 2),
    (b"longtext", MySql, 2),
    (b"mediumtext", MySql, 2),
    (b"tinyint(1)", MySql, 1),
    (b"modify column", MySql, 2),
    (b"on update current_timestamp", MySql, 3),
    (b"autoincrement", Sqlite, 3),
    (b"pragma ", Sqlite, 3),
    (b"sqlite_", Sqlite, 3),
    (b"without rowid", Sqlite, 3),
    (b"strftime(", Sqlite, 3),
    (b"datetime('now'", Sqlite, 3),
    (b"integer primary key", Sqlite, 1),
    (b"$$", Postgres, 3),
    (b"::", Postgres, 2),
    (b"serial", Postgres, 2),
    (b"jsonb", Postgres, 3),
    (b"timestamptz", Postgres, 3),
    (b"with time zone", Postgres, 2),
    (b"create extension", Postgres, 3),
    (b"plpgsql", Postgres, 3),
    (b"gen_random_uuid", Postgres, 3),
    (b"nextval(", Postgres, 3),
    (b"create type", Postgres, 3),
    (b"bytea", Postgres, 2),
    (b"using gin", Postgres, 3),
    (b"using btree", Postgres, 1),
    (b"alter column", Postgres, 1),
    (b"concurrently", Postgres, 3),
];

/// The same for engines that are not replayed; what theirs have in common with the dialects above weighs less.
const OTHER_VOTES: &[(&[u8], &str, u32)] = &[
    (b"mergetree", CLICKHOUSE, 8),
    (b"lowcardinality(", CLICKHOUSE, 6),
    (b"on cluster ", CLICKHOUSE, 4),
    (b"materialize column", CLICKHOUSE, 6),
    (b"modify ttl", CLICKHOUSE, 6),
    (b"datetime64", CLICKHOUSE, 6),
    (b"nullable(", CLICKHOUSE, 6),
    (b"uint64", CLICKHOUSE, 3),
    (b"[dbo]", "SQL Server", 8),
    (b"nvarchar(max)", "SQL Server", 6),
    (b"identity(1,1)", "SQL Server", 6),
    (b"sp_rename", "SQL Server", 6),
    (b"uniqueidentifier", "SQL Server", 6),
    (b"varchar2", "Oracle", 6),
];

/// Only the beginning of a file votes.
const READ: usize = 200_000;
/// From so many votes more than for any other on it is certain.
const PLAIN: u32 = 3;

/// The engine that files are written for, as far as their words tell, and how many votes it has more than any other.
pub fn by_words<'a>(files: impl IntoIterator<Item = &'a [u8]>) -> Option<(Engine, u32)> {
    // Words in a comment are soon found for another: what fits all is PostgreSQL's.
    let mut votes: BTreeMap<Engine, u32> = BTreeMap::from([(Engine::Replayed(Postgres), 1)]);
    let replayed = VOTES.iter().map(|(mark, dialect, weight)| (*mark, Engine::Replayed(*dialect), *weight));
    let others = OTHER_VOTES.iter().map(|(mark, name, weight)| (*mark, Engine::Other(name), *weight));
    let marks: Vec<_> = replayed.chain(others).collect();
    for bytes in files {
        let text = bytes.get(..bytes.len().min(READ)).unwrap_or_default().to_ascii_lowercase();
        for (mark, engine, weight) in &marks {
            if memmem::find(&text, mark).is_some() {
                *votes.entry(*engine).or_default() += weight;
            }
        }
    }
    // Of equals the first.
    let most = votes.iter().max_by_key(|(engine, votes)| (**votes, std::cmp::Reverse(**engine)))?;
    let second = votes.iter().filter(|(engine, _)| *engine != most.0).map(|(_, votes)| *votes).max().unwrap_or(0);
    Some((*most.0, most.1 - second))
}

/// The engine that is not replayed and that files are plainly written for.
pub fn plainly_other<'a>(files: impl IntoIterator<Item = &'a [u8]>) -> Option<&'static str> {
    match by_words(files)? {
        (Engine::Other(name), more) if more >= PLAIN => Some(name),
        _ => None,
    }
}

/// The engine that one file is plainly written for.
pub fn plainly(bytes: &[u8]) -> Option<Engine> {
    by_words([bytes]).filter(|(_, more)| *more >= PLAIN).map(|(engine, _)| engine)
}

/// The other dialect in which the files are plainly written, when nothing in them speaks for the one that is told.
pub fn contradicts<'a>(told: Dialect, files: impl IntoIterator<Item = &'a [u8]>) -> Option<Dialect> {
    let files: Vec<&[u8]> = files.into_iter().collect();
    let own = |bytes: &[u8]| {
        let text = bytes.get(..bytes.len().min(READ)).unwrap_or_default().to_ascii_lowercase();
        VOTES.iter().any(|(mark, dialect, _)| *dialect == told && memmem::find(&text, mark).is_some())
    };
    match by_words(files.iter().copied())? {
        (Engine::Replayed(other), more) if other != told && more >= PLAIN => {
            (!files.iter().any(|bytes| own(bytes))).then_some(other)
        }
        _ => None,
    }
}

/// The dialect most files are written in; PostgreSQL when nothing tells.
pub fn by_votes<'a>(files: impl IntoIterator<Item = &'a [u8]>) -> Dialect {
    match by_words(files) {
        Some((Engine::Replayed(dialect), _)) => dialect,
        _ => Postgres,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_votes() {
        assert_eq!(from_path("store/migration/sqlite/0.2"), Some(Sqlite));
        assert_eq!(from_path("db/pg-migrations/mysql"), Some(MySql));
        assert_eq!(from_path("db/migrations"), None);
        assert_eq!(unsupported("migrations/h2"), Some("H2"));
        assert_eq!(unsupported("h2/postgres"), None);
        let cases: [(&str, Dialect); 4] = [
            ("CREATE TABLE `a` (id int AUTO_INCREMENT) ENGINE=InnoDB;", MySql),
            ("create table a (id integer primary key autoincrement);", Sqlite),
            ("create table a (id bigserial, j jsonb default '{}'::jsonb);", Postgres),
            ("create table a (id int);", Postgres),
        ];
        for (text, expected) in cases {
            assert_eq!(by_votes([text.as_bytes()]), expected, "{text}");
        }
        let click = "CREATE TABLE a (id UInt64) ENGINE = MergeTree() ORDER BY id";
        assert_eq!(plainly_other([click.as_bytes()]), Some(CLICKHOUSE));
        assert_eq!(plainly_other([cases[0].0.as_bytes()]), None);
    }
}
