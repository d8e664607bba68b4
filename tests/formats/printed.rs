//! The formats that were there first: terminal, short, Markdown, JSON.

use driftline::model::origin::Problem;
use driftline::report::{Options, Report, json, markdown, short, terminal};
use driftline::rules::{Finding, Severity};

use super::bench::{Bench, CONTRACT, everything, finding, nasty, one};

fn text(report: &Report, all: bool, colours: bool) -> String {
    terminal::render(report, terminal::Options { colours, all, ..Default::default() })
}

#[test]
fn terminal_golden() {
    let report = everything().report(Options { all: true, ..Options::default() });
    insta::assert_snapshot!("terminal_introduced", text(&report, false, false));
    insta::assert_snapshot!("terminal_all", text(&report, true, false));
    insta::assert_snapshot!("terminal_nasty", text(&nasty().report(Options::default()), false, false));
    insta::assert_snapshot!("terminal_clean", text(&Bench::new().report(Options::default()), false, false));
}

#[test]
fn short_golden() {
    insta::assert_snapshot!("short", short::render(&everything().report(Options::default()), false));
    let line = "api/openapi.yaml:7:42: error: something happened to `Order.status`. [enum-value-added]\n";
    assert_eq!(short::render(&one().report(Options::default()), false), line);
    assert_eq!(short::render(&Bench::new().report(Options::default()), false), "");
}

#[test]
fn colours_only_add_escape_sequences() {
    let report = everything().report(Options::default());
    let (plain, coloured) = (text(&report, false, false), text(&report, false, true));
    assert!(!plain.contains('\u{1b}'));
    let mut stripped = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        stripped.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    stripped.push_str(rest);
    assert_eq!(stripped, plain);
    let nasty = text(&nasty().report(Options::default()), false, false);
    assert!(!nasty.contains('\u{1b}') && !nasty.contains('\u{7}'));
}

#[test]
fn json_golden() {
    let report = everything().report(Options { changes: true, ..Options::default() });
    let document = json::render(&report);
    insta::assert_snapshot!("json", document);
    let value: serde_json::Value = serde_json::from_str(&document).unwrap();
    let keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    let want =
        "version tool comparison complete verdict counts inputs findings changes problems suppressed stale notes";
    assert_eq!(keys.join(" "), want);
    let finding = value["findings"][0].as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>().join(" ");
    let want = "rule severity status category layer subject flow message help before after witness base head usages links \
                fingerprint";
    assert_eq!(finding, want);
    let without = json::render(&everything().report(Options::default()));
    assert!(!without.contains("\"changes\""));
}

#[test]
fn json_of_a_clean_run_is_a_whole_document() {
    let value: serde_json::Value =
        serde_json::from_str(&json::render(&Bench::new().report(Options::default()))).unwrap();
    assert_eq!(value["verdict"], "clean");
    assert_eq!(value["findings"], serde_json::json!([]));
    assert_eq!(value["comparison"]["head"], serde_json::json!({"spec": "WORKTREE", "commit": null}));
}

#[test]
fn markdown_golden() {
    insta::assert_snapshot!("markdown", markdown::render(&everything().report(Options::default())));
    insta::assert_snapshot!("markdown_nasty", markdown::render(&nasty().report(Options::default())));
    insta::assert_snapshot!("markdown_clean", markdown::render(&Bench::new().report(Options::default())));
}

#[test]
fn markdown_stays_below_the_limit_and_says_what_was_cut() {
    for (count, cut) in
        [(3, None), (150, Some("the snippets")), (300, Some("all details")), (5000, Some("part of the table"))]
    {
        let mut bench = Bench::new();
        for number in 0..count {
            bench.found.changes.push(Finding {
                message: "words ".repeat(40),
                head: Some(bench.at("api/openapi.yaml", CONTRACT, "status:")),
                ..finding("enum-value-added", Severity::Error, &format!("Entity{number}.attribute"))
            });
        }
        let comment = markdown::render(&bench.report(Options::default()));
        assert!(comment.len() <= markdown::LIMIT, "{count}: {}", comment.len());
        assert!(comment.contains(&format!("{count} errors")), "{count}");
        match cut {
            None => assert!(!comment.contains("too long"), "{count}"),
            Some(what) => {
                assert!(comment.contains(what), "{count}: {}", comment.lines().rev().take(5).collect::<String>())
            }
        }
        assert_eq!(comment.matches("\n```").count() % 2, 0, "{count}: fences are balanced");
        assert_eq!(comment.matches("<details>").count(), comment.matches("</details>").count(), "{count}");
    }
}

#[test]
fn what_could_not_be_read_is_said_and_leaves_no_verdict() {
    let mut bench = Bench::new();
    let origin = bench.at("db/x.sql", "CREATE TABEL x;\n", "CREATE");
    bench.head.problems.push(Problem::new("file-unreadable", "x", origin, "the statement was not understood"));
    let report = bench.report(Options::default());
    assert_eq!(report.verdict.name(), "none");
    let text = text(&report, false, false);
    assert!(text.contains("incomplete: 1 problem"), "{text}");
    let value: serde_json::Value = serde_json::from_str(&json::render(&report)).unwrap();
    assert_eq!(value["complete"], false);
    assert_eq!(value["problems"][0]["line"], 1);
}

#[test]
fn the_order_of_findings_is_severity_path_line_rule_subject() {
    let forwards = everything().report(Options::default());
    let mut bench = everything();
    bench.found.changes.reverse();
    bench.found.head.reverse();
    assert_eq!(json::render(&forwards), json::render(&bench.report(Options::default())));
}

#[test]
fn a_rule_of_several_levels_is_counted_once() {
    let mut bench = Bench::new();
    for (number, severity) in
        [Severity::Note, Severity::Error, Severity::Warning].into_iter().cycle().take(6).enumerate()
    {
        bench.found.changes.push(finding("enum-value-added", severity, &format!("Entity{number}.attribute")));
    }
    let shown = text(&bench.report(Options::default()), false, false);
    assert!(shown.contains("\nbreaking    6  enum-value-added ×6\n"), "{shown}");
}
