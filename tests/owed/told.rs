//! What is told: the story of the demo, ages, owners, what a step adds and pays back.

use crate::{NEW_YEAR, commit, debt, demo, shop};

#[test]
fn the_demo_tells_a_story() {
    let (_dir, folder) = demo();
    insta::assert_snapshot!("demo", debt(&folder, &[]).code(0).out);
    insta::assert_snapshot!("demo_all", debt(&folder, &["--all"]).code(0).out);
    insta::assert_snapshot!("demo_step", debt(&folder, &["main...refunds", "--fail-on-debt"]).code(1).out);
    insta::assert_snapshot!("demo_trend", debt(&folder, &["--trend"]).code(0).out);
    // The working tree is what the branch holds.
    let tree = debt(&folder, &["WORKTREE"]).code(0).out;
    let head = debt(&folder, &[]).code(0).out;
    assert_eq!(tree.lines().skip(1).collect::<Vec<_>>(), head.lines().skip(1).collect::<Vec<_>>());
}

#[test]
fn each_finding_knows_since_when_it_is_so() {
    let repo = shop();
    let json = debt(repo.path(), &["--output", "json"]).code(0).json();
    let all: Vec<&serde_json::Value> =
        json["entities"].as_array().unwrap().iter().flat_map(|one| one["findings"].as_array().unwrap()).collect();
    let of = |rule: &str| all.iter().find(|one| one["rule"] == rule).unwrap_or_else(|| panic!("{rule}: {json}"));
    let money = of("money-as-float");
    assert_eq!(money["subject"], "lines.price");
    assert_eq!(money["since"]["date"], "2024-04-10");
    assert_eq!(money["since"]["author"], "Omar");
    assert_eq!(money["since"]["subject"], "Lines of orders");
    assert_eq!(money["status"], "existing");
    assert_eq!(of("foreign-key-without-index")["since"]["date"], "2024-04-10");
}

#[test]
fn a_step_adds_pays_back_and_leaves() {
    let repo = shop();
    let step = debt(repo.path(), &["HEAD~2..HEAD", "--output", "json"]).code(0).json();
    let names = |groups: &serde_json::Value, status: &str| -> Vec<String> {
        let groups = groups.as_array().unwrap().iter().flat_map(|one| one["findings"].as_array().unwrap());
        let mut names: Vec<String> = groups
            .filter(|one| one["status"] == status)
            .map(|one| format!("{} {}", one["rule"].as_str().unwrap(), one["subject"].as_str().unwrap()))
            .collect();
        names.sort();
        names
    };
    let added = names(&step["entities"], "introduced");
    assert!(added.contains(&"money-as-float lines.price".to_string()), "{added:?}");
    assert_eq!(names(&step["paid_back"], "resolved"), ["money-as-float orders.amount"]);
    assert_eq!(step["counts"]["paid_back"], 1);
    assert_eq!(step["counts"]["added"], added.len());
    // What was paid back had an age, too.
    assert_eq!(step["paid_back"][0]["findings"][0]["since"]["subject"], "Orders");
    debt(repo.path(), &["HEAD..HEAD"]).code(0).says(&["Nothing was added, nothing was paid back."]);
}

#[test]
fn who_answers_for_it() {
    let repo = shop();
    repo.write("CODEOWNERS", "* @everybody\n/db/ @shop/storage @lin\n/db/migrations/0004* @jane\n");
    repo.write("db/migrations/0004_fee.sql", "ALTER TABLE orders ADD COLUMN fee real;\n");
    commit(&repo, NEW_YEAR + 210, "Lin", "Owners");
    debt(repo.path(), &[]).code(0).says(&["By owner", "@shop/storage", "= owner: @lin, @shop/storage"]);
    debt(repo.path(), &["--owner", "@everybody"]).code(0).says(&["only owner @everybody", "no findings"]);
    let count =
        |owner: &str| debt(repo.path(), &["--owner", owner, "--output", "json"]).json()["counts"]["findings"].clone();
    assert_eq!(count("@shop/storage"), count("LIN"));
    assert_ne!(count("@lin"), 0);
    assert_eq!(count("none"), 0);
}

#[test]
fn what_is_not_committed_is_told_and_has_no_age() {
    let repo = shop();
    repo.write("db/migrations/0004_fee.sql", "ALTER TABLE orders ADD COLUMN fee real;\n");
    let json = debt(repo.path(), &["WORKTREE", "--entity", "orders.fee", "--output", "json"]).code(0).json();
    let finding = &json["entities"][0]["findings"][0];
    assert_eq!((&finding["subject"], &finding["since"]), (&"orders.fee".into(), &serde_json::Value::Null));
    debt(repo.path(), &["--entity", "orders.fee"]).code(0).says(&["no findings"]);
    debt(repo.path(), &["HEAD..WORKTREE", "--fail-on-debt"]).code(1).says(&["1 added", "orders.fee"]);
}

#[test]
fn a_folder_has_no_past() {
    let repo = shop();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("old/db")).unwrap();
    std::fs::copy(repo.path().join("db/migrations/0002_lines.sql"), folder.path().join("old/db/schema.sql")).unwrap();
    let run = debt(folder.path(), &["old"]).code(0).says(&["lines.price", "money-as-float"]);
    assert!(!run.out.contains("since"), "{}", run.out);
    debt(folder.path(), &["old", "--trend"]).code(2).says(&["`old` has no history"]);
}

#[test]
fn a_clone_that_is_cut_off_says_so() {
    let repo = shop();
    let dir = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repo.path().display());
    let clone = ["clone", "-q", "--depth", "1", &url, "clone"];
    let done = std::process::Command::new("git").args(clone).current_dir(dir.path()).status().unwrap();
    assert!(done.success());
    let run = debt(&dir.path().join("clone"), &[]).code(0);
    run.says(&["the history of this clone ends at", "2024-07-19", "git fetch --unshallow", "lines.price"]);
}
