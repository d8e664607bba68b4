//! A bot's life: the first run posts, the second has nothing to say, and after a fix what was posted is settled. Once by a
//! small client of our own, once by the commands that `docs/review-bot.md` tells people to use.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use driftline::report::markdown::KEY;
use driftline::report::review::fingerprints;
use serde_json::{Value, json};

use super::judge::list;
use super::server::Server;
use super::shown::shown;
use super::support::{Repo, command};

const CONTRACT: &str = "\
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /users:
    get:
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {$ref: '#/components/schemas/User'}
    post:
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}
      responses:
        '204': {description: done}
components:
  schemas:
    User:
      type: object
      properties:
        id: {type: integer, format: int64}
        name:
          type: string
          maxLength: 80
        nick: {type: string, maxLength: 40}
        mail: {type: string, maxLength: 40}
";
const START: &str =
    "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(80), nick varchar(40), mail varchar(40));\n";

/// `main`, and `work` with a shorter name, a property less and an index too many.
fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("openapi.yaml", CONTRACT).write("db/migrations/0001_users.up.sql", START);
    repo.commit("main");
    repo.git.branch("work", &repo.git.head().unwrap().peel_to_commit().unwrap(), false).unwrap();
    repo.git.set_head("refs/heads/work").unwrap();
    let contract = CONTRACT.replace("maxLength: 80", "maxLength: 20");
    let contract = contract.replace("        nick: {type: string, maxLength: 40}\n", "");
    repo.write("openapi.yaml", contract);
    repo.write("db/migrations/0002_index.up.sql", "CREATE INDEX users_mail ON users (mail);\n");
    repo.commit("work");
    repo
}

/// Puts the name back.
fn fix(repo: &Repo) {
    let contract = CONTRACT.replace("        nick: {type: string, maxLength: 40}\n", "");
    repo.write("openapi.yaml", contract).commit("a longer name again");
}

fn hash(repo: &Repo, name: &str) -> String {
    repo.git.revparse_single(name).unwrap().id().to_string()
}

/// The server shows the pull request as it is now; false where there is no git.
fn pushed(server: &Server, repo: &Repo) -> bool {
    let Some(shown) = shown(repo.path(), "main", "work", "--find-renames") else {
        eprintln!("skipped: there is no git to ask");
        return false;
    };
    server.push(shown, &hash(repo, "main"), &hash(repo, "work"));
    true
}

fn payload(repo: &Repo, format: &str, posted: &str, more: &[&str]) -> Value {
    let file = repo.path().join(".git/posted");
    std::fs::write(&file, posted).unwrap();
    let head = hash(repo, "work");
    let mut args =
        vec!["check", "--base", "main", "--head", &head, "--output", format, "--posted", file.to_str().unwrap()];
    args.extend(more);
    let run = repo.run(&args);
    assert!(run.code <= 1, "{run:?}");
    run.json()
}

fn told(texts: &Value) -> BTreeSet<String> {
    fingerprints(&texts.to_string(), KEY)
}

#[test]
fn github_takes_the_review_and_later_runs_add_nothing() {
    let (server, repo) = (Server::start(), repo());
    if !pushed(&server, &repo) {
        return;
    }
    let post = |payload: &Value| {
        if !payload["review"].is_null() {
            assert_eq!(server.call("POST", "/repos/o/r/pulls/7/reviews", Some(&payload["review"])).0, 200);
        }
        for file in list(&payload["files"]) {
            assert_eq!(server.call("POST", "/repos/o/r/pulls/7/comments", Some(file)).0, 201);
        }
        let (_, notes) = server.call("GET", "/repos/o/r/issues/7/comments", None);
        let marker = payload["summary"]["marker"].as_str().unwrap();
        let own = list(&notes).iter().find(|note| note["body"].as_str().unwrap().starts_with(marker));
        let code = match own {
            Some(own) => {
                let path = format!("/repos/o/r/issues/comments/{}", own["id"]);
                server.call("PATCH", &path, Some(&payload["summary"])).0
            }
            None => server.call("POST", "/repos/o/r/issues/7/comments", Some(&payload["summary"])).0,
        };
        assert!(code < 300);
    };
    let listed = || {
        let lists =
            ["comments", "reviews"].map(|list| server.call("GET", &format!("/repos/o/r/pulls/7/{list}"), None).1);
        json!(lists).to_string()
    };
    let first = payload(&repo, "github-review", "", &[]);
    assert_eq!(first["review"]["event"], "COMMENT");
    assert_eq!(list(&first["review"]["comments"]).len(), 3, "{first:#}");
    post(&first);
    let second = payload(&repo, "github-review", &listed(), &[]);
    assert!(second["review"].is_null() && list(&second["files"]).is_empty(), "{second:#}");
    post(&second);
    fix(&repo);
    assert!(pushed(&server, &repo));
    let third = payload(&repo, "github-review", &listed(), &[]);
    assert!(third["review"].is_null());
    let gone = told(&third["resolved"]);
    assert!(gone.len() == 1 && told(&first["review"]).is_superset(&gone), "{third:#}");
    post(&third);
    let state = server.state.lock().unwrap();
    assert_eq!((state.comments.len(), state.reviews.len(), state.notes.len()), (3, 1, 1));
    assert_eq!(state.notes[0]["body"], third["summary"]["body"]);
    assert!(state.refused.is_empty(), "{:?}", state.refused);
}

