//! Histories of repositories on this machine: `DRIFTLINE_REPOSITORIES` holds their paths, separated by colons, and
//! `DRIFTLINE_RANGES` how many ranges of each are looked at (25).

use std::path::Path;
use std::process::Command;

use super::judge::{Counts, judge};
use super::random::RENAMES;
use super::shown::shown;

#[test]
fn every_comment_of_a_real_history_is_on_a_line_that_git_shows() {
    let Ok(repositories) = std::env::var("DRIFTLINE_REPOSITORIES") else {
        eprintln!("skipped: DRIFTLINE_REPOSITORIES names no repository");
        return;
    };
    let wanted = std::env::var("DRIFTLINE_RANGES").ok().and_then(|n| n.parse().ok()).unwrap_or(25);
    for dir in repositories.split(':').map(Path::new) {
        let (mut counts, mut ranges) = (Counts::default(), 0);
        for (base, head) in pairs(dir, wanted) {
            let shown = RENAMES.map(|renames| shown(dir, &base, &head, renames).unwrap());
            let Some(mut case) = super::case(dir, &format!("{base}...{head}")) else { continue };
            counts += judge(&mut case, &shown, &format!("{}, {base}...{head}", dir.display()));
            ranges += 1;
        }
        eprintln!("{}: {ranges} ranges, {counts:?}", dir.display());
    }
}

/// Commits that touch what may be an input, each with one of its forerunners.
fn pairs(dir: &Path, wanted: usize) -> Vec<(String, String)> {
    let log =
        ["log", "--first-parent", "--format=%H", "-n", "3000", "--", "*.sql", "*openapi*", "*swagger*", "*schema*"];
    let output = Command::new("git").arg("-C").arg(dir).args(log).output().unwrap();
    let commits: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_string).collect();
    let step = (commits.len() / wanted.max(1)).clamp(1, 6);
    let pair = |at: usize| Some((commits.get(at + step)?.clone(), commits.get(at)?.clone()));
    (0..commits.len()).step_by(step).filter_map(pair).take(wanted).collect()
}
