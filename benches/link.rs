//! How long it takes to link the layers, and how that grows with the number of entities.
//!
//! `cargo bench --bench link` prints one line per size: tables, schemas, links, the median of several runs and its growth
//! against the line before. Each table has four schemas (the thing, a request that creates it, one that changes it, a
//! summary), a name of two or three words, a dozen columns of which half are named after what the table is about, and a key
//! to another table.

use std::fmt::Write as _;
use std::time::Instant;

use driftline::check::understand;
use driftline::config::Config;
use driftline::link::{Settled, link};
use driftline::revision::Tree;

const RUNS: usize = 7;
const FIRST: [&str; 10] =
    ["billing", "user", "order", "audit", "stock", "route", "media", "search", "report", "partner"];
const SECOND: [&str; 10] =
    ["account", "item", "entry", "policy", "address", "session", "label", "rule", "batch", "channel"];
const TOPICS: [&str; 12] =
    ["weight", "color", "origin", "limit", "owner", "target", "amount", "region", "phase", "score", "window", "format"];

fn main() {
    println!("{:>8} {:>8} {:>8} {:>10} {:>8}", "tables", "schemas", "links", "median", "growth");
    let mut before = None;
    for tables in [125, 250, 500, 1000, 2000] {
        let files = [
            ("openapi.yaml".to_string(), contract(tables).into_bytes()),
            ("db/migrations/000001_init.up.sql".to_string(), schema(tables).into_bytes()),
        ];
        let understood = understand(&Tree::from_memory("head", files), &Config::default());
        let settled = Default::default();
        let mut times: Vec<f64> = (0..RUNS)
            .map(|_| {
                let start = Instant::now();
                let found = link(&understood.model, &Settled(&settled)).len();
                assert_eq!(found, understood.links.len());
                start.elapsed().as_secs_f64()
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        let growth = before.map(|before: f64| format!("{:.2}", median / before)).unwrap_or_default();
        let found = understood.links.len();
        println!("{tables:>8} {:>8} {found:>8} {:>8.1}ms {growth:>8}", tables * 4, median * 1e3);
        before = Some(median);
    }
}

/// `billing_account_17`
fn name(at: usize) -> [String; 3] {
    [FIRST[at % 10].to_string(), SECOND[at / 10 % 10].to_string(), format!("k{}", at / 100)]
}

/// The columns that only a few tables have: `account_weight_3`.
fn own(at: usize) -> impl Iterator<Item = String> {
    (0..6).map(move |n| format!("{}_{}_{}", SECOND[at / 10 % 10], TOPICS[(at + n * 5) % 12], at % 7))
}

fn schema(tables: usize) -> String {
    let mut sql = String::new();
    for at in 0..tables {
        let name = name(at).join("_");
        let _ = write!(
            sql,
            "CREATE TABLE {name}s (id bigint PRIMARY KEY, name text NOT NULL, status text, created_at timestamptz"
        );
        own(at).for_each(|column| {
            let _ = write!(sql, ", {column} text");
        });
        if at > 0 {
            let _ = write!(sql, ", parent_id bigint REFERENCES {}s (id)", crate::name(at / 2).join("_"));
        }
        sql.push_str(");\n");
    }
    sql
}

fn contract(tables: usize) -> String {
    let mut text = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n".to_string();
    let camel = |name: &str| -> String {
        let mut words = name.split('_');
        let first = words.next().unwrap_or_default().to_string();
        words.fold(first, |all, word| all + &word[..1].to_uppercase() + &word[1..])
    };
    let types: Vec<String> = (0..tables)
        .map(|at| name(at).iter().map(|word| word[..1].to_uppercase() + &word[1..]).collect::<String>())
        .collect();
    for (at, thing) in types.iter().enumerate() {
        let path = name(at).join("-");
        let body =
            |name: &str| format!("content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}");
        let _ = writeln!(
            text,
            "  /{path}s:\n    get: {{responses: {{'200': {{description: ok, {}}}}}}}\n    post: {{requestBody: {{{}}}, responses: {{'201': {{description: ok, {}}}}}}}\n    patch: {{requestBody: {{{}}}, responses: {{'204': {{description: ok}}}}}}",
            body(&format!("{thing}Summary")),
            body(&format!("Create{thing}Request")),
            body(thing),
            body(&format!("{thing}Patch")),
        );
    }
    text.push_str("components:\n  schemas:\n");
    for (at, thing) in types.iter().enumerate() {
        let own: Vec<String> = own(at).map(|column| camel(&column)).collect();
        let list = |names: &[&str]| -> String {
            names.iter().map(|name| format!("{name}: {{type: string}}")).collect::<Vec<_>>().join(", ")
        };
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        for (name, properties) in [
            (thing.clone(), [&["name", "status", "createdAt", "links"][..], &own].concat()),
            (format!("Create{thing}Request"), [&["name"][..], &own].concat()),
            (format!("{thing}Patch"), own[..2].to_vec()),
            (format!("{thing}Summary"), [&["name", "total"][..], &own[..3]].concat()),
        ] {
            let _ = writeln!(text, "    {name}: {{type: object, properties: {{{}}}}}", list(&properties));
        }
    }
    text
}
