//! Traces: which way values take through both layers, and what is drawn of it.

use driftline::check::understand;
use driftline::config::Config;
use driftline::report::Revision;
use driftline::report::trace::{Traced, dot, json, mermaid, text};
use driftline::revision::Tree;
use driftline::trace::{Unknown, trace};

const CONTRACT: &str = r##"
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /users:
    get:
      responses:
        "200": {description: "", content: {application/json: {schema: {$ref: "#/components/schemas/UserList"}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/User"}}}}
      responses: {"204": {description: ""}}
components:
  schemas:
    UserList: {type: object, properties: {items: {type: array, items: {$ref: "#/components/schemas/User"}}, total: {type: integer}}}
    User:
      type: object
      required: [email]
      properties:
        id: {type: integer, format: int64, readOnly: true}
        email: {type: string, maxLength: 300}
        full_name: {type: string, maxLength: 50}
        password: {type: string, writeOnly: true}
"##;

const SQL: &str = "\
CREATE TABLE teams (id bigint PRIMARY KEY);
CREATE TABLE users (
    id bigint PRIMARY KEY,
    email varchar(255) NOT NULL UNIQUE,
    full_name varchar(80),
    password text,
    team_id bigint REFERENCES teams (id) ON DELETE CASCADE
);
CREATE VIEW people AS SELECT id, email FROM users;
";

fn draw(words: &str, render: fn(&Traced<'_>) -> String) -> Result<String, Unknown> {
    let files = [("openapi.yaml".to_string(), CONTRACT.into()), ("db/schema.sql".to_string(), SQL.into())];
    let known = understand(&Tree::from_memory("HEAD", files), &Config::default());
    let traces = trace(&known.model, &known.links, words)?;
    let revision = Revision { spec: "HEAD".into(), commit: None };
    Ok(render(&Traced { revision, words, traces: &traces, files: &known.files }))
}

#[track_caller]
fn is_drawn(words: &str, expected: &str) {
    let found = draw(words, text::render).expect("the subject is known");
    // The reasons of links are told by tests of their own.
    let found: Vec<&str> = found.lines().filter(|l| !l.contains("· link ")).collect();
    assert_eq!(found.join("\n"), expected.trim_matches('\n'), "{words}");
}

#[test]
fn a_column_is_followed_both_ways() {
    is_drawn(
        "users.email",
        "
HEAD: users.email

users.email  character varying(255), NOT NULL, unique
  db/schema.sql:4
  comes from
  └─ User.email  string, required, at most 300 characters
     · gets narrower: \"a×256\" has no place
     └─ POST /users  request body application/json  $.email
  goes to
  ├─ people.email  character varying(255), nullable  (view)
  └─ User.email  string, required, at most 300 characters
     · gets wider: it holds more than what comes
     └─ GET /users  response 200 application/json  $.items[].email
",
    );
    is_drawn(
        "users.team_id",
        "
HEAD: users.team_id

users.team_id  bigint, nullable, refers to teams.id, on delete cascade
  db/schema.sql:7
  comes from
  └─ nothing that is known: code or the database itself may write it
  goes to
  └─ nothing that is known
",
    );
}

#[test]
fn a_view_shows_where_it_reads() {
    let found = draw("people.email", text::render).expect("known");
    let order = ["comes from", "└─ users.email", "└─ User.email", "└─ POST /users", "goes to", "└─ nothing"];
    let mut rest = found.as_str();
    for part in order {
        let at = rest.find(part).unwrap_or_else(|| panic!("{part} is missing in {found}"));
        rest = &rest[at..];
    }
}

#[test]
fn a_property_has_only_the_ways_that_its_flows_allow() {
    is_drawn(
        "User.password",
        "
HEAD: User.password

User.password  string, optional, write only
  openapi.yaml:22
  comes from
  └─ POST /users  request body application/json  $.password
  goes to
  └─ users.password  text, nullable
     · gets wider: it holds more than what comes
",
    );
}

#[test]
fn an_operation_shows_what_it_carries() {
    let found = draw("GET /users", text::render).expect("known");
    for part in [
        "User.email  string, required, at most 300 characters  response 200 application/json  $.items[].email",
        "users.full_name",
    ] {
        assert!(found.contains(part), "{part}\n{found}");
    }
    assert!(!found.contains("password"), "{found}");
}

#[test]
fn subjects_are_named_in_several_ways() {
    let subjects = |words: &str| -> Vec<String> {
        let found = draw(words, json::render).expect("known");
        let found: serde_json::Value = serde_json::from_str(&found).expect("JSON");
        let traces = found["traces"].as_array().cloned().unwrap_or_default();
        traces.iter().map(|t| t["subject"].as_str().unwrap_or_default().to_string()).collect()
    };
    assert_eq!(subjects("users.email"), ["users.email"]);
    assert_eq!(subjects("USERS.Email"), ["users.email"]);
    assert_eq!(subjects("*.email"), ["User.email", "people.email", "users.email"]);
    assert_eq!(subjects("teams"), ["teams.id"]);
    assert_eq!(subjects("get /users"), ["GET /users"]);
    assert_eq!(draw("users.emial", text::render), Err(Unknown { near: Some("users.email".to_string()) }));
    assert_eq!(draw("zzz", text::render), Err(Unknown { near: None }));
}

#[test]
fn json_and_pictures_say_the_same_steps() {
    let found: serde_json::Value =
        serde_json::from_str(&draw("users.email", json::render).expect("known")).expect("JSON");
    let trace = &found["traces"][0];
    assert_eq!(trace["places"][0]["origin"]["line"], 4);
    let link = &trace["from"][0];
    assert_eq!((link["kind"].as_str(), link["fit"].as_str()), (Some("link"), Some("narrower")));
    assert_eq!(link["witness"].as_str().map(str::len), Some(256));
    assert_eq!(trace["from"][1]["path"], "$.email");
    let steps = trace["from"].as_array().map_or(0, Vec::len) + trace["to"].as_array().map_or(0, Vec::len);
    let mermaid = draw("users.email", mermaid::render).expect("known");
    let dot = draw("users.email", dot::render).expect("known");
    let arrows = |text: &str, arrow: &str| text.lines().filter(|l| l.contains(arrow)).count();
    assert_eq!(arrows(&mermaid, "-->") + arrows(&mermaid, "-.->"), steps);
    assert_eq!(arrows(&dot, " -> "), steps);
    assert!(mermaid.contains("p0[(\"users.email<br>character varying(255), NOT NULL\")]:::asked"), "{mermaid}");
    assert!(dot.contains("style=dashed"), "{dot}");
}
