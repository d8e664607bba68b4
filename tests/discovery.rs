//! Discovery on small trees held in memory: which files are inputs, in which layout, dialect and order.

use driftline::config::{self, Config};
use driftline::model::sql::Dialect;
use driftline::revision::Tree;
use driftline::source::{Files, Role, Snapshot, Sources, discover, discover_pair};

fn tree(files: &[(&str, &str)]) -> Tree {
    Tree::from_memory("t", files.iter().map(|(path, text)| ((*path).to_string(), text.as_bytes().to_vec())))
}

fn with(files: &[(&str, &str)], config: &Config) -> Sources {
    let (tree, table) = (tree(files), Files::default());
    discover(&Snapshot::new(&tree, &table), config)
}

fn find(files: &[(&str, &str)]) -> Sources {
    with(files, &Config::default())
}

fn contracts(sources: &Sources) -> Vec<&str> {
    sources.contracts.iter().map(|c| &*c.path).collect()
}

/// `path layout dialect` of each SQL source.
fn sql(sources: &Sources) -> Vec<String> {
    sources.sql.iter().map(|s| format!("{} {} {}", s.path, s.layout, s.dialect.name())).collect()
}

const API: &str =
    "openapi: 3.0.3\ninfo:\n  title: Orders\n  version: '1'\npaths:\n  /orders:\n    get: {}\n  /users:\n    get: {}\n";
const OTHER: &str = "swagger: '2.0'\ninfo:\n  title: Other\npaths:\n  /x: {}\n";
const TABLE: &str = "create table users (id bigserial);\n";

#[test]
fn contracts_by_content() {
    let split = API.replace("get: {}", "$ref: ./paths/orders.yaml");
    let json = r#"{"openapi":"3.0.3","info":{"title":"Orders"},"paths":{"/orders":{},"/users":{}}}"#;
    let old = API.replace("openapi: 3.0.3", "swagger: '2.0'");
    let template = API.replace("get: {}", "{{- if .Users }}\n    get: {}\n    {{- end }}");
    type Case<'a> = (&'a str, Vec<(&'a str, &'a str)>, Vec<&'a str>);
    let cases: Vec<Case<'_>> = vec![
        (
            "content, not names",
            vec![("openapi.yaml", "openapi:\n  enabled: true\n"), ("api/orders.yml", API)],
            vec!["api/orders.yml"],
        ),
        (
            "a name that says nothing",
            vec![("app/config.yaml", "a: 1\n"), ("app/orders.yaml", API)],
            vec!["app/orders.yaml"],
        ),
        (
            "fragments are no roots",
            vec![("api/openapi.yaml", &split), ("api/paths/orders.yaml", "get: {}\n")],
            vec!["api/openapi.yaml"],
        ),
        (
            "a bundle beside its source",
            vec![("api/bundle.yaml", API), ("api/openapi.yaml", &split)],
            vec!["api/openapi.yaml"],
        ),
        ("JSON beside YAML", vec![("docs/swagger.json", json), ("docs/swagger.yaml", API)], vec!["docs/swagger.yaml"]),
        ("2.0 beside 3.0", vec![("spec/api.yaml", &old), ("spec/swagger.yaml", API)], vec!["spec/swagger.yaml"]),
        ("a copy for readers", vec![("docs/openapi.yml", API), ("spec/openapi.yml", API)], vec!["spec/openapi.yml"]),
        (
            "generations",
            vec![("api/v1/openapi.yaml", API), ("api/v2/openapi.yaml", API)],
            vec!["api/v1/openapi.yaml", "api/v2/openapi.yaml"],
        ),
        (
            "audiences",
            vec![("openapi.yaml", API), ("openapi_preview.yaml", API)],
            vec!["openapi.yaml", "openapi_preview.yaml"],
        ),
        (
            "two services",
            vec![("a/openapi.yaml", API), ("b/openapi.yaml", OTHER)],
            vec!["a/openapi.yaml", "b/openapi.yaml"],
        ),
        (
            "fixtures beside a contract",
            vec![("openapi.yaml", API), ("tests/openapi.yaml", OTHER)],
            vec!["openapi.yaml"],
        ),
        (
            "fixtures alone",
            vec![("src/tests/snapshots/a.snap", "---\nsource: a.rs\n---\n{\"openapi\": \"3.1.0\"}")],
            vec!["src/tests/snapshots/a.snap"],
        ),
        ("other people's", vec![("web/node_modules/x/openapi.yaml", API)], vec![]),
        ("a template file", vec![("api/openapi.yaml.tmpl", API)], vec!["api/openapi.yaml.tmpl"]),
        ("lines of a template", vec![("api/openapi.yml", &template)], vec!["api/openapi.yml"]),
        ("workflows", vec![(".github/workflows/openapi.yml", API)], vec![]),
    ];
    for (name, files, expected) in cases {
        assert_eq!(contracts(&find(&files)), expected, "{name}");
    }
    let schema = ("src/test/resources/schema.sql", "CREATE TABLE users (id int);");
    assert!(
        sql(&find(&[("openapi.yaml", API), schema])).is_empty(),
        "tables of a test beside a contract that is shipped"
    );
    assert_eq!(sql(&find(&[schema])).len(), 1, "tables of a test alone");
    let found = find(&[("api/bundle.yaml", API), ("api/openapi.yaml", &split)]);
    assert_eq!((&*found.twins[0].path, found.twins[0].of.as_deref()), ("api/bundle.yaml", Some("api/openapi.yaml")));
    let found = find(&[("api/openapi.yaml.tmpl", &API.replace("3.0.3", "{{ .Version }}"))]);
    assert!(
        found.contracts.is_empty() && !found.problems[0].incomplete && found.problems[0].message.contains("template")
    );
}

