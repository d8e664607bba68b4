//! A strict second reading of what changed in an OpenAPI 3.0 contract.
//!
//! Our reader forgives; generators and gateways do not. Every path item and component of the root document whose text
//! differs between base and head is read again through the typed model of `openapiv3`. What head refuses and base
//! accepted is a problem at the smallest node that is refused. Must not know: git, rules' levels.

use openapiv3::{Header, MediaType, Operation, Parameter, PathItem, ReferenceOr, RequestBody, Response, Schema};
use serde_json::Value;

use super::super::document::{Budget, Document, Entry, NodeId};
use crate::model::Problem;

/// The objects of the specification that are tried on their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Header,
    MediaType,
    Schema,
}

/// How the children of an object hang below a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Below {
    One,
    List,
    Map,
}

/// Object, key, form, object below (OpenAPI 3.0.3 section 4.7).
const CHILDREN: &[(Kind, &str, Below, Kind)] = &[
    (Kind::PathItem, "get", Below::One, Kind::Operation),
    (Kind::PathItem, "put", Below::One, Kind::Operation),
    (Kind::PathItem, "post", Below::One, Kind::Operation),
    (Kind::PathItem, "delete", Below::One, Kind::Operation),
    (Kind::PathItem, "options", Below::One, Kind::Operation),
    (Kind::PathItem, "head", Below::One, Kind::Operation),
    (Kind::PathItem, "patch", Below::One, Kind::Operation),
    (Kind::PathItem, "trace", Below::One, Kind::Operation),
    (Kind::PathItem, "parameters", Below::List, Kind::Parameter),
    (Kind::Operation, "parameters", Below::List, Kind::Parameter),
    (Kind::Operation, "requestBody", Below::One, Kind::RequestBody),
    (Kind::Operation, "responses", Below::Map, Kind::Response),
    (Kind::Parameter, "schema", Below::One, Kind::Schema),
    (Kind::Parameter, "content", Below::Map, Kind::MediaType),
    (Kind::Header, "schema", Below::One, Kind::Schema),
    (Kind::Header, "content", Below::Map, Kind::MediaType),
    (Kind::RequestBody, "content", Below::Map, Kind::MediaType),
    (Kind::Response, "headers", Below::Map, Kind::Header),
    (Kind::Response, "content", Below::Map, Kind::MediaType),
    (Kind::MediaType, "schema", Below::One, Kind::Schema),
    (Kind::Schema, "properties", Below::Map, Kind::Schema),
    (Kind::Schema, "items", Below::One, Kind::Schema),
    (Kind::Schema, "additionalProperties", Below::One, Kind::Schema),
    (Kind::Schema, "allOf", Below::List, Kind::Schema),
    (Kind::Schema, "anyOf", Below::List, Kind::Schema),
    (Kind::Schema, "oneOf", Below::List, Kind::Schema),
    (Kind::Schema, "not", Below::One, Kind::Schema),
];

/// The maps of a document whose entries are tried: route of keys, object.
const PIECES: &[(&[&str], Kind)] = &[
    (&["paths"], Kind::PathItem),
    (&["components", "schemas"], Kind::Schema),
    (&["components", "responses"], Kind::Response),
    (&["components", "parameters"], Kind::Parameter),
    (&["components", "requestBodies"], Kind::RequestBody),
    (&["components", "headers"], Kind::Header),
];

/// Nodes a piece may have: larger ones are not tried.
const PIECE_NODES: usize = 200_000;

