//! Contracts made at random, and edits of them, written as YAML and JSON.

use std::cell::Cell;

use serde_json::{Map, Value, json};

use super::dice::Dice;

/// What a contract is made of.
pub struct Made {
    version: &'static str,
    schemas: usize,
    /// Schemas refer to those near them, as they do in contracts of many parts.
    near: Cell<usize>,
}

/// Schemas that refer to each other.
const NEAR: usize = 4;

impl Made {
    pub fn new(dice: &mut Dice) -> Self {
        Self { version: dice.pick(&["3.0.3", "3.0.3", "3.1.0", "2.0"]), schemas: 8 + dice.roll(24), near: Cell::new(0) }
    }

    fn is_old(&self) -> bool {
        self.version == "2.0"
    }

    fn reference(&self, dice: &mut Dice) -> Value {
        let root = if self.is_old() { "#/definitions" } else { "#/components/schemas" };
        let near = self.near.get() / NEAR * NEAR + dice.roll(NEAR);
        let name = if dice.roll(16) == 0 { dice.roll(self.schemas) } else { near % self.schemas };
        match dice.roll(14) {
            0 => json!({"$ref": format!("{root}/S{name}/properties/id")}),
            1 => json!({"$ref": format!("{root}/S%{:02x}", b'0' + (name % 10) as u8)}),
            _ => json!({"$ref": format!("{root}/S{name}")}),
        }
    }

    fn scalar(&self, dice: &mut Dice) -> Value {
        match dice.roll(6) {
            0 => json!({"type": "string", "maxLength": 10 + dice.roll(90)}),
            1 => json!({"type": "string", "enum": ["a", "b", "c"]}),
            2 => json!({"type": "integer", "minimum": dice.roll(3)}),
            3 => json!({"type": "boolean", "description": "if: it\nname: is\n  so"}),
            4 => json!({"type": "string", "readOnly": true}),
            _ => json!({"type": "number"}),
        }
    }

    fn value(&self, dice: &mut Dice, depth: usize) -> Value {
        match dice.roll(if depth > 2 { 5 } else { 12 }) {
            0..=2 => self.scalar(dice),
            3 | 4 => self.reference(dice),
            5 => json!({"type": "array", "items": self.value(dice, depth + 1)}),
            6 => json!({"type": "object", "additionalProperties": self.value(dice, depth + 1)}),
            7 if !self.is_old() => json!({"oneOf": [self.reference(dice), self.value(dice, depth + 1)]}),
            8 if !self.is_old() => json!({"anyOf": [self.reference(dice), {"type": "string"}]}),
            9 => json!({"allOf": [self.reference(dice), self.value(dice, depth + 1)]}),
            10 if self.version == "3.1.0" => {
                json!({"type": "object", "if": self.value(dice, depth + 1), "then": self.reference(dice)})
            }
            _ => self.object(dice, depth + 1),
        }
    }

