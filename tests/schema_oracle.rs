//! Whole schemas against an independent judge: random pairs, from scratch and by realistic edits, through differ and rules.
//!
//! Where nothing is reported for a direction, instances of the one side must be accepted by the other; a witness about the
//! whole value must be accepted and refused as it says; what is undecided is counted. `DRIFTLINE_CASES` sets the number.

use driftline::config::Limits;
use driftline::diff::api::diff;
use driftline::model::api::Api;
use driftline::model::{Change, ChangeKind, Effect, Flow, Flows, Model};
use driftline::read::document::Cache;
use driftline::revision::Tree;
use driftline::rules::engine::run;
use driftline::rules::{Pair, Severity, Side};
use driftline::source::{Files, Snapshot};
use serde_json::{Map, Value, json};

/// A small generator of numbers: the same seed, the same pairs.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides
    }

    fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.roll(list.len())].clone()
    }
}

fn scalar(dice: &mut Dice) -> Value {
    match dice.roll(8) {
        0 => json!({"type": "string"}),
        1 => json!({"type": "string", "maxLength": dice.roll(4) + 1}),
        2 => json!({"type": "string", "pattern": dice.pick(&["^[a-z]+$", "^a", "^(x|y)$"])}),
        3 => json!({"enum": (["a", "b", "c", "d"][..=dice.roll(4)].to_vec())}),
        4 => json!({"type": "integer", "minimum": dice.roll(4)}),
        5 => json!({"type": "integer", "maximum": dice.roll(9) + 4}),
        6 => json!({"type": ["string", "null"]}),
        _ => json!({"type": "boolean"}),
    }
}

fn object(dice: &mut Dice, depth: usize) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for name in ["a", "b", "c"].into_iter().take(1 + dice.roll(3)) {
        properties.insert(name.into(), schema(dice, depth + 1));
        if dice.roll(3) == 0 {
            required.push(name);
        }
    }
    let mut object = json!({"type": "object", "properties": properties, "required": required});
    if dice.roll(5) == 0 {
        object["additionalProperties"] = dice.pick(&[json!(false), json!({"type": "integer"})]);
    }
    object
}

/// Conditions that stand beside others: a keyword and what it says.
fn beside(dice: &mut Dice, schema: &mut Value, depth: usize) {
    let is_object = schema.get("properties").is_some();
    match dice.roll(if is_object { 9 } else { 4 }) {
        0 => schema["not"] = scalar(dice),
        1 => schema["anyOf"] = json!([scalar(dice), schema_of(dice, depth + 1)]),
        2 => {
            schema["if"] = scalar(dice);
            schema[dice.pick(&["then", "else"])] = scalar(dice);
        }
        3 => schema["oneOf"] = json!([scalar(dice), schema_of(dice, depth + 1)]),
        4 => schema["minProperties"] = json!(dice.roll(3)),
        5 => schema["maxProperties"] = json!(dice.roll(3) + 1),
        6 => schema["dependentRequired"] = json!({"a": ["b"]}),
        7 => schema["unevaluatedProperties"] = json!(false),
        _ => {
            schema["if"] = json!({"required": ["a"]});
            schema[dice.pick(&["then", "else"])] = json!({"required": ["b"]});
        }
    }
}

fn list(dice: &mut Dice, depth: usize) -> Value {
    let mut list = json!({"type": "array", "items": schema(dice, depth + 1), "maxItems": dice.roll(3) + 1});
    match dice.roll(6) {
        0 => list["minItems"] = json!(dice.roll(2)),
        1 => list["contains"] = scalar(dice),
        2 => list["prefixItems"] = json!([scalar(dice), scalar(dice)]),
        3 => list["uniqueItems"] = json!(true),
        _ => {}
    }
    list
}

fn schema(dice: &mut Dice, depth: usize) -> Value {
    let mut schema = schema_of(dice, depth);
    if dice.roll(6) == 0 {
        beside(dice, &mut schema, depth);
    }
    schema
}

fn schema_of(dice: &mut Dice, depth: usize) -> Value {
    match dice.roll(if depth > 2 { 3 } else { 9 }) {
        0..=2 => scalar(dice),
        3 | 4 => object(dice, depth),
        5 => list(dice, depth),
        6 => {
            json!({dice.pick(&["oneOf", "anyOf"]): (0..2 + dice.roll(2)).map(|n| tagged(dice, depth, n)).collect::<Vec<_>>()})
        }
        7 => json!({dice.pick(&["oneOf", "anyOf"]): [scalar(dice), scalar(dice)]}),
        _ => json!({dice.pick(&["oneOf", "anyOf"]): [scalar(dice), object(dice, depth), object(dice, depth)]}),
    }
}

