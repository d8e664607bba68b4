//! Every layout of migrations from files to tables: each case holds an order that differs from that of names, or a way
//! back that must not be gone.

use driftline::config::Config;
use driftline::model::sql::{Action, Dialect};
use driftline::read::sql;
use driftline::revision::Tree;
use driftline::source::{Files, Snapshot, discover};

/// `path layout dialect: table(columns) …` of each source, and what was refused or not read.
fn told(files: &[(&str, &str)], dialect: Option<Dialect>) -> Vec<String> {
    let bytes = files.iter().map(|(path, text)| ((*path).to_string(), text.as_bytes().to_vec()));
    let (tree, table) = (Tree::from_memory("t", bytes), Files::default());
    let snapshot = Snapshot::new(&tree, &table);
    let found = discover(&snapshot, &Config::default().with_overrides(&[], &[], dialect));
    let mut lines: Vec<String> = Vec::new();
    for source in &found.sql {
        let read = sql::read(source, &snapshot);
        let mut line = format!("{} {} {}:", source.path, source.layout, source.dialect.name());
        for table in &read.value.tables {
            let columns: Vec<&str> = table.columns.iter().map(|c| &*c.name).collect();
            line.push_str(&format!(" {}({})", table.full_name(), columns.join(" ")));
        }
        for step in read.value.migrations.iter().flat_map(|m| &m.steps) {
            if let Action::Refused { what, .. } = &step.action {
                line.push_str(&format!(" refused: {what}"));
            }
        }
        line.push_str(&read.problems.iter().map(|p| format!(" problem: {}", p.message)).collect::<String>());
        lines.push(line);
    }
    lines.extend(found.problems.iter().map(|p| p.message.clone()));
    lines
}

/// Name, files, what is told.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str]);

