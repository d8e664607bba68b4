//! Whole contracts written in another way: nothing may be found, whatever was moved, renamed, wrapped or reformatted.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use driftline::rules::Status;
use serde_json::{Map, Value, json};
use support::{File, compare};

/// The contracts of `testdata`: folder and root document.
const CONTRACTS: [&str; 2] = ["testdata/contracts/shop", "testdata/demo/base/api"];
const ROOT: &str = "openapi.yaml";

/// All files of a contract as values, by path below its folder.
fn documents(folder: &str) -> BTreeMap<String, Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut open = vec![root.clone()];
    let mut found = BTreeMap::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("testdata is readable").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).expect("testdata is UTF-8");
            let value = serde_yaml::from_str(&text).expect("testdata is YAML");
            let name = path.strip_prefix(&root).expect("below the folder").to_string_lossy().into_owned();
            found.insert(name, value);
        }
    }
    found
}

/// Everything in one document, every reference replaced by what it points to.
fn inlined(files: &BTreeMap<String, Value>) -> Value {
    fn follow(value: &Value, path: &str, files: &BTreeMap<String, Value>) -> Value {
        match value {
            Value::Object(map) => match map.get("$ref").and_then(Value::as_str) {
                Some(reference) => {
                    let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
                    let path = if file.is_empty() { path.to_string() } else { joined(path, file) };
                    let pointer = pointer.replace("%7B", "{").replace("%7D", "}");
                    follow(files[&path].pointer(&pointer).expect("the reference resolves"), &path, files)
                }
                None => map.iter().map(|(k, v)| (k.clone(), follow(v, path, files))).collect::<Map<_, _>>().into(),
            },
            Value::Array(items) => items.iter().map(|v| follow(v, path, files)).collect(),
            other => other.clone(),
        }
    }
    follow(&files[ROOT], ROOT, files)
}