#[test]
fn the_server_refuses_what_github_refuses() {
    let (server, repo) = (Server::start(), repo());
    if !pushed(&server, &repo) {
        return;
    }
    let good = payload(&repo, "github-review", "", &["--part", "review", "--request-changes"]);
    assert_eq!(good["event"], "REQUEST_CHANGES");
    let with = |edit: &dyn Fn(&mut Value)| {
        let mut review = good.clone();
        edit(&mut review);
        server.call("POST", "/repos/o/r/pulls/7/reviews", Some(&review)).0
    };
    assert_eq!(with(&|review| review["comments"][1]["line"] = json!(1)), 422);
    assert_eq!(with(&|review| review["comments"][1]["path"] = json!("other.yaml")), 422);
    assert_eq!(with(&|review| review["comments"][0]["start_line"] = review["comments"][0]["line"].clone()), 422);
    assert_eq!(with(&|review| review["commit_id"] = Value::Null), 422);
    assert_eq!(with(&|review| review["event"] = Value::Null), 422);
    assert_eq!(server.state.lock().unwrap().comments.len(), 0);
    assert_eq!(with(&|_| {}), 200);
}

#[test]
fn gitlab_takes_every_discussion() {
    let (server, repo) = (Server::start(), repo());
    if !pushed(&server, &repo) {
        return;
    }
    let api = "/projects/1/merge_requests/7";
    let refs = || {
        let refs = server.call("GET", api, None).1["diff_refs"].clone();
        ["base_sha", "start_sha", "head_sha"].map(|name| refs[name].as_str().unwrap().to_string()).join(",")
    };
    let listed = || server.call("GET", &format!("{api}/discussions"), None).1.to_string();
    let post = |payload: &Value| {
        for one in list(&payload["discussions"]) {
            assert_eq!(server.call("POST", &format!("{api}/discussions"), Some(one)).0, 201, "{one:#}");
        }
    };
    let without = payload(&repo, "gitlab-review", "", &[]);
    assert_eq!(without["discussions"][0]["position"]["base_sha"], Value::Null);
    let code = server.call("POST", &format!("{api}/discussions"), Some(&without["discussions"][0])).0;
    assert_eq!(code, 400, "placeholders cannot be posted");
    let first = payload(&repo, "gitlab-review", "", &["--gitlab-refs", &refs()]);
    assert_eq!(list(&first["discussions"]).len(), 3, "{first:#}");
    post(&first);
    let second = payload(&repo, "gitlab-review", &listed(), &["--gitlab-refs", &refs()]);
    assert!(list(&second["discussions"]).is_empty(), "{second:#}");
    fix(&repo);
    assert!(pushed(&server, &repo));
    let third = payload(&repo, "gitlab-review", &listed(), &["--gitlab-refs", &refs()]);
    assert!(list(&third["discussions"]).is_empty());
    assert_eq!(told(&third["resolved"]).len(), 1, "{third:#}");
}

/// The blocks of the documentation whose fence says who they are for.
fn blocks(provider: &str) -> Vec<String> {
    let page = include_str!("../../docs/review-bot.md");
    let blocks = page.split("\n```").filter_map(|block| block.strip_prefix(&format!("sh {provider}\n")));
    blocks.map(str::to_string).collect()
}

