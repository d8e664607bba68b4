//! Debt that asks the past, and ages: what names, cut history and the day do to them.

mod support;

use driftline::config::Date;
use driftline::model::past::End;
use support::File;
use support::past::{Revisions, Told, debt};

fn day(text: &str) -> Date {
    Date::parse(text).expect("a date")
}

fn sql(steps: &[(&str, &str)]) -> Revisions {
    let mut files: Vec<File> = Vec::new();
    let step = |(at, (date, text)): (usize, &(&str, &str))| {
        files.push((format!("db/migrations/{:04}_step.sql", at + 1), format!("{text}\n")));
        (day(date), files.clone())
    };
    steps.iter().enumerate().map(step).collect()
}

fn contract(steps: &[(&str, &str)]) -> Revisions {
    const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\n";
    let step = |(date, text): &(&str, &str)| (day(date), vec![("openapi.yaml".to_string(), format!("{HEAD}{text}"))]);
    steps.iter().map(step).collect()
}

fn schemas(name: &str, properties: &str) -> String {
    format!(
        "paths:\n  /orders:\n    get:\n      responses:\n        '200':\n          description: all\n          content:\n            \
         application/json:\n              schema: {{$ref: '#/components/schemas/{name}'}}\n\
         components:\n  schemas:\n    {name}:\n      type: object\n      properties:\n{properties}"
    )
}

fn told(found: &[Told], rule: &str) -> Vec<String> {
    let own = found.iter().filter(|told| told.finding.rule.id == rule);
    let since =
        |told: &Told| told.since.as_ref().map_or("not known".to_string(), |(day, what)| format!("{day} {what}"));
    own.map(|told| format!("{}: {}", told.finding.subject, since(told))).collect()
}

const TODAY: &str = "2024-06-01";

#[test]
fn a_rename_does_not_reset_the_age() {
    let revisions = sql(&[
        ("2022-01-01", "CREATE TABLE bills (id bigint PRIMARY KEY, price real);"),
        ("2022-03-01", "ALTER TABLE bills ADD COLUMN fee double precision;"),
        ("2023-01-01", "ALTER TABLE bills RENAME COLUMN price TO amount;"),
        ("2023-06-01", "ALTER TABLE bills RENAME TO invoices;"),
        ("2023-07-01", "ALTER TABLE invoices RENAME COLUMN fee TO tax;"),
    ]);
    let found = debt(&revisions, day(TODAY), End::Root);
    let expected = ["invoices.amount: 2022-01-01 added with table `bills`", "invoices.tax: 2022-03-01 added"];
    assert_eq!(told(&found, "money-as-float"), expected);
}

#[test]
fn what_made_it_so_counts_and_nothing_else() {
    let revisions = sql(&[
        ("2022-01-01", "CREATE TABLE bills (id bigint PRIMARY KEY, price integer);"),
        ("2022-03-01", "ALTER TABLE bills ALTER COLUMN price TYPE real;"),
        ("2023-01-01", "ALTER TABLE bills ALTER COLUMN price SET DEFAULT 0;"),
        ("2023-02-01", "ALTER TABLE bills ALTER COLUMN price SET NOT NULL;"),
    ]);
    let found = debt(&revisions, day(TODAY), End::Root);
    assert_eq!(told(&found, "money-as-float"), ["bills.price: 2022-03-01 type changed to `real`"]);
}

#[test]
fn a_name_that_was_used_before_is_another_thing() {
    let revisions = sql(&[
        ("2022-01-01", "CREATE TABLE bills (id bigint PRIMARY KEY, price real);"),
        ("2022-03-01", "ALTER TABLE bills DROP COLUMN price;"),
        ("2023-01-01", "ALTER TABLE bills ADD COLUMN price real;"),
        (
            "2023-03-01",
            "ALTER TABLE bills RENAME TO old_bills; CREATE TABLE bills (id bigint PRIMARY KEY, price real);",
        ),
    ]);
    let found = debt(&revisions, day(TODAY), End::Root);
    let expected = ["bills.price: 2023-03-01 added with table `bills`", "old_bills.price: 2023-01-01 added"];
    assert_eq!(told(&found, "money-as-float"), expected);
}

