//! What links between operations mean, however it is written.

use serde_json::{Map, Value};

use crate::model::api::{Api, Link, Operation};

use super::operations::nameless;

/// The target of a link with the operation it leads to in the place of `operationId` or `operationRef`, and parameters
/// without the place that may stand before their names (OpenAPI 3.1 section 4.8.20.1).
pub fn meaning(api: &Api, link: &Link) -> Value {
    let Some(target) = link.target.as_object() else { return link.target.clone() };
    let mut meaning = target.clone();
    if let Some(operation) = operation(api, target) {
        meaning.remove("operationId");
        meaning.remove("operationRef");
        meaning.insert("operation".into(), format!("{} {}", operation.method, nameless(&operation.path)).into());
    }
    if let Some(parameters) = target.get("parameters").and_then(Value::as_object) {
        let places = ["path.", "query.", "header.", "cookie."];
        let plain =
            |name: &String| places.iter().find_map(|place| name.strip_prefix(place)).unwrap_or(name).to_string();
        let plain: Map<String, Value> = parameters.iter().map(|(name, v)| (plain(name), v.clone())).collect();
        // `path.id` beside `query.id` are two.
        if plain.len() == parameters.len() {
            meaning.insert("parameters".into(), plain.into());
        }
    }
    Value::Object(meaning)
}

fn operation<'a>(api: &'a Api, target: &Map<String, Value>) -> Option<&'a Operation> {
    if let Some(id) = target.get("operationId").and_then(Value::as_str) {
        return api.operations.iter().find(|o| o.operation_id.as_deref() == Some(id));
    }
    let pointer = target.get("operationRef").and_then(Value::as_str)?.strip_prefix("#/paths/")?;
    let (path, method) = pointer.rsplit_once('/')?;
    let path = path.replace("%7B", "{").replace("%7D", "}").replace("~1", "/").replace("~0", "~");
    api.operations.iter().find(|o| *o.path == *path && o.method.eq_ignore_ascii_case(method))
}
