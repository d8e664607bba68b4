//! `driftline.yaml`: the published schema against the parser, the page `docs/configuration.md` with every example and command
//! of it, and levels as they work from the command line.
//!
//! `UPDATE=1 cargo test --test configuration` renews `docs/config.schema.json`.

#[path = "support/docs.rs"]
mod docs;
#[path = "support/repo.rs"]
mod support;

use driftline::config;
use driftline::rules;
use serde_json::{Value, json};
use support::{Repo, contract};

const PAGE: &str = "docs/configuration.md";

fn schema() -> Value {
    serde_json::from_str(&docs::page("docs/config.schema.json")).unwrap()
}

/// The document as the schema sees it.
fn document(yaml: &str) -> Value {
    serde_yaml::from_str(yaml).unwrap()
}

#[test]
fn the_published_schema_is_the_one_that_is_printed() {
    let now = Repo::new().run(&["config", "schema"]).code(0).out;
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/config.schema.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(now == before, "{}", similar::TextDiff::from_lines(&before, &now).unified_diff());
}

/// The keys that the parser knows at a place, from its own message.
fn known(text: &str) -> Vec<String> {
    let error = config::parse(text.as_bytes(), "x").unwrap_err().hint();
    let list = error.split_once(": ").unwrap_or_else(|| panic!("{text}: {error}")).1;
    let mut keys: Vec<String> = list.split(", ").map(|key| key.trim_matches('`').to_string()).collect();
    // Other spellings that are understood and not advertised.
    keys.retain(|key| !["fail_on", "fail_on_debt", "contracts"].contains(&key.as_str()));
    keys.sort();
    keys
}

#[test]
fn every_key_of_the_parser_is_in_the_schema_and_no_other() {
    let schema = schema();
    let places = [
        ("qqqqqq: 1", "/properties"),
        ("sources: [{qqqqqq: 1}]", "/properties/sources/items/properties"),
        ("overrides: [{qqqqqq: 1}]", "/properties/overrides/items/properties"),
        ("allow: [{qqqqqq: 1}]", "/properties/allow/items/properties"),
        ("debt: {qqqqqq: 1}", "/properties/debt/properties"),
        ("rules: {a: {qqqqqq: off}}", "/$defs/ruleLevel/anyOf/1/properties"),
    ];
    for (text, pointer) in places {
        let own = schema.pointer(pointer).and_then(Value::as_object).unwrap();
        let mut own: Vec<&str> = own.keys().map(String::as_str).collect();
        own.sort_unstable();
        assert_eq!(known(text), own, "{pointer}");
    }
    let ids = schema.pointer("/$defs/rules/properties").and_then(Value::as_object).unwrap();
    assert_eq!(ids.len(), rules::all().count());
}

#[test]
fn the_schema_refuses_what_the_parser_refuses() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let known: Vec<&'static str> = rules::all().map(|rule| rule.id).collect();
    let layouts = driftline::source::layout::names();
    let cases = [
        ("promise: sdk", true),
        ("promise: wired", false),
        ("fail-on: warn", true),
        ("fail-on: of", false),
        ("rules: {column-dropped: off}", true),
        ("rules: {column-dropped: false}", true),
        ("rules: {column-dropped: {in: error, out: off}}", true),
        ("rules: {column-dropped: {up: error}}", false),
        ("rules: {column-droped: off}", false),
        ("sources: [{openapi: a, sql: [b, c], dialect: pg, layout: flyway}]", true),
        ("sources: [{dialect: oracle}]", false),
        ("sources: [{layout: flywya}]", false),
        ("overrides: [{paths: a, rules: {column-dropped: note}}]", true),
        ("overrides: [{paths: a}]", false),
        ("links: {A: b}", true),
        ("fail-on-debt: introduced", true),
        ("fail-on-debt: any", false),
        ("debt: {deprecated-days: 0}", true),
        ("debt: {deprecated-days: -1}", false),
        ("debt: {deprecated-days: 1.5}", false),
        ("debt: {deprecated-days: 4294967296}", false),
        ("debt: {deprecated: 1}", false),
        ("budgets: {Order: 3, \"a_*\": 0, \"@shop/payments\": 1}", true),
        ("budgets: {Order: many}", false),
        ("budgets: {\"@\": 1}", false),
        ("budgets: {\" \": 1}", false),
        ("allow: [{rule: column-dropped, subject: a, reason: b}]", true),
        ("allow: [{rule: column-dropped, subject: a, reason: ' '}]", false),
        ("allow: [{rule: column-dropped, reason: b}]", false),
        ("allow: [{rule: column-dropped, subject: a}]", false),
        ("rulez: {}", false),
    ];
    for (text, right) in cases {
        let parsed = config::parse(text.as_bytes(), "x")
            .and_then(|config| config.check(text.as_bytes(), "x", config::Known { rules: &known, layouts: &layouts }));
        assert_eq!(parsed.is_ok(), right, "{text}: {parsed:?}");
        assert_eq!(validator.is_valid(&document(text)), right, "{text}");
    }
}

