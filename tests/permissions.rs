//! Accepting what a change does: comments beside declarations, entries bound to a change, and what is told of those that
//! do nothing, through the built binary.

#[path = "support/repo.rs"]
mod support;

use support::{Repo, Run};

const BASE: &str = "\
openapi: 3.0.3
info: {title: t, version: \"1\"}
paths:
  /users:
    post:
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/User'}
      responses: {\"204\": {description: done}}
components:
  schemas:
    User:
      type: object
      properties:
        name:
          type: string
          maxLength: 100
        nick:
          type: string
          maxLength: 50
";

/// `main` has `base`, the branch the files of `head`.
fn branch(base: &[(&str, &str)], head: &[(&str, &str)]) -> Repo {
    let repo = Repo::new();
    for (path, text) in base {
        repo.write(path, text);
    }
    repo.commit("base");
    let commit = repo.git.head().unwrap().peel_to_commit().unwrap();
    repo.git.branch("feature", &commit, false).unwrap();
    repo.git.set_head("refs/heads/feature").unwrap();
    for (path, text) in head {
        repo.write(path, text);
    }
    repo.commit("head");
    drop(commit);
    repo
}

fn contract(base: &str, head: &str) -> Run {
    branch(&[("openapi.yaml", base)], &[("openapi.yaml", head)]).run(&["main..feature", "--output", "json"])
}

/// The contract with a smaller limit for the name, and lines of comment above or behind lines of it.
fn shorter(comments: &[(&str, &str)]) -> String {
    let mut text = BASE.replace("maxLength: 100", "maxLength: 80");
    for (line, comment) in comments {
        let at = text.find(line).unwrap();
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        match comment.strip_prefix("behind ") {
            Some(comment) => text.insert_str(at + line.len(), &format!(" {comment}")),
            None => text.insert_str(start, &format!("{}{comment}\n", &text[start..at])),
        }
    }
    text
}

fn stale(report: &serde_json::Value) -> Vec<&str> {
    let list = report["stale"].as_array().into_iter().flatten();
    list.map(|entry| entry["why"].as_str().unwrap()).collect()
}

#[test]
fn a_comment_accepts_what_it_stands_at() {
    let ok = "# driftline: allow(length-changed) agreed with all clients";
    let behind = format!("behind {ok}");
    type Case<'a> = (&'a [(&'a str, &'a str)], bool, &'a [&'a str]);
    let cases: &[Case<'_>] = &[
        (&[], false, &[]),
        (&[("maxLength: 80", ok)], true, &[]),
        (&[("maxLength: 80", &behind)], true, &[]),
        (&[("name:", ok)], true, &[]),
        (&[("name:", &behind)], true, &[]),
        (&[("User:", ok)], true, &[]),
        (&[("nick:", ok)], false, &["unused"]),
        (&[("openapi:", ok)], false, &["unused"]),
        (&[("maxLength: 80", "# driftline: allow(length-changed, enum-value-added) x")], true, &["unused"]),
        (&[("maxLength: 80", "# driftline: allow(length-changed)")], false, &["no-reason"]),
        (&[("maxLength: 80", "# driftline: allow(lenght-changed) x")], false, &["unknown-rule"]),
        (&[("maxLength: 80", "# driftline: ignore(length-changed) x")], false, &["unclear"]),
        (&[("maxLength: 80", "# driftline: allow(length-changed) x until=2999-01-31")], true, &[]),
        (&[("maxLength: 80", "# driftline: allow(length-changed) x until=2020-01-31")], false, &["expired"]),
        (&[("maxLength: 80", "# driftline: allow(length-changed) x until=2020-31-01")], false, &["no-date"]),
        (&[("maxLength: 80", "# see driftline: allow(length-changed) x")], false, &[]),
    ];
    for (comments, accepted, why) in cases {
        let run = contract(BASE, &shorter(comments)).code(i32::from(!accepted));
        let report = run.json();
        assert_eq!(report["counts"]["suppressed"], u8::from(*accepted), "{comments:?}");
        assert_eq!(stale(&report), *why, "{comments:?}");
    }
}

#[test]
fn what_is_accepted_is_in_the_report_with_its_reason_and_place() {
    let report = contract(
        BASE,
        &shorter(&[("maxLength: 80", "# driftline: allow(length-changed): agreed  with Ann until=2999-01-31")]),
    )
    .json();
    let one = &report["suppressed"][0];
    let told = [&one["rule"], &one["reason"], &one["until"], &one["at"]["path"], &one["at"]["line"]];
    assert_eq!(
        serde_json::json!(told),
        serde_json::json!(["length-changed", "agreed with Ann", "2999-01-31", "openapi.yaml", 18])
    );
    let repo = branch(
        &[("openapi.yaml", BASE)],
        &[("openapi.yaml", &shorter(&[("name:", "# driftline: allow(length-changed) agreed")]))],
    );
    repo.run(&["main..feature"])
        .code(0)
        .says(&["relaxes its own check: `length-changed` is allowed at `openapi.yaml:16` now: agreed", "(1 accepted)"]);
    let all = repo.run(&["main..feature", "--all"]).code(0).out;
    assert!(all.contains("\naccepted: error[length-changed] User.name: agreed (openapi.yaml:16)\n"), "{all}");
    let comment = repo.run(&["main..feature", "--output", "markdown"]).code(0).out;
    assert!(comment.contains("> this change relaxes its own check: "), "{comment}");
}

