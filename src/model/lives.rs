//! What happened to each thing of a past, by the name that it has at the end.
//!
//! Comes in: a past. Goes out: the events of a subject, newest first, under all names that it has had, and the one with which it
//! came. Made once for many questions. Must not know: rules, output formats.

use std::collections::{BTreeMap, HashSet};

use super::change::ChangeKind as Kind;
use super::date::Date;
use super::flow::Layer;
use super::past::{Commit, End, Event, Past};

/// An event and the commit that made it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Happened<'p> {
    pub commit: &'p Commit,
    pub event: &'p Event,
    /// How many commits of the past are newer.
    pub at: usize,
    /// The event is about something that the thing is a part of.
    pub is_whole: bool,
}

/// What is asked about: `users.email` of `db/migrations`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thing<'a> {
    pub layer: Layer,
    /// The contract, or the folder or file of SQL, as it is called at the end of the past.
    pub source: &'a str,
    pub subject: &'a str,
}

/// The events of a past by what they are about.
pub struct Lives<'p> {
    past: &'p Past,
    of: BTreeMap<(Layer, String), Vec<Happened<'p>>>,
}

impl<'p> Lives<'p> {
    pub fn of(past: &'p Past) -> Self {
        let mut names = Names::default();
        let mut of: BTreeMap<(Layer, String), Vec<Happened<'p>>> = BTreeMap::new();
        for (at, commit) in past.commits.iter().enumerate() {
            let renames = Renames::of(commit);
            names.meet(commit);
            // What came is called as it is afterwards, all else as it was before.
            let comes = |event: &Event| matches!(event.kind, Kind::EntityAdded | Kind::OperationAdded);
            let new: Vec<Option<String>> =
                commit.events.iter().map(|event| names.newest(event).filter(|_| comes(event))).collect();
            let parts: Vec<Vec<Option<String>>> = commit.events.iter().map(|event| names.parts(event)).collect();
            names.go_back(&renames);
            for ((event, new), parts) in commit.events.iter().zip(new).zip(parts) {
                let name = if comes(event) { new } else { names.newest(event) };
                let Some(name) = name.filter(|_| !renames.has_half(event)) else { continue };
                of.entry((event.layer, name)).or_default().push(Happened { commit, event, at, is_whole: false });
                for name in parts.into_iter().flatten() {
                    of.entry((event.layer, name)).or_default().push(Happened { commit, event, at, is_whole: true });
                }
            }
        }
        Self { past, of }
    }

