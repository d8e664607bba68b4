//! Workflow commands of GitHub Actions: annotations at lines of the head.
//!
//! A step shows ten annotations of each level and drops the rest, so the worst ten are printed and a last notice says
//! how many are missing. A command is recognised at the start of a line alone: foreign text never stands there.

use std::fmt::Write;

use crate::policy::Verdict;
use crate::rules::Severity;

use super::text::one_line;
use super::{Item, Report, headline, issues};

/// Annotations of one level that a step shows.
const SHOWN: usize = 10;

const LEVELS: [(Severity, &str); 3] =
    [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "notice")];

/// The commands, one a line; at least one, so that a clean run is seen to have run.
pub fn render(report: &Report, all: bool) -> String {
    let mut out = String::new();
    let broken = report.verdict == Verdict::None;
    if broken {
        out.push_str("::error title=driftline::no verdict, because not everything could be read\n");
    }
    let of = |severity| issues::standing(report, all).filter(move |item| item.finding.severity == severity);
    // The first error and the last notice are our own, where there are any.
    let room = |severity| SHOWN - usize::from(broken && severity == Severity::Error);
    let over = LEVELS.iter().any(|(severity, _)| of(*severity).count() > room(*severity));
    let mut missing = 0;
    for (severity, level) in LEVELS {
        let room = room(severity) - usize::from(over && severity == Severity::Note);
        of(severity).take(room).for_each(|item| command(&mut out, level, item));
        missing += of(severity).skip(room).count();
    }
    let total = issues::standing(report, all).count();
    let tally = headline::tally(report);
    let words = match (tally.as_str(), total) {
        _ if missing > 0 => format!("{missing} more of {total} are not shown here: see the summary or the full report"),
        ("", 0) if !broken => "nothing breaks, nothing drifts".to_string(),
        _ => return out,
    };
    let _ = writeln!(out, "::notice title=driftline::{words}");
    out
}

fn command(out: &mut String, level: &str, item: &Item) {
    let f = &item.finding;
    let mut properties = Vec::new();
    if let Some(place) = item.place() {
        properties.push(format!("file={}", property(&place.at.path)));
    }
    if let Some(place) = &item.head {
        let at = &place.at;
        // A span that ends where a line starts has nothing of that line.
        let end_line = if at.end_column == 1 { at.end_line.saturating_sub(1).max(at.line) } else { at.end_line };
        properties.push(format!("line={},endLine={end_line}", at.line));
        // Columns of several lines make GitHub drop the annotation.
        if at.line == at.end_line {
            properties.push(format!("col={},endColumn={}", at.column, at.end_column.max(at.column)));
        }
    }
    properties.push(format!("title={}", property(&format!("driftline: {}", f.rule.id))));
    // The log shows the message alone.
    let place = item.place().map(|p| format!("{}:{}: ", one_line(&p.at.path), p.at.line)).unwrap_or_default();
    let mut message = format!("{place}{}", issues::message(item));
    if let Some(advice) = issues::advice(item) {
        message.push('\n');
        message.push_str(&advice);
    }
    let _ = writeln!(out, "::{level} {}::{}", properties.join(","), escape(&message));
}

/// The per cent sign first, or the others would be escaped twice.
fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}
