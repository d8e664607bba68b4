//! Which disagreements are new, which columns are lost, and what a column reaches.

use crate::{ONE, files, said, support};

/// One more attribute makes the link certain; what it shows was there before.
#[test]
fn a_link_that_becomes_certain_makes_no_old_disagreement_new() {
    let contract = |more: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths:\n  /people:\n    get:\n      responses:\n        '200':\n          description: ok\n          \
             content: {{application/json: {{schema: {{$ref: '#/components/schemas/Person'}}}}}}\ncomponents:\n  schemas:\n    Person:\n      \
             required: [motto]\n      properties:\n        motto: {{type: string}}\n        hobby: {{type: string}}\n        shoe: {{type: string}}\n{more}"
        )
    };
    let sql = |column: &str| {
        format!(
            "CREATE TABLE people (id bigint PRIMARY KEY, motto text{column}, hair_color text, eye_color text, hat_size text);\n"
        )
    };
    let more = "        hairColor: {type: string}\n        eyeColor: {type: string}\n        hatSize: {type: string}\n";
    let files =
        |more: &str, column: &str| [("openapi.yaml".to_string(), contract(more)), (ONE.to_string(), sql(column))];
    let status = |base: &[(String, String)], head: &[(String, String)]| -> Vec<&'static str> {
        let found = support::compare(base, head).findings;
        let found = found.iter().filter(|i| i.finding.rule.id == "nullability-disagrees");
        found.map(|i| i.finding.status.name()).collect()
    };
    assert_eq!(status(&files("", ""), &files(more, "")), ["existing"]);
    assert_eq!(status(&files("", " NOT NULL"), &files(more, "")), ["introduced"]);
    assert_eq!(status(&[], &files(more, "")), ["introduced"]);
}

/// One more schema that shows the column says nothing new about it.
#[test]
fn a_new_schema_makes_no_old_disagreement_of_the_column_new() {
    let base = files(true, "{type: string}", &[(ONE, "text")], "GET");
    let mut head = base.clone();
    let copy = "    UserDetails:\n      required: [value]\n      properties:\n        login_count: {type: integer}\n        \
                display_form: {type: string}\n        value: {type: string}\n    User:\n";
    head[0].1 = head[0].1.replace("    User:\n", copy);
    let get = "paths:\n  /summaries:\n    get: {responses: {'200': {description: ok, content: {application/json: \
               {schema: {$ref: '#/components/schemas/UserDetails'}}}}}}\n";
    head[0].1 = head[0].1.replace("paths:\n", get);
    let report = support::compare(&base, &head);
    let found = report.findings.iter().filter(|i| i.finding.rule.id == "nullability-disagrees");
    let found: Vec<_> = found.map(|i| (i.finding.subject.to_string(), i.finding.status.name())).collect();
    assert_eq!(found, [("UserDetails.value".to_string(), "existing")]);
}

/// The column of a property is nowhere any more: said once per column or table, and not where something new may hold it.
#[test]
fn properties_that_lose_their_column() {
    let lose = |statements: &str| -> Vec<(String, String)> {
        let base = files(false, "{type: string}", &[(ONE, "text")], "GET");
        let mut head = base.clone();
        head.push(("db/migrations/000002_change.up.sql".to_string(), statements.to_string()));
        let found = support::compare(&base, &head).findings;
        let found = found.iter().filter(|i| i.finding.rule.id == "property-without-column");
        found.map(|i| (i.finding.subject.to_string(), i.finding.message.clone())).collect()
    };
    let subjects = |statements: &str| lose(statements).into_iter().map(|(subject, _)| subject).collect::<Vec<_>>();
    assert_eq!(subjects("ALTER TABLE users DROP COLUMN value;"), ["User.value"]);
    let table = lose("DROP TABLE users;");
    assert_eq!(table.len(), 1, "{table:?}");
    assert!(table[0].1.contains("`User.login_count`, `User.display_form`, `User.value`"), "{table:?}");
    for quiet in [
        "ALTER TABLE users RENAME COLUMN value TO motto;",
        "ALTER TABLE users RENAME TO people;",
        "ALTER TABLE users DROP COLUMN value; CREATE TABLE mottos (user_id bigint, value text);",
        "ALTER TABLE users DROP COLUMN value, ADD COLUMN new_value text;",
        "ALTER TABLE users DROP COLUMN value; CREATE TABLE user_value (user_id bigint, content text);",
    ] {
        assert_eq!(subjects(quiet), [""; 0], "{quiet}");
    }
    // The twin in another database still has it.
    let twins = [("db/postgres/000001_users.up.sql", "text"), ("db/sqlite/000001_users.up.sql", "text")];
    let base = files(false, "{type: string}", &twins, "GET");
    let mut head = base.clone();
    let drop = "ALTER TABLE users DROP COLUMN value;".to_string();
    head.push(("db/postgres/000002_change.up.sql".to_string(), drop));
    assert_eq!(said(&base, &head), [""; 0]);
}

/// Sent somewhere in the body, under a name that leads there.
#[test]
fn required_columns_that_requests_hold() {
    let missing = |column: &str, more: &str| -> usize {
        let base = files(false, &format!("{{type: object, properties: {{{more}}}}}"), &[(ONE, "text")], "POST");
        let mut head = base.clone();
        let add = format!("ALTER TABLE users ADD COLUMN {column} text NOT NULL;");
        head.push(("db/migrations/000002_more.up.sql".to_string(), add));
        let count = |base: &[support::File], head: &[support::File]| {
            let report = support::compare(base, head).findings;
            report.iter().filter(|i| i.finding.rule.id == "required-column-not-supplied").count()
        };
        assert_eq!(count(&head, &head) + count(&[], &head), 0, "what is not new in a table that was there");
        count(&base, &head)
    };
    assert_eq!(missing("auth_type", "country: {type: string}"), 1);
    assert_eq!(missing("auth_type", "auth: {type: object, properties: {type: {type: string}}}"), 0);
    assert_eq!(missing("home_country", "country: {type: string}"), 0);
}

/// A finding about a column names the properties that show it and the operations behind them.
#[test]
fn a_column_reaches_operations() {
    let base = files(false, "{type: string}", &[(ONE, "varchar(300)")], "POST MEMBER");
    let mut head = base.clone();
    let narrow = "ALTER TABLE users ALTER COLUMN value TYPE varchar(100);".to_string();
    head.push(("db/migrations/000002_change.up.sql".to_string(), narrow));
    let found = support::compare(&base, &head).findings;
    let found = found.iter().find(|i| i.finding.rule.id == "column-length-changed").expect("a finding");
    assert_eq!(found.finding.links, ["User.value"]);
    let usages: Vec<String> =
        found.finding.usages.iter().map(|usage| format!("{} {}", usage.operation, usage.path)).collect();
    assert_eq!(usages, ["GET /users/{id} $.value", "POST /users $.value"]);
}