    pub fn past(&self) -> &'p Past {
        self.past
    }

    /// The first day of the past, where there was something before that is not known.
    pub fn begins(&self) -> Option<Date> {
        match &self.past.end {
            End::Root => None,
            End::Shallow { date, .. } => Some(*date),
            // Commits that changed nothing are not there; what the past speaks of is no later than its oldest.
            End::Range => self.past.commits.last().map(|commit| commit.date),
        }
    }

    /// What happened to the thing itself, newest first; by its source where that has something to say.
    pub fn events(&self, thing: Thing<'_>) -> Vec<Happened<'p>> {
        let key = (thing.layer, nameless(thing.subject));
        let all = self.of.get(&key).into_iter().flatten().filter(|one| !one.is_whole).copied();
        let (own, others): (Vec<_>, Vec<_>) = all.partition(|one| *one.event.source == *thing.source);
        if own.is_empty() { others } else { own }
    }

    /// What happened to keys that the column is part of, newest first.
    pub fn keys(&self, thing: Thing<'_>) -> impl Iterator<Item = Happened<'p>> {
        let all = self.of.get(&(thing.layer, thing.subject.to_string())).into_iter().flatten();
        let keys = all.filter(|one| one.is_whole && is_key(one.event.kind) && *one.event.source == *thing.source);
        keys.copied()
    }

    /// What happened to the thing and to everything in it, newest first.
    pub fn events_within(&self, thing: Thing<'_>) -> Vec<Happened<'p>> {
        let whole = nameless(thing.subject);
        let from = (thing.layer, whole.clone());
        let near =
            self.of.range(from..).take_while(|((layer, name), _)| *layer == thing.layer && name.starts_with(&whole));
        let inside = near.filter(|((_, name), _)| inside(name, &whole).is_some());
        let mut found: Vec<Happened<'p>> =
            inside.flat_map(|(_, events)| events.iter().filter(|one| !one.is_whole).copied()).collect();
        if found.iter().any(|one| *one.event.source == *thing.source) {
            found.retain(|one| *one.event.source == *thing.source);
        }
        found.sort_by_key(|one| one.at);
        found
    }

    /// With which event it came, alone or as a part of something; `None` where the past does not tell.
    pub fn came(&self, thing: Thing<'_>) -> Option<Happened<'p>> {
        self.came_in(thing, true).or_else(|| self.came_in(thing, false))
    }

    fn came_in(&self, thing: Thing<'_>, own: bool) -> Option<Happened<'p>> {
        let subject = nameless(thing.subject);
        let wholes = boundaries(&subject).map(|at| subject.get(..at).unwrap_or_default());
        let names = std::iter::once(subject.as_str()).chain(wholes.collect::<Vec<_>>().into_iter().rev());
        let first = |name: &str| {
            let inner = name.len() < subject.len();
            let events = self.of.get(&(thing.layer, name.to_string())).into_iter().flatten();
            let mut events = events.filter(|one| !own || *one.event.source == *thing.source).copied();
            let one = events.find(|one| begins_or_ends(one.event, inner && !one.is_whole))?;
            Some(Happened { is_whole: one.is_whole || inner, ..one })
        };
        names.filter_map(first).min_by_key(|one| one.at).filter(|one| !ends(one.event.kind))
    }
}

fn is_key(kind: Kind) -> bool {
    matches!(kind, Kind::KeyAdded | Kind::KeyRemoved | Kind::KeyChanged)
}

/// The columns in the description of a key: ``foreign key `fk_user` (user_id)``.
pub fn columns(described: &str) -> impl Iterator<Item = &str> {
    let inner = described.rsplit_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or_default();
    inner.split(", ").filter(|column| !column.is_empty())
}

fn ends(kind: Kind) -> bool {
    matches!(kind, Kind::EntityRemoved | Kind::AttributeRemoved | Kind::OperationRemoved | Kind::ParameterRemoved)
}

/// Whether with the event the life of its subject, or of what is inside of that, begins or ends.
fn begins_or_ends(event: &Event, inside: bool) -> bool {
    match event.kind {
        // With which attributes an entity came is known of each.
        Kind::EntityAdded => !inside,
        Kind::AttributeAdded | Kind::OperationAdded | Kind::ParameterAdded => true,
        // What probably was renamed has not ended.
        Kind::AttributeRemoved => event.other_name.is_none(),
        kind => ends(kind),
    }
}

/// Which of the newest names what is called so, as of a moment of the past.
#[derive(Debug, Clone, Default)]
struct Names {
    /// By layer and source: name → its newest one, or nothing where that thing is gone.
    known: BTreeMap<(Layer, String), BTreeMap<String, Option<String>>>,
}

impl Names {
    /// What is met for the first time may be a file of the commit before under its older name: what its successors are
    /// called counts for it.
    fn meet(&mut self, commit: &Commit) {
        for event in &commit.events {
            let key = (event.layer, event.source.to_string());
            if !self.known.contains_key(&key) {
                let others = self.known.iter().filter(|((layer, _), _)| *layer == event.layer);
                let all = others.flat_map(|(_, names)| names.clone()).collect();
                self.known.insert(key, all);
            }
        }
    }

    /// To the moment before a commit.
    fn go_back(&mut self, renames: &Renames<'_>) {
        renames.entities.iter().for_each(|(event, new)| self.rename(event, new));
        renames.attributes.iter().for_each(|(event, new)| self.rename(event, new));
    }

    /// Going back over a rename: what is called `new` was called as the subject of the event.
    fn rename(&mut self, event: &Event, new: &str) {
        let newest = self.translate(event, new);
        let Some(names) = self.known.get_mut(&(event.layer, event.source.to_string())) else { return };
        // What was renamed later inside the whole had the older name of the whole in front.
        let near = names.range(new.to_string()..).map(|(name, _)| name).take_while(|name| name.starts_with(new));
        let parts: Vec<String> = near.filter(|name| inside(name, new).is_some()).cloned().collect();
        for part in parts {
            let (rest, value) = (part.get(new.len()..).unwrap_or_default(), names.get(&part).cloned().flatten());
            let older = format!("{}{rest}", event.subject);
            names.remove(&part);
            names.insert(older, value);
        }
        names.insert(event.subject.clone(), newest);
        names.insert(new.to_string(), None);
    }

    /// The newest name of what the event is about; `None` where it is gone under another thing's name.
    fn newest(&self, event: &Event) -> Option<String> {
        self.translate(event, &event.subject).map(|name| nameless(&name))
    }

    /// The newest names of the attributes with which something came, or of the columns of a key.
    fn parts(&self, event: &Event) -> Vec<Option<String>> {
        let name = |attribute: &str| self.translate(event, &format!("{}.{attribute}", event.subject));
        let came = event.attributes.iter().filter(|_| event.kind == Kind::EntityAdded);
        let attributes = came.map(|(attribute, _)| &**attribute);
        let columns = is_key(event.kind).then(|| columns(&event.detail)).into_iter().flatten();
        attributes.chain(columns).map(|attribute| name(attribute).map(|name| nameless(&name))).collect()
    }

    fn translate(&self, event: &Event, name: &str) -> Option<String> {
        let names = self.known.get(&(event.layer, event.source.to_string()));
        let Some(names) = names.filter(|names| !names.is_empty()) else { return Some(name.to_string()) };
        let wholes: Vec<usize> = boundaries(name).chain([name.len()]).collect();
        for at in wholes.into_iter().rev() {
            let (whole, rest) = name.split_at(at);
            if let Some(newest) = names.get(whole) {
                return newest.as_ref().map(|newest| format!("{newest}{rest}"));
            }
        }
        Some(name.to_string())
    }
}

/// What a commit renamed: the event and the new name.
struct Renames<'p> {
    entities: Vec<(&'p Event, String)>,
    attributes: Vec<(&'p Event, String)>,
    /// Events that are no coming or going but half of a rename: kind, layer, source and subject.
    halves: HashSet<(Kind, Layer, &'p str, String)>,
}

impl<'p> Renames<'p> {
    fn of(commit: &'p Commit) -> Self {
        let (mut entities, mut attributes, mut went) = (Vec::new(), Vec::new(), Vec::new());
        for event in &commit.events {
            let Some(new) = &event.other_name else { continue };
            let attribute = event.subject.rsplit_once('.').map(|(entity, _)| format!("{entity}.{new}"));
            match (event.kind, attribute) {
                (Kind::EntityRenamed, _) => entities.push((event, new.clone())),
                (Kind::AttributeRenamed, Some(new)) => attributes.push((event, new)),
                (Kind::AttributeRemoved, Some(new)) => went.push((event, new)),
                _ => {}
            }
        }
        // One that went while another came is the same only where that one did not exist before.
        let added = commit.events.iter().filter(|event| event.kind == Kind::AttributeAdded && !went.is_empty());
        let added: HashSet<(Layer, &str, &str)> =
            added.map(|event| (event.layer, &*event.source, event.subject.as_str())).collect();
        went.retain(|(event, new)| added.contains(&(event.layer, &event.source, new.as_str())));
        let moved = moved(commit);
        let half = |kind, event: &'p Event, subject: &str| (kind, event.layer, &*event.source, subject.to_string());
        let mut halves: HashSet<(Kind, Layer, &str, String)> =
            went.iter().map(|(event, new)| half(Kind::AttributeAdded, event, new)).collect();
        for (event, new) in &moved {
            halves.insert(half(Kind::EntityRemoved, event, &event.subject));
            halves.insert(half(Kind::EntityAdded, event, new));
        }
        entities.extend(moved);
        attributes.extend(went);
        Self { entities, attributes, halves }
    }

    fn has_half(&self, event: &Event) -> bool {
        !self.halves.is_empty()
            && self.halves.contains(&(event.kind, event.layer, &*event.source, event.subject.clone()))
    }
}

/// Tables that went from one name space while one of the same name came in another: no statement says that they are the same,
/// an edited history does not either.
fn moved(commit: &Commit) -> Vec<(&Event, String)> {
    let bare = |event: &Event| event.subject.rsplit('.').next().unwrap_or_default().to_string();
    let of = |kind: Kind| {
        let mut found: BTreeMap<(&str, String), Vec<&Event>> = BTreeMap::new();
        for event in commit.events.iter().filter(|event| event.kind == kind && event.layer == Layer::Sql) {
            found.entry((&event.source, bare(event))).or_default().push(event);
        }
        found
    };
    let came = of(Kind::EntityAdded);
    let pairs = of(Kind::EntityRemoved).into_iter().filter_map(|(key, went)| {
        match (went.as_slice(), came.get(&key)?.as_slice()) {
            ([old], [new]) => Some((*old, new.subject.clone())),
            _ => None,
        }
    });
    pairs.collect()
}

/// What follows the name of a whole in the name of its part; empty for the whole itself.
fn inside<'n>(name: &'n str, whole: &str) -> Option<&'n str> {
    name.strip_prefix(whole).filter(|rest| rest.is_empty() || rest.starts_with(ENDS))
}

/// What ends a name in front of the name of a part.
const ENDS: [char; 4] = ['.', ' ', '[', '('];

/// Where in the name the name of a whole may end.
fn boundaries(name: &str) -> impl Iterator<Item = usize> {
    name.match_indices(ENDS).map(|(at, _)| at).filter(|at| *at > 0)
}

/// Without the names of path parameters: renaming one makes no other operation.
fn nameless(subject: &str) -> String {
    let mut out = String::with_capacity(subject.len());
    let mut inside = false;
    for c in subject.chars() {
        inside = c == '{' || inside && c != '}';
        if !inside || c == '{' {
            out.push(c);
        }
    }
    out
}
