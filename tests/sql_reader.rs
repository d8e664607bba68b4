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
    let source = SqlSource { path: "db".into(), layout, dialect, said: true, files: listed };
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
        .filter(|s| matches!(s.action, Action::Refused { .. }))
        .collect();
    assert!(contradictions.is_empty(), "{contradictions:?}");
}

#[test]
fn postgres_tables() {
    check(
        Dialect::Postgres,
        "CREATE TABLE teams (id int PRIMARY KEY);
         CREATE TABLE Users (id bigserial PRIMARY KEY, \"Email\" varchar(255) NOT NULL UNIQUE, age int CHECK (age >= 0),
            created timestamptz(3) DEFAULT now() NOT NULL, tags text[] NOT NULL DEFAULT '{}', price numeric(10), c char,
            team int REFERENCES teams ON DELETE SET NULL);",
        "
        table teams
          id integer not null
          - teams_pkey: PRIMARY KEY (id)
        table users
          id bigint not null auto
          Email character varying(255) not null
          age integer
          created timestamp(3) with time zone not null default now()
          tags text[] not null default '{}'
          price numeric(10,0)
          c character(1)
          team integer
          - users_age_check: CHECK (age >= 0)
          - users_pkey: PRIMARY KEY (id)
          - users_Email_key: UNIQUE (Email)
          - users_team_fkey: FOREIGN KEY (team) REFERENCES teams (id) ON DELETE SET NULL
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
          - shorter: CHECK (length(title) < 10)
          - users_team_fkey: FOREIGN KEY (team) REFERENCES groups (gid)
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
        "CREATE TABLE teams (id int PRIMARY KEY);
         CREATE TABLE `users` (`id` bigint(20) unsigned NOT NULL AUTO_INCREMENT, `name` varchar(50) BINARY DEFAULT NULL COMMENT \"it's\",
            active tinyint(1) NOT NULL DEFAULT '1', kind enum('a','b') NOT NULL, team_id int, at timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
            PRIMARY KEY (`id`), KEY `by_name` (`name`(10)), UNIQUE KEY (kind), CONSTRAINT fk FOREIGN KEY (team_id) REFERENCES teams (id)) ENGINE=InnoDB DEFAULT CHARSET=utf8 COMMENT='people';
         ALTER TABLE users MODIFY name varchar(80) NOT NULL FIRST, CHANGE team_id team int NULL, DROP KEY by_name, ADD (x int, y int), ENGINE=InnoDB;
         ALTER TABLE users RENAME INDEX kind TO by_kind, DROP COLUMN x;",
        "
        table teams
          id int not null
          - PRIMARY: PRIMARY KEY (id)
        table users
          name varchar(80) not null
          id bigint unsigned not null auto
          active tinyint(1) not null default '1'
          kind enum('a','b') not null
          team int
          at timestamp default CURRENT_TIMESTAMP
          y int
          - PRIMARY: PRIMARY KEY (id)
          - by_kind: UNIQUE (kind)
          - fk: INDEX (team)
          - fk: FOREIGN KEY (team) REFERENCES teams (id)
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

#[test]
fn hostile_input_neither_crashes_nor_hides() {
    let tail = ";\nCREATE TABLE last (id int);\n";
    let cases: Vec<(&str, String)> = vec![
        ("ands", format!("CREATE TABLE a (x int CHECK ({}))", vec!["x > 1"; 50_000].join(" AND "))),
        ("ands in a view", format!("CREATE VIEW v AS SELECT 1 WHERE {}", vec!["1 > 1"; 4_000].join(" AND "))),
        ("parentheses", format!("CREATE TABLE a (x int DEFAULT {}1{})", "(".repeat(10_000), ")".repeat(10_000))),
        ("open parentheses", format!("CREATE TABLE a (x int DEFAULT {}", "(".repeat(10_000))),
        ("nested comment", format!("{} CREATE TABLE a (x int) {}", "/*".repeat(10_000), "*/".repeat(10_000))),
        ("long name", format!("CREATE TABLE {} (x int)", "a".repeat(1_000_000))),
        (
            "nested queries",
            format!("CREATE VIEW v AS SELECT * FROM {}t{}", "(SELECT * FROM ".repeat(500), ") a".repeat(500)),
        ),
        ("brackets", format!("CREATE TABLE a (x int{})", "[]".repeat(9_000))),
        ("commas", format!("CREATE TABLE a ({})", ",".repeat(15_000))),
        ("dollar", format!("SELECT {}", "$a$ $b$ ".repeat(2_000))),
        ("do in do", format!("DO $a$ BEGIN {} END $a$", "DO $b$ BEGIN ALTER TABLE x ADD y int; END $b$;".repeat(500))),
        ("quotes", "CREATE 'x;\n".repeat(3_001)),
    ];
    for dialect in [Dialect::Postgres, Dialect::MySql, Dialect::Sqlite] {
        for (name, text) in &cases {
            let (read, _) = one(dialect, &format!("{text}{tail}"));
            let last = read.value.table("", "last").is_some();
            // Quotes that do not come out even may take the last statement with them, but never without a word.
            assert!(last || read.problems.iter().any(|p| p.rule == "statement-unterminated"), "{name} {dialect:?}");
        }
    }
}

#[test]
fn a_large_insert_is_skipped() {
    for (dialect, size) in [(Dialect::Postgres, 50 << 20), (Dialect::MySql, 2 << 20), (Dialect::Sqlite, 2 << 20)] {
        let mut text = String::from("CREATE TABLE t (a int, b text);\nINSERT INTO t VALUES\n");
        let row = "(123456, 'some text that is not short; and has a semicolon; and ''quotes''', NULL),\n";
        text.push_str(&row.repeat(size / row.len()));
        text.push_str("(1, '');\nCREATE TABLE u (a int);\n");
        let started = std::time::Instant::now();
        let (read, _) = one(dialect, &text);
        let took = started.elapsed();
        assert_eq!(read.value.tables.len(), 2, "{dialect:?}");
        assert_eq!(read.problems, vec![]);
        // Generous: this runs without optimisation on busy machines. A quadratic reader would take hours.
        assert!(took.as_secs() < 60, "{dialect:?} took {took:?}");
    }
}

#[test]
fn a_dump_cut_in_the_middle_keeps_what_came_before() {
    let dump = "\\restrict abc\nSELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.a (id integer NOT NULL, t text DEFAULT 'it''s');\n\
        COPY public.a (id, t) FROM stdin;\n1\tdon't; DROP TABLE a;\n\\.\n\nCREATE TABLE public.b (x integer);\n\
        ALTER TABLE ONLY public.a ADD CONSTRAINT a_pkey PRIMARY KEY (id);\nCOPY public.b (x) FROM stdin;\n1\n2";
    let (read, files) = replay(Dialect::Postgres, "dump", &[("dump.sql", dump)]);
    assert_eq!(
        describe(&read.value),
        "table a\n  id integer not null\n  t text default 'it''s'\n  - a_pkey: PRIMARY KEY (id)\ntable b\n  x integer"
    );
    assert_eq!(rules(&read.problems), ["statement-unterminated"]);
    assert_eq!(files.locate(read.problems[0].origin).line, 10);
    assert!(read.value.migrations.is_empty());
    for cut in 0..dump.len() {
        if dump.is_char_boundary(cut) {
            replay(Dialect::Postgres, "dump", &[("dump.sql", &dump[..cut])]);
        }
    }
}

#[test]
fn encodings() {
    let wide: Vec<u8> = "\u{feff}CREATE TABLE a (x int);".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (read, _) = replay_bytes(Dialect::Postgres, "dump", vec![("db/a.sql".into(), wide)]);
    assert_eq!(rules(&read.problems), ["encoding-unsupported"]);
    let bytes = b"\xef\xbb\xbfCREATE TABLE a (x text DEFAULT '\xff');\r\nCREATE TABLE b (y int);\r\n".to_vec();
    let (read, _) = replay_bytes(Dialect::Postgres, "dump", vec![("db/a.sql".into(), bytes)]);
    assert_eq!((read.value.tables.len(), read.problems.len()), (2, 0));
}

/// The steps of all migrations as text: `action table [new] [maybe]`.
fn steps(schema: &Schema) -> Vec<String> {
    let all = schema.migrations.iter().flat_map(|m| &m.steps);
    all.map(|s| {
        let what = match &s.action {
            Action::AlterType { column, from, to, .. } => format!("type {column} {from} -> {to}"),
            Action::AddColumn { column, not_null, has_default, volatile_default, .. } => {
                format!("add {column} {not_null} {has_default} {volatile_default}")
            }
            Action::AddKey { key, not_valid, using_index } => {
                format!("key {} {not_valid} {using_index}", key.definition)
            }
            Action::CreateIndex { key, concurrently } => format!("index {} {concurrently}", key.name),
            Action::DropIndex { name, concurrently } => format!("unindex {name} {concurrently}"),
            Action::SetNotNull { column, proven } => format!("require {column} {proven}"),
            Action::DropColumn { column } => format!("drop {column}"),
            Action::Refused { what, .. } => format!("mismatch {what}"),
            other => format!("{other:?}"),
        };
        let new = if s.table_is_new { " new" } else { "" };
        let maybe = if s.conditional { " maybe" } else { "" };
        format!("{} {what}{new}{maybe}", s.table).trim().to_string()
    })
    .collect()
}

/// What an `UPDATE` takes from other columns of its row, however it turns their types.
#[test]
fn updates_tell_which_columns_they_copy() {
    for (dialect, statement, expected) in [
        (Dialect::Postgres, "UPDATE t SET a = b, c = d::text, e = CAST(f AS int)", "a=b c=d e=f"),
        (Dialect::Postgres, "UPDATE t AS x SET \"A\" = x.b WHERE a = c", "A=b"),
        (Dialect::Postgres, "UPDATE t SET a = lower(b), c = d + 1, e = 'f', g = (SELECT h FROM u)", ""),
        (Dialect::Postgres, "UPDATE t SET a = u.b FROM u WHERE u.id = t.id", ""),
        (Dialect::MySql, "UPDATE `t` SET `a` = `b`, c = c", "a=b"),
        (Dialect::MySql, "UPDATE t JOIN u ON u.id = t.id SET t.a = u.b", ""),
        (Dialect::Sqlite, "UPDATE t SET a = b", "a=b"),
        (Dialect::Sqlite, "DELETE FROM t WHERE a = b", ""),
    ] {
        let (read, _) = one(dialect, &format!("CREATE TABLE t (a int, b int);\n{statement};"));
        let steps = read.value.migrations.iter().flat_map(|m| &m.steps);
        let copied =
            steps.filter_map(|s| if let Action::Rewrite { copies, .. } = &s.action { Some(copies) } else { None });
        let told: Vec<String> = copied.flatten().map(|(new, old)| format!("{new}={old}")).collect();
        assert_eq!(told.join(" "), expected, "{statement}");
    }
}

#[test]
fn steps_know_the_state_before_them() {
    let (read, files) = replay(
        Dialect::Postgres,
        "golang-migrate",
        &[
            (
                "1_a.up.sql",
                "CREATE TABLE users (id int PRIMARY KEY, name varchar(50), email text);\nCREATE INDEX by_name ON users (name);",
            ),
            ("1_a.down.sql", "DROP TABLE users;"),
            (
                "2_b.up.sql",
                "ALTER TABLE users ADD CONSTRAINT has_email CHECK (email IS NOT NULL) NOT VALID;\n\
                ALTER TABLE users ALTER email SET NOT NULL;",
            ),
            (
                "3_c.up.sql",
                "ALTER TABLE users VALIDATE CONSTRAINT has_email;\nALTER TABLE users ALTER COLUMN email SET NOT NULL,\n  ALTER name TYPE text;",
            ),
            (
                "4_d.up.sql",
                "ALTER TABLE users ADD token uuid NOT NULL DEFAULT gen_random_uuid(), ADD at timestamptz DEFAULT now();\n\
                CREATE UNIQUE INDEX CONCURRENTLY by_token ON users (token);\nALTER TABLE users ADD CONSTRAINT one_token UNIQUE USING INDEX by_token;\n\
                DROP INDEX CONCURRENTLY by_name;",
            ),
            (
                "5_e.up.sql",
                "DO $$ BEGIN IF EXISTS (SELECT 1) THEN ALTER TABLE users DROP COLUMN at; END IF; END $$;\nUPDATE users SET name = 'a';\n\
                DELETE FROM users WHERE id = 1;\nTRUNCATE users;",
            ),
            ("5_e.down.sql", "-- nothing"),
            (
                "6_f.up.sql",
                "ALTER TABLE nobody ADD x int;\nALTER TABLE users DROP COLUMN nothing;\nCREATE TABLE users (id int);\nDROP INDEX nothing;",
            ),
        ],
    );
    assert_eq!(read.problems, vec![]);
    let expected = [
        "users CreateTable new",
        "users index by_name false new",
        "users key CHECK (email is not null) true false",
        "users require email false",
        "users ValidateKey { name: \"has_email\" }",
        "users type name character varying(50) -> text",
        "users require email true",
        "users add token true true true",
        "users add at false true false",
        "users index by_token true",
        "users key UNIQUE (token) false true",
        "users unindex by_name true",
        "users drop at maybe",
        "users Rewrite { delete: false, filtered: false, texts: [(\"name\", \"a\")], copies: [] }",
        "users Rewrite { delete: true, filtered: true, texts: [], copies: [] }",
        "users Truncate",
        "nobody mismatch there is no table `nobody` at this point of the history",
        "users mismatch `users` has no column `nothing` at this point of the history",
        "users mismatch a table or view `users` exists already at this point of the history",
        "nothing mismatch there is no index `nothing` at this point of the history",
    ];
    assert_eq!(steps(&read.value), expected);
    let downs: Vec<Option<bool>> = read.value.migrations.iter().map(|m| m.has_down).collect();
    assert_eq!(downs, [Some(true), Some(false), Some(false), Some(false), Some(false), Some(false)]);
    // One statement alone is not wrapped, several of one text are.
    assert!(read.value.migrations[0].transactional);
    let text = read.value.migrations[2].steps[1].origin;
    let at = files.locate(text);
    assert_eq!((at.line, at.column, at.end_column), (3, 3, 23), "the item of the ALTER");
    let column = read.value.table("", "users").and_then(|t| t.column("id")).expect("id");
    assert_eq!((column.created.start, column.created.end), (20, 38), "from the name to the last option");
}

#[test]
fn domains_come_from_types_and_checks() {
    let cases: &[(Dialect, &str, &str)] = &[
        (Dialect::Postgres, "x varchar(5)", "string|null max 5"),
        (Dialect::Postgres, "x smallint NOT NULL", "integer -32768..32767"),
        (Dialect::Postgres, "x numeric(5,2)", "number|null -999.99..999.99 step 0.01"),
        (Dialect::Postgres, "x text CHECK (x IN ('a', 'b'))", "string|null {\"a\",\"b\",null}"),
        (
            Dialect::Postgres,
            "x text NOT NULL CHECK (((x)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])))",
            "string {\"a\",\"b\"}",
        ),
        (Dialect::Postgres, "x int CHECK (x > 0 AND x BETWEEN -5 AND 10)", "integer|null >0..10"),
        (Dialect::Postgres, "x text CHECK (char_length(x) <= 7)", "string|null max 7"),
        (Dialect::Postgres, "x int CHECK (x > 0 OR random() > 1)", "integer|null -2147483648..2147483647"),
        (Dialect::Postgres, "x uuid", "string|null uuid"),
        (Dialect::Postgres, "x int[]", "array|null"),
        (Dialect::Postgres, "x jsonb", "any"),
        (Dialect::MySql, "x tinyint unsigned", "integer|null 0..255"),
        (Dialect::MySql, "x tinyint(1)", "boolean|null"),
        (Dialect::MySql, "x enum('a','b') NOT NULL", "string {\"a\",\"b\"}"),
        (Dialect::MySql, "x decimal", "integer|null -9999999999..9999999999"),
        (Dialect::Sqlite, "x VARCHAR(5)", "string|null"),
        (Dialect::Sqlite, "x", "any"),
    ];
    for (dialect, column, expected) in cases {
        let (read, _) = one(*dialect, &format!("CREATE TABLE t ({column});"));
        let domain = &read.value.tables[0].columns[0].domain;
        let limits = domain.limits();
        let mut text = domain.types.to_string();
        if let Some(format) = domain.format.as_ref().filter(|f| !f.starts_with("int")) {
            text.push_str(&format!(" {format}"));
        }
        if let (Some(low), Some(high)) = (limits.minimum, limits.maximum) {
            let sign = if low.exclusive { ">" } else { "" };
            text.push_str(&format!(" {sign}{}..{}", low.value, high.value));
        }
        if let Some(step) = limits.multiple_of {
            text.push_str(&format!(" step {step}"));
        }
        if let Some(max) = limits.max_length {
            text.push_str(&format!(" max {max}"));
        }
        if let Some(values) = &domain.values {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            text.push_str(&format!(" {{{}}}", values.join(",")));
        }
        assert_eq!(text, *expected, "{dialect:?} {column}");
    }
    let (read, _) =
        one(Dialect::Postgres, "CREATE TABLE t (x text CHECK (x IN ('a')));\nALTER TABLE t DROP CONSTRAINT t_x_check;");
    assert!(read.value.tables[0].columns[0].domain.values.is_none(), "a dropped constraint leaves no trace");
}

#[test]
fn what_a_procedure_made_is_there() {
    let (read, _) = one(
        Dialect::MySql,
        "CREATE TABLE t (a int);\nDELIMITER $$\nCREATE PROCEDURE p() BEGIN CREATE INDEX i ON t (a); END$$\nDELIMITER ;\nCALL p();\nDROP INDEX i ON t;",
    );
    assert!(!steps(&read.value).iter().any(|s| s.contains("mismatch")));
    assert!(read.problems.is_empty());
}

#[test]
fn executed_text_may_run() {
    let sql = "CREATE TABLE t (a int);\nDO $$ BEGIN\n  EXECUTE 'ALTER TABLE t ADD COLUMN b int';\n  EXECUTE $q$ALTER TABLE t ADD c int$q$;\nEND $$;";
    let (read, _) = one(Dialect::Postgres, sql);
    let columns: Vec<&str> = read.value.tables[0].columns.iter().map(|c| &*c.name).collect();
    assert_eq!(columns, ["a", "b", "c"]);
    assert!(read.problems.is_empty());
    let (read, _) = one(Dialect::Postgres, "DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD b int', x); END $$;");
    let remarks: Vec<bool> = read.problems.iter().map(|p| p.incomplete).collect();
    assert_eq!(remarks, [false], "what is put together at run time is remarked on");
}

#[test]
fn quotes_inside_of_a_template() {
    let sql = "CREATE TABLE {{ index .Options \"Namespace\" }}.users (id int, a int);\nALTER TABLE \"{{ index .Options \"Namespace\" }}\".\"users\" ADD COLUMN c int;\nALTER TABLE ONLY \"{{ index .Options \"Namespace\" }}\".\"users\" RENAME a TO b;";
    let (read, _) = one(Dialect::Postgres, sql);
    let columns: Vec<&str> = read.value.tables[0].columns.iter().map(|c| &*c.name).collect();
    assert_eq!(columns, ["id", "b", "c"], "{:?}", read.problems);
}

#[test]
fn a_delimiter_that_is_never_reset() {
    let sql = "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; IF a THEN SELECT 2; END IF; END//\nCREATE TABLE t (a int);\nALTER TABLE t ADD b int;\nCREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; END;\nCREATE TABLE u (a int);\n";
    let (read, _) = one(Dialect::MySql, sql);
    let tables: Vec<(&str, usize)> = read.value.tables.iter().map(|t| (&*t.name, t.columns.len())).collect();
    assert_eq!(tables, [("t", 2), ("u", 1)], "{:?}", read.problems);
}

#[test]
fn settings_of_an_operator_class_are_no_columns() {
    let sql = "CREATE TABLE t (a text, b text);\nCREATE INDEX i ON t USING gist (a gist_trgm_ops (siglen = 256), lower(b) COLLATE \"C\" DESC, (a || b) gist_trgm_ops(siglen=256));";
    let (read, _) = one(Dialect::Postgres, sql);
    assert!(!steps(&read.value).iter().any(|s| s.contains("mismatch")), "{:?}", steps(&read.value));
    assert_eq!(read.value.tables[0].keys.len(), 1);
}