/// A repository whose branch does what the page speaks about.
fn shop() -> Repo {
    let repo = Repo::new();
    let contract =
        |length: u8| contract(&format!("type: object\nproperties: {{name: {{type: string, maxLength: {length}}}}}"));
    let table = "CREATE TABLE orders (id bigint PRIMARY KEY, legacy_code text);\n";
    repo.write("db/migrations/000001_orders.up.sql", table);
    repo.write("api/openapi.yaml", contract(100)).commit("one");
    let commit = repo.git.head().unwrap().peel_to_commit().unwrap();
    repo.git.branch("feature", &commit, false).unwrap();
    repo.git.set_head("refs/heads/feature").unwrap();
    repo.write("db/migrations/000002_drop.up.sql", "ALTER TABLE orders DROP COLUMN legacy_code;\n");
    repo.write("api/openapi.yaml", contract(120)).commit("two");
    drop(commit);
    repo
}

#[test]
fn every_example_of_the_page_is_valid_and_every_command_runs() {
    let page = docs::page(PAGE);
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let known: Vec<&'static str> = rules::all().map(|rule| rule.id).collect();
    let layouts = driftline::source::layout::names();
    let mut explained = Vec::new();
    for block in docs::blocks(&page, &["yaml", "json"]) {
        let value = document(&block.text);
        if block.option("openapi").is_some() {
            continue;
        }
        let config = config::parse(block.text.as_bytes(), PAGE).unwrap_or_else(|e| panic!("{}: {e}", block.line));
        config.check(block.text.as_bytes(), PAGE, config::Known { rules: &known, layouts: &layouts }).unwrap();
        let errors: Vec<String> = validator.iter_errors(&value).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", block.line);
        explained.extend(value.as_object().unwrap().keys().cloned());
    }
    for key in schema()["properties"].as_object().unwrap().keys() {
        assert!(explained.contains(key) && page.contains(&format!("### `{key}`")), "`{key}` has no example");
    }
    let ran = docs::run_page(PAGE, shop().path());
    assert!(ran.len() >= 5, "{}", ran.len());
    assert!(ran[0].1.contains("promise: wire"), "{}", ran[0].1);
}

#[test]
fn the_comments_of_the_page_are_understood() {
    let page = docs::page(PAGE);
    let repo = Repo::new();
    repo.write("a.txt", "").commit("nothing");
    for (at, block) in docs::blocks(&page, &["yaml", "json", "sql"]).iter().enumerate() {
        match block.language() {
            "sql" => repo.write("db/schema.sql", &block.text),
            language if block.option("openapi").is_some() => repo.write(&format!("{at}.{language}"), &block.text),
            _ => &repo,
        };
    }
    let report = repo.run(&["HEAD", "--output", "json"]).json();
    let stale = report["stale"].as_array().unwrap();
    assert_eq!(report["suppressed"][0]["rule"], "money-as-float", "{report:#}");
    // Nothing else is found, as there is nothing before it; but every comment and key is known and has its reason.
    assert!(stale.iter().all(|entry| entry["why"] == "unused"), "{stale:#?}");
    assert_eq!(stale.len(), 6, "{stale:#?}");
}

/// Exit code and findings of a check with this configuration.
fn judged(repo: &Repo, config: &str) -> (i32, Vec<(String, String)>) {
    repo.write("driftline.yaml", config);
    let run = repo.run(&["main", "--output", "json"]);
    let findings = run.json()["findings"].as_array().unwrap().clone();
    let told = findings.iter().map(|f| {
        let word = |key: &str| f[key].as_str().unwrap().to_string();
        (word("rule"), word("severity"))
    });
    (run.code, told.collect())
}

#[test]
fn levels_work_by_rule_by_flow_by_path_and_by_promise() {
    let repo = shop();
    let told = |config: &str, rule: &str| {
        let (code, told) = judged(&repo, config);
        (code, told.into_iter().find(|(id, _)| id == rule).map(|(_, severity)| severity))
    };
    let only = |level: &str| format!("rules: {{length-changed: off, column-dropped: {level}}}");
    let severity = |text: &str| Some(text.to_string());
    assert_eq!(told(&only("error"), "column-dropped"), (1, severity("error")));
    assert_eq!(told(&only("warning"), "column-dropped"), (0, severity("warning")));
    assert_eq!(told(&only("off"), "column-dropped"), (0, None));
    assert_eq!(told(&format!("{}\nfail-on: warning", only("warning")), "column-dropped"), (1, severity("warning")));
    assert_eq!(told(&format!("{}\nfail-on: off", only("error")), "column-dropped"), (0, severity("error")));
    // The limit grew: that is about what clients receive.
    let quiet = "column-dropped: off, length-changed: ";
    let usual = told(&format!("rules: {{{quiet}{{in: off, stored: off}}}}"), "length-changed").1;
    assert!(usual.is_some());
    assert_eq!(told(&format!("rules: {{{quiet}{{out: off}}}}"), "length-changed"), (0, None));
    assert_eq!(told(&format!("rules: {{{quiet}{{out: error}}}}"), "length-changed"), (1, severity("error")));
    let at = |paths: &str| {
        format!("rules: {{length-changed: off}}\noverrides: [{{paths: {paths}, rules: {{column-dropped: note}}}}]")
    };
    assert_eq!(told(&at("db/**"), "column-dropped"), (0, severity("note")));
    assert_eq!(told(&at("[api, \"db/migrations/*_drop.up.sql\"]"), "column-dropped"), (0, severity("note")));
    assert_eq!(told(&at("api/**"), "column-dropped"), (1, severity("error")));
    // A rule about generated code.
    repo.write("api/openapi.yaml", contract("{type: object}").replace("get:", "get:\n      operationId: two"));
    repo.commit("an id");
    repo.git.set_head("refs/heads/feature").unwrap();
    repo.write("api/openapi.yaml", contract("{type: object}").replace("get:", "get:\n      operationId: three"));
    let promised = |config: &str| {
        repo.write("driftline.yaml", config);
        let report = repo.run(&["HEAD", "--output", "json"]).json();
        report["findings"].as_array().unwrap().iter().any(|f| f["rule"] == "operation-id-changed")
    };
    assert!(!promised("promise: wire"));
    assert!(promised("promise: sdk"));
    assert!(promised("promise: strict"));
    assert!(promised("rules: {operation-id-changed: note}"));
    assert!(!promised("promise: sdk\nrules: {operation-id-changed: off}"));
}

