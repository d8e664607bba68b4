//! Situations met in public histories, made small: what the whole pipeline says about two trees.

mod support;

use driftline::rules::Status;
use support::{File, compare};

/// `rule subject path:line` of what is introduced, in the order of the report; `-` without a location.
fn introduced(base: &[File], head: &[File]) -> Vec<String> {
    let report = compare(base, head);
    let new = report.findings.iter().filter(|f| f.finding.status == Status::Introduced);
    new.map(|f| {
        let place = f.head.as_ref().map_or("-".to_string(), |l| format!("{}:{}", l.at.path, l.at.line));
        format!("{} {} {place}", f.finding.rule.id, f.finding.subject)
    })
    .collect()
}

fn file(path: &str, text: &str) -> File {
    (path.to_string(), text.to_string())
}

fn contract(properties: &str) -> File {
    let text = format!(
        "openapi: 3.1.0
info: {{title: t, version: '1'}}
paths:
  /versions:
    get:
      operationId: listVersions
      responses:
        '200':
          description: Versions
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/Version'}}}}}}
        default: {{description: Error}}
components:
  schemas:
    Person: {{type: object, properties: {{login: {{type: string}}}}}}
    Version:
      type: object
      required: [number, checksum, published_by]
      properties:
        number: {{type: string}}
        checksum: {{type: string}}
{properties}
"
    );
    file("openapi.yaml", &text)
}

const VERSIONS: &str = "CREATE TABLE versions (
  id bigint PRIMARY KEY,
  number text NOT NULL,
  checksum text NOT NULL,
  published_by integer
);
";

#[test]
fn an_embedded_object_beside_an_id_is_no_drift() {
    let forms = [
        "        published_by: {$ref: '#/components/schemas/Person'}",
        "        published_by: {oneOf: [{type: 'null'}, {$ref: '#/components/schemas/Person'}]}",
        "        published_by: {allOf: [{$ref: '#/components/schemas/Person'}]}",
        "        published_by: {type: array, items: {$ref: '#/components/schemas/Person'}}",
    ];
    let table = file("db/migrations/000001_create.up.sql", VERSIONS);
    for form in forms {
        // What stood before is silent, and so is its return from an id to the object.
        for before in [form, "        published_by: {type: [integer, 'null']}"] {
            let base = [contract(before), table.clone()];
            let head = [contract(&format!("{form}\n        extra: {{type: string}}")), table.clone()];
            let drift: Vec<String> = introduced(&base, &head).into_iter().filter(|f| f.contains("disagrees")).collect();
            assert!(drift.is_empty(), "{before} to {form}: {drift:?}");
        }
    }
    let base = [contract("        published_by: {type: [integer, 'null']}"), table.clone()];
    let head = [contract("        published_by: {type: [string, 'null']}"), table];
    let said = introduced(&base, &head);
    assert!(said.iter().any(|f| f.starts_with("type-disagrees Version.published_by")), "{said:?}");
}