#[test]
fn where_history_is_cut_off_nothing_is_guessed() {
    let revisions = sql(&[
        ("2022-01-01", "CREATE TABLE bills (id bigint PRIMARY KEY, price real);"),
        ("2023-01-01", "ALTER TABLE bills ADD COLUMN tax real;"),
    ]);
    // A shallow clone has its oldest commit, but not what that changed.
    let config = driftline::config::Config::default();
    let mut past = support::past::past(&revisions, &config, End::Root);
    past.commits.truncate(1);
    past.end = End::Shallow { commit: "1".repeat(40), date: day("2022-01-01") };
    let found = support::past::debt_after(&past, &revisions, day(TODAY));
    assert_eq!(told(&found, "money-as-float"), ["bills.price: not known", "bills.tax: 2023-01-01 added"]);
}

#[test]
fn a_shallow_clone_says_since_when_at_least() {
    let deprecated = schemas("Order", "        item: {type: string, deprecated: true}\n");
    let revisions = contract(&[("2023-01-01", &deprecated)]);
    let past = driftline::model::Past {
        end: End::Shallow { commit: "1".repeat(40), date: day("2023-01-01") },
        ..Default::default()
    };
    let found = support::past::debt_after(&past, &revisions, day(TODAY));
    assert_eq!(told(&found, "deprecated-and-kept"), ["Order.item: not known"]);
    let kept = found.iter().find(|told| told.finding.rule.id == "deprecated-and-kept").expect("it is told");
    assert!(kept.finding.message.contains("more than 517 days"), "{}", kept.finding.message);
    // It may be younger than the limit.
    let found = support::past::debt_after(&past, &revisions, day("2023-02-01"));
    assert_eq!(told(&found, "deprecated-and-kept"), Vec::<String>::new());
}

#[test]
fn today_decides() {
    let plain = schemas("Order", "        item: {type: string}\n");
    let deprecated = schemas("Order", "        item: {type: string, deprecated: true}\n");
    let renamed = schemas("Purchase", "        item: {type: string, deprecated: true}\n");
    let revisions = contract(&[("2023-01-01", &plain), ("2023-05-01", &deprecated), ("2023-09-01", &renamed)]);
    for (today, expected) in [("2023-10-28", 0), ("2023-10-29", 1), ("2024-06-01", 1)] {
        let found = debt(&revisions, day(today), End::Root);
        assert_eq!(told(&found, "deprecated-and-kept").len(), expected, "{today}");
    }
    let found = debt(&revisions, day(TODAY), End::Root);
    assert_eq!(told(&found, "deprecated-and-kept"), ["Purchase.item: 2023-05-01 deprecated"]);
}

#[test]
fn what_was_deprecated_anew_counts_from_then() {
    let plain = schemas("Order", "        item: {type: string}\n");
    let deprecated = schemas("Order", "        item: {type: string, deprecated: true}\n");
    let revisions = contract(&[("2022-01-01", &deprecated), ("2022-05-01", &plain), ("2023-05-01", &deprecated)]);
    let found = debt(&revisions, day(TODAY), End::Root);
    assert_eq!(told(&found, "deprecated-and-kept"), ["Order.item: 2023-05-01 deprecated"]);
}

#[test]
fn an_operation_is_as_old_as_it_is_whatever_its_parameters_are_called() {
    let of = |name: &str| {
        format!(
            "paths:\n  /orders/{{{name}}}:\n    get:\n      deprecated: true\n      parameters:\n        - {{name: {name}, in: path, \
             required: true, schema: {{type: string}}}}\n      responses: {{'204': {{description: none}}}}\n"
        )
    };
    let revisions = contract(&[("2023-01-01", &of("id")), ("2024-01-01", &of("orderId"))]);
    let found = debt(&revisions, day(TODAY), End::Root);
    assert_eq!(told(&found, "deprecated-and-kept"), ["GET /orders/{orderId}: 2023-01-01 added as deprecated"]);
}

