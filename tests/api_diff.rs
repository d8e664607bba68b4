//! Changes between two contracts, from their text: a table of edits, what must stay silent, recursion, size.

use driftline::diff::api::diff;
use driftline::model::api::Api;
use driftline::model::{Change, Flow};
use driftline::read::document::Cache;
use driftline::revision::Tree;
use driftline::source::{Files, Snapshot};

fn read(text: &str) -> Api {
    let tree = Tree::from_memory("test", [("openapi.yaml".to_string(), text.as_bytes().to_vec())]);
    let files = Files::default();
    driftline::read::openapi::read(&Snapshot::new(&tree, &files), "openapi.yaml", &Cache::default()).value
}

fn changes(base: &str, head: &str) -> Vec<Change> {
    diff(&read(base), &read(head))
}

/// `RangeChanged Order.qty narrows in`, one line per change, sorted.
fn told(changes: &[Change]) -> Vec<String> {
    let line = |c: &Change| {
        let flows: Vec<&str> = c.flows.iter().map(Flow::name).collect();
        let detail = if c.detail.is_empty() { String::new() } else { format!(" [{}]", c.detail) };
        format!("{:?} {}{detail} {} {}", c.kind, c.subject, c.effect.name(), flows.join("+")).trim_end().to_string()
    };
    let mut lines: Vec<String> = changes.iter().map(line).collect();
    lines.sort();
    lines
}

/// A contract whose `Order` is sent to `POST /orders` and read from `GET /orders`.
fn orders(order: &str) -> String {
    format!(
        r#"openapi: 3.1.0
info: {{title: Shop, version: "1"}}
paths:
  /orders:
    get:
      responses:
        "200":
          description: ok
          content: {{application/json: {{schema: {{type: array, items: {{$ref: '#/components/schemas/Order'}}}}}}}}
    post:
      requestBody:
        content: {{application/json: {{schema: {{$ref: '#/components/schemas/Order'}}}}}}
      responses: {{"201": {{description: ok}}}}
components:
  schemas:
    Card: {{type: object, required: [kind], properties: {{kind: {{const: card}}, number: {{type: string}}}}}}
    Cash: {{type: object, required: [kind], properties: {{kind: {{const: cash}}}}}}
    Order: {order}
"#
    )
}

