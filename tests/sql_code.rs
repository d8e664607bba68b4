//! Code in histories: blocks, routines that are called, texts that are executed, transactions that are taken back.

use driftline::model::origin::Read;
use driftline::model::sql::{Action, Dialect, Schema};
use driftline::read::sql;
use driftline::revision::Tree;
use driftline::source::{Files, Role, Snapshot, SqlFile, SqlSource};

fn replay(dialect: Dialect, files: &[&str]) -> Read<Schema> {
    let path = |at: usize| format!("db/{at}.sql");
    let listed = (0..files.len()).map(|at| SqlFile { path: path(at).into(), version: "1".into(), role: Role::Up });
    let source = SqlSource { path: "db".into(), layout: "numbered", dialect, said: true, files: listed.collect() };
    let tree = Tree::from_memory("t", files.iter().enumerate().map(|(at, text)| (path(at), text.as_bytes().to_vec())));
    let table = Files::default();
    sql::read(&source, &Snapshot::new(&tree, &table))
}

/// `table(columns)` of each table, tainted ones with a question mark; then what was refused and how many remarks.
fn told(dialect: Dialect, files: &[&str]) -> String {
    let read = replay(dialect, files);
    let mut parts: Vec<String> = Vec::new();
    for table in &read.value.tables {
        let columns: Vec<&str> = table.columns.iter().map(|c| &*c.name).collect();
        let taint = if table.tainted { "?" } else { "" };
        parts.push(format!("{}{taint}({})", table.full_name(), columns.join(" ")));
    }
    for step in read.value.migrations.iter().flat_map(|m| &m.steps) {
        if let Action::Refused { what, .. } = &step.action {
            parts.push(format!("refused: {what}"));
        }
    }
    for problem in &read.problems {
        parts.push(if problem.incomplete { "problem" } else { "remark" }.to_string());
    }
    parts.join(" ")
}

fn check(dialect: Dialect, cases: &[(&str, &[&str], &str)]) {
    for (name, files, expected) in cases {
        assert_eq!(told(dialect, files), *expected, "{name}");
    }
}

const STAMPS: &str = "CREATE PROCEDURE stamps(t regclass) LANGUAGE plpgsql AS $$ BEGIN\n\
    EXECUTE format('ALTER TABLE %s ADD COLUMN IF NOT EXISTS made timestamptz', t); END; $$;\n\
    CREATE TABLE a (id int);";

#[test]
fn what_is_called_runs() {
    check(
        Dialect::Postgres,
        &[
            ("a procedure of an earlier file", &[STAMPS, "CALL stamps('a');"], "a(id made)"),
            ("by name", &[STAMPS, "CALL stamps(t => '\"a\"');"], "a(id made)"),
            (
                "of a table that is not there",
                &[STAMPS, "CALL stamps('b');"],
                "a(id) refused: there is no table `b` at this point of the history",
            ),
            (
                "a function in a list, in sources, in a block, in another function",
                &[
                    "CREATE TABLE a (id int);\n\
                     CREATE FUNCTION f(c text) RETURNS void AS $f$ BEGIN EXECUTE 'ALTER TABLE a ADD ' || quote_ident(c) || ' int'; END $f$ LANGUAGE plpgsql;\n\
                     CREATE FUNCTION g(c text, d text DEFAULT 'd') RETURNS void AS 'BEGIN PERFORM f(c); PERFORM f(d); END' LANGUAGE plpgsql;",
                    "SELECT f('b'), 1; SELECT * FROM f('c'); DO $$ DECLARE x int; BEGIN PERFORM f('x'); END $$; SELECT public.g('y');",
                ],
                "a(id b c x y d)",
            ),
            (
                "the code of the last definition",
                &["CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'CREATE TABLE a (id int)';\n\
                     CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE sql AS 'CREATE TABLE b (id int)'; SELECT f();"],
                "b(id)",
            ),
            (
                "what nobody calls",
                &[
                    "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN DROP TABLE a; RETURN NEW; END $$ LANGUAGE plpgsql; CREATE TABLE a (id int);",
                ],
                "a(id)",
            ),
            (
                "a function of the engine",
                &["CREATE TABLE a (id int); SELECT setval('s', 1); DROP TABLE b;"],
                "a(id) refused: there is no table `b` at this point of the history",
            ),
            ("a procedure of somebody else", &["CALL partman.run(); DROP TABLE b;"], "remark"),
            (
                "its own search path",
                &[
                    "CREATE SCHEMA s; CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql SET search_path = s AS $$ BEGIN CREATE TABLE a (id int); END $$; SELECT f(); CREATE TABLE b (id int);",
                ],
                "b(id) s.a(id)",
            ),
            (
                "calls without end",
                &[
                    "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'SELECT f(), f(), f()'; SELECT f(); CREATE TABLE a (id int);",
                ],
                "a(id) remark",
            ),
        ],
    );
    check(
        Dialect::MySql,
        &[(
            "a procedure",
            &[
                "CREATE TABLE a (id int);\nDELIMITER //\nCREATE PROCEDURE p()\nBEGIN\n  IF NOT EXISTS (SELECT 1 FROM information_schema.columns) THEN\n    ALTER TABLE a ADD b int;\n  END IF;\n  ALTER TABLE a ADD c int;\nEND//\nDELIMITER ;\nCALL p;\nDROP PROCEDURE p;",
            ],
            "a(id b c)",
        )],
    );
}

