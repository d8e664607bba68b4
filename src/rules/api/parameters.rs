//! Parameters of operations. One entry per rule; the prose is in `docs/rules/`.

use crate::model::ChangeKind;
use crate::rules::finding::Severity::{Error, Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::API;

pub static PARAMETER_ADDED: Rule = Rule {
    id: "parameter-added",
    title: "Required parameter added",
    levels: Levels::ByFlow { in_: Some(Error), out: None, stored: None },
    message: "`{subject}` is a new parameter that every request must carry.",
    help: "Make `{subject}` optional and let the server choose a value when it is missing.",
    check: Check::on(&[ChangeKind::ParameterAdded]),
    page: page!("parameter-added"),
    ..API
};

pub static PARAMETER_REMOVED: Rule = Rule {
    id: "parameter-removed",
    title: "Parameter removed",
    levels: Levels::ByFlow { in_: Some(Warning), out: Some(Error), stored: None },
    message: "in: The parameter `{subject}` was removed: what clients send in it is ignored or refused.\nout: The parameter `{subject}` was removed: receivers that read it get nothing.",
    help: "in: Keep accepting it and mark it `deprecated: true` until clients stop sending it.\nout: Keep sending it and mark it `deprecated: true` until no receiver reads it.",
    check: Check::Change { kinds: &[ChangeKind::ParameterRemoved], when: |change| change.facts.retired.is_none() },
    page: page!("parameter-removed"),
    ..API
};

pub static PARAMETER_RETIRED: Rule = Rule {
    id: "parameter-retired",
    title: "Parameter removed as announced",
    levels: Levels::Always(Note),
    message: "The parameter `{subject}` was removed as announced: {reason}.",
    help: "Check that hardly anybody sends it any more.",
    check: Check::Change { kinds: &[ChangeKind::ParameterRemoved], when: |change| change.facts.retired.is_some() },
    page: page!("parameter-retired"),
    ..API
};

pub static PARAMETER_REQUIRED: Rule = Rule {
    id: "parameter-required",
    title: "Parameter became required",
    levels: Levels::ByFlow { in_: Some(Error), out: None, stored: None },
    message: "The parameter `{subject}` was optional and must now be sent.",
    help: "Leave it optional and let the server choose a value when it is missing.",
    check: Check::on(&[ChangeKind::ParameterRequired]),
    page: page!("parameter-required"),
    ..API
};

pub static PARAMETER_SERIALIZATION_CHANGED: Rule = Rule {
    id: "parameter-serialization-changed",
    title: "Parameter is written differently",
    message: "The way `{subject}` is written on the wire changed: {before} → {after}.",
    help: "Add a parameter under a new name for the new spelling and keep the old one.",
    check: Check::on(&[ChangeKind::ParameterSerialization]),
    page: page!("parameter-serialization-changed"),
    ..API
};

pub static PARAMETER_OPTIONAL: Rule = Rule {
    id: "parameter-optional",
    title: "Parameter that receivers get became optional",
    levels: Levels::ByFlow { in_: None, out: Some(Error), stored: None },
    message: "The parameter `{subject}` came with every call and may now be missing.",
    help: "Keep sending it with every call.",
    check: Check::on(&[ChangeKind::ParameterOptional]),
    page: page!("parameter-optional"),
    ..API
};
