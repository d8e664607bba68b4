//! Findings in the order in which they are worth a look: entity by entity, rule by rule.
//!
//! Entities with the worst levels come first, of equal ones those with more of them, then the one whose debt is oldest. Inside an
//! entity the worst level comes first, then what more operations meet, then what is older.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::config::glob::text_matches;
use crate::model::Date;
use crate::model::origin::Text;
use crate::rules::{Finding, Rule, Severity};

use super::{Entity, Entry, rate};

/// The debt of one revision, grouped.
#[derive(Debug, Clone, Default)]
pub struct Debt {
    pub groups: Vec<Group>,
    /// Entities that there are, also without debt.
    pub entities: usize,
}

/// An entity and what it owes.
#[derive(Debug, Clone)]
pub struct Group {
    pub entity: Entity,
    pub tasks: Vec<Task>,
}

/// Findings of one rule at one entity: done in one go.
#[derive(Debug, Clone)]
pub struct Task {
    /// Never empty; the first one is the one to show.
    pub entries: Vec<Entry>,
}

/// Which findings are asked for; what is empty asks for all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub rules: Vec<String>,
    /// Names or patterns of entities, or of what is in them.
    pub entities: Vec<String>,
    pub owners: Vec<String>,
}

impl Filter {
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.entities.is_empty() && self.owners.is_empty()
    }

    pub fn lets(&self, entry: &Entry) -> bool {
        let any = |words: &[String], fits: &dyn Fn(&str) -> bool| words.is_empty() || words.iter().any(|w| fits(w));
        any(&self.rules, &|word| text_matches(word, entry.finding.rule.id))
            && any(&self.entities, &|word| concerns(word, entry))
            && any(&self.owners, &|word| owned(word, entry))
    }
}

/// Whether the word names one of these entities, or something in one.
pub fn names_any(word: &str, names: &[Text]) -> bool {
    let part = |name: &Text| word.strip_prefix(&**name).is_some_and(|rest| rest.starts_with('.'));
    names.iter().any(|name| text_matches(word, name) || part(name))
}

/// Whether the entry is about the entity of that name (or pattern), or about something in it.
pub fn concerns(word: &str, entry: &Entry) -> bool {
    let subject = &entry.finding.subject;
    let part = subject.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ' ']));
    part || text_matches(word, subject) || entry.entity.names().any(|name| text_matches(word, name))
}

/// Whether somebody answers for it; `none` is nobody.
pub fn owned(word: &str, entry: &Entry) -> bool {
    if word == "none" { entry.owners.is_empty() } else { entry.owners.iter().any(|owner| same(word, owner)) }
}

/// The same owner, whatever the case and with or without the sign.
pub fn same(one: &str, other: &str) -> bool {
    let bare = |name: &str| name.trim_start_matches('@').to_lowercase();
    bare(one) == bare(other)
}

impl Debt {
    pub fn of<'e>(entries: impl IntoIterator<Item = &'e Entry>, entities: usize) -> Self {
        let mut groups: BTreeMap<&Entity, BTreeMap<(Severity, &str), Vec<&Entry>>> = BTreeMap::new();
        for entry in entries {
            let task = (entry.finding.severity, entry.finding.rule.id);
            groups.entry(&entry.entity).or_default().entry(task).or_default().push(entry);
        }
        let task = |(_, mut entries): (_, Vec<&Entry>)| {
            entries.sort_by_key(|entry| cost(entry));
            Task { entries: entries.into_iter().cloned().collect() }
        };
        let group = |(entity, tasks): (&Entity, BTreeMap<_, _>)| {
            let mut tasks: Vec<Task> = tasks.into_iter().map(task).collect();
            tasks.sort_by(|a, b| a.first().map(cost).cmp(&b.first().map(cost)));
            Group { entity: entity.clone(), tasks }
        };
        let mut groups: Vec<Group> = groups.into_iter().map(group).collect();
        groups.sort_by(|a, b| a.weight().cmp(&b.weight()));
        Self { groups, entities }
    }

    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.groups.iter().flat_map(Group::entries)
    }

    /// How many findings there are.
    pub fn len(&self) -> usize {
        self.groups.iter().map(Group::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Entities that owe something.
    pub fn indebted(&self) -> usize {
        self.groups.iter().filter(|group| !group.entity.is_file).count()
    }

    pub fn of_level(&self, severity: Severity) -> usize {
        self.entries().filter(|entry| entry.finding.severity == severity).count()
    }

    /// The finding that has been there longest.
    pub fn oldest(&self) -> Option<&Entry> {
        self.entries().filter(|entry| entry.since.is_some()).min_by_key(|entry| age(entry))
    }

    /// Findings for 100 entities.
    pub fn rate(&self) -> Option<usize> {
        rate(self.len(), self.entities)
    }
}

impl Group {
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.tasks.iter().flat_map(|task| &task.entries)
    }

    pub fn len(&self) -> usize {
        self.tasks.iter().map(|task| task.entries.len()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Since when the oldest is there.
    pub fn oldest(&self) -> Option<Date> {
        self.entries().filter_map(|entry| entry.since.as_ref()).map(|since| since.date).min()
    }

    fn weight(&self) -> impl Ord + '_ {
        let of = |severity| Reverse(self.entries().filter(|entry| entry.finding.severity == severity).count());
        let levels = [Severity::Error, Severity::Warning, Severity::Note].map(of);
        (levels, self.entries().map(age).min(), &self.entity)
    }
}

impl Task {
    pub fn first(&self) -> Option<&Entry> {
        self.entries.first()
    }

    pub fn rule(&self) -> Option<&'static Rule> {
        self.first().map(|entry| entry.finding.rule)
    }
}

/// What comes first among the findings of one entity.
fn cost(entry: &Entry) -> impl Ord + use<'_> {
    let Finding { severity, usages, rule, subject, detail, .. } = &entry.finding;
    (*severity, Reverse(usages.len()), age(entry), rule.id, subject, detail, &entry.fingerprint)
}

/// Earlier is more; what has no age comes last.
fn age(entry: &Entry) -> Date {
    const NEVER: Date = Date { year: u16::MAX, month: 1, day: 1 };
    entry.since.as_ref().map_or(NEVER, |since| since.date)
}
