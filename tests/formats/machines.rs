//! The formats that other tools read.

use driftline::model::origin::Problem;
use driftline::report::{Options, Report, checkstyle, github, gitlab, json, junit, rdjson, sarif, short};
use driftline::rules::{Finding, Rewrite, Severity, Suggestion};
use serde_json::{Value, json as value};

use super::bench::{Bench, CONTRACT, everything, finding, nasty, one};

/// Every format by its name, the findings that were there before included or not.
pub fn all_formats(report: &Report, all: bool) -> Vec<(&'static str, String)> {
    vec![
        ("short", short::render(report, all)),
        ("jsonl", json::render_lines(report)),
        ("sarif", sarif::render(report, all)),
        ("github", github::render(report, all)),
        ("gitlab", gitlab::render(report, all)),
        ("rdjson", rdjson::render(report, all)),
        ("rdjsonl", rdjson::render_lines(report, all)),
        ("junit", junit::render(report, all)),
        ("checkstyle", checkstyle::render(report, all)),
    ]
}

/// A foreign name wherever a format writes one: beside the finding, in what is gone and in what is accepted.
pub fn nastier() -> Bench {
    let mut bench = nasty();
    let path = "we ird, 50%|@x.yaml";
    let text = "é漢🎉: gone ::warning::x\r\n";
    let at = bench.at(path, text, "gone");
    let subject = bench.found.changes[0].subject.clone();
    bench.found.changes[0].related = vec![("a[x](http://y) @all".into(), at)];
    let at_head = bench.found.changes[0].head.unwrap();
    bench.found.changes[0].suggestion = Some(Suggestion { at: at_head, rewrite: Rewrite::After("漢字", " ]]> 5%") });
    bench.found.changes[0].help = "Ask \"@someone\":\n::error::100% <b>\r\n]]>\u{0}\u{1b}[0m".into();
    bench.found.changes.push(Finding { base: Some(at), ..finding("property-removed", Severity::Warning, &subject) });
    bench.found.changes.push(Finding { head: Some(at), ..finding("property-removed", Severity::Error, "accepted") });
    let allow = "allow: [{ rule: property-removed, subject: accepted, reason: \"[x](y) <b> ]]>\" }]";
    bench.config = driftline::config::parse(allow.as_bytes(), "driftline.yaml").unwrap();
    bench
}

/// More errors and notes than fit where only few are shown.
pub fn many() -> Bench {
    let mut bench = Bench::new();
    for number in 0..40 {
        let severity = [Severity::Error, Severity::Note][number % 2];
        bench.found.changes.push(Finding {
            head: Some(bench.at("api/openapi.yaml", CONTRACT, "status:")),
            ..finding("enum-value-added", severity, &format!("Entity{number:02}.attribute"))
        });
    }
    bench
}

/// Nothing found, and something not read.
pub fn unread() -> Bench {
    let mut bench = Bench::new();
    let origin = bench.at("db/x.sql", "CREATE TABEL x;\n", "CREATE");
    bench.head.problems.push(Problem::new("file-unreadable", "x", origin, "the statement was not understood"));
    bench
}

/// The pages of rules have tests of their own; in a snapshot they would only change with every word.
fn without_pages(sarif: &str) -> String {
    let mut log: Value = serde_json::from_str(sarif).unwrap();
    for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array_mut().unwrap() {
        for part in ["text", "markdown"] {
            let page = rule["help"][part].as_str().unwrap();
            rule["help"][part] = value!(format!("{}…", page.lines().next().unwrap_or_default()));
        }
    }
    serde_json::to_string_pretty(&log).unwrap()
}

#[test]
fn machine_golden() {
    let cases = [
        ("clean", Bench::new(), false),
        ("one", one(), false),
        ("everything", everything(), false),
        ("everything_all", everything(), true),
        ("nasty", nastier(), false),
        ("unread", unread(), false),
    ];
    for (case, bench, all) in cases {
        let report = bench.report(Options { all, ..Options::default() });
        for (format, text) in all_formats(&report, all) {
            let text = if format == "sarif" { without_pages(&text) } else { text };
            insta::assert_snapshot!(format!("{format}_{case}"), text);
        }
    }
}

