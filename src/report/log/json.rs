//! A history as JSON, version 1: keys in a fixed order, lines 1-based.

use serde::Serialize;

use crate::history::follow::{Told, Why};
use crate::model::past::{Commit, End, Event};
use crate::model::{Flow, Severity};
use crate::report::json::{RevisionOut, pretty, revision};

use super::{Log, said};

/// One document that ends with a line break.
pub fn render(log: &Log<'_>) -> String {
    pretty(&Document {
        version: 1,
        revision: revision(&log.revision),
        subject: log.words,
        names: log.followed.names.iter().map(|(layer, name)| NameOut { layer: layer.name(), name }).collect(),
        walked: log.past.walked,
        end: end(&log.past.end),
        commits: log.followed.told.iter().map(told).collect(),
    })
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    revision: RevisionOut<'a>,
    subject: Option<&'a str>,
    names: Vec<NameOut<'a>>,
    walked: usize,
    end: EndOut<'a>,
    commits: Vec<CommitOut<'a>>,
}

#[derive(Serialize)]
struct NameOut<'a> {
    layer: &'static str,
    name: &'a str,
}

/// Where history ends, and how.
#[derive(Serialize)]
pub(in crate::report) struct EndOut<'a> {
    kind: &'static str,
    commit: Option<&'a str>,
}

pub(in crate::report) fn end(end: &End) -> EndOut<'_> {
    match end {
        End::Root => EndOut { kind: "root", commit: None },
        End::Range => EndOut { kind: "range", commit: None },
        End::Shallow { commit, .. } => EndOut { kind: "shallow", commit: Some(commit) },
    }
}

#[derive(Serialize)]
struct CommitOut<'a> {
    #[serde(flatten)]
    commit: Head<'a>,
    events: Vec<EventOut<'a>>,
}

/// A commit without what it did.
#[derive(Serialize)]
pub(in crate::report) struct Head<'a> {
    id: &'a str,
    date: String,
    time: i64,
    author: &'a str,
    email: &'a str,
    subject: &'a str,
}

pub(in crate::report) fn head(commit: &Commit) -> Head<'_> {
    Head {
        id: &commit.id,
        date: commit.date.to_string(),
        time: commit.time,
        author: &commit.author,
        email: &commit.email,
        subject: &commit.subject,
    }
}

#[derive(Serialize)]
pub(in crate::report) struct EventOut<'a> {
    layer: &'static str,
    kind: String,
    source: &'a str,
    subject: &'a str,
    detail: &'a str,
    entity: Option<&'static str>,
    before: Option<&'a str>,
    after: Option<&'a str>,
    other_name: Option<&'a str>,
    effect: &'static str,
    severity: Option<&'static str>,
    flow: Option<&'static str>,
    whom: &'a str,
    usages: Vec<UsageOut<'a>>,
    attributes: Vec<AttributeOut<'a>>,
    path: Option<&'a str>,
    line: Option<u32>,
    /// How it concerns the subject: `own`, `whole` (of its entity), `key`, `through`.
    why: &'static str,
    text: String,
}

#[derive(Serialize)]
struct UsageOut<'a> {
    operation: &'a str,
    flow: &'static str,
}

#[derive(Serialize)]
struct AttributeOut<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
}

fn told<'a>(told: &'a Told<'_>) -> CommitOut<'a> {
    CommitOut { commit: head(told.commit), events: told.events.iter().map(|(e, why)| event(e, why)).collect() }
}

pub(in crate::report) fn event<'a>(event: &'a Event, why: &Why) -> EventOut<'a> {
    EventOut {
        layer: event.layer.name(),
        kind: event.kind.name(),
        source: &event.source,
        subject: &event.subject,
        detail: &event.detail,
        entity: event.entity.map(|entity| entity.name()),
        before: event.before.as_deref(),
        after: event.after.as_deref(),
        other_name: event.other_name.as_deref(),
        effect: event.effect.name(),
        severity: event.severity.map(Severity::name),
        flow: event.flow.map(Flow::name),
        whom: &event.whom,
        usages: event.usages.iter().map(|(o, flow)| UsageOut { operation: o, flow: flow.name() }).collect(),
        attributes: event.attributes.iter().map(|(name, kind)| AttributeOut { name, kind }).collect(),
        path: event.at.as_ref().map(|(path, _)| &**path),
        line: event.at.as_ref().map(|(_, line)| *line),
        why: match why {
            Why::Own => "own",
            Why::Whole => "whole",
            Why::Key => "key",
            Why::Through => "through",
        },
        text: said(event, why).1,
    }
}
