//! What a change of keys, columns and stored objects does to what the contract documents.

use crate::support;

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
