//! What counts as debt of a contract, and what looks like it and is wanted.

mod support;

use driftline::rules::{Category, Status};
use support::{File, compare};

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\n";

/// `rule subject` of the debt that stands in these files, for rules whose id begins so.
fn stands(files: &[File], rule: &str) -> Vec<String> {
    told(files, files, rule, Status::Existing)
}

fn told(base: &[File], head: &[File], rule: &str, status: Status) -> Vec<String> {
    let findings = compare(base, head).findings;
    let debt = findings.iter().map(|item| &item.finding).filter(|f| f.rule.category == Category::Debt);
    let debt = debt.filter(|f| f.rule.id.starts_with(rule) && f.status == status);
    let mut said: Vec<String> = debt.map(|f| f.subject.clone()).collect();
    said.sort();
    said
}

fn contract(text: &str) -> Vec<File> {
    vec![("openapi.yaml".into(), format!("{HEAD}{text}"))]
}

/// A contract that gives all of these schemas to clients.
fn schemas(schemas: &str) -> Vec<File> {
    let names = schemas.lines().filter_map(|line| line.split_once(':').map(|(name, _)| name.trim()));
    let all: Vec<String> = names.map(|name| format!("{{$ref: '#/components/schemas/{name}'}}")).collect();
    let indented: String = schemas.lines().map(|line| format!("    {line}\n")).collect();
    contract(&format!(
        "paths:\n  /all:\n    get:\n      responses:\n        '200':\n          description: all\n          content:\n            \
         application/json:\n              schema: {{allOf: [{}]}}\ncomponents:\n  schemas:\n{indented}",
        all.join(", ")
    ))
}

#[test]
fn a_component_is_used_wherever_it_is_referred_to() {
    let paths = "paths:\n  /a:\n    get:\n      parameters: [{$ref: '#/components/parameters/A'}]\n      responses:\n        \
                 '200': {$ref: '#/components/responses/Ok'}\n";
    let ok = "  responses:\n    Ok: {description: ok, headers: {H: {$ref: '#/components/headers/H'}}}\n";
    let more = |what: &str| contract(&format!("{paths}components:\n{ok}{what}"));
    let a = "  parameters:\n    A: {name: a, in: query, schema: {type: string}}\n";
    let h = "  headers:\n    H: {schema: {type: string}}\n";
    for (files, expected) in [
        (more(&format!("{a}{h}")), vec![]),
        (more(&format!("{a}    B: {{name: b, in: query, schema: {{type: string}}}}\n{h}")), vec!["B"]),
        // Used by what nobody uses.
        (
            more(&format!("{a}{h}    Spare: {{schema: {{type: string}}}}\n"))
                .into_iter()
                .map(|(p, t)| (p, t.replace("  responses:\n    Ok", "  responses:\n    No: {description: no, headers: {H: {$ref: '#/components/headers/Spare'}}}\n    Ok")))
                .collect(),
            vec!["No", "Spare"],
        ),
        // A part of it is enough.
        (
            contract(&format!(
                "{}components:\n{ok}{a}{h}",
                paths.replace("{$ref: '#/components/parameters/A'}", "{name: q, in: query, schema: {$ref: '#/components/parameters/A/schema'}}")
            )),
            vec![],
        ),
        // A template has both branches, and one of them does not count.
        (more(&format!("{a}    B: {{name: b, in: query, schema: {{type: string}}}}\n    B: {{name: c, in: query, schema: {{type: string}}}}\n{h}")), vec![]),
    ] {
        assert_eq!(stands(&files, "component-unused"), expected, "{}", files[0].1);
    }
    // What stands beside a part of a form is compared as it is written.
    let form = "paths:\n  /a:\n    post:\n      requestBody:\n        content:\n          multipart/form-data:\n            schema: \
                {type: object, properties: {f: {type: string}}}\n            encoding: {f: {headers: {H: {$ref: \
                '#/components/headers/H'}}}}\n      responses: {'204': {description: ok}}\ncomponents:\n  headers:\n    H: {schema: {type: string}}\n";
    assert_eq!(stands(&contract(form), "component-unused"), Vec::<String>::new());
    let schemes = "components:\n  securitySchemes:\n    one: {type: http, scheme: bearer}\n    two: {type: http, scheme: basic}\n";
    let plain = "paths: {/a: {get: {responses: {'200': {description: ok}}}}}\n";
    assert_eq!(stands(&contract(&format!("{plain}security: [{{one: []}}]\n{schemes}")), "component-unused"), ["two"]);
}

