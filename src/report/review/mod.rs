//! A code review that a bot posts as it is: comments at lines that the provider takes, the rest in the text of the review.
//!
//! Comes in: the report, the lines that the provider shows ([`Patch`]), what was posted before. Goes out: the JSON
//! document that the commands in `docs/review-bot.md` send. Every introduced finding is in it: as a comment, in a text,
//! or under `left_out` with the reason. Must not know: git, tokens, networks.

mod anchor;
mod github;
mod gitlab;
mod plan;
mod posted;
mod text;

pub use gitlab::Refs;
pub use posted::fingerprints;

use std::collections::BTreeSet;

use serde_json::Value;

use super::Report;
use crate::model::patch::Patch;

/// Version of the document: fields may be added within a version, never removed or renamed.
pub const VERSION: u32 = 1;

/// What a review needs beside the report.
#[derive(Debug, Clone)]
pub struct Context {
    pub patch: Patch,
    /// Tells the comments of several jobs apart.
    pub key: String,
    /// Fingerprints that were posted before.
    pub posted: BTreeSet<String>,
    /// Errors ask for changes, which holds the merge until somebody dismisses it.
    pub request_changes: bool,
    pub refs: Refs,
}

/// Whose review it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    GitHub,
    GitLab,
}

impl Provider {
    /// The parts that can be asked for alone.
    pub fn parts(self) -> &'static [&'static str] {
        match self {
            Self::GitHub => &["review", "files", "summary", "resolved", "left_out"],
            Self::GitLab => &["discussions", "note", "resolved", "left_out"],
        }
    }
}

/// The document, or one part of it.
pub fn render(report: &Report, context: &Context, provider: Provider, part: Option<&str>) -> String {
    let plan = plan::plan(report, context, provider);
    let mut document = match provider {
        Provider::GitHub => github::envelope(report, context, &plan),
        Provider::GitLab => gitlab::envelope(report, context, &plan),
    };
    match part {
        Some(part) => super::json::pretty(&document.get_mut(part).map(Value::take).unwrap_or_default()),
        None => super::json::pretty(&document),
    }
}