#[test]
fn an_edit_of_a_schema_is_one_change() {
    let card = "{oneOf: [{$ref: '#/components/schemas/Card'}]}";
    let both = "{oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Cash'}]}";
    let turned = "{oneOf: [{$ref: '#/components/schemas/Cash'}, {$ref: '#/components/schemas/Card'}]}";
    let pay = |schema: &str| format!("{{type: object, properties: {{pay: {schema}}}}}");
    let map = |schema: &str| {
        format!("{{type: object, properties: {{tags: {{type: object, additionalProperties: {schema}}}}}}}")
    };
    let cases: Vec<(String, String, Vec<&str>)> = vec![
        (
            "{type: object, properties: {qty: {type: integer, minimum: 0}}}".into(),
            "{type: object, properties: {qty: {type: integer, minimum: 1}}}".into(),
            vec!["RangeChanged Order.qty narrows in+out"],
        ),
        (
            "{type: object, properties: {qty: {type: integer}, note: {type: string}}}".into(),
            "{type: object, properties: {qty: {type: string, maxLength: 3}}}".into(),
            vec!["AttributeRemoved Order.note both in+out", "TypeChanged Order.qty both in+out"],
        ),
        (
            "{type: object, required: [a], properties: {a: {type: string}, b: {type: string}}}".into(),
            "{type: object, required: [b, c], properties: {a: {type: string}, b: {type: string}, c: {type: string}, d: {type: string}}}".into(),
            vec![
                "AttributeAdded Order.c narrows in+out",
                "AttributeAdded Order.d same in+out",
                "AttributeOptional Order.a widens in+out",
                "AttributeRequired Order.b narrows in+out",
            ],
        ),
        (
            "{type: object, properties: {lines: {type: array, items: {type: object, properties: {sku: {type: string}}}}}}".into(),
            "{type: object, properties: {lines: {type: array, items: {type: object, properties: {sku: {type: string, maxLength: 5}}}}}}".into(),
            vec!["LengthChanged Order.lines[].sku narrows in+out"],
        ),
        (
            "{type: object, properties: {speed: {type: string, enum: [slow, fast]}}}".into(),
            "{type: object, properties: {speed: {type: string, enum: [fast, express]}}}".into(),
            vec![
                r#"EnumValueAdded Order.speed ["express"] widens in+out"#,
                r#"EnumValueRemoved Order.speed ["slow"] narrows in+out"#,
            ],
        ),
        (
            "{type: object, properties: {id: {type: string}}}".into(),
            "{type: object, properties: {id: {type: string, readOnly: true}, at: {type: string, readOnly: true}}}".into(),
            vec!["AttributeAdded Order.at same out", "ReadOnlyChanged Order.id narrows in+out"],
        ),
        (
            "{type: object, properties: {id: {type: string, readOnly: true, maxLength: 9}}}".into(),
            "{type: object, properties: {id: {type: string, readOnly: true, maxLength: 8}}}".into(),
            vec!["LengthChanged Order.id narrows out"],
        ),
        (
            "{type: object, properties: {a: {type: string, default: x}}}".into(),
            "{type: object, properties: {a: {type: string, default: y, deprecated: true}}}".into(),
            vec!["AttributeDeprecated Order.a same in+out", "DefaultChanged Order.a same in+out"],
        ),
        (
            "{type: object, properties: {a: {type: [string, 'null']}}}".into(),
            "{type: object, properties: {a: {type: string}}}".into(),
            vec!["NullabilityChanged Order.a narrows in+out"],
        ),
        (
            "{type: object, properties: {a: {type: string}}}".into(),
            "{type: object, properties: {a: {type: [integer, 'null']}}}".into(),
            vec!["TypeChanged Order.a both in+out"],
        ),
        (
            "{type: object, properties: {a: {type: integer, format: int64}}}".into(),
            "{type: object, properties: {a: {type: integer}}}".into(),
            vec![],
        ),
        (
            pay("{oneOf: [{type: object, required: [t], properties: {t: {const: a}}}, {type: object, required: [t], properties: {t: {const: b}}}]}"),
            pay("{oneOf: [{type: object, required: [t], properties: {t: {const: a}}}]}"),
            vec![r#"BranchRemoved Order.pay [t="b"] narrows in+out"#],
        ),
        (
            pay("{oneOf: [{type: object, properties: {x: {type: string}}}, {type: array, items: {type: string}}]}"),
            pay("{oneOf: [{type: object, properties: {x: {type: string}}}, {type: array, items: {type: string}}, {type: object, required: [y], properties: {y: {type: string}}}]}"),
            // `{y: a}` fits the first alternative as well, which only a value with `x` shows.
            vec!["BranchAdded Order.pay [object with y] widens in+out"],
        ),
        (pay(both), pay(card), vec!["BranchRemoved Order.pay [Cash] narrows in+out"]),
        (pay(card), pay(both), vec!["BranchAdded Order.pay [Cash] widens in+out"]),
        (pay("{$ref: '#/components/schemas/Card'}"), pay(both), vec!["BranchAdded Order.pay [Cash] widens in+out"]),
        (pay(both), pay(turned), vec![]),
        (pay(both), pay("{not: {type: object}}"), vec!["CompositionChanged Order.pay both in+out"]),
        (
            pay("{}"),
            pay("{not: {type: object}}"),
            vec!["CompositionChanged Order.pay narrows in+out"],
        ),
        (pay("{if: {title: a}}"), pay("{if: {title: b, description: c}}"), vec![]),
        (map("true"), "{type: object, properties: {tags: {type: object, propertyNames: {type: string, description: x}, additionalProperties: true}}}".into(), vec![]),
        (map("true"), map("false"), vec!["AdditionalPropertiesChanged Order.tags narrows in+out"]),
        (map("{type: string}"), map("{type: integer}"), vec!["TypeChanged Order.tags{} both in+out"]),
        (map("true"), map("{type: integer}"), vec!["AdditionalPropertiesChanged Order.tags narrows in+out"]),
        (pay("{contains: {const: a}}"), pay("{contains: {const: b}}"), vec!["KeywordChanged Order.pay [contains] both in+out"]),
        (
            pay("{$ref: '#/components/schemas/Card'}"),
            pay("{$ref: '#/components/schemas/Cash'}"),
            vec!["ReferenceChanged Order.pay both in+out"],
        ),
        (pay("{type: string}"), pay("{}"), vec!["TypeChanged Order.pay widens in+out"]),
        (
            pay("{}"),
            pay("{type: object, required: [x], properties: {x: {type: string}}}"),
            vec!["TypeChanged Order.pay narrows in+out"],
        ),
        (
            pay("{type: array, prefixItems: [{type: string}]}"),
            pay("{type: array, prefixItems: [{type: integer}]}"),
            vec!["TypeChanged Order.pay[0] both in+out"],
        ),
    ];
    for (base, head, expected) in cases {
        let found = changes(&orders(&base), &orders(&head));
        let found: Vec<_> = found.into_iter().filter(|c| !format!("{:?}", c.kind).starts_with("Entity")).collect();
        assert_eq!(told(&found), expected, "{base}\n-> {head}");
    }
}

#[test]
fn the_same_contract_written_differently_is_no_change() {
    let plain = "{type: object, required: [id], properties: {id: {type: integer, minimum: 1}, note: {type: [string, 'null']}, pay: {$ref: '#/components/schemas/Card'}}}";
    let card = "{type: object, required: [kind], properties: {kind: {const: card}, number: {type: string}}}";
    for other in [
        plain.to_string(),
        "{properties: {note: {type: ['null', string]}, pay: {$ref: '#/components/schemas/Card'}, id: {minimum: 1, type: integer}}, required: [id], type: object}".into(),
        format!("{{type: object, required: [id], properties: {{id: {{type: integer, exclusiveMinimum: 0}}, note: {{type: [string, 'null']}}, pay: {card}}}}}"),
        "{allOf: [{type: object, required: [id], properties: {id: {type: integer, minimum: 1}}}, {type: object, properties: {note: {type: [string, 'null']}, pay: {$ref: '#/components/schemas/Card'}}}]}".into(),
        "{type: object, required: [id], properties: {id: {allOf: [{type: integer}, {minimum: 1}]}, note: {anyOf: [{type: string}, {type: 'null'}]}, pay: {oneOf: [{$ref: '#/components/schemas/Card'}]}}}".into(),
        "{type: object, description: new, required: [id], properties: {id: {type: integer, minimum: 1, example: 3}, note: {type: [string, 'null']}, pay: {$ref: '#/components/schemas/Card', description: how}}}".into(),
    ] {
        for (a, b) in [(plain, &*other), (&*other, plain)] {
            let found = changes(&orders(a), &orders(b));
            assert_eq!(told(&found), Vec::<String>::new(), "{a}\n-> {b}");
        }
    }
    let values = ["{anyOf: [{type: string}, {type: integer}]}", "{type: [integer, string]}"];
    let lists = ["{oneOf: [{const: a}, {const: b}]}", "{enum: [b, a]}"];
    for [a, b] in [values, lists] {
        for (a, b) in [(a, b), (b, a)] {
            assert_eq!(told(&changes(&orders(a), &orders(b))), Vec::<String>::new(), "{a} -> {b}");
        }
    }
}

#[test]
fn a_renamed_component_is_only_that() {
    let base = orders("{type: object, properties: {pay: {$ref: '#/components/schemas/Card'}}}");
    let head = base.replace("Card", "CreditCard");
    assert_eq!(told(&changes(&base, &head)), ["EntityRenamed Card same"]);
}

#[test]
fn versions_spell_null_differently() {
    let new =
        orders("{type: object, properties: {note: {type: [string, 'null']}}}").replace("const: card", "enum: [card]");
    let new = new.replace("const: cash", "enum: [cash]");
    let old = new.replace("3.1.0", "3.0.3").replace("type: [string, 'null']", "type: string, nullable: true");
    assert_eq!(told(&changes(&old, &new)), Vec::<String>::new());
    let bytes = |how: &str| orders(&format!("{{type: object, properties: {{data: {{type: string, {how}}}}}}}"));
    assert_eq!(told(&changes(&bytes("format: byte"), &bytes("contentEncoding: base64"))), Vec::<String>::new());
}

/// A contract with one operation under `/users/{id}`.
fn users(operation: &str) -> String {
    format!(
        r#"openapi: 3.1.0
info: {{title: Users, version: "1"}}
paths:
  /users/{{id}}:
    parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
    post: {operation}
components:
  securitySchemes:
    key: {{type: apiKey, in: header, name: X-Key}}
    login: {{type: oauth2, flows: {{implicit: {{authorizationUrl: 'https://a.co', scopes: {{read: r, write: w}}}}}}}}
"#
    )
}

#[test]
fn operations_and_what_they_carry() {
    let ok = "responses: {'200': {description: ok}}";
    let with = |rest: &str| format!("{{{rest}, {ok}}}");
    let answers = |responses: &str| format!("{{responses: {{{responses}}}}}");
    let id = "POST /users/{id}";
    let cases: Vec<(String, String, Vec<String>)> = vec![
        (
            with("summary: a"),
            with("parameters: [{name: q, in: query, schema: {type: string}}]"),
            vec![format!("ParameterAdded {id} query.q same in")],
        ),
        (
            with("summary: a"),
            with("parameters: [{name: q, in: query, required: true, schema: {type: string}}]"),
            vec![format!("ParameterAdded {id} query.q narrows in")],
        ),
        (
            with("parameters: [{name: q, in: query, schema: {type: string}}]"),
            with("parameters: [{name: q, in: query, required: true, schema: {type: string, maxLength: 4}}]"),
            vec![
                format!("LengthChanged {id} query.q narrows in"),
                format!("ParameterRequired {id} query.q narrows in"),
            ],
        ),
        (
            with("parameters: [{name: q, in: query, schema: {type: array, items: {type: string}}}]"),
            with("parameters: [{name: q, in: query, explode: false, schema: {type: array, items: {type: string}}}]"),
            vec![format!("ParameterSerialization {id} query.q both in")],
        ),
        (
            with(
                "requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}",
            ),
            with(
                "requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {name: {type: integer}}}}}}",
            ),
            vec![format!("BodyRequired {id} narrows in"), format!("TypeChanged {id} body.name both in")],
        ),
        (
            answers(
                "'200': {description: a, content: {application/json: {schema: {type: string}}, text/csv: {schema: {type: string}}}, headers: {X-Total: {schema: {type: integer}}}}",
            ),
            answers(
                "'200': {description: b, content: {application/json: {schema: {type: string, maxLength: 3}}}, headers: {x-total: {schema: {type: string}}}}, '404': {description: c}",
            ),
            vec![
                format!("LengthChanged {id} 200 narrows out"),
                format!("MediaTypeRemoved {id} 200 [text/csv] both out"),
                format!("ResponseAdded {id} [404] widens out"),
                format!("TypeChanged {id} 200 header.X-Total widens out"),
            ],
        ),
        (
            answers("'200': {description: a}"),
            answers("2XX: {description: a}"),
            vec![format!("ResponseAdded {id} [2XX] widens out")],
        ),
        (
            with("security: [{key: []}]"),
            with("security: [{key: []}, {login: [read]}]"),
            vec![format!("SecurityChanged {id} widens in")],
        ),
        (
            with("security: [{key: []}, {login: [read]}]"),
            with("security: [{login: [read, write]}]"),
            vec![format!("SecurityChanged {id} narrows in")],
        ),
        (with("security: []"), with("summary: a"), vec![]),
        (with("tags: [a, b]"), with("tags: [b, a]"), vec![]),
        (with("tags: [a, b]"), with("tags: [a]"), vec![format!("OperationTagsChanged {id} same in")]),
        (
            with("operationId: a"),
            with("operationId: b, deprecated: true"),
            vec![format!("OperationDeprecated {id} same in"), format!("OperationIdChanged {id} same in")],
        ),
    ];
    for (base, head, expected) in cases {
        let found = changes(&users(&base), &users(&head));
        let mut expected = expected;
        expected.sort();
        assert_eq!(told(&found), expected, "{base}\n-> {head}");
    }
}

#[test]
fn path_parameters_have_no_names() {
    let base = users("{responses: {'200': {description: ok}}}");
    let head = base.replace("/users/{id}", "/users/{userId}").replace("name: id", "name: userId");
    assert_eq!(told(&changes(&base, &head)), Vec::<String>::new());
    let undeclared = base.replace("{name: id, in: path, required: true, schema: {type: string}}", "");
    assert_ne!(undeclared, base);
    assert_eq!(told(&changes(&undeclared, &head)), ["ParameterAdded POST /users/{id} path.userId same in"]);
    let moved = base.replace("/users/", "/members/");
    let expected = ["OperationAdded POST /members/{id} widens in+out", "OperationRemoved POST /users/{id} narrows in"];
    assert_eq!(told(&changes(&base, &moved)), expected);
}

#[test]
fn webhooks_flow_the_other_way() {
    let webhook = |schema: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\nwebhooks:\n  paid:\n    post:\n      requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}\n      responses: {{'200': {{description: ok}}}}\n"
        )
    };
    let found = changes(
        &webhook("{type: object, properties: {a: {type: string}}}"),
        &webhook("{type: object, properties: {a: {type: string, maxLength: 5}}}"),
    );
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(told(&found)[0].ends_with("narrows out"), "{:?}", told(&found));
}

