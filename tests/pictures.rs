//! Pictures of the model: Mermaid and DOT say the same entities and lines, whatever the names hold.

use driftline::check::understand;
use driftline::config::Config;
use driftline::report::Revision;
use driftline::report::model::{Understood, dot, mermaid};
use driftline::revision::Tree;

const CONTRACT: &str = r##"
openapi: 3.0.3
info: {title: t, version: "1"}
paths: {}
components:
  schemas:
    User:
      type: object
      properties: {id: {type: integer}, email: {type: string}, full_name: {type: string}, team: {$ref: "#/components/schemas/Team"}}
    Team:
      type: object
      properties:
        "na\"me; drop%": {type: array, items: {$ref: "#/components/schemas/User"}}
"##;

const SQL: &str = "CREATE TABLE teams (id bigint PRIMARY KEY, price numeric(10,2));\n\
    CREATE TABLE users (id bigint PRIMARY KEY, email text, full_name text, team_id bigint REFERENCES teams (id));\n";

fn drawn(draw: fn(&Understood<'_>) -> String, sql: String) -> String {
    let files = [("openapi.yaml".to_string(), CONTRACT.into()), ("db/schema.sql".to_string(), sql.into_bytes())];
    let known = understand(&Tree::from_memory("HEAD", files), &Config::default());
    draw(&Understood {
        revision: Revision { spec: "HEAD".into(), commit: None },
        model: &known.model,
        sources: &known.sources,
        links: &known.links,
        files: &known.files,
        complete: true,
    })
}

#[test]
fn mermaid_draws_keys_references_and_links() {
    let text = drawn(mermaid::render, SQL.into());
    for line in [
        "e0[\"User\"] {",
        "bigint id PK \"id\"",
        "bigint team_id FK \"team_id\"",
        "numeric_10_2 price \"price\"",
        "array_of_User na_me__drop \"na me  drop\"",
        "e0 }o--|| e1 : \"team\"",
        "e3 }o--|| e2 : \"team_id\"",
        "e0 ||..|| e3 : \"shows\"",
    ] {
        assert!(text.lines().any(|l| l.trim() == line), "{line}\n{text}");
    }
}

#[test]
fn mermaid_stays_below_what_renderers_draw() {
    let many: String = (0..3_000)
        .map(|n| {
            format!("CREATE TABLE t{n} (id bigint PRIMARY KEY, parent bigint REFERENCES t{} (id), note text);\n", n / 2)
        })
        .collect();
    let text = drawn(mermaid::render, many.clone());
    assert!(text.len() <= 50_000, "{} bytes", text.len());
    assert!(text.lines().filter(|l| l.contains("}o--||")).count() <= 500);
    assert!(text.contains("%% attributes and some entities are left out"));
    assert!(drawn(dot::render, many).matches("[label=\"{t").count() >= 3_000);
}

#[test]
fn dot_escapes_what_records_read_as_markup() {
    let text = drawn(dot::render, SQL.into());
    assert!(text.contains("na\\\"me; drop%: array of User\\l"), "{text}");
    assert!(text.contains("e0 -> e3 [label=\"shows\", style=dashed];"), "{text}");
    assert_eq!(
        text.matches('{').count() - text.matches("\\{").count(),
        text.matches('}').count() - text.matches("\\}").count()
    );
}
