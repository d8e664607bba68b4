//! What a rule says.

use crate::model::origin::Origin;
use crate::model::{Flow, Usage, Witness};

pub use crate::model::Severity;

use super::rule::Rule;

/// Whether the change brought it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    Introduced,
    Existing,
    Resolved,
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Self::Introduced => "introduced",
            Self::Existing => "existing",
            Self::Resolved => "resolved",
        }
    }
}

/// One finding. Built by the engine from a rule and a change or state.
#[derive(Debug, Clone)]
pub struct Finding {
    pub rule: &'static Rule,
    pub severity: Severity,
    pub status: Status,
    pub subject: String,
    /// What tells two findings of one rule at one subject apart (a value, a key, a parameter); part of the fingerprint.
    pub detail: String,
    pub flow: Option<Flow>,
    /// What, where, before → after, who is affected and why. Plain words, one to three sentences.
    pub message: String,
    /// What to do instead, concrete, with the user's own names.
    pub help: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub witness: Option<Witness>,
    pub base: Option<Origin>,
    pub head: Option<Origin>,
    pub usages: Vec<Usage>,
    /// Subjects of the other layer that are linked to it.
    pub links: Vec<String>,
    /// The other end of a disagreement, with the name it goes by: where the linked column is defined.
    pub related: Vec<(String, Origin)>,
    /// What it sums up, where one finding tells several.
    pub parts: Vec<Part>,
    /// Since which commit it is so, and what that did, where the rule knows.
    pub since: Option<(String, String)>,
    /// What to put in place of something in head, where that alone settles it.
    pub suggestion: Option<Suggestion>,
}

/// Another text for a span of head. Only where it is certain: the finding goes, nothing else comes, no other file has to
/// change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suggestion {
    pub at: Origin,
    pub rewrite: Rewrite,
}

/// What becomes of the text of a span. Rules know spans, not texts, so the place inside is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rewrite {
    /// Another number in place of the one that it ends with.
    Number(u64),
    /// Words after the first of this one.
    After(&'static str, &'static str),
    /// Words at its end, before a semicolon.
    End(&'static str),
}

/// One of several things that a finding tells.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    pub rule: &'static Rule,
    pub severity: Severity,
    pub flow: Option<Flow>,
}

impl Finding {
    /// What a state rule says about one subject of one revision, at the rule's level (the worst of its
    /// flows). The engine moves `origin` to the base when it runs there; the caller adds message, help and the rest.
    pub fn state(rule: &'static Rule, subject: impl Into<String>, origin: Option<Origin>) -> Self {
        Self {
            rule,
            severity: rule.levels.worst(),
            status: Status::Introduced,
            subject: subject.into(),
            detail: String::new(),
            flow: None,
            message: String::new(),
            help: rule.help.to_string(),
            before: None,
            after: None,
            witness: None,
            base: None,
            head: origin,
            usages: Vec::new(),
            links: Vec::new(),
            related: Vec::new(),
            parts: Vec::new(),
            since: None,
            suggestion: None,
        }
    }
}
