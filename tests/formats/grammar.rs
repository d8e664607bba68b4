//! Formats without a schema to be had: grammars in our own words, from what their readers and writers document, and
//! readers of others where there are any.

use driftline::report::{Options, Report, checkstyle, github, gitlab, json, junit, rdjson, short};
use roxmltree::{Document, Node};
use serde_json::{Value, json as value};

use super::bench::{Bench, everything, one};
use super::machines::{many, nastier, unread};

fn reports() -> Vec<Report> {
    let benches = [Bench::new(), one(), everything(), nastier(), many(), unread()];
    benches.into_iter().map(|bench| bench.report(Options { all: true, ..Options::default() })).collect()
}

#[track_caller]
fn valid(schema: &Value, document: &Value) {
    let validator = jsonschema::validator_for(schema).expect("the schema is a schema");
    let errors: Vec<String> =
        validator.iter_errors(document).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{}\n{document:#}", errors.join("\n"));
}

/// `DiagnosticResult` of the protocol definition of reviewdog (proto/rdf/reviewdog.proto), closed.
fn reviewdog() -> Value {
    let position = value!({
        "type": "object", "additionalProperties": false, "required": ["line"],
        "properties": { "line": { "type": "integer", "minimum": 1 }, "column": { "type": "integer", "minimum": 1 } },
    });
    let location = value!({
        "type": "object", "additionalProperties": false, "required": ["path"],
        "properties": {
            "path": { "type": "string", "minLength": 1 },
            "range": {
                "type": "object", "additionalProperties": false, "required": ["start"],
                "properties": { "start": position, "end": position },
            },
        },
    });
    let named = |key: &str| {
        value!({
            "type": "object", "additionalProperties": false, "required": [key],
            "properties": { key: { "type": "string", "minLength": 1 }, "url": { "type": "string", "format": "uri" } },
        })
    };
    value!({
        "type": "object", "additionalProperties": false, "required": ["diagnostics"],
        "$defs": { "diagnostic": {
            "type": "object", "additionalProperties": false, "required": ["message", "location"],
            "properties": {
                "message": { "type": "string", "minLength": 1 },
                "location": location,
                "severity": { "enum": ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"] },
                "source": named("name"),
                "code": named("value"),
                "suggestions": { "type": "array", "minItems": 1, "items": {
                    "type": "object", "additionalProperties": false, "required": ["range", "text"],
                    "properties": { "range": location["properties"]["range"], "text": { "type": "string" } },
                } },
                "original_output": { "type": "string" },
                "related_locations": { "type": "array", "items": {
                    "type": "object", "additionalProperties": false, "required": ["location"],
                    "properties": { "message": { "type": "string" }, "location": location },
                } },
            },
        } },
        "properties": {
            "source": named("name"),
            "severity": { "enum": ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"] },
            "diagnostics": { "type": "array", "items": { "$ref": "#/$defs/diagnostic" } },
        },
    })
}

#[test]
fn reviewdog_reads_every_diagnostic() {
    let schema = reviewdog();
    let mut single = schema.clone();
    single["$ref"] = value!("#/$defs/diagnostic");
    for key in ["type", "additionalProperties", "required", "properties"] {
        single.as_object_mut().unwrap().remove(key);
    }
    for report in reports() {
        let document: Value = serde_json::from_str(&rdjson::render(&report, true)).unwrap();
        valid(&schema, &document);
        let lines = rdjson::render_lines(&report, true);
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines.iter().for_each(|line| valid(&single, line));
        let mut same = document["diagnostics"].as_array().unwrap().clone();
        same.iter_mut().for_each(|diagnostic| diagnostic["source"] = document["source"].clone());
        assert_eq!(lines, same);
    }
    let wrong = value!({ "diagnostics": [{ "message": "x", "location": { "path": "a", "line": 1 } }] });
    assert!(!jsonschema::validator_for(&schema).unwrap().is_valid(&wrong));
}

/// What GitLab documents of a Code Quality report; the path has no `./` and no way out.
#[test]
fn gitlab_reads_every_entry() {
    let schema = value!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": { "type": "string", "minLength": 1, "pattern": "^[^\\n\\r]*$" },
                "check_name": { "type": "string", "minLength": 1 },
                "fingerprint": { "type": "string", "minLength": 1 },
                "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
                "location": {
                    "type": "object", "required": ["path", "lines"],
                    "properties": {
                        "path": { "type": "string", "minLength": 1, "not": { "pattern": "^(\\./|/|\\.\\.)" } },
                        "lines": {
                            "type": "object", "required": ["begin"],
                            "properties": { "begin": { "type": "integer", "minimum": 1 } },
                        },
                    },
                },
            },
        },
    });
    for report in reports() {
        let text = gitlab::render(&report, true);
        let document: Value = serde_json::from_str(&text).unwrap();
        valid(&schema, &document);
        let mut marks: Vec<&str> =
            document.as_array().unwrap().iter().filter_map(|entry| entry["fingerprint"].as_str()).collect();
        let count = marks.len();
        marks.sort_unstable();
        marks.dedup();
        assert_eq!(marks.len(), count, "fingerprints are unique");
    }
}