#[test]
fn what_several_dialects_say_is_one_finding() {
    let tree = |pg: &str, lite: &str| {
        vec![
            file(
                "db/postgres/0001_users.up.sql",
                "CREATE TABLE users (id bigserial PRIMARY KEY, name text NOT NULL, nick text);\nCREATE TABLE orders (id bigserial PRIMARY KEY);\n",
            ),
            file(
                "db/sqlite/0001_users.up.sql",
                "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, nick TEXT);\nCREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT);\n",
            ),
            file("db/postgres/0002_next.up.sql", pg),
            file("db/sqlite/0002_next.up.sql", lite),
        ]
    };
    let base: Vec<File> = tree("", "").into_iter().take(2).collect();
    let head = tree("ALTER TABLE users DROP COLUMN nick;\n", "ALTER TABLE users DROP COLUMN nick;\n");
    assert_eq!(introduced(&base, &head), ["column-dropped users.nick db/postgres/0002_next.up.sql:1"]);
    let report = compare(&base, &head);
    let message = &report.findings[0].finding.message;
    assert!(message.ends_with("The same for sqlite (db/sqlite/0002_next.up.sql:1)."), "{message}");
    // What only one of them does, and what they do differently, stays.
    let head = tree("ALTER TABLE users DROP COLUMN nick;\n", "ALTER TABLE users DROP COLUMN name;\n");
    let said = introduced(&base, &head);
    assert!(said.iter().any(|f| f.contains("users.nick db/postgres")), "{said:?}");
    assert!(said.iter().any(|f| f.contains("users.name db/sqlite")), "{said:?}");
    // Two databases that share one table are no twins.
    let other = |extra: &str| {
        vec![
            file("a/postgres/0001_users.up.sql", "CREATE TABLE users (id bigserial PRIMARY KEY, nick text);\n"),
            file(
                "b/sqlite/0001_users.up.sql",
                "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, nick TEXT);\nCREATE TABLE x (id INTEGER PRIMARY KEY);\nCREATE TABLE y (id INTEGER PRIMARY KEY);\n",
            ),
            file("a/postgres/0002_next.up.sql", extra),
            file("b/sqlite/0002_next.up.sql", extra),
        ]
    };
    let base: Vec<File> = other("").into_iter().take(2).collect();
    assert_eq!(introduced(&base, &other("ALTER TABLE users DROP COLUMN nick;\n")).len(), 2);
}

#[test]
fn a_column_that_a_rebuilt_table_lacks_is_found_at_the_rebuild() {
    let base = vec![file(
        "db/sqlite/0001_users.up.sql",
        "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, nick TEXT);\n",
    )];
    let mut head = base.clone();
    head.push(file(
        "db/sqlite/0002_next.up.sql",
        "CREATE TABLE users_new (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
INSERT INTO users_new SELECT id, name FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
",
    ));
    assert_eq!(introduced(&base, &head), ["column-dropped users.nick db/sqlite/0002_next.up.sql:1"]);
}

/// Messages of what is introduced.
fn messages(base: &[File], head: &[File]) -> Vec<String> {
    let report = compare(base, head);
    let new = report.findings.into_iter().filter(|f| f.finding.status == Status::Introduced);
    new.map(|f| f.finding.message).collect()
}

const TOTP: &str = "CREATE TABLE totp (id serial PRIMARY KEY, name text NOT NULL, secret text NOT NULL);\n";

#[test]
fn a_table_that_is_moved_aside_and_filled_anew_is_the_same_table() {
    let base = vec![file("db/migrations/0001_totp.up.sql", TOTP)];
    let with = |sql: &str| [base.clone(), vec![file("db/migrations/0002_next.up.sql", sql)]].concat();
    let anew = "ALTER TABLE totp RENAME TO _bkp_totp;
CREATE TABLE totp (id serial PRIMARY KEY, name text NOT NULL, secret bytea NOT NULL);
";
    let filled = with(&format!("{anew}INSERT INTO totp SELECT id, name, secret::bytea FROM _bkp_totp;\n"));
    let said = introduced(&base, &filled);
    assert!(said.iter().all(|f| !f.contains("renamed") && !f.contains("_bkp")), "{said:?}");
    assert!(said.iter().any(|f| f.starts_with("column-type-changed totp.secret")), "{said:?}");
    // Left empty, the old rows are out of reach.
    let said = introduced(&base, &with(anew));
    assert!(said.contains(&"table-renamed totp db/migrations/0002_next.up.sql:1".to_string()), "{said:?}");
}

#[test]
fn debt_that_goes_with_a_renamed_table_is_not_new() {
    let base = vec![file("db/migrations/0001_totp.up.sql", TOTP)];
    let head =
        [base.clone(), vec![file("db/migrations/0002_next.up.sql", "ALTER TABLE totp RENAME TO otp;\n")]].concat();
    assert_eq!(introduced(&base, &head), ["table-renamed totp db/migrations/0002_next.up.sql:1"]);
    let report = compare(&base, &head);
    let resolved = report.findings.iter().filter(|f| f.finding.status == Status::Resolved).count();
    assert_eq!(resolved, 0);
    assert!(report.findings[0].finding.message.ends_with("Affects code that writes it and code that reads it."));
}