#[test]
fn layouts() {
    let goose = "-- +goose Up\ncreate table a (id int);\n-- +goose Down\ndrop table a;\n";
    let my = "create table `a` (id int auto_increment) engine=InnoDB;";
    let lite = "create table a (id integer primary key autoincrement);";
    let journal = r#"{"dialect":"mysql","entries":[{"idx":0,"tag":"0000_a"},{"idx":1,"tag":"0001_b"}]}"#;
    type Case<'a> = (Vec<(&'a str, &'a str)>, Vec<&'a str>);
    let cases: Vec<Case<'_>> = vec![
        (
            vec![("db/migrations/000001_a.up.sql", TABLE), ("db/migrations/000001_a.down.sql", "drop table users;")],
            vec!["db/migrations golang-migrate postgres"],
        ),
        (vec![("Cargo.toml", "sqlx = \"0.8\""), ("migrations/2022_a.up.sql", TABLE)], vec!["migrations sqlx postgres"]),
        (vec![("go.mod", "github.com/ory/pop/v6"), ("m/1_a.up.sql", TABLE)], vec!["m pop postgres"]),
        (vec![("m/00001_a.sql", goose), ("m/00002_b.sql", goose)], vec!["m goose postgres"]),
        (vec![("m/1_a.sql", "-- migrate:up\ncreate table a (id int);\n-- migrate:down\n")], vec!["m dbmate postgres"]),
        (vec![("m/a.sql", "-- +migrate Up\ncreate table a (id int);")], vec!["m sql-migrate postgres"]),
        (
            vec![("m/001_a.sql", "create table a (id int);\n---- create above / drop below ----\ndrop table a;")],
            vec!["m tern postgres"],
        ),
        (vec![("m/1_a.sql", "-- Up Migration\ncreate table a (id int);")], vec!["m node-pg-migrate postgres"]),
        (
            vec![("m/a.sql", "--liquibase formatted sql\n--changeset a:1\ncreate table a (id int);")],
            vec!["m liquibase postgres"],
        ),
        (vec![("db/V1__a.sql", TABLE), ("db/R__v.sql", "create view v as select 1;")], vec!["db flyway postgres"]),
        (vec![("Cargo.toml", "refinery = \"0.8\""), ("m/V1__a.sql", TABLE)], vec!["m refinery postgres"]),
        (
            vec![
                ("src/main/resources/db/migration/v1/V1__a.sql", TABLE),
                ("src/main/resources/db/migration/v2/V2__b.sql", TABLE),
            ],
            vec!["src/main/resources/db/migration flyway postgres"],
        ),
        (
            vec![("db/migration/mysql/V1__a.sql", my), ("db/migration/h2/V1__a.sql", TABLE)],
            vec!["db/migration/mysql flyway mysql"],
        ),
        (
            vec![
                ("migrations/2017-09-01-000000_a/up.sql", TABLE),
                ("migrations/2017-09-01-000000_a/down.sql", "drop table users;"),
            ],
            vec!["migrations diesel postgres"],
        ),
        (
            vec![("hasura/migrations/default/1620000000000_a/up.sql", TABLE)],
            vec!["hasura/migrations/default hasura postgres"],
        ),
        (
            vec![
                ("prisma/migrations/migration_lock.toml", "provider = \"mysql\""),
                ("prisma/migrations/2024_a/migration.sql", TABLE),
            ],
            vec!["prisma/migrations prisma mysql"],
        ),
        (
            vec![("drizzle/meta/_journal.json", journal), ("drizzle/0000_a.sql", my), ("drizzle/0001_b.sql", my)],
            vec!["drizzle drizzle mysql"],
        ),
        (vec![("supabase/migrations/2024_a.sql", TABLE)], vec!["supabase/migrations supabase postgres"]),
        (vec![("m/atlas.sum", "h1:"), ("m/first.sql", TABLE), ("m/second.sql", TABLE)], vec!["m atlas postgres"]),
        (
            vec![("schema/v1.9/a.sql", TABLE), ("schema/v1.10/a.sql", "alter table users add x int;")],
            vec!["schema versions postgres"],
        ),
        (vec![("s/1.0.0/up01.sql", TABLE), ("s/1.0.0/up02.sql", TABLE)], vec!["s parts postgres"]),
        (vec![("SQL/2025092300.sql", my)], vec!["SQL numbered mysql"]),
        (
            vec![("m/sqlite/1_a.sql", lite), ("m/postgres/1_a.sql", TABLE)],
            vec!["m/postgres numbered postgres", "m/sqlite numbered sqlite"],
        ),
        (
            vec![("db/structure.sql", "-- PostgreSQL database dump\ncreate table a (id int);")],
            vec!["db/structure.sql dump postgres"],
        ),
        (vec![("d.sql", "-- MySQL dump 10.13\ncreate table a (id int);")], vec!["d.sql dump mysql"]),
        (
            vec![
                ("sql/tables/a.sql", my),
                ("sql/tables/b.sql", my),
                ("sql/queries/q.sql", "-- name: Get :one\nselect 1;"),
            ],
            vec!["sql/tables schema mysql"],
        ),
        (
            vec![("db/schema/tables/a.sql", TABLE), ("db/schema/views/v.sql", "create view v as select 1;")],
            vec!["db/schema schema postgres"],
        ),
        (vec![("queries/q.sql", "-- name: Get :one\nselect 1;"), ("seed.sql", "insert into a values (1);")], vec![]),
        (vec![("testdata/1_a.sql", TABLE), ("db/1_a.sql", TABLE)], vec!["db numbered postgres"]),
        (vec![("vendor/x/1_a.sql", TABLE)], vec![]),
        (vec![("data/1_a.sql", "update a set b = 1;"), ("db/1_a.sql", TABLE)], vec!["db numbered postgres"]),
    ];
    for (files, expected) in cases {
        assert_eq!(sql(&find(&files)), expected, "{files:?}");
    }
}

