//! The options of reviews, and the lines of heads that are no commit.

use driftline::model::patch::{LineKind, Patch};
use driftline::revision::{self, Request};
use serde_json::{Value, json};

use super::support::{Repo, contract, run};

fn repo() -> Repo {
    let repo = Repo::new();
    let text = contract("type: object\nproperties:\n  name: {type: string}\n  id: {type: integer}");
    repo.write("openapi.yaml", text).write("old name.txt", "one\ntwo\nthree\nfour\nfive\n".repeat(4)).commit("main");
    repo.git.branch("work", &repo.git.head().unwrap().peel_to_commit().unwrap(), false).unwrap();
    repo.git.set_head("refs/heads/work").unwrap();
    repo
}

fn edit(repo: &Repo) {
    repo.write("openapi.yaml", contract("type: object\nproperties:\n  id: {type: integer}"));
    repo.write("new.txt", "a\nb\n").write("binary.sql", b"\0\x01\x02");
    std::fs::rename(repo.path().join("old name.txt"), repo.path().join("new name.txt")).unwrap();
}

fn patch(repo: &Repo, request: &Request) -> Patch {
    let compared = revision::open(repo.path(), request).unwrap();
    revision::patch(repo.path(), request, &compared).unwrap().unwrap()
}

#[test]
fn the_working_tree_the_index_and_the_commit_show_the_same_lines() {
    let repo = repo();
    edit(&repo);
    let worktree = patch(&repo, &Request::of(["main"]));
    let mut index = repo.git.index().unwrap();
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
    index.update_all(["*"], None).unwrap();
    index.write().unwrap();
    let staged = patch(&repo, &Request { staged: true, base: Some("main".into()), ..Request::default() });
    repo.commit("work");
    let commit = patch(&repo, &Request::of(["main...work"]));
    assert_eq!(worktree.files, commit.files);
    assert_eq!(staged.files, commit.files);
    assert_eq!((worktree.head, staged.head), (None, None));
    assert_eq!(commit.head, Some(repo.git.head().unwrap().target().unwrap().to_string()));
    let files: Vec<(Option<&str>, Option<&str>, usize)> =
        commit.files.iter().map(|f| (f.old_path.as_deref(), f.new_path.as_deref(), f.hunks.len())).collect();
    let want = [
        (None, Some("binary.sql"), 0),
        (Some("old name.txt"), Some("new name.txt"), 0),
        (None, Some("new.txt"), 1),
        (Some("openapi.yaml"), Some("openapi.yaml"), 1),
    ];
    assert_eq!(files, want);
}

#[cfg(unix)]
#[test]
fn what_a_provider_may_show_otherwise_has_no_old_lines() {
    use std::os::unix::ffi::OsStrExt;
    let changed = || contract("type: object\nproperties:\n  name: {type: string}\n  id: {type: string}");
    // For git a file that became a link is still there, so the other one is new.
    let linked = repo();
    let (old, new) = (linked.path().join("openapi.yaml"), linked.path().join("real.yaml"));
    std::fs::remove_file(&old).unwrap();
    std::fs::write(&new, changed()).unwrap();
    std::os::unix::fs::symlink("real.yaml", &old).unwrap();
    linked.commit("work");
    let files = patch(&linked, &Request::of(["main...work"])).files;
    let real = files.iter().find(|file| file.new_path.as_deref() == Some("real.yaml")).unwrap();
    let lines = || real.hunks.iter().flat_map(|hunk| &hunk.lines);
    assert!(lines().count() > 0 && lines().all(|line| line.kind == LineKind::Added), "{real:?}");
    // A name that cannot be written leaves nothing to comment on, not a deleted file.
    let unnamed = repo();
    let old = unnamed.path().join("openapi.yaml");
    std::fs::remove_file(&old).unwrap();
    std::fs::write(unnamed.path().join(std::ffi::OsStr::from_bytes(b"a\xff.yaml")), changed()).unwrap();
    unnamed.commit("work");
    assert_eq!(patch(&unnamed, &Request::of(["main...work"])).files, []);
}

#[test]
fn what_would_be_ignored_is_refused() {
    let repo = repo();
    let cases: [(&[&str], &str); 9] = [
        (&["--part", "review"], "add `--output github-review`"),
        (&["--posted", "x", "--output", "json"], "add `--output github-review`"),
        (&["--output", "gitlab-review", "--request-changes"], "add `--output github-review`"),
        (&["--output", "github-review", "--gitlab-refs", "1234567,1234567,1234567"], "add `--output gitlab-review`"),
        (&["--output", "github-review", "--part", "reviews"], "did you mean `review`?"),
        (&["--output", "gitlab-review", "--part", "summary"], "its parts are discussions, note"),
        (&["--output", "github-review", "--posted", "nowhere.json"], "cannot read `nowhere.json`"),
        (&["--output", "github-review", "--review-key", "a-->b"], "use letters, digits"),
        (&["--output", "gitlab-review", "--gitlab-refs", "abc,def"], "three hashes are needed"),
    ];
    for (args, words) in cases {
        repo.run(args).code(2).says(&[words]);
    }
}

#[test]
fn folders_have_no_lines_to_comment_on() {
    let folder = tempfile::tempdir().unwrap();
    for side in ["old", "new"] {
        std::fs::create_dir(folder.path().join(side)).unwrap();
        std::fs::write(folder.path().join(side).join("openapi.yaml"), contract("type: object")).unwrap();
    }
    let told = run(folder.path(), &["check", "old", "new", "--output", "github-review"]).code(2);
    told.says(&["is no repository", "--output markdown"]);
}

#[test]
fn the_key_is_in_every_comment_of_the_job() {
    let repo = repo();
    edit(&repo);
    repo.commit("work");
    let args = ["check", "main...work", "--review-key", "api/v1", "--output"];
    let with = |format: &str| repo.run(&[&args[..], &[format]].concat());
    let payload: Value = with("github-review").json();
    assert_eq!(payload["summary"]["marker"], "<!-- driftline:summary:api/v1 -->");
    let body = payload["review"]["body"].as_str().unwrap();
    assert!(body.starts_with("<!-- driftline:review:api/v1 -->\n**driftline: 1 error**"), "{body}");
    let comment = payload["review"]["comments"][0]["body"].as_str().unwrap();
    assert!(comment.ends_with(" api/v1 -->"), "{comment}");
    // What another job has said is neither known nor settled here.
    std::fs::write(repo.path().join("posted.txt"), comment).unwrap();
    let other = repo.run(&["check", "main...work", "--posted", "posted.txt", "--output", "github-review"]).json();
    assert_eq!((other["left_out"].clone(), other["resolved"].clone()), (json!([]), json!([])));
    std::fs::remove_file(repo.path().join("posted.txt")).unwrap();
    assert!(with("markdown").out.starts_with("<!-- driftline:summary:api/v1 -->\n"));
    assert_eq!(payload["summary"]["body"], with("markdown").out);
}

#[test]
fn a_partial_clone_says_what_is_missing() {
    let repo = repo();
    let blob = repo.git.revparse_single("main:old name.txt").unwrap().id().to_string();
    edit(&repo);
    std::fs::write(repo.path().join("new name.txt"), "one\ntwo\nthree\nfour\n".repeat(5)).unwrap();
    repo.commit("work");
    std::fs::remove_file(repo.path().join(".git/objects").join(&blob[..2]).join(&blob[2..])).unwrap();
    repo.run(&["check", "main...work", "--output", "json"]).code(1);
    repo.run(&["check", "main...work", "--output", "github-review"]).code(2).says(&["a partial clone", "--refetch"]);
}
