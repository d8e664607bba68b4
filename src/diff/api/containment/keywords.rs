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
        "dependentRequired" | "dependentSchemas" => &["dependentRequired", "dependentSchemas"],
        "propertyNames" => &["propertyNames"],
        // What is not evaluated, or not an item of the tuple, depends on everything else.
        _ => &[],
    }
}

/// Adds a keyword; what it says for several properties comes one by one.
pub fn put(schema: &mut Map<String, Value>, name: &str, value: Value) {
    match (schema.get_mut(name), value) {
        (Some(Value::Object(known)), Value::Object(more)) if name.starts_with("dependent") => known.extend(more),
        (_, value) => drop(schema.insert(name.into(), value)),
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
