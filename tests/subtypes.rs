//! Schemas that inherit from one with a discriminator: over several files, in great numbers, and who uses them.

mod support;

use std::fmt::Write;

use driftline::rules::Status;

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Top'}}}}}}}}\ncomponents:\n  schemas:\n";

/// `error type-changed dog.yaml:4 GET /a`, one line per new finding that is no debt.
fn told(base: &[(&str, String)], head: &[(&str, String)]) -> Vec<String> {
    let files = |side: &[(&str, String)]| -> Vec<(String, String)> {
        side.iter().map(|(path, text)| ((*path).to_string(), text.clone())).collect()
    };
    let report = support::compare(&files(base), &files(head));
    let new = report.findings.iter().filter(|item| item.finding.status == Status::Introduced);
    new.map(|item| {
        let place = item.head.as_ref().or(item.base.as_ref());
        let place = place.map(|p| format!("{}:{}", p.at.path, p.at.line)).unwrap_or_default();
        let users: Vec<&str> = item.finding.usages.iter().map(|usage| &*usage.operation).collect();
        format!("{} {} {place} {}", item.finding.severity.name(), item.finding.rule.id, users.join(", "))
    })
    .collect()
}

#[test]
fn a_mapping_leads_to_schemas_in_other_files() {
    let top = |mapping: &str| {
        format!(
            "{HEAD}    Top: {{type: object, properties: {{pet: {{$ref: 'pet.yaml'}}}}}}\n    Cat: {{type: object, properties: {{kind: {{type: string}}{mapping}}}}}\n"
        )
    };
    let pet = |targets: &str| {
        format!(
            "type: object\nrequired: [kind]\nproperties: {{kind: {{type: string}}}}\ndiscriminator:\n  propertyName: kind\n  mapping:\n    cat: Cat\n{targets}"
        )
    };
    let dog = |bark: &str| format!("type: object\nproperties:\n  kind: {{type: string}}\n  bark: {{type: {bark}}}\n");
    let files = |mapping: &str, targets: &str, bark: &str| {
        vec![("openapi.yaml", top(mapping)), ("pet.yaml", pet(targets)), ("dog.yaml", dog(bark))]
    };
    let base = files(", purr: {type: string}", "    dog: './dog.yaml'\n", "string");
    let head = files("", "    dog: './dog.yaml'\n    hound: dog.yaml\n", "integer");
    assert_eq!(
        told(&base, &head),
        [
            "error type-changed dog.yaml:4 GET /a",
            "error property-removed openapi.yaml:7 GET /a",
            "error discriminator-changed pet.yaml:9 GET /a",
        ]
    );
    let broken = files(", purr: {type: string}", "    dog: './dog.yaml'\n    cow: './cow.yaml'\n", "string");
    assert_eq!(told(&base, &broken), ["note reference-unresolved pet.yaml:9 "]);
}

#[test]
fn an_edit_of_what_all_inherit_is_told_once() {
    let contract = |kind: &str| {
        let mut text = format!(
            "{HEAD}    Top: {{type: object, required: [kind], properties: {{kind: {{type: {kind}}}}}, discriminator: {{propertyName: kind}}}}\n"
        );
        for n in 0..40 {
            let above = if n % 3 == 0 { "Top".to_string() } else { format!("S{}", n - 1) };
            _ = writeln!(
                text,
                "    S{n}: {{allOf: [{{$ref: '#/components/schemas/{above}'}}, {{properties: {{next: {{$ref: '#/components/schemas/Top'}}}}}}]}}"
            );
        }
        vec![("openapi.yaml", text)]
    };
    assert_eq!(told(&contract("string"), &contract("integer")), ["error type-changed openapi.yaml:6 GET /a"]);
}

#[test]
fn long_chains_of_inheritance_cost_little() {
    let contract = |max: u32| {
        let mut text = format!(
            "{HEAD}    Top: {{type: object, required: [kind], properties: {{kind: {{type: string}}}}, discriminator: {{propertyName: kind}}}}\n"
        );
        for n in 0..250 {
            let above = if n == 0 { "Top".to_string() } else { format!("S{}", n - 1) };
            let max = if n == 120 { max } else { 9 };
            _ = writeln!(
                text,
                "    S{n}: {{allOf: [{{$ref: '#/components/schemas/{above}'}}, {{properties: {{p{n}: {{type: integer, maximum: {max}}}}}}}]}}"
            );
        }
        vec![("openapi.yaml", text)]
    };
    let start = std::time::Instant::now();
    let found = told(&contract(8), &contract(9));
    let took = start.elapsed();
    assert_eq!(found, ["error range-changed openapi.yaml:127 GET /a"]);
    // Generous: nobody writes such a contract by hand.
    assert!(took.as_secs() < 60, "{took:?}");
    println!("250 levels in {took:?}");
}
