//! Which SQL dialect a set of files is written in.

use memchr::memmem;

use crate::model::sql::Dialect;

use super::places::words;

/// Names of engines that are not replayed; a folder of that name is no source.
const OTHERS: [&str; 14] = [
    "mssql",
    "sqlserver",
    "tsql",
    "oracle",
    "h2",
    "db2",
    "clickhouse",
    "cassandra",
    "cql",
    "hsqldb",
    "snowflake",
    "bigquery",
    "duckdb",
    "spanner",
];

/// The dialect that the nearest folder or the name itself says.
pub fn from_path(path: &str) -> Option<Dialect> {
    words(path).rev().find_map(|word| Dialect::named(&word))
}

/// The engine that is not replayed, if the path names one and no other after it.
pub fn unsupported(path: &str) -> Option<String> {
    let word = words(path).rev().find(|w| OTHERS.contains(&w.as_str()) || Dialect::named(w).is_some())?;
    OTHERS.contains(&word.as_str()).then_some(word)
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

/// Only the beginning of a file votes.
const READ: usize = 200_000;

/// The dialect most files are written in; PostgreSQL when nothing tells.
pub fn by_votes<'a>(files: impl IntoIterator<Item = &'a [u8]>) -> Dialect {
    let (mut postgres, mut mysql, mut sqlite) = (1u32, 0u32, 0u32);
    for bytes in files {
        let text = bytes.get(..bytes.len().min(READ)).unwrap_or_default().to_ascii_lowercase();
        for (mark, dialect, weight) in VOTES {
            if memmem::find(&text, mark).is_some() {
                match dialect {
                    Postgres => postgres += weight,
                    MySql => mysql += weight,
                    Sqlite => sqlite += weight,
                }
            }
        }
    }
    if postgres >= mysql && postgres >= sqlite {
        Postgres
    } else if mysql >= sqlite {
        MySql
    } else {
        Sqlite
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
        assert_eq!(unsupported("migrations/h2").as_deref(), Some("h2"));
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
    }
}
