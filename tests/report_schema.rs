//! The JSON report against its published schema, `docs/report.schema.json`: over the examples of every rule page, and with
//! every field that the schema does not name refused.

mod support;

use driftline::report::json;
use serde_json::{Value, json};
use support::page;

/// The schema with all objects closed: a field that is printed must be described. Witness values stay free.
fn strict() -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/report.schema.json");
    let text = std::fs::read_to_string(path).expect("the schema is there");
    let mut schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
    close(&mut schema);
    schema
}

fn close(value: &mut Value) {
    if let Value::Object(map) = value {
        if map.get("type") == Some(&json!("object")) && map.contains_key("properties") {
            map.insert("additionalProperties".into(), json!(false));
        }
        map.values_mut().for_each(close);
    } else if let Value::Array(items) = value {
        items.iter_mut().for_each(close);
    }
}

#[test]
fn every_report_is_valid_and_every_field_is_described() {
    let schema = strict();
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let (mut reports, mut findings, mut wrong) = (0, 0, Vec::new());
    for page in page::all() {
        for fences in [&page.example, &page.quiet] {
            let (base, head) = support::sides(fences);
            let report: Value = serde_json::from_str(&json::render(&support::compare(&base, &head))).expect("JSON");
            reports += 1;
            findings += report["findings"].as_array().map_or(0, Vec::len);
            let errors = validator.iter_errors(&report);
            wrong.extend(errors.map(|e| format!("{}: {} at {}", page.id, e, e.instance_path())));
        }
    }
    assert!(reports > 200 && findings > 200, "{reports} reports with {findings} findings");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let schema = strict();
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let report: Value = serde_json::from_str(&json::render(&support::compare(&[], &[]))).expect("JSON");
    assert!(validator.is_valid(&report));
    for (pointer, value) in [
        ("/version", json!(2)),
        ("/verdict", json!("fine")),
        ("/counts/error", json!(-1)),
        ("/comparison/base/commit", json!("abc")),
        ("/findings", json!([{}])),
    ] {
        let mut changed = report.clone();
        *changed.pointer_mut(pointer).expect(pointer) = value;
        assert!(!validator.is_valid(&changed), "{pointer}");
    }
}
