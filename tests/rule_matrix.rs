//! All rules over all pages: silence where nothing changed, and a reviewed list of which rules speak on others' pages.

mod support;

use std::fmt::Write;

use driftline::rules::{Category, Severity, Status};
use support::page::{self, Fence};
use support::{File, compare};

/// Both examples of every page.
fn examples() -> Vec<(String, Vec<Fence>)> {
    let pages = page::all().into_iter();
    pages.flat_map(|p| [(p.id.clone(), p.example), (format!("{} (quiet)", p.id), p.quiet)]).collect()
}

#[test]
fn a_revision_compared_with_itself_says_nothing_new() {
    let mut wrong = Vec::new();
    for (name, fences) in examples() {
        let (base, head) = support::sides(&fences);
        for (side, files) in [("base", base), ("head", head)] {
            let report = compare(&files, &files);
            let new = report.findings.iter().filter(|item| item.finding.status != Status::Existing);
            wrong.extend(new.map(|item| format!("{name}, {side}: {} {}", item.finding.rule.id, item.finding.subject)));
            let changes = report.changes.len();
            if changes > 0 {
                wrong.push(format!("{name}, {side}: {changes} changes"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A change that nobody means: other order of the files, CRLF, a comment at the end.
#[test]
fn what_means_the_same_says_nothing_new() {
    let mut wrong = Vec::new();
    for (name, fences) in examples() {
        let (_, head) = support::sides(&fences);
        let rewritten: Vec<File> = head.iter().rev().map(|(path, text)| (path.clone(), rewrite(path, text))).collect();
        let report = compare(&head, &rewritten);
        let breaking = report.findings.iter().filter(|item| item.finding.status != Status::Existing);
        let breaking = breaking.filter(|item| item.finding.rule.category != Category::Migration);
        wrong.extend(breaking.map(|item| format!("{name}: {} {}", item.finding.rule.id, item.finding.subject)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn rewrite(path: &str, text: &str) -> String {
    let comment = if path.ends_with(".sql") { "-- the end" } else { "# the end" };
    if path.ends_with(".json") { text.to_string() } else { format!("{text}{comment}\n").replace('\n', "\r\n") }
}

/// Which other rules speak on a page. A new line here is either right (look at it) or a finding too many.
#[test]
fn rules_on_the_pages_of_others() {
    let mut table = String::new();
    for (name, fences) in examples() {
        let (base, head) = support::sides(&fences);
        let id = name.split(' ').next().unwrap_or_default();
        for item in compare(&base, &head).findings {
            let finding = &item.finding;
            if finding.rule.id != id {
                let (rule, severity, status) = (finding.rule.id, finding.severity.name(), finding.status.name());
                writeln!(table, "{name}: {rule} {severity} {status} {}", finding.subject).expect("a string grows");
            }
        }
    }
    insta::assert_snapshot!(table);
}

/// How the pages write a contract that only takes `Order` in, and one that only gives it out.
const TAKES: &str = r##"    post:
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Order"}
      responses: {"204": {description: Stored}}
"##;
const GIVES: &str = r##"    get:
      responses:
        "200":
          description: An order
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Order"}
"##;

/// Pages whose subject breaks one way and not, or less, the other way round; each is a row of the design, not an accident.
const NOT_DUAL: [(&str, &str); 4] = [
    ("additional-properties-changed", "readers read what is declared, so more than that changes nothing for them"),
    ("property-refused", "readers skip a property that appears"),
    ("property-removed", "an optional property that appears in requests is no narrowing of declared properties"),
    ("read-only-required", "a required property is in what comes back, read-only or not"),
];

/// What narrows breaks senders exactly where the same change backwards widens and breaks readers.
#[test]
fn backwards_and_from_the_other_side_breaks_the_same() {
    let mut wrong = Vec::new();
    for page in page::all() {
        let (base, head) = support::sides(&page.example);
        let turned = |files: &[File]| -> Option<Vec<File>> {
            let turn = |text: &str| match (text.contains(TAKES), text.contains(GIVES)) {
                (true, false) => Some(text.replace(TAKES, GIVES)),
                (false, true) => Some(text.replace(GIVES, TAKES)),
                _ => None,
            };
            files.iter().map(|(path, text)| Some((path.clone(), turn(text)?))).collect()
        };
        let (Some(dual_base), Some(dual_head)) = (turned(&head), turned(&base)) else { continue };
        let (here, there) = (broken(&base, &head), broken(&dual_base, &dual_head));
        let excused = NOT_DUAL.iter().any(|(id, _)| *id == page.id);
        if (here == there) == excused {
            let word = if excused { "is listed as not dual, but is" } else { "is not dual" };
            wrong.push(format!("{} {word}: {here:?} against {there:?}", page.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Subjects that break for certain.
fn broken(base: &[File], head: &[File]) -> std::collections::BTreeSet<String> {
    let findings = compare(base, head).findings.into_iter().map(|item| item.finding);
    let breaking = findings.filter(|f| f.rule.category == Category::Breaking && f.severity == Severity::Error);
    breaking.map(|f| f.subject).collect()
}