#[test]
fn what_is_not_known_taints_what_it_names() {
    check(
        Dialect::Postgres,
        &[
            (
                "a column whose name is not known",
                &[
                    "CREATE TABLE a (id int); CREATE TABLE b (id int); DO $$ BEGIN EXECUTE 'ALTER TABLE a ADD COLUMN ' || pick(); END $$; DROP TABLE c;",
                ],
                "a?(id) b(id) refused: there is no table `c` at this point of the history",
            ),
            (
                "a table whose name is not known",
                &[
                    "CREATE TABLE a (id int); DO $$ BEGIN EXECUTE format('DROP TABLE %I', pick()); END $$; DROP TABLE c;",
                ],
                "a(id) remark",
            ),
            (
                "partitions made in a loop",
                &[
                    "CREATE TABLE a (id int) PARTITION BY HASH (id); DO $$ BEGIN FOR i IN 1..4 LOOP EXECUTE 'CREATE TABLE a_' || i || ' PARTITION OF a FOR VALUES WITH (MODULUS 4)'; END LOOP; END $$; DROP TABLE c;",
                ],
                "a(id) refused: there is no table `c` at this point of the history",
            ),
            (
                "tables of a known beginning",
                &["CREATE TABLE task (id int) PARTITION BY RANGE (id); CREATE TABLE tasks_x (id int);\n\
                     CREATE FUNCTION f(t text, d date) RETURNS int LANGUAGE plpgsql AS $$ DECLARE day text; name text := t; BEGIN\n\
                     SELECT to_char(d, 'YYYYMMDD') INTO day; SELECT format('%s_%s', t, day) INTO name;\n\
                     EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING INDEXES)', name, t);\n\
                     EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES IN (1)', t, name);\n\
                     EXECUTE format('ALTER TABLE %s ADD x int', replace(name, 'task_', 'tasks_')); RETURN 1; END $$;\n\
                     SELECT f('task', now()::date); DROP TABLE task_20250101; DROP TABLE tesk_1;"],
                "task(id) tasks_x?(id) refused: there is no table `tesk_1` at this point of the history",
            ),
            (
                "a variable that is set on the way",
                &[
                    "CREATE TABLE a (id int); DO $$ DECLARE c text := 'b'; n int := 1; BEGIN EXECUTE 'ALTER TABLE a ADD ' || c || n || ' int'; n := 2; IF x THEN c := 'z'; END IF; EXECUTE 'ALTER TABLE a ADD ' || c || n || ' int'; END $$;",
                ],
                "a?(id b1)",
            ),
            (
                "a variable in a loop",
                &[
                    "DO $$ DECLARE i int; BEGIN i := 0; WHILE i < 3 LOOP EXECUTE 'CREATE TABLE a_' || i || ' (id int)'; i := i + 1; END LOOP; END $$; DROP TABLE a_2; DROP TABLE b;",
                ],
                "refused: there is no table `b` at this point of the history",
            ),
            (
                "rights and triggers",
                &[
                    "CREATE TABLE a (id int); DO $$ BEGIN EXECUTE 'GRANT SELECT ON ' || pick() || ' TO x'; EXECUTE 'DROP TRIGGER x ON ' || pick(); END $$; DROP TABLE c;",
                ],
                "a(id) refused: there is no table `c` at this point of the history",
            ),
        ],
    );
}

