//! Drift between a property and its column: what is told, and what looks like drift and is none.

mod support;

/// The rules that speak about `User.value` and `users.value`, with their levels.
fn told(required: bool, property: &str, sql: &[(&str, &str)], operation: &str) -> Vec<String> {
    let body = "content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}";
    let operation = match operation {
        "GET" => format!("get: {{responses: {{'200': {{description: ok, {body}}}}}}}"),
        other => {
            format!("{}: {{requestBody: {{{body}}}, responses: {{'204': {{description: ok}}}}}}", other.to_lowercase())
        }
    };
    let required = if required { "required: [value]" } else { "type: object" };
    let contract = format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths:\n  /users:\n    {operation}\ncomponents:\n  schemas:\n    User:\n      \
         {required}\n      properties:\n        login_count: {{type: integer}}\n        display_form: {{type: string}}\n        value: {property}\n"
    );
    let mut files = vec![("openapi.yaml".to_string(), contract)];
    for (path, column) in sql {
        let table = format!(
            "CREATE TABLE users (id bigint PRIMARY KEY, login_count integer, display_form text, value {column});\n"
        );
        files.push((path.to_string(), table));
    }
    let report = support::compare(&[], &files);
    let of_value = |subject: &str| subject.ends_with(".value");
    let found =
        report.findings.iter().filter(|i| i.finding.rule.category.name() == "drift" && of_value(&i.finding.subject));
    found.map(|i| format!("{} {}", i.finding.severity.name(), i.finding.rule.id)).collect()
}

const ONE: &str = "db/migrations/000001_users.up.sql";

#[test]
fn disagreements() {
    // required, property, column, operation, expected
    let cases: [(bool, &str, &str, &str, &[&str]); 19] = [
        (true, "{type: string}", "text", "GET", &["error nullability-disagrees"]),
        (true, "{type: string}", "text NOT NULL", "GET", &[]),
        (false, "{type: string}", "text", "GET", &[]),
        (true, "{type: string, nullable: true}", "text NOT NULL", "POST", &["warning nullability-disagrees"]),
        (false, "{type: string, nullable: true}", "text NOT NULL", "PATCH", &[]),
        (true, "{type: string, nullable: false}", "text NOT NULL", "POST", &[]),
        (true, "{allOf: [{type: string}], nullable: true}", "text", "GET", &[]),
        (false, "{type: string, maxLength: 300}", "varchar(255)", "POST", &["error length-disagrees"]),
        (false, "{type: string, maxLength: 255}", "varchar(255)", "POST", &[]),
        (false, "{type: string, enum: [a, b]}", "text CHECK (value IN ('a', 'c'))", "POST", &["error enum-disagrees"]),
        (false, "{type: string, enum: [in-review, open]}", "text CHECK (value IN ('in_review', 'open'))", "POST", &[]),
        (false, "{type: string, enum: [IN_REVIEW, OPEN]}", "text CHECK (value IN ('review', 'open'))", "GET", &[]),
        (false, "{type: integer, format: int64}", "integer", "POST", &["error integer-width-disagrees"]),
        (false, "{type: integer, format: int32}", "bigint", "GET", &["error integer-width-disagrees"]),
        (false, "{type: integer, format: int64}", "integer REFERENCES users (id)", "POST", &[]),
        (
            false,
            "{type: integer, format: int32}",
            "bigint REFERENCES users (id)",
            "GET",
            &["error integer-width-disagrees"],
        ),
        (false, "{type: string, format: uuid4}", "uuid", "POST", &[]),
        (false, "{type: string, format: date}", "uuid", "POST", &["warning format-disagrees"]),
        (false, "{type: string}", "uuid", "GET", &[]),
    ];
    for (required, property, column, operation, expected) in cases {
        assert_eq!(told(required, property, &[(ONE, column)], operation), expected, "{operation} {property} {column}");
    }
}

#[test]
fn several_databases_must_agree_that_a_column_is_null() {
    let sql = |postgres: &'static str, sqlite: &'static str| {
        [("db/postgres/000001_users.up.sql", postgres), ("db/sqlite/000001_users.up.sql", sqlite)]
    };
    assert_eq!(told(true, "{type: string}", &sql("text NOT NULL", "text"), "GET"), [""; 0]);
    assert_eq!(told(true, "{type: string}", &sql("text", "text"), "GET"), ["error nullability-disagrees"]);
}
