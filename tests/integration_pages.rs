//! The commands on the pages about git and installing are run as they are written.

#[path = "support/docs.rs"]
mod docs;

use std::path::Path;
use std::process::Command;

/// Runs git; its own settings are the repository's alone.
fn run_git(dir: &Path, words: &[&str]) {
    let who = [("GIT_AUTHOR_NAME", "Test"), ("GIT_AUTHOR_EMAIL", "test@example.com")];
    let by = [("GIT_COMMITTER_NAME", "Test"), ("GIT_COMMITTER_EMAIL", "test@example.com")];
    let run = Command::new("git").args(words).current_dir(dir).envs(who).envs(by).output().unwrap();
    assert!(run.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&run.stderr));
}

const CONTRACT: &str = r##"openapi: 3.0.3
info: {title: Shop, version: "1"}
paths:
  /users:
    get:
      responses:
        "200":
          description: The users
          content:
            application/json:
              schema:
                type: object
                properties:
                  id: {type: integer}
                  nick: {type: string}
"##;

/// `main` with a version that was released and a commit after it, `feature` with a harmless commit and one that breaks, and
/// a server that has `main`.
fn shop(dir: &Path) {
    let write = |path: &str, text: &str| {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let keep = |message: &str| {
        run_git(dir, &["add", "--all"]);
        run_git(dir, &["commit", "--quiet", "-m", message]);
    };
    run_git(dir, &["init", "--quiet", "-b", "main"]);
    for (name, value) in [("user.name", "Test"), ("user.email", "test@example.com"), ("core.hooksPath", ".git/hooks")] {
        run_git(dir, &["config", name, value]);
    }
    write("api/openapi.yaml", CONTRACT);
    write("db/migrations/001_users.up.sql", "CREATE TABLE users (id bigint PRIMARY KEY, nick text);\n");
    keep("Users");
    run_git(dir, &["tag", "v1.4.0"]);
    run_git(dir, &["checkout", "--quiet", "-b", "feature"]);
    write("README.md", "A shop.\n");
    keep("Words");
    write("api/openapi.yaml", &CONTRACT.replace("                  nick: {type: string}\n", ""));
    keep("Nicknames go");
    run_git(dir, &["checkout", "--quiet", "main"]);
    write("db/migrations/002_audit.up.sql", "CREATE TABLE audit (id bigint, note text);\n");
    keep("An audit");
    run_git(dir, &["init", "--quiet", "--bare", "-b", "main", ".git/server.git"]);
    run_git(dir, &["remote", "add", "origin", ".git/server.git"]);
    run_git(dir, &["push", "--quiet", "origin", "main"]);
    run_git(dir, &["checkout", "--quiet", "feature"]);
}

/// What the block that begins like this printed.
fn printed<'a>(blocks: &'a [(docs::Fence, String)], start: &str) -> &'a str {
    let found = blocks.iter().find(|(fence, _)| fence.text.starts_with(start));
    &found.unwrap_or_else(|| panic!("no block begins with `{start}`")).1
}

#[test]
fn git() {
    let dir = tempfile::tempdir().unwrap();
    shop(dir.path());
    let blocks = docs::run_page("docs/git.md", dir.path());
    let says = |start: &str, words: &[&str]| {
        let text = printed(&blocks, start);
        for word in words {
            assert!(text.contains(word), "`{word}` is not in what `{start}` printed:\n{text}");
        }
    };
    says("git drift", &["property-removed", "main@", "feature@"]);
    says("git bisect", &["Nicknames go"]);
    says("echo", &["Nicknames go", "property-removed"]);
    says("git config difftool", &["property-removed"]);
}

/// git sends what a hook prints to standard error, so the page's run does not have it.
#[test]
fn the_hook_after_a_pull_says_what_others_changed() {
    let dir = tempfile::tempdir().unwrap();
    shop(dir.path());
    let after_a_pull = |block: &docs::Fence| block.text.contains("post-merge") || block.text.starts_with("git pull");
    let blocks = docs::blocks(&docs::page("docs/git.md"), &["sh"]);
    let runs = blocks.into_iter().filter(after_a_pull).map(|mut block| {
        block.text = format!("exec 2>&1\n{}", block.text);
        docs::run_block("docs/git.md", &block, dir.path())
    });
    let printed: String = runs.collect();
    assert!(printed.contains("002_audit.up.sql:1:") && printed.contains("[table-without-primary-key]"), "{printed}");
    assert!(!printed.contains("property-removed"), "{printed}");
}

#[test]
fn installing() {
    let dir = tempfile::tempdir().unwrap();
    let blocks = docs::run_page("docs/install.md", dir.path());
    assert!(printed(&blocks, "driftline --version").contains("# Column dropped"));
    for file in [
        "bash-completion/completions/driftline",
        "man/man1/driftline.1",
        "../../.zfunc/_driftline",
        "../../.config/fish/completions/driftline.fish",
    ] {
        let text = std::fs::read_to_string(dir.path().join(".local/share").join(file)).unwrap();
        assert!(text.replace("\\", "").contains("fail-on"), "{file}");
    }
}
