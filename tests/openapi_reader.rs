//! The contract reader: several files, every version's spelling, malformed parts, and an independent reader as oracle.

use std::path::Path;

use driftline::model::api::{Api, Keyword, Shape};
use driftline::model::origin::{Origin, Read};
use driftline::model::{Decimal, Types};
use driftline::read::document::Cache;
use driftline::read::openapi;
use driftline::revision::Tree;
use driftline::source::{Files, Snapshot};

/// A contract in memory, with its files for looking at spans.
struct Contract {
    files: Files,
    read: Read<Api>,
}

fn read(files: &[(&str, &str)]) -> Contract {
    let owned: Vec<(String, Vec<u8>)> = files.iter().map(|(p, t)| (p.to_string(), t.as_bytes().to_vec())).collect();
    read_tree(Tree::from_memory("head", owned), files[0].0)
}

fn read_tree(tree: Tree, path: &str) -> Contract {
    let files = Files::default();
    let read = openapi::read(&Snapshot::new(&tree, &files), path, &Cache::default());
    Contract { files, read }
}

/// A 3.0 contract with that text behind the head.
fn contract(body: &str) -> Contract {
    read(&[("openapi.yaml", &format!("openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\n{body}"))])
}

/// A contract of one component `X` whose schema is that text.
fn schema(version: &str, text: &str) -> Contract {
    read(&[("openapi.yaml", &format!("openapi: {version}\npaths: {{}}\ncomponents:\n  schemas:\n    X: {text}\n"))])
}

impl Contract {
    fn api(&self) -> &Api {
        &self.read.value
    }

    fn component(&self, name: &str) -> &Shape {
        let (_, id) = self.api().components.iter().find(|(n, _)| &**n == name).unwrap_or_else(|| panic!("no {name}"));
        self.api().shape(*id)
    }

    fn text(&self, origin: Origin) -> String {
        let file = self.files.get(origin.file);
        String::from_utf8_lossy(&file.bytes[origin.start as usize..origin.end as usize]).into_owned()
    }

    fn problems(&self) -> Vec<(&'static str, String)> {
        self.read.problems.iter().map(|p| (p.rule, p.subject.clone())).collect()
    }
}

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
    assert!(cancel.deprecated && cancel.sunset.as_deref() == Some("2027-06-30"));
    assert_eq!(cancel.parameters.len(), 1);
    assert!(cancel.security.as_ref().is_some_and(|s| s.len() == 1 && s[0].schemes.is_empty()));
    assert_eq!(api.security_schemes["bearer"].summary, "http bearer");
}

#[test]
fn bounds_of_all_versions() {
    let cases = [
        ("3.0.3", "{type: integer, minimum: 1, exclusiveMinimum: true}", "1", true),
        ("3.0.3", "{type: integer, minimum: 1, exclusiveMinimum: false}", "1", false),
        ("3.1.0", "{type: integer, exclusiveMinimum: 1}", "1", true),
        ("3.1.0", "{type: integer, minimum: 2, exclusiveMinimum: 1}", "2", false),
        ("3.1.0", "{type: integer, minimum: 1, exclusiveMinimum: 1}", "1", true),
    ];
    for (version, text, value, exclusive) in cases {
        let contract = schema(version, text);
        let bound = contract.component("X").domain.limits().minimum.expect("minimum");
        assert_eq!((bound.value, bound.exclusive), (Decimal::parse(value).expect("number"), exclusive), "{text}");
    }
}

#[test]
fn types_of_all_versions() {
    let cases = [
        ("3.0.3", "{type: string}", Types::STRING),
        ("3.0.3", "{type: string, nullable: true}", Types::STRING.union(Types::NULL)),
        ("3.0.3", "{nullable: true}", Types::ANY),
        ("3.1.0", "{type: [string, 'null']}", Types::STRING.union(Types::NULL)),
        ("3.1.0", "{type: [string, null]}", Types::STRING.union(Types::NULL)),
        ("3.1.0", "{}", Types::ANY),
        ("3.1.0", "true", Types::ANY),
        ("3.1.0", "false", Types::NONE),
        ("3.2.0", "{type: number}", Types::NUMBER),
    ];
    for (version, text, types) in cases {
        let contract = schema(version, text);
        assert_eq!(contract.component("X").domain.types, types, "{version} {text}");
        assert_eq!(contract.problems(), [], "{text}");
    }
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
        ("paths:\n  /a/{x}: {get: {}}\n  /a/{y}: {get: {}}\n", "match the same requests"),
        ("paths:\n  /a: {get: {deprecated: soon}}\n", "`deprecated` must be `true` or `false`"),
        ("paths:\n  /a: {get: {parameters: [{name: a, in: query, schema: {type: text}}]}}\n", "no type of JSON Schema"),
        ("paths:\n  /a: {get: {parameters: [{name: a, in: query, schema: {maxLength: -1}}]}}\n", "whole number"),
        ("paths:\n  /a: {get: {parameters: [{name: a, in: query, schema: {maxLength: '9'}}]}}\n", "must be a number"),
        ("paths:\n  /a: {get: {parameters: [{name: a, in: query, schema: {enum: []}}]}}\n", "at least one value"),
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
