//! Properties: added, removed, required, and what is said about them besides their values. One entry per rule; the prose is in `docs/rules/`.

use crate::model::{Change, ChangeKind, Effect, Flow};
use crate::rules::finding::Severity::{Error, Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::API;

/// True when values take that way, or nothing is known of their use.
fn in_flow(change: &Change, flow: Flow) -> bool {
    change.flows.is_empty() || change.flows.has(flow)
}

pub static PROPERTY_ADDED: Rule = Rule {
    id: "property-added",
    title: "Required property added",
    levels: Levels::ByFlow { in_: Some(Error), out: None, stored: None },
    message: "`{subject}` is a new property that requests must carry.",
    help: "Make `{attribute}` optional, or give it a default, and require it only in a new version of the request.",
    check: Check::on(&[ChangeKind::AttributeAdded]),
    page: page!("property-added"),
    ..API
};

pub static PROPERTY_REMOVED: Rule = Rule {
    id: "property-removed",
    title: "Property removed",
    levels: Levels::ByFlow { in_: Some(Warning), out: Some(Error), stored: None },
    message: "The property `{subject}` ({before}) was removed.",
    help: "Keep `{attribute}`, mark it `deprecated: true`, and remove it when nobody reads it any more.",
    check: Check::Change {
        kinds: &[ChangeKind::AttributeRemoved],
        when: |change| change.facts.retired.is_none() && !refused(change),
    },
    page: page!("property-removed"),
    ..API
};

/// True for a property that its object refuses from now on.
fn refused(change: &Change) -> bool {
    change.lost.is_some() && in_flow(change, Flow::In)
}

pub static PROPERTY_REFUSED: Rule = Rule {
    id: "property-refused",
    title: "Property removed from a closed object",
    levels: Levels::ByFlow { in_: Some(Error), out: None, stored: None },
    message: "The property `{subject}` ({before}) was removed, and its object takes no others: requests that carry it are refused.",
    help: "Keep `{attribute}`, mark it `deprecated: true` and ignore it; or let the object take undeclared properties until nobody sends it.",
    check: Check::Change {
        kinds: &[ChangeKind::AttributeRemoved],
        when: |change| change.facts.retired.is_none() && refused(change),
    },
    page: page!("property-refused"),
    ..API
};

pub static PROPERTY_RETIRED: Rule = Rule {
    id: "property-retired",
    title: "Property removed as announced",
    levels: Levels::ByFlow { in_: Some(Note), out: Some(Note), stored: None },
    message: "The property `{subject}` ({before}) was removed as announced: {reason}.",
    help: "Check that clients have stopped using `{attribute}`.",
    check: Check::Change { kinds: &[ChangeKind::AttributeRemoved], when: |change| change.facts.retired.is_some() },
    page: page!("property-retired"),
    ..API
};

pub static PROPERTY_REQUIRED: Rule = Rule {
    id: "property-required",
    title: "Property became required",
    levels: Levels::ByFlow { in_: Some(Error), out: None, stored: None },
    message: "`{subject}` was optional and is now required: requests without it are refused.",
    help: "Leave `{attribute}` optional in requests and fill in a value on the server.",
    check: Check::on(&[ChangeKind::AttributeRequired]),
    page: page!("property-required"),
    ..API
};

pub static PROPERTY_OPTIONAL: Rule = Rule {
    id: "property-optional",
    title: "Property became optional",
    levels: Levels::ByFlow { in_: None, out: Some(Error), stored: None },
    message: "`{subject}` was always present and may now be missing: clients that rely on it meet nothing.",
    help: "Keep `{attribute}` in `required` and always send it.",
    check: Check::on(&[ChangeKind::AttributeOptional]),
    page: page!("property-optional"),
    ..API
};

pub static DEFAULT_CHANGED: Rule = Rule {
    id: "default-changed",
    title: "Default changed",
    levels: Levels::Always(Warning),
    message: "The default of `{subject}` changed: {before} → {after}. Clients that leave it out get another behaviour without changing anything.",
    help: "Keep the default {before} and let clients ask for {after}.",
    // A default that appears describes what the server did all along; readers leave nothing out.
    check: Check::Change {
        kinds: &[ChangeKind::DefaultChanged],
        when: |change| change.before.is_some() && in_flow(change, Flow::In),
    },
    page: page!("default-changed"),
    ..API
};

pub static READ_ONLY_CHANGED: Rule = Rule {
    id: "read-only-changed",
    title: "Read-only changed",
    levels: Levels::Always(Warning),
    message: "`readOnly` of `{subject}` changed: {before} → {after}. A read-only property is ignored or refused when it is sent.",
    help: "Accept `{attribute}` in requests as before, or use separate schemas for requests and responses.",
    check: Check::Change {
        kinds: &[ChangeKind::ReadOnlyChanged],
        when: |change| in_flow(change, Flow::In) && !demanded(change),
    },
    page: page!("read-only-changed"),
    ..API
};

/// True for a required property that requests did not carry because it was read-only.
fn demanded(change: &Change) -> bool {
    change.facts.required && change.effect == Effect::Widens
}

pub static READ_ONLY_REQUIRED: Rule = Rule {
    id: "read-only-required",
    title: "Required property no longer read-only",
    levels: Levels::Always(Error),
    message: "`{subject}` is required and no longer read-only: requests, which did not carry it, must carry it now.",
    help: "Keep `readOnly: true`, or take `{attribute}` out of `required` for requests and fill in a value on the server.",
    check: Check::Change {
        kinds: &[ChangeKind::ReadOnlyChanged],
        when: |change| in_flow(change, Flow::In) && demanded(change),
    },
    page: page!("read-only-required"),
    ..API
};

pub static WRITE_ONLY_CHANGED: Rule = Rule {
    id: "write-only-changed",
    title: "Write-only changed",
    levels: Levels::Always(Warning),
    message: "`writeOnly` of `{subject}` changed: {before} → {after}. A write-only property is not sent back to clients.",
    help: "Keep what clients read as it was; use separate schemas for requests and responses.",
    check: Check::Change { kinds: &[ChangeKind::WriteOnlyChanged], when: |change| in_flow(change, Flow::Out) },
    page: page!("write-only-changed"),
    ..API
};
