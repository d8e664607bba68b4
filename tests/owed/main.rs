//! `driftline debt` on repositories with a past, in every format.
//!
//! The snapshots are what the demo owes; `INSTA_UPDATE=always cargo test --test owed` renews them, and the difference is looked at.

#[path = "../support/docs.rs"]
mod docs;
mod formats;
mod refusals;
#[path = "../support/repo.rs"]
mod repo;
mod told;
mod trend;

use std::path::{Path, PathBuf};

use git2::{Signature, Time};
use repo::{Repo, Run, command, ended};

/// 2026-11-20
const TODAY: &str = "1795132800";

/// A run on a fixed day with a cache of its own.
fn on_that_day(dir: &Path, cache: &Path, args: &[&str]) -> Run {
    let mut command = command(dir, args);
    ended(command.env("SOURCE_DATE_EPOCH", TODAY).env("DRIFTLINE_CACHE_DIR", cache).output().unwrap())
}

/// `driftline debt` with these arguments.
fn debt(dir: &Path, args: &[&str]) -> Run {
    let cache = tempfile::tempdir().unwrap();
    on_that_day(dir, cache.path(), &[&["debt"], args].concat())
}

/// The demo's repository; the folder lives as long as the value.
fn demo() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    ended(command(dir.path(), &["demo"]).env("TMPDIR", dir.path()).output().unwrap()).code(0);
    let folder = dir.path().join("driftline-demo-1");
    (dir, folder)
}

/// Commits everything on a day (since 1970), as somebody.
fn commit(repo: &Repo, day: i64, author: &str, message: &str) {
    let mut index = repo.git.index().unwrap();
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
    index.write().unwrap();
    let tree = repo.git.find_tree(index.write_tree().unwrap()).unwrap();
    let who = Signature::new(author, "who@example.com", &Time::new(day * 86_400 + 36_000, 0)).unwrap();
    let parent = repo.git.head().ok().map(|head| head.peel_to_commit().unwrap());
    let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
    repo.git.commit(Some("HEAD"), &who, &who, message, &tree, &parents).unwrap();
}

/// 2024-01-01
const NEW_YEAR: i64 = 19_723;

const FIRST: &str = "CREATE TABLE orders (id bigint PRIMARY KEY, amount real NOT NULL);\n";
const SECOND: &str =
    "CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders (id), price real);\n";
const THIRD: &str = "ALTER TABLE orders ALTER COLUMN amount TYPE numeric(12,2);\n";

/// Money as float comes twice and goes once; a foreign key has no index.
fn shop() -> Repo {
    let repo = Repo::new();
    repo.write("db/migrations/0001_orders.sql", FIRST);
    commit(&repo, NEW_YEAR, "Jane", "Orders");
    repo.write("README.md", "Orders and their lines.\n");
    commit(&repo, NEW_YEAR + 10, "Omar", "Say what it is");
    repo.write("db/migrations/0002_lines.sql", SECOND);
    commit(&repo, NEW_YEAR + 100, "Omar", "Lines of orders");
    repo.write("db/migrations/0003_exact.sql", THIRD);
    commit(&repo, NEW_YEAR + 200, "Lin", "Exact amounts");
    repo
}
