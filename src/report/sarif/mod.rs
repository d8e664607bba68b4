//! SARIF 2.1.0, as code scanning and the viewers of editors read it.
//!
//! Comes in: a report. Goes out: one log with one run. Paths are relative to the root of the repository: those of head
//! under `%SRCROOT%`, those of what is gone under `BASE`. What was there before is listed as `unchanged`; what is
//! resolved only when asked for, because not every reader knows `absent` for good news.

mod rules;

use serde_json::{Value, json};

use crate::policy::Verdict;
use crate::rules::{Rule, Severity, Status};
use crate::source::Location;

use super::issues::filled;
use super::text::{clean, one_line, uri};
use super::{Edit, Item, ProblemItem, Report, SuppressedItem, headline, issues, json};

/// Code scanning takes no file with more results in a run.
const RESULTS: usize = 25_000;

/// Places beside the first one that a result shows at most; code scanning keeps a hundred.
const RELATED: usize = 100;

/// The log.
pub fn render(report: &Report, all: bool) -> String {
    let listed = |status| report.of(status).map(|item| (item, None));
    let resolved = report.of(Status::Resolved).filter(|_| all).map(|item| (item, None));
    let accepted = report.suppressed.iter().map(|one| (&one.item, Some(one)));
    let all = listed(Status::Introduced).chain(listed(Status::Existing)).chain(resolved).chain(accepted);
    let mut shown: Vec<(&Item, Option<&SuppressedItem>)> = all.collect();
    let left_out = shown.len().saturating_sub(RESULTS);
    shown.truncate(RESULTS);
    let rules = rules::used(shown.iter().map(|(item, _)| item.finding.rule));
    let results: Vec<Value> = shown.iter().map(|(item, accepted)| result(item, *accepted, &rules)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": filled(json!({
                "name": "driftline",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": issues::tool_url(),
                "rules": rules.iter().map(|rule| rules::descriptor(rule)).collect::<Vec<_>>(),
            })) },
            "automationDetails": { "id": category(report) },
            "invocations": [filled(json!({
                "executionSuccessful": report.complete && report.verdict != Verdict::None,
                "toolExecutionNotifications": some(notifications(report, left_out)),
            }))],
            "originalUriBaseIds": {
                "%SRCROOT%": { "description": { "text": format!("head: {}", head(report)) } },
                "BASE": { "description": { "text": format!("base: {}", base(report)) } },
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    json::pretty(&log)
}

fn head(report: &Report) -> String {
    one_line(&headline::revision(&report.comparison.head))
}

fn base(report: &Report) -> String {
    one_line(&headline::revision(&report.comparison.base))
}

/// Runs of one category replace one another, so runs with other configurations are kept apart. No machine's paths.
fn category(report: &Report) -> String {
    let path = report.configuration.as_deref().map(|path| path.replace('\\', "/"));
    let name = path.as_deref().map(|path| match path.starts_with('/') || path.contains(':') {
        true => path.rsplit('/').next().unwrap_or_default(),
        false => path.trim_start_matches("./"),
    });
    name.map_or("driftline/".to_string(), |name| format!("driftline/{}/", one_line(name)))
}

/// An empty list is left out.
fn some(list: Vec<Value>) -> Value {
    if list.is_empty() { Value::Null } else { list.into() }
}

fn result(item: &Item, accepted: Option<&SuppressedItem>, rules: &[&Rule]) -> Value {
    let f = &item.finding;
    let baseline = match f.status {
        Status::Introduced => "new",
        Status::Existing => "unchanged",
        Status::Resolved => "absent",
    };
    let related: Vec<Value> = item
        .related
        .iter()
        .take(RELATED)
        .enumerate()
        .map(|(index, (name, place))| {
            let side = if item.head.is_some() { "%SRCROOT%" } else { "BASE" };
            json!({
                "id": index + 1,
                "message": { "text": one_line(name) },
                "physicalLocation": physical(&place.at, side),
            })
        })
        .collect();
    filled(json!({
        "ruleId": f.rule.id,
        "ruleIndex": rules.iter().position(|rule| rule.id == f.rule.id),
        "level": level(f.severity),
        "message": { "text": message(item) },
        "locations": [place(item)],
        "relatedLocations": some(related),
        "partialFingerprints": { "driftline/v1": item.fingerprint },
        "fixes": item.suggestion.as_ref().map(|edit| json!([fix(edit)])),
        "baselineState": baseline,
        "suppressions": accepted.map(|one| json!([suppression(one)])),
    }))
}

