//! What a contract declares against what its changes weigh, what should be gone by now, and the checklist of a range of tags.

#[path = "support/docs.rs"]
mod docs;
#[path = "support/repo.rs"]
mod repo;
mod support;

use driftline::report::{Report, changelog};
use repo::Repo;
use support::{File, compare};

/// A contract of that version with these lines under `paths`.
fn contract(version: &str, paths: &str) -> Vec<File> {
    let text = format!("openapi: 3.1.0\ninfo: {{title: Shop, version: {version}}}\npaths:\n{paths}");
    vec![("openapi.yaml".into(), text)]
}

const ONE: &str = "  /a:\n    get: {responses: {\"200\": {description: ok}}}\n";
const TWO: &str =
    "  /a:\n    get: {responses: {\"200\": {description: ok}}}\n    post: {responses: {\"201\": {description: ok}}}\n";
const TOLD: &str = "  /a:\n    get: {responses: {\"200\": {description: \"Told better.\"}}}\n";

fn said(report: &Report) -> Vec<String> {
    let about = report.findings.iter().filter(|item| item.finding.rule.id.starts_with("version-"));
    about.map(|item| format!("{} {}", item.finding.severity.name(), item.finding.rule.id)).collect()
}

#[test]
fn a_version_that_says_less_than_its_changes_is_told() {
    type Case<'a> = ((&'a str, &'a str), (&'a str, &'a str), &'a [&'a str], &'a str);
    let cases: &[Case<'_>] = &[
        // Something breaks.
        (("1.4.0", TWO), ("1.4.1", ONE), &["warning version-understates-change"], "2.0.0"),
        (("1.4.0", TWO), ("1.5.0", ONE), &["warning version-understates-change"], "2.0.0"),
        (("1.4.0", TWO), ("2.0.0", ONE), &[], "2.0.0"),
        (("1.4.0", TWO), ("1.3.0", ONE), &["warning version-understates-change"], "2.0.0"),
        (("v1", TWO), ("v1.1", ONE), &["warning version-understates-change"], "v2"),
        // Below 1.0.0 the second number stands for the first.
        (("0.4.0", TWO), ("0.5.0", ONE), &[], "0.5.0"),
        (("0.4.0", TWO), ("0.4.1", ONE), &["warning version-understates-change"], "0.5.0"),
        // Nobody is asked to move the version with every change.
        (("1.4.0", TWO), ("1.4.0", ONE), &[], "2.0.0"),
        (("\"1.0\"", TWO), ("1.0.0", ONE), &[], "2.0"),
        // Something is added.
        (("1.4.0", ONE), ("1.4.1", TWO), &["note version-understates-change"], "1.5.0"),
        (("1.4.0", ONE), ("1.5.0", TWO), &[], "1.5.0"),
        // Words only, and nothing but the version.
        (("1.4.0", ONE), ("1.4.1", TOLD), &[], "1.4.1"),
        (("1.4.0", ONE), ("1.3.0", ONE), &[], "1.4.1"),
        // What is preliminary has promised nothing; what is no number cannot be compared.
        (("2.0.0-rc.1", TWO), ("2.0.0-rc.2", ONE), &[], "2.0.0"),
        (("\"2024-01-31\"", TWO), ("\"2024-02-28\"", ONE), &[], ""),
        (("latest", TWO), ("newest", ONE), &[], ""),
    ];
    for ((base, old), (head, new), want, next) in cases {
        let report = compare(&contract(base, old), &contract(head, new));
        assert_eq!(said(&report), *want, "{base} → {head}");
        let deserved = report.versions.first().and_then(|version| version.deserved.as_ref());
        assert_eq!(deserved.map_or("", |(_, next)| next.as_str()), *next, "{base} → {head}");
    }
    assert!(compare(&contract("1", ONE), &contract("1", ONE)).versions.is_empty());
}

