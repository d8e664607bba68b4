//! Which columns and properties are linked, and which tempting pairs are not.

mod support;

use driftline::check::understand;
use driftline::config::Config;
use driftline::model::Link;
use driftline::revision::Tree;

/// A contract whose components are these, each given out by one operation.
fn contract(schemas: &[(&str, &str)]) -> String {
    let mut text = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n".to_string();
    for (name, _) in schemas {
        text.push_str(&format!(
            "  /{name}:\n    get:\n      responses:\n        '200':\n          description: ok\n          content:\n            \
             application/json:\n              schema: {{$ref: '#/components/schemas/{name}'}}\n"
        ));
    }
    text.push_str("components:\n  schemas:\n");
    for (name, properties) in schemas {
        text.push_str(&format!("    {name}:\n      type: object\n      properties:\n"));
        properties.split(", ").for_each(|p| text.push_str(&format!("        {p}\n")));
    }
    text
}

fn links(schemas: &[(&str, &str)], sql: &str) -> Vec<Link> {
    let files = [
        ("openapi.yaml".to_string(), contract(schemas).into_bytes()),
        ("db/migrations/000001_init.up.sql".to_string(), sql.as_bytes().to_vec()),
    ];
    let understood = understand(&Tree::from_memory("head", files), &Config::default());
    assert!(understood.model.problems.is_empty(), "{:?}", understood.model.problems);
    understood.links
}

/// `property=column` of the links that may drive an error.
fn certain(schemas: &[(&str, &str)], sql: &str) -> Vec<String> {
    let all = links(schemas, sql).into_iter();
    all.filter(|l| l.confidence >= driftline::link::CERTAIN).map(|l| format!("{}={}", l.property, l.column)).collect()
}

const USERS: &str =
    "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, display_name text, created_at timestamptz);";
const S: &str = "{type: string}";
const N: &str = "{type: integer}";