#[test]
fn one_edit_names_all_its_uses_by_the_shortest_route() {
    let base =
        orders("{type: object, properties: {parent: {$ref: '#/components/schemas/Order'}, qty: {type: integer}}}");
    let head = base.replace("qty: {type: integer}", "qty: {type: integer, maximum: 9}");
    let found = changes(&base, &head);
    assert_eq!(told(&found), ["RangeChanged Order.qty narrows in+out"]);
    let uses: Vec<String> = found[0]
        .usages
        .iter()
        .map(|u| format!("{} {} {} {}", u.operation, u.flow.name(), u.location, u.path))
        .collect();
    assert_eq!(
        uses,
        [
            "POST /orders in request body application/json $.qty",
            "GET /orders out response 200 application/json $[].qty"
        ]
    );
    let lost = found[0].lost.as_ref().expect("a witness");
    assert_eq!((lost.value.to_string().as_str(), lost.accepted_by, lost.refused_by), ("10", "base", "head"));
}

#[test]
fn an_edit_of_a_part_that_others_include_is_told_once() {
    let contract = |base: &str| {
        orders("{allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {qty: {type: integer}}}]}")
            + &format!("    Base: {base}\n")
    };
    let found = changes(
        &contract("{type: object, properties: {id: {type: string}, at: {type: string}}}"),
        &contract("{type: object, required: [id], properties: {id: {type: string}}}"),
    );
    assert_eq!(told(&found), ["AttributeRemoved Base.at both in+out", "AttributeRequired Base.id narrows in+out"]);
    assert!(found.iter().all(|c| c.usages.len() == 2), "{found:#?}");
}

