//! One line for each introduced finding, as compilers print for editors: `path:line:column: severity: message [rule]`.

use std::fmt::Write;

use crate::rules::Status;

use super::Report;
use super::text::one_line;

/// The lines, in the order of the report; nothing when nothing was found.
pub fn render(report: &Report, all: bool) -> String {
    let mut out = String::new();
    for item in report.findings.iter().filter(|i| all || i.finding.status == Status::Introduced) {
        let f = &item.finding;
        let place = item.place().map(|p| format!("{}:{}:{}: ", one_line(&p.at.path), p.at.line, p.at.column));
        let place = place.unwrap_or_default();
        let _ = writeln!(out, "{place}{}: {} [{}]", f.severity.name(), one_line(&f.message), f.rule.id);
    }
    out
}