    fn object(&self, dice: &mut Dice, depth: usize) -> Value {
        let mut properties = Map::new();
        properties.insert("id".into(), json!({"type": "integer"}));
        for name in ["kind", "name", "part", "next", "$extra"].into_iter().take(1 + dice.roll(5)) {
            properties.insert(name.into(), self.value(dice, depth + 1));
        }
        let required: Vec<Value> = properties.keys().filter(|_| dice.roll(3) == 0).map(|k| json!(k)).collect();
        let mut object = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            object["required"] = required.into();
        }
        object
    }

    fn schema(&self, dice: &mut Dice) -> Value {
        let root = if self.is_old() { "#/definitions" } else { "#/components/schemas" };
        match dice.roll(10) {
            0 => self.scalar(dice),
            1 => json!({"allOf": [self.reference(dice), self.object(dice, 1)]}),
            2 if self.is_old() => {
                let mut object = self.object(dice, 1);
                object["discriminator"] = "kind".into();
                object
            }
            2 => {
                let mut object = self.object(dice, 1);
                let (a, b) = (dice.roll(self.schemas), dice.roll(self.schemas));
                object["discriminator"] =
                    json!({"propertyName": "kind", "mapping": {"a": format!("{root}/S{a}"), "b": format!("S{b}")}});
                object
            }
            3 if !self.is_old() => json!({
                "oneOf": [self.reference(dice), self.reference(dice)],
                "discriminator": {"propertyName": "kind"},
            }),
            4 => self.value(dice, 0),
            _ => self.object(dice, 0),
        }
    }

    fn parameter(&self, dice: &mut Dice) -> Value {
        let name = dice.pick(&["limit", "sort", "q"]);
        match dice.roll(3) {
            0 => json!({"$ref": if self.is_old() { "#/parameters/P0" } else { "#/components/parameters/P0" }}),
            _ if self.is_old() => json!({"name": name, "in": "query", "type": "string"}),
            _ => json!({"name": name, "in": "query", "explode": dice.roll(2) == 0, "schema": self.value(dice, 1)}),
        }
    }

    fn response(&self, dice: &mut Dice) -> Value {
        let root = if self.is_old() { "#/responses" } else { "#/components/responses" };
        match dice.roll(4) {
            0 => json!({"$ref": format!("{root}/R{}", dice.roll(2))}),
            _ => self.whole_response(dice),
        }
    }

    fn whole_response(&self, dice: &mut Dice) -> Value {
        if self.is_old() {
            return json!({"description": "d", "schema": self.value(dice, 1)});
        }
        let mut response =
            json!({"description": "d", "content": {"application/json": {"schema": self.value(dice, 1)}}});
        match dice.roll(6) {
            0 => response["headers"] = json!({"X-A": {"$ref": "#/components/headers/H0"}}),
            1 => response["links"] = json!({"next": {"operationId": format!("get{}", dice.roll(6))}}),
            _ => {}
        }
        response
    }

    fn operation(&self, dice: &mut Dice, id: &str) -> Value {
        let mut operation = json!({
            "operationId": id,
            "parameters": [self.parameter(dice)],
            "responses": {"200": self.response(dice), "default": self.response(dice)},
        });
        match dice.roll(5) {
            0 => operation["deprecated"] = true.into(),
            1 if !self.is_old() => operation["requestBody"] = json!({"$ref": "#/components/requestBodies/B0"}),
            2 if self.is_old() => {
                operation["parameters"] = json!([{"name": "b", "in": "body", "schema": self.value(dice, 1)}]);
            }
            2 => {
                operation["requestBody"] = json!({"content": {"application/json": {"schema": self.value(dice, 1)}}});
            }
            3 if !self.is_old() => operation["callbacks"] = json!({"done": {"$ref": "#/components/callbacks/C0"}}),
            4 => operation["security"] = json!([{"key": []}]),
            _ => {}
        }
        operation
    }

    pub fn contract(&self, dice: &mut Dice) -> Value {
        let mut paths = Map::new();
        for n in 0..4 + dice.roll(12) {
            self.near.set(dice.roll(self.schemas));
            let name = if dice.roll(3) == 0 { format!("/items{n}/{{id}}") } else { format!("/items{n}") };
            let mut item = json!({"get": self.operation(dice, &format!("get{n}"))});
            if dice.roll(2) == 0 {
                item["post"] = self.operation(dice, &format!("post{n}"));
            }
            if dice.roll(9) == 0 {
                item = json!({"$ref": "#/paths/~1items0"});
            }
            paths.insert(name, item);
        }
        let mut schemas = Map::new();
        for n in 0..self.schemas {
            self.near.set(n);
            schemas.insert(format!("S{n}"), self.schema(dice));
        }
        let info = json!({"title": "t", "version": "1"});
        if self.is_old() {
            return json!({
                "swagger": "2.0",
                "info": info,
                "paths": paths,
                "definitions": schemas,
                "parameters": {"P0": {"name": "page", "in": "query", "type": "integer"}},
                "responses": {"R0": self.whole_response(dice), "R1": self.whole_response(dice)},
                "securityDefinitions": {"key": {"type": "apiKey", "in": "header", "name": "X"}},
            });
        }
        let callback = json!({"{$request.body#/id}": {"post": self.operation(dice, "called")}});
        let mut contract = json!({
            "openapi": self.version,
            "info": info,
            "paths": paths,
            "components": {
                "schemas": schemas,
                "parameters": {"P0": {"name": "page", "in": "query", "schema": self.value(dice, 1)}},
                "responses": {"R0": self.whole_response(dice), "R1": self.whole_response(dice)},
                "requestBodies": {"B0": {"content": {"application/json": {"schema": self.value(dice, 1)}}}},
                "headers": {"H0": {"schema": self.value(dice, 1)}},
                "callbacks": {"C0": callback},
                "examples": {"E0": {"value": {"a": [1, "b: c"]}}},
                "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X"}},
            },
        });
        if self.version == "3.1.0" && dice.roll(2) == 0 {
            contract["webhooks"] = json!({"event": {"post": self.operation(dice, "event")}});
        }
        contract
    }
}

/// Ways to all values below, the root left out.
fn ways(value: &Value, here: &mut Vec<String>, all: &mut Vec<String>) {
    let mut below = |key: &str, inner: &Value| {
        here.push(key.replace('~', "~0").replace('/', "~1"));
        all.push(format!("/{}", here.join("/")));
        ways(inner, here, all);
        here.pop();
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, inner)| below(key, inner)),
        Value::Array(list) => list.iter().enumerate().for_each(|(at, inner)| below(&at.to_string(), inner)),
        _ => {}
    }
}

