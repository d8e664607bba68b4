//! The contract reader: several files, every version's spelling, malformed parts, and an independent reader as oracle.

mod contracts;

use std::path::Path;

use contracts::{Contract, contract, read, read_tree};
use driftline::model::api::Keyword;
use driftline::revision::Tree;

fn shop() -> Contract {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/contracts/shop");
    let mut files = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(&root).expect("inside").to_string_lossy().replace('\\', "/");
                files.push((name, std::fs::read(&path).expect("file")));
            }
        }
    }
    read_tree(Tree::from_memory("head", files), "openapi.yaml")
}

#[test]
fn a_contract_of_several_files() {
    let shop = shop();
    assert_eq!(shop.problems(), []);
    let api = shop.api();
    assert_eq!((api.format, &*api.title, &*api.version, api.tainted), ("openapi-3.0", "Shop orders", "1.4.0", false));
    let ids: Vec<&str> = api.operations.iter().map(|o| &*o.id).collect();
    assert_eq!(
        ids,
        [
            "GET /customers",
            "POST /customers",
            "GET /customers/{customerId}",
            "GET /orders",
            "POST /orders",
            "GET /orders/{orderId}",
            "DELETE /orders/{orderId}",
            "CALLBACK POST {$request.body#/notify_url} of POST /orders",
        ]
    );
    let names: Vec<&str> = api.components.iter().map(|(n, _)| &**n).collect();
    assert_eq!(names, ["Customer", "Order", "Error", "address", "Item", "Status"]);
    let customer = shop.component("Customer");
    assert_eq!(customer.hints, [("x-table".into(), "customers".into())]);
    let email = &customer.properties[1];
    assert_eq!((&*email.name, shop.text(email.key).as_str(), email.required), ("email", "email", true));
    assert_eq!(shop.text(email.required_origin.expect("required")), "email");
    assert_eq!(shop.text(api.shape(email.shape).at(Keyword::MaxLength).expect("maxLength")), "maxLength: 255");
    assert_eq!(api.entities().len(), 6);
    // One file is one shape, wherever it is referred to.
    let address = |owner: &str, property: &str| {
        let property = shop.component(owner).properties.iter().find(|p| &*p.name == property).expect("property");
        api.resolve(property.shape)
    };
    assert_eq!(address("Customer", "address"), address("Order", "ship_to"));
    let cancel = api.operation("DELETE /orders/{orderId}").expect("cancel");
    assert!(cancel.lifecycle.deprecated && cancel.lifecycle.sunset.as_deref() == Some("2027-06-30"));
    assert_eq!(cancel.parameters.len(), 1);
    assert!(cancel.security.as_ref().is_some_and(|s| s.len() == 1 && s[0].schemes.is_empty()));
    assert_eq!(api.security_schemes["bearer"].summary, "http bearer");
}

#[test]
fn references_that_lead_nowhere() {
    let cases = [
        ("$ref: '#/components/schemas/Usr'", "reference-unresolved", "did you mean `User`?"),
        ("$ref: 'models/usr.yaml'", "reference-unresolved", "did you mean `models/user.yaml`?"),
        ("$ref: '../secret.yaml'", "reference-outside", "leads out of the repository"),
        ("$ref: '/etc/passwd'", "reference-outside", "leads out of the repository"),
        ("$ref: 'https://example.com/user.yaml#/User'", "reference-remote", "not fetched"),
        ("$ref: '#/components/schemas/A'", "reference-circular", "leads back to itself"),
        ("$ref: 12", "contract-invalid", "must be text"),
        ("$ref: '#User'", "reference-unresolved", "no `$anchor`"),
    ];
    for (reference, rule, words) in cases {
        let root = format!(
            "openapi: 3.0.3\npaths: {{}}\ncomponents:\n  schemas:\n    User: {{type: object}}\n    A: {{$ref: '#/components/schemas/X'}}\n    X:\n      {reference}\n"
        );
        let contract = read(&[("openapi.yaml", &root), ("models/user.yaml", "type: object")]);
        let problems = &contract.read.problems;
        assert_eq!(problems.len(), 1, "{reference}: {problems:?}");
        assert_eq!(problems[0].rule, rule);
        assert!(problems[0].message.contains(words), "{}", problems[0].message);
        assert_eq!(problems[0].incomplete, rule != "reference-remote");
        // A circle is reported where the walk closes it.
        let shown = if rule == "reference-circular" { "schemas/X" } else { reference.trim_start_matches("$ref: ") };
        assert!(contract.text(problems[0].origin).contains(shown), "{reference}");
        assert!(contract.api().tainted);
        assert!(contract.component("X").tainted || contract.component("A").tainted);
        assert!(!contract.component("User").tainted);
    }
}