#[test]
fn an_edit_behind_a_nullable_reference_is_told_at_the_component() {
    let contract = |size: &str| {
        orders(
            "{type: object, properties: {a: {anyOf: [{$ref: '#/components/schemas/Size'}, {type: 'null'}]}, b: {oneOf: [{type: 'null'}, {$ref: '#/components/schemas/Size'}]}}}",
        ) + &format!("    Size: {size}\n")
    };
    let found = changes(&contract("{type: integer}"), &contract("{type: integer, enum: [1, 2]}"));
    assert_eq!(told(&found), ["EnumChanged Size narrows in+out"]);
    assert_eq!(found[0].usages.len(), 2, "{found:#?}");
}

#[test]
fn required_properties_come_with_an_object_that_lacks_them() {
    let found = changes(
        &orders("{type: object, required: [id], properties: {id: {type: integer}, qty: {type: integer}}}"),
        &orders("{type: object, required: [id, qty], properties: {id: {type: integer}, qty: {type: integer}}}"),
    );
    let lost = found[0].lost.as_ref().expect("a witness");
    assert_eq!(lost.value.to_string(), r#"{"id":0}"#);
}

#[test]
fn large_contracts_cost_little() {
    let contract = |edit: &str| {
        let mut text = String::from("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n");
        for n in 0..500 {
            text.push_str(&format!(
                "  /r{n}: {{get: {{responses: {{'200': {{description: ok, content: {{application/json: {{schema: {{$ref: '#/components/schemas/S{n}'}}}}}}}}}}}}}}\n"
            ));
        }
        text.push_str("components:\n  schemas:\n");
        for n in 0..2000 {
            let (a, b) = ((n * 7 + 1) % 2000, (n * 13 + 5) % 2000);
            let extra = if n == 1000 { edit } else { "" };
            text.push_str(&format!(
                "    S{n}: {{type: object, properties: {{id: {{type: integer{extra}}}, a: {{$ref: '#/components/schemas/S{a}'}}, b: {{type: array, items: {{$ref: '#/components/schemas/S{b}'}}}}}}}}\n"
            ));
        }
        read(&text)
    };
    let (base, head) = (contract(""), contract(", minimum: 1"));
    let start = std::time::Instant::now();
    let found = diff(&base, &head);
    let took = start.elapsed();
    assert_eq!(told(&found), ["RangeChanged S1000.id narrows out"]);
    assert_eq!(found[0].usages.len(), 500);
    // Generous: speed is measured in benches. Writing every route through the ring out would take minutes.
    assert!(took.as_secs() < 60, "{took:?}");
    let again = diff(&base, &head);
    assert_eq!(format!("{found:?}"), format!("{again:?}"));
    println!("2,000 components in {took:?}");
}