/// Order and role of the files of the only source.
fn order(files: &[&str]) -> Vec<(String, Role)> {
    let files: Vec<(&str, &str)> = files.iter().map(|path| (*path, TABLE)).collect();
    let found = find(&files);
    assert_eq!(found.sql.len(), 1, "{:?}", sql(&found));
    found.sql[0].files.iter().map(|f| (f.path.to_string(), f.role)).collect()
}

#[test]
fn the_order_is_the_runner_s() {
    use Role::{Down, Repeatable, Up};
    let cases: &[&[(&str, Role)]] = &[
        &[("m/1_a.sql", Up), ("m/2_b.sql", Up), ("m/10_c.sql", Up)],
        &[("m/1_a.up.sql", Up), ("m/10_b.up.sql", Up), ("m/1_a.down.sql", Down), ("m/10_b.down.sql", Down)],
        &[
            ("m/V1__a.sql", Up),
            ("m/V1_9__b.sql", Up),
            ("m/V1.10__c.sql", Up),
            ("m/R__v.sql", Repeatable),
            ("m/U1__a.sql", Down),
        ],
        &[("m/V3__a.sql", Up), ("m/V4__b.sql", Up)],
        &[("m/2014123100000_a/up.sql", Up), ("m/2017-09-01-000000_b/up.sql", Up), ("m/2014123100000_a/down.sql", Down)],
        &[("s/0.9/1__a.sql", Up), ("s/0.10/00__a.sql", Up), ("s/0.10/01__b.sql", Up)],
    ];
    for case in cases {
        let mut files: Vec<&str> = case.iter().map(|(path, _)| *path).collect();
        files.reverse();
        let expected: Vec<(String, Role)> = case.iter().map(|(path, role)| ((*path).to_string(), *role)).collect();
        assert_eq!(order(&files), expected);
    }
    // A baseline repeats the versions up to it; alone it is where everything begins.
    let names = |files: &[&str]| order(files).into_iter().map(|(path, _)| path).collect::<Vec<_>>();
    assert_eq!(
        names(&["m/V1__a.sql", "m/B2__all.sql", "m/V2__b.sql", "m/V3__c.sql"]),
        ["m/V1__a.sql", "m/V2__b.sql", "m/V3__c.sql"]
    );
    assert_eq!(names(&["m/B2__all.sql", "m/V3__c.sql"]), ["m/B2__all.sql", "m/V3__c.sql"]);
}

