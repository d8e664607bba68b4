//! Every suggestion is taken over, and the check is run again: the finding is gone, and nothing else has come.

use std::path::PathBuf;

use driftline::report::review::Provider;
use driftline::rules::Status;
use serde_json::Value;

use super::Case;
use super::dice::Dice;
use super::judge::list;
use super::random::history;
use super::support::Repo;

const TABLE: &str = "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(80), team_id bigint, mail varchar(40));\nCREATE TABLE teams (id bigint PRIMARY KEY);\n";

/// A contract over the table whose property `mail` is what the caller says.
fn contract(mail: &str) -> String {
    format!(
        "openapi: 3.0.3
info: {{title: t, version: '1'}}
paths:
  /users:
    post:
      requestBody:
        content: {{application/json: {{schema: {{$ref: '#/components/schemas/User'}}}}}}
      responses:
        '204': {{description: done}}
components:
  schemas:
    User:
      type: object
      properties:
        id: {{type: integer, format: int64}}
        name: {{type: string, maxLength: 80}}
        team_id: {{type: integer, format: int64}}
{mail}"
    )
}

/// `main` with one side of the change, the branch with the other.
fn repo(base: &[(&str, &str)], head: &[(&str, &str)]) -> Repo {
    let repo = Repo::new();
    for (path, text) in base {
        repo.write(path, text);
    }
    repo.commit("main");
    repo.git.branch("work", &repo.git.head().unwrap().peel_to_commit().unwrap(), false).unwrap();
    repo.git.set_head("refs/heads/work").unwrap();
    for (path, text) in head {
        repo.write(path, text);
    }
    repo.commit("work");
    repo
}

fn review(repo: &Repo, format: &str) -> Value {
    repo.run(&["check", "main...work", "--output", format]).json()
}

fn introduced(repo: &Repo) -> Vec<String> {
    let report = repo.run(&["check", "main...work", "--output", "json"]).json();
    let new = list(&report["findings"]).iter().filter(|f| f["status"] == "introduced");
    new.map(|f| f["fingerprint"].as_str().unwrap().to_string()).collect()
}

/// The lines between the fences of a suggestion.
fn suggested(body: &str, info: &str) -> Option<String> {
    let (_, rest) = body.split_once(&format!("```{info}\n"))?;
    Some(rest.split_once("\n```").unwrap().0.to_string())
}

/// Takes a suggestion over, as the button does; what the file was before.
fn take(repo: &Repo, comment: &Value, text: &str) -> (PathBuf, String) {
    let line = comment["line"].as_u64().unwrap() as usize;
    let first = comment.get("start_line").map_or(line, |first| first.as_u64().unwrap() as usize);
    let path = repo.path().join(comment["path"].as_str().unwrap());
    let before = std::fs::read_to_string(&path).unwrap();
    let mut lines: Vec<&str> = before.lines().collect();
    lines.splice(first - 1..line, text.lines());
    std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    repo.commit("as suggested");
    (path, before)
}

/// The finding that a suggestion settles: the marker after it is its own.
fn settled(body: &str) -> &str {
    let (_, rest) = body.split_once("```suggestion").unwrap();
    rest.split("driftline:finding:").nth(1).unwrap().split(' ').next().unwrap()
}

#[test]
fn suggestions_in_random_histories_settle_what_they_are_for() {
    let mut taken = 0;
    for seed in 0..60 {
        let repo = history(&mut Dice(seed));
        let new = |case: &Case| case.report.of(Status::Introduced).map(|i| i.fingerprint.clone()).collect::<Vec<_>>();
        let Some(case) = super::case(repo.path(), "main...work") else { continue };
        let payload = case.payload(Provider::GitHub);
        for comment in list(&payload["review"]["comments"]).iter() {
            let body = comment["body"].as_str().unwrap();
            let Some(text) = suggested(body, "suggestion") else { continue };
            let (path, before) = take(&repo, comment, &text);
            let mut left = new(&case);
            left.retain(|one| one != settled(body));
            let mut after = new(&super::case(repo.path(), "main...work").unwrap());
            left.sort();
            after.sort();
            assert_eq!(after, left, "history {seed}: {comment:#}");
            std::fs::write(path, before).unwrap();
            repo.commit("as it was");
            taken += 1;
        }
    }
    assert!(taken > 10, "the histories suggest too little: {taken}");
}

