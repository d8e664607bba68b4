//! The SQL reader: histories in, schemas and steps out.

use driftline::model::origin::{Problem, Read};
use driftline::model::sql::{Action, Dialect, Generated, KeyKind, Schema, TableKind};
use driftline::read::sql;
use driftline::revision::Tree;
use driftline::source::{Files, Role, Snapshot, SqlFile, SqlSource};

/// Replays files as one history, in the order given.
fn replay(dialect: Dialect, layout: &'static str, files: &[(&str, &str)]) -> (Read<Schema>, Files) {
    let bytes: Vec<(String, Vec<u8>)> = files.iter().map(|(p, t)| (format!("db/{p}"), t.as_bytes().to_vec())).collect();
    replay_bytes(dialect, layout, bytes)
}

fn replay_bytes(dialect: Dialect, layout: &'static str, files: Vec<(String, Vec<u8>)>) -> (Read<Schema>, Files) {
    let listed: Vec<SqlFile> = files
        .iter()
        .map(|(path, _)| {
            let name = path.rsplit('/').next().unwrap_or(path);
            let version = name.split(['_', '.']).next().unwrap_or(name);
            let role = if name.ends_with(".down.sql") { Role::Down } else { Role::Up };
            let role = if layout == "dump" { Role::State } else { role };
            SqlFile { path: path.as_str().into(), version: version.into(), role }
        })
        .collect();
    let tree = Tree::from_memory("test", files);
    let table = Files::default();
    let source = SqlSource { path: "db".into(), layout, dialect, files: listed };
    let read = sql::read(&source, &Snapshot::new(&tree, &table));
    (read, table)
}

fn one(dialect: Dialect, text: &str) -> (Read<Schema>, Files) {
    replay(dialect, "golang-migrate", &[("1_a.up.sql", text)])
}

/// A schema as text, one line for each column and key.
fn describe(schema: &Schema) -> String {
    let mut lines = Vec::new();
    for table in &schema.tables {
        let kind = match table.kind {
            TableKind::Table => "table",
            TableKind::View => "view",
            TableKind::MaterializedView => "matview",
        };
        let parent = table.parent.as_ref().map(|p| format!(" of {p}")).unwrap_or_default();
        let taint = if table.tainted { " tainted" } else { "" };
        lines.push(format!("{kind} {}{parent}{taint}", table.full_name()));
        for c in &table.columns {
            let mut line = format!("  {} {}", c.name, c.type_name).trim_end().to_string();
            if c.not_null {
                line.push_str(" not null");
            }
            if let Some(default) = &c.default {
                line.push_str(&format!(" default {default}"));
            }
            match c.generated {
                Generated::No => {}
                Generated::ByDefault => line.push_str(" auto"),
                Generated::Always => line.push_str(" always"),
                Generated::Computed => line.push_str(" computed"),
            }
            lines.push(line);
        }
        for k in &table.keys {
            let index = if k.is_index && k.kind == KeyKind::Unique { " index" } else { "" };
            lines.push(format!("  - {}: {}{index}", k.name, k.definition));
        }
        for (read, columns) in &table.reads {
            lines.push(format!("  reads {read} ({})", columns.join(", ")));
        }
    }
    for e in &schema.enums {
        let values: Vec<&str> = e.values.iter().map(|(v, _)| &**v).collect();
        lines.push(format!("enum {} ({})", e.name, values.join(", ")));
    }
    lines.join("\n")
}

fn rules(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|p| p.rule).collect()
}

/// Removes the indentation that the test's source has.
fn dedent(text: &str) -> String {
    let lines: Vec<&str> = text.lines().skip_while(|l| l.trim().is_empty()).collect();
    let indent = lines.first().map_or(0, |l| l.len() - l.trim_start().len());
    lines.iter().map(|l| l.get(indent..).unwrap_or("").trim_end()).collect::<Vec<_>>().join("\n").trim_end().to_string()
}

#[track_caller]
fn check(dialect: Dialect, sql: &str, expected: &str) {
    let (read, _) = one(dialect, sql);
    assert_eq!(read.problems, vec![], "problems in {sql}");
    assert_eq!(describe(&read.value), dedent(expected), "{sql}");
    let contradictions: Vec<_> = read
        .value
        .migrations
        .iter()
        .flat_map(|m| &m.steps)
        .filter(|s| matches!(s.action, Action::Mismatch { .. }))
        .collect();
    assert!(contradictions.is_empty(), "{contradictions:?}");
}

#[test]
fn postgres_tables() {
    check(
        Dialect::Postgres,
        "CREATE TABLE Users (id bigserial PRIMARY KEY, \"Email\" varchar(255) NOT NULL UNIQUE, age int CHECK (age >= 0),
            created timestamptz(3) DEFAULT now() NOT NULL, tags text[] NOT NULL DEFAULT '{}', price numeric(10), c char,
            team int REFERENCES teams ON DELETE SET NULL);",
        "
        table users
          id bigint not null auto
          Email character varying(255) not null
          age integer
          created timestamp(3) with time zone not null default now()
          tags text[] not null default '{}'
          price numeric(10,0)
          c character(1)
          team integer
          - users_pkey: PRIMARY KEY (id)
          - users_Email_key: UNIQUE (Email)
          - users_age_check: CHECK (age >= 0)
          - users_team_fkey: FOREIGN KEY (team) REFERENCES teams () ON DELETE SET NULL
        ",
    );
}

