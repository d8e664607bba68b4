//! Every finding of every rule page that has a line in head can be accepted by a comment above that line, and by one behind
//! it: whatever the rule, the comment stands at what the finding points to.

mod support;

use driftline::report::{Item, Report};
use driftline::rules::Status;
use support::{File, page};

/// The text with a comment above the line, or behind it.
fn remarked(text: &str, path: &str, line: u32, rule: &str, above: bool) -> String {
    let sign = if path.ends_with(".sql") { "--" } else { "#" };
    let comment = format!("{sign} driftline: allow({rule}) tried");
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    let at = line as usize - 1;
    if above {
        let blanks = lines[at].len() - lines[at].trim_start().len();
        lines.insert(at, format!("{:blanks$}{comment}", ""));
    } else {
        // The mark of the page is a comment itself.
        let own = lines[at].find(&format!("{sign} <- ")).unwrap_or(lines[at].len());
        lines[at].replace_range(own.., &format!(" {comment}"));
    }
    lines.join("\n") + "\n"
}

/// The findings that a comment could be for.
fn acceptable(report: &Report) -> Vec<&Item> {
    report.of(Status::Introduced).filter(|item| item.head.is_some()).collect()
}

#[test]
fn a_comment_at_the_line_of_a_finding_accepts_it() {
    let (mut tried, mut wrong) = (0, Vec::new());
    for page in page::all() {
        let (base, head) = support::sides(&page.example);
        let report = support::compare(&base, &head);
        for item in acceptable(&report) {
            let at = &item.head.as_ref().unwrap().at;
            let rule = item.finding.rule.id;
            // Nothing behind the fault is read, comments neither.
            if rule == "document-invalid" {
                continue;
            }
            if !(at.path.ends_with(".sql") || at.path.ends_with(".yaml") || at.path.ends_with(".yml")) {
                continue;
            }
            for above in [true, false] {
                let edited = |(path, text): &File| match **path == *at.path {
                    true => (path.clone(), remarked(text, path, at.line, rule, above)),
                    false => (path.clone(), text.clone()),
                };
                let head: Vec<File> = head.iter().map(edited).collect();
                let after = support::compare(&base, &head);
                tried += 1;
                let subject = &item.finding.subject;
                let accepted = after.suppressed.iter().any(|one| one.item.finding.subject == *subject);
                if !accepted {
                    let side = if above { "above" } else { "behind" };
                    wrong.push(format!("{}: {rule} at `{subject}`, {}:{} {side}", page.id, at.path, at.line));
                }
            }
        }
    }
    assert!(tried > 300, "{tried}");
    assert!(wrong.is_empty(), "{} of {tried}\n{}", wrong.len(), wrong.join("\n"));
}
