//! Drift between a property and its column: what is told, and what looks like drift and is none.

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

/// What the rules of that name say when the statements are run behind the base, given a contract.
fn after(contract: &str, base: &str, statements: &str, rules: &[&str]) -> Vec<String> {
    let api = ("openapi.yaml".to_string(), contract.to_string());
    let first = ("db/migrations/000001_all.up.sql".to_string(), base.to_string());
    let second = ("db/migrations/000002_all.up.sql".to_string(), statements.to_string());
    let report = support::compare(&[api.clone(), first.clone()], &[api, first, second]);
    let found = report.findings.iter().filter(|i| rules.contains(&i.finding.rule.id));
    found.map(|i| format!("{} {} {}", i.finding.severity.name(), i.finding.rule.id, i.finding.subject)).collect()
}

/// Users and their orders, both shown, with `DELETE /users/{id}`.
fn shop(delete: &str) -> String {
    let body =
        |name: &str| format!("content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}");
    format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths:\n  /users/{{id}}:\n    get: {{responses: {{'200': {{description: ok, {}}}}}}}\n    \
         delete: {{responses: {{{delete}}}}}\n  /orders:\n    get: {{responses: {{'200': {{description: ok, {}}}}}}}\ncomponents:\n  schemas:\n    \
         User: {{properties: {{id: {{type: integer}}, email: {{type: string}}, nickname: {{type: string}}}}}}\n    \
         Order: {{properties: {{id: {{type: integer}}, total_price: {{type: integer}}, placed_by: {{type: integer}}}}}}\n",
        body("User"),
        body("Order")
    )
}

#[test]
fn deletions() {
    const RULES: &[&str] = &["delete-cascades", "delete-refused"];
    const GONE: &str = "'204': {description: gone}";
    const CONFLICT: &str = "'204': {description: gone}, '409': {description: in use}";
    let key = |action: &str| {
        format!("ALTER TABLE orders ADD CONSTRAINT placed FOREIGN KEY (placed_by) REFERENCES users (id) {action};")
    };
    let again = |action: &str| format!("ALTER TABLE orders DROP CONSTRAINT placed; {}", key(action));
    let base = |more: &str| {
        format!(
            "CREATE TABLE users (id bigint PRIMARY KEY, email text, nickname text{});\n\
             CREATE TABLE orders (id bigint PRIMARY KEY, total_price integer, placed_by bigint);\n{more}",
            if more == "soft" { ", deleted_at timestamptz" } else { "" }
        )
        .replace("soft", "")
    };
    let notes = "CREATE TABLE notes (id bigint PRIMARY KEY, owner bigint REFERENCES users (id)";
    let lines = format!(
        "{}\nCREATE TABLE lines (id bigint PRIMARY KEY, customer bigint, order_id bigint REFERENCES orders (id) ON DELETE CASCADE);",
        key("ON DELETE CASCADE")
    );
    let cases: Vec<(&str, String, String, &[&str])> = vec![
        (GONE, key(""), again("ON DELETE CASCADE"), &["warning delete-cascades orders.placed_by"]),
        (GONE, String::new(), key("ON DELETE CASCADE"), &["warning delete-cascades orders.placed_by"]),
        (GONE, key("ON DELETE SET NULL"), again("ON DELETE CASCADE"), &["warning delete-cascades orders.placed_by"]),
        (GONE, "soft".into(), key("ON DELETE CASCADE"), &[]),
        (GONE, String::new(), format!("{notes} ON DELETE CASCADE);"), &[]),
        (GONE, key("ON DELETE CASCADE"), again("ON DELETE CASCADE ON UPDATE CASCADE"), &[]),
        (GONE, key("ON DELETE CASCADE"), again("ON DELETE RESTRICT"), &["warning delete-refused orders.placed_by"]),
        (GONE, key("ON DELETE CASCADE"), again(""), &["warning delete-refused orders.placed_by"]),
        (GONE, key("ON DELETE CASCADE"), again("ON DELETE SET NULL"), &[]),
        (GONE, key(""), again("ON DELETE RESTRICT"), &[]),
        (CONFLICT, key("ON DELETE CASCADE"), again(""), &[]),
        (GONE, String::new(), key(""), &["warning delete-refused orders.placed_by"]),
        (GONE, String::new(), format!("{notes});"), &["note delete-refused notes.owner"]),
        (GONE, key(""), format!("{notes});"), &[]),
        // Rows of `lines` go with `orders` already.
        (
            GONE,
            lines.clone(),
            "ALTER TABLE lines ADD FOREIGN KEY (customer) REFERENCES users (id) ON DELETE CASCADE;".into(),
            &[],
        ),
        (
            GONE,
            lines,
            "ALTER TABLE lines ADD FOREIGN KEY (customer) REFERENCES users (id);".into(),
            &["warning delete-refused lines.customer"],
        ),
        (GONE, key("ON DELETE CASCADE"), "ALTER TABLE orders RENAME TO purchases;".into(), &[]),
        (GONE, key("ON DELETE CASCADE"), "ALTER TABLE orders RENAME COLUMN placed_by TO buyer;".into(), &[]),
    ];
    for (delete, before, statements, expected) in cases {
        let found = after(&shop(delete), &base(&before), &statements, RULES);
        assert_eq!(found, expected, "{before} / {statements}");
    }
}