#[test]
fn malformed_parts_do_not_hide_the_rest() {
    let fine = "  /fine: {get: {responses: {}}}\n";
    let cases = [
        ("paths: []\n", "`paths` must be a mapping"),
        ("paths:\n  /a: [get]\n", "must be a mapping of methods"),
        ("paths:\n  /a: {get: text}\n", "must be a mapping"),
        ("paths:\n  /a: {gett: {}}\n", "`gett` is no method"),
        ("paths:\n  a: {get: {}}\n", "must begin with `/`"),
        ("paths:\n  /a: {get: {parameters: {}}}\n", "`parameters` must be a list"),
        ("paths:\n  /a: {get: {parameters: [{in: query}]}}\n", "without `name`"),
        ("paths:\n  /a: {get: {parameters: [{name: a, in: moon}]}}\n", "no place of a parameter"),
        ("paths:\n  /a: {get: {responses: []}}\n", "`responses` must be a mapping"),
        ("paths:\n  /a: {get: {responses: {200: text}}}\n", "the response `200`"),
        (
            "paths:\n  /a/{x}: {get: {parameters: [{name: x, in: path}]}}\n  /a/{y}: {get: {parameters: [{name: y, in: path}]}}\n",
            "match the same requests",
        ),
        ("paths:\n  /a/{x}: {get: {}}\n", "`{x}` of `/a/{x}` is declared by no parameter"),
        ("paths:\n  /a: {get: {parameters: [{name: x, in: path}]}}\n", "the path `/a` has no `{x}`"),
        ("paths:\n  '/a/{x': {get: {}}\n", "is not closed"),
        ("paths:\n  /a: {get: {responses: {foo: {}}}}\n", "`foo` is no status"),
        ("paths:\n  /a: {get: {responses: {2XX: {}, 599: {}, default: {}, 999999: {}}}}\n", "`999999` is no status"),
        ("servers: ['https://a.example']\npaths:\n", "a server needs a `url`"),
        ("servers: [{description: d}]\npaths:\n", "a server needs a `url`"),
        (
            "paths:\n  /a: {get: {operationId: x}, put: {operationId: x}}\n",
            "`operationId` `x` is that of `GET /a` already",
        ),
        ("components: {securitySchemes: {k: {type: bearer}}}\npaths:\n", "`bearer` is no type of a security scheme"),
        ("paths:\n  /a: {get: {security: [k]}}\n", "this entry must be a mapping, not text"),
        ("paths:\n  /a: {get: {parameters: [{name: a}]}}\n", "without `in`"),
        (
            "components: {parameters: {P: {name: a, in: query}}, schemas: {S: {properties: {a: {$ref: '#/components/parameters/P'}}}}}\npaths:\n",
            "`#/components/parameters/P` is no schema",
        ),
        ("paths:\n  /a: {get: {deprecated: soon}}\n", "`deprecated` must be `true` or `false`"),
        ("paths:\n  /a: {get: {parameters: [{name: a, in: query, schema: {type: text}}]}}\n", "no type of JSON Schema"),
        ("paths:\n  /a: {get: {parameters: [{name: a, in: query, schema: {maxLength: -1}}]}}\n", "whole number"),
        ("paths:\n  /a: {get: {parameters: [{name: a, in: query, schema: {maxLength: '9'}}]}}\n", "must be a number"),
        ("paths:\n  /a: {get: {parameters: [{name: a, in: query, schema: {enum: []}}]}}\n", "no value at all"),
        ("paths:\n  /a: {get: {parameters: [{name: a, in: query, schema: {oneOf: []}}]}}\n", "empty list"),
        ("paths:\n  /a: {get: {parameters: [{name: a, in: query, schema: []}]}}\n", "a schema must be a mapping"),
        ("paths:\n  /a: {get: {security: [[]]}}\n", "must be a mapping"),
    ];
    for (text, words) in cases {
        let body = if text.contains('[') && !text.contains('/') { text.to_string() } else { format!("{text}{fine}") };
        let contract = contract(&body);
        let problems = &contract.read.problems;
        assert_eq!(problems.len(), 1, "{text}: {problems:?}");
        assert_eq!(problems[0].rule, "contract-invalid");
        assert!(problems[0].message.contains(words), "{text}: {}", problems[0].message);
        assert!(!body.contains("/fine") || contract.api().operation("GET /fine").is_some(), "{text}");
    }
}

#[test]
fn what_is_no_contract() {
    let cases = [
        ("a.json", "{\"name\": \"x\", \"version\": \"1\"}", "contract-unreadable"),
        ("a.json", "[1, 2]", "contract-unreadable"),
        ("a.yaml", "just text", "contract-unreadable"),
        ("a.yaml", "", "contract-unreadable"),
        ("a.yaml", "swagger: '1.2'\n", "contract-unreadable"),
        ("a.yaml", "openapi: 4.0.0\npaths: {}\n", "contract-invalid"),
        ("a.yaml", "openapi: 3.0.0\n", "contract-invalid"),
    ];
    for (path, text, rule) in cases {
        let contract = read(&[(path, text)]);
        assert_eq!(contract.read.problems.len(), 1, "{text}: {:?}", contract.read.problems);
        assert_eq!(contract.read.problems[0].rule, rule, "{text}");
        assert!(contract.api().tainted);
    }
    let missing = read_tree(Tree::from_memory("head", []), "gone.yaml");
    assert_eq!(missing.problems(), [("contract-unreadable", "gone.yaml".to_string())]);
    assert_eq!(&*missing.files.locate(missing.read.problems[0].origin).path, "gone.yaml");
}

#[test]
fn a_document_that_breaks_off_is_one_problem() {
    let text = "openapi: 3.0.3\npaths:\n  /a: {get: {responses: {200: {$ref: '#/components/responses/R'}}}}\n  /b: ]\ncomponents: {}\n";
    let contract = read(&[("openapi.yaml", text)]);
    assert_eq!(contract.problems(), [("document-invalid", "openapi.yaml".to_string())]);
    assert!(contract.api().tainted && contract.api().operation("GET /a").is_some());
}
