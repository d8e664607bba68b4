//! Columns and properties that changed together and agree afterwards.

use std::collections::{BTreeMap, HashSet};

use crate::model::{Change, ChangeKind, Effect, Origin};
use crate::rules::{Category, Finding};

use super::aspect::Aspect;
use super::tied::Tie;

/// What happened on both layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Event {
    Changed,
    Added,
    Removed,
    Renamed,
}

impl Event {
    pub fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Renamed => "renamed",
        }
    }
}

/// A column and the properties that show it, changed in the same way.
#[derive(Debug, Clone, PartialEq)]
pub struct Consistent {
    pub event: Event,
    /// By the name of base where it is gone or has another one now.
    pub column: String,
    pub properties: Vec<String>,
    /// `character varying(100) → character varying(255)`: the column's side, then what the properties say; empty where the
    /// event says all.
    pub what: Vec<String>,
    /// Where it was changed, the column first.
    pub origins: Vec<Origin>,
}

/// One entry per column and event.
pub fn consistent<'a>(ties: &[Tie<'_>], found: impl Iterator<Item = &'a Finding>) -> Vec<Consistent> {
    // A disagreement is told once per column, however many properties show it; the column is subject or detail.
    let disputed: HashSet<&str> = found
        .filter(|finding| finding.rule.category == Category::Drift)
        .flat_map(|finding| [finding.subject.as_str(), finding.detail.as_str()])
        .collect();
    let mut known: BTreeMap<(&str, Event), Consistent> = BTreeMap::new();
    for tie in ties {
        let Some(said) = agreed(tie, ties) else { continue };
        if disputed.contains(tie.column) || disputed.contains(tie.property) {
            continue;
        }
        let entry = known.entry((tie.column, said.event)).or_insert_with(|| Consistent {
            event: said.event,
            column: tie.column.to_string(),
            properties: Vec::new(),
            what: Vec::new(),
            origins: Vec::new(),
        });
        entry.properties.push(tie.property.to_string());
        for what in said.what {
            if !entry.what.contains(&what) {
                entry.what.push(what);
            }
        }
        for origin in said.changes.iter().filter_map(|change| change.head.or(change.base)) {
            if !entry.origins.contains(&origin) {
                entry.origins.push(origin);
            }
        }
    }
    known.into_values().collect()
}

/// What both ends of a tie agree about.
struct Agreed<'a> {
    event: Event,
    what: Vec<String>,
    changes: Vec<&'a Change>,
}

fn agreed<'a>(tie: &Tie<'a>, ties: &[Tie<'a>]) -> Option<Agreed<'a>> {
    let of = |changes: &[&'a Change], kind| changes.iter().copied().find(|change| change.kind == kind);
    let both = |kind| of(&tie.sql, kind).zip(of(&tie.api, kind));
    if tie.in_head && !tie.in_base {
        let (column, property) = both(ChangeKind::AttributeAdded)?;
        return Some(Agreed { event: Event::Added, what: Vec::new(), changes: vec![column, property] });
    }
    if tie.in_base && !tie.in_head {
        if let Some((column, property)) = both(ChangeKind::AttributeRemoved) {
            return Some(Agreed { event: Event::Removed, what: Vec::new(), changes: vec![column, property] });
        }
        let renamed = of(&tie.sql, ChangeKind::AttributeRenamed)?;
        let gone = of(&tie.api, ChangeKind::AttributeRemoved)?;
        let column = format!("{}.{}", tie.table, renamed.after.as_deref()?);
        let entity = tie.property.rsplit_once('.').map(|(entity, _)| entity);
        let next = |other: &&Tie<'a>| {
            let same = other.property.rsplit_once('.').map(|(entity, _)| entity) == entity;
            same && other.column == column && other.in_head && !other.promised.0
        };
        let new = ties.iter().find(next)?;
        let what = vec![format!("now {column}"), format!("now {}", new.property)];
        let changes = [Some(renamed), Some(gone), of(&new.api, ChangeKind::AttributeAdded)];
        return Some(Agreed { event: Event::Renamed, what, changes: changes.into_iter().flatten().collect() });
    }
    let (mut what, mut changes): (Vec<String>, Vec<&Change>) = Default::default();
    for aspect in Aspect::ALL {
        let (Some((one, sql)), Some((other, api))) = (aspect.within(&tie.sql), aspect.within(&tie.api)) else {
            continue;
        };
        if one == other && one != Effect::Undecided {
            // The database tells whole lists; the value is the same on both sides.
            let told = if aspect == Aspect::List { &[][..] } else { &sql };
            what.extend(told.iter().chain(&api).map(|change| step(change)));
            changes.extend(sql.iter().chain(&api));
        }
    }
    (!changes.is_empty()).then_some(Agreed { event: Event::Changed, what, changes })
}

/// What a change did, in one phrase.
fn step(change: &Change) -> String {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("{before} → {after}"),
        (None, Some(after)) => format!("{after} added"),
        (Some(before), None) => format!("{before} removed"),
        (None, None) => change.kind.name().replace('-', " "),
    }
}