#[test]
fn a_journal_decides() {
    let journal = r#"{"entries":[{"idx":0,"tag":"0001_b"},{"idx":1,"tag":"0000_a"}]}"#;
    let found = find(&[
        ("d/meta/_journal.json", journal),
        ("d/0000_a.sql", TABLE),
        ("d/0001_b.sql", TABLE),
        ("d/0002_c.sql", TABLE),
    ]);
    let files: Vec<&str> = found.sql[0].files.iter().map(|f| &*f.path).collect();
    assert_eq!(files, ["d/0001_b.sql", "d/0000_a.sql"]);
}

#[test]
fn files_for_one_engine_override_the_common_one() {
    let found = find(&[
        ("m/1_a.up.sql", TABLE),
        ("m/2_b.up.sql", TABLE),
        ("m/2_b.mysql.up.sql", TABLE),
        ("m/3_c.postgres.up.sql", TABLE),
        ("m/3_c.cockroach.up.sql", TABLE),
        ("m/3_c.mysql.up.sql", TABLE),
    ]);
    let of = |dialect| {
        let source = found.sql.iter().find(|s| s.dialect == dialect).unwrap();
        source.files.iter().map(|f| f.path.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(of(Dialect::Postgres), ["m/1_a.up.sql", "m/2_b.up.sql", "m/3_c.postgres.up.sql"]);
    assert_eq!(of(Dialect::MySql), ["m/1_a.up.sql", "m/2_b.mysql.up.sql", "m/3_c.mysql.up.sql"]);
}

#[test]
fn an_engine_of_two_names_is_one() {
    let found = find(&[
        ("m/1_a.sqlite.up.sql", TABLE),
        ("m/2_b.sqlite3.up.sql", TABLE),
        ("m/3_c.up.sql", TABLE),
        ("m/3_c.sqlite3.up.sql", TABLE),
        ("m/4_d.sqlite.up.sql", TABLE),
        ("m/4_d.sqlite3.up.sql", TABLE),
    ]);
    let files: Vec<&str> = found.sql[0].files.iter().map(|f| &*f.path).collect();
    let expected = ["m/1_a.sqlite.up.sql", "m/2_b.sqlite3.up.sql", "m/3_c.sqlite3.up.sql", "m/4_d.sqlite.up.sql"];
    assert_eq!((found.sql.len(), files.as_slice()), (1, expected.as_slice()));
}

#[test]
fn a_dump_beside_migrations_counts_once() {
    let dump = "-- PostgreSQL database dump\ncreate table users (id int);\ncreate table orders (id int);";
    let files = [("m/1_a.sql", TABLE), ("m/2_b.sql", "create table orders (id int);"), ("structure.sql", dump)];
    let found = find(&files);
    assert_eq!(sql(&found), ["m numbered postgres"]);
    assert_eq!((&*found.twins[0].path, found.twins[0].of.as_deref()), ("structure.sql", Some("m")));
    // Migrations that begin in the middle cannot be replayed: the newest state counts.
    let found =
        find(&[("m/7_a.sql", "alter table users add x int;\nalter table orders add y int;"), ("structure.sql", dump)]);
    assert_eq!(sql(&found), ["structure.sql dump postgres"]);
    // Another database's dump is a source of its own.
    let found = find(&[("m/1_a.sql", TABLE), ("structure.sql", "create table other (id int);")]);
    assert_eq!(sql(&found), ["m numbered postgres", "structure.sql dump postgres"]);
}

#[test]
fn two_revisions_are_judged_alike() {
    let base = tree(&[("docs/openapi.yaml", API), ("structure.sql", TABLE), ("tests/other.yaml", OTHER)]);
    let head = tree(&[
        ("docs/openapi.yaml", API),
        ("openapi.yaml", API),
        ("structure.sql", TABLE),
        ("m/1_a.sql", TABLE),
        ("tests/other.yaml", OTHER),
    ]);
    let files = Files::default();
    let (base, head) = (Snapshot::new(&base, &files), Snapshot::new(&head, &files));
    assert_eq!(contracts(&discover(&head, &Config::default())), ["openapi.yaml"]);
    let (ours, theirs) = discover_pair(&base, &head, &Config::default());
    // What counted in the base is not removed because something better was added.
    assert_eq!(contracts(&ours), ["docs/openapi.yaml"]);
    assert_eq!(contracts(&theirs), ["docs/openapi.yaml", "openapi.yaml"]);
    assert_eq!(sql(&ours), ["structure.sql dump postgres"]);
    assert_eq!(sql(&theirs), ["m numbered postgres", "structure.sql dump postgres"]);
    // The first contract that is shipped makes the tables of a test no input, in both.
    let schema = ("src/test/resources/schema.sql", TABLE);
    let (base, head) = (tree(&[schema]), tree(&[schema, ("openapi.yaml", API)]));
    let files = Files::default();
    let (base, head) = (Snapshot::new(&base, &files), Snapshot::new(&head, &files));
    let (ours, theirs) = discover_pair(&base, &head, &Config::default());
    assert_eq!((sql(&ours).len(), sql(&theirs).len()), (0, 0));
}

#[test]
fn configuration_replaces_discovery() {
    let files = [
        ("a/openapi.yaml", API),
        ("b/other.yaml", OTHER),
        ("b/none.yaml", "a: 1\n"),
        ("m/1_a.sql", TABLE),
        ("n/x.sql", "create table t (id int);"),
    ];
    let config = |text: &str| config::parse(text.as_bytes(), "driftline.yaml").unwrap();
    let found = with(&files, &config("sources: [{openapi: 'b/*.yaml'}]"));
    assert_eq!(
        (contracts(&found), sql(&found)),
        (vec!["b/other.yaml"], vec!["m numbered postgres".into(), "n/x.sql schema postgres".into()])
    );
    let found = with(&files, &config("sources: [{sql: n, dialect: mysql}]"));
    assert_eq!(
        (contracts(&found), sql(&found)),
        (vec!["a/openapi.yaml", "b/other.yaml"], vec!["n/x.sql schema mysql".to_string()])
    );
    let found = with(&files, &config("sources: [{sql: n, layout: atlas}]"));
    assert_eq!(sql(&found), ["n atlas postgres"]);
    // A path is taken by its word, a pattern only finds contracts.
    let found = with(
        &files,
        &Config::default().with_overrides(&["b/none.yaml".into()], &["m/*.sql".into()], Some(Dialect::Sqlite)),
    );
    assert_eq!((contracts(&found), sql(&found)), (vec!["b/none.yaml"], vec!["m numbered sqlite".to_string()]));
    let found = with(&files, &Config::default().with_overrides(&["nothing/**".into()], &[], None));
    assert!(contracts(&found).is_empty() && found.tried.contains(&"nothing/**".to_string()));

    // What `init` writes finds the same.
    let found = find(&files);
    let again = with(&files, &config(&config::init_text(&found.found())));
    assert_eq!((contracts(&again), sql(&again)), (contracts(&found), sql(&found)));
}

#[test]
fn a_single_file_is_the_only_input() {
    let files = [("v2.sql", TABLE), ("other.sql", TABLE), ("openapi.yaml", API)];
    let mut tree = tree(&files);
    tree.focus = Some("v2.sql".into());
    let table = Files::default();
    let found = discover(&Snapshot::new(&tree, &table), &Config::default());
    assert_eq!((contracts(&found), sql(&found)), (vec![], vec!["v2.sql schema postgres".to_string()]));
    tree.focus = Some("openapi.yaml".into());
    let found = discover(&Snapshot::new(&tree, &table), &Config::default());
    assert_eq!((contracts(&found), sql(&found)), (vec!["openapi.yaml"], vec![]));
}

#[test]
fn nothing_found_says_what_was_tried() {
    let found = find(&[("README.md", "# x")]);
    assert!(
        found.is_empty()
            && found.tried.iter().any(|t| t.contains("openapi"))
            && found.tried.iter().any(|t| t.contains("sql"))
    );
}
