//! The sentence that says who is affected.
//!
//! Comes in: a change, the usages of its hurt flows, the hurt flows. Goes out: a sentence to append, with its leading space,
//! or nothing when the message has already said it. Must not know: output formats.

use crate::model::{Change, ChangeKind, Effect, Flow, Flows, Layer, Usage};

/// True for a change of contract values that no operation sends or receives. A name is no value: generated code has it anyway.
pub fn is_unused(change: &Change) -> bool {
    let valued = change.kind >= ChangeKind::EntityAdded && change.kind != ChangeKind::EntityRenamed;
    let valued = valued && change.layer == Layer::Api;
    valued && change.usages.is_empty() && change.flows.is_empty()
}

/// Who is affected by the effect, and why that is not certain when it is not.
pub fn sentence(change: &Change, effect: Effect, usages: &[Usage], hurt: Flows) -> String {
    let mut text = String::new();
    if is_unused(change) {
        text.push_str(" No operation uses it.");
    }
    let parts = whom(change, usages, hurt);
    if !parts.is_empty() {
        text.push_str(&format!(" Affects {}.", list(&parts)));
    }
    if effect == Effect::Undecided {
        text.push_str(&undecided(change));
    }
    if let Some(part) = change.facts.left_out {
        text.push_str(&format!(
            " The statement gives the whole definition anew and does not say {part}; if that was forgotten, say it again."
        ));
    }
    if change.facts.tainted {
        text.push_str(" Part of it could not be read, so this may be wrong.");
    }
    text
}

/// Who is affected: clients by what they do, code and rows.
pub fn whom(change: &Change, usages: &[Usage], hurt: Flows) -> Vec<String> {
    match change.layer {
        _ if is_unused(change) => Vec::new(),
        Layer::Api => clients(change, usages),
        Layer::Sql | Layer::Link => hurt.iter().map(|flow| code(flow).to_string()).collect(),
    }
}

/// That the effect is open, and why.
pub fn undecided(change: &Change) -> String {
    match &change.facts.undecided {
        Some(why) => format!(" Whether this breaks anything could not be decided: {why}."),
        None => " Whether this breaks anything could not be decided.".into(),
    }
}

/// The sentence for what only the edit of a migration does: databases that have run it take no step.
pub fn by_edit(migration: &str) -> String {
    format!(
        " Only new databases get this: `{migration}` is edited, and those that have run it keep what it did before."
    )
}

fn code(flow: Flow) -> &'static str {
    match flow {
        Flow::In => "code that writes it",
        Flow::Out => "code that reads it",
        Flow::Stored => "rows already stored",
    }
}

/// The sentence for findings that come from no change: the usages alone say who is affected.
pub fn clients_of(usages: &[Usage]) -> String {
    let mut parts = Vec::new();
    for (flow, verb, with) in VERBS {
        let operations = operations(usages.iter().filter(|u| u.flow == flow));
        if !operations.is_empty() {
            parts.push(format!("clients that {verb} {with} {}", some(&operations)));
        }
    }
    if parts.is_empty() { String::new() } else { format!(" Affects {}.", list(&parts)) }
}

const VERBS: [(Flow, &str, &str); 2] = [(Flow::In, "send", "to"), (Flow::Out, "read", "from")];

/// Clients by what they do; a change inside one operation has named that operation already.
fn clients(change: &Change, usages: &[Usage]) -> Vec<String> {
    let of_flow = |flow: Flow| operations(usages.iter().filter(move |u| u.flow == flow));
    let named = |operations: &[&str]| matches!(operations, [only] if within(&change.subject, only));
    if change.kind < ChangeKind::EntityAdded {
        let all = operations(usages.iter());
        return if all.is_empty() || named(&all) { Vec::new() } else { vec![format!("clients of {}", some(&all))] };
    }
    let mut parts = Vec::new();
    for (flow, verb, with) in VERBS {
        let operations = of_flow(flow);
        if named(&operations) {
            parts.push(format!("clients that {verb} it"));
        } else if !operations.is_empty() {
            parts.push(format!("clients that {verb} {with} {}", some(&operations)));
        }
    }
    parts
}

fn within(subject: &str, operation: &str) -> bool {
    subject.strip_prefix(operation).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '.', '[']))
}

/// The distinct operations, in the order of the usages.
fn operations<'a>(usages: impl Iterator<Item = &'a Usage>) -> Vec<&'a str> {
    let mut seen = std::collections::HashSet::new();
    usages.map(|u| &*u.operation).filter(|o| seen.insert(*o)).collect()
}

/// The first operation and how many more there are.
fn some(operations: &[&str]) -> String {
    match operations {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first, second] => format!("`{first}` and `{second}`"),
        [first, rest @ ..] => format!("`{first}` and {} more operations", rest.len()),
    }
}

/// `a`, `a and b`, `a, b and c`
pub fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
