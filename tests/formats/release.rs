//! The formats for a release: checklist and changelog.

use driftline::policy::{Stale, Why};
use driftline::report::checklist::{self, Kept};
use driftline::report::{Options, Report, changelog};
use driftline::rules::Severity;
use driftline::source::Location;

use super::bench::{Bench, everything, finding, nasty, one};

fn all() -> [(&'static str, Report); 4] {
    let report = |bench: Bench| bench.report(Options::default());
    [
        ("clean", report(Bench::new())),
        ("one", report(one())),
        ("everything", report(everything())),
        ("nasty", report(nasty())),
    ]
}

#[test]
fn golden() {
    for (name, report) in all() {
        insta::assert_snapshot!(format!("changelog_{name}"), changelog::render(&report));
        insta::assert_snapshot!(format!("checklist_{name}"), checklist::render(&report, &Kept::default()));
    }
}

/// Ticks every task of the list.
fn ticked(list: &str) -> String {
    list.replace("- [ ]", "- [x]")
}

#[test]
fn ticks_are_kept_by_task_and_what_people_wrote_stays() {
    let mut bench = everything();
    bench.found.changes.retain(|finding| finding.subject == "Order.status");
    let before = checklist::render(&bench.report(Options::default()), &Kept::default());
    let edited = before.replace("- [ ] **error**", "- [x] **error**") + "\n- [x] tell the sales team\n";
    let report = everything().report(Options::default());
    let after = checklist::render(&report, &Kept::of(&edited));
    // The same finding in a longer list, and nothing else.
    let done: Vec<&str> = after.lines().filter(|line| line.starts_with("- [x]")).collect();
    assert_eq!(done.len(), 2, "{after}");
    assert!(done[0].contains("Order.status"), "{after}");
    assert_eq!(done[1], "- [x] tell the sales team");
    assert!(after.contains("1 of 5 tasks done."), "{after}");
    // Nothing moves when it runs again.
    assert_eq!(checklist::render(&report, &Kept::of(&after)), after);
}

#[test]
fn comments_that_ended_are_tasks_of_their_own() {
    let mut report = Bench::new().report(Options::default());
    report.stale = ["a.yaml", "b.yaml"]
        .map(|path| Stale {
            rule: "length-changed".to_string(),
            subject: None,
            reason: "agreed".to_string(),
            until: Some("2026-01-31".to_string()),
            why: Why::Expired,
            at: Some(Location { path: path.into(), line: 3, column: 1, end_line: 3, end_column: 2 }),
            fingerprint: None,
            old: true,
        })
        .to_vec();
    let list = checklist::render(&report, &Kept::default());
    let kept = checklist::render(&report, &Kept::of(&list.replacen("- [ ]", "- [x]", 1)));
    assert_eq!((kept.matches("- [x]").count(), kept.matches("- [ ]").count()), (1, 1), "{kept}");
}

#[test]
fn foreign_text_ticks_nothing_and_ends_no_mark() {
    for (name, report) in all() {
        let list = checklist::render(&report, &Kept::default());
        let marks = list.matches("<!-- driftline:task:").count();
        assert_eq!(marks, list.lines().filter(|line| line.starts_with("- [ ]")).count(), "{name}\n{list}");
        assert!(!list.contains("[x]"), "{name}");
        assert_eq!(
            ticked(&list),
            checklist::render(&report, &Kept::of(&ticked(&list))).replacen(&done(marks), &to_do(marks), 1),
            "{name}"
        );
    }
    // The words above what belongs to people are a line, not a part of a name.
    let mut bench = everything();
    let list = checklist::render(&everything().report(Options::default()), &Kept::default());
    let own = list.lines().last().unwrap();
    bench.found.changes.iter_mut().for_each(|finding| finding.message = format!("The property `{own}` was removed."));
    let report = bench.report(Options::default());
    let list = checklist::render(&report, &Kept::default());
    assert!(list.contains(&format!("`{own}` was removed")), "{list}");
    assert_eq!(checklist::render(&report, &Kept::of(&list)), list);
    assert_eq!(Kept::of("no checklist\n- [x] <!-- driftline:task:"), Kept::default());
}

fn done(tasks: usize) -> String {
    format!("{tasks} of {tasks} task{} done.", if tasks == 1 { "" } else { "s" })
}

fn to_do(tasks: usize) -> String {
    format!("{tasks} task{} to do.", if tasks == 1 { "" } else { "s" })
}

#[test]
fn many_findings_of_a_rule_are_one_task() {
    let list = |count: usize| {
        let mut bench = Bench::new();
        for number in 0..count {
            let subject = format!("Entity{number}.attribute");
            bench.found.changes.push(finding("property-removed", Severity::Error, &subject));
        }
        checklist::render(&bench.report(Options::default()), &Kept::default())
    };
    assert_eq!(list(10).matches("- [ ]").count(), 10);
    let many = list(11);
    assert_eq!(many.matches("- [ ]").count(), 1, "{many}");
    assert!(many.contains("- [ ] Property removed, 11 times:"), "{many}");
    assert_eq!(many.matches("  - **error** `property-removed`").count(), 11, "{many}");
    // One more is another task: the tick of the old one says nothing about it.
    let ticked = ticked(&many);
    assert!(ticked.contains("- [x]"));
    let mut bench = Bench::new();
    for number in 0..12 {
        let subject = format!("Entity{number}.attribute");
        bench.found.changes.push(finding("property-removed", Severity::Error, &subject));
    }
    assert!(!checklist::render(&bench.report(Options::default()), &Kept::of(&ticked)).contains("- [x]"));
}
