//! What of a past concerns a subject, by all the names it has had.
//!
//! Comes in: a past and the words of a user. Goes out: commits with the events that concern what the words name. Going back
//! in time, a rename gives the subject the name it had before. Must not know: output formats.

use std::collections::BTreeSet;

use crate::config::glob::text_matches;
use crate::config::nearest::nearest;
use crate::model::past::{Commit, Event, Past};
use crate::model::{ChangeKind as Kind, Layer};

/// A name in a layer.
pub type Name = (Layer, String);

/// How an event concerns the subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It is about the subject, or about a part of it.
    Own,
    /// The entity of the attribute came or went as a whole.
    Whole,
    /// A key or condition that the column is part of.
    Key,
    /// What an operation sends or receives changed.
    Through,
}

/// A commit and what of it concerns the subject.
#[derive(Debug, Clone)]
pub struct Told<'p> {
    pub commit: &'p Commit,
    pub events: Vec<(&'p Event, Why)>,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Followed<'p> {
    /// Newest first.
    pub told: Vec<Told<'p>>,
    /// All names that were followed, the newest first.
    pub names: Vec<Name>,
}

/// The names that words stand for among all that a past speaks of, and `others`: as written, else whatever the case, else as
/// a pattern in which `*` stands for any text. Nothing where nothing is called so; then perhaps a name that is near.
pub fn names(past: &Past, words: &str, others: &[Name]) -> Result<Vec<Name>, Option<String>> {
    let mut known: BTreeSet<Name> = others.iter().cloned().collect();
    for event in past.commits.iter().flat_map(|commit| &commit.events) {
        known.insert((event.layer, event.subject.clone()));
        if let (Kind::EntityRenamed, Some(other)) = (event.kind, &event.other_name) {
            known.insert((event.layer, other.clone()));
        }
        known.extend(event.attributes.iter().map(|(name, _)| (event.layer, format!("{}.{name}", event.subject))));
        if let Some((entity, _)) = event.subject.rsplit_once('.').filter(|_| !event.subject.contains(' ')) {
            known.insert((event.layer, entity.to_string()));
            if let (Kind::AttributeRenamed, Some(other)) = (event.kind, &event.other_name) {
                known.insert((event.layer, format!("{entity}.{other}")));
            }
        }
        known.extend(event.usages.iter().map(|(operation, _)| (Layer::Api, operation.to_string())));
    }
    let words = words.trim();
    let lower = words.to_lowercase();
    let with =
        |fits: &dyn Fn(&str) -> bool| -> Vec<Name> { known.iter().filter(|(_, name)| fits(name)).cloned().collect() };
    let attempts = [
        with(&|name| name == words),
        with(&|name| name.to_lowercase() == lower),
        with(&|name| words.contains('*') && text_matches(words, name)),
    ];
    match attempts.into_iter().find(|found| !found.is_empty()) {
        Some(found) => Ok(found),
        None => Err(nearest(words, known.iter().map(|(_, name)| name.as_str())).map(str::to_string)),
    }
}

/// Everything that happened.
pub fn everything(past: &Past) -> Followed<'_> {
    let told = |commit| Told { commit, events: commit.events.iter().map(|event| (event, Why::Own)).collect() };
    Followed { told: past.commits.iter().map(told).collect(), names: Vec::new() }
}

/// What happened to the things of those names, which are their newest.
pub fn follow<'p>(past: &'p Past, subjects: &[Name]) -> Followed<'p> {
    let mut active: Vec<Name> = subjects.to_vec();
    let mut all = active.clone();
    let mut told = Vec::new();
    for commit in &past.commits {
        // Within the commit both names are used.
        let steps: Vec<(&Name, Option<Name>)> = active.iter().map(|now| (now, before(commit, now))).collect();
        let both: Vec<[Name; 2]> =
            steps.iter().map(|(now, then)| [(*now).clone(), then.as_ref().unwrap_or(now).clone()]).collect();
        let concerns = |event: &'p Event| Some((event, both.iter().find_map(|names| why(event, names))?));
        let events: Vec<_> = commit.events.iter().filter_map(concerns).collect();
        let mut older: Vec<Name> = Vec::new();
        for then in steps.into_iter().filter_map(|(_, then)| then) {
            if !older.contains(&then) {
                older.push(then);
            }
        }
        for name in &older {
            if !all.contains(name) {
                all.push(name.clone());
            }
        }
        active = older;
        if !events.is_empty() {
            told.push(Told { commit, events });
        }
    }
    Followed { told, names: all }
}

