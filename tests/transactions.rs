//! Which runner runs `CREATE INDEX CONCURRENTLY` in a transaction, and how its files opt out: one row for each.

mod support;

use support::compare;

const RULE: &str = "concurrent-index-in-transaction";
const TABLE: &str = "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n";
const INDEX: &str = "CREATE INDEX CONCURRENTLY by_email ON users (email);\n";

type File = (&'static str, String);

/// A file that is there, one that is new, and what stands beside them; what is said of the new one.
fn told(old: &File, new: &File, beside: &[(&str, &str)]) -> Vec<String> {
    let own = |file: &File| (file.0.to_string(), file.1.clone());
    let rest = || beside.iter().map(|(path, text)| ((*path).to_string(), (*text).to_string()));
    let base: Vec<_> = [own(old)].into_iter().chain(rest()).collect();
    let head: Vec<_> = [own(old), own(new)].into_iter().chain(rest()).collect();
    let report = compare(&base, &head);
    let found = report.findings.iter().filter(|item| item.finding.rule.id == RULE);
    found.map(|item| item.finding.message.clone()).collect()
}

#[test]
fn every_runner() {
    let up = |marker: &str, body: &str, down: &str| format!("{marker}{body}{down}");
    let journal =
        r#"{"dialect":"postgresql","entries":[{"idx":0,"tag":"0000_a","when":1},{"idx":1,"tag":"0001_b","when":2}]}"#;
    let two = format!("{INDEX}ALTER TABLE users ADD COLUMN a text;\n");
    let refused = |words: &'static str| Some(words);
    let wraps = refused("the runner wraps this migration in one");
    let text = refused("hands all statements of the file over as one text");
    let batch = refused("the runner runs all that is new in one");
    // Old file, new file, files beside them, and the words of the finding.
    type Row<'a> = (&'a str, File, File, Vec<(&'a str, &'a str)>, Option<&'a str>);
    let rows: Vec<Row<'_>> = vec![
        ("golang-migrate, alone", ("m/1_a.up.sql", TABLE.into()), ("m/2_b.up.sql", INDEX.into()), vec![], None),
        ("golang-migrate, with others", ("m/1_a.up.sql", TABLE.into()), ("m/2_b.up.sql", two.clone()), vec![], text),
        (
            "golang-migrate, another runner's marker",
            ("m/1_a.up.sql", TABLE.into()),
            ("m/2_b.up.sql", format!("-- +goose NO TRANSACTION\n{two}")),
            vec![],
            text,
        ),
        ("Prisma, alone", ("m/1_a/migration.sql", TABLE.into()), ("m/2_b/migration.sql", INDEX.into()), vec![], None),
        (
            "Prisma, with others",
            ("m/1_a/migration.sql", TABLE.into()),
            ("m/2_b/migration.sql", two.clone()),
            vec![],
            text,
        ),
        (
            "goose",
            ("m/1_a.sql", up("-- +goose Up\n", TABLE, "")),
            ("m/2_b.sql", up("-- +goose Up\n", INDEX, "")),
            vec![],
            wraps,
        ),
        (
            "goose, opted out",
            ("m/1_a.sql", up("-- +goose Up\n", TABLE, "")),
            ("m/2_b.sql", up("-- +goose NO TRANSACTION\n-- +goose Up\n", &two, "")),
            vec![],
            None,
        ),
        (
            "dbmate",
            ("m/1_a.sql", up("-- migrate:up\n", TABLE, "")),
            ("m/2_b.sql", up("-- migrate:up\n", INDEX, "")),
            vec![],
            wraps,
        ),
        (
            "dbmate, opted out",
            ("m/1_a.sql", up("-- migrate:up\n", TABLE, "")),
            ("m/2_b.sql", up("-- migrate:up transaction:false\n", INDEX, "")),
            vec![],
            None,
        ),
        (
            "sql-migrate",
            ("m/1_a.sql", up("-- +migrate Up\n", TABLE, "")),
            ("m/2_b.sql", up("-- +migrate Up\n", INDEX, "")),
            vec![],
            wraps,
        ),
        (
            "sql-migrate, opted out",
            ("m/1_a.sql", up("-- +migrate Up\n", TABLE, "")),
            ("m/2_b.sql", up("-- +migrate Up notransaction\n", INDEX, "")),
            vec![],
            None,
        ),
        (
            "sqlx",
            ("m/1_a.sql", TABLE.into()),
            ("m/2_b.sql", INDEX.into()),
            vec![("Cargo.toml", "sqlx = \"0.8\"")],
            wraps,
        ),
        (
            "sqlx, opted out",
            ("m/1_a.sql", TABLE.into()),
            ("m/2_b.sql", format!("-- no-transaction\n{INDEX}")),
            vec![("Cargo.toml", "sqlx = \"0.8\"")],
            None,
        ),
        (
            "diesel",
            ("m/2024-01-01-000000_a/up.sql", TABLE.into()),
            ("m/2024-01-02-000000_b/up.sql", INDEX.into()),
            vec![],
            wraps,
        ),
        (
            "diesel, opted out",
            ("m/2024-01-01-000000_a/up.sql", TABLE.into()),
            ("m/2024-01-02-000000_b/up.sql", INDEX.into()),
            vec![("m/2024-01-02-000000_b/metadata.toml", "run_in_transaction = false # why\n")],
            None,
        ),
        ("Flyway, alone", ("m/V1__a.sql", TABLE.into()), ("m/V2__b.sql", INDEX.into()), vec![], None),
        (
            "Flyway, with others",
            ("m/V1__a.sql", TABLE.into()),
            ("m/V2__b.sql", two.clone()),
            vec![],
            Some("Flyway refuses a file"),
        ),
        (
            "Flyway, opted out",
            ("m/V1__a.sql", TABLE.into()),
            ("m/V2__b.sql", two.clone()),
            vec![("m/V2__b.sql.conf", "executeInTransaction=false\n")],
            None,
        ),
        (
            "Flyway, with others by its settings",
            ("src/main/resources/db/migration/V1__a.sql", TABLE.into()),
            ("src/main/resources/db/migration/V2__b.sql", two.clone()),
            vec![("src/main/resources/application.yml", "spring:\n  flyway:\n    mixed: true\n")],
            None,
        ),
        (
            "refinery",
            ("m/V1__a.sql", TABLE.into()),
            ("m/V2__b.sql", INDEX.into()),
            vec![("Cargo.toml", "refinery = \"0.8\"")],
            wraps,
        ),
        (
            "drizzle",
            ("d/0000_a.sql", TABLE.into()),
            ("d/0001_b.sql", format!("-- no-transaction\n{INDEX}")),
            vec![("d/meta/_journal.json", journal)],
            batch,
        ),
        (
            "node-pg-migrate",
            ("m/1_a.sql", up("-- Up Migration\n", TABLE, "")),
            ("m/2_b.sql", up("-- Up Migration\n", INDEX, "")),
            vec![],
            batch,
        ),
        (
            "Supabase",
            ("supabase/migrations/1_a.sql", TABLE.into()),
            ("supabase/migrations/2_b.sql", INDEX.into()),
            vec![],
            wraps,
        ),
        (
            "Hasura",
            ("m/1620000000000_a/up.sql", TABLE.into()),
            ("m/1620000000001_b/up.sql", INDEX.into()),
            vec![],
            wraps,
        ),
        (
            "tern",
            ("m/1_a.sql", up("", TABLE, "---- create above / drop below ----\n")),
            ("m/2_b.sql", up("", INDEX, "---- create above / drop below ----\n")),
            vec![],
            wraps,
        ),
        (
            "tern, opted out",
            ("m/1_a.sql", up("", TABLE, "---- create above / drop below ----\n")),
            ("m/2_b.sql", up("---- tern: disable-tx ----\n", INDEX, "---- create above / drop below ----\n")),
            vec![],
            None,
        ),
        (
            "pop",
            ("m/1_a.up.sql", TABLE.into()),
            ("m/2_b.up.sql", INDEX.into()),
            vec![("go.mod", "github.com/ory/pop/v6")],
            wraps,
        ),
        (
            "pop, opted out",
            ("m/1_a.up.sql", TABLE.into()),
            ("m/2_b.autocommit.up.sql", INDEX.into()),
            vec![("go.mod", "github.com/ory/pop/v6")],
            None,
        ),
        (
            "morph",
            ("m/1_a.up.sql", TABLE.into()),
            ("m/2_b.up.sql", INDEX.into()),
            vec![("go.mod", "github.com/mattermost/morph")],
            wraps,
        ),
        (
            "morph, opted out",
            ("m/1_a.up.sql", TABLE.into()),
            ("m/2_b.up.sql", format!("-- morph:nontransactional\n{INDEX}")),
            vec![("go.mod", "github.com/mattermost/morph")],
            None,
        ),
        ("Atlas", ("m/a.sql", TABLE.into()), ("m/b.sql", INDEX.into()), vec![("m/atlas.sum", "h1:")], wraps),
        (
            "Atlas, opted out",
            ("m/a.sql", TABLE.into()),
            ("m/b.sql", format!("-- atlas:txmode none\n\n{INDEX}")),
            vec![("m/atlas.sum", "h1:")],
            None,
        ),
        (
            "Liquibase",
            ("m/a.sql", up("--liquibase formatted sql\n--changeset me:1\n", TABLE, "")),
            ("m/b.sql", up("--liquibase formatted sql\n--changeset me:2\n", INDEX, "")),
            vec![],
            wraps,
        ),
        (
            "Liquibase, opted out",
            ("m/a.sql", up("--liquibase formatted sql\n--changeset me:1\n", TABLE, "")),
            ("m/b.sql", up("--liquibase formatted sql\n--changeset me:2 runInTransaction:false\n", INDEX, "")),
            vec![],
            None,
        ),
        (
            "an unknown runner's marker",
            ("m/1_a.sql", TABLE.into()),
            ("m/2_b.sql", format!("-- postgres-migrations disable-transaction\n{INDEX}")),
            vec![],
            None,
        ),
    ];
    let mut wrong = Vec::new();
    for (name, old, new, beside, expected) in &rows {
        let said = told(old, new, beside);
        let right = match expected {
            Some(words) => said.len() == 1 && said[0].contains(words),
            None => said.is_empty(),
        };
        if !right {
            wrong.push(format!("{name}: {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