#[test]
fn objects_that_are_stored_as_json() {
    let body = "content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}";
    let get = format!("get: {{responses: {{'200': {{description: ok, {body}}}}}}}");
    let put = format!("put: {{requestBody: {{{body}}}, responses: {{'204': {{description: ok}}}}}}");
    let (both, get) = (format!("{get}\n    {put}"), get);
    let api = |operations: &str, settings: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths:\n  /users:\n    {operations}\ncomponents:\n  schemas:\n    User:\n      \
             properties:\n        email: {{type: string}}\n        nickname: {{type: string}}\n        settings: {{$ref: '#/components/schemas/Settings'}}\n    \
             Settings: {settings}\n"
        )
    };
    let plain = "{type: object, properties: {theme: {type: string, enum: [a, b]}}}";
    let required = "{type: object, required: [theme], properties: {theme: {type: string, enum: [a, b]}}}";
    let fewer = "{type: object, properties: {theme: {type: string, enum: [a]}}}";
    let more = "{type: object, properties: {theme: {type: string, enum: [a, b]}, size: {type: integer}}}";
    let update = "UPDATE users SET settings = '{}';";
    let cases = [
        (&both, plain, required, "jsonb", "", 1),
        (&both, plain, fewer, "json", "", 1),
        (&both, plain, more, "jsonb", "", 0),
        (&both, required, plain, "jsonb", "", 0),
        (&both, more, plain, "jsonb", "", 0),
        (&both, plain, required, "text", "", 1),
        (&both, plain, required, "jsonb", update, 0),
        // Nobody could send it: what the server stored is not known.
        (&get, plain, required, "jsonb", "", 0),
    ];
    for (operations, before, after, column, statements, expected) in cases {
        let table =
            format!("CREATE TABLE users (id bigint PRIMARY KEY, email text, nickname text, settings {column});");
        let first = ("db/migrations/000001_all.up.sql".to_string(), table);
        let second = ("db/migrations/000002_all.up.sql".to_string(), statements.to_string());
        let side = |settings| ("openapi.yaml".to_string(), api(operations, settings));
        let report = support::compare(&[side(before), first.clone()], &[side(after), first, second]);
        let found = report.findings.iter().filter(|i| i.finding.rule.id == "stored-json-outdated").count();
        assert_eq!(found, expected, "{before} {after} {column} {statements}");
    }
}

/// `POST /users` with the responses given, and the schemas of `User` and `Phone`.
fn creating(responses: &str, user: &str) -> String {
    let body = "content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}";
    format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths:\n  /users:\n    post: {{requestBody: {{{body}}}, responses: {{{responses}}}}}\n\
         components:\n  schemas:\n    User: {{properties: {{email: {{type: string}}, nickname: {{type: string}}{user}}}}}\n    \
         Phone: {{properties: {{number: {{type: string}}, extension: {{type: string}}}}}}\n"
    )
}

#[test]
fn conflicts() {
    const RULES: &[&str] = &["conflict-not-documented"];
    let users = "CREATE TABLE users (id bigint PRIMARY KEY, email text, nickname text, tenant_id bigint REFERENCES tenants (id), secret_word text);";
    let base = format!("CREATE TABLE tenants (id bigint PRIMARY KEY);\n{users}");
    let stored = "'204': {description: stored}";
    let cases: [(&str, &str, &[&str]); 10] = [
        (stored, "ALTER TABLE users ADD UNIQUE (email);", &["note conflict-not-documented users.email"]),
        (stored, "CREATE UNIQUE INDEX u ON users (email);", &["note conflict-not-documented users.email"]),
        (
            stored,
            "ALTER TABLE users ADD UNIQUE (tenant_id, email);",
            &["note conflict-not-documented users.tenant_id,email"],
        ),
        (
            stored,
            "ALTER TABLE users ADD UNIQUE (email, nickname);",
            &["note conflict-not-documented users.email,nickname"],
        ),
        (stored, "ALTER TABLE users ADD UNIQUE (email, secret_word);", &[]),
        (stored, "ALTER TABLE users ADD UNIQUE (tenant_id);", &[]),
        (stored, "CREATE UNIQUE INDEX u ON users (email) WHERE tenant_id IS NULL;", &[]),
        (stored, "CREATE INDEX u ON users (email);", &[]),
        ("'409': {description: taken}", "ALTER TABLE users ADD UNIQUE (email);", &[]),
        ("default: {description: any error}", "ALTER TABLE users ADD UNIQUE (email);", &[]),
    ];
    for (responses, statements, expected) in cases {
        assert_eq!(after(&creating(responses, ""), &base, statements, RULES), expected, "{responses} {statements}");
    }
    let base = format!("{base}\nALTER TABLE users ADD UNIQUE (email);");
    let wider = "ALTER TABLE users ADD UNIQUE (email, nickname);";
    assert_eq!(after(&creating(stored, ""), &base, wider, RULES), [""; 0], "implied by the key that is there");
}