#[test]
fn an_edited_migration_says_who_gets_its_changes() {
    let other = file("db/migrations/0002_next.up.sql", "CREATE TABLE other (id bigserial PRIMARY KEY);\n");
    let base = vec![file("db/migrations/0001_totp.up.sql", TOTP), other.clone()];
    let head = vec![file("db/migrations/0001_totp.up.sql", &TOTP.replace(", secret text NOT NULL", "")), other];
    let said = introduced(&base, &head);
    assert_eq!(
        said,
        [
            "column-dropped totp.secret db/migrations/0001_totp.up.sql:1",
            "migration-edited 0001_totp.up.sql db/migrations/0001_totp.up.sql:1",
        ]
    );
    let only_new = "Only new databases get this: `0001_totp.up.sql` is edited, and those that have run it keep what it did before.";
    assert!(messages(&base, &head).iter().any(|m| m.ends_with(only_new)));
}

#[test]
fn a_migration_that_was_renamed_and_edited_is_no_late_one() {
    let next = "CREATE TABLE other (id bigserial PRIMARY KEY);\n";
    let base =
        vec![file("db/migrations/0001_Totp.mysql.up.sql", TOTP), file("db/migrations/0002_next.mysql.up.sql", next)];
    let head = vec![
        file("db/migrations/0001_OneTime.mysql.up.sql", &TOTP.replace("secret text", "secret varchar(99)")),
        file("db/migrations/0002_next.mysql.up.sql", next),
    ];
    let said = introduced(&base, &head);
    assert!(said.iter().any(|f| f.starts_with("migration-edited 0001_OneTime")), "{said:?}");
    assert!(said.iter().all(|f| !f.contains("out-of-order") && !f.contains("migration-removed")), "{said:?}");
}

#[test]
fn a_column_that_is_filled_before_it_is_required_leaves_no_row_behind() {
    let base = vec![file("db/migrations/0001_totp.up.sql", TOTP)];
    let with = |sql: &str| [base.clone(), vec![file("db/migrations/0002_next.up.sql", sql)]].concat();
    let cases = [
        ("ALTER TABLE totp ADD COLUMN digits integer NOT NULL;\n", true),
        (
            "ALTER TABLE totp ADD COLUMN digits integer;\nUPDATE totp SET digits = 6 WHERE true;\nALTER TABLE totp ALTER COLUMN digits SET NOT NULL;\n",
            false,
        ),
    ];
    for (sql, rows) in cases {
        let said = messages(&base, &with(sql));
        let added: Vec<_> = said.iter().filter(|m| m.starts_with("New column `totp.digits`")).collect();
        assert_eq!(added.len(), 1, "{said:?}");
        assert_eq!(added[0].contains("existing rows"), rows, "{}", added[0]);
        assert_eq!(added[0].contains("rows already stored"), rows, "{}", added[0]);
    }
}

#[test]
fn an_enum_type_under_another_name_changes_no_value() {
    let base = vec![file(
        "prisma/migrations/20240101000000_one/migration.sql",
        "CREATE TYPE \"Kind\" AS ENUM ('a', 'b');\nCREATE TABLE \"Item\" (\"id\" BIGINT PRIMARY KEY, \"kind\" \"Kind\" NOT NULL);\n",
    )];
    let with =
        |sql: &str| [base.clone(), vec![file("prisma/migrations/20240201000000_two/migration.sql", sql)]].concat();
    assert_eq!(introduced(&base, &with("ALTER TYPE \"Kind\" RENAME TO \"ItemKind\";\n")), [""; 0]);
    let said = introduced(&base, &with("ALTER TYPE \"Kind\" ADD VALUE 'c';\n"));
    assert_eq!(said.len(), 1, "{said:?}");
}