#[test]
fn postgres_renames_reach_everything() {
    check(
        Dialect::Postgres,
        "CREATE TABLE teams (id int PRIMARY KEY);
         CREATE TABLE users (id int, team int REFERENCES teams (id), name text, CONSTRAINT short CHECK (length(name) < 10));
         CREATE INDEX ON users (lower(name)) WHERE name IS NOT NULL;
         CREATE VIEW names AS SELECT id, u.name AS n FROM users u;
         ALTER TABLE teams RENAME TO groups;
         ALTER TABLE groups RENAME COLUMN id TO gid;
         ALTER TABLE users RENAME name TO title;
         ALTER INDEX users_lower_idx RENAME TO by_title;
         ALTER TABLE users RENAME CONSTRAINT short TO shorter;",
        "
        table groups
          gid integer not null
          - teams_pkey: PRIMARY KEY (gid)
        view names
          id integer
          n text
          reads users (id, title)
        table users
          id integer
          team integer
          title text
          - users_team_fkey: FOREIGN KEY (team) REFERENCES groups (gid)
          - shorter: CHECK (length(title) < 10)
          - by_title: INDEX (lower(title) where title is not null)
        ",
    );
}

#[test]
fn postgres_enum_swap_dance() {
    check(
        Dialect::Postgres,
        "CREATE TYPE mood AS ENUM ('sad', 'ok');
         CREATE TABLE t (m mood NOT NULL DEFAULT 'ok');
         ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad' AFTER 'sad';
         CREATE TYPE mood_new AS ENUM ('sad', 'fine');
         ALTER TABLE t ALTER COLUMN m DROP DEFAULT, ALTER COLUMN m TYPE mood_new USING (m::text::mood_new);
         ALTER TYPE mood RENAME TO mood_old;
         ALTER TYPE mood_new RENAME TO mood;
         DROP TYPE mood_old;
         ALTER TABLE t ALTER COLUMN m SET DEFAULT 'fine';",
        "
        table t
          m mood not null default 'fine'
        enum mood (sad, fine)
        ",
    );
}

#[test]
fn mysql_tables() {
    check(
        Dialect::MySql,
        "CREATE TABLE `users` (`id` bigint(20) unsigned NOT NULL AUTO_INCREMENT, `name` varchar(50) BINARY DEFAULT NULL COMMENT \"it's\",
            active tinyint(1) NOT NULL DEFAULT '1', kind enum('a','b') NOT NULL, team_id int, at timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
            PRIMARY KEY (`id`), KEY `by_name` (`name`(10)), UNIQUE KEY (kind), CONSTRAINT fk FOREIGN KEY (team_id) REFERENCES teams (id)) ENGINE=InnoDB DEFAULT CHARSET=utf8 COMMENT='people';
         ALTER TABLE users MODIFY name varchar(80) NOT NULL FIRST, CHANGE team_id team bigint NULL, DROP KEY by_name, ADD (x int, y int), ENGINE=InnoDB;
         ALTER TABLE users RENAME INDEX kind TO by_kind, DROP COLUMN x;",
        "
        table users
          name varchar(80) not null
          id bigint unsigned not null auto
          active tinyint(1) not null default '1'
          kind enum('a','b') not null
          team bigint
          at timestamp default CURRENT_TIMESTAMP
          y int
          - PRIMARY: PRIMARY KEY (id)
          - by_kind: UNIQUE (kind)
          - fk: FOREIGN KEY (team) REFERENCES teams (id)
          - fk: INDEX (team)
        ",
    );
}

#[test]
fn sqlite_rebuild() {
    check(
        Dialect::Sqlite,
        "CREATE TABLE a (id INTEGER PRIMARY KEY, [name] TEXT, old);
         CREATE TABLE b (a_id REFERENCES a(id), k TEXT PRIMARY KEY) WITHOUT ROWID;
         PRAGMA foreign_keys=OFF;
         CREATE TABLE new_a (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(20) NOT NULL, UNIQUE (name) CHECK (name <> ''));
         INSERT INTO new_a SELECT id, name FROM a;
         DROP TABLE a;
         ALTER TABLE new_a RENAME TO a;",
        "
        table a
          id INTEGER not null auto
          name VARCHAR(20) not null
          - : PRIMARY KEY (id)
          - : UNIQUE (name)
          - : CHECK (name <> '')
        table b
          a_id
          k TEXT not null
          - : FOREIGN KEY (a_id) REFERENCES a (id)
          - : PRIMARY KEY (k)
        ",
    );
}

#[test]
fn one_bad_statement_hides_no_other() {
    let cases: &[(Dialect, &str, &[&str], &str)] = &[
        (
            Dialect::Postgres,
            "CREATE TABLE a (x int);\nALTER TABLE a ADD COLUM y int;\nCREATE TABLE b (y int);",
            &["statement-unreadable"],
            "table a tainted\n  x integer\ntable b\n  y integer",
        ),
        (
            Dialect::Postgres,
            "CREATE TABLE a (x text DEFAULT 'oops);\nCREATE TABLE b (y text DEFAULT 'q');\nCREATE TABLE c (z int);",
            &["statement-unterminated"],
            "table b\n  y text default 'q'\ntable c\n  z integer",
        ),
        (
            Dialect::Postgres,
            "CREATE FUNCTION f() RETURNS int AS $$ SELECT 1;\nCREATE TABLE c (z int);",
            &["statement-unterminated"],
            "table c\n  z integer",
        ),
        (Dialect::MySql, "/* never closed;\nCREATE TABLE c (z int);", &["statement-unterminated"], "table c\n  z int"),
        (
            Dialect::Postgres,
            "CREATE TABLE a (x int, y int int, z int);\nCREATE TABLE b (x int);",
            &["statement-unreadable"],
            "table a tainted\n  x integer\n  z integer\ntable b\n  x integer",
        ),
    ];
    for (dialect, sql, expected, schema) in cases {
        let (read, _) = one(*dialect, sql);
        assert_eq!(rules(&read.problems), *expected, "{sql}\n{:?}", read.problems);
        assert_eq!(describe(&read.value), *schema, "{sql}");
    }
}