#[test]
fn annotations_are_the_worst_ten_of_each_level_and_the_rest_is_counted() {
    let text = github::render(&many().report(Options::default()), false);
    let count = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!((count("::error "), count("::warning "), count("::notice ")), (10, 0, 10), "{text}");
    let mut few = many();
    few.found.changes.truncate(20);
    let all = github::render(&few.report(Options::default()), false);
    assert!(all.lines().count() == 20 && !all.contains(" more of "), "{all}");
    let last = "::notice title=driftline::21 more of 40 are not shown here: see the summary or the full report";
    assert_eq!(text.lines().last(), Some(last));
}

#[test]
fn a_case_fails_when_its_finding_makes_the_exit_code() {
    let mut report = everything().report(Options::default());
    for (fail_on, failures) in
        [(None, 0), (Some(Severity::Error), 2), (Some(Severity::Warning), 3), (Some(Severity::Note), 4)]
    {
        report.gate.fail_on = fail_on;
        let text = junit::render(&report, true);
        assert_eq!(text.matches("<failure ").count(), failures, "{fail_on:?}");
        assert!(text.contains(&format!("tests=\"5\" failures=\"{failures}\"")), "{text}");
    }
}

#[test]
fn equal_fingerprints_are_told_apart_where_they_must_be() {
    let mut report = one().report(Options::default());
    report.findings = vec![report.findings[0].clone(), report.findings[0].clone()];
    let cases = junit::render(&report, false);
    assert!(cases.contains(" (api/openapi.yaml:7)\"") && cases.contains(" (api/openapi.yaml:7) #2\""), "{cases}");
    let entries: Value = serde_json::from_str(&gitlab::render(&report, false)).unwrap();
    let first = entries[0]["fingerprint"].as_str().unwrap();
    assert_eq!(entries[1]["fingerprint"], format!("{first}-2"));
}

#[test]
fn columns_are_counted_as_each_format_counts_them() {
    let mut bench = Bench::new();
    let head = bench.at("ü/x.yaml", "é漢🎉: status\n", "status");
    bench.found.changes.push(Finding { head: Some(head), ..finding("enum-value-added", Severity::Error, "x") });
    let report = bench.report(Options::default());
    let log: Value = serde_json::from_str(&sarif::render(&report, false)).unwrap();
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    let region = value!({ "startLine": 1, "startColumn": 6, "endLine": 1, "endColumn": 12 });
    assert_eq!((&place["region"], &place["artifactLocation"]["uri"]), (&region, &value!("%C3%BC/x.yaml")));
    let document: Value = serde_json::from_str(&rdjson::render(&report, false)).unwrap();
    let range = value!({ "start": { "line": 1, "column": 12 }, "end": { "line": 1, "column": 18 } });
    assert_eq!(document["diagnostics"][0]["location"]["range"], range);
    assert!(github::render(&report, false).contains("line=1,endLine=1,col=6,endColumn=12,"));
}

#[test]
fn runs_of_other_configurations_do_not_replace_one_another() {
    let mut report = Bench::new().report(Options::default());
    let cases = [
        (None, "driftline/"),
        (Some("./api/strict.yaml"), "driftline/api/strict.yaml/"),
        (Some("/home/somebody/strict.yaml"), "driftline/strict.yaml/"),
        (Some("C:\\somebody\\strict.yaml"), "driftline/strict.yaml/"),
    ];
    for (configuration, want) in cases {
        report.configuration = configuration.map(str::to_string);
        let log: Value = serde_json::from_str(&sarif::render(&report, false)).unwrap();
        assert_eq!(log["runs"][0]["automationDetails"]["id"], want);
    }
}

#[test]
fn what_can_be_taken_over_is_offered_as_whole_lines() {
    let report = nastier().report(Options::default());
    let line = "a: \u{1b}[31mred | `code` @everyone #1 <script> ]]> 🎉\t漢字 ]]> 5% x";
    let rdjson: Value = serde_json::from_str(&rdjson::render(&report, false)).unwrap();
    let offered: Vec<&Value> = rdjson["diagnostics"].as_array().unwrap().iter().map(|d| &d["suggestions"]).collect();
    let want = value!([{ "range": { "start": { "line": 1 }, "end": { "line": 1 } }, "text": line }]);
    assert_eq!(offered.iter().filter(|one| !one.is_null()).collect::<Vec<_>>(), [&&want]);
    let sarif: Value = serde_json::from_str(&sarif::render(&report, false)).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let [fixed] = &results.iter().filter(|result| !result["fixes"].is_null()).collect::<Vec<_>>()[..] else {
        panic!("one fix")
    };
    let replacement = &fixed["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["deletedRegion"], value!({ "startLine": 1, "endLine": 1 }));
    assert_eq!(replacement["insertedContent"]["text"], line);
}