/// The problems of head that base did not have, piece by piece. Both documents are roots of OpenAPI 3.0 contracts.
pub fn became_invalid(base: &Document, head: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (route, kind) in PIECES {
        let (Some(old), Some(new)) = (follow(base, route), follow(head, route)) else { continue };
        for entry in head.entries(new).filter(|e| !head.key(*e).starts_with("x-")) {
            let name = head.key(entry);
            let twin = base.at(old, name);
            if twin.is_some_and(|twin| base.source(twin) == head.source(entry.value)) {
                continue;
            }
            // What base already had wrong is not this change's doing.
            if twin.is_some_and(|twin| refusal(base, twin, *kind).is_some()) {
                continue;
            }
            if let Some((at, why)) = refusal(head, entry.value, *kind) {
                // Nor what base had wrong under another name, and head has no longer there.
                let moved =
                    |e: &Entry| head.at(new, base.key(*e)).is_none_or(|now| head.source(now) != base.source(e.value));
                let wrong = |e: Entry| refusal(base, e.value, *kind).is_some_and(|(_, known)| known == why);
                if twin.is_none() && base.entries(old).filter(moved).any(wrong) {
                    continue;
                }
                let subject = format!("{}.{name}", route.join("."));
                let message = format!("`{subject}` is no valid OpenAPI 3.0 any more: {why}");
                problems.push(Problem {
                    incomplete: false,
                    ..Problem::new("contract-became-invalid", subject, head.origin(at), message)
                });
            }
        }
    }
    problems
}

fn follow(document: &Document, route: &[&str]) -> Option<NodeId> {
    route.iter().try_fold(document.root()?, |at, key| document.at(at, key))
}

/// Contracts over many files often put `$ref` in the place of a whole operation, which 3.0 does not know and every
/// bundler resolves: a habit of the contract, not an accident of this change.
fn has_referenced_operation(document: &Document, path_item: NodeId) -> bool {
    let operations = CHILDREN.iter().filter(|(_, _, _, kind)| *kind == Kind::Operation);
    operations.filter_map(|(_, key, ..)| document.at(path_item, key)).any(|at| document.at(at, "$ref").is_some())
}

/// The smallest node below `at` that is refused, and why.
fn refusal(document: &Document, at: NodeId, kind: Kind) -> Option<(NodeId, String)> {
    if kind == Kind::PathItem && has_referenced_operation(document, at) {
        return None;
    }
    let mut refused = (at, refuses(document, at, kind)?);
    let mut here = (at, kind);
    // Each step goes one level down, and documents have bounded depth.
    'down: loop {
        for (_, key, form, child_kind) in CHILDREN.iter().filter(|(parent, ..)| *parent == here.1) {
            let Some(below) = document.at(here.0, key) else { continue };
            for child in children(document, below, *form) {
                if let Some(why) = refuses(document, child, *child_kind) {
                    refused = (child, why);
                    here = (child, *child_kind);
                    continue 'down;
                }
            }
        }
        return Some(refused);
    }
}

fn children(document: &Document, at: NodeId, form: Below) -> Vec<NodeId> {
    match form {
        // `additionalProperties: true` is no schema.
        Below::One => Some(at).filter(|at| document.is_mapping(*at)).into_iter().collect(),
        Below::List => document.items(at).collect(),
        Below::Map => document.entries(at).filter(|e| !document.key(*e).starts_with("x-")).map(|e| e.value).collect(),
    }
}

fn refuses(document: &Document, at: NodeId, kind: Kind) -> Option<String> {
    let mut value = document.to_value(at, &mut Budget::new(PIECE_NODES)).ok()?;
    match kind {
        Kind::Operation => without_references(&mut value),
        Kind::PathItem => value.as_object_mut().into_iter().flatten().for_each(|(_, field)| without_references(field)),
        _ => {}
    }
    let error = match kind {
        Kind::PathItem => typed::<ReferenceOr<PathItem>>(value),
        Kind::Operation => typed::<Operation>(value),
        Kind::Parameter => typed::<ReferenceOr<Parameter>>(value),
        Kind::RequestBody => typed::<ReferenceOr<RequestBody>>(value),
        Kind::Response => typed::<ReferenceOr<Response>>(value),
        Kind::Header => typed::<ReferenceOr<Header>>(value),
        Kind::MediaType => typed::<MediaType>(value),
        Kind::Schema => typed::<ReferenceOr<Schema>>(value),
    };
    error.map(|why| if why.contains("untagged enum") { plain(document, at, kind) } else { plainly(&why) })
}