#[test]
fn components_that_another_contract_reads_are_not_judged() {
    let shared = "paths: {/a: {get: {responses: {'200': {description: ok}}}}}\ncomponents:\n  parameters:\n    A: {name: a, in: query, schema: {type: string}}\n";
    let mut files = contract(shared);
    assert_eq!(stands(&files, "component-unused"), ["A"]);
    let other = "paths: {/b: {get: {parameters: [{$ref: 'openapi.yaml#/components/parameters/A'}], responses: {'200': {description: ok}}}}}\n";
    files.push(("other.yaml".into(), format!("{HEAD}{other}")));
    assert_eq!(stands(&files, "component-unused"), Vec::<String>::new());
}

#[test]
fn formats_that_most_have_are_missed_and_no_others() {
    let with = |formats: &[&str]| {
        let one = |(n, format): (usize, &&str)| {
            format!("S{n}: {{type: object, properties: {{sent_at: {{type: string{format}}}}}}}")
        };
        schemas(&formats.iter().enumerate().map(one).collect::<Vec<_>>().join("\n"))
    };
    let (moment, none, day) = (", format: date-time", "", ", format: date");
    for (formats, expected) in [
        (vec![none, moment, moment, moment], vec!["S0.sent_at"]),
        (vec![moment, moment, moment, day], vec!["S3.sent_at"]),
        (vec![moment, moment, none], vec![]),
        (vec![moment, moment, moment, none, none], vec![]),
        // Where most say nothing, saying more is no debt.
        (vec![none, none, none, moment], vec![]),
        (vec![moment, moment, moment, ", pattern: '^2'"], vec![]),
    ] {
        assert_eq!(stands(&with(&formats), "property-format-differs"), expected, "{formats:?}");
    }
    let many: Vec<&str> = (0..18).map(|n| if n < 2 { none } else { moment }).collect();
    assert_eq!(stands(&with(&many), "property-format-differs"), ["S0.sent_at", "S1.sent_at"]);
    // What several take over from one schema is said once.
    let base = "Base: {type: object, properties: {sent_at: {type: string, format: date-time}}}\n";
    let heirs: String = (0..4).map(|n| format!("H{n}: {{allOf: [{{$ref: '#/components/schemas/Base'}}]}}\n")).collect();
    let own = "Own: {type: object, properties: {sent_at: {type: string}}}";
    assert_eq!(stands(&schemas(&format!("{base}{heirs}{own}")), "property-"), Vec::<String>::new());
}

#[test]
fn what_may_hold_anything_on_purpose_is_not_untyped() {
    let with = |properties: &str| schemas(&format!("Order: {{type: object, properties: {{{properties}}}}}"));
    for (properties, expected) in [
        ("weight: {}", vec!["Order.weight"]),
        ("weight: {example: 3}", vec!["Order.weight"]),
        ("weight: {description: in grams}", vec![]),
        ("weight: {enum: [1, 2]}", vec![]),
        ("weight: {oneOf: [{type: string}, {type: integer}]}", vec![]),
        ("weight: {additionalProperties: {type: string}}", vec![]),
        ("metadata: {}, new_value: {}", vec![]),
    ] {
        assert_eq!(stands(&with(properties), "property-untyped"), expected, "{properties}");
    }
    let habit: String = (0..3).map(|n| format!("S{n}: {{type: object, properties: {{weight: {{}}}}}}\n")).collect();
    assert_eq!(stands(&schemas(&habit), "property-untyped"), Vec::<String>::new());
}

const PLACE: &str = "street: {type: string}, house: {type: string}, city: {type: string}, postcode: {type: string}, country: {type: string}";

