//! Contracts that want to hurt, and contracts against an independent reader.

mod contracts;

use std::collections::{BTreeMap, BTreeSet};

use contracts::{contract, read, schema};
use driftline::model::Types;
use driftline::model::api::Api;
use openapiv3::{ReferenceOr, SchemaKind, Type};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};

#[test]
fn deep_schemas_are_read_or_refused_without_a_crash() {
    for (depth, problem) in [(200, None), (10_000, Some("nesting-limit"))] {
        let open = "{\"properties\": {\"a\": ".repeat(depth);
        let text = format!(
            "{{\"openapi\": \"3.0.3\", \"paths\": {{}}, \"components\": {{\"schemas\": {{\"X\": {open}{{}}{}",
            "}}".repeat(depth)
        );
        let contract = read(&[("openapi.json", &format!("{text}}}}}}}"))]);
        assert_eq!(contract.read.problems.first().map(|p| p.rule), problem, "{depth}");
        assert!(contract.api().shapes.len() > 200);
    }
    let mut chain = String::from("openapi: 3.0.3\npaths: {}\ncomponents:\n  schemas:\n    S0: {type: string}\n");
    for n in 1..20_000 {
        chain.push_str(&format!("    S{n}: {{$ref: '#/components/schemas/S{}'}}\n", n - 1));
    }
    assert_eq!(read(&[("openapi.yaml", &chain)]).problems(), []);
}

#[test]
fn recursive_data_is_no_problem() {
    let contract = schema(
        "3.0.3",
        "{properties: {next: {$ref: '#/components/schemas/X'}, all: {type: array, items: {$ref: '#/components/schemas/X'}}}}",
    );
    assert_eq!(contract.problems(), []);
    assert_eq!(contract.api().shapes.len(), 4);
}

#[test]
fn aliases_share_shapes() {
    let mut text = String::from("openapi: 3.0.3\npaths: {}\ncomponents:\n  schemas:\n    S0: &s0 {type: string}\n");
    for n in 1..40 {
        let properties: Vec<String> = (0..9).map(|p| format!("p{p}: *s{}", n - 1)).collect();
        text.push_str(&format!("    S{n}: &s{n} {{properties: {{{}}}}}\n", properties.join(", ")));
    }
    let contract = read(&[("openapi.yaml", &text)]);
    assert_eq!(contract.problems(), []);
    assert_eq!(contract.api().shapes.len(), 40);

    let bomb: String =
        (1..30).map(|n| format!("  a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "))).collect();
    let contract = contract_with(&format!(
        "x-bomb:\n  a0: &a0 [x, x]\n{bomb}components: {{schemas: {{X: {{default: *a29, enum: [*a28, b]}}}}}}\n"
    ));
    assert!(contract.read.problems.iter().all(|p| p.rule == "alias-limit"));
    assert!(contract.component("X").tainted);
}

fn contract_with(body: &str) -> contracts::Contract {
    contract(&format!("paths: {{}}\n{body}"))
}

#[test]
fn merged_schemas_keep_their_places() {
    let text = "x-base: &base {type: object, properties: {id: {type: integer}}}\ncomponents: {schemas: {X: {<<: *base, required: [id]}}}\n";
    let contract = contract_with(text);
    assert_eq!(contract.problems(), []);
    let id = &contract.component("X").properties[0];
    assert_eq!((contract.text(id.key).as_str(), id.required), ("id", true));
}

#[test]
fn every_reading_is_the_same() {
    let files = [
        (
            "openapi.yaml",
            "openapi: 3.0.3\npaths: {}\ncomponents: {schemas: {A: {$ref: 'a/m.yaml#/User'}, B: {$ref: 'b/m.yaml#/User'}, C: {properties: {u: {$ref: 'c/m.yaml#/User'}, v: {$ref: 'd/n.yaml#/User'}}}}}",
        ),
        ("a/m.yaml", "User: {type: string}"),
        ("b/m.yaml", "User: {type: integer}"),
        ("c/m.yaml", "User: {type: boolean}"),
        ("d/n.yaml", "User: {type: number}"),
    ];
    let names = |_| read(&files).api().components.iter().map(|(n, _)| n.to_string()).collect::<Vec<_>>();
    let first = names(0);
    assert_eq!(first, ["A", "B", "C", "User", "n_User"]);
    assert!((0..5).all(|n| names(n) == first));
}

