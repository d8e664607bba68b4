//! What makes the exit code 1, and what is no verdict.

use crate::{NEW_YEAR, commit, debt, shop};

#[test]
fn debt_that_grows_fails_where_it_may_not() {
    let repo = shop();
    let fails = "debt may not grow";
    debt(repo.path(), &["HEAD~2..HEAD"]).code(0);
    debt(repo.path(), &["HEAD~2..HEAD", "--fail-on-debt"]).code(1).says(&[fails]);
    debt(repo.path(), &["HEAD~2..HEAD", "--fail-on-debt", "--exit-zero"]).code(0).says(&[fails]);
    // Only what is paid back: that is no growth. One revision adds nothing.
    debt(repo.path(), &["HEAD~1..HEAD", "--fail-on-debt"]).code(0);
    debt(repo.path(), &["--fail-on-debt"]).code(0);
    repo.write("driftline.yaml", "fail-on-debt: introduced\n");
    commit(&repo, NEW_YEAR + 220, "Lin", "Debt does not grow");
    debt(repo.path(), &["HEAD~3..HEAD"]).code(1).says(&[fails, "fail-on-debt: introduced"]);
    // What is filtered away still fails: a filter is for reading.
    debt(repo.path(), &["HEAD~3..HEAD", "--rule", "char-column"]).code(1);
}

#[test]
fn budgets_are_held_and_named() {
    let repo = shop();
    repo.write("CODEOWNERS", "/db/ @shop/storage\n");
    let with = |budgets: &str| {
        repo.write("driftline.yaml", format!("budgets: {budgets}\n"));
        debt(repo.path(), &["WORKTREE"])
    };
    let owed =
        debt(repo.path(), &["--entity", "lines", "--output", "json"]).json()["counts"]["findings"].as_u64().unwrap();
    assert!(owed >= 2, "{owed}");
    with(&format!("{{lines: {owed}}}")).code(0).says(&["Budgets", &format!("lines: {owed} of {owed}")]);
    let run = with(&format!("{{lines: {}}}", owed - 1)).code(1);
    run.says(&[&format!("`lines` has {owed} findings, and its budget allows {} (`budgets`)", owed - 1), "1 too many"]);
    with("{'l*': 0}").code(1);
    with("{orders: 0, '@shop/storage': 100}").code(0).says(&["@shop/storage: "]);
    with("{ordrs: 1}").code(0).says(&["`budgets` has `ordrs`, and no entity is called so"]);
    with("{'@Shop/Storage': 1}").code(1).says(&["`@Shop/Storage` has"]);
    // An accepted finding counts nowhere.
    let allow = "allow: [{rule: '*', subject: x, reason: y}]";
    repo.write(
        "driftline.yaml",
        format!(
            "budgets: {{lines: {}}}\n{}",
            owed - 1,
            allow.replace("'*'", "money-as-float").replace("subject: x", "subject: lines.price")
        ),
    );
    debt(repo.path(), &["WORKTREE"]).code(0).says(&["1 accepted"]);
}

#[test]
fn words_that_mean_nothing_are_refused() {
    let repo = shop();
    debt(repo.path(), &["--rule", "money-as-flaot"])
        .code(2)
        .says(&["there is no rule `money-as-flaot`", "did you mean `money-as-float`?"]);
    debt(repo.path(), &["--output", "csv"]).code(2).says(&["only a trend is a table", "--trend"]);
    debt(repo.path(), &["--trend", "--owner", "@a"]).code(2).says(&["a trend is counted by rule alone"]);
    debt(repo.path(), &["--output", "sarif"]).code(2).says(&["this command does not print `sarif`"]);
    debt(repo.path(), &["--entity", "lime"]).code(2).says(&["nothing is called `lime`"]);
    debt(repo.path(), &["--entity", "orders.amount"]).code(0).says(&["no findings"]);
    debt(repo.path(), &["--owner", "@a"]).code(2).says(&["`@a` owns nothing", "no CODEOWNERS"]);
    debt(repo.path(), &["nowhere"]).code(2);
    let empty = tempfile::tempdir().unwrap();
    debt(empty.path(), &[]).code(2);
    std::fs::create_dir(empty.path().join("x")).unwrap();
    debt(empty.path(), &["x"]).code(2).says(&["no contract and no SQL"]);
}
