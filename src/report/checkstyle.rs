//! Checkstyle XML: a `file` for each path, an `error` for each finding that stands in head.

use std::fmt::Write;

use crate::rules::Severity;

use super::xml::{self, escape};
use super::{Item, Report, issues};

/// The document; without findings it has no files.
pub fn render(report: &Report, all: bool) -> String {
    let mut out = format!("{}<checkstyle version=\"{}\">\n", xml::HEAD, env!("CARGO_PKG_VERSION"));
    for (path, items) in issues::by_path(issues::standing(report, all)) {
        let _ = writeln!(out, "  <file name=\"{}\">", escape(path));
        for item in items {
            error(&mut out, item);
        }
        out.push_str("  </file>\n");
    }
    out.push_str("</checkstyle>\n");
    out
}

fn error(out: &mut String, item: &Item) {
    let severity = match item.finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "info",
    };
    let (line, column) = item.place().map_or((1, 1), |place| (place.at.line, place.at.column));
    let _ = writeln!(
        out,
        "    <error line=\"{line}\" column=\"{column}\" severity=\"{severity}\" message=\"{}\" source=\"driftline.{}\"/>",
        escape(&issues::message(item)),
        item.finding.rule.id,
    );
}
