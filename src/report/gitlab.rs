//! GitLab Code Quality: one array, an entry for each finding that stands in head.
//!
//! The widget compares fingerprints with those of the target branch and takes equal ones for one finding, so they
//! outlive moved lines and are unique in a report.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::rules::Severity;

use super::{Item, Report, issues, json};

/// The array, `[]` when nothing was found.
pub fn render(report: &Report, all: bool) -> String {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let entries: Vec<Value> = issues::standing(report, all)
        .map(|item| {
            let count = seen.entry(&item.fingerprint).or_default();
            *count += 1;
            entry(item, *count)
        })
        .collect();
    json::pretty(&entries)
}

fn entry(item: &Item, occurrence: usize) -> Value {
    let severity = match item.finding.severity {
        Severity::Error => "critical",
        Severity::Warning => "minor",
        Severity::Note => "info",
    };
    let fingerprint = match occurrence {
        1 => item.fingerprint.clone(),
        again => format!("{}-{again}", item.fingerprint),
    };
    // A line is required. What is gone has that of the base: edits rarely move lines far.
    let lines = item.place().map_or((1, 1), |place| (place.at.line, place.at.end_line));
    json!({
        "description": issues::message(item),
        "check_name": item.finding.rule.id,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": { "path": issues::path(item), "lines": { "begin": lines.0, "end": lines.1 } },
    })
}