#[test]
fn variants_alternatives_and_envelopes_are_no_copies() {
    let two = |a: &str, of_a: &str, b: &str, of_b: &str| {
        schemas(&format!(
            "{a}: {{type: object, properties: {{{of_a}}}}}\n{b}: {{type: object, properties: {{{of_b}}}}}"
        ))
    };
    let same = |a: &str, b: &str| two(a, PLACE, b, PLACE);
    let more = format!("{PLACE}, floor: {{type: string}}");
    let other = more.replace("postcode: {type: string}", "postcode: {type: integer}");
    let kind = |kind: &str| format!("{PLACE}, kind: {{type: string, enum: [{kind}]}}");
    let holds = |what: &str| format!("{PLACE}, held: {{type: array, items: {{type: {what}}}}}");
    for (files, expected) in [
        (same("BillingAddress", "StorePlace"), vec!["StorePlace"]),
        (two("BillingAddress", PLACE, "StorePlace", &more), vec!["StorePlace"]),
        (two("BillingAddress", PLACE, "StorePlace", &other), vec![]),
        (same("Address", "CreateAddressRequest"), vec![]),
        (same("AddressIn", "AddressOut"), vec![]),
        (same("V1Address", "V2Address"), vec![]),
        (same("Address", "BillingAddress"), vec![]),
        (two("BillingAddress", &kind("billing"), "StorePlace", &kind("store")), vec![]),
        (two("BillingAddress", &holds("string"), "StorePlace", &holds("integer")), vec![]),
    ] {
        assert_eq!(stands(&files, "entity-near-duplicate"), expected, "{}", files[0].1);
    }
    let pair = format!(
        "BillingAddress: {{type: object, properties: {{{PLACE}}}}}\nStorePlace: {{type: object, properties: {{{PLACE}}}}}\n"
    );
    let choice =
        "Where: {oneOf: [{$ref: '#/components/schemas/BillingAddress'}, {$ref: '#/components/schemas/StorePlace'}]}";
    assert_eq!(stands(&schemas(&format!("{pair}{choice}")), "entity-near-duplicate"), Vec::<String>::new());
    // What everything has tells nothing.
    let all: String =
        (0..7).map(|n| format!("Thing{}: {{type: object, properties: {{{PLACE}}}}}\n", char::from(b'A' + n))).collect();
    assert_eq!(stands(&schemas(&all.replace("Thing", "")), "entity-near-duplicate"), Vec::<String>::new());
    let base = format!("Base: {{type: object, properties: {{{PLACE}}}}}\n");
    let heirs =
        "Shop: {allOf: [{$ref: '#/components/schemas/Base'}]}\nHouse: {allOf: [{$ref: '#/components/schemas/Base'}]}";
    assert_eq!(stands(&schemas(&format!("{base}{heirs}")), "entity-near-duplicate"), Vec::<String>::new());
}

#[test]
fn lists_of_values_that_are_written_out_again() {
    let list = |name: &str, values: &str| format!("{name}: {{type: string, enum: [{values}]}}\n");
    let inline = |entity: &str, name: &str, values: &str| {
        format!("{entity}: {{type: object, properties: {{{name}: {{type: string, enum: [{values}]}}}}}}\n")
    };
    let four = "draft, paid, sent, lost";
    let named = list("OrderStatus", four);
    for (text, expected) in [
        (format!("{named}{}", inline("Order", "status", four)), vec!["Order.status"]),
        (format!("{named}{}", inline("Order", "status", "lost, sent, draft, paid")), vec!["Order.status"]),
        // One list was forgotten.
        (
            format!("{named}{}{}", inline("A", "status", "draft, paid, sent, lost, gone"), inline("B", "status", four)),
            vec!["B.status", "B.status"],
        ),
        // Where no list has a name, writing them out is the contract's way.
        (format!("{}{}", inline("A", "status", four), inline("B", "status", four)), vec![]),
        // The same values for another thing, today.
        (format!("{named}{}", list("ParcelPhase", four)), vec![]),
        (format!("{named}{}", list("OrderStatusResponse", four)), vec!["OrderStatusResponse"]),
        (format!("{named}{}", list("V2OrderStatus", four)), vec![]),
        (format!("{named}{}", inline("Parcel", "phase", four)), vec![]),
        (format!("{}{}", list("Yes", "a, b"), inline("A", "yes", "a, b")), vec![]),
    ] {
        assert_eq!(stands(&schemas(&text), "enum-duplicated"), expected, "{text}");
    }
}

#[test]
fn what_another_schema_declares_does_not_make_one_large() {
    let many: Vec<String> = (0..41).map(|n| format!("p{n}: {{type: string}}")).collect();
    let large = format!("Large: {{type: object, properties: {{{}}}}}\n", many.join(", "));
    let heir =
        "Heir: {allOf: [{$ref: '#/components/schemas/Large'}, {type: object, properties: {more: {type: string}}}]}";
    assert_eq!(stands(&schemas(&format!("{large}{heir}")), "entity-too-large"), ["Large"]);
    assert_eq!(stands(&schemas(&large.replace("p40: {type: string}", "")), "entity-too-large"), Vec::<String>::new());
}

