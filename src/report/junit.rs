//! JUnit XML: a suite for each path, a case for each finding, and one that passes when there is none.
//!
//! A case fails when its finding makes the exit code 1; others pass and say what they are about. Without a verdict there
//! is an error, so that an incomplete run is never taken for a green one.

use std::collections::HashMap;
use std::fmt::Write;

use crate::policy::Verdict;
use crate::rules::Status;

use super::text::count;
use super::xml::{self, content, escape};
use super::{Item, Report, issues};

/// Problems that are named when there is no verdict.
const PROBLEMS: usize = 100;

/// What a case says besides its name.
enum Outcome {
    Passed,
    Told(String),
    Failed { message: String, kind: &'static str, text: String },
    Broken { message: String, text: String },
}

struct Case {
    class: String,
    name: String,
    file: Option<String>,
    outcome: Outcome,
}

/// The document; with `all` what was there before and what is resolved are cases that pass.
pub fn render(report: &Report, all: bool) -> String {
    let mut suites: Vec<(String, Vec<Case>)> = Vec::new();
    if let Some(case) = run(report) {
        suites.push(("driftline".to_string(), vec![case]));
    }
    let shown = report.findings.iter().filter(|item| all || item.finding.status == Status::Introduced);
    let by_path = issues::by_path(shown).into_iter();
    suites.extend(by_path.map(|(path, items)| (path.to_string(), cases(report, &items))));
    let total = suites.iter().flat_map(|(_, cases)| cases);
    let mut out = format!("{}<testsuites name=\"driftline\"{}>\n", xml::HEAD, numbers(total));
    for (name, cases) in &suites {
        let _ = writeln!(out, "  <testsuite name=\"{}\"{} skipped=\"0\">", escape(name), numbers(cases.iter()));
        for case in cases {
            write_case(&mut out, case);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// The case of the run itself: it passes when nothing was introduced and is an error when there is no verdict.
fn run(report: &Report) -> Option<Case> {
    let case = |name: &str, outcome| {
        let (class, name) = ("driftline".to_string(), name.to_string());
        Some(Case { class, name, file: None, outcome })
    };
    match (report.verdict, report.counts.introduced) {
        (Verdict::None, _) => {
            let lines = report.problems.iter().take(PROBLEMS);
            let text = lines.map(|p| format!("{}:{}: {}\n", p.path, p.line, p.message)).collect();
            let message = format!(
                "no verdict, because not everything could be read: {}",
                count(report.problems.len(), "problem")
            );
            case("verdict", Outcome::Broken { message, text })
        }
        (_, 0) => case("nothing breaks, nothing drifts", Outcome::Passed),
        _ => None,
    }
}

/// Readers take cases of one name for one case, so the second and later of a name carry their number.
fn cases(report: &Report, items: &[&Item]) -> Vec<Case> {
    let mut seen: HashMap<(String, String), usize> = HashMap::new();
    let mut cases: Vec<Case> = items.iter().map(|item| case(report, item)).collect();
    for case in &mut cases {
        let count = seen.entry((case.class.clone(), case.name.clone())).or_default();
        *count += 1;
        if *count > 1 {
            case.name.push_str(&format!(" #{count}"));
        }
    }
    cases
}

fn case(report: &Report, item: &Item) -> Case {
    let f = &item.finding;
    let place = item.place().map(|place| format!("{}:{}", place.at.path, place.at.line));
    let at = place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
    let message = issues::message(item);
    let lines = [place, Some(format!("{}: {message}", f.severity.name())), issues::advice(item)];
    let text: String = lines.into_iter().flatten().map(|line| line + "\n").collect();
    Case {
        class: format!("driftline.{}", f.rule.id),
        name: format!("{}{at}", super::text::one_line(&f.subject)),
        file: item.place().map(|place| place.at.path.to_string()),
        outcome: match report.gate.stops(f) {
            true => Outcome::Failed { message, kind: f.severity.name(), text },
            false => Outcome::Told(text),
        },
    }
}

/// ` tests="3" failures="1" errors="0"`
fn numbers<'a>(cases: impl Iterator<Item = &'a Case>) -> String {
    let (mut tests, mut failures, mut errors) = (0, 0, 0);
    for case in cases {
        tests += 1;
        failures += usize::from(matches!(case.outcome, Outcome::Failed { .. }));
        errors += usize::from(matches!(case.outcome, Outcome::Broken { .. }));
    }
    format!(" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"")
}

fn write_case(out: &mut String, case: &Case) {
    let file = case.file.as_ref().map(|file| format!(" file=\"{}\"", escape(file))).unwrap_or_default();
    let (class, name) = (escape(&case.class), escape(&case.name));
    let _ = write!(out, "    <testcase classname=\"{class}\" name=\"{name}\"{file}");
    let _ = match &case.outcome {
        Outcome::Passed => writeln!(out, "/>"),
        Outcome::Told(text) => {
            writeln!(out, ">\n      <system-out>{}</system-out>\n    </testcase>", content(text))
        }
        Outcome::Failed { message, kind, text } => {
            let message = escape(message);
            let text = content(text);
            writeln!(out, ">\n      <failure message=\"{message}\" type=\"{kind}\">{text}</failure>\n    </testcase>")
        }
        Outcome::Broken { message, text } => {
            let message = escape(message);
            let text = content(text);
            writeln!(out, ">\n      <error message=\"{message}\" type=\"incomplete\">{text}</error>\n    </testcase>")
        }
    };
}
