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
        "        published_by: {type: array, items: {type: integer}}",
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
