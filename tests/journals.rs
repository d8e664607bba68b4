//! Files beside migrations that do not fit them, and files among migrations that are never run: what discovery says of small
//! trees held in memory, and what it reads in spite of it.

use driftline::config::Config;
use driftline::revision::Tree;
use driftline::source::{Files, Snapshot, discover};

const TABLE: &str = "create table users (id bigserial);\n";
const MORE: &str = "alter table users add column a int;\n";

/// `path:line rule: message` of each problem, and the files that are replayed.
fn told(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let tree = Tree::from_memory("t", files.iter().map(|(path, text)| ((*path).to_string(), text.as_bytes().to_vec())));
    let table = Files::default();
    let sources = discover(&Snapshot::new(&tree, &table), &Config::default());
    let problem = |p: &driftline::model::Problem| {
        let at = table.locate(p.origin);
        format!("{}:{} {}: {}", at.path, at.line, p.rule, p.message)
    };
    let read = sources.sql.iter().flat_map(|s| &s.files).map(|f| f.path.to_string()).collect();
    (sources.problems.iter().map(problem).collect(), read)
}

#[test]
fn what_does_not_fit() {
    let four = |ends: [&'static str; 4]| ends.map(|end| (end, TABLE)).to_vec();
    let up = || four(["m/1_a.up.sql", "m/2_b.up.sql", "m/3_c.up.sql", "m/4_d.up.sql"]);
    let numbered = || four(["m/1_a.sql", "m/2_b.sql", "m/3_c.sql", "m/4_d.sql"]);
    let with = |mut files: Vec<(&'static str, &'static str)>, more: &[(&'static str, &'static str)]| {
        files.extend(more);
        files
    };
    let journal = |entries: &str| format!("{{\n\"dialect\": \"postgresql\",\n\"entries\": [\n{entries}\n]\n}}\n");
    let late = journal("{\"tag\": \"0_a\", \"when\": 10},\n{\"tag\": \"1_b\", \"when\": 10}");
    let missing = journal("{\"tag\": \"0_a\", \"when\": 10},\n{\"tag\": \"1_b\", \"when\": 20}");
    let fine = journal("{\"tag\": \"0_a\", \"when\": 10}");
    type Case<'a> = (&'a str, Vec<(&'a str, &'a str)>, Vec<&'a str>, usize);
    let cases: Vec<Case<'_>> = vec![
        (
            "golang-migrate without a dot",
            with(up(), &[("m/5_e_up.sql", MORE)]),
            vec![
                "m/5_e_up.sql:1 migration-ignored: `m/5_e_up.sql` is not named like `1_name.up.sql`: golang-migrate never runs it",
            ],
            4,
        ),
        (
            "the way back is told with the way there",
            with(
                up(),
                &[
                    ("m/5_e.up.sql", "alter table users add column b int;\n"),
                    ("m/6_f.up.sql", "alter table users add column c int;\n"),
                    ("m/7_g.up.sql", "alter table users add column d int;\n"),
                    ("m/8_h.up.sql", "alter table users add column e int;\n"),
                    ("m/9_i_up.sql", MORE),
                    ("m/9_i_down.sql", "alter table users drop column a;\n"),
                ],
            ),
            vec!["m/9_i_up.sql:1 migration-ignored"],
            8,
        ),
        (
            "golang-migrate without a number",
            with(up(), &[("m/add_e.sql", MORE)]),
            vec!["m/add_e.sql:1 migration-ignored"],
            4,
        ),
        (
            "views are loaded by somebody else",
            with(up(), &[("m/views.sql", "create view v as select 1;\n")]),
            vec![],
            4,
        ),
        ("rows are no migration", with(up(), &[("m/seed.sql", "insert into users values (1);\n")]), vec![], 4),
        ("a dump is no migration", with(up(), &[("m/schema.sql", TABLE)]), vec![], 4),
        ("a runner of its own", four(["m/V1.a.up.sql", "m/V2.b.up.sql", "m/V3.c.up.sql", "m/V4.d.up.sql"]), vec![], 4),
        (
            "goose without a number",
            with(numbered(), &[("m/5_e.sql", "-- +goose Up\nselect 1;\n"), ("m/e.sql", MORE)]),
            vec!["m/e.sql:1 migration-ignored: `m/e.sql` is not named like `1_name.sql`: goose stops at it"],
            5,
        ),
        ("an unknown runner", with(numbered(), &[("m/e.sql", TABLE)]), vec![], 4),
        (
            "Flyway",
            with(four(["m/V1__a.sql", "m/V2__b.sql", "m/V3__c.sql", "m/R__v.sql"]), &[("m/V4_d.sql", MORE)]),
            vec!["m/V4_d.sql:1 migration-ignored"],
            4,
        ),
        (
            "diesel",
            with(
                four([
                    "m/2020-01-01-000000_a/up.sql",
                    "m/2020-01-02-000000_b/up.sql",
                    "m/2020-01-03-000000_c/up.sql",
                    "m/2020-01-04-000000_d/up.sql",
                ]),
                &[("m/2020-01-05-000000_e/Up.sql", MORE), ("m/2020-01-04-000000_d/data.sql", MORE)],
            ),
            vec!["m/2020-01-05-000000_e/Up.sql:1 migration-ignored: `m/2020-01-05-000000_e/Up.sql` is not named like"],
            4,
        ),
        (
            "Prisma",
            with(
                four([
                    "m/2020_a/migration.sql",
                    "m/2021_b/migration.sql",
                    "m/2022_c/migration.sql",
                    "m/2023_d/migration.sql",
                ]),
                &[("m/2024_e/migrations.sql", MORE), ("m/2025_f.sql", MORE)],
            ),
            vec!["m/2025_f.sql:1 migration-ignored", "m/2024_e/migrations.sql:1 migration-ignored"],
            4,
        ),
        (
            "drizzle: a file without entry",
            vec![("d/meta/_journal.json", &fine), ("d/0_a.sql", TABLE), ("d/1_b.sql", MORE)],
            vec!["d/1_b.sql:1 migration-ignored: `d/1_b.sql` is not in `d/meta/_journal.json`: drizzle never runs it"],
            1,
        ),
        (
            "drizzle: an entry without file",
            vec![("d/meta/_journal.json", &missing), ("d/0_a.sql", TABLE)],
            vec![
                "d/meta/_journal.json:5 migration-journal-stale: `d/meta/_journal.json` lists `1_b`, and there is no `d/1_b.sql`",
            ],
            1,
        ),
        (
            "drizzle: a moment that is not later",
            vec![("d/meta/_journal.json", &late), ("d/0_a.sql", TABLE), ("d/1_b.sql", MORE)],
            vec!["d/meta/_journal.json:5 migration-journal-stale: `1_b` has the moment 10"],
            2,
        ),
        (
            "drizzle: marks of a merge",
            vec![("d/meta/_journal.json", "{\"entries\": [\n<<<<<<<\n"), ("d/0_a.sql", TABLE)],
            vec!["d/meta/_journal.json:1 migration-journal-stale: `d/meta/_journal.json` is no JSON"],
            1,
        ),
        (
            "Prisma: a lock for another engine",
            vec![
                ("p/migration_lock.toml", "# by hand\nprovider = \"mysql\" # x\n"),
                ("p/2020_a/migration.sql", "CREATE TABLE \"a\" (\"id\" SERIAL NOT NULL, \"b\" JSONB);\n"),
            ],
            vec![
                "p/migration_lock.toml:2 migration-journal-stale: `p/migration_lock.toml` says that the migrations are for MySQL, and they are written for PostgreSQL",
            ],
            1,
        ),
        (
            "Prisma: a lock that nothing speaks against",
            vec![
                ("p/migration_lock.toml", "provider = \"mysql\"\n"),
                ("p/2020_a/migration.sql", "CREATE TABLE a (id int);\n"),
            ],
            vec![],
            1,
        ),
        (
            "Atlas: nothing but a file",
            vec![("m/atlas.sum", ""), ("m/1_a.sql", TABLE)],
            vec!["m/atlas.sum:1 migration-journal-stale: `m/atlas.sum` does not begin with a sum"],
            1,
        ),
        (
            "Atlas: a file that is gone",
            vec![("m/atlas.sum", "h1:x\n0_z.sql h1:y\n1_a.sql h1:z\n"), ("m/1_a.sql", TABLE)],
            vec!["m/atlas.sum:2 migration-journal-stale: `m/atlas.sum` lists `0_z.sql`, which is not there"],
            1,
        ),
        (
            "Atlas: a file that was changed",
            vec![("m/atlas.sum", "h1:x\n1_a.sql h1:z\n"), ("m/1_a.sql", TABLE)],
            vec!["m/1_a.sql:1 migration-journal-stale: `m/1_a.sql` does not have the sum that `m/atlas.sum` gives"],
            1,
        ),
        (
            "Atlas: a file that asks to be left out",
            vec![
                ("m/atlas.sum", "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"),
                ("m/1_a.sql", "-- atlas:sum ignore\n\ncreate table users (id bigserial);\n"),
            ],
            vec![],
            1,
        ),
    ];
    for (name, files, expected, read) in cases {
        let (problems, replayed) = told(&files);
        assert_eq!(problems.len(), expected.len(), "{name}: {problems:#?}");
        for (problem, wanted) in problems.iter().zip(&expected) {
            assert!(problem.starts_with(wanted), "{name}: {problem}\n{wanted}");
        }
        assert_eq!(replayed.len(), read, "{name}: {replayed:?}");
    }
}