#[test]
fn a_parameter_that_operations_share_is_told_once() {
    let shared = "paths:\n  /a:\n    get:\n      parameters: [{$ref: '#/components/parameters/P'}]\n      responses: {'204': \
                  {description: none}}\n  /b:\n    get:\n      parameters: [{$ref: '#/components/parameters/P'}]\n      responses: \
                  {'204': {description: none}}\ncomponents:\n  parameters:\n    P: {name: p, in: query, schema: {type: string}";
    let (before, after) = (format!("{shared}}}\n"), format!("{shared}, deprecated: true}}\n"));
    let revisions = contract(&[("2023-01-01", &before), ("2023-05-01", &after)]);
    let found = debt(&revisions, day(TODAY), End::Root);
    assert_eq!(told(&found, "deprecated-and-kept"), ["GET /a query.p: 2023-05-01 deprecated"]);
}

#[test]
fn a_file_that_was_moved_keeps_its_past() {
    let text = |properties: &str| {
        format!("openapi: 3.0.3\ninfo: {{title: Shop, version: '1'}}\n{}", schemas("Order", properties))
    };
    let deprecated = "        item: {type: string, deprecated: true}\n        note: {type: string}\n";
    let revisions = vec![
        (day("2023-01-01"), vec![("docs/openapi.yaml".to_string(), text("        item: {type: string}\n"))]),
        (day("2023-05-01"), vec![("docs/openapi.yaml".to_string(), text(deprecated))]),
        (day("2023-08-01"), vec![("api/shop.yaml".to_string(), text(deprecated))]),
        (day("2023-09-01"), vec![("api/shop.yaml".to_string(), text(deprecated).replace("note", "remark"))]),
    ];
    let found = debt(&revisions, day(TODAY), End::Root);
    assert_eq!(told(&found, "deprecated-and-kept"), ["Order.item: 2023-05-01 deprecated"]);
}

#[test]
fn the_same_past_tells_the_same() {
    let revisions = sql(&[
        (
            "2023-10-01",
            "CREATE TABLE a (id bigint PRIMARY KEY, price real, x_id text); CREATE TABLE b (id bigint, cost real);",
        ),
        ("2023-11-05", "ALTER TABLE a ADD COLUMN x_uuid uuid; UPDATE a SET x_uuid = x_id::uuid;"),
        ("2024-01-20", "ALTER TABLE a DROP COLUMN price; ALTER TABLE b DROP COLUMN cost;"),
    ]);
    let said = || -> Vec<String> {
        let found = debt(&revisions, day(TODAY), End::Root);
        found.iter().map(|told| format!("{} {:?}", told.finding.message, told.since)).collect()
    };
    assert_eq!(said(), said());
    assert!(!said().is_empty());
}

#[test]
fn a_key_is_as_old_as_what_made_it_so() {
    let revisions = sql(&[
        (
            "2022-01-01",
            "CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE a (id bigint PRIMARY KEY, u bigint, w bigint);",
        ),
        ("2022-02-01", "ALTER TABLE a ADD CONSTRAINT a_u FOREIGN KEY (u) REFERENCES users (id);"),
        ("2022-03-01", "CREATE INDEX a_by_u ON a (u);"),
        ("2022-04-01", "ALTER TABLE a ADD CONSTRAINT a_w FOREIGN KEY (w) REFERENCES users (id);"),
        ("2022-05-01", "ALTER TABLE a RENAME COLUMN w TO owner_id;"),
        ("2022-06-01", "DROP INDEX a_by_u;"),
        ("2022-07-01", "CREATE TABLE b (id bigint PRIMARY KEY, u bigint REFERENCES users (id));"),
    ]);
    let found = debt(&revisions, day(TODAY), End::Root);
    let expected = [
        "a: 2022-06-01 index `a_by_u` (u) removed",
        "a: 2022-04-01 foreign key `a_w` (w) added",
        "b: 2022-07-01 added with table `b`",
    ];
    assert_eq!(told(&found, "foreign-key-without-index"), expected);
}