/// The path that a relative reference in `from` names.
fn joined(from: &str, to: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in to.split('/') {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Rewrites every object of a document, parts first.
fn each(value: Value, edit: &mut dyn FnMut(Map<String, Value>) -> Value) -> Value {
    match value {
        Value::Object(map) => {
            let map = map.into_iter().map(|(k, v)| (k, each(v, edit))).collect();
            edit(map)
        }
        Value::Array(items) => items.into_iter().map(|v| each(v, edit)).collect(),
        other => other,
    }
}

fn is_object_schema(map: &Map<String, Value>) -> bool {
    let properties = map.get("properties").and_then(Value::as_object);
    map.get("type") == Some(&json!("object")) && properties.is_some_and(|p| p.len() > 1 && !p.contains_key("type"))
}

fn reversed(document: Value) -> Value {
    each(document, &mut |map| map.into_iter().rev().collect::<Map<_, _>>().into())
}

/// Other words: descriptions, summaries, titles and examples.
fn reworded(document: Value) -> Value {
    each(document, &mut |mut map| {
        if map.contains_key("type") && !map.contains_key("in") && !map.contains_key("scheme") {
            map.insert("description".into(), json!("In other words."));
            map.insert("title".into(), json!("Title"));
        } else if map.contains_key("responses") && !map.contains_key("schemas") {
            map.insert("summary".into(), json!("Summary"));
            map.insert("description".into(), json!("Longer words."));
        }
        map.into()
    })
}

/// Every object schema in two halves under `allOf`.
fn halved(document: Value) -> Value {
    each(document, &mut |mut map| {
        if !is_object_schema(&map) {
            return map.into();
        }
        let Some(Value::Object(properties)) = map.remove("properties") else { return map.into() };
        let half = properties.len() / 2;
        let (first, second) = properties.into_iter().enumerate().partition::<Vec<_>, _>(|(n, _)| *n < half);
        let part = |list: Vec<(usize, (String, Value))>| json!({"type": "object", "properties": list.into_iter().map(|(_, entry)| entry).collect::<Map<_, _>>()});
        map.insert("allOf".into(), json!([part(first), part(second)]));
        map.into()
    })
}

/// Every object schema behind a reference of its own.
fn split(document: Value) -> Value {
    let mut parts = Map::new();
    let mut document = each(document, &mut |map| {
        if !is_object_schema(&map) {
            return map.into();
        }
        let name = format!("Part{}", parts.len());
        parts.insert(name.clone(), map.into());
        json!({"$ref": format!("#/components/schemas/{name}")})
    });
    let root = document.as_object_mut().expect("a contract is an object");
    let components = root.entry("components").or_insert_with(|| json!({}));
    let schemas = components.as_object_mut().expect("an object").entry("schemas").or_insert_with(|| json!({}));
    schemas.as_object_mut().expect("an object").extend(parts);
    document
}

/// All components of [`split`] under other names.
fn renamed(document: Value) -> Value {
    let text = split(document).to_string().replace("Part", "Piece");
    serde_json::from_str(&text).expect("still JSON")
}

/// Parameters of a path at its operations, those of a path's only operation at the path.
fn moved(mut document: Value) -> Value {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).expect("paths");
    for item in paths.values_mut().filter_map(Value::as_object_mut) {
        match item.remove("parameters").and_then(|p| p.as_array().cloned()) {
            Some(shared) => {
                for operation in item.values_mut().filter_map(Value::as_object_mut) {
                    let own = operation.entry("parameters").or_insert_with(|| json!([]));
                    own.as_array_mut().expect("a list").extend(shared.clone());
                }
            }
            None if item.len() == 1 => {
                let own = item.values_mut().next().and_then(Value::as_object_mut).and_then(|o| o.remove("parameters"));
                item.extend(own.map(|p| ("parameters".to_string(), p)));
            }
            None => {}
        }
    }
    document
}

/// 3.0 as 3.1 spells it, and the other way round.
fn respelled(document: Value) -> Value {
    let to_new = document["openapi"].as_str().is_some_and(|v| v.starts_with("3.0"));
    let mut document = each(document, &mut |mut map| {
        if to_new && map.remove("nullable") == Some(json!(true)) {
            let own = map.get("type").cloned().unwrap_or_default();
            map.insert("type".into(), json!([own, "null"]));
        }
        let pair = map.get("type").and_then(Value::as_array).cloned();
        if let (false, Some([own, null])) = (to_new, pair.as_deref())
            && null == "null"
        {
            map.insert("type".into(), own.clone());
            map.insert("nullable".into(), json!(true));
        }
        map.into()
    });
    document["openapi"] = json!(if to_new { "3.1.0" } else { "3.0.3" });
    document
}

fn yaml(document: &Value) -> String {
    serde_yaml::to_string(document).expect("a value is YAML")
}

/// What is said of the step from one to the other.
fn said(base: &[File], head: &[File]) -> Vec<String> {
    let report = compare(base, head);
    let findings = report.findings.iter().filter(|item| item.finding.status != Status::Existing);
    // What components are for comes and goes with references; that alone is nothing.
    let unused = ["component-unused", "schema-unused"];
    let findings = findings.filter(|item| !unused.contains(&item.finding.rule.id));
    let mut said: Vec<String> =
        findings.map(|item| format!("{} {}", item.finding.rule.id, item.finding.message)).collect();
    let changes = report.changes.iter().filter(|c| !c.kind.name().starts_with("entity-"));
    said.extend(changes.map(|c| format!("{} {} {:?} → {:?}", c.kind.name(), c.subject, c.before, c.after)));
    said
}

#[test]
fn a_contract_written_differently_says_nothing() {
    type Rewriting = fn(Value) -> Value;
    let rewritings: [(&str, Rewriting); 8] = [
        ("keys reversed", reversed),
        ("other words", reworded),
        ("allOf", halved),
        ("references", split),
        ("renamed components", renamed),
        ("parameters elsewhere", moved),
        ("version", respelled),
        ("all of it", |d| reversed(respelled(split(halved(reworded(moved(d))))))),
    ];
    let mut wrong = Vec::new();
    for folder in CONTRACTS {
        let plain = inlined(&documents(folder));
        for (name, rewrite) in rewritings {
            let other = rewrite(plain.clone());
            assert_ne!(yaml(&other), yaml(&plain), "{name}: nothing was rewritten");
            let file = |document: &Value| vec![(ROOT.to_string(), yaml(document))];
            for (a, b) in [(&plain, &other), (&other, &plain)] {
                wrong.extend(said(&file(a), &file(b)).iter().map(|line| format!("{folder}, {name}: {line}")));
            }
        }
        let one = split(plain.clone());
        let two = renamed(plain.clone());
        let file = |document: &Value| vec![(ROOT.to_string(), yaml(document))];
        wrong.extend(said(&file(&one), &file(&two)).iter().map(|line| format!("{folder}, names: {line}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_and_formats_of_a_contract_say_nothing() {
    let mut wrong = Vec::new();
    for folder in CONTRACTS {
        let files = documents(folder);
        let as_json = |v: &Value| serde_json::to_string_pretty(v).expect("a value is JSON");
        let text = |path: &str, v: &Value| if path.ends_with(".json") { as_json(v) } else { yaml(v) };
        let many: Vec<File> = files.iter().map(|(path, v)| (path.clone(), text(path, v))).collect();
        let flow: Vec<File> = files.iter().map(|(path, v)| (path.clone(), as_json(v))).collect();
        let one = vec![(ROOT.to_string(), yaml(&inlined(&files)))];
        let json = vec![(ROOT.replace("yaml", "json"), as_json(&inlined(&files)))];
        let cases = [("one file", &many, &one), ("flow style", &many, &flow), ("JSON", &one, &json)];
        for (name, a, b) in cases {
            for (a, b) in [(a, b), (b, a)] {
                wrong.extend(said(a, b).iter().map(|line| format!("{folder}, {name}: {line}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
