//! The command line through the built binary: words, options, where output goes, exit codes.

#[path = "support/repo.rs"]
mod support;

use std::io::Read;
use std::process::Stdio;

use support::{Repo, command, contract, run};

/// `main` answers with a name; the branch drops it.
fn breaking() -> Repo {
    let repo = Repo::new();
    repo.write("openapi.yaml", contract("type: object\nproperties:\n  name: {type: string}\n  id: {type: integer}"));
    repo.commit("main");
    let base = repo.git.head().unwrap().peel_to_commit().unwrap();
    repo.git.branch("feature", &base, false).unwrap();
    repo.git.set_head("refs/heads/feature").unwrap();
    repo.write("openapi.yaml", contract("type: object\nproperties:\n  id: {type: integer}"));
    repo.commit("drop the name");
    drop(base);
    repo
}

#[test]
fn every_way_to_name_the_revisions() {
    let repo = breaking();
    let ways: &[&[&str]] = &[
        &[],
        &["check"],
        &["main"],
        &["check", "main"],
        &["main..feature"],
        &["main...feature"],
        &["check", "main..HEAD"],
        &["--base", "main", "--head", "feature"],
        &["--base", "main", "--head", "INDEX"],
        &["--staged", "--base", "main"],
        &["HEAD~1..HEAD"],
        &["main", "feature"],
    ];
    for words in ways {
        repo.run(words).code(1).says(&["error[property-removed]", "openapi.yaml", "compared main"][..1]);
    }
    repo.run(&["feature..main"]).code(0);
}

#[test]
fn exit_codes() {
    let repo = breaking();
    let cases: &[(&[&str], i32)] = &[
        (&["main..feature"], 1),
        (&["main..main"], 0),
        (&["main..feature", "--exit-zero"], 0),
        (&["main..feature", "--fail-on", "off"], 0),
        (&["main..feature", "--fail-on", "note"], 1),
        (&["main..feature", "-q"], 1),
        (&["main..feature", "--output", "json"], 1),
        (&["main..feature", "--fail-on", "fatal"], 2),
        (&["main..nowhere"], 2),
        (&["--no-such-flag"], 2),
        (&["--contract", "none.yaml", "main..feature"], 2),
        (&["--contract", "none.yaml", "main..feature", "--allow-empty"], 0),
        (&["--version"], 0),
        (&["--help"], 0),
        (&["rules"], 0),
        (&["explain", "property-removed"], 0),
        (&["explain", "property-remove"], 2),
    ];
    for (words, code) in cases {
        let run = repo.run(words);
        assert_eq!(run.code, *code, "{words:?}\n{}\n{}", run.out, run.err);
    }
}

#[test]
fn the_first_line_says_what_was_compared() {
    let repo = breaking();
    let run = repo.run(&["main"]).code(1);
    let first = run.out.lines().next().unwrap();
    assert!(first.starts_with("compared main@") && first.contains(" (merge base) → working tree: "), "{first}");
    assert!(first.contains("openapi.yaml (3.0, 1 operation)"), "{first}");
    let clean = repo.run(&["main..main"]).code(0);
    assert_eq!(clean.out.lines().last(), Some("nothing found: 1 operation, 0 tables and 0 entities understood"));
}

#[test]
fn a_json_report_is_alone_on_standard_output() {
    let repo = breaking();
    let run = repo.run(&["main", "--output", "json", "-v"]).code(1);
    let report = run.json();
    assert_eq!(report["verdict"], "findings");
    assert_eq!(report["comparison"]["head"]["spec"], "WORKTREE");
    assert!(run.err.starts_with("took "), "{}", run.err);
    assert!(report.get("changes").is_none());
    let with = repo.run(&["main", "--output", "json", "--changes"]).json();
    assert_eq!(with["changes"][0]["breaking"], true);
    assert!(!run.out.contains(repo.path().to_str().unwrap()), "absolute path in the report");
}

#[test]
fn several_reports_in_one_run() {
    let repo = breaking();
    let run = repo.run(&["main", "--output", "report.json", "--output", "markdown=comment.txt"]).code(1);
    assert!(run.out.starts_with("compared main"), "people still get their report: {}", run.out);
    let file = |name: &str| std::fs::read_to_string(repo.path().join(name)).unwrap();
    assert!(file("report.json").starts_with("{\n  \"version\": 1"));
    assert!(file("comment.txt").starts_with("<!-- driftline -->"));
    let quiet = repo.run(&["main", "-q", "--output", "again.json"]).code(1);
    assert_eq!(quiet.out, "");
    repo.run(&["main", "--output", "json", "--output", "markdown"]).code(2).says(&["standard output"]);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let repo = breaking();
    let args = ["main..feature", "--output", "json", "--changes"];
    assert_eq!(repo.run(&args).out, repo.run(&args).out);
}

#[test]
fn started_from_elsewhere_with_files_beside() {
    let repo = breaking();
    let elsewhere = tempfile::tempdir().unwrap();
    let dir = repo.path().to_str().unwrap();
    run(elsewhere.path(), &["-C", dir, "main..feature", "--output", "out.json"]).code(1);
    assert!(repo.path().join("out.json").is_file(), "-C: as if started there");
    let bare = tempfile::tempdir().unwrap();
    git2::build::RepoBuilder::new().bare(true).clone(dir, bare.path()).unwrap();
    run(elsewhere.path(), &["check", "origin/main..feature", "-C", bare.path().to_str().unwrap()]);
    run(elsewhere.path(), &["-C", bare.path().to_str().unwrap(), "HEAD~1..HEAD"]).code(1);
}

