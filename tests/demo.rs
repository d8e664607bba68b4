//! `driftline demo` and the README: what they show is what the tool prints.
//!
//! `UPDATE=1 cargo test --test demo` renews `testdata/demo/expected.txt` and the README's excerpt; look at the difference
//! before you commit it.

#[path = "support/docs.rs"]
mod docs;
#[path = "support/repo.rs"]
mod support;

use std::path::{Path, PathBuf};

use support::{Repo, contract, run};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

/// The demo's output with its folder called `DEMO`. The folder is removed.
fn demo() -> String {
    let dir = tempfile::tempdir().unwrap();
    let output = support::command(dir.path(), &["demo"]).env("TMPDIR", dir.path()).output().unwrap();
    let run = support::ended(output).code(0);
    let folder = dir.path().join("driftline-demo-1");
    assert!(folder.join(".git").is_dir());
    run.out.replace(folder.to_str().unwrap(), "DEMO")
}

#[test]
fn the_demo_prints_what_was_reviewed() {
    let expected = root().join("testdata/demo/expected.txt");
    let now = demo();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&expected, &now).unwrap();
    }
    let before = std::fs::read_to_string(&expected).unwrap_or_default();
    assert!(now == before, "{}", similar::TextDiff::from_lines(&before, &now).unified_diff());
}

#[test]
fn the_demo_stays_and_can_be_looked_at() {
    let dir = tempfile::tempdir().unwrap();
    let built = support::command(dir.path(), &["demo"]).env("TMPDIR", dir.path()).output().unwrap();
    support::ended(built).code(0);
    let folder = dir.path().join("driftline-demo-1");
    run(&folder, &["main...refunds"]).code(1);
    run(&folder, &["refunds..refunds"]).code(0);
    run(&folder, &["model"]).code(0).says(&["table orders", "POST /orders"]);
    let again = support::command(dir.path(), &["demo"]).env("TMPDIR", dir.path()).output().unwrap();
    support::ended(again).code(0).says(&["driftline-demo-2"]);
}

/// The blocks of that language.
fn fences(text: &str, language: &str) -> Vec<String> {
    docs::blocks(text, &[language]).into_iter().map(|fence| fence.text).collect()
}

/// What the demo prints in the place of a part of the README's excerpt: the finding of the same rule, the first line for
/// the first line, the last line of the report for anything else.
fn printed<'a>(part: &str, demo: &'a str) -> &'a str {
    let from = match part.split_once("]: ") {
        Some((finding, _)) => format!("\n{finding}]: "),
        None if part.starts_with("compared ") => "\ncompared ".to_string(),
        None => return demo.lines().find(|line| line.contains(" introduced")).unwrap(),
    };
    let start = demo.find(&from).unwrap() + 1;
    demo[start..].split("\n\n").next().unwrap()
}

#[test]
fn the_output_in_the_readme_is_real() {
    let demo = demo();
    let readme = readme();
    let [block] = &fences(&readme, "text")[..] else { panic!("one output block in the README") };
    let parts: Vec<&str> = block.split("…\n").map(str::trim).collect();
    let now: Vec<&str> = parts.iter().map(|part| printed(part, &demo)).collect();
    if std::env::var_os("UPDATE").is_some() {
        let renewed = readme.replace(block, &(now.join("\n\n…\n") + "\n"));
        std::fs::write(root().join("README.md"), renewed).unwrap();
    } else {
        assert_eq!(parts, now);
    }
}

