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
    assert_eq!(clean.out.lines().last(), Some("nothing changed: 1 operation, 0 schemas and 0 tables understood"));
}

#[test]
fn what_is_missing_points_to_the_help_of_its_command() {
    let repo = breaking();
    for command in ["trace", "explain"] {
        repo.run(&[command]).code(2).says(&[&format!("hint: `driftline {command} --help` shows what it takes")]);
    }
    repo.run(&["--no-such-flag"]).code(2).says(&["hint: `driftline --help` shows all commands and options"]);
}

#[test]
fn of_two_reports_on_standard_output_the_second_is_named() {
    let run = breaking().run(&["main", "--output", "short", "--output", "checklist"]).code(2);
    assert!(run.err.contains("`--output checklist=FILE`"), "{}", run.err);
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
    assert!(file("comment.txt").starts_with("<!-- driftline:summary:default -->"));
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

/// A contract and tables that have no name in common but `User`.
fn strangers() -> Repo {
    let schema = |name: &str, properties: &str| {
        let properties: String = properties.split(' ').map(|p| format!("        {p}: {{type: string}}\n")).collect();
        format!("    {name}:\n      type: object\n      properties:\n{properties}")
    };
    let schemas = [
        schema("Canvas", "id owner layout palette width"),
        schema("CanvasResponse", "owner layout"),
        schema("Run", "id finishReason retryLimit traceUrl hostGroup"),
        schema("User", "id email nickname"),
        schema("Version", "major minor patch"),
    ];
    let repo = Repo::new();
    repo.write(
        "openapi.yaml",
        format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n{}",
            schemas.concat()
        ),
    );
    repo.write(
        "db/schema.sql",
        "CREATE TABLE workflows (id text PRIMARY KEY, owner text, layout text, palette text, shade text);\n\
         CREATE TABLE jobs (id text PRIMARY KEY, finish_reason text, retry_limit text, trace_url text, lane text, rank text);\n\
         CREATE TABLE steps (id text PRIMARY KEY, finish_reason text, retry_limit text, trace_url text, part text, seed text);\n\
         CREATE TABLE users (id text PRIMARY KEY, email text, nickname text);\n",
    );
    repo.commit("one");
    repo
}

/// `schema=table` of everything under `links:` of a text, with whether it is in a comment.
fn proposed(text: &str) -> Vec<(bool, String)> {
    let lines = text.lines().filter(|l| l.contains(" have a column: ") || l.contains(" has a column: "));
    let entry = |line: &str| {
        let entry = line.trim_start_matches(['#', ' ']).split("  #").next().unwrap_or_default();
        (line.starts_with('#'), entry.trim().replace(": ", "="))
    };
    lines.map(entry).collect()
}

/// Columns that the model links to a schema because people settled it.
fn settled(repo: &Repo, schema: &str) -> Vec<String> {
    let model = repo.run(&["model", "--output", "json"]).code(0).json();
    let links = model["links"].as_array().unwrap().iter();
    let own = links.filter(|l| l["property"].as_str().unwrap().starts_with(&format!("{schema}.")));
    let sure = own.filter(|l| l["confidence"] == 1.0 && l["reason"].as_str().unwrap().contains("`links:`"));
    sure.map(|l| l["column"].as_str().unwrap().to_string()).collect()
}

#[test]
fn proposed_links_load_and_count() {
    let repo = strangers();
    let printed = repo.run(&["init", "--links", "--print"]).code(0).out;
    assert!(!repo.path().join("driftline.yaml").exists());
    repo.run(&["init", "--links"]).code(0).says(&["wrote"]);
    let file = repo.path().join("driftline.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text, printed);
    let expected = [(false, "Canvas=workflows"), (true, "Run=jobs"), (true, "Run=steps")];
    assert_eq!(proposed(&text), expected.map(|(doubtful, entry)| (doubtful, entry.to_string())), "{text}");
    // As it stands, what is likely counts; the variant of the schema follows.
    assert_eq!(settled(&repo, "Canvas").len(), 4);
    assert_eq!(settled(&repo, "Run").len(), 0);
    let links = repo.run(&["model", "--links"]).code(0).out;
    assert!(links.contains("CanvasResponse ↔ workflows"), "{links}");
    // What is doubtful counts once its comment sign is gone.
    repo.write("driftline.yaml", text.replace("#   Run: jobs", "  Run: jobs"));
    assert_eq!(settled(&repo, "Run"), ["jobs.id", "jobs.finish_reason", "jobs.retry_limit", "jobs.trace_url"]);
    repo.run(&["HEAD"]).code(0);
}

#[test]
fn proposed_links_leave_what_people_wrote() {
    let repo = strangers();
    let own = "links:\n  Canvas: none\nfail-on: warning\n";
    repo.write("driftline.yaml", own);
    let run = repo.run(&["init", "--links"]).code(0).says(&["`driftline.yaml` stays as it is"]);
    assert_eq!(std::fs::read_to_string(repo.path().join("driftline.yaml")).unwrap(), own);
    assert_eq!(proposed(&run.out), [(true, "Run=jobs".to_string()), (true, "Run=steps".to_string())], "{}", run.out);
    assert!(run.out.contains("\n# links:\n"), "{}", run.out);
    // A file that is replaced keeps the links that were settled.
    repo.run(&["init", "--links", "--force"]).code(0);
    let text = std::fs::read_to_string(repo.path().join("driftline.yaml")).unwrap();
    assert!(text.contains("\nlinks:\n  Canvas: none\n#   Run: jobs"), "{text}");
    repo.write("driftline.yaml", "links: {Canvas: workflows, Run: none}\n");
    repo.run(&["init", "--links"]).code(0).says(&["nothing to propose"]);
}

#[test]
fn a_bare_repository_is_not_written_into() {
    let repo = strangers();
    let place = tempfile::tempdir().unwrap();
    let bare = place.path().join("bare.git");
    git2::build::RepoBuilder::new().bare(true).clone(repo.path().to_str().unwrap(), &bare).unwrap();
    for args in [&["init"][..], &["init", "--links"], &["init", "--force"]] {
        let run = support::run(&bare, args).code(0).says(&["sources:", "bare repository"]);
        assert!(args.len() < 2 || args[1] != "--links" || run.out.contains("  Canvas: workflows"), "{}", run.out);
        assert!(!bare.join("driftline.yaml").exists());
    }
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
