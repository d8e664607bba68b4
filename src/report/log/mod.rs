//! What happened to a subject, commit by commit: one file for each format.

pub mod json;
mod lines;
pub mod markdown;
pub mod text;

use crate::history::follow::{Followed, Why};
use crate::model::past::{End, Event, Past};
use crate::model::{ChangeKind as Kind, EntityKind, Layer};

use super::changelog::words::Words;
use super::markup::{code, prose};
use super::text::{clip, count, one_line};
use super::{ChangeItem, Revision, headline};

/// A history and what is needed to print it.
pub struct Log<'a> {
    pub revision: Revision,
    /// What was asked for; `None` is everything.
    pub words: Option<&'a str>,
    pub past: &'a Past,
    pub followed: &'a Followed<'a>,
    /// Lines of a commit are not left out.
    pub all: bool,
}

/// Whether something came, changed or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    Added,
    Changed,
    Removed,
}

impl Sign {
    pub fn mark(self) -> char {
        match self {
            Self::Added => '+',
            Self::Changed => '~',
            Self::Removed => '-',
        }
    }
}

/// Characters of a type or value.
const VALUE: usize = 100;

/// What an event says, in Markdown.
pub(super) fn said(event: &Event, why: &Why) -> (Sign, String) {
    if let (Why::Whole, Kind::EntityAdded | Kind::EntityRemoved) = (why, event.kind) {
        let what = code(&one_line(&event.subject));
        let noun = noun(event);
        return match event.kind {
            Kind::EntityAdded => (Sign::Added, format!("came with {noun} {what}")),
            _ => (Sign::Removed, format!("went with {noun} {what}")),
        };
    }
    let words = Words::of(&item(event));
    let sign = match event.kind {
        Kind::OperationDeprecated | Kind::AttributeDeprecated => Sign::Changed,
        _ => match words.section {
            0 => Sign::Added,
            3 => Sign::Removed,
            _ => Sign::Changed,
        },
    };
    let mut text = words.to_string();
    match event.kind {
        Kind::EntityAdded if !event.attributes.is_empty() => {
            let noun = if event.layer == Layer::Sql { "column" } else { "property" };
            text.push_str(&format!(" ({})", counted(event.attributes.len(), noun)));
        }
        Kind::KeyAdded | Kind::KeyRemoved => {
            let definition = event.after.as_deref().or(event.before.as_deref()).unwrap_or_default();
            text.push_str(&format!(": {}", code(&clip(&one_line(definition), VALUE))));
        }
        Kind::AttributeDeprecated | Kind::OperationDeprecated => text.push_str(" is deprecated"),
        Kind::AttributeRemoved => {
            if let Some(other) = &event.other_name {
                text.push_str(&format!(", perhaps renamed to {}", code(&one_line(other))));
            }
        }
        _ => {}
    }
    (sign, text)
}

/// The type that an attribute came with.
fn type_of(event: &Event, names: &[(Layer, String)]) -> Option<String> {
    let attribute = |name: &str| {
        let part = name.strip_prefix(event.subject.as_str())?.strip_prefix('.')?;
        let mut came = event.attributes.iter().filter(|_| event.kind == Kind::EntityAdded);
        came.find(|(own, _)| **own == *part).map(|(_, of)| prose(&clip(&one_line(of), VALUE)))
    };
    names.iter().filter(|(layer, _)| *layer == event.layer).find_map(|(_, name)| attribute(name))
}

fn counted(number: usize, noun: &str) -> String {
    if noun == "property" && number != 1 { format!("{number} properties") } else { count(number, noun) }
}

fn noun(event: &Event) -> &'static str {
    match (event.entity, event.layer) {
        (Some(EntityKind::View | EntityKind::MaterializedView), _) => "view",
        (Some(EntityKind::Enum), Layer::Sql) => "type",
        (_, Layer::Sql) => "table",
        _ => "schema",
    }
}

/// The event as the change that it was.
fn item(event: &Event) -> ChangeItem {
    ChangeItem {
        layer: event.layer,
        kind: event.kind,
        subject: event.subject.clone(),
        detail: event.detail.clone(),
        entity: event.entity,
        before: event.before.clone(),
        after: event.after.clone(),
        effect: event.effect.name(),
        breaking: event.severity == Some(crate::model::Severity::Error),
        base: None,
        head: None,
    }
}

/// `users.email as of main@1a2b3c4: 5 of 214 commits`
fn title(log: &Log<'_>) -> String {
    let what = log.words.map_or("Everything".to_string(), one_line);
    format!(
        "{what} as of {}: {} of {}",
        headline::revision(&log.revision),
        log.followed.told.len(),
        count(log.past.walked, "commit")
    )
}

/// The names that were followed, where there are more than the one that was asked for.
fn names(log: &Log<'_>) -> Vec<String> {
    let names: Vec<String> = log.followed.names.iter().map(|(_, name)| one_line(name)).collect();
    if names.len() == 1 && log.words.is_some_and(|words| one_line(words) == names[0]) { Vec::new() } else { names }
}

/// What is before the oldest commit, where something is.
pub(super) fn end(end: &End) -> Option<String> {
    match end {
        End::Root | End::Range => None,
        End::Shallow { commit, date } => Some(format!(
            "This clone is cut off at {} ({date}): what that commit holds may be older. `git fetch --unshallow` gets the rest.",
            short(commit)
        )),
    }
}

/// Seven digits of a hash.
pub(super) fn short(id: &str) -> &str {
    id.get(..7).unwrap_or(id)
}
