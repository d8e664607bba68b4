//! The formats: goldens, the schema of the JSON, and text that others wrote.

use serde_json::{Value, json};

use crate::{Repo, commit, debt, demo, docs, shop};

#[test]
fn what_the_demo_owes_in_each_format() {
    let (_dir, folder) = demo();
    insta::assert_snapshot!("demo_markdown", debt(&folder, &["--trend", "--output", "markdown"]).code(0).out);
    insta::assert_snapshot!(
        "demo_step_markdown",
        debt(&folder, &["main...refunds", "--output", "markdown"]).code(0).out
    );
    insta::assert_snapshot!(
        "demo_csv",
        debt(&folder, &["--trend", "--output", "csv"]).code(0).out.replace("\r\n", "\n")
    );
    insta::assert_snapshot!("demo_json", debt(&folder, &["--trend", "--output", "json"]).code(0).out);
    let html = debt(&folder, &["--trend", "--output", "html"]).code(0).out;
    let (_, body) = html.split_once("</style>").unwrap();
    insta::assert_snapshot!("demo_html", body);
}

/// The published schema with all objects closed: a field that is printed must be described.
fn schema() -> Value {
    fn close(value: &mut Value) {
        if let Value::Object(map) = value {
            if map.get("type") == Some(&json!("object")) && map.contains_key("properties") {
                map.insert("additionalProperties".into(), json!(false));
            }
            map.values_mut().for_each(close);
        } else if let Value::Array(items) = value {
            items.iter_mut().for_each(close);
        }
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/debt.schema.json");
    let mut schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    close(&mut schema);
    schema
}

#[test]
fn the_json_is_what_its_schema_says() {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let valid = |json: &Value| {
        let wrong: Vec<String> = validator.iter_errors(json).map(|e| format!("{e} at {}", e.instance_path())).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    };
    let (_dir, folder) = demo();
    let repo = shop();
    std::fs::write(folder.join("driftline.yaml"), "budgets: {orders: 1}\n").unwrap();
    let runs: [(&std::path::Path, &[&str]); 6] = [
        (&folder, &[]),
        (&folder, &["main...refunds"]),
        (&folder, &["WORKTREE", "--trend"]),
        (repo.path(), &["--trend", "--rule", "money-*"]),
        (repo.path(), &["db", "--all"]),
        (repo.path(), &["HEAD~2..HEAD", "--trend"]),
    ];
    for (dir, args) in runs {
        valid(&debt(dir, &[args, &["--output", "json"]].concat()).json());
    }
    let one = debt(repo.path(), &["--output", "json"]).json();
    for (pointer, value) in [
        ("/version", json!(2)),
        ("/today", json!("today")),
        ("/counts/findings", json!(-1)),
        ("/revision/commit", json!("abc")),
        ("/entities", json!([{}])),
    ] {
        let mut changed = one.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        assert!(!validator.is_valid(&changed), "{pointer}");
    }
}

#[test]
fn what_others_wrote_is_never_markup() {
    let repo = Repo::new();
    let name = "a`|<b>@team\u{1b}[31m";
    repo.write("db/schema.sql", format!("CREATE TABLE \"{name}\" (\"price_<script>\" real);\n"));
    repo.write("CODEOWNERS", "* @<i>x\n");
    commit(&repo, 20_000, "Eve\u{1b}[1m & \"Co\"", "<script>alert(1)</script> | `x` @team #1\u{202e}");
    for format in ["text", "markdown", "html"] {
        let out = debt(repo.path(), &["--trend", "--output", format]).code(0).out;
        assert!(!out.contains(['\u{1b}', '\u{202e}']), "{format}: {out:?}");
        assert!(format == "text" || !out.contains("<script"), "{format}: {out}");
        // In Markdown names stand in code.
        assert!(format != "html" || !(out.contains("<b>") || out.contains("<i>x")), "{out}");
    }
    let html = debt(repo.path(), &["--trend", "--output", "html"]).code(0).out;
    let parsed = scraper::Html::parse_document(&html);
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    let all = scraper::Selector::parse("script, link, img, iframe, [src], [onclick]").unwrap();
    assert_eq!(parsed.select(&all).count(), 0);
}

#[test]
fn the_page_is_well_formed_and_its_links_lead_somewhere() {
    let (_dir, folder) = demo();
    for args in [&["--trend"][..], &["main...refunds", "--trend"], &["--rule", "char-column"]] {
        let html = debt(&folder, &[args, &["--output", "html"]].concat()).code(0).out;
        let parsed = scraper::Html::parse_document(&html);
        assert!(parsed.errors.is_empty(), "{args:?}: {:?}", parsed.errors);
        let with = |selector: &str| scraper::Selector::parse(selector).unwrap();
        let ids: Vec<&str> = parsed.select(&with("[id]")).filter_map(|node| node.attr("id")).collect();
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(ids.len(), once.len(), "{args:?}");
        for link in parsed.select(&with("a[href^='#']")) {
            let target = link.attr("href").unwrap().trim_start_matches('#');
            assert!(ids.contains(&target), "{args:?}: {target}");
        }
        for svg in parsed.select(&with("svg[role=img]")) {
            let named = svg.attr("aria-labelledby").unwrap().split(' ').all(|id| ids.contains(&id));
            assert!(named, "{args:?}");
        }
    }
}

#[test]
fn every_format_is_the_same_twice() {
    let (_dir, folder) = demo();
    for format in ["text", "markdown", "html", "json", "csv"] {
        let run = || debt(&folder, &["--trend", "--output", format]).code(0).out;
        assert_eq!(run(), run(), "{format}");
    }
}

#[test]
fn the_commands_of_the_page_work() {
    let (_dir, folder) = demo();
    let git = git2::Repository::open(&folder).unwrap();
    let main = git.revparse_single("main").unwrap();
    git.reference("refs/tags/v1.4.0", main.id(), false, "test").unwrap();
    let blocks = docs::run_page("docs/debt.md", &folder);
    assert!(blocks.len() >= 5, "{}", blocks.len());
    for written in ["trend.csv", "debt.html", "debt.json", "debt.md"] {
        assert!(folder.join(written).is_file(), "{written}");
    }
    for block in docs::blocks(&docs::page("docs/debt.md"), &["yaml"]) {
        driftline::config::parse(block.text.as_bytes(), "driftline.yaml").unwrap();
    }
}