#[test]
fn lists() {
    const RULES: &[&str] = &["list-stored-once"];
    const LIST: &str = "phones: {type: array, items: {$ref: '#/components/schemas/Phone'}}";
    let users = "CREATE TABLE users (id bigint PRIMARY KEY, email text, nickname text);\n";
    let phones =
        "CREATE TABLE phones (id bigint PRIMARY KEY, number text, extension text, user_id bigint REFERENCES users (id)";
    let cases = [
        (LIST, format!("{phones} UNIQUE);"), 1),
        (LIST, format!("{phones}, UNIQUE (user_id));").replace("id bigint PRIMARY KEY, number", "number"), 1),
        (LIST, format!("{phones});"), 0),
        (LIST, format!("{phones}, UNIQUE (user_id, number));"), 0),
        (LIST, format!("{phones}); CREATE UNIQUE INDEX main ON phones (user_id) WHERE extension IS NULL;"), 0),
        (LIST, format!("{phones} UNIQUE, lent_to bigint REFERENCES users (id));"), 0),
        (
            LIST,
            format!(
                "{phones} UNIQUE);\nCREATE TABLE shares (phone bigint REFERENCES phones (id), member bigint REFERENCES users (id));"
            ),
            0,
        ),
        ("phones: {$ref: '#/components/schemas/Phone'}", format!("{phones} UNIQUE);"), 0),
        (
            "phones: {type: array, maxItems: 1, items: {$ref: '#/components/schemas/Phone'}}",
            format!("{phones} UNIQUE);"),
            0,
        ),
        (
            "phones: {type: array, readOnly: true, items: {$ref: '#/components/schemas/Phone'}}",
            format!("{phones} UNIQUE);"),
            0,
        ),
    ];
    for (property, phones, expected) in cases {
        let contract = creating("'204': {description: stored}", &format!(", {property}"));
        let found = after(&contract, &format!("{users}{phones}"), "", RULES);
        assert_eq!(found.len(), expected, "{property} {phones}");
    }
}

#[test]
fn new_columns() {
    const RULES: &[&str] = &["column-not-settable", "required-column-not-supplied"];
    let base = "CREATE TABLE users (id bigint PRIMARY KEY, email text, nickname text);";
    let read = "  /users/{id}:\n    get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/UserDetails'}}}}}}\n";
    let set = "  /users/{id}/motto:\n    put: {requestBody: {content: {application/json: {schema: {properties: {motto: {type: string}}}}}}, responses: {'204': {description: ok}}}\n";
    let motto: &[&str] = &["note column-not-settable users.motto"];
    let cases: [(&str, &str, &str, &[&str]); 13] = [
        ("", "motto: {type: string}", "motto text", motto),
        (set, "motto: {type: string}", "motto text", &[]),
        ("", "motto: {type: string, readOnly: true}", "motto text", &[]),
        ("", "email: {type: string}", "motto text", &[]),
        ("", "motto: {type: string}", "motto text NOT NULL", motto),
        ("", "email: {type: string}", "motto text NOT NULL", &["note required-column-not-supplied users.motto"]),
        ("", "last_login_at: {type: string}", "last_login_at timestamptz", &[]),
        ("", "last_result: {type: string}", "last_result text", &[]),
        ("", "published: {type: string}", "published timestamptz", &[]),
        ("", "is_admin: {type: boolean}", "is_admin boolean NOT NULL DEFAULT false", &[]),
        ("", "friend: {type: integer}", "friend bigint REFERENCES users (id)", &[]),
        ("", "handle: {type: string}", "handle text GENERATED ALWAYS AS (lower(email)) STORED", &[]),
        ("", "number: {type: integer}", "number bigserial", &[]),
    ];
    for (paths, shown, column, expected) in cases {
        let contract = creating("'204': {description: stored}", "");
        let details = format!(
            "    UserDetails: {{properties: {{email: {{type: string}}, nickname: {{type: string}}, {shown}}}}}\n"
        );
        let contract = contract.replace("components:\n", &format!("{read}{paths}components:\n")) + &details;
        let found = after(&contract, base, &format!("ALTER TABLE users ADD COLUMN {column};"), RULES);
        assert_eq!(found, expected, "{shown} {column}");
    }
    // The old column in another spelling.
    let contract = creating("'204': {description: stored}", "")
        .replace("components:\n", &format!("{read}components:\n"))
        + "    UserDetails: {properties: {email: {type: string}, nickname: {type: string}, homeTown: {type: string}}}\n";
    let base = base.replace("nickname text", "nickname text, \"homeTown\" text");
    let again = "ALTER TABLE users DROP COLUMN \"homeTown\"; ALTER TABLE users ADD COLUMN home_town text;";
    assert_eq!(after(&contract, &base, again, RULES), [""; 0]);
}

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