/// Makes one small edit somewhere; most often one that leaves a contract.
pub fn edit(dice: &mut Dice, contract: &mut Value) {
    let mut all = Vec::new();
    ways(contract, &mut Vec::new(), &mut all);
    let pick = |dice: &mut Dice| all[dice.roll(all.len())].clone();
    // Deep places, and those of a few roots, come up by their number alone.
    let way = pick(dice);
    let (holder, key) = way.rsplit_once('/').unwrap_or(("", ""));
    let key = key.replace("~1", "/").replace("~0", "~");
    match dice.roll(8) {
        0 => drop(contract.pointer_mut(holder).and_then(Value::as_object_mut).map(|map| map.shift_remove(&key))),
        1 => {
            let other = contract.pointer(&pick(dice)).cloned();
            if let (Some(slot), Some(other)) = (contract.pointer_mut(&way), other)
                && slot.is_object() == other.is_object()
                && slot.is_array() == other.is_array()
            {
                *slot = other;
            }
        }
        2 => rename(dice, contract, holder, &key),
        3 => {
            // A component of another name, with all that refers to it.
            let root = if contract.get("definitions").is_some() { "/definitions" } else { "/components/schemas" };
            let count = contract.pointer(root).and_then(Value::as_object).map_or(1, Map::len);
            let name = format!("S{}", dice.roll(count));
            let text = contract.to_string().replace(&format!("\"{name}\":"), &format!("\"New{name}\":"));
            let text = text.replace(&format!("#{root}/{name}\""), &format!("#{root}/New{name}\""));
            *contract = serde_json::from_str(&text).expect("still JSON");
        }
        _ => {
            let leaves: Vec<&String> = all
                .iter()
                .filter(|way| contract.pointer(way).is_some_and(|v| !v.is_object() && !v.is_array()))
                .collect();
            let way = leaves[dice.roll(leaves.len())].clone();
            if let Some(slot) = contract.pointer_mut(&way) {
                *slot = other_scalar(dice, slot);
            }
        }
    }
}

fn rename(dice: &mut Dice, contract: &mut Value, holder: &str, key: &str) {
    let Some(map) = contract.pointer_mut(holder).and_then(Value::as_object_mut) else { return };
    let new = if key.contains("{id}") { key.replace("{id}", "{key}") } else { format!("{key}{}", dice.roll(3)) };
    let renamed = std::mem::take(map).into_iter().map(|(k, v)| (if k == key { new.clone() } else { k }, v));
    *map = renamed.collect();
}

fn other_scalar(dice: &mut Dice, value: &Value) -> Value {
    match value {
        Value::String(text) if text.starts_with('#') => {
            let end = text.rfind('S').map_or(text.len(), |at| at + 1);
            format!("{}{}", &text[..end], dice.roll(9)).into()
        }
        Value::String(text) => match text.as_str() {
            "string" => "integer".into(),
            "integer" | "number" => "string".into(),
            "object" => "object".into(),
            other => format!("{other}{}", dice.roll(2)).into(),
        },
        Value::Bool(on) => (!on).into(),
        Value::Number(number) => (number.as_u64().unwrap_or(1) + 1).into(),
        other => other.clone(),
    }
}

/// YAML in block style, in one of several hands.
pub fn yaml(value: &Value, dice: &mut Dice) -> String {
    let mut out = String::new();
    let hand = Hand {
        step: 2 + 2 * dice.roll(2),
        plain: dice.roll(2) == 0,
        flush: dice.roll(2) == 0,
        notes: dice.roll(2) == 0,
    };
    hand.mapping(value, 0, &mut out);
    if dice.roll(4) == 0 { out.replace('\n', "\r\n") } else { out }
}

struct Hand {
    step: usize,
    /// Keys without quotes.
    plain: bool,
    /// Lists at the column of their key.
    flush: bool,
    /// Comments and blank lines between.
    notes: bool,
}

impl Hand {
    fn mapping(&self, value: &Value, indent: usize, out: &mut String) {
        let Some(map) = value.as_object() else { return };
        for (at, (key, value)) in map.iter().enumerate() {
            if self.notes && indent <= 2 * self.step && at > 0 {
                out.push_str("\n# key: no key\n");
            }
            out.push_str(&" ".repeat(indent));
            let plain = self.plain && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'/' || b == b'-');
            out.push_str(&if plain { key.clone() } else { Value::from(key.as_str()).to_string() });
            out.push(':');
            self.child(value, indent, out);
        }
    }

    fn child(&self, value: &Value, indent: usize, out: &mut String) {
        match value {
            Value::Object(map) if !map.is_empty() => {
                out.push('\n');
                self.mapping(value, indent + self.step, out);
            }
            Value::Array(list) if !list.is_empty() => {
                let indent = if self.flush { indent } else { indent + self.step };
                out.push('\n');
                for item in list {
                    out.push_str(&" ".repeat(indent));
                    out.push('-');
                    // One step deeper than the dash.
                    self.child(item, indent, out);
                }
            }
            Value::String(text) if text.contains('\n') => {
                out.push_str(" |-\n");
                for line in text.lines() {
                    out.push_str(&format!("{}{line}\n", " ".repeat(indent + self.step)));
                }
            }
            scalar => out.push_str(&format!(" {scalar}\n")),
        }
    }
}
