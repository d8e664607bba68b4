//! Small edits of whole contracts and what must be said of them, and where: `testdata/operations.txt`.
//!
//! A case is `case NAME` and the lines of a contract as in a diff: ` ` on both sides, `-` in base, `+` in head. A line that a
//! finding stands at ends with `# <- E rule` (several: `# <- E rule, W rule`); nothing else may be found.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use driftline::rules::{Category, Severity, Status};

struct Case {
    name: String,
    base: String,
    head: String,
    /// Side, line, level and rule.
    expected: BTreeSet<String>,
}

fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/operations.txt");
    let text = fs::read_to_string(path).expect("the table is there");
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("case ") {
            let (base, head, expected) = Default::default();
            cases.push(Case { name: name.to_string(), base, head, expected });
            continue;
        }
        let case = cases.last_mut().expect("a case begins with its name");
        let (side, rest) = line.split_at(1);
        let (text, marks) = rest.split_once(" # <- ").unwrap_or((rest, ""));
        for (at, half) in [("-", &mut case.base), ("+", &mut case.head)] {
            if side == " " || side == at {
                half.push_str(text);
                half.push('\n');
            }
        }
        let half = if side == "-" { ("base", &case.base) } else { ("head", &case.head) };
        let at = |mark: &str| format!("{}:{} {mark}", half.0, half.1.lines().count());
        case.expected.extend(marks.split(", ").filter(|mark| !mark.is_empty()).map(at));
    }
    cases
}

/// What was found: `head:7 E type-changed`, and twice what is said twice.
fn found(case: &Case) -> Vec<String> {
    let file = |text: &str| vec![("openapi.yaml".to_string(), text.to_string())];
    let report = support::compare(&file(&case.base), &file(&case.head));
    let relevant = |category| matches!(category, Category::Breaking | Category::Input);
    let new = report.findings.iter().filter(|item| item.finding.status == Status::Introduced);
    let mut lines: Vec<String> = new
        .filter(|item| relevant(item.finding.rule.category))
        .map(|item| {
            let level = match item.finding.severity {
                Severity::Error => "E",
                Severity::Warning => "W",
                Severity::Note => "N",
            };
            let place = match (&item.head, &item.base) {
                (Some(head), _) => format!("head:{}", head.at.line),
                (None, Some(base)) => format!("base:{}", base.at.line),
                (None, None) => "nowhere".to_string(),
            };
            format!("{place} {level} {}", item.finding.rule.id)
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn every_edit_is_said_once_where_it_is() {
    let cases = cases();
    let mut wrong = Vec::new();
    for case in &cases {
        let found = found(case);
        if found.iter().ne(case.expected.iter()) {
            wrong.push(format!("{}: expected {:?}, got {found:?}", case.name, case.expected));
        }
    }
    println!("{} cases, {} wrong", cases.len(), wrong.len());
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