/// Lines of head and what to put in their place.
fn fix(edit: &Edit) -> Value {
    json!({
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(&edit.path), "uriBaseId": "%SRCROOT%" },
            "replacements": [{
                "deletedRegion": { "startLine": edit.line, "endLine": edit.end_line },
                "insertedContent": { "text": edit.text },
            }],
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// The message, where the other end is, what to do instead.
fn message(item: &Item) -> String {
    let names = item.related.iter().take(RELATED).enumerate();
    let links: Vec<String> = names.map(|(index, (name, _))| format!("[{}]({})", label(name), index + 1)).collect();
    let mut text = linkless(&issues::message(item));
    if !links.is_empty() {
        text.push_str(&format!(" See {}.", links.join(", ")));
    }
    if let Some(advice) = issues::advice(item) {
        text.push_str("\n\n");
        text.push_str(&linkless(&advice));
    }
    text
}

/// Foreign text that no reader takes for a link, whether or not it knows how brackets are escaped.
fn linkless(text: &str) -> String {
    text.replace("](", "] (")
}

/// Foreign text as the text of a link.
fn label(name: &str) -> String {
    linkless(&one_line(name)).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// Where it is in head, or else where it was; and what it is about by name.
fn place(item: &Item) -> Value {
    let physical = match (&item.head, &item.base) {
        (Some(head), _) => Some(physical(&head.at, "%SRCROOT%")),
        (None, Some(base)) => Some(physical(&base.at, "BASE")),
        (None, None) => None,
    };
    filled(json!({
        "physicalLocation": physical,
        "logicalLocations": [{ "fullyQualifiedName": one_line(&item.finding.subject) }],
    }))
}

fn physical(at: &Location, side: &str) -> Value {
    json!({
        "artifactLocation": { "uri": uri(&at.path), "uriBaseId": side },
        "region": {
            "startLine": at.line,
            "startColumn": at.column,
            "endLine": at.end_line,
            "endColumn": at.end_column,
        },
    })
}

fn suppression(one: &SuppressedItem) -> Value {
    let until = one.until.as_ref().map(|until| format!(" (until {until})")).unwrap_or_default();
    filled(json!({
        "kind": if one.at.is_some() { "inSource" } else { "external" },
        "status": "accepted",
        "justification": clean(&format!("{}{until}", one.reason)),
        "location": one.at.as_ref().map(located),
    }))
}

/// A place in head, as an object that holds nothing else.
fn located(at: &Location) -> Value {
    json!({ "physicalLocation": physical(at, "%SRCROOT%") })
}

/// What a reader must know about the run beside its results.
fn notifications(report: &Report, left_out: usize) -> Vec<Value> {
    let said = |level: &str, text: &str| json!({ "level": level, "message": { "text": linkless(&one_line(text)) } });
    let mut notes: Vec<Value> = report.problems.iter().map(problem).collect();
    notes.extend(report.newly_stale().map(|stale| {
        let mut note = said("warning", &stale.message());
        if let Some(at) = &stale.at {
            note["locations"] = json!([located(at)]);
        }
        note
    }));
    notes.extend(report.notes.iter().map(|text| said("note", text)));
    if left_out > 0 {
        notes.push(said("warning", &format!("{left_out} more results are left out: a run holds {RESULTS}")));
    }
    notes
}

/// Problems are of either revision, and which one is not told: the path alone is enough to find them.
fn problem(problem: &ProblemItem) -> Value {
    json!({
        "level": "warning",
        "message": { "text": linkless(&one_line(&problem.message)) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&problem.path), "uriBaseId": "%SRCROOT%" },
            "region": { "startLine": problem.line, "startColumn": problem.column },
        } }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_as_uris() {
        assert_eq!(uri("api/we ird, 50%|@ü.yaml"), "api/we%20ird%2C%2050%25%7C%40%C3%BC.yaml");
    }

    #[test]
    fn foreign_text_is_no_link() {
        assert_eq!(linkless("[x](http://y)"), "[x] (http://y)");
        assert_eq!(label("a[](b)"), "a\\[\\] (b)");
    }
}