#[test]
fn a_comment_that_the_base_had_does_not_accept_the_next_change() {
    let ok = "# driftline: allow(length-changed) agreed with all clients";
    let base = shorter(&[("maxLength: 80", ok)]);
    let run = contract(&base, &base.replace("maxLength: 80", "maxLength: 60")).code(1);
    assert_eq!(stale(&run.json()), ["earlier"]);
    // In a renamed file it is the same comment.
    let repo = branch(&[("openapi.yaml", &base)], &[("shop.yaml", &base.replace("maxLength: 80", "maxLength: 60"))]);
    std::fs::remove_file(repo.dir.path().join("openapi.yaml")).unwrap();
    repo.commit("renamed");
    let run = repo.run(&["main..feature", "--output", "json"]).code(1);
    assert_eq!(stale(&run.json()), ["earlier"]);
    // Moved down, too; with another reason it is another.
    let moved = base.replace("maxLength: 80", "maxLength: 60").replace("info:", "# one more line\ninfo:");
    assert_eq!(stale(&contract(&base, &moved).code(1).json()), ["earlier"]);
    let renewed = base.replace("maxLength: 80", "maxLength: 60").replace("agreed", "agreed again");
    assert_eq!(stale(&contract(&base, &renewed).code(0).json()), [""; 0]);
}

#[test]
fn comments_in_sql_and_keys_in_json() {
    let schema = "CREATE TABLE users (\n  id bigint PRIMARY KEY,\n  legacy text\n);\n";
    let dropped = |text: &'static str| {
        let files = [("db/migrations/000001_a.up.sql", schema)];
        let repo = branch(&files, &[("db/migrations/000002_b.up.sql", text)]);
        repo.run(&["main..feature", "--output", "json"])
    };
    let cases = [
        ("ALTER TABLE users DROP COLUMN legacy;\n", 1),
        ("-- driftline: allow(column-dropped) unused since 2.3\nALTER TABLE users DROP COLUMN legacy;\n", 0),
        ("ALTER TABLE users DROP COLUMN legacy; -- driftline: allow(column-dropped) unused since 2.3\n", 0),
        ("ALTER TABLE users\n  -- driftline: allow(column-dropped) unused\n  DROP COLUMN legacy;\n", 0),
        ("/* driftline: allow(column-dropped) unused */\nALTER TABLE users DROP COLUMN legacy;\n", 0),
        ("-- driftline: allow(column-dropped) unused\nSELECT 1;\nALTER TABLE users DROP COLUMN legacy;\n", 1),
        (
            "INSERT INTO users VALUES (1, '-- driftline: allow(column-dropped) x');\nALTER TABLE users DROP COLUMN legacy;\n",
            1,
        ),
    ];
    for (text, code) in cases {
        let run = dropped(text);
        assert_eq!(run.code, code, "{text}\n{}", run.out);
    }
    let json = |length: u8, more: &str| {
        let user = format!(
            "{{\"type\": \"object\", \"properties\": {{\"name\": {{{more}\"type\": \"string\", \"maxLength\": {length}}}}}}}"
        );
        format!(
            "{{\"openapi\": \"3.0.3\", \"info\": {{\"title\": \"t\", \"version\": \"1\"}}, \"paths\": {{\"/u\": {{\"post\": {{\n\
             \"requestBody\": {{\"content\": {{\"application/json\": {{\"schema\": {user}}}}}}},\n\
             \"responses\": {{\"204\": {{\"description\": \"done\"}}}}}}}}}}}}"
        )
    };
    let check = |head: &str| {
        let repo = branch(&[("openapi.json", &json(100, ""))], &[("openapi.json", head)]);
        repo.run(&["main..feature", "--output", "json"])
    };
    check(&json(80, "")).code(1);
    let report = check(&json(80, "\"x-driftline-allow\": {\"length-changed\": \"agreed\"}, ")).code(0).json();
    assert_eq!(report["suppressed"][0]["reason"], "agreed");
    check(&json(80, "\"x-driftline-allow\": [\"length-changed\"], ")).code(1).says(&["unclear"]);
}

