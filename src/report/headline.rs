//! What was compared and what was understood, in one line; the same words in every format for people.

use crate::model::{Layer, Usage};

use super::text::{clean, count};
use super::{Comparison, Input, Report, Revision};

/// Inputs named in the line; the rest is counted.
const NAMED: usize = 4;

/// `main@1a2b3c4 (merge base) → working tree`
pub fn compared(comparison: &Comparison) -> String {
    let note = if comparison.merge_base.is_some() { " (merge base)" } else { "" };
    format!("{}{note} → {}", revision(&comparison.base), revision(&comparison.head))
}

/// `main@1a2b3c4`, `1a2b3c4`, `working tree`, `old/`
pub fn revision(revision: &Revision) -> String {
    let spec = match revision.spec.as_str() {
        "WORKTREE" => "working tree".to_string(),
        "INDEX" => "index".to_string(),
        spec => clean(spec),
    };
    match &revision.commit {
        None => spec,
        Some(commit) => {
            let short: String = commit.chars().take(7).collect();
            let is_hash = spec.len() >= 7 && commit.starts_with(&spec);
            if is_hash { short } else { format!("{spec}@{short}") }
        }
    }
}

/// `api/openapi.yaml (3.1, 42 operations), db/migrations (postgres, 18 files → 23 tables)`
pub fn understood(inputs: &[Input]) -> String {
    let mut parts: Vec<String> = inputs.iter().take(NAMED).map(|i| input(i, side(i))).collect();
    if inputs.len() > NAMED {
        parts.push(format!("and {}", count(inputs.len() - NAMED, "more input")));
    }
    if parts.is_empty() { "no contract and no SQL".to_string() } else { parts.join(", ") }
}

/// As [`understood`], every input named, of one revision.
pub fn understood_all(inputs: &[Input]) -> String {
    if inputs.is_empty() {
        understood(inputs)
    } else {
        inputs.iter().map(|i| input(i, "")).collect::<Vec<_>>().join(", ")
    }
}

fn side(input: &Input) -> &'static str {
    match (input.in_base, input.in_head) {
        (true, false) => ", gone",
        (false, true) => ", new",
        _ => "",
    }
}

fn input(input: &Input, side: &str) -> String {
    let path = clean(&input.path);
    match input.layer {
        Layer::Sql => {
            let dialect = input.dialect.unwrap_or("sql");
            format!("{path} ({dialect}, {} → {}{side})", count(input.files, "file"), count(input.size, "table"))
        }
        _ => match input.format.strip_prefix("openapi-") {
            Some(version) => format!("{path} ({version}, {}{side})", count(input.size, "operation")),
            None => format!("{path} (not understood{side})"),
        },
    }
}

/// `GET /users, response 200 application/json at $.items[].email`; the operation alone when it is meant as a whole.
pub fn usage(usage: &Usage) -> String {
    match (&*usage.location, &*usage.path) {
        ("operation", _) => usage.operation.to_string(),
        (location, "" | "$") => format!("{}, {location}", usage.operation),
        (location, path) => format!("{}, {location} at {path}", usage.operation),
    }
}

/// `3 errors, 1 warning`; empty when nothing was introduced.
pub fn tally(report: &Report) -> String {
    let counts = &report.counts;
    let parts = [(counts.error, "error"), (counts.warning, "warning"), (counts.note, "note")];
    parts.iter().filter(|(n, _)| *n > 0).map(|(n, noun)| count(*n, noun)).collect::<Vec<_>>().join(", ")
}
