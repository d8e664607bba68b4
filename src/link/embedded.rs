//! Objects inside an entity whose attributes stand in the table of the entity: `address: {street, city}` and the columns
//! `address_street, address_city`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::api::{Api, ShapeId};

use super::CERTAIN;
use super::attributes::Pair;
use super::names::{self, Wrappers};
use super::subject::Subject;
use super::tables::{Found, Tables};

/// For each subject for which nothing certain was found, the table of the certain entity that embeds it, when the columns
/// say so.
pub fn behind(
    subjects: &[Subject<'_>],
    tables: &Tables<'_>,
    wrappers: &Wrappers,
    found: &[Option<Found>],
) -> Vec<Option<Found>> {
    let by_shape: HashMap<ShapeId, usize> =
        subjects.iter().enumerate().filter_map(|(at, s)| Some((s.entity.shape?, at))).collect();
    let mut inside: BTreeMap<usize, Vec<Found>> = BTreeMap::new();
    for (outer, main) in subjects.iter().zip(found) {
        let Some(main) = main.as_ref().filter(|main| main.confidence >= CERTAIN) else { continue };
        for attribute in &outer.entity.attributes {
            let Some(at) = attribute.shape.and_then(|s| by_shape.get(&object(outer.api, s))) else { continue };
            let known = found.get(*at).and_then(Option::as_ref).is_some_and(|found| found.confidence >= CERTAIN);
            let Some(inner) = subjects.get(*at).filter(|_| !known) else { continue };
            let core = wrappers.core(&inner.entity.name);
            let group = names::words(&attribute.name).into_iter().chain(core).map(|word| names::fold(&word)).collect();
            let Some(pairs) = group_of(tables, inner, main, &group) else { continue };
            let whole = pairs.len() >= 2 && pairs.len() * 2 >= inner.names.len();
            let confidence = if whole { 0.9 } else { 0.75 };
            let place = format!("{}.{}", outer.entity.name, attribute.name);
            let name = tables.schema.tables.get(main.table).map(|t| t.full_name()).unwrap_or_default();
            let reason = format!("table `{name}`: `{place}` embeds it, and columns are named after that");
            inside.entry(*at).or_default().push(Found {
                table: main.table,
                confidence,
                reason,
                pairs,
                keyed: true,
                group: true,
            });
        }
    }
    let mut result: Vec<Option<Found>> = subjects.iter().map(|_| None).collect();
    for (at, mut all) in inside {
        let several = all.iter().any(|other| Some(other.table) != all.first().map(|first| first.table));
        // The same object inside several things: which of them is meant is open.
        if several {
            all.iter_mut().for_each(|found| found.confidence = found.confidence.min(0.75));
        }
        if let Some(slot) = result.get_mut(at) {
            *slot = all.into_iter().next();
        }
    }
    result
}

/// The object a property holds, through references and single `allOf`.
fn object(api: &Api, property: ShapeId) -> ShapeId {
    let shape = api.resolve(property);
    match api.shape(shape).all_of.as_slice() {
        [only] if api.shape(shape).properties.is_empty() => api.resolve(*only),
        _ => shape,
    }
}

/// The columns that end like an attribute of the object and are before that named after the group alone.
fn group_of(tables: &Tables<'_>, inner: &Subject<'_>, main: &Found, group: &BTreeSet<String>) -> Option<Vec<Pair>> {
    let table = tables.schema.tables.get(main.table)?;
    let columns = tables.columns.get(main.table)?.as_ref()?;
    let taken: BTreeSet<usize> = main.pairs.iter().filter(|p| p.form.fits()).map(|pair| pair.column).collect();
    let mut pairs = Vec::new();
    for (property, attribute) in inner.entity.attributes.iter().enumerate() {
        let wanted = names::words(&attribute.name);
        let mut fitting =
            table.columns.iter().enumerate().filter(|(at, _)| !taken.contains(at)).filter_map(|(at, column)| {
                let words = columns.words(at, &column.name)?;
                let front = words.len().checked_sub(wanted.len()).filter(|front| *front > 0)?;
                let (front, end) = words.split_at_checked(front)?;
                let named = end == wanted && front.iter().all(|word| group.contains(&names::fold(word)));
                let form = inner.form(property, &column.domain);
                (named && form.fits()).then_some((at, form))
            });
        if let Some((column, form)) = fitting.next()
            && fitting.next().is_none()
        {
            pairs.push(Pair { property, column, reason: "named after both", form, at_most: 1.0 });
        }
    }
    (!pairs.is_empty()).then_some(pairs)
}