/// `gh api` as far as the documentation uses it.
const GH: &str = r#"#!/bin/bash
shift; method=GET; input=(); filter=""
while [ $# -gt 0 ]; do
  case "$1" in
    --paginate) ;;
    --method) method="$2"; shift ;;
    --input) input=(--data-binary "@$2"); shift ;;
    --jq) filter="$2"; shift ;;
    *) path="$1" ;;
  esac
  shift
done
answer=$(curl --fail -sS --request "$method" "${input[@]}" "$GITHUB_API_URL/$path") || exit 1
if [ -n "$filter" ]; then printf '%s' "$answer" | jq -r "$filter"; else printf '%s\n' "$answer"; fi
"#;

fn installed(names: &[&str]) -> bool {
    let found = |name: &&str| Command::new(name).arg("--version").output().is_ok_and(|o| o.status.success());
    names.iter().all(found)
}

/// Runs a block of the documentation as a job would.
fn job(server: &Server, repo: &Repo, tools: &Path, script: &str) {
    let head = hash(repo, "work");
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", tools.display());
    let url = format!("http://{}", server.address);
    let script = format!("set -euo pipefail\n{script}");
    // A command of the support has the environment that runs of the tool have.
    let mut bash = Command::new("bash");
    bash.current_dir(repo.path()).arg("-c").arg(script).env("PATH", path);
    let variables = [
        ("GITHUB_API_URL", url.as_str()),
        ("GITHUB_REPOSITORY", "o/r"),
        ("GITHUB_BASE_REF", "main"),
        ("GH_TOKEN", "secret"),
        ("PR", "7"),
        ("HEAD_SHA", &head),
        ("CI_API_V4_URL", url.as_str()),
        ("CI_PROJECT_ID", "1"),
        ("CI_MERGE_REQUEST_IID", "7"),
        ("DRIFTLINE_TOKEN", "secret"),
    ];
    let output = bash.envs(variables).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_commands_of_the_documentation_post_and_settle() {
    if !installed(&["bash", "curl", "jq", "git"]) {
        eprintln!("skipped: bash, curl, jq or git is missing");
        return;
    }
    let tools = tempfile::tempdir().unwrap();
    let binary = command(tools.path(), &[]).get_program().to_owned();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::os::unix::fs::symlink(&binary, tools.path().join("driftline")).unwrap();
        std::fs::write(tools.path().join("gh"), GH).unwrap();
        std::fs::set_permissions(tools.path().join("gh"), std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    assert_eq!((blocks("github").len(), blocks("gitlab").len()), (2, 1));
    for (provider, script) in
        blocks("github").iter().map(|b| ("github", b)).chain(blocks("gitlab").iter().map(|b| ("gitlab", b)))
    {
        let (server, repo) = (Server::start(), repo());
        assert!(pushed(&server, &repo));
        job(&server, &repo, tools.path(), script);
        let count = |server: &Server| {
            let state = server.state.lock().unwrap();
            (state.comments.len() + state.discussions.len(), state.notes.len())
        };
        let first = count(&server);
        assert_eq!(first.0, 3, "{script}");
        job(&server, &repo, tools.path(), script);
        assert_eq!(count(&server), first, "a second run posts nothing new: {script}");
        fix(&repo);
        assert!(pushed(&server, &repo));
        job(&server, &repo, tools.path(), script);
        assert_eq!(count(&server), first, "{script}");
        let state = server.state.lock().unwrap();
        assert!(state.refused.is_empty(), "{:?}", state.refused);
        let resolved = state.discussions.iter().filter(|thread| thread["resolved"] == true).count();
        assert_eq!(resolved, usize::from(provider == "gitlab"));
        if script.contains("summary.json") || script.contains("note.json") {
            let body = state.notes[0]["body"].as_str().unwrap();
            assert!(body.starts_with("<!-- driftline:summary:default -->\n**driftline: 1 error"), "{body}");
        }
    }
}

#[test]
fn the_first_command_of_the_documentation_runs_on_the_working_tree() {
    let page = include_str!("../../docs/review-bot.md");
    assert!(page.contains("```sh\ndriftline check main --output github-review\n```"));
    let run =
        repo().run(&["check", "main", "--output", "github-review"]).code(1).says(&["cannot be posted", "--head HEAD"]);
    assert_eq!(run.json()["review"]["commit_id"], Value::Null);
}