/// Takes the one suggestion over and looks again.
#[track_caller]
fn settles(repo: &Repo, wanted: &str) {
    let before = introduced(repo);
    let payload = review(repo, "github-review");
    let comments = list(&payload["review"]["comments"]);
    let with: Vec<(&Value, String)> =
        comments.iter().filter_map(|c| Some((c, suggested(c["body"].as_str().unwrap(), "suggestion")?))).collect();
    let [(comment, text)] = with.as_slice() else { panic!("{payload:#}") };
    assert_eq!(text.trim(), wanted);
    // GitLab counts from the line of the comment upwards.
    let line = comment["line"].as_u64().unwrap() as usize;
    let first = comment.get("start_line").map_or(line, |first| first.as_u64().unwrap() as usize);
    let gitlab = review(repo, "gitlab-review").to_string();
    assert!(gitlab.contains(&format!("```suggestion:-{}+0\\n", line - first)), "{gitlab}");
    take(repo, comment, text);
    let gone = settled(comment["body"].as_str().unwrap());
    let after: Vec<String> = before.into_iter().filter(|one| one != gone).collect();
    assert_eq!(introduced(repo), after);
}

/// Nothing is suggested.
#[track_caller]
fn suggests_nothing(repo: &Repo, rule: &str) {
    let payload = review(repo, "github-review").to_string();
    assert!(payload.contains(rule) && !payload.contains("```suggestion"), "{payload}");
}

fn migration(sql: &str) -> Repo {
    repo(&[("db/migrations/000001_users.up.sql", TABLE)], &[("db/migrations/000002_next.up.sql", sql)])
}

#[test]
fn an_index_is_built_concurrently() {
    settles(
        &migration("CREATE INDEX users_mail ON users (mail);\n"),
        "CREATE INDEX CONCURRENTLY users_mail ON users (mail);",
    );
    let unique = "-- why\ncreate unique index if not exists users_mail\n  on users (mail);\n";
    settles(&migration(unique), "create unique index CONCURRENTLY if not exists users_mail");
    // Two statements of one text are one transaction.
    let two = "CREATE INDEX users_mail ON users (mail);\nCREATE INDEX users_name ON users (name);\n";
    suggests_nothing(&migration(two), "index-not-concurrent");
    let goose = "-- +goose Up\nCREATE INDEX users_mail ON users (mail);\n";
    let base = format!("-- +goose Up\n{TABLE}");
    let repo = repo(&[("db/migrations/00001_users.sql", &base)], &[("db/migrations/00002_next.sql", goose)]);
    suggests_nothing(&repo, "index-not-concurrent");
}

#[test]
fn a_constraint_is_validated_later() {
    let key = "ALTER TABLE users ADD CONSTRAINT users_team FOREIGN KEY (team_id) REFERENCES teams (id);\n";
    settles(&migration(key), &key.trim().replace(';', " NOT VALID;"));
    let several = "ALTER TABLE users\n  ADD COLUMN age int,\n  ADD CONSTRAINT users_name CHECK (name <> ''),\n  ADD COLUMN size int;\n";
    settles(&migration(several), "ADD CONSTRAINT users_name CHECK (name <> '') NOT VALID,");
}

#[test]
fn a_new_property_is_as_long_as_its_column() {
    let with = |mail: &str| {
        let (base, head) = (contract(""), contract(mail));
        repo(&[("db/migrations/000001_users.up.sql", TABLE), ("openapi.yaml", &base)], &[("openapi.yaml", &head)])
    };
    settles(&with("        mail:\n          type: string\n          maxLength: 100\n"), "maxLength: 40");
    settles(&with("        mail: {type: string, maxLength: 100}\n"), "mail: {type: string, maxLength: 40}");
    // What several properties share is not theirs to change.
    let shared = "        mail: {$ref: '#/components/schemas/Mail'}\n    Mail: {type: string, maxLength: 100}\n";
    suggests_nothing(&with(shared), "length-disagrees");
}

#[test]
fn a_shorter_column_suggests_nothing_in_the_contract() {
    let text = contract("        mail: {type: string, maxLength: 40}\n");
    let repo = repo(
        &[("db/migrations/000001_users.up.sql", TABLE), ("openapi.yaml", &text)],
        &[("db/migrations/000002_next.up.sql", "ALTER TABLE users ALTER COLUMN mail TYPE varchar(20);\n")],
    );
    suggests_nothing(&repo, "length-disagrees");
}
