//! The tables behind all entities of a contract: each by itself first, then variants by the ones that were found.
//!
//! `CreateUserRequest`, `UserPatch` and `UserResponse` are variants of one thing. A small one says too little by itself; what
//! stands behind the others stands behind it.

use std::collections::{BTreeMap, HashMap};

use super::attributes::Pair;
use super::names::{self, Wrappers};
use super::settled::{self, Settled};
use super::subject::Subject;
use super::tables::{Found, Tables, sharing};
use super::{CERTAIN, embedded};

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
        if let Some(view) = tables.view(subject, &wrappers)
            && found.as_ref().is_none_or(|found| found.confidence < view.confidence)
        {
            *found = Some(view);
        }
        if found.is_none() {
            *found = tables.likely(subject, &wrappers.core(&subject.entity.name));
        }
    }
    let alike = alike(subjects, tables, settled, &found);
    for (found, alike) in found.iter_mut().zip(alike) {
        *found = found.take().or(alike);
    }
    let embedded = embedded::behind(subjects, tables, &wrappers, &found);
    for (found, embedded) in found.iter_mut().zip(embedded) {
        let better = |new: &Found| found.as_ref().is_none_or(|old| old.confidence < new.confidence);
        if let Some(mut embedded) = embedded.filter(better) {
            // What else the same table is likely to hold of it stays as likely as it was.
            if let Some(old) = found.take().filter(|old| old.table == embedded.table) {
                let known: Vec<usize> = embedded.pairs.iter().map(|pair| pair.property).collect();
                let rest = old.pairs.into_iter().filter(|pair| !known.contains(&pair.property));
                embedded.pairs.extend(rest.map(|pair| Pair { at_most: pair.at_most.min(old.confidence), ..pair }));
            }
            *found = Some(embedded);
        }
    }
    for (subject, found) in subjects.iter().zip(&mut found) {
        if let Some(found) = found.as_mut().filter(|found| found.confidence < 1.0 && !found.group) {
            tables.qualify(subject, found, &wrappers.core(&subject.entity.name));
        }
    }
    found
}

/// For each subject for which nothing was found, the table of the certain entities that have most of its attributes: a
/// lookup of systems by template looks like a system.
fn alike(
    subjects: &[Subject<'_>],
    tables: &Tables<'_>,
    settled: &Settled<'_>,
    found: &[Option<Found>],
) -> Vec<Option<Found>> {
    let certain = |at: usize| found.get(at).and_then(Option::as_ref).filter(|f| f.confidence >= CERTAIN);
    let mut having: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, subject) in subjects.iter().enumerate().filter(|(at, _)| certain(*at).is_some()) {
        for name in subject.names.iter().filter(|name| !names::is_generic(name)) {
            having.entry(name).or_default().push(at);
        }
    }
    let one = |(subject, found): (&Subject<'_>, &Option<Found>)| {
        let guess = matches!(settled.table(&subject.entity.name, tables.schema), settled::Table::Guess);
        if found.is_some() || !guess {
            return None;
        }
        let shared = sharing(&subject.names, &having, 3);
        let (at, count) = shared.into_iter().max_by_key(|(at, count)| (*count, std::cmp::Reverse(*at)))?;
        let (of, table) = (subjects.get(at)?, certain(at)?.table);
        if count * 2 < subject.names.len() {
            return None;
        }
        tables.alike(subject, table, &of.entity.name)
    };
    subjects.iter().zip(found).map(one).collect()
}