#[test]
fn where_two_layers_disagree_the_comment_may_stand_at_either_end() {
    let schema = |length: u8, comment: &str| {
        format!(
            "CREATE TABLE users (\n  id bigint PRIMARY KEY,\n  nick text,\n  name varchar({length}) NOT NULL{comment}\n);\n"
        )
    };
    let contract = |comment: &str| BASE.replace("        name:", &format!("{comment}        name:"));
    let check = |sql: &str, api: &str| {
        let rest = "rules: {column-length-changed: off}\n";
        let base = [("openapi.yaml", BASE), ("db/schema.sql", &schema(120, "")), ("driftline.yaml", rest)];
        let repo = branch(&base, &[("openapi.yaml", api), ("db/schema.sql", sql)]);
        repo.run(&["main..feature", "--output", "json"])
    };
    let drift = check(&schema(80, ""), BASE).code(1).json();
    assert_eq!(drift["findings"][0]["rule"], "length-disagrees", "{drift:#}");
    let words = "driftline: allow(length-disagrees) widened in the next release";
    check(&schema(80, &format!(" -- {words}")), BASE).code(0);
    check(&schema(80, ""), &contract(&format!("        # {words}\n"))).code(0);
}

#[test]
fn an_entry_accepts_the_change_that_it_came_with() {
    let config =
        |more: &str| format!("allow:\n  - rule: length-changed\n    subject: User.name\n    reason: agreed\n{more}");
    let shorter = BASE.replace("maxLength: 100", "maxLength: 80");
    let check = |base: &str, head: &str, contract: &str| {
        let before = [("openapi.yaml", BASE), ("driftline.yaml", base)];
        let repo = branch(&before, &[("openapi.yaml", contract), ("driftline.yaml", head)]);
        repo.run(&["main..feature", "--output", "json"])
    };
    // New, it accepts. It was there before: the next change needs its own word.
    check("", &config(""), &shorter).code(0);
    let run = check(&config(""), &config(""), &shorter).code(1);
    let report = run.json();
    assert_eq!(stale(&report), ["earlier"]);
    let print = report["findings"][0]["fingerprint"].as_str().unwrap();
    assert!(report["stale"][0]["message"].as_str().unwrap().contains(print), "{report}");
    // Bound entries say which change they are for, so they may be older.
    let bound = config(&format!("    fingerprint: {print}\n"));
    check(&bound, &bound, &shorter).code(0);
    check(&bound, &bound, &BASE.replace("maxLength: 100", "maxLength: 60")).code(1);
    let (before, after) = (&report["findings"][0]["before"], &report["findings"][0]["after"]);
    let words = config(&format!("    before: {before}\n    after: {after}\n"));
    check(&words, &words, &shorter).code(0);
    check("", &words, &BASE.replace("maxLength: 100", "maxLength: 60")).code(1);
}

#[test]
fn debt_is_accepted_as_what_it_is() {
    let ok = "-- driftline: allow(money-as-float) a rough figure for charts";
    let schema = |kind: &str| format!("CREATE TABLE a (\n  id bigint PRIMARY KEY,\n  price {kind} {ok}\n);\n");
    let without = |kind: &str| schema(kind).replace(ok, "");
    let check = |base: &str, head: &str| {
        let quiet = ("driftline.yaml", "rules: {column-type-changed: off, column-precision-changed: off}\n");
        let repo = branch(&[("db/schema.sql", base), quiet], &[("db/schema.sql", head)]);
        let report = repo.run(&["main..feature", "--output", "json"]).json();
        report["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == "money-as-float").count()
    };
    let fresh = schema("real").replace("price real", "price text");
    assert_eq!(check(&without("text"), &without("real")), 1);
    assert_eq!(check(&fresh, &schema("real")), 0, "a comment that was there before goes on accepting debt");
}

#[test]
fn what_is_merged_is_counted_and_not_told_again() {
    let entry = "allow: [{rule: length-changed, subject: User.name, reason: agreed}]\n";
    let files = [("openapi.yaml", BASE), ("driftline.yaml", entry)];
    let repo = branch(&files, &[("openapi.yaml", &BASE.replace("title: t", "title: other"))]);
    let run = repo.run(&["main..feature"]).code(0);
    assert!(run.out.contains("\nnote: 1 older permission accepts nothing here"), "{}", run.out);
    repo.run(&["main..feature", "--all"]).code(0).says(&["warning: the allow entry for `length-changed`"]);
    assert!(!repo.run(&["main..feature", "--output", "markdown"]).out.contains("length-changed"));
    assert_eq!(stale(&repo.run(&["main..feature", "--output", "json"]).json()), ["unused"]);
}

#[test]
fn printed_entries_accept_once_they_have_a_reason() {
    let repo = branch(&[("openapi.yaml", BASE)], &[("openapi.yaml", &BASE.replace("maxLength: 100", "maxLength: 80"))]);
    let entries = repo.run(&["main..feature", "--output", "allow"]).code(1).out;
    repo.write("driftline.yaml", &entries);
    repo.run(&["main"]).code(2).says(&["has no reason"]);
    repo.write("driftline.yaml", entries.replace("reason: \"\"", "reason: agreed"));
    repo.run(&["main"]).code(0).says(&["(1 accepted)"]);
    let nothing = repo.run(&["main..main", "--output", "allow"]).code(0).out;
    repo.write("driftline.yaml", nothing);
    repo.run(&["main"]).code(1);
}
