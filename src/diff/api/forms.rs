//! How the parts of a form are written (`encoding`), with the defaults of the format filled in.

use serde_json::{Map, Value};

use crate::model::api::{Api, Encoding, Media, ShapeId};
use crate::model::origin::{Origin, Text};
use crate::model::{Effect, Types};

use super::media_types::{covers, plain};

/// A part that is written in another way.
pub struct Rewritten {
    pub part: Text,
    pub effect: Effect,
    pub before: String,
    pub after: String,
    pub base: Option<Origin>,
    pub head: Option<Origin>,
}

/// The spelling of a part.
#[derive(PartialEq)]
struct Spelling {
    types: Vec<Text>,
    headers: Map<String, Value>,
    /// `style`, `explode` and the like.
    rest: Map<String, Value>,
}

/// The parts of a form that are written in another way. What is no form has no parts (OpenAPI 3.1 section 4.8.14), and what
/// only one side has is not written in another way.
pub fn rewritten((base, ours): (&Api, &Media), (head, theirs): (&Api, &Media)) -> Vec<Rewritten> {
    let form = |media: &Media| {
        let name = plain(&media.name);
        name.starts_with("multipart/") || name == "application/x-www-form-urlencoded"
    };
    if !form(ours) || !form(theirs) {
        return Vec::new();
    }
    let fresh = theirs.encoding.iter().filter(|e| find(ours, &e.part).is_none());
    let said = ours.encoding.iter().chain(fresh).map(|e| e.part.clone());
    let mut found = Vec::new();
    for part in said.chain(unsaid((base, ours), (head, theirs))) {
        let part = &part;
        let (Some(before), Some(after)) = (spelling(base, ours, part), spelling(head, theirs, part)) else { continue };
        let effect = effect(&before, &after);
        if effect != Effect::Same {
            found.push(Rewritten {
                part: part.clone(),
                effect,
                before: before.words(),
                after: after.words(),
                base: find(ours, part).map(|e| e.origin).or_else(|| declared(base, ours, part)),
                head: find(theirs, part).map(|e| e.origin).or_else(|| declared(head, theirs, part)),
            });
        }
    }
    found
}

/// Parts of which no encoding is told and that are of the same type on both sides: text became a file, or a file text.
fn unsaid((base, ours): (&Api, &Media), (head, theirs): (&Api, &Media)) -> Vec<Text> {
    fn parts<'a>(api: &'a Api, media: &Media) -> Vec<(&'a Text, Types)> {
        let all = media.shape.map(|id| api.all_properties(id)).unwrap_or_default();
        let own = all.iter().filter(|(p, _)| find(media, &p.name).is_none());
        own.map(|(p, _)| (&p.name, api.shape(api.resolve(p.shape)).domain.types)).collect()
    }
    // A urlencoded part of which nothing is told has one spelling.
    if !plain(&ours.name).starts_with("multipart/") {
        return Vec::new();
    }
    let known = parts(head, theirs);
    parts(base, ours).into_iter().filter(|part| known.contains(part)).map(|(name, _)| name.clone()).collect()
}

fn declared(api: &Api, media: &Media, part: &str) -> Option<Origin> {
    let all = media.shape.map(|id| api.all_properties(id)).unwrap_or_default();
    all.into_iter().find(|(p, _)| &*p.name == part).map(|(p, _)| p.origin)
}

fn find<'m>(media: &'m Media, part: &str) -> Option<&'m Encoding> {
    media.encoding.iter().find(|e| &*e.part == part)
}

/// `None` when the form has no such part.
fn spelling(api: &Api, media: &Media, part: &str) -> Option<Spelling> {
    let shape = media.shape.and_then(|id| api.all_properties(id).into_iter().find(|(p, _)| &*p.name == part));
    let positional = matches!(part, "prefixEncoding" | "itemEncoding");
    if shape.is_none() && !positional && media.shape.is_some() {
        return None;
    }
    let said = find(media, part);
    let mut rest = match said.map(|e| e.rest.clone()) {
        Some(Value::Object(rest)) => rest,
        Some(Value::Array(places)) => Map::from_iter([("parts".to_string(), Value::Array(places))]),
        _ => Map::new(),
    };
    let headers = rest.remove("headers").and_then(|h| h.as_object().cloned()).unwrap_or_default();
    let mut types = said.map(|e| e.types.clone()).unwrap_or_default();
    let urlencoded = plain(&media.name) == "application/x-www-form-urlencoded";
    if (urlencoded && types.is_empty())
        || ["style", "explode", "allowReserved"].iter().any(|key| rest.contains_key(*key))
    {
        let style = rest.entry("style").or_insert_with(|| "form".into()).clone();
        rest.entry("explode").or_insert_with(|| Value::Bool(style == "form"));
        if rest.get("allowReserved") == Some(&Value::Bool(false)) {
            rest.remove("allowReserved");
        }
    } else if types.is_empty() && !positional {
        types = vec![shape.map_or("text/plain", |(p, _)| usual(api, p.shape)).into()];
    }
    Some(Spelling { types, headers, rest })
}

/// The media type of a part that names none (OpenAPI 3.0.3 section 4.7.15.1).
fn usual(api: &Api, id: ShapeId) -> &'static str {
    let mut at = api.resolve(id);
    for _ in 0..4 {
        let shape = api.shape(at);
        let types = shape.domain.types.minus(Types::NULL);
        let null = |id: &&ShapeId| api.shape(api.resolve(**id)).domain.types != Types::NULL;
        let one = |ids: &'_ [ShapeId]| ids.iter().find(null).copied();
        let wrapped = one(&shape.all_of).or(one(&shape.one_of)).or(one(&shape.any_of));
        match (shape.items, wrapped) {
            (Some(items), _) if types == Types::ARRAY => at = api.resolve(items),
            (_, Some(part)) if types == Types::ANY.minus(Types::NULL) => at = api.resolve(part),
            _ => break,
        }
    }
    let shape = api.shape(at);
    let types = shape.domain.types.minus(Types::NULL);
    let binary = matches!(shape.domain.format.as_deref(), Some("binary" | "byte"));
    if types == Types::OBJECT || !shape.properties.is_empty() {
        "application/json"
    } else if types == Types::ANY.minus(Types::NULL) || (types == Types::STRING && binary) {
        "application/octet-stream"
    } else {
        "text/plain"
    }
}

fn effect(before: &Spelling, after: &Spelling) -> Effect {
    if before.rest != after.rest {
        return Effect::Both;
    }
    let takes = |types: &[Text], one: &Text| types.iter().any(|t| plain(t) == plain(one) || covers(t, one));
    let lacks = |a: &Spelling, b: &Spelling| a.types.iter().any(|t| !takes(&b.types, t));
    let required = |header: &Value| header.get("required") == Some(&Value::Bool(true));
    let new = after.headers.iter().any(|(name, header)| !before.headers.contains_key(name) && required(header));
    if before.headers.iter().any(|(name, header)| after.headers.get(name) != Some(header)) {
        return Effect::Both;
    }
    Effect::of(lacks(before, after) || new, lacks(after, before))
}

impl Spelling {
    /// `image/png`; `style form, explode false`
    fn words(&self) -> String {
        let bare = |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToString::to_string);
        let mut words: Vec<String> = self.types.iter().map(ToString::to_string).collect();
        words.extend(self.rest.iter().map(|(key, value)| format!("{key} {}", bare(value))));
        let headers: Vec<&str> = self.headers.keys().map(String::as_str).collect();
        if !headers.is_empty() {
            words.push(format!("headers {}", headers.join(" and ")));
        }
        words.join(", ")
    }
}