#[test]
fn what_may_not_run_is_not_refused() {
    check(
        Dialect::Postgres,
        &[
            ("a branch", &["DO $$ BEGIN IF true THEN DROP TABLE a; ELSE DROP TABLE b; END IF; END $$;"], ""),
            ("a loop", &["DO $$ BEGIN FOR r IN SELECT 1 LOOP DROP TABLE a; END LOOP; END $$;"], ""),
            (
                "a failure that is caught",
                &["DO $$ BEGIN DROP TABLE a; EXCEPTION WHEN undefined_table THEN DROP TABLE b; END $$;"],
                "",
            ),
            ("behind a way out", &["DO $$ BEGIN IF x THEN RETURN; END IF; DROP TABLE a; END $$;"], ""),
            (
                "behind all branches",
                &[
                    "DO $$ DECLARE x int := 1; BEGIN IF CASE WHEN true THEN x = 1 END THEN x := 2; END IF; <<l>> BEGIN x := 3; END; RAISE NOTICE 'x'; DROP TABLE a; END $$;",
                ],
                "refused: there is no table `a` at this point of the history",
            ),
        ],
    );
}

#[test]
fn what_is_taken_back_is_undone() {
    let cases: &[(&str, &[&str], &str)] = &[
        (
            "a transaction",
            &[
                "CREATE TABLE a (id int); BEGIN; CREATE TABLE b (id int); DROP TABLE a; ROLLBACK; CREATE TABLE b (x int);",
            ],
            "a(id) b(x)",
        ),
        ("one that stands", &["BEGIN TRANSACTION; CREATE TABLE b (id int); COMMIT; ROLLBACK;"], "b(id)"),
        (
            "one that never ends",
            &["BEGIN; CREATE TABLE b (id int);", "ROLLBACK; CREATE TABLE c (id int);"],
            "b(id) c(id)",
        ),
        (
            "savepoints",
            &[
                "BEGIN; SAVEPOINT x; CREATE TABLE a (id int); SAVEPOINT y; CREATE TABLE b (id int); ROLLBACK TO SAVEPOINT y; CREATE TABLE c (id int); RELEASE y; ROLLBACK TO nothing; END;",
            ],
            "a(id) c(id)",
        ),
        (
            "back to one and all of it",
            &[
                "BEGIN; CREATE TABLE a (id int); SAVEPOINT y; CREATE TABLE b (id int); ROLLBACK TO y; CREATE TABLE d (id int); ROLLBACK; CREATE TABLE c (id int);",
            ],
            "c(id)",
        ),
    ];
    check(Dialect::Postgres, cases);
    check(Dialect::Sqlite, cases);
    // MySQL ends the transaction at each schema statement.
    check(Dialect::MySql, &[("a transaction", &["BEGIN; CREATE TABLE b (id int); ROLLBACK;"], "b(id)")]);
}

#[test]
fn other_words_that_make_tables() {
    check(
        Dialect::Postgres,
        &[
            (
                "a query",
                &[
                    "CREATE TABLE a (id int, b text); SELECT id, b AS c INTO TEMP x FROM a; SELECT id, b AS c INTO y FROM a WHERE b = 'INTO';",
                ],
                "a(id b) y(id c)",
            ),
            (
                "a query with names",
                &[
                    "CREATE TABLE a (id int); WITH q AS (SELECT id FROM a) SELECT id INTO TABLE s.x FROM a; WITH q AS (SELECT 1) SELECT * FROM q;",
                ],
                "a(id) s.x(id)",
            ),
            (
                "a variable",
                &["CREATE TABLE a (id int); DO $$ DECLARE x int; BEGIN SELECT id INTO x FROM a; END $$;"],
                "a(id)",
            ),
            (
                "elements of a schema",
                &[
                    "CREATE SCHEMA s AUTHORIZATION joe CREATE TABLE a (id int PRIMARY KEY) CREATE TABLE b (a int REFERENCES a (id)) CREATE VIEW v AS SELECT id FROM a GRANT SELECT ON a TO x; CREATE TABLE a (z int);",
                ],
                "a(z) s.a(id) s.b(a) s.v(id)",
            ),
        ],
    );
}

#[test]
fn where_unqualified_names_go() {
    check(
        Dialect::Postgres,
        &[
            (
                "a list",
                &[
                    "CREATE SCHEMA s; SET search_path TO \"$user\", s, public; CREATE TABLE a (id int); RESET search_path; CREATE TABLE b (id int);",
                ],
                "b(id) s.a(id)",
            ),
            ("one schema", &["CREATE SCHEMA s; SET SCHEMA 's'; CREATE TABLE a (id int);"], "s.a(id)"),
            (
                "for a transaction",
                &[
                    "CREATE SCHEMA s; BEGIN; SET LOCAL search_path = s; CREATE TABLE a (id int); COMMIT; CREATE TABLE b (id int);",
                ],
                "b(id) s.a(id)",
            ),
            (
                "taken back",
                &["CREATE SCHEMA s; BEGIN; SET search_path = s; ROLLBACK; CREATE TABLE b (id int);"],
                "b(id)",
            ),
            (
                "by a function",
                &[
                    "CREATE SCHEMA s; BEGIN; SELECT set_config('search_path', 's, public', true); CREATE TABLE a (id int); END; SELECT pg_catalog.set_config('search_path', 's', false); CREATE TABLE b (id int);",
                ],
                "s.a(id) s.b(id)",
            ),
            (
                "the next file",
                &["CREATE SCHEMA s; SET search_path = s; CREATE TABLE a (id int);", "CREATE TABLE b (id int);"],
                "b(id) s.a(id)",
            ),
        ],
    );
}