#[test]
fn forms_of_a_name_are_one_name() {
    let expected = ["email=users.email", "display=users.display_name", "created=users.created_at"];
    for (entity, display, created) in [
        ("User", "displayName", "createdAt"),
        ("Users", "display_name", "created_at"),
        ("UserResponse", "display-name", "created-at"),
        ("CreateUserRequest", "DisplayName", "CreatedAt"),
        ("api.v1.User", "displayName", "createdAt"),
    ] {
        let found = certain(&[(entity, &format!("email: {S}, {display}: {S}, {created}: {S}"))], USERS);
        let expected: Vec<String> = expected
            .iter()
            .map(|link| {
                let link = link.replace("display=", &format!("{display}=")).replace("created=", &format!("{created}="));
                format!("{entity}.{link}")
            })
            .collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn tables_are_found_behind_prefixes() {
    let sql = "CREATE TABLE app_users (id bigint, email text, phone text);
               CREATE TABLE app_orders (id bigint, item text);
               CREATE TABLE app_items (item_id bigint, item_title text, item_price text, item_weight text);";
    let schemas =
        [("User", format!("id: {N}, email: {S}, phone: {S}")), ("Item", format!("id: {N}, title: {S}, price: {S}"))];
    let schemas: Vec<(&str, &str)> = schemas.iter().map(|(n, p)| (*n, p.as_str())).collect();
    assert_eq!(
        certain(&schemas, sql),
        [
            "User.id=app_users.id",
            "User.email=app_users.email",
            "User.phone=app_users.phone",
            "Item.id=app_items.item_id",
            "Item.title=app_items.item_title",
            "Item.price=app_items.item_price",
        ]
    );
}

#[test]
fn false_friends_are_not_certain() {
    let unrelated =
        "CREATE TABLE jobs (id bigint, name text, status text, created_at timestamptz, payload text, retries int);";
    let cases: [(&str, String, &str); 7] = [
        ("common names alone", format!("id: {N}, name: {S}, status: {S}, createdAt: {S}"), unrelated),
        (
            "two tables of one name",
            format!("id: {N}, email: {S}, displayName: {S}"),
            "CREATE TABLE crm.users (id bigint, email text, display_name text);
             CREATE TABLE auth.users (id bigint, email text, display_name text);",
        ),
        (
            "the name of a table that holds something else",
            format!("login: {S}, avatarUrl: {S}, followers: {N}, bio: {S}, id: {N}"),
            "CREATE TABLE users (id bigint, host text, grants text, max_connections int, plugin text);",
        ),
        (
            "an item of a table without a table of its own",
            format!("sku: {S}, quantity: {N}, id: {N}"),
            "CREATE TABLE users (id bigint, total text); CREATE TABLE t (id bigint);",
        ),
        ("a slug in front of a number", format!("id: {S}, email: {N}"), USERS),
        ("a secret that is stored hashed", format!("password: {S}"), "CREATE TABLE users (id bigint, password text);"),
        ("an embedded object", "email: {type: object}".to_string(), USERS),
    ];
    for (what, properties, sql) in cases {
        let found: Vec<String> = certain(&[("User", &properties)], sql);
        assert_eq!(found, Vec::<String>::new(), "{what}");
    }
}

#[test]
fn twins_go_to_their_own_tables() {
    let sql = "CREATE TABLE artifacts (id bigint, digest text, size bigint);
               CREATE TABLE artifact_trash (id bigint, digest text, size bigint);";
    let properties = format!("digest: {S}, size: {N}");
    assert_eq!(
        certain(&[("Artifact", &properties), ("ArtifactTrash", &properties)], sql),
        [
            "Artifact.digest=artifacts.digest",
            "Artifact.size=artifacts.size",
            "ArtifactTrash.digest=artifact_trash.digest",
            "ArtifactTrash.size=artifact_trash.size",
        ]
    );
}

#[test]
fn attributes_find_the_table_when_the_name_does_not() {
    let sql = "CREATE TABLE acls (id bigint, principal_kind text, principal_ref text, role_ref text, granted_by text);
               CREATE TABLE users (id bigint, email text);";
    let properties = format!("principalKind: {S}, principalRef: {S}, roleRef: {S}, grantedBy: {S}");
    let found = links(&[("RoleMapping", &properties)], sql);
    assert_eq!(found.len(), 4);
    assert!(found.iter().all(|l| l.confidence < driftline::link::CERTAIN && l.confidence > 0.5), "{found:?}");
    assert!(found[0].reason.contains("nearly the same attributes"), "{}", found[0].reason);
}

#[test]
fn hints_decide() {
    let with_hint = contract(&[("Canvas", "title: {x-column: name}")])
        .replace("      type: object\n", "      type: object\n      x-table: workflows\n");
    let sql = "CREATE TABLE workflows (id bigint, name text); CREATE TABLE canvases (id bigint, title text);";
    let files = [
        ("openapi.yaml".to_string(), with_hint.into_bytes()),
        ("db/migrations/000001_init.up.sql".to_string(), sql.as_bytes().to_vec()),
    ];
    let found = understand(&Tree::from_memory("head", files), &Config::default()).links;
    let found: Vec<_> = found.iter().map(|l| (&*l.property, &*l.column, l.confidence)).collect();
    assert_eq!(found, [("Canvas.title", "workflows.name", 1.0)]);
}

/// Every table and schema with the same names: all pairs would be 250,000.
#[test]
fn many_entities_are_linked_in_little_time() {
    let names: Vec<String> = (0..500).map(|n| format!("Thing{n}x")).collect();
    let properties = format!("id: {N}, name: {S}, status: {S}, createdAt: {S}, owner: {S}");
    let schemas: Vec<(&str, &str)> = names.iter().map(|n| (n.as_str(), properties.as_str())).collect();
    let sql: String = (0..500)
        .map(|n| {
            format!("CREATE TABLE thing{n}x (id bigint, name text, status text, created_at timestamptz, owner text);\n")
        })
        .collect();
    assert_eq!(links(&schemas, &sql).len(), 2500);
}

#[test]
fn settled_links_come_first_and_forbid_guesses() {
    let sql = "CREATE TABLE workflows (id bigint PRIMARY KEY, label text, owner_email text);\n\
        CREATE TABLE users (id bigint PRIMARY KEY, email text, display_name text);";
    let schemas = [
        ("Canvas", "id: {type: integer}, label: {type: string}"),
        ("User", "id: {type: integer}, email: {type: string}, display_name: {type: string}"),
    ];
    let links = |settled: &str| -> Vec<String> {
        let files = [
            ("openapi.yaml".to_string(), contract(&schemas).into_bytes()),
            ("db/migrations/000001_init.up.sql".to_string(), sql.as_bytes().to_vec()),
        ];
        let config = driftline::config::parse(settled.as_bytes(), "driftline.yaml").expect(settled);
        let understood = understand(&Tree::from_memory("head", files), &config);
        let mut found: Vec<String> = understood
            .links
            .iter()
            .filter(|l| l.confidence >= driftline::link::CERTAIN)
            .map(|l| format!("{}={}", l.property, l.column))
            .collect();
        found.sort();
        found
    };
    let guessed = ["User.display_name=users.display_name", "User.email=users.email", "User.id=users.id"];
    assert_eq!(links(""), guessed);
    let canvas = ["Canvas.id=workflows.id", "Canvas.label=workflows.label"];
    assert_eq!(links("links: {Canvas: workflows}"), [&canvas[..], &guessed[..]].concat());
    assert_eq!(links("links: {User: none}"), Vec::<String>::new());
    assert_eq!(links("links: {User.email: none}"), ["User.display_name=users.display_name", "User.id=users.id"]);
    assert_eq!(
        links("links: {User.email: workflows.owner_email}"),
        ["User.display_name=users.display_name", "User.email=workflows.owner_email", "User.id=users.id"]
    );
}

#[test]
fn settled_names_that_do_not_exist_are_said() {
    let file = |path: &str, text: String| (path.to_string(), text);
    let files = [
        file("openapi.yaml", contract(&[("User", "email: {type: string}")])),
        file("db/migrations/000001_init.up.sql", USERS.to_string()),
        file("driftline.yaml", "links: {Usr: users, User.email: users.mail}\n".to_string()),
    ];
    let notes = support::compare(&files, &files).notes;
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(
        notes[0].contains("`users.mail`, which is no table or column of head; did you mean `users.email`?"),
        "{notes:?}"
    );
    assert!(notes[1].contains("`Usr`, which is no schema or property of head; did you mean `User`?"), "{notes:?}");
}
