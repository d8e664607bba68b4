//! The curve: which commits, which numbers, and the cache.

use std::time::Instant;

use crate::{NEW_YEAR, commit, debt, on_that_day, shop};

fn numbers(csv: &str, column: &str) -> Vec<(String, String)> {
    let mut lines = csv.lines();
    let heading: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = heading.iter().position(|name| *name == column).unwrap_or_else(|| panic!("{column}: {csv}"));
    let of = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(fields.len(), heading.len(), "{line}");
        (fields[0].to_string(), fields[at].to_string())
    };
    lines.map(of).collect()
}

#[test]
fn each_commit_is_counted_on_its_day() {
    let repo = shop();
    let csv = debt(repo.path(), &["--trend", "--output", "csv"]).code(0).out;
    let want = [("2024-01-01", "1"), ("2024-01-11", "1"), ("2024-04-10", "2"), ("2024-07-19", "1")];
    assert_eq!(numbers(&csv, "money-as-float"), want.map(|(day, number)| (day.to_string(), number.to_string())));
    let entities: Vec<String> = numbers(&csv, "entities").into_iter().map(|(_, number)| number).collect();
    assert_eq!(entities, ["1", "1", "2", "2"]);
    // A range begins with its base.
    let range = debt(repo.path(), &["HEAD~1..HEAD", "--trend", "--output", "csv"]).code(0).out;
    assert_eq!(numbers(&range, "money-as-float").len(), 2);
    let text = debt(repo.path(), &["--trend"]).code(0);
    text.says(&[
        "Trend: 4 commits from 2024-01-01 to 2024-07-19, measured at 4 points",
        "foreign-key-without-index",
        "0 → 1",
    ]);
    let one = debt(repo.path(), &["--trend", "--rule", "money-as-float", "--output", "csv"]).code(0).out;
    assert!(one.starts_with("date,commit,entities,findings,per_100_entities,money-as-float\r\n"), "{one}");
}

#[test]
fn points_lie_evenly_and_hold_both_ends() {
    let repo = shop();
    for day in 0..40 {
        repo.write("README.md", format!("day {day}\n"));
        commit(&repo, NEW_YEAR + 300 + day, "Lin", "Words");
    }
    let csv = debt(repo.path(), &["--trend=5", "--output", "csv"]).code(0).out;
    let days: Vec<String> = numbers(&csv, "findings").into_iter().map(|(day, _)| day).collect();
    assert_eq!(days.first().map(String::as_str), Some("2024-01-01"));
    assert_eq!(days.last().map(String::as_str), Some("2024-12-05"));
    assert!((3..=5).contains(&days.len()), "{days:?}");
}

#[test]
fn the_cache_changes_nothing_but_the_time() {
    let repo = shop();
    let cache = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        on_that_day(repo.path(), cache.path(), &[&["debt", "--trend", "--output", "json"], args].concat()).code(0).out
    };
    let began = Instant::now();
    let first = run(&[]);
    let cold = began.elapsed();
    let began = Instant::now();
    assert_eq!(run(&[]), first, "{cold:?} and then {:?}", began.elapsed());
    assert_eq!(run(&["--no-cache"]), first);
    let mut kept = Vec::new();
    let mut open = vec![cache.path().to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() { open.push(path) } else { kept.push(path) }
        }
    }
    let counts: Vec<_> = kept.iter().filter(|path| path.extension().is_some_and(|ending| ending == "debt")).collect();
    assert_eq!(counts.len(), 1, "{kept:?}");
    // A file that is cut off is harmless.
    let whole = std::fs::read(counts[0]).unwrap();
    std::fs::write(counts[0], &whole[..whole.len() / 2]).unwrap();
    assert_eq!(run(&[]), first);
}

#[test]
fn the_working_tree_is_a_point_of_its_own() {
    let repo = shop();
    repo.write("db/migrations/0004_fee.sql", "ALTER TABLE orders ADD COLUMN fee real;\n");
    let csv = debt(repo.path(), &["WORKTREE", "--trend", "--output", "csv"]).code(0).out;
    let money = numbers(&csv, "money-as-float");
    assert_eq!(money.last(), Some(&("2026-11-20".to_string(), "2".to_string())));
    assert_eq!(money.len(), 5);
}