#[test]
fn what_mysql_prepares() {
    let look = "(SELECT COUNT(*) FROM information_schema.columns WHERE table_name = 'a')";
    let either = format!(
        "SET @s = (SELECT IF({look} > 0, 'SELECT 1', CONCAT('ALTER TABLE ', @t, ' ADD b int')));\nPREPARE st FROM @s;\nEXECUTE st;\nDEALLOCATE PREPARE st;"
    );
    let unknown =
        "SELECT CONCAT('DROP TABLE ', name) INTO @s FROM names; PREPARE st FROM @s; EXECUTE st; DROP TABLE x;";
    let procedure = "DELIMITER //\nCREATE PROCEDURE p(IN tbl varchar(64), IN col varchar(64))\nBEGIN\n  IF x THEN\n    SET @d = CONCAT('ALTER TABLE `', tbl, '` ADD `', col, '` int');\n    PREPARE st FROM @d;\n    EXECUTE st;\n  END IF;\nEND//\nDELIMITER ;\nCALL p('a', 'b');";
    let table = "CREATE TABLE a (id int);";
    check(
        Dialect::MySql,
        &[
            ("a text", &[table, "PREPARE st FROM 'ALTER TABLE a ADD b int'; EXECUTE st;"], "a(id b)"),
            (
                "a variable",
                &[
                    table,
                    "SET @t := 'a', @c = CONCAT('b', '1'); SET @s = CONCAT('ALTER TABLE ', @t, ' ADD ', @c, ' int'); PREPARE st FROM @s; EXECUTE st;",
                ],
                "a(id b1)",
            ),
            ("one of two", &[table, &format!("SET @t = 'a'; {either}")], "a(id b)"),
            ("a table that is not known", &[table, unknown], "a(id) remark"),
            ("what was never set", &[table, "PREPARE st FROM @nothing; EXECUTE st;"], "a(id) remark"),
            ("in a procedure", &[table, procedure], "a(id b)"),
            (
                "a setting",
                &["SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='x'; SET @@session.sql_mode = ''; CREATE TABLE a (id int);"],
                "a(id)",
            ),
        ],
    );
}

#[test]
fn texts_that_grow_without_end_are_given_up() {
    let doubled = "SET @a = CONCAT(@a, @a);\n".repeat(60);
    let mysql = format!(
        "CREATE TABLE a (id int);\nSET @a = 'ALTER TABLE a ADD b int';\n{doubled}PREPARE st FROM @a; EXECUTE st;"
    );
    assert!(told(Dialect::MySql, &[&mysql]).starts_with("a(id)"));
    let doubled = "x := x || x; ".repeat(60);
    let postgres = format!("DO $$ DECLARE x text := 'ALTER TABLE a ADD b int'; BEGIN {doubled} EXECUTE x; END $$;");
    assert_eq!(told(Dialect::Postgres, &[&postgres]), "remark");
    // Calls that multiply.
    let mut calls: String = "CREATE FUNCTION f0() RETURNS void LANGUAGE sql AS 'SELECT 1';\n".into();
    for at in 1..40 {
        let below = format!("SELECT f{}(); ", at - 1).repeat(30);
        calls.push_str(&format!("CREATE FUNCTION f{at}() RETURNS void LANGUAGE sql AS '{below}';\n"));
    }
    assert_eq!(told(Dialect::Postgres, &[&format!("{calls}SELECT f7(); SELECT f39();")]), "remark");
}

#[test]
fn what_is_passed_on_to_partitions_stands_at_its_statement() {
    let made = "CREATE TABLE e (id int, at date, kind text) PARTITION BY RANGE (at);\n\
        CREATE TABLE rest PARTITION OF e DEFAULT PARTITION BY LIST (kind);\n";
    let text = format!("{made}ALTER TABLE e ADD PRIMARY KEY (id, at);\n");
    let read = replay(Dialect::Postgres, &[&text]);
    let steps = read.value.migrations.iter().flat_map(|m| &m.steps);
    let refused: Vec<_> = steps.filter(|step| matches!(step.action, Action::Refused { .. })).collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(
        text.get(refused[0].origin.start as usize..refused[0].origin.end as usize),
        Some("PRIMARY KEY (id, at)")
    );
}