/// A schema of 3.0 that both readers can read.
fn any_schema() -> impl Strategy<Value = Value> {
    let name = "[a-d]";
    let leaf = prop_oneof![
        Just(json!({"type": "integer", "format": "int64", "minimum": 1})),
        Just(json!({"type": "boolean"})),
        prop::collection::btree_set("[a-z]{1,3}", 1..4).prop_map(|v| json!({"type": "string", "enum": v})),
        name.prop_map(|n| json!({"$ref": format!("#/components/schemas/{n}")})),
    ];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        prop_oneof![
            inner.clone().prop_map(|items| json!({"type": "array", "items": items, "maxItems": 4})),
            (prop::collection::btree_map(name, inner, 0..4), prop::collection::btree_set(name, 0..3)).prop_map(
                |(properties, required)| json!({"type": "object", "properties": properties, "required": required})
            ),
        ]
    })
}

fn any_contract() -> impl Strategy<Value = Value> {
    let schemas = (any_schema(), any_schema(), any_schema(), any_schema());
    let methods =
        prop::collection::btree_set(prop::sample::select(vec!["get", "put", "post", "delete", "patch"]), 0..4);
    let paths = prop::collection::btree_map("/[a-z]{1,3}", methods, 0..4);
    (schemas, paths).prop_map(|((a, b, c, d), paths)| {
        let operation = json!({"responses": {"200": {"description": "ok"}}});
        let paths: BTreeMap<String, BTreeMap<&str, Value>> =
            paths.into_iter().map(|(p, m)| (p, m.into_iter().map(|m| (m, operation.clone())).collect())).collect();
        json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths,
            "components": {"schemas": {"a": a, "b": b, "c": c, "d": d}}})
    })
}

/// One line per fact both readers know, of a schema and what it holds.
type Facts = BTreeSet<String>;

fn their_facts(at: &str, schema: &ReferenceOr<openapiv3::Schema>, facts: &mut Facts) {
    let schema = match schema {
        ReferenceOr::Reference { reference } => {
            facts.insert(format!("{at} -> {reference}"));
            return;
        }
        ReferenceOr::Item(schema) => schema,
    };
    match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => {
            facts.insert(format!("{at} object"));
            facts.extend(object.required.iter().map(|name| format!("{at} requires {name}")));
            for (name, property) in &object.properties {
                their_facts(&format!("{at}.{name}"), &property.clone().unbox(), facts);
            }
        }
        SchemaKind::Type(Type::Array(array)) => {
            facts.insert(format!("{at} array {:?}", array.max_items));
            their_facts(&format!("{at}[]"), &array.items.clone().expect("items").unbox(), facts);
        }
        SchemaKind::Type(Type::String(string)) => {
            facts.insert(format!("{at} string"));
            facts.extend(string.enumeration.iter().flatten().map(|value| format!("{at} allows {value}")));
        }
        SchemaKind::Type(Type::Integer(integer)) => {
            facts.insert(format!("{at} integer from {:?}", integer.minimum));
        }
        SchemaKind::Type(Type::Boolean(_)) => {
            facts.insert(format!("{at} boolean"));
        }
        other => panic!("{other:?}"),
    }
}

