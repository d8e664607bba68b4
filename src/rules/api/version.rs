//! What a contract calls itself, against what its changes weigh. Policy tells these, because only it knows which changes break.

use crate::config::Promise;
use crate::rules::finding::Severity::{Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::API;

pub static VERSION_UNDERSTATES_CHANGE: Rule = Rule {
    id: "version-understates-change",
    title: "Declared version promises less change than there is",
    levels: Levels::Always(Warning),
    help: "Set `info.version` to {next}, or leave what does not fit into {after} for a later release.",
    check: Check::Verdict,
    page: page!("version-understates-change"),
    ..API
};

pub static VERSION_UNCHANGED: Rule = Rule {
    id: "version-unchanged",
    title: "Contract changed under the same version",
    levels: Levels::Always(Note),
    promise: Promise::Strict,
    help: "Set `info.version` to {next} when this is released.",
    check: Check::Verdict,
    page: page!("version-unchanged"),
    ..API
};