#[test]
fn two_files_and_two_folders_without_git() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, schema: &str| {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, contract(schema)).unwrap();
    };
    let (old, new) = (
        "type: object\nproperties: {a: {type: string}, b: {type: string}}",
        "type: object\nproperties: {a: {type: string}}",
    );
    write("old.yaml", old);
    write("new.yaml", new);
    write("old/openapi.yaml", old);
    write("new/openapi.yaml", new);
    run(dir.path(), &["check", "old.yaml", "new.yaml"]).code(1).says(&["property-removed"]);
    run(dir.path(), &["check", "old", "new"]).code(1).says(&["property-removed"]);
    run(dir.path(), &["new", "old"]).code(0);
}

#[test]
fn configuration_is_read_from_head_or_from_the_option() {
    let repo = breaking();
    repo.write("driftline.yaml", "rules: { property-removed: off }\n");
    repo.run(&["main"]).code(0);
    repo.run(&["main..feature"]).code(1);
    repo.write("driftline.yaml", "rules: { property-removd: off }\n");
    repo.run(&["main"]).code(2).says(&["property-removd", "did you mean `property-removed`?"]);
    repo.write("driftline.yaml", "rulez: {}\n");
    repo.run(&["main"]).code(2).says(&["driftline.yaml:1:1", "rulez", "rules"]);
    std::fs::remove_file(repo.path().join("driftline.yaml")).unwrap();
    repo.write(
        "other.yaml",
        "allow: [{ rule: property-removed, subject: GET /users 200.name, reason: nobody reads it }]\n",
    );
    repo.run(&["main", "--config", "other.yaml"]).code(0).says(&["1 accepted"]);
    repo.run(&["main", "--config", "missing.yaml"]).code(2).says(&["missing.yaml"]);
}

#[test]
fn rules_and_their_pages() {
    let repo = Repo::new();
    let all = repo.run(&["rules"]).code(0);
    assert!(all.out.lines().count() > 60, "{}", all.out);
    repo.run(&["rules", "enum", "--output", "json"]).code(0).says(&["\"id\": \"enum-value-added\""]);
    repo.run(&["rules", "nothing-like-this"]).code(2);
    repo.run(&["explain", "enum-value-added"]).code(0).says(&["## Why it matters", "## Do this instead"]);
    repo.run(&["explain", "enum-value-add"]).code(2).says(&["did you mean `enum-value-added`?"]);
}

#[test]
fn model_says_what_was_understood() {
    let repo = breaking();
    repo.write("db/migrations/000001_users.up.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email varchar(80));\n");
    repo.write("db/migrations/000001_users.down.sql", "DROP TABLE users;\n");
    let text = repo.run(&["model"]).code(0).out;
    assert!(
        text.starts_with("working tree: ") && text.contains("table users") && text.contains("GET /users"),
        "{text}"
    );
    let json = repo.run(&["model", "--output", "json"]).code(0).json();
    assert_eq!(json["version"], 1);
    let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys.join(" "), "version revision complete inputs entities operations links problems");
    let users = json["entities"].as_array().unwrap().iter().find(|e| e["kind"] == "table").unwrap();
    assert_eq!(users["attributes"][1]["type"], "character varying(80)");
    assert_eq!(repo.run(&["model", "main", "--output", "json"]).json()["revision"]["spec"], "main");
    let links = repo.run(&["model", "--links"]).code(0).out;
    for part in
        [" of them certain enough for errors", "\nunlinked tables (", "\nunlinked attributes of linked schemas ("]
    {
        assert!(links.contains(part), "{links}");
    }
}

#[test]
fn init_writes_what_was_found_once() {
    let repo = breaking();
    repo.run(&["init"]).code(0).says(&["driftline.yaml"]);
    let text = std::fs::read_to_string(repo.path().join("driftline.yaml")).unwrap();
    assert!(text.contains("- openapi: openapi.yaml"), "{text}");
    repo.run(&["init"]).code(2).says(&["already there", "--force"]);
    repo.run(&["init", "--force"]).code(0);
    repo.run(&["main"]).code(1);
}

#[test]
fn colours_only_when_wanted() {
    let repo = breaking();
    assert!(!repo.run(&["main"]).out.contains('\u{1b}'), "a pipe is no terminal");
    assert!(repo.run(&["main", "--color", "always"]).out.contains('\u{1b}'));
    let with = |name: &str| support::ended(command(repo.path(), &["main"]).env(name, "1").output().unwrap());
    assert!(with("FORCE_COLOR").out.contains('\u{1b}'));
    assert!(with("CLICOLOR_FORCE").out.contains('\u{1b}'));
    assert!(!with("NO_COLOR").out.contains('\u{1b}'));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let repo = breaking();
    let mut child = command(repo.path(), &["rules"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut messages = String::new();
    child.stderr.take().unwrap().read_to_string(&mut messages).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(messages, "");
}