fn check(cases: &[Case<'_>]) {
    for (name, files, expected) in cases {
        assert_eq!(told(files, None), *expected, "{name}");
    }
}

const A: &str = "create table a (id bigint);";
const B: &str = "alter table a add column b int;";
const C: &str = "alter table a drop column b, add column c int;";
/// Of MySQL.
const MY: &str = "create table a (id bigint auto_increment, primary key (id)) engine=InnoDB;";
/// Of SQLite.
const LITE: &str = "create table a (id integer primary key autoincrement);";

#[test]
fn ways_back_in_the_same_file() {
    let section = |up: &str, down: &str| format!("{up}\ncreate table a (id bigint);\n{down}\ndrop table a;\n");
    let files = [
        ("goose", section("-- +goose Up\n-- +goose StatementBegin", "-- +goose StatementEnd\n-- +goose Down")),
        ("dbmate", section("-- migrate:up", "-- migrate:down")),
        ("sql-migrate", section("-- +migrate Up", "-- +migrate Down")),
        ("node-pg-migrate", section("-- Up Migration", "-- Down Migration")),
        ("tern", section("", "---- create above / drop below ----")),
        (
            "liquibase",
            section("--liquibase formatted sql\n--changeset me:1", "--rollback drop table a;\n--")
                .replace("\ndrop table a;\n", ""),
        ),
    ];
    for (layout, first) in &files {
        let second =
            first.replace("create table a (id bigint);", B).replace("drop table a;", "alter table a drop column b;");
        let cases = [("db/migrations/1_a.sql", first.as_str()), ("db/migrations/2_b.sql", second.as_str())];
        assert_eq!(told(&cases, None), [format!("db/migrations {layout} postgres: a(id b)")], "{layout}");
    }
}

#[test]
fn ways_back_in_files_of_their_own() {
    check(&[
        (
            "golang-migrate, by number",
            &[
                ("m/9_a.up.sql", A),
                ("m/9_a.down.sql", "drop table a;"),
                ("m/10_b.up.sql", B),
                ("m/10_b.down.sql", "alter table a drop b;"),
            ],
            &["m golang-migrate postgres: a(id b)"],
        ),
        (
            "sqlx",
            &[
                ("Cargo.toml", "sqlx = { features = [\"postgres\"] }"),
                ("migrations/9_a.up.sql", A),
                ("migrations/9_a.down.sql", "drop table a;"),
                ("migrations/10_b.up.sql", B),
            ],
            &["migrations sqlx postgres: a(id b)"],
        ),
        (
            "morph",
            &[
                ("go.mod", "github.com/mattermost/morph"),
                ("m/000001_a.up.sql", A),
                ("m/000001_a.down.sql", "drop table a;"),
                ("m/000002_b.up.sql", B),
            ],
            &["m morph postgres: a(id b)"],
        ),
        (
            "pop: the file of an engine instead of the common one",
            &[
                ("go.mod", "github.com/gobuffalo/pop/v6"),
                ("m/1_a.up.sql", A),
                ("m/1_a.down.sql", "drop table a;"),
                ("m/2_b.up.sql", B),
                ("m/2_b.mysql.up.sql", "alter table a add column m int;"),
                ("m/2_b.cockroach.up.sql", "alter table a add column x int;"),
                ("m/2_b.postgres.autocommit.up.sql", "alter table a add column p int;"),
                ("m/2_b.sqlite3.up.sql", "alter table a add column l int;"),
            ],
            &["m pop postgres: a(id p)", "m pop mysql: a(id m)", "m pop sqlite: a(id l)"],
        ),
        (
            "diesel: hyphens do not count",
            &[
                ("migrations/20141231000000_a/up.sql", A),
                ("migrations/20141231000000_a/down.sql", "drop table a;"),
                ("migrations/2017-09-01-000000_b/up.sql", B),
                ("migrations/2017-09-01-000000_b/down.sql", "alter table a drop column b;"),
                ("migrations/20180101000000_c/up.sql", C),
            ],
            &["migrations diesel postgres: a(id c)"],
        ),
        (
            "hasura: a folder for each database",
            &[
                ("migrations/default/1620000000000_a/up.sql", A),
                ("migrations/default/1620000000000_a/down.sql", "drop table a;"),
                ("migrations/default/1620000000001_a/up.sql", B),
                ("migrations/logs/1620000000000_a/up.sql", "create table l (id int);"),
            ],
            &["migrations/default hasura postgres: a(id b)", "migrations/logs hasura postgres: l(id)"],
        ),
        (
            "flyway: undo scripts and repeatable ones",
            &[
                ("db/V1_9__a.sql", A),
                ("db/V1.10__b.sql", B),
                ("db/U1.10__b.sql", "drop table a;"),
                ("db/R__v.sql", "create view v as select b from a;"),
            ],
            &["db flyway postgres: a(id b) v(b)"],
        ),
        (
            "refinery: U is a migration",
            &[("Cargo.toml", "refinery = \"0.8\""), ("m/V1__a.sql", A), ("m/U2__b.sql", B), ("m/V3__c.sql", C)],
            &["m refinery postgres: a(id c)"],
        ),
    ]);
}

#[test]
fn orders_that_are_not_those_of_names() {
    let journal = r#"{"dialect":"postgresql","entries":[{"idx":0,"tag":"0001_z"},{"idx":1,"tag":"0000_a"}]}"#;
    check(&[
        (
            "prisma",
            &[
                ("prisma/migrations/migration_lock.toml", "provider = \"postgresql\""),
                ("prisma/migrations/0_init/migration.sql", A),
                ("prisma/migrations/20240101_b/migration.sql", B),
            ],
            &["prisma/migrations prisma postgres: a(id b)"],
        ),
        (
            "drizzle",
            &[
                ("drizzle/meta/_journal.json", journal),
                ("drizzle/0001_z.sql", A),
                ("drizzle/0000_a.sql", "alter table a add b int;--> statement-breakpoint\nalter table a add c int;"),
            ],
            &["drizzle drizzle postgres: a(id b c)"],
        ),
        (
            "atlas",
            &[
                (
                    "m/atlas.sum",
                    "h1:MF1DDF4Xp7ektX9uvb0eOPc/MhMKHpl7g+TzcZKGvvY=\n20240101.sql h1:7fjM3kAFA12LdLRrk5Yp5SPLv7KpFJplHE/9+m8a9/Y=\n20240102.sql h1:WRHAZTymu7vJILGk9vvETFVUk1f/9OPMrpz0bdDEeu4=\n",
                ),
                ("m/20240101.sql", A),
                ("m/20240102.sql", B),
            ],
            &["m atlas postgres: a(id b)"],
        ),
        (
            "supabase, with the schema that is wanted beside it",
            &[
                ("supabase/config.toml", ""),
                ("supabase/migrations/20240101_a.sql", A),
                ("supabase/migrations/20240102_b.sql", B),
                ("supabase/schemas/a.sql", "create table a (id bigint, b int);"),
            ],
            &["supabase/migrations supabase postgres: a(id b)"],
        ),
        (
            "liquibase: the changelog",
            &[
                (
                    "db/changelog-master.yaml",
                    "databaseChangeLog:\n  - include:\n      file: changes/z.sql\n  - include: {file: changes/a.sql}\n",
                ),
                (
                    "db/changes/a.sql",
                    "--liquibase formatted sql\n--changeset me:2\nalter table a add column b int;\n--rollback alter table a drop column b;",
                ),
                (
                    "db/changes/z.sql",
                    "--liquibase formatted sql\n--changeset me:1\ncreate table a (id bigint);\n--rollback drop table a;",
                ),
                ("db/changes/old.sql", "--liquibase formatted sql\n--changeset me:0\ncreate table gone (id bigint);"),
            ],
            &["db/changes liquibase postgres: a(id b)"],
        ),
        (
            "version folders",
            &[("schema/v1.9/b.sql", B), ("schema/v1.10/a.sql", C), ("schema/v1.0/a.sql", A)],
            &["schema versions postgres: a(id c)"],
        ),
        (
            "version folders with manifests",
            &[
                (
                    "schema/v1.9/manifest.json",
                    "{\"CurrVersion\": \"1.9\", \"SchemaUpdateCqlFiles\": [\"z.sql\", \"b.sql\"]}",
                ),
                ("schema/v1.9/z.sql", A),
                ("schema/v1.9/b.sql", B),
                ("schema/v1.9/not_listed.sql", "drop table a;"),
                ("schema/v1.10/manifest.json", "{\"SchemaUpdateCqlFiles\": [\"a.sql\"]}"),
                ("schema/v1.10/a.sql", C),
            ],
            &["schema versions postgres: a(id c)"],
        ),
        (
            "version folders with one for each engine",
            &[
                ("sql/upgrade/3.9.0_schema/mysql/x_ddl.sql", MY),
                ("sql/upgrade/3.10.0_schema/mysql/x_ddl.sql", B),
                ("sql/upgrade/3.9.0_schema/postgresql/x_ddl.sql", A),
                ("sql/upgrade/3.10.0_schema/postgresql/x_ddl.sql", B),
            ],
            &["sql/upgrade versions postgres: a(id b)", "sql/upgrade versions mysql: a(id b)"],
        ),
        (
            "one version twice",
            &[
                ("m/0000_create_b.up.sql", "create table b (id int);"),
                ("m/0000_create_a.up.sql", A),
                ("m/0001_b.up.sql", B),
            ],
            &["m golang-migrate postgres: a(id b) b(id)"],
        ),
        ("dates", &[("SQL/2024010100.sql", A), ("SQL/2025010100.sql", B)], &["SQL numbered postgres: a(id b)"]),
    ]);
}

#[test]
fn whole_states_among_steps() {
    check(&[
        (
            "a full schema, and deltas behind it",
            &[
                ("s/main/full_schemas/72/full.sql.postgres", "create table a (id bigserial, b int);"),
                ("s/main/full_schemas/72/full.sql.sqlite", "create table a (id integer primary key, b int);"),
                ("s/main/delta/9/01a.sql", "create table gone (id int); alter table other add column x int;"),
                ("s/main/delta/72/01b.sql", B),
                ("s/main/delta/73/02c.sql.postgres", "alter table a alter column b type bigint, add column p int;"),
                ("s/main/delta/73/02c.sql.sqlite", "alter table a add column l int;"),
                ("s/main/delta/100/01d.sql", "alter table a add column d int;"),
            ],
            &["s/main delta postgres: a(id b p d)", "s/main delta sqlite: a(id b l d)"],
        ),
        (
            "snapshots and upgrades between them",
            &[
                ("scripts/mysql/schema-0.9.0-mysql.sql", MY),
                ("scripts/mysql/upgrade-0.9.0-to-0.10.0-mysql.sql", B),
                ("scripts/mysql/upgrade-0.10.0-to-1.0.0-mysql.sql", C),
                ("scripts/mysql/schema-0.10.0-mysql.sql", "create table a (id bigint, b int);"),
                ("scripts/mysql/schema-1.0.0-mysql.sql", "create table a (id bigint, c int);"),
            ],
            &["scripts/mysql upgrades mysql: a(id c)"],
        ),
        (
            "a newest state and version folders without their beginning",
            &[
                ("store/sqlite/LATEST.sql", "create table a (id integer primary key autoincrement, b int);"),
                ("store/sqlite/0.2/00__x.sql", "alter table a add column old int;"),
                ("store/sqlite/0.10/00__x.sql", "alter table a rename column old to b;"),
            ],
            &["store/sqlite/LATEST.sql dump sqlite: a(id b)"],
        ),
        (
            "a first state and dates that make tables anew",
            &[
                ("SQL/sqlite.initial.sql", "create table a (id integer primary key, b int); create table c (id int);"),
                (
                    "SQL/sqlite/2024010100.sql",
                    "create table tmp_a (id integer, b int); insert into tmp_a select id, 1 from a; drop table a; create table a (id integer primary key, b int);",
                ),
                ("SQL/sqlite/2025010100.sql", "create table c (id int);"),
            ],
            &["SQL/sqlite.initial.sql dump sqlite: a(id b) c(id)"],
        ),
        (
            "the first of two whole states, and steps without numbers",
            &[
                ("schema/crdb/dbinit.sql", "create table if not exists a (id int8, b int);"),
                ("schema/crdb/dbinit-base.sql", "create table if not exists a (id int8);"),
                ("schema/crdb/dbwipe.sql", "drop table if exists a;"),
                ("schema/crdb/add-b/up1.sql", "alter table a add column if not exists b int;"),
            ],
            &["schema/crdb/dbinit.sql dump postgres: a(id b)"],
        ),
    ]);
}

#[test]
fn steps_in_other_languages() {
    let first = "-- +goose Up\ncreate table a (id bigint);";
    let remark = |path: &str| {
        format!(
            " problem: `{path}` is a step of these migrations in another language and is not followed: from here on objects \
             may exist that are not known."
        )
    };
    let files = [
        ("m/1_a.sql", first),
        ("m/2_b.go", "package migrations"),
        ("m/2_b_test.go", "package migrations"),
        ("m/3_c.sql", "-- +goose Up\nalter table made_by_go add c int;"),
        ("m/migrations.go", "package migrations"),
    ];
    assert_eq!(told(&files, None), [format!("m goose postgres: a(id){}", remark("m/2_b.go"))]);
    // What stands before them is certain.
    let files = [("m/1_a.sql", "-- +goose Up\ndrop table a;"), ("m/2_b.go", ""), ("m/10_c.sql", first)];
    let refused = " refused: there is no table `a` at this point of the history";
    assert_eq!(told(&files, None), [format!("m goose postgres: a(id){refused}{}", remark("m/2_b.go"))]);
    let files = [("s/full_schemas/72/full.sql", A), ("s/delta/70/01x.py", ""), ("s/delta/73/01b.sql", B)];
    assert_eq!(told(&files, None), ["s delta postgres: a(id b)"]);
}

#[test]
fn engines() {
    let click = "CREATE TABLE t (id UInt64) ENGINE = MergeTree() ORDER BY id;";
    check(&[
        (
            "one file for each",
            &[
                ("sql/app_mysql.sql", MY),
                ("sql/app_postgresql.sql", "create table a (id serial, \"type\" varchar);"),
                ("sql/app_h2.sql", A),
            ],
            &["sql/app_mysql.sql schema mysql: a(id)", "sql/app_postgresql.sql schema postgres: a(id type)"],
        ),
        (
            "words alone",
            &[("sql/one.sql", MY), ("sql/two.sql", "create table b (id bigserial, j jsonb);")],
            &["sql/one.sql schema mysql: a(id)", "sql/two.sql schema postgres: b(id j)"],
        ),
        (
            "SQLite by a module's driver",
            &[
                ("go.mod", "require github.com/mattn/go-sqlite3 v1.14.50"),
                (
                    "db/migrations/1_a.sql",
                    "-- +goose Up\ncreate table a (id varchar primary key, j text default (jsonb('{}')));",
                ),
            ],
            &["db/migrations goose sqlite: a(id j)"],
        ),
        (
            "SQLite by a crate's features, and by its code",
            &[
                ("Cargo.toml", "[workspace.dependencies.sqlx]\nfeatures = [\"time\"]"),
                ("crates/x/Cargo.toml", "sqlx = { workspace = true, features = [\"sqlite\"] }"),
                ("crates/x/migrations/1_a.sql", "create table a (id text primary key);"),
                ("crates/y/Cargo.toml", "sqlx = { workspace = true }"),
                ("crates/y/src/database.rs", "use sqlx::sqlite::SqlitePool;"),
                ("crates/y/migrations/1_a.sql", "create table b (id text primary key);"),
            ],
            &["crates/x/migrations sqlx sqlite: a(id)", "crates/y/migrations sqlx sqlite: b(id)"],
        ),
        (
            "ClickHouse",
            &[
                ("db/migrations/1_a.sql", A),
                ("stats/schema/single/1/up.sql", click),
                ("stats/schema/single/2/up.sql", "ALTER TABLE t MODIFY TTL d + INTERVAL 30 DAY;"),
                ("stats/init.sql", click),
            ],
            &[
                "db/migrations numbered postgres: a(id)",
                "`stats/init.sql` and 1 more places: this SQL is for ClickHouse, which is not read. It is left out.",
            ],
        ),
        (
            "an engine for tests",
            &[("db/migration/postgresql/V1__a.sql", A), ("db/migration/h2/V1__a.sql", A)],
            &["db/migration/postgresql flyway postgres: a(id)"],
        ),
        (
            "tables called like engines",
            &[("schema/tables/oracle.sql", A), ("schema/tables/b.sql", "create table b (id int);")],
            &["schema/tables schema postgres: a(id) b(id)"],
        ),
    ]);
}

#[test]
fn a_dialect_for_all_relabels_only_what_was_guessed() {
    let files = [("m/mysql/1_a.sql", MY), ("m/sqlite/1_a.sql", LITE), ("other/1_a.sql", A)];
    let expected = ["m/mysql numbered mysql: a(id)", "m/sqlite numbered sqlite: a(id)", "other numbered sqlite: a(id)"];
    assert_eq!(told(&files, Some(Dialect::Sqlite)), expected);
    let files = [("sql/app_mysql.sql", MY), ("sql/app_pg.sql", A)];
    let expected = ["sql/app_mysql.sql schema mysql: a(id)", "sql/app_pg.sql schema postgres: a(id)"];
    assert_eq!(told(&files, Some(Dialect::Postgres)), expected);
}
