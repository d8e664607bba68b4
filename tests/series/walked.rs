//! Histories of repositories on this machine.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use driftline::config::Config;
use driftline::revision::open_one;
use driftline::source::{Files, Snapshot, discover};

use crate::Judge;

/// The commits of the first-parent line that touch SQL, oldest first, at most so many.
fn commits(folder: &Path, most: &str) -> Vec<String> {
    let out = Command::new("git")
        .current_dir(folder)
        .args(["rev-list", "--first-parent", "-n", most, "HEAD", "--", "*.sql"])
        .output()
        .expect("git runs");
    let mut lines: Vec<String> = String::from_utf8_lossy(&out.stdout).lines().map(str::to_string).collect();
    lines.reverse();
    lines
}

#[test]
fn histories_of_repositories() {
    let Ok(folders) = std::env::var("DRIFTLINE_HISTORIES") else { return };
    for folder in folders.split_whitespace() {
        let (folder, most) = folder.split_once(':').unwrap_or((folder, "300"));
        let (files, mut judges) = (Files::default(), BTreeMap::<String, Judge>::new());
        let (mut read, mut same) = (0, 0);
        for commit in commits(Path::new(folder), most) {
            let tree = open_one(Path::new(folder), Some(&commit)).expect("a tree");
            let snapshot = Snapshot::new(&tree, &files);
            let found = discover(&snapshot, &Config::default());
            for source in found.sql.iter().chain(&found.aside) {
                let key = format!("{} {}", source.path, source.dialect.name());
                let what = format!("{folder} {commit} {key}");
                same += usize::from(judges.entry(key).or_default().next(source, &snapshot, &what));
                read += 1;
            }
        }
        println!("{folder}: {read} revisions of {} sources, {same} the same", judges.len());
    }
}