/// Orders and refunds with their tables; `refunds` is what its path says.
fn shop(path: &str, refunds: &str, rows: &str) -> Vec<File> {
    asked(path, refunds, rows, "")
}

/// The same, with a parameter of the list of refunds.
fn asked(path: &str, refunds: &str, rows: &str, parameter: &str) -> Vec<File> {
    let get = |path: &str, name: &str, more: &str, schema: &str| {
        format!(
            "  {path}:\n    get:\n      parameters: [{more}]\n      responses: {{'200': {{description: {name}, content: {{application/json: {{schema: {schema}}}}}}}}}\n"
        )
    };
    let limit = "{name: limit, in: query, schema: {type: integer}}";
    let orders = "{type: array, items: {$ref: '#/components/schemas/Order'}}";
    let text = format!(
        "paths:\n{}{}{}components:\n  schemas:\n    Order: {{type: object, properties: {{id: {{type: integer}}, order_number: {{type: string}}, placed_at: {{type: string}}}}}}\n    \
         Refund: {{type: object, properties: {{id: {{type: integer}}, refund_reason: {{type: string}}, refunded_at: {{type: string}}}}}}\n",
        get("/orders", "orders", limit, orders),
        get("/orders/new", "orders", limit, orders),
        get(path, "refunds", parameter, refunds),
    );
    let tables = "CREATE TABLE orders (id bigint PRIMARY KEY, order_number text NOT NULL, placed_at text NOT NULL);\n\
                  CREATE TABLE refunds (id bigint PRIMARY KEY, refund_reason text NOT NULL, refunded_at text NOT NULL);\n";
    let mut files = contract(&text);
    files.push(("db/migrations/000001_shop.up.sql".into(), format!("{tables}{rows}")));
    files
}

#[test]
fn lists_that_stay_small_need_no_pages() {
    let refund = "{$ref: '#/components/schemas/Refund'}";
    let array = format!("{{type: array, items: {refund}}}");
    let envelope = format!("{{type: object, properties: {{refunds: {array}, total: {{type: integer}}}}}}");
    for (path, schema, rows, expected) in [
        ("/refunds", &*array, "", vec!["GET /refunds"]),
        ("/refunds", &*envelope, "", vec!["GET /refunds"]),
        ("/refunds/{id}", refund, "", vec![]),
        ("/refunds/{id}", &*envelope, "", vec![]),
        ("/refunds", &*array, "INSERT INTO refunds VALUES (1, 'lost', 'x');\n", vec![]),
        (
            "/refunds",
            &*array,
            "INSERT INTO refunds SELECT id, order_number, placed_at FROM orders;\n",
            vec!["GET /refunds"],
        ),
    ] {
        assert_eq!(stands(&shop(path, schema, rows), "list-without-pagination"), expected, "{path} {schema} {rows}");
    }
    for (parameter, expected) in [
        ("{name: reason, in: query, schema: {type: string}}", vec!["GET /refunds"]),
        ("{name: order, in: query, required: true, schema: {type: string}}", vec![]),
        ("{name: page_size, in: query, schema: {type: integer}}", vec![]),
    ] {
        let files = asked("/refunds", &array, "", parameter);
        assert_eq!(stands(&files, "list-without-pagination"), expected, "{parameter}");
    }
}

#[test]
fn a_habit_of_the_neighbours_is_no_news() {
    let some = "A: {type: object, properties: {sent_at: {type: string}}}\nB: {type: object, properties: {sent_at: {type: string, format: date-time}}}\n\
                C: {type: object, properties: {sent_at: {type: string, format: date-time}}}\n";
    let more = format!("{some}D: {{type: object, properties: {{sent_at: {{type: string, format: date-time}}}}}}\n");
    let (base, head) = (schemas(some), schemas(&more));
    assert_eq!(told(&base, &head, "property-format-differs", Status::Introduced), Vec::<String>::new());
    assert_eq!(told(&base, &head, "property-format-differs", Status::Existing), ["A.sent_at"]);
    let agreeing = schemas(&more.replace("A: {type: object, properties: {sent_at: {type: string}}}\n", ""));
    assert_eq!(told(&agreeing, &head, "property-format-differs", Status::Introduced), ["A.sent_at"]);
    assert_eq!(told(&head, &agreeing, "property-format-differs", Status::Resolved), ["A.sent_at"]);
}