#[test]
fn an_accepted_break_is_a_break_none_the_less() {
    let mut head = contract("1.5.0", ONE);
    head.push((
        "driftline.yaml".into(),
        "allow: [{rule: operation-removed, subject: POST /a, reason: nobody calls it}]\n".into(),
    ));
    let report = compare(&contract("1.4.0", TWO), &head);
    assert_eq!(report.counts.suppressed, 1);
    assert_eq!(said(&report), ["warning version-understates-change"]);
    assert!(
        changelog::render(&report).contains("- **Breaking:** Operation `POST /a`"),
        "{}",
        changelog::render(&report)
    );
    // What the team does not hold for a break is none.
    head.pop();
    head.push(("driftline.yaml".into(), "rules: {operation-removed: note}\n".into()));
    assert_eq!(said(&compare(&contract("1.4.0", TWO), &head)), Vec::<String>::new());
}

#[test]
fn two_contracts_are_weighed_apart() {
    let both = |first: &str, second: &str| {
        let mut files = contract("1.4.0", first);
        files.push(("admin.yaml".into(), contract("1.4.1", second).remove(0).1));
        files
    };
    let base: Vec<File> =
        both(ONE, TWO).into_iter().map(|(path, text)| (path, text.replace("1.4.1", "1.4.0"))).collect();
    let report = compare(&base, &both(ONE, ONE));
    assert_eq!(said(&report), ["warning version-understates-change"]);
    let contracts: Vec<&str> = report.versions.iter().map(|version| version.contract.as_str()).collect();
    assert_eq!(contracts, ["admin.yaml"]);
}

