//! Contracts, operations, authentication and servers. One entry per rule; the prose is in `docs/rules/`.

use crate::config::Promise;
use crate::model::ChangeKind;
use crate::rules::finding::Severity::{Error, Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::API;

pub static CONTRACT_REMOVED: Rule = Rule {
    id: "contract-removed",
    title: "Contract removed",
    levels: Levels::Always(Error),
    message: "The contract `{subject}` is no longer there, with all its operations.",
    help: "Keep the old contract until no client uses it. If it moved, rename the file in the same change so that it is recognised.",
    check: Check::on(&[ChangeKind::ContractRemoved]),
    page: page!("contract-removed"),
    ..API
};

pub static OPERATION_REMOVED: Rule = Rule {
    id: "operation-removed",
    title: "Operation removed",
    levels: Levels::Always(Error),
    message: "in: `{subject}` was removed: clients that call it get an error.\nout: `{subject}` was removed: receivers that wait for it are no longer called.",
    help: "Keep `{subject}`, mark it `deprecated: true` with an `x-sunset` date, and remove it when nobody calls it any more.",
    check: Check::Change { kinds: &[ChangeKind::OperationRemoved], when: |change| change.facts.retired.is_none() },
    page: page!("operation-removed"),
    ..API
};

pub static OPERATION_DEPRECATED: Rule = Rule {
    id: "operation-deprecated",
    title: "Operation deprecated",
    levels: Levels::Always(Note),
    message: "`{subject}` is now {after}.",
    help: "Say in its description what to use instead, and give an `x-sunset` date.",
    check: Check::on(&[ChangeKind::OperationDeprecated]),
    page: page!("operation-deprecated"),
    ..API
};

pub static OPERATION_ID_CHANGED: Rule = Rule {
    id: "operation-id-changed",
    title: "Operation id changed",
    levels: Levels::Always(Error),
    promise: Promise::Sdk,
    message: "The `operationId` of `{subject}` changed: {before} → {after}. Generated clients rename the method, and code that calls it no longer compiles.",
    help: "Keep `{before}` unless you publish the clients generated from this contract yourself.",
    check: Check::on(&[ChangeKind::OperationIdChanged]),
    page: page!("operation-id-changed"),
    ..API
};

pub static OPERATION_TAGS_CHANGED: Rule = Rule {
    id: "operation-tags-changed",
    title: "Operation moved to other tags",
    levels: Levels::Always(Warning),
    promise: Promise::Sdk,
    message: "The tags of `{subject}` changed: {before} → {after}. Many generators make a class of each tag, so the method moves to another class.",
    help: "Keep the old tags beside the new ones.",
    check: Check::on(&[ChangeKind::OperationTagsChanged]),
    page: page!("operation-tags-changed"),
    ..API
};

pub static SCHEMA_RENAMED: Rule = Rule {
    id: "schema-renamed",
    title: "Schema renamed",
    levels: Levels::Always(Error),
    promise: Promise::Sdk,
    message: "The schema `{before}` is now called `{after}`. Generated clients rename the class, and code that names it no longer compiles.",
    help: "Keep the name `{before}`; say what you want to say in `title`.",
    check: Check::on(&[ChangeKind::EntityRenamed]),
    page: page!("schema-renamed"),
    ..API
};

pub static SECURITY_CHANGED: Rule = Rule {
    id: "security-changed",
    title: "Security requirement changed",
    message: "What `{subject}` asks for as authentication changed: {before} → {after}.",
    help: "Add the new requirement as an alternative beside {before}, move the clients, then remove the old one.",
    check: Check::on(&[ChangeKind::SecurityChanged]),
    page: page!("security-changed"),
    ..API
};

pub static SECURITY_SCHEME_CHANGED: Rule = Rule {
    id: "security-scheme-changed",
    title: "Security scheme changed",
    levels: Levels::ByFlow { in_: Some(Error), out: None, stored: None },
    message: "The security scheme `{subject}` changed: {before} → {after}. Credentials sent the old way are refused.",
    help: "Declare the new scheme under a new name, offer both as alternatives, and remove the old one later.",
    check: Check::on(&[ChangeKind::SecuritySchemeChanged]),
    page: page!("security-scheme-changed"),
    ..API
};

pub static SERVER_REMOVED: Rule = Rule {
    id: "server-removed",
    title: "Server removed",
    levels: Levels::Always(Warning),
    message: "The server `{before}` is no longer listed: clients configured with it may stop working.",
    help: "Keep the old address listed and answering until clients have moved.",
    check: Check::on(&[ChangeKind::ServerRemoved]),
    page: page!("server-removed"),
    ..API
};

pub static SERVER_VARIABLE_CHANGED: Rule = Rule {
    id: "server-variable-changed",
    title: "Variable of a server changed",
    levels: Levels::Always(Warning),
    message: "The variable `{detail}` in the address of a server of `{subject}` changed: {before} → {after}. Clients that use the old address may reach nothing.",
    help: "Keep offering the old values and the old default until clients have moved.",
    check: Check::on(&[ChangeKind::ServerVariableChanged]),
    page: page!("server-variable-changed"),
    ..API
};

pub static OPERATION_RETIRED: Rule = Rule {
    id: "operation-retired",
    title: "Operation removed as announced",
    levels: Levels::Always(Note),
    message: "`{subject}` was removed as announced: {reason}.",
    help: "Check in the access logs that nobody calls `{subject}` any more.",
    check: Check::Change { kinds: &[ChangeKind::OperationRemoved], when: |change| change.facts.retired.is_some() },
    page: page!("operation-retired"),
    ..API
};

pub static SUNSET_SHORTENED: Rule = Rule {
    id: "sunset-shortened",
    title: "Announced end moved nearer",
    levels: Levels::Always(Warning),
    message: "The announced end of `{subject}` changed: {before} → {after}. Clients planned with the old date.",
    help: "Keep the date {before}, or move it further away.",
    check: Check::on(&[ChangeKind::SunsetShortened]),
    page: page!("sunset-shortened"),
    ..API
};

pub static STABILITY_LOWERED: Rule = Rule {
    id: "stability-lowered",
    title: "Stability level lowered",
    levels: Levels::Always(Warning),
    message: "`{subject}` promises less stability than before: {before} → {after}.",
    help: "Keep `{before}`; offer what is not settled yet as an operation of its own.",
    check: Check::on(&[ChangeKind::StabilityLowered]),
    page: page!("stability-lowered"),
    ..API
};
