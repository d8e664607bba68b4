//! The entries that would accept what a change introduces, ready to paste into `driftline.yaml`.
//!
//! Each is bound to its change by the fingerprint; rule and subject are there for those who read it. The reasons are left
//! empty, and an entry without one is refused: nobody accepts by accident.

use std::fmt::Write;

use crate::config::scalar;
use crate::rules::Status;

use super::text::one_line;
use super::{Item, Report};

/// A list of entries as YAML, worst first.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    for item in report.of(Status::Introduced) {
        let finding = &item.finding;
        let place = item.place().map(|place| format!("{}:{}: ", one_line(&place.at.path), place.at.line));
        let _ = write!(
            out,
            "  # {}: {}{}\n  - rule: {}\n    subject: {}\n    fingerprint: {}\n    reason: \"\"\n",
            finding.severity.name(),
            place.unwrap_or_default(),
            one_line(&finding.message),
            finding.rule.id,
            scalar(&finding.subject),
            item.fingerprint,
        );
    }
    if out.is_empty() {
        return "# Nothing is introduced that could be accepted.\nallow: []\n".to_string();
    }
    format!("# Keep what is meant, and write why; without a reason an entry is refused.\nallow:\n{out}")
}

/// The entry for one finding on one line.
pub fn entry(item: &Item) -> String {
    let (rule, subject) = (item.finding.rule.id, scalar(&item.finding.subject));
    format!("{{rule: {rule}, subject: {subject}, fingerprint: {}, reason: \"…\"}}", item.fingerprint)
}