fn our_facts(at: &str, api: &Api, id: driftline::model::api::ShapeId, facts: &mut Facts) {
    let shape = api.shape(id);
    if let Some(reference) = &shape.reference {
        facts.insert(format!("{at} -> {}", reference.text));
        return;
    }
    let limits = shape.domain.limits();
    match shape.domain.types {
        Types::ARRAY => facts.insert(format!("{at} array {:?}", limits.max_items.map(|n| n as usize))),
        Types::INTEGER => {
            facts.insert(format!("{at} integer from {:?}", limits.minimum.map(|b| b.value.to_f64() as i64)))
        }
        types => facts.insert(format!("{at} {types}")),
    };
    facts.extend(
        shape.domain.values.iter().flat_map(|v| v.iter()).map(|v| format!("{at} allows {}", v.as_str().unwrap_or("?"))),
    );
    facts.extend(shape.required_only.iter().map(|(name, _)| format!("{at} requires {name}")));
    for property in &shape.properties {
        if property.required {
            facts.insert(format!("{at} requires {}", property.name));
        }
        our_facts(&format!("{at}.{}", property.name), api, property.shape, facts);
    }
    if let Some(items) = shape.items {
        our_facts(&format!("{at}[]"), api, items, facts);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, rng_seed: RngSeed::Fixed(20261120), ..ProptestConfig::default() })]

    #[test]
    fn reads_what_openapiv3_reads(document in any_contract(), yaml in any::<bool>()) {
        let theirs: openapiv3::OpenAPI = serde_json::from_value(document.clone()).expect("their reader accepts it");
        let text = if yaml { serde_yaml::to_string(&document).expect("yaml") } else { document.to_string() };
        let contract = read(&[("openapi.yaml", &text)]);
        let mut their = Facts::new();
        for (path, method, _) in theirs.operations() {
            their.insert(format!("{} {path}", method.to_uppercase()));
        }
        for (name, schema) in &theirs.components.as_ref().expect("components").schemas {
            their_facts(name, schema, &mut their);
        }
        let mut ours: Facts = contract.api().operations.iter().map(|o| o.id.to_string()).collect();
        for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
            let declared = contract.api().components.iter().find(|(n, _)| **n == **name).map(|(_, id)| *id);
            let circle = schema.get("$ref").is_some();
            our_facts(name, contract.api(), declared.expect("declared"), &mut ours);
            prop_assert!(circle || contract.component(name).reference.is_none());
        }
        prop_assert_eq!(ours, their, "{}", text);
    }

    #[test]
    fn no_bytes_crash_the_reader(
        (at, kind, byte) in (any::<prop::sample::Index>(), 0..3u8, prop::sample::select(b"{}[]:,\"'-#&* \n\tax1$/~%|<".to_vec())),
        (from, to) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        json in any::<bool>(),
    ) {
        let yaml = include_str!("../testdata/contracts/shop/schemas/order.yaml");
        let nested: String = yaml.lines().map(|line| format!("    {line}\n")).collect();
        let text = format!(
            "openapi: 3.1.0\npaths:\n  /a: &a\n    get: {{parameters: [{{name: a, in: query, schema: {{$ref: '#/components/schemas/Item'}}}}]}}\n  /b: *a\ncomponents:\n  schemas:\n{nested}"
        );
        let mut bytes = text.into_bytes();
        if json {
            let value: Value = serde_yaml::from_slice(&bytes).expect("yaml");
            bytes = serde_json::to_vec(&value).expect("json");
        }
        let at = at.index(bytes.len());
        match kind {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            _ => {
                let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
                bytes.drain(from.min(to)..from.max(to));
            }
        }
        let tree = driftline::revision::Tree::from_memory("head", [("openapi.yaml".to_string(), bytes.clone())]);
        let contract = contracts::read_tree(tree, "openapi.yaml");
        for problem in &contract.read.problems {
            prop_assert!(problem.origin.start <= problem.origin.end && problem.origin.end as usize <= bytes.len());
            prop_assert!(!problem.message.is_empty());
        }
        for shape in &contract.api().shapes {
            let inside = shape.keywords.iter().map(|(_, o)| *o).chain(shape.origin).chain(shape.value_origins.iter().copied());
            prop_assert!(inside.into_iter().all(|o| o.start <= o.end && o.end as usize <= bytes.len()));
        }
    }
}

#[test]
fn references_that_multiply_are_stopped() {
    let parameters: String = (0..2_000).map(|n| format!("        - {{name: p{n}, in: query}}\n")).collect();
    let paths: String = (0..2_000).map(|n| format!("  /p{n}: {{$ref: '#/components/pathItems/A'}}\n")).collect();
    let text = format!(
        "openapi: 3.1.0\npaths:\n{paths}components:\n  pathItems:\n    A:\n      parameters:\n{parameters}      get: {{}}\n"
    );
    let contract = read(&[("openapi.yaml", &text)]);
    assert!(contract.problems().iter().any(|(rule, _)| *rule == "contract-invalid"));
    let kept: usize = contract.api().operations.iter().map(|o| o.parameters.len()).sum();
    assert!(kept <= 200_000 && contract.api().tainted);
}

#[test]
fn many_duplicate_keys_are_counted() {
    let keys = "\"a\":1,".repeat(20_000);
    let contract =
        read(&[("openapi.json", &format!("{{\"openapi\":\"3.0.0\",\"paths\":{{}},\"x\":{{{keys}\"b\":1}}}}"))]);
    assert_eq!(contract.read.problems.len(), 101);
    assert!(contract.read.problems.iter().any(|p| p.message.contains("19899 more keys")));
}