/// The findings of the README's excerpt as a terminal of 116 columns shows them, drawn.
fn picture() -> String {
    use driftline::check::{self, Settings};
    use driftline::config::Date;
    use driftline::report::terminal;
    use driftline::revision::{self, Request};

    let dir = tempfile::tempdir().unwrap();
    let built = support::command(dir.path(), &["demo"]).env("TMPDIR", dir.path()).output().unwrap();
    support::ended(built).code(0);
    let compared = revision::open(&dir.path().join("driftline-demo-1"), &Request::default()).unwrap();
    let settings = Settings::on(Date { year: 2026, month: 11, day: 20 });
    let mut report = check::run(&compared, &settings).unwrap().report;
    let whole = terminal::render(&report, terminal::Options { columns: Some(116), ..terminal::Options::default() });
    report.findings.retain(|item| ["length-disagrees", "column-dropped"].contains(&item.finding.rule.id));
    report.deployment.clear();
    report.consistent.clear();
    let options = terminal::Options { colours: true, columns: Some(116), ..terminal::Options::default() };
    let text = terminal::render(&report, options);
    let last = whole.lines().find(|line| line.contains(" introduced")).unwrap();
    // What is counted at the end is counted over all findings.
    let (findings, _) = text.trim_end().rsplit_once("\n\n").unwrap();
    let text = format!("$ driftline\n{findings}\n\n…\n{last}\n");
    // Colours that can be read on the ground they stand on; the usual blue of terminals cannot.
    let rgb = |hex: u32| anstyle::RgbColor((hex >> 16) as u8, (hex >> 8) as u8, hex as u8);
    let eight = [0x1f2430, 0xf28779, 0xa6cc70, 0xffcc66, 0x73b8ff, 0xd4bfff, 0x95e6cb, 0xd9d7ce].map(rgb);
    let mut sixteen = [eight[0]; 16];
    sixteen[..8].copy_from_slice(&eight);
    sixteen[8..].copy_from_slice(&eight);
    let terminal = anstyle_svg::Term::new().palette(anstyle_svg::Palette::from(sixteen));
    let drawn = terminal.fg_color(rgb(0xd9d7ce).into()).bg_color(rgb(0x1f2430).into()).render_svg(&text);
    assert!(drawn.contains("<svg"));
    drawn
}

#[test]
fn the_picture_in_the_readme_is_drawn_from_real_output() {
    let (path, now) = (root().join("docs/demo.svg"), picture());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    assert!(std::fs::read_to_string(&path).unwrap_or_default() == now, "UPDATE=1 cargo test --test demo draws it anew");
    assert!(readme().contains("](docs/demo.svg)"));
}

#[test]
fn the_commands_in_the_readme_work() {
    let repo = Repo::new();
    let name = contract("type: object\nproperties: {name: {type: string}}");
    repo.write("db/schema.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n");
    repo.write("openapi.yaml", &name).write("old/openapi.yaml", &name).write("new/openapi.yaml", &name).commit("one");
    let commit = repo.git.head().unwrap().peel_to_commit().unwrap();
    for reference in ["tags/v1.4.0", "tags/v1.5.0", "heads/feature"] {
        repo.git.reference(&format!("refs/{reference}"), commit.id(), false, "test").unwrap();
    }
    let blocks = docs::run_page("README.md", repo.path());
    assert!(blocks.len() >= 5, "{}", blocks.len());
    for written in
        ["report.html", "driftline.sarif", "driftline.xml", "comment.md", "payload.json", "RELEASE.md", "CHANGES.md"]
    {
        assert!(repo.path().join(written).is_file(), "{written}");
    }
}

#[test]
fn the_comment_in_the_readme_accepts_what_it_says() {
    let blocks = fences(&readme(), "yaml");
    let [comment] = &blocks.iter().filter(|block| block.starts_with("# driftline: allow")).collect::<Vec<_>>()[..]
    else {
        panic!("one such block")
    };
    let sent = |rest: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: \"1\"}}\npaths:\n  /users:\n    post:\n      requestBody:\n        content:\n          \
             text/plain:\n            schema:\n              type: string\n{rest}      responses: {{\"200\": {{description: ok}}}}\n"
        )
    };
    let set_in: String = comment.lines().map(|line| format!("              {line}\n")).collect();
    let repo = Repo::new();
    repo.write("openapi.yaml", sent("              maxLength: 100\n")).commit("one");
    repo.write("openapi.yaml", sent("              maxLength: 80\n")).run(&[]).code(1).says(&["error[length-changed]"]);
    let run = repo.write("openapi.yaml", sent(&set_in)).run(&["--output", "json"]).code(0);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["suppressed"][0]["reason"], "no client sends more, measured in May");
}

#[test]
fn the_number_of_rules_in_the_readme_is_true() {
    let rules = driftline::rules::all().count();
    assert!(readme().contains(&format!("There are {rules} rules,")), "{rules}");
}

#[test]
fn the_configuration_and_the_links_in_the_readme_are_valid() {
    let readme = readme();
    let config = fences(&readme, "yaml").into_iter().find(|block| block.starts_with("base:")).unwrap();
    let config = driftline::config::parse(config.as_bytes(), "driftline.yaml").unwrap();
    let known: Vec<&'static str> = driftline::rules::all().map(|rule| rule.id).collect();
    assert_eq!(config.unknown_rules(&known), []);
    let targets = readme.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    for target in targets.filter(|target| !target.starts_with("http")) {
        let path = target.split('#').next().unwrap_or_default();
        assert!(root().join(Path::new(path)).exists(), "{target}");
    }
}
