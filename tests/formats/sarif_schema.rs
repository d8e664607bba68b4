//! SARIF against its published JSON Schema, and against what the standard says in words.
//!
//! The schema (draft 07, closed: a member that it does not name is refused) is read from the package `serde-sarif`, which
//! Cargo keeps among the sources of dependencies. Where Cargo cannot fetch packages the test says that it skips.

use std::path::PathBuf;
use std::process::Command;

use driftline::report::{Options, Report, sarif};
use serde_json::Value;

use super::bench::{Bench, everything, one};
use super::machines::{many, nastier, unread};
use super::support::{self, page};

/// The schema, from the package that the lock file names.
fn schema() -> Option<Value> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let words = ["metadata", "--locked", "--format-version", "1", "--manifest-path", manifest];
    let output = Command::new(cargo).args(words).output().ok().filter(|output| output.status.success())?;
    let metadata: Value = serde_json::from_slice(&output.stdout).ok()?;
    let package = metadata["packages"].as_array()?.iter().find(|package| package["name"] == "serde-sarif")?;
    let path = PathBuf::from(package["manifest_path"].as_str()?).with_file_name("src").join("schema.json");
    let text = std::fs::read_to_string(path).expect("the package has the schema");
    let mut schema = serde_json::from_str(&text).expect("the schema is JSON");
    for part in ["run", "toolComponent"] {
        // No regular expression (a bracket is closed that was never opened), and about a member that we do not write.
        let language: Option<&mut Value> =
            Value::pointer_mut(&mut schema, &format!("/definitions/{part}/properties/language"));
        language.and_then(Value::as_object_mut).expect(part).remove("pattern");
    }
    Some(schema)
}

fn reports() -> Vec<Report> {
    let all = Options { all: true, ..Options::default() };
    let benches = [Bench::new(), one(), everything(), nastier(), many(), unread()];
    let examples = page::all();
    let examples = examples.iter().map(|page| {
        let (base, head) = support::sides(&page.example);
        support::compare(&base, &head)
    });
    benches.into_iter().map(|bench| bench.report(all)).chain(examples).chain([commented()]).collect()
}

/// Accepted by a comment, with another comment that accepts nothing.
fn commented() -> Report {
    let mut report = everything().report(Options::default());
    let at = report.findings[0].head.as_ref().map(|place| place.at.clone());
    report.suppressed[0].at = at.clone();
    report.stale[0].at = at;
    report
}

#[test]
fn a_comment_that_accepts_is_a_suppression_in_the_source() {
    let log: Value = serde_json::from_str(&sarif::render(&commented(), false)).unwrap();
    let suppressed = log["runs"][0]["results"].as_array().unwrap().iter().find_map(|r| r["suppressions"].get(0));
    let suppressed = suppressed.unwrap();
    assert_eq!(suppressed["kind"], "inSource");
    assert_eq!(suppressed["justification"], "unused (until 2026-12-31)");
    let uri = "/physicalLocation/artifactLocation/uri";
    assert_eq!(suppressed["location"].pointer(uri), Some(&Value::from("api/openapi.yaml")));
    let note = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(note["locations"][0].pointer(uri), Some(&Value::from("api/openapi.yaml")), "{note}");
}

#[test]
fn every_log_is_valid() {
    let Some(schema) = schema() else {
        eprintln!("skipped: Cargo could not fetch the package that has the schema");
        return;
    };
    assert_eq!(schema["properties"]["version"]["enum"], serde_json::json!(["2.1.0"]));
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let mut results = 0;
    for report in reports() {
        let log: Value = serde_json::from_str(&sarif::render(&report, true)).expect("JSON");
        let errors: Vec<String> =
            validator.iter_errors(&log).map(|e| format!("{e} at {}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
        results += log["runs"][0]["results"].as_array().map_or(0, Vec::len);
    }
    assert!(results > 200, "{results}");
    let wrong = serde_json::json!({ "version": "2.1.0", "runs": [{ "tool": { "driver": { "nam": "x" } } }] });
    assert!(!validator.is_valid(&wrong));
}

/// What no schema can say: indexes and links lead somewhere, ends do not come before starts, paths are themselves again.
#[test]
fn every_log_means_something() {
    for report in reports() {
        let log: Value = serde_json::from_str(&sarif::render(&report, true)).expect("JSON");
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), report.findings.len() + report.suppressed.len());
        for result in results {
            let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
            assert_eq!(rule["id"], result["ruleId"]);
            let related = result["relatedLocations"].as_array().cloned().unwrap_or_default();
            let text = result["message"]["text"].as_str().unwrap();
            let linked = text.match_indices("](").count();
            assert_eq!(linked, related.len(), "{text}");
            for (index, location) in related.iter().enumerate() {
                assert_eq!(location["id"], index + 1);
                assert!(text.contains(&format!("]({})", index + 1)), "{text}");
            }
            for location in result["locations"].as_array().unwrap().iter().chain(&related) {
                let physical = &location["physicalLocation"];
                if physical.is_null() {
                    continue;
                }
                let region = |key: &str| physical["region"][key].as_u64().unwrap();
                let (start, end) =
                    ((region("startLine"), region("startColumn")), (region("endLine"), region("endColumn")));
                assert!(start <= end && start.0 > 0 && start.1 > 0, "{physical}");
                let side = physical["artifactLocation"]["uriBaseId"].as_str().unwrap();
                assert!(run["originalUriBaseIds"][side].is_object(), "{side}");
            }
        }
        let paths = results.iter().filter_map(|result| {
            result.pointer("/locations/0/physicalLocation/artifactLocation/uri")?.as_str().map(decoded)
        });
        let known = |path: &str| {
            let items = report.findings.iter().chain(report.suppressed.iter().map(|one| &one.item));
            items.filter_map(|item| item.place()).any(|place| &*place.at.path == path)
        };
        assert!(paths.into_iter().all(|path| known(&path)));
    }
}

/// A URI reference as a path again; anything but unreserved characters must be in per cent.
fn decoded(uri: &str) -> String {
    assert!(uri.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b)), "{uri}");
    let mut parts = uri.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend(part[2..].bytes());
    }
    String::from_utf8(bytes).unwrap()
}