/// An object that a property tells apart.
fn tagged(dice: &mut Dice, depth: usize, n: usize) -> Value {
    let mut object = object(dice, depth + 1);
    object["properties"]["kind"] = json!({"const": (["x", "y", "z"][n % 3])});
    object["required"].as_array_mut().expect("a list").push(json!("kind"));
    object
}

/// One realistic edit somewhere in the schema.
fn edit(dice: &mut Dice, schema: &Value, depth: usize) -> Value {
    let mut edited = schema.clone();
    if dice.roll(2) == 0 {
        if let Some(properties) = edited.get_mut("properties").and_then(Value::as_object_mut)
            && let Some(name) = properties.keys().nth(dice.roll(properties.len().max(1))).cloned()
        {
            let inner = edit(dice, &properties[&name], depth + 1);
            properties.insert(name, inner);
            return edited;
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(branches) = edited.get_mut(keyword).and_then(Value::as_array_mut) {
                let at = dice.roll(branches.len());
                branches[at] = edit(dice, &branches[at].clone(), depth + 1);
                return edited;
            }
        }
    }
    let is_object = edited.get("properties").is_some();
    match dice.roll(12) {
        9 => beside(dice, &mut edited, depth),
        10 => {
            let keywords = ["not", "if", "contains", "minProperties", "dependentRequired", "unevaluatedProperties"];
            let entries = edited.as_object_mut().expect("an object");
            keywords.into_iter().for_each(|keyword| drop(entries.remove(keyword)));
        }
        0 if is_object => edited["required"] = json!(["a"]),
        1 if is_object => edited["required"] = json!([]),
        2 if is_object => edited["properties"]["d"] = scalar(dice),
        3 if is_object => drop(edited["properties"].as_object_mut().map(|p| p.remove("a"))),
        4 if is_object => {
            let required = edited["required"].take();
            edited = json!({"allOf": [{"type": "object", "required": required}, edited]});
            edited["allOf"][1].as_object_mut().expect("an object").remove("required");
        }
        5 if is_object => edited["additionalProperties"] = json!(false),
        6 if is_object => edited["dependentRequired"] = json!({"a": ["b"]}),
        7 => edited = json!({"anyOf": [edited, {"type": "null"}]}),
        8 => edited = json!({"oneOf": [edited]}),
        _ => {
            for keyword in ["oneOf", "anyOf"] {
                if let Some(branches) = edited.get_mut(keyword).and_then(Value::as_array_mut) {
                    match dice.roll(3) {
                        0 => branches.reverse(),
                        1 => drop(branches.pop().filter(|_| branches.len() > 1)),
                        _ => branches.push(tagged(dice, depth, 2)),
                    }
                    if branches.is_empty() {
                        branches.push(json!({"type": "string"}));
                    }
                    return edited;
                }
            }
            return if is_object { edited } else { scalar(dice) };
        }
    }
    edited
}

fn read(schema: &Value) -> Api {
    let body = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}});
    let post = json!({"requestBody": {"content": body}, "responses": {"200": {"description": "ok", "content": body}}});
    let text = json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/orders": {"post": post}}, "components": {"schemas": {"Order": schema}}});
    let tree = Tree::from_memory("test", [("openapi.json".to_string(), text.to_string().into_bytes())]);
    let files = Files::default();
    driftline::read::openapi::read(&Snapshot::new(&tree, &files), "openapi.json", &Cache::default()).value
}

/// A random value that may be an instance; only of declared properties.
fn instance(dice: &mut Dice, schema: &Value) -> Value {
    for keyword in ["oneOf", "anyOf"] {
        if let Some(branches) = schema.get(keyword).and_then(Value::as_array) {
            let branch = dice.pick(branches);
            return instance(dice, &branch);
        }
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let objects = parts.iter().map(|part| instance(dice, part));
        return objects.filter_map(|v| v.as_object().cloned()).flatten().collect::<Map<_, _>>().into();
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return dice.pick(values);
    }
    if let Some(value) = schema.get("const") {
        return value.clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => dice.pick(kinds),
        kind => kind.clone(),
    };
    match kind.as_str().unwrap_or("string") {
        "object" => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let properties = schema["properties"].as_object().cloned().unwrap_or_default();
            let kept = properties.iter().filter(|(name, _)| required.contains(&json!(name)) || dice.roll(2) == 0);
            let kept: Vec<(String, Value)> = kept.map(|(name, schema)| (name.clone(), schema.clone())).collect();
            kept.into_iter().map(|(name, schema)| (name, instance(dice, &schema))).collect::<Map<_, _>>().into()
        }
        "array" => (0..dice.roll(3)).map(|_| instance(dice, &schema["items"])).collect(),
        "integer" => json!(dice.roll(14)),
        "boolean" => json!(dice.roll(2) == 0),
        "null" => Value::Null,
        _ => json!(dice.pick(&["", "a", "b", "x", "y", "ab", "abc", "abcd", "abcde", "1"])),
    }
}

