//! The Reviewdog Diagnostic Format: one document, or one diagnostic a line.
//!
//! Lines and columns are 1-based, columns count bytes of UTF-8, the end is exclusive. A range is a range of head: what
//! is gone has its file alone.

use serde_json::{Value, json};

use crate::rules::Severity;

use super::issues::filled;
use super::{Edit, Item, Place, Report, issues, json};

/// The document of all diagnostics.
pub fn render(report: &Report, all: bool) -> String {
    let diagnostics: Vec<Value> = issues::standing(report, all).map(diagnostic).collect();
    json::pretty(&json!({ "source": source(), "diagnostics": diagnostics }))
}

/// One diagnostic a line, each with its source; nothing when nothing was found.
pub fn render_lines(report: &Report, all: bool) -> String {
    let with_source = |item| {
        let mut value = diagnostic(item);
        value["source"] = source();
        json::line(&value)
    };
    issues::standing(report, all).map(with_source).collect()
}

fn source() -> Value {
    filled(json!({ "name": "driftline", "url": issues::tool_url() }))
}

fn diagnostic(item: &Item) -> Value {
    let rule = item.finding.rule;
    let severity = match item.finding.severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Note => "INFO",
    };
    let message = [Some(issues::message(item)), issues::advice(item)];
    let message: Vec<String> = message.into_iter().flatten().map(|text| unmentioned(&text)).collect();
    let place = match &item.head {
        Some(place) => location(place),
        None => json!({ "path": issues::path(item) }),
    };
    let related: Vec<Value> = item
        .related
        .iter()
        .map(|(name, place)| json!({ "message": unmentioned(name), "location": location(place) }))
        .collect();
    filled(json!({
        "message": message.join("\n\n"),
        "location": place,
        "severity": severity,
        "suggestions": item.suggestion.as_ref().filter(|edit| *edit.path == *issues::path(item)).map(|edit| json!([suggestion(edit)])),
        "code": filled(json!({ "value": rule.id, "url": issues::rule_url(rule) })),
        "related_locations": if related.is_empty() { Value::Null } else { related.into() },
    }))
}

/// Whole lines, which is what a range without columns means.
fn suggestion(edit: &Edit) -> Value {
    json!({
        "range": { "start": { "line": edit.line }, "end": { "line": edit.end_line } },
        "text": edit.text,
    })
}

fn location(place: &Place) -> Value {
    let (start, end) = place.bytes;
    json!({
        "path": &*place.at.path,
        "range": {
            "start": { "line": place.at.line, "column": start },
            "end": { "line": place.at.end_line, "column": end },
        },
    })
}

/// Messages become comments on forges, and a contract must not call people: a space of no width parts `@` from a name.
fn unmentioned(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        out.push(c);
        let names = characters.peek().is_some_and(|next| next.is_alphanumeric() || *next == '_');
        if c == '@' && !before.is_alphanumeric() && names {
            out.push('\u{200b}');
        }
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unmentioned;

    #[test]
    fn nobody_is_called_by_a_contract() {
        assert_eq!(unmentioned("@all, `@x` a@b.c @ 1"), "@\u{200b}all, `@\u{200b}x` a@b.c @ 1");
    }
}