/// What the name was before the commit; `None` where another thing had that name, which has another one since.
fn before(commit: &Commit, (layer, name): &Name) -> Option<Name> {
    let renamed = |kind: Kind| {
        let of = move |event: &&Event| event.kind == kind && event.layer == *layer && event.other_name.is_some();
        commit.events.iter().filter(of)
    };
    let mut name = name.clone();
    for event in renamed(Kind::EntityRenamed) {
        let now = event.other_name.as_deref().unwrap_or_default();
        if let Some(rest) = inside(&name, now) {
            name = format!("{}{rest}", event.subject);
            break;
        }
    }
    for event in renamed(Kind::AttributeRenamed).chain(renamed(Kind::AttributeRemoved)) {
        let Some((entity, _)) = event.subject.rsplit_once('.') else { continue };
        let now = format!("{entity}.{}", event.other_name.as_deref().unwrap_or_default());
        // What went while another came is the same only where that one did not exist before.
        let came = |other: &Event| other.kind == Kind::AttributeAdded && other.subject == now;
        if event.kind == Kind::AttributeRemoved && !commit.events.iter().any(came) {
            continue;
        }
        if let Some(rest) = inside(&name, &now) {
            return Some((*layer, format!("{}{rest}", event.subject)));
        }
    }
    let came = |whole: &str| {
        let added =
            |event: &Event| event.kind == Kind::AttributeAdded && event.layer == *layer && event.subject == whole;
        commit.events.iter().any(added)
    };
    let away = |event: &Event| inside(&name, &event.subject).is_some() && came(&event.subject);
    let taken = renamed(Kind::AttributeRenamed).any(away);
    (!taken).then_some((*layer, name))
}

/// What follows the name of a whole in the name of its part; empty for the whole itself.
fn inside<'n>(name: &'n str, whole: &str) -> Option<&'n str> {
    name.strip_prefix(whole).filter(|rest| rest.is_empty() || rest.starts_with(['.', ' ', '[', '(']))
}

/// True where the text, the definition of a key, names the column: no part of a longer word, no word of a value.
fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '\'');
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
        ![before, after].into_iter().flatten().any(part)
    })
}

/// How the event concerns the thing that has the first name after the commit, and the second before.
fn why(event: &Event, names: &[Name; 2]) -> Option<Why> {
    let words: Vec<&str> = names.iter().filter_map(|(_, name)| name.rsplit('.').next()).collect();
    let [now, then] = names;
    // What comes into a renamed whole is told with the older name of the whole. What had the name before is another thing.
    let mixed = match (then.1.rsplit_once('.'), now.1.rsplit_once('.')) {
        (Some((whole, _)), Some((_, part))) => (then.0, format!("{whole}.{part}")),
        _ => now.clone(),
    };
    let called = match event.kind {
        Kind::AttributeAdded => [now, &mixed],
        Kind::AttributeRemoved => [then, then],
        _ => [now, then],
    };
    called.into_iter().find_map(|name| concerns(event, name, &words))
}

/// How the event concerns the thing of that name, which is one of the words where it
/// is a column.
fn concerns(event: &Event, (layer, name): &Name, words: &[&str]) -> Option<Why> {
    if *layer == Layer::Api && event.usages.iter().any(|(operation, _)| **operation == **name) {
        return Some(if inside(&event.subject, name).is_some() { Why::Own } else { Why::Through });
    }
    if event.layer != *layer {
        return None;
    }
    if inside(&event.subject, name).is_some() {
        return Some(Why::Own);
    }
    let has = |attribute: &str| event.attributes.iter().any(|(own, _)| inside(attribute, own).is_some());
    if event.kind == Kind::EntityRenamed {
        // An attribute that had its name only before has nothing to do with it, nor one that came later.
        let rest = inside(name, event.other_name.as_deref()?).filter(|rest| !rest.is_empty())?;
        return (has(rest.trim_start_matches('.')) || words.iter().any(|word| has(word))).then_some(Why::Whole);
    }
    let part = inside(name, &event.subject).filter(|rest| rest.starts_with('.'))?;
    let attribute = part.trim_start_matches('.');
    match event.kind {
        Kind::EntityAdded | Kind::EntityRemoved => has(attribute).then_some(Why::Whole),
        Kind::PrimaryKeyChanged | Kind::KeyAdded | Kind::KeyRemoved | Kind::KeyChanged => {
            // What a foreign key points to is another table's.
            let own = |text: &String| {
                let text = text.split(" REFERENCES ").next().unwrap_or(text);
                words.iter().any(|word| has_word(text, word))
            };
            [&event.before, &event.after].into_iter().flatten().any(own).then_some(Why::Key)
        }
        _ => None,
    }
}
