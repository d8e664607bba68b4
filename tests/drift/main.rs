//! Drift between a property and its column: what is told, and what looks like drift and is none.

mod keys;
mod standing;
#[path = "../support/mod.rs"]
mod support;

/// A contract and migrations in which `User.value` shows `users.value`.
fn files(required: bool, property: &str, sql: &[(&str, &str)], operation: &str) -> Vec<support::File> {
    let body = "content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}";
    let get = format!("get: {{responses: {{'200': {{description: ok, {body}}}}}}}");
    let write = |method: &str| {
        let method = method.to_lowercase();
        format!("{method}: {{requestBody: {{{body}}}, responses: {{'204': {{description: ok}}}}}}")
    };
    let operation = match operation {
        "GET" => get,
        "POST MEMBER" => format!("{}\n  /users/{{id}}:\n    {get}", write("POST")),
        "NESTED" => write("POST").replace(
            "schema: {$ref: '#/components/schemas/User'}",
            "schema: {type: object, properties: {user: {$ref: '#/components/schemas/User'}}}",
        ),
        other => write(other),
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
    files
}

/// What the drift rules say about `value` in the head, with their levels.
fn said(base: &[support::File], head: &[support::File]) -> Vec<String> {
    let report = support::compare(base, head);
    let found = report.findings.iter().filter(|i| i.finding.status != driftline::rules::Status::Resolved);
    let of_value = |subject: &str| subject.ends_with(".value");
    let found = found.filter(|i| i.finding.rule.category.name() == "drift" && of_value(&i.finding.subject));
    found.map(|i| format!("{} {}", i.finding.severity.name(), i.finding.rule.id)).collect()
}

fn told(required: bool, property: &str, sql: &[(&str, &str)], operation: &str) -> Vec<String> {
    // The same on both sides: what only a change can bring is not told.
    let files = files(required, property, sql, operation);
    said(&files, &files)
}

const ONE: &str = "db/migrations/000001_users.up.sql";
const COMPUTED: &str = "text GENERATED ALWAYS AS (lower(display_form)) STORED";
const LETTERS: &str = "{type: string, pattern: '^[a-z]+$'}";
const FOREIGN: &str = "bigint REFERENCES users (id)";
const LIST: &str = "{type: array, items: {type: string}}";
const MOMENT: &str = "{type: string, format: date-time}";
const ALWAYS: &str = "bigint GENERATED ALWAYS AS IDENTITY";

#[test]
fn disagreements() {
    // required, property, column, operation, expected
    let cases: &[(bool, &str, &str, &str, &[&str])] = &[
        (true, "{type: string}", "text", "GET", &["warning nullability-disagrees"]),
        (true, "{type: string}", "text NOT NULL", "GET", &[]),
        (true, "{type: string}", COMPUTED, "GET", &[]),
        (false, "{type: string}", "text", "GET", &[]),
        (true, "{type: string, nullable: true}", "text NOT NULL", "POST", &["warning nullability-disagrees"]),
        (false, "{type: string, nullable: true}", "text NOT NULL", "PATCH", &[]),
        (true, "{type: string, nullable: false}", "text NOT NULL", "POST", &[]),
        (false, "{type: string, enum: [OPEN, CANCELED]}", "text CHECK (value IN ('OPEN', 'CANCELLED'))", "POST", &[]),
        (true, "{allOf: [{type: string}], nullable: true}", "text", "GET", &[]),
        (false, "{type: string, maxLength: 300}", "varchar(255)", "POST", &["error length-disagrees"]),
        (false, "{type: string, maxLength: 255}", "varchar(255)", "POST", &[]),
        (false, "{type: string, enum: [a, b]}", "text CHECK (value IN ('a', 'c'))", "POST", &["error enum-disagrees"]),
        (false, "{type: string, enum: [in-review, open]}", "text CHECK (value IN ('in_review', 'open'))", "POST", &[]),
        (false, "{type: string, enum: [IN_REVIEW, OPEN]}", "text CHECK (value IN ('review', 'open'))", "GET", &[]),
        (false, "{type: integer, format: int64}", "integer", "POST", &["error integer-width-disagrees"]),
        (false, "{type: integer, format: int32}", "bigint", "GET", &["error integer-width-disagrees"]),
        (false, "{type: integer, format: uint64}", "bigint", "POST", &[]),
        (false, "{type: integer, format: uint16}", "integer", "GET", &[]),
        (false, "{type: integer, format: uint32}", "integer", "POST", &["error integer-width-disagrees"]),
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
        (false, "{type: string}", COMPUTED, "PATCH", &["warning generated-column-accepted"]),
        (false, "{type: string, readOnly: true}", COMPUTED, "POST", &[]),
        (false, "{type: string}", COMPUTED, "GET", &[]),
        (false, "{type: string}", COMPUTED, "NESTED", &[]),
        (true, "{type: integer}", ALWAYS, "POST MEMBER", &["warning generated-column-accepted"]),
        (false, "{type: integer}", ALWAYS, "POST MEMBER", &["note generated-column-accepted"]),
        (true, "{type: integer}", ALWAYS, "POST", &[]),
        (true, "{type: integer}", ALWAYS, "PUT", &[]),
        (true, "{type: integer}", "bigint GENERATED BY DEFAULT AS IDENTITY", "POST MEMBER", &[]),
        (true, "{type: integer}", "bigserial", "POST MEMBER", &[]),
        (false, "{type: string, default: a}", "text DEFAULT 'b'", "POST", &["warning default-disagrees"]),
        (false, "{type: string, default: it's}", "text DEFAULT 'it''s'::text", "POST", &[]),
        (false, "{type: string, default: a}", "text DEFAULT 'b'", "PATCH", &[]),
        (false, "{type: string, default: a}", "text DEFAULT 'b'", "NESTED", &[]),
        (false, "{type: string, default: a}", "text DEFAULT 'b'", "GET", &[]),
        (true, "{type: string, default: a}", "text NOT NULL DEFAULT 'b'", "POST", &[]),
        (false, "{type: string, default: a}", "text DEFAULT lower('B')", "POST", &[]),
        (false, "{type: string, default: a}", "text", "POST", &[]),
        (false, "{type: string, default: a}", "text NOT NULL DEFAULT ''", "POST", &[]),
        (false, "{type: string, default: IN_REVIEW}", "text DEFAULT 'in-review'", "POST", &[]),
        (false, "{type: string, enum: [A, B], default: A}", "text DEFAULT 'none'", "POST", &[]),
        (false, "{type: boolean, default: true}", "boolean DEFAULT '0'", "POST", &["warning default-disagrees"]),
        (false, "{type: boolean, default: true}", "boolean DEFAULT 't'", "POST", &[]),
        (
            false,
            "{type: integer, default: 10}",
            "integer DEFAULT '20'::integer",
            "POST",
            &["warning default-disagrees"],
        ),
        (false, "{type: number, default: 1}", "numeric(4,1) DEFAULT 1.0", "POST", &[]),
        (false, "{type: integer, minimum: 0, default: 10}", "integer DEFAULT -1", "POST", &[]),
        (false, "{type: integer, minimum: 0}", "integer CHECK (value >= 18)", "POST", &["error range-disagrees"]),
        (false, "{type: integer, minimum: 0}", "integer CHECK (value > -1)", "POST", &[]),
        (false, "{type: integer, minimum: 0}", "integer CHECK (value <= 99)", "POST", &[]),
        (false, "{type: integer, minimum: 0}", "smallint", "POST", &[]),
        (false, "{type: integer, format: uint8, minimum: 0}", "integer CHECK (value > 0)", "POST", &[]),
        (false, "{type: integer, maximum: 9}", "integer CHECK (value <= 99)", "GET", &["warning range-disagrees"]),
        (false, "{type: integer, maximum: 99}", "integer CHECK (value <= 99)", "GET", &[]),
        (false, "{type: integer, format: int32}", "integer CHECK (value >= 18)", "POST", &[]),
        (
            false,
            "{type: number, minimum: -1, maximum: 9}",
            "numeric CHECK (value > 0)",
            "POST",
            &["error range-disagrees"],
        ),
        (false, "{type: number, format: double}", "numeric(30,10)", "GET", &["warning precision-disagrees"]),
        (false, "{type: number, format: float}", "numeric(10,2)", "GET", &["warning precision-disagrees"]),
        (false, "{type: number, format: double}", "numeric(15,2)", "GET", &[]),
        (false, "{type: number}", "numeric(30,10)", "GET", &[]),
        (false, "{type: number, format: double}", "numeric", "GET", &[]),
        (false, "{type: number, format: double}", "numeric(30,10)", "POST", &[]),
        (false, LETTERS, "text CHECK (value ~ '^[a-z]+$')", "POST", &[]),
        (false, LETTERS, "text CHECK (value ~ '^[a-f]+$')", "POST", &["error pattern-disagrees"]),
        (false, LETTERS, "text CHECK (value ~ '^[a-f]+$')", "GET", &[]),
        (false, LETTERS, "text CHECK (value ~ '^[a-z0-9]+$')", "GET", &["warning pattern-disagrees"]),
        (false, LETTERS, "text CHECK (value ~* '^[a-f]+$')", "POST", &[]),
        (false, LETTERS, "text CHECK (value ~ '^[a-f]+$' OR value = 'Z')", "POST", &[]),
        (
            false,
            "{type: string, enum: [a, B]}",
            "text CHECK (value ~ '^[a-z]+$')",
            "POST",
            &["error pattern-disagrees"],
        ),
        (false, "{type: string}", "text CHECK (value ~ '^[a-z]+$')", "POST", &[]),
        (false, "{type: string, minLength: 1}", "text CHECK (length(value) >= 3)", "POST", &["error range-disagrees"]),
        (false, "{type: string, minLength: 3}", "text CHECK (length(value) >= 3)", "POST", &[]),
        (false, "{type: string, maxLength: 9}", "text CHECK (length(value) >= 3)", "POST", &[]),
    ];
    for &(required, property, column, operation, expected) in cases {
        assert_eq!(told(required, property, &[(ONE, column)], operation), expected, "{operation} {property} {column}");
    }
}

#[test]
fn several_databases_must_agree_that_a_column_is_null() {
    let sql = |postgres: &'static str, sqlite: &'static str| {
        [("db/postgres/000001_users.up.sql", postgres), ("db/sqlite/000001_users.up.sql", sqlite)]
    };
    assert_eq!(told(true, "{type: string}", &sql("text NOT NULL", "text"), "GET"), [""; 0]);
    assert_eq!(told(true, "{type: string}", &sql("text", "text"), "GET"), ["warning nullability-disagrees"]);
    // A folder of one engine may lag behind another; what one of two engines refuses is told.
    let long = "{type: string, maxLength: 300}";
    let twins = |a: &'static str, b: &'static str| [(a, "varchar(255)"), (b, "varchar(300)")];
    let copies = twins("a/postgres/000001_users.up.sql", "b/postgres/000001_users.up.sql");
    assert_eq!(told(false, long, &copies, "POST"), [""; 0]);
    let engines = twins("db/postgres/000001_users.up.sql", "db/mysql/000001_users.up.sql");
    assert_eq!(told(false, long, &engines, "POST"), ["error length-disagrees"]);
}

/// Property and column before, property and column after, operation, what the change brings.
type Change = ((&'static str, &'static str), (&'static str, &'static str), &'static str, &'static [&'static str]);

#[test]
fn what_a_change_brings() {
    let cases: &[Change] = &[
        (
            ("{type: string}", "text"),
            ("{type: string}", "text CHECK (value IN ('a', 'b'))"),
            "POST",
            &["note condition-missing"],
        ),
        (("{type: string}", "text"), ("{type: string}", "text CHECK (value IN ('a', 'b'))"), "GET", &[]),
        (
            ("{type: string}", "text"),
            ("{type: string, pattern: '^[ab]$'}", "text CHECK (value IN ('a', 'b'))"),
            "POST",
            &[],
        ),
        (
            ("{type: string}", "text CHECK (value IN ('a', 'b'))"),
            ("{type: string}", "text CHECK (value IN ('a', 'b', 'c'))"),
            "POST",
            &[],
        ),
        (
            ("{type: string, enum: [a, b]}", "text CHECK (value IN ('a', 'b'))"),
            ("{type: string}", "text CHECK (value IN ('a', 'b'))"),
            "POST",
            &["note condition-missing"],
        ),
        (("{type: integer}", "integer"), ("{type: integer}", "smallint"), "POST", &[]),
        (
            ("{type: integer}", "integer"),
            ("{type: integer}", "integer CHECK (value >= 0)"),
            "POST",
            &["note condition-missing"],
        ),
        (("{type: string}", "text"), ("{type: string}", "text CHECK (value <> '')"), "POST", &[]),
        (
            ("{type: string}", "text NOT NULL"),
            ("{type: string}", "text NOT NULL CHECK (value <> '')"),
            "POST",
            &["note condition-missing"],
        ),
        (("{type: string}", "text"), ("{type: string, format: uri}", "text CHECK (value <> '')"), "POST", &[]),
        (
            ("{type: string}", "text"),
            ("{type: string}", "text CHECK (value ~ '^a')"),
            "POST",
            &["note condition-missing"],
        ),
        (("{type: string}", "text"), ("{type: string}", "varchar(50)"), "POST", &["note max-length-missing"]),
        (("{type: string}", "varchar(50)"), ("{type: string}", "varchar(90)"), "POST", &[]),
        (("{type: string}", "text"), ("{type: string}", "integer"), "POST", &["error type-disagrees"]),
        (("{type: string}", "integer"), ("{type: string}", "bigint"), "POST", &[]),
        (("{type: string}", "text"), ("{type: string}", "jsonb"), "POST", &["warning type-disagrees"]),
        (("{type: string}", "text"), ("{type: string}", "jsonb"), "GET", &[]),
        (("{type: string}", "text"), ("{type: object}", "jsonb"), "POST", &[]),
        (("{type: string}", "json"), ("{type: string}", "jsonb"), "POST", &[]),
        (("{type: integer}", "integer"), (LIST, "integer"), "POST", &["warning type-disagrees"]),
        (("{type: string, format: uuid}", "uuid"), (LIST, "uuid"), "GET", &["warning type-disagrees"]),
        (("{type: integer}", FOREIGN), ("{type: object}", FOREIGN), "GET", &[]),
        (("{type: integer}", "integer"), ("{type: object}", "integer"), "GET", &[]),
        (("{type: string}", "text"), (LIST, "text"), "POST", &[]),
        (("{type: integer}", "integer"), ("{type: array, items: {type: object}}", "integer"), "POST", &[]),
        ((LIST, "integer"), (LIST, "bigint"), "POST", &[]),
        (("{type: string}", "text"), ("{type: string}", "text[]"), "POST", &["error type-disagrees"]),
        ((MOMENT, "timestamptz"), (MOMENT, "timestamp"), "POST", &["note time-zone-lost"]),
        (("{type: string}", "timestamp"), (MOMENT, "timestamp"), "POST", &["note time-zone-lost"]),
        ((MOMENT, "timestamptz"), (MOMENT, "timestamp"), "GET", &[]),
        ((MOMENT, "timestamp"), (MOMENT, "timestamp(3)"), "POST", &[]),
        ((MOMENT, "timestamptz"), (MOMENT, "timestamptz(3)"), "POST", &[]),
    ];
    for (before, after, operation, expected) in cases {
        let side = |(property, column): (&str, &str)| files(false, property, &[(ONE, column)], operation);
        let (base, head) = (side(*before), side(*after));
        assert_eq!(said(&base, &head), *expected, "{operation} {before:?} {after:?}");
        assert_eq!(said(&head, &head).iter().filter(|said| expected.contains(&said.as_str())).count(), 0, "{after:?}");
    }
}