#[test]
fn what_should_be_gone_is_due() {
    let paths = "  /a:
    get:
      deprecated: true
      x-sunset: \"2026-11-19\"
      parameters: [{name: q, in: query, deprecated: true, x-sunset: \"2025-01-01\", schema: {type: string}}]
      responses: {\"200\": {description: ok}}
    post:
      deprecated: true
      x-sunset: \"2026-11-20\"
      responses: {\"201\": {description: ok}}
components:
  schemas:
    User:
      type: object
      properties:
        nick: {type: string, deprecated: true, x-sunset: \"Sun, 01 Jun 2025 00:00:00 GMT\"}
        name: {type: string, deprecated: true, x-sunset: someday}
";
    let files = contract("1", paths);
    let due: Vec<String> =
        compare(&files, &files).due.iter().map(|due| format!("{} {}", due.subject, due.day)).collect();
    // The last day of `POST /a` is today.
    assert_eq!(due, ["GET /a 2026-11-19", "GET /a query.q 2025-01-01", "User.nick 2025-06-01"]);
}

/// Two tags, with a break and a migration between them.
fn released() -> Repo {
    let repo = Repo::new();
    let tag = |name: &str| {
        let head = repo.git.head().unwrap().peel(git2::ObjectType::Commit).unwrap();
        repo.git.tag_lightweight(name, &head, false).unwrap();
    };
    repo.write("openapi.yaml", &contract("1.4.0", TWO)[0].1);
    repo.write("db/migrations/000001_a.up.sql", "CREATE TABLE a (id bigint PRIMARY KEY, b text);\n");
    repo.commit("one");
    tag("v1.4.0");
    repo.write("openapi.yaml", &contract("1.4.0", ONE)[0].1);
    repo.write("db/migrations/000002_b.up.sql", "ALTER TABLE a DROP COLUMN b;\n");
    repo.commit("two");
    tag("v1.5.0");
    repo
}

#[test]
fn the_checklist_of_a_range_of_tags_keeps_what_is_done() {
    let repo = released();
    let words = ["v1.4.0..v1.5.0", "--output", "checklist=RELEASE.md", "--keep-ticks", "RELEASE.md", "-q"];
    repo.run(&words).code(1);
    let read = || std::fs::read_to_string(repo.path().join("RELEASE.md")).unwrap();
    let list = read();
    for part in ["## Deployment", "## After the deployment", "## Tell consumers", "`POST /a`", "to `2.0.0`"] {
        assert!(list.contains(part), "{part}\n{list}");
    }
    let edited = list.replacen("- [ ]", "- [x]", 1) + "\n- [x] ask the data team\n";
    repo.write("RELEASE.md", &edited);
    repo.run(&words).code(1);
    assert_eq!(read().matches("- [x]").count(), 2, "{}", read());
    let again = read();
    // The next release has a deployment of its own.
    let deploy = |list: &str| list.lines().find(|line| line.contains("Deploy the code")).map(str::to_string).unwrap();
    let next = repo.run(&["v1.5.0~1..v1.5.0", "--output", "checklist"]).code(1).out;
    let other = repo.run(&["v1.5.0..v1.4.0", "--output", "checklist", "--exit-zero"]).code(0).out;
    assert_eq!(deploy(&next), deploy(&again).replace("[x]", "[ ]"));
    assert_ne!(deploy(&next), deploy(&other));
    repo.run(&words).code(1);
    assert_eq!(read(), again);
    let run = repo.run(&["v1.4.0..v1.5.0", "--output", "checklist", "--keep-ticks", "nowhere.md"]).code(2);
    assert!(run.err.contains("cannot read the checklist `nowhere.md`"), "{}", run.err);
}

#[test]
fn the_changelog_of_a_range_of_tags_is_called_by_the_tag() {
    let repo = released();
    let run = repo.run(&["v1.4.0..v1.5.0", "--output", "changelog"]).code(1);
    let want = "## [1.5.0]

Next version: **2.0.0** (major: 1 change breaks clients; the contract still says `1.4.0`).

### Removed

- **Breaking:** Operation `POST /a`
- **Breaking:** Column `a.b`
";
    assert_eq!(run.out, want);
}

#[test]
fn the_page_about_releases_works_as_written() {
    let repo = released();
    repo.write("CHANGELOG.md", "# Changes\n\nAll of them.\n\n## [1.4.0]\n\n- First\n");
    let blocks = docs::run_page("docs/release.md", repo.path());
    assert_eq!(blocks.len(), 4);
    assert!(blocks[3].1.contains("\"2.0.0\""), "{}", blocks[3].1);
    let changelog = std::fs::read_to_string(repo.path().join("CHANGELOG.md")).unwrap();
    let headings: Vec<&str> = changelog.lines().filter(|line| line.starts_with("## ")).collect();
    assert_eq!(headings, ["## [Unreleased]", "## [1.4.0]"]);
    assert!(changelog.starts_with("# Changes\n\nAll of them.\n\n## [Unreleased]\n"), "{changelog}");
}

#[test]
fn what_old_code_needs_goes_after_the_deployment() {
    let table = |columns: &str| {
        vec![("db/schema.sql".to_string(), format!("CREATE TABLE a (id bigint PRIMARY KEY{columns});\n"))]
    };
    let base = table(", short varchar(50), long varchar(20), gone text, free text");
    let head = table(", short varchar(20), long varchar(50), free text NOT NULL, new text NOT NULL");
    let list = driftline::report::checklist::render(&compare(&base, &head), &Default::default());
    let group = |column: &str| {
        let at = list.find(&format!("`a.{column}`")).unwrap_or_else(|| panic!("{column}\n{list}"));
        list[..at].rmatches("\n## ").next().map(|_| list[..at].rsplit("\n## ").next().unwrap().lines().next().unwrap())
    };
    for (column, want) in [
        ("short", "After the deployment"),
        ("gone", "After the deployment"),
        ("free", "After the deployment"),
        ("new", "Before the deployment"),
    ] {
        assert_eq!(group(column), Some(want), "{column}\n{list}");
    }
    assert!(!list.contains("`a.long`"), "{list}");
}

#[test]
fn a_changelog_calls_what_it_shows_by_its_name() {
    let table = |kind: &str| {
        vec![("db/schema.sql".to_string(), format!("CREATE TABLE a (id bigint PRIMARY KEY, b {kind});\n"))]
    };
    let text = changelog::render(&compare(&table("varchar(20)"), &table("varchar(50)")));
    assert!(text.contains("- `a.b`: type `character varying(20)` → `character varying(50)`"), "{text}");
}
