//! Keywords that are kept as text, put into a schema of the 2020-12 draft.

use serde_json::{Map, Value, json};

/// True for keywords that allow and refuse nothing.
pub fn is_annotation(name: &str) -> bool {
    matches!(name, "xml" | "contentEncoding" | "contentMediaType" | "contentSchema")
}

/// True for keywords whose meaning depends on who refers to the schema.
pub fn is_beyond(name: &str) -> bool {
    matches!(name, "$dynamicRef" | "$recursiveRef")
}

/// The keywords that only mean something together with this one.
pub fn group(name: &str) -> &'static [&'static str] {
    match name {
        "if" | "then" | "else" => &["if", "then", "else"],
        "contains" | "minContains" | "maxContains" => &["contains", "minContains", "maxContains"],
        "dependencies" | "dependentRequired" | "dependentSchemas" => {
            &["dependencies", "dependentRequired", "dependentSchemas"]
        }
        "propertyNames" => &["propertyNames"],
        // What is not evaluated, or not an item of the tuple, depends on everything else.
        _ => &[],
    }
}

/// Adds a keyword in the spelling of the draft.
pub fn put(schema: &mut Map<String, Value>, name: &str, value: Value) {
    match (name, value) {
        ("additionalItems", value) => drop(schema.insert("items".into(), value)),
        ("dependencies", Value::Object(entries)) => {
            let (required, schemas): (Map<_, _>, Map<_, _>) = entries.into_iter().partition(|(_, v)| v.is_array());
            for (keyword, entries) in [("dependentRequired", required), ("dependentSchemas", schemas)] {
                if !entries.is_empty() {
                    schema.insert(keyword.into(), entries.into());
                }
            }
        }
        (name, value) => drop(schema.insert(name.into(), value)),
    }
}

/// The schema as an object: `true` is `{}`.
pub fn object(schema: Value) -> Map<String, Value> {
    match schema {
        Value::Object(entries) => entries,
        Value::Bool(false) => Map::from_iter([("not".to_string(), json!({}))]),
        _ => Map::new(),
    }
}

/// Adds conditions that must hold beside the others.
pub fn and(schema: &mut Map<String, Value>, parts: impl IntoIterator<Item = Value>) {
    let mut parts: Vec<Value> = parts.into_iter().collect();
    if parts.is_empty() {
        return;
    }
    if let Some(Value::Array(known)) = schema.get_mut("allOf") {
        known.append(&mut parts);
    } else {
        schema.insert("allOf".into(), parts.into());
    }
}
