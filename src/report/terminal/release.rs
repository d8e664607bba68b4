//! What the release of the change is told beside the findings, a line each.

use crate::report::Report;
use crate::report::text::{clip, count, one_line};

use super::Options;
use super::style::{BOLD, DIM, Painter};

/// Lines of a section; the rest is counted.
const LINES: usize = 12;
/// Characters of a step.
const SENTENCES: usize = 1000;
/// Characters of a line: types and lists of values can be long.
const LENGTH: usize = 300;

pub fn sections(out: &mut String, report: &Report, options: Options<'_>, painter: Painter<'_>) {
    if !report.deployment.is_empty() {
        out.push_str(&format!("\n{}\n", painter.paint(BOLD, "deployment order")));
    }
    for step in &report.deployment {
        let label = format!("{:6}", step.phase.name());
        let at = step.places.first().map(|at| format!(" ({}:{})", one_line(&at.path), at.line)).unwrap_or_default();
        let text =
            painter.wrap(&format!("{}{at}", clip(&one_line(&step.text()), SENTENCES)), 10, 10).join("\n          ");
        out.push_str(&format!("  {}  {text}\n", painter.paint(BOLD, &label)));
    }
    let lines: Vec<String> = report.consistent.iter().map(|item| item.text()).collect();
    if !lines.is_empty() {
        out.push_str(&format!("\n{}\n", painter.paint(BOLD, "consistent on both layers")));
    }
    let limit = if options.all { usize::MAX } else { LINES };
    for line in lines.iter().take(limit) {
        let line = painter.wrap(&clip(&one_line(line), LENGTH), 2, 4).join("\n    ");
        out.push_str(&format!("  {line}\n"));
    }
    if lines.len() > limit {
        let rest = format!("  and {}: --all shows them", count(lines.len() - limit, "more pair"));
        out.push_str(&format!("{}\n", painter.paint(DIM, &rest)));
    }
}
