//! A reference that leads to another schema: one edit, told once with all that it brings.
//!
//! Comes in: the change and what the rules say of its parts. Goes out: one finding, as bad as the worst of them. Must not
//! know: output formats.

use std::collections::HashSet;

use crate::model::{Change, Effect};

use super::api::REFERENCE_CHANGED;
use super::finding::{Finding, Part, Severity};
use super::{affected, text};

/// Kinds of differences, and names for each, that a message lists.
const KINDS: usize = 4;
const NAMES: usize = 5;

/// One finding for all, a single one under its own rule; `None` when nothing of it matters.
pub fn finding(change: &Change, mut parts: Vec<Finding>) -> Option<Finding> {
    parts.sort_by_key(|part| part.severity);
    let worst = parts.first()?.clone();
    if parts.len() == 1 {
        return Some(Finding { base: change.base, head: change.head, ..worst });
    }
    let mut seen = HashSet::new();
    let usages: Vec<_> = parts.iter().flat_map(|part| &part.usages).filter(|u| seen.insert(*u)).cloned().collect();
    let mut message = format!("{}: {}.", text::fill(REFERENCE_CHANGED.message, change), differences(change, &parts));
    message.push_str(&affected::clients_of(&usages));
    let open = change.parts.iter().find(|part| part.effect == Effect::Undecided);
    // A difference that is certain says all there is to say.
    if let Some(open) = open.filter(|_| worst.severity > Severity::Error) {
        message.push_str(&affected::undecided(open));
    }
    Some(Finding {
        rule: &REFERENCE_CHANGED,
        subject: change.subject.clone(),
        detail: String::new(),
        message,
        help: text::fill(REFERENCE_CHANGED.help, change),
        before: change.before.clone(),
        after: change.after.clone(),
        base: change.base,
        head: change.head,
        usages,
        parts: parts.iter().map(|part| Part { rule: part.rule, severity: part.severity, flow: part.flow }).collect(),
        ..worst
    })
}

/// ``property removed (`a`, `b`), type changed (`c`)``
fn differences(change: &Change, parts: &[Finding]) -> String {
    let mut kinds: Vec<(&str, Vec<String>)> = Vec::new();
    for part in parts {
        let inner = part.subject.strip_prefix(change.subject.as_str()).unwrap_or(&part.subject);
        let name = match (inner.trim_start_matches('.'), part.detail.as_str()) {
            ("", detail) => detail.to_string(),
            (inner, "") => inner.to_string(),
            (inner, detail) => format!("{inner}: {detail}"),
        };
        match kinds.iter_mut().find(|(title, _)| *title == part.rule.title) {
            Some((_, names)) => names.push(name),
            None => kinds.push((part.rule.title, vec![name])),
        }
    }
    let said = kinds.iter().take(KINDS).map(|(title, names)| {
        let shown: Vec<String> =
            names.iter().filter(|n| !n.is_empty()).take(NAMES).map(|name| format!("`{name}`")).collect();
        let more = names.len().saturating_sub(NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let title = title.to_lowercase();
        if shown.is_empty() { title } else { format!("{title} ({}{more})", shown.join(", ")) }
    });
    let mut said: Vec<String> = said.collect();
    if kinds.len() > KINDS {
        said.push("and more".into());
    }
    said.join(", ")
}