/// An element: its name, the attributes that it must and may have, its children, whether it holds text.
type Element = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str], bool);

/// What checkstyle writes.
const CHECKSTYLE: &[Element] = &[
    ("checkstyle", &["version"], &[], &["file"], false),
    ("file", &["name"], &[], &["error"], false),
    ("error", &["line", "severity", "message", "source"], &["column"], &[], false),
];

/// What the schema of the xUnit plug-in of Jenkins takes, without what we have no use for.
const JUNIT: &[Element] = &[
    ("testsuites", &["name", "tests", "failures", "errors"], &[], &["testsuite"], false),
    ("testsuite", &["name", "tests", "failures", "errors", "skipped"], &[], &["testcase"], false),
    ("testcase", &["classname", "name"], &["file"], &["failure", "error", "system-out"], false),
    ("failure", &["message", "type"], &[], &[], true),
    ("error", &["message", "type"], &[], &[], true),
    ("system-out", &[], &[], &[], true),
];

/// Elements are read by a stack: the depth of documents is ours, the habit stays.
fn fits(text: &str, grammar: &[Element]) {
    let document = Document::parse(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    assert_eq!(document.root_element().tag_name().name(), grammar[0].0);
    let mut open: Vec<Node> = vec![document.root_element()];
    while let Some(node) = open.pop() {
        let name = node.tag_name().name();
        let element = grammar.iter().find(|element| element.0 == name);
        let (_, must, may, children, holds) = element.unwrap_or_else(|| panic!("<{name}> is not in the grammar"));
        for attribute in node.attributes() {
            assert!(must.contains(&attribute.name()) || may.contains(&attribute.name()), "{name} {}", attribute.name());
        }
        must.iter().for_each(|attribute| assert!(node.has_attribute(*attribute), "<{name}> without {attribute}"));
        for child in node.children() {
            match child.is_element() {
                true => assert!(children.contains(&child.tag_name().name()), "{:?} in <{name}>", child.tag_name()),
                false => assert!(*holds || child.text().is_some_and(|text| text.trim().is_empty()), "text in <{name}>"),
            }
        }
        open.extend(node.children().filter(Node::is_element));
    }
}

#[test]
fn checkstyle_is_what_checkstyle_writes() {
    for report in reports() {
        let text = checkstyle::render(&report, true);
        fits(&text, CHECKSTYLE);
        let document = Document::parse(&text).unwrap();
        for error in document.descendants().filter(|node| node.has_tag_name("error")) {
            let number = |name: &str| error.attribute(name).unwrap().parse::<u32>().unwrap();
            assert!(number("line") > 0 && number("column") > 0);
            assert!(["error", "warning", "info", "ignore"].contains(&error.attribute("severity").unwrap()));
            assert!(error.attribute("source").unwrap().starts_with("driftline."));
        }
    }
}

#[test]
fn junit_is_read_by_others_and_its_numbers_are_true() {
    for report in reports() {
        let text = junit::render(&report, true);
        fits(&text, JUNIT);
        let read = quick_junit::Report::deserialize_from_str(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert!(read.tests > 0, "an empty report fails in several systems");
        let document = Document::parse(&text).unwrap();
        let cases = |node: &Node, name: &str| {
            let inside = node.descendants().filter(|n| n.has_tag_name("testcase"));
            match name {
                "tests" => inside.count(),
                "failures" => inside.filter(|n| n.children().any(|c| c.has_tag_name("failure"))).count(),
                _ => inside.filter(|n| n.children().any(|c| c.has_tag_name("error"))).count(),
            }
        };
        for node in document.descendants().filter(|n| n.has_tag_name("testsuite") || n.has_tag_name("testsuites")) {
            for name in ["tests", "failures", "errors"] {
                assert_eq!(node.attribute(name), Some(cases(&node, name).to_string().as_str()), "{name}");
            }
        }
        let named = |node: Node| format!("{:?} {:?}", node.attribute("classname"), node.attribute("name"));
        let mut names: Vec<String> = document.descendants().filter(|n| n.has_tag_name("testcase")).map(named).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count, "cases have names of their own");
    }
}

/// A workflow command as the runner reads it: level, properties, message, unescaped.
pub fn command(line: &str) -> (String, Vec<(String, String)>, String) {
    let (command, message) = line.strip_prefix("::").and_then(|rest| rest.split_once("::")).expect(line);
    let (level, properties) = command.split_once(' ').unwrap_or((command, ""));
    let data = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let property = |text: &str| data(&text.replace("%3A", ":").replace("%2C", ","));
    let pair = |text: &str| text.split_once('=').map(|(name, text)| (name.to_string(), property(text))).expect(line);
    (level.to_string(), properties.split(',').map(pair).collect(), data(message))
}

#[test]
fn every_annotation_is_a_command_of_its_own() {
    for report in reports() {
        let text = github::render(&report, true);
        assert!(!text.is_empty());
        for line in text.lines() {
            let (level, properties, message) = command(line);
            assert!(["error", "warning", "notice"].contains(&level.as_str()), "{line}");
            let get = |name: &str| properties.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
            assert!(get("title").is_some_and(|title| title.starts_with("driftline")) && !message.is_empty(), "{line}");
            let number = |name: &str| get(name).map(|text| text.parse::<u32>().unwrap());
            assert!(number("line") <= number("endLine"), "{line}");
            assert!(number("col").is_none() || number("line") == number("endLine"), "{line}");
            if let Some(path) = get("file") {
                assert!(message.starts_with(&format!("{path}:")), "{line}");
            }
        }
    }
}

#[test]
fn a_line_of_json_is_a_finding_of_the_document() {
    for report in reports() {
        let document: Value = serde_json::from_str(&json::render(&report)).unwrap();
        let lines = json::render_lines(&report);
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[1..], document["findings"].as_array().unwrap()[..]);
        for (key, said) in lines[0].as_object().unwrap() {
            assert_eq!(*said, document[key], "{key}");
        }
        assert!(lines[0]["counts"].is_object() && lines[0]["verdict"].is_string());
    }
}

#[test]
fn a_short_line_is_one_line() {
    for report in reports() {
        for line in short::render(&report, true).lines() {
            let level = ["error: ", "warning: ", "note: "].iter().find(|level| line.contains(*level));
            assert!(level.is_some() && line.ends_with(']'), "{line}");
            assert!(!line.chars().any(char::is_control), "{line}");
        }
    }
}