/// What rules say of the changes in one direction: the worst level, the witnesses about the whole value, and what breaks the
/// set of values.
fn judged(changes: &[Change], flow: Flow) -> (Option<Severity>, Vec<Value>, Vec<String>) {
    let only = |change: &Change| {
        let usages = change.usages.iter().filter(|u| u.flow == flow).cloned().collect();
        Change { flows: change.flows.intersection(Flows::one(flow)), usages, ..change.clone() }
    };
    let changes: Vec<Change> = changes.iter().map(only).filter(|c| !c.flows.is_empty()).collect();
    let model = Model::default();
    let side = Side { model: &model, links: &[], limits: &Limits::DEFAULT };
    let found = run(&Pair { base: side, head: side, changes: &changes }).changes;
    let whole = found.iter().filter(|f| f.usages.iter().all(|u| &*u.path == "$"));
    let witnesses = whole.filter_map(|f| f.witness.as_ref().map(|w| w.value.clone())).collect();
    let breaks = found.iter().filter(|f| f.severity == Severity::Error && f.rule.id != "property-removed");
    let breaks = breaks.map(|f| format!("{} {}", f.rule.id, f.subject)).collect();
    (found.iter().map(|f| f.severity).filter(|s| *s != Severity::Note).min(), witnesses, breaks)
}

/// True when the set algebra says that all values of the one schema are values of the other.
fn covered(inner: &Value, outer: &Value) -> bool {
    let canonical = |schema: &Value| jsonschema::canonical::options().canonicalize(schema).ok();
    let (Some(inner), Some(outer)) = (canonical(inner), canonical(outer)) else { return false };
    matches!(outer.covers(&inner), Ok(jsonschema::canonical::Containment::Yes))
}

fn told(changes: &[Change]) -> Vec<String> {
    changes.iter().map(|c| format!("{:?} {} {} {:?}", c.kind, c.subject, c.effect.name(), c.facts.undecided)).collect()
}

#[test]
fn verdicts_on_whole_schemas_agree_with_the_judge() {
    let cases = std::env::var("DRIFTLINE_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000usize);
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut undecided, mut safe, mut shown, mut tried, mut alarms) = (0, 0, 0, 0, 0);
    let mut wrong: Vec<String> = Vec::new();
    for _ in 0..cases {
        let base = schema(&mut dice, 0);
        let head = match dice.roll(5) {
            0 => schema(&mut dice, 0),
            1 => edit(&mut dice, &base, 0),
            _ => {
                let once = edit(&mut dice, &base, 0);
                if dice.roll(2) == 0 { once } else { edit(&mut dice, &once, 0) }
            }
        };
        let judge = |schema: &Value| jsonschema::draft202012::new(schema).expect("a valid schema");
        let (in_base, in_head) = (judge(&base), judge(&head));
        let changes = diff(&read(&base), &read(&head));
        undecided += usize::from(changes.iter().any(|c| c.effect == Effect::Undecided));
        for (flow, inner, from, to) in [(Flow::In, &base, &in_base, &in_head), (Flow::Out, &head, &in_head, &in_base)] {
            let (level, witnesses, breaks) = judged(&changes, flow);
            let outer = if flow == Flow::In { &head } else { &base };
            // A schema that no value fits promises nothing.
            if !breaks.is_empty() && covered(inner, outer) && !covered(inner, &json!(false)) {
                alarms += 1;
                // A part that no value can have may still be judged by itself.
                if breaks.iter().any(|said| !said.ends_with(" Order")) {
                    continue;
                }
                wrong.push(format!("{breaks:?} but inside {flow:?}\n  {base}\n  {head}"));
            }
            for value in witnesses {
                shown += 1;
                if !from.is_valid(&value) || to.is_valid(&value) {
                    wrong.push(format!("witness {value} {flow:?}\n  {base}\n  {head}\n  {:?}", told(&changes)));
                }
            }
            // Readers skip properties they do not know: a new one is safe for them though a closed object gains values.
            let grew = flow == Flow::Out && changes.iter().any(|c| c.kind == ChangeKind::AttributeAdded);
            if level.is_some() || grew {
                continue;
            }
            safe += 1;
            for _ in 0..20 {
                let value = instance(&mut dice, inner);
                if from.is_valid(&value) {
                    tried += 1;
                    if !to.is_valid(&value) {
                        wrong.push(format!("safe but {value} {flow:?}\n  {base}\n  {head}\n  {:?}", told(&changes)));
                        break;
                    }
                }
            }
        }
    }
    let rate = 100.0 * undecided as f64 / cases.max(1) as f64;
    println!(
        "{cases} pairs: {undecided} undecided ({rate:.1} %), {safe} safe with {tried} instances, {shown} witnesses, {alarms} false alarms"
    );
    println!("{} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong[..wrong.len().min(6)].join("\n"));
}