/// The typed model does not know that a callback may be a reference (4.7.10.1), nor `x-` keys beside its expressions.
fn without_references(operation: &mut Value) {
    let Some(callbacks) = operation.get_mut("callbacks").and_then(Value::as_object_mut) else { return };
    callbacks.retain(|_, callback| callback.get("$ref").is_none());
    let expressions = callbacks.values_mut().filter_map(Value::as_object_mut);
    expressions.for_each(|callback| callback.retain(|key, _| !key.starts_with("x-")));
}

/// The words of the typed model without the names of its types.
fn plainly(why: &str) -> String {
    if why.contains("ParameterSchemaOrContent") {
        return "`schema` or `content` is missing".into();
    }
    if let Some(field) = why.strip_prefix("missing field ") {
        return format!("{field} is missing");
    }
    let Some((found, wanted)) = why.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected "))
    else {
        return why.to_string();
    };
    let wanted = match wanted.strip_prefix("struct ") {
        Some(name) => format!("an object ({})", spaced(name)),
        None => wanted.replace("a sequence", "a list").replace("a map", "a mapping").replace("a string", "text"),
    };
    let found = match found.split(' ').next().unwrap_or(found) {
        "string" => "text",
        "null" | "unit" => "nothing",
        "sequence" => "a list",
        "map" => "a mapping",
        "integer" | "floating" => "a number",
        "boolean" => "true or false",
        other => other,
    };
    format!("{wanted} is needed here, not {found}")
}

/// `path item` for `PathItem`
fn spaced(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words
}

/// The typed model cannot say which of its alternatives came close; say what there is.
fn plain(document: &Document, at: NodeId, kind: Kind) -> String {
    let keys: Vec<&str> = document.entries(at).map(|e| document.key(e)).take(6).collect();
    match (kind, document.at(at, "type").and_then(|t| document.text(t))) {
        (Kind::Schema, Some(name)) => format!("the schema of type `{name}` with {} fits no schema object", list(&keys)),
        _ if keys.is_empty() => "an object is needed here".into(),
        _ => format!("an object with {} fits none of the allowed forms", list(&keys)),
    }
}

fn list(keys: &[&str]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}

fn typed<T: serde::de::DeserializeOwned>(value: Value) -> Option<String> {
    serde_json::from_value::<T>(value).err().map(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::read::document::Cache;
    use crate::source::Files;

    fn problems(base: &str, head: &str) -> Vec<String> {
        let (files, cache) = (Files::default(), Cache::default());
        let document = |id: &str, text: &str| -> Arc<Document> {
            cache.get(&files, files.add("openapi.yaml", id, format!("openapi: 3.0.3\n{text}").into_bytes()))
        };
        became_invalid(&document("base", base), &document("head", head)).into_iter().map(|p| p.message).collect()
    }

    #[test]
    fn only_what_head_broke_is_reported_at_the_smallest_node() {
        let valid = "paths: {/a: {get: {responses: {'200': {description: d}}}}}";
        let broken = "paths: {/a: {get: {responses: {'200': {}}}}}";
        let referenced = "paths: {/a: {get: {$ref: a.yaml}}, /b: {get: {$ref: b.yaml}}}";
        assert_eq!(problems(valid, valid), Vec::<String>::new());
        assert_eq!(problems(broken, broken), Vec::<String>::new());
        assert_eq!(problems(broken, valid), Vec::<String>::new());
        assert_eq!(problems(valid, referenced), Vec::<String>::new());
        let callback = "paths: {/a: {get: {responses: {'200': {description: d}}, callbacks: {c: {$ref: '#/components/callbacks/C'}}}}}";
        assert_eq!(problems(valid, callback), Vec::<String>::new());
        let renamed = broken.replace("/a", "/b");
        assert_eq!(problems(broken, &renamed), Vec::<String>::new());
        assert_eq!(problems(valid, &renamed).len(), 1);
        let found = problems(valid, broken);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("description"), "{found:?}");
    }
}