#[test]
fn every_limit_stands_in_the_table_of_the_page() {
    let page = docs::page(PAGE);
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `") && line.contains("` | ")).collect();
    let rows: Vec<&str> = rows.into_iter().filter(|row| row.matches(" | ").count() == 2).collect();
    let all = config::Limits::DEFAULT.all();
    assert_eq!(rows.len(), all.len());
    for (row, limit) in rows.iter().zip(all) {
        let about = limit.about.trim_end_matches('.');
        let (first, rest) = about.split_at(1);
        let want = format!("| `{}` | {} | {}{rest} |", limit.name(), limit.default, first.to_lowercase());
        assert_eq!(*row, want);
    }
}

#[test]
fn debt_that_a_change_brings_fails_where_it_may_not_grow() {
    let repo = shop();
    let unused = "rules: {length-changed: off, column-dropped: off}";
    repo.write("driftline.yaml", unused);
    let spare = "\ncomponents: {schemas: {Spare: {type: object, properties: {a: {type: string}}}}}\n";
    let text = std::fs::read_to_string(repo.path().join("api/openapi.yaml")).unwrap();
    repo.write("api/openapi.yaml", format!("{}{spare}", text.trim_end()));
    repo.run(&["main"]).code(0).says(&["schema-unused"]);
    repo.write("driftline.yaml", format!("{unused}\nfail-on-debt: introduced\n"));
    repo.run(&["main"]).code(1).says(&["for being debt", "`fail-on-debt: introduced`"]);
    repo.run(&["main", "--fail-on", "off"]).code(0);
    repo.run(&["main", "--exit-zero"]).code(0);
    let report = repo.run(&["main", "--output", "json"]).code(1).json();
    assert_eq!(report["verdict"], "findings");
    let said = |note: &Value| note.as_str().unwrap().contains("for being debt");
    assert!(report["notes"].as_array().unwrap().iter().any(said), "{}", report["notes"]);
    assert!(repo.run(&["main", "--output", "junit"]).out.contains("failures=\"1\""));
    // What the base has already is left alone.
    repo.commit("three");
    repo.run(&["HEAD"]).code(0);
}

#[test]
fn the_configuration_in_force_says_where_it_comes_from() {
    let repo = shop();
    repo.write("driftline.yaml", "# ours\npromise: sdk\nallow: []\nfail-on: note\n");
    repo.run(&["config", "show"]).code(0).says(&[
        "promise: sdk  # driftline.yaml:2\n",
        "fail-on: note  # driftline.yaml:4\n",
        "rules: {}  # default\n",
        "# base: not set",
    ]);
    let shown = repo.run(&["config", "show", "--sql", "db/migrations", "--output", "json"]).code(0).json();
    let expected = json!({"value": [{"sql": ["db/migrations"]}], "from": "command line", "line": null});
    assert_eq!(shown["settings"]["sources"], expected);
    assert_eq!((&shown["file"], &shown["settings"]["promise"]["line"]), (&json!("driftline.yaml"), &json!(2)));
    // From a folder below, and of another revision.
    let below = support::run(&repo.path().join("db"), &["config", "show"]).code(0);
    assert!(below.out.contains("promise: sdk"), "{}", below.out);
    assert!(repo.run(&["config", "show", "main"]).code(0).out.contains("promise: wire  # default"));
    repo.write("driftline.yaml", "fail-on: off\n");
    support::run(&repo.path().join("db"), &["main"]).code(0);
    repo.write(".driftline.yaml", "promise: strict\n");
    repo.run(&["main"]).code(0).says(&["note: `driftline.yaml` counts, and `.driftline.yaml` beside it does not"]);
    repo.write("driftline.yaml", "promis: sdk\n");
    repo.run(&["config", "show"]).code(2).says(&["did you mean `promise`?"]);
}
