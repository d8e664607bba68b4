//! The tables behind all entities of a contract: each by itself first, then variants by the ones that were found.
//!
//! `CreateUserRequest`, `UserPatch` and `UserResponse` are variants of one thing. A small one says too little by itself; what
//! stands behind the others stands behind it.

use std::collections::BTreeMap;

use super::CERTAIN;
use super::names::{self, Wrappers};
use super::settled::{self, Settled};
use super::subject::Subject;
use super::tables::{Found, Tables};

/// One entry per subject.
pub fn behind(subjects: &[Subject<'_>], tables: &Tables<'_>, settled: &Settled<'_>) -> Vec<Option<Found>> {
    let wrappers = Wrappers::of(subjects.iter().map(|s| s.entity.name.as_str()), &tables.words);
    let single = |subject: &Subject<'_>| match settled.table(&subject.entity.name, tables.schema) {
        settled::Table::Guess => tables.behind(subject, &wrappers),
        settled::Table::Forbidden => None,
        settled::Table::At(table) => tables.settled(subject, table),
    };
    let mut found: Vec<Option<Found>> = subjects.iter().map(single).collect();
    // The core of the names of certain entities → their table, and one of them; nothing when they disagree.
    let mut known: BTreeMap<Vec<String>, Option<(usize, &str)>> = BTreeMap::new();
    for (subject, found) in subjects.iter().zip(&found) {
        let Some(found) = found.as_ref().filter(|f| f.confidence >= CERTAIN) else { continue };
        let entry = known.entry(names::folded(&wrappers.core(&subject.entity.name)));
        let entry = entry.or_insert(Some((found.table, &subject.entity.name)));
        if entry.is_some_and(|(table, _)| table != found.table) {
            *entry = None;
        }
    }
    for (subject, found) in subjects.iter().zip(&mut found) {
        let open = found.as_ref().is_none_or(|f| f.confidence < CERTAIN);
        if !open || !matches!(settled.table(&subject.entity.name, tables.schema), settled::Table::Guess) {
            continue;
        }
        let core = names::folded(&wrappers.core(&subject.entity.name));
        // The whole core first, then what it begins with: `RepositorySummary`.
        let lengths = (1..=core.len()).rev();
        let variant = lengths.filter_map(|length| {
            let (table, of) = (*known.get(core.get(..length)?)?)?;
            // `component-project` is a project, not a component.
            let another =
                |from: usize| core.get(from..).is_some_and(|rest| known.contains_key(rest) || tables.is_table(rest));
            if (length..core.len()).any(another) {
                return None;
            }
            tables.variant(subject, table, of, length == core.len())
        });
        let best = variant.into_iter().next();
        if let Some(best) = best.filter(|b| found.as_ref().is_none_or(|f| f.confidence < b.confidence)) {
            *found = Some(best);
        }
    }
    found
}
