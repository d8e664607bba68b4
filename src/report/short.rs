//! One line for each finding that stands in head, as compilers print for editors: `path:line:column: severity: message [rule]`.

use std::fmt::Write;

use super::text::one_line;
use super::{Report, issues};

/// The lines, in the order of the report; nothing when nothing was found.
pub fn render(report: &Report, all: bool) -> String {
    let mut out = String::new();
    for item in issues::standing(report, all) {
        let f = &item.finding;
        let place = item.place().map(|p| format!("{}:{}:{}: ", one_line(&p.at.path), p.at.line, p.at.column));
        let place = place.unwrap_or_default();
        let _ = writeln!(out, "{place}{}: {} [{}]", f.severity.name(), issues::message(item), f.rule.id);
    }
    out
}
