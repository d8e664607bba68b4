//! Whether one domain is inside another, decided type by type.

use serde_json::Value;

use crate::model::{Domain, Types};

use super::accept::accepts;
use super::format::{self, Relation};
use super::numbers::Numbers;
use super::sample::{KINDS, array, object, sample_of, texts};
use super::strings::Strings;

/// Whether all values of one domain are in another.
#[derive(Debug, Clone, PartialEq)]
pub enum Containment {
    Inside,
    /// Not so; with a value of the first that is not in the second, unless none could be built.
    Outside(Option<Value>),
    /// Cannot be decided, and why.
    Undecided(String),
}

/// The name used inside this module, where the question is always "is inner within outer".
pub(super) type Verdict = Containment;

impl Containment {
    /// The verdict on two parts of `inner` together.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Outside(Some(v)), _) | (_, Self::Outside(Some(v))) => Self::Outside(Some(v)),
            (Self::Outside(None), _) | (_, Self::Outside(None)) => Self::Outside(None),
            (Self::Undecided(why), _) | (_, Self::Undecided(why)) => Self::Undecided(why),
            _ => Self::Inside,
        }
    }
}

/// Whether `inner` is inside `outer`; otherwise a value of `inner` that is not in `outer`.
pub fn outside(inner: &Domain, outer: &Domain) -> Containment {
    if let Some(values) = &inner.values {
        return values.iter().fold(Verdict::Inside, |verdict, v| verdict.and(one(inner, outer, v)));
    }
    let mut verdict = Verdict::Inside;
    for kind in KINDS {
        if inner.types.intersects(kind) {
            verdict = verdict.and(of_kind(inner, outer, kind));
        }
        if matches!(verdict, Verdict::Outside(Some(_))) {
            break;
        }
    }
    verdict
}

/// One value that may be in `inner`.
fn one(inner: &Domain, outer: &Domain, value: &Value) -> Verdict {
    match (accepts(inner, value), accepts(outer, value)) {
        (Some(false), _) | (_, Some(true)) => Verdict::Inside,
        (Some(true), Some(false)) => Verdict::Outside(Some(value.clone())),
        _ => Verdict::Undecided(format!("whether {value} is allowed cannot be told")),
    }
}

fn of_kind(inner: &Domain, outer: &Domain, kind: Types) -> Verdict {
    if !outer.types.intersects(kind) {
        return match sample_of(inner, kind) {
            Some(value) => Verdict::Outside(Some(value)),
            None if is_empty(inner, kind) => Verdict::Inside,
            None => Verdict::Outside(None),
        };
    }
    match kind {
        Types::STRING => strings(inner, outer),
        Types::NUMBER => numbers(inner, outer),
        Types::ARRAY => arrays(inner, outer),
        Types::OBJECT => objects(inner, outer),
        Types::BOOLEAN => one(inner, outer, &Value::Bool(false)).and(one(inner, outer, &Value::Bool(true))),
        _ => one(inner, outer, &Value::Null),
    }
}

/// True when the domain provably has no value of the kind, though it allows the type.
fn is_empty(domain: &Domain, kind: Types) -> bool {
    let nothing = Domain::of(Types::NONE);
    let limits = domain.limits();
    let crossed = |min: Option<u64>, max: Option<u64>| min.is_some_and(|min| max.is_some_and(|max| max < min));
    match kind {
        Types::STRING => {
            let (strings, _) = Strings::of(domain, &[]);
            let (none, _) = Strings::of(&Domain { values: Some([].into()), ..nothing }, &[]);
            strings.within(&none) == Verdict::Inside
        }
        Types::NUMBER => Numbers::of(domain).is_some_and(|n| n.members(1).0.is_empty()),
        Types::ARRAY => crossed(limits.min_items, limits.max_items),
        Types::OBJECT => crossed(limits.min_properties, limits.max_properties),
        _ => false,
    }
}

fn numbers(inner: &Domain, outer: &Domain) -> Verdict {
    let unclear = || Verdict::Undecided("the multiples are too odd to be compared".into());
    let Some(ours) = Numbers::of(inner) else { return unclear() };
    if let Some(values) = &outer.values {
        let (members, all) = ours.members(values.len() + 1);
        let verdict =
            members.into_iter().fold(Verdict::Inside, |verdict, n| verdict.and(one(inner, outer, &n.to_json())));
        return if all || verdict != Verdict::Inside { verdict } else { unclear() };
    }
    let Some(theirs) = Numbers::of(outer) else { return unclear() };
    match ours.within(&theirs) {
        // Two names that are not known may still mean different numbers.
        Verdict::Inside => unknown_formats(inner, outer, false).unwrap_or(Verdict::Inside),
        verdict => checked(inner, outer, verdict),
    }
}

fn unknown_formats(inner: &Domain, outer: &Domain, of_text: bool) -> Option<Verdict> {
    let (ours, theirs) = (inner.format.as_deref(), outer.format.as_deref());
    (format::relation(ours, theirs, of_text) == Relation::Unknown).then(|| {
        Verdict::Undecided(format!(
            "the formats `{}` and `{}` cannot be compared",
            ours.unwrap_or_default(),
            theirs.unwrap_or_default()
        ))
    })
}

/// A witness that the independent check does not confirm is dropped, the verdict with it.
fn checked(inner: &Domain, outer: &Domain, verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Outside(Some(value))
            if accepts(inner, &value) != Some(true) || accepts(outer, &value) != Some(false) =>
        {
            Verdict::Undecided("no value could be confirmed to show it".into())
        }
        verdict => verdict,
    }
}

fn strings(inner: &Domain, outer: &Domain) -> Verdict {
    let shown = |text: String| {
        let value = Value::String(text);
        (accepts(inner, &value) == Some(true) && accepts(outer, &value) == Some(false)).then_some(value)
    };
    let (mut ours, mut our_gap) = Strings::of(inner, &[]);
    let (theirs, mut their_gap) = Strings::of(outer, &inner.limits().patterns);
    let our_format = format::text(inner.format.as_deref());
    let their_format = format::text(outer.format.as_deref());
    let relation = format::relation(inner.format.as_deref(), outer.format.as_deref(), true);

    // Readable candidates first; they also settle most questions about formats.
    if our_format.is_some() || (their_format.is_some() && relation != Relation::Within) || outer.values.is_some() {
        let longer = theirs.max.and_then(|max| format::grown(our_format?, max.saturating_add(1)));
        let examples = texts(inner, 6).into_iter().chain(longer);
        if let Some(value) = examples.filter_map(shown).next() {
            return Verdict::Outside(Some(value));
        }
    }
    if relation != Relation::Within {
        let why = unknown_formats(inner, outer, true).unwrap_or_else(|| {
            Verdict::Undecided(format!(
                "whether all values have the format `{}` cannot be told",
                outer.format.as_deref().unwrap_or_default()
            ))
        });
        if let Verdict::Undecided(why) = why {
            their_gap.get_or_insert(why);
        }
    }
    if let Some(format) = our_format {
        if !theirs.is_any_text() {
            ours.narrow(format.shape());
        }
        ours.min = ours.min.max(format.length.0);
        ours.max = match (ours.max, format.length.1) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        our_gap.get_or_insert_with(|| format!("no value of the format `{}` could be built to show it", format.name));
    }
    match (ours.within(&theirs), our_gap, their_gap) {
        (Verdict::Inside, _, None) => Verdict::Inside,
        (Verdict::Inside, _, Some(why)) => Verdict::Undecided(why),
        (Verdict::Outside(witness), None, _) => checked(inner, outer, Verdict::Outside(witness)),
        (Verdict::Outside(witness), Some(why), _) => match witness.as_ref().map(|w| one(inner, outer, w)) {
            Some(Verdict::Outside(value)) => Verdict::Outside(value),
            _ => Verdict::Undecided(why),
        },
        (undecided, ..) => undecided,
    }
}

fn arrays(inner: &Domain, outer: &Domain) -> Verdict {
    let (ours, theirs) = (inner.limits(), outer.limits());
    if outer.values.is_some() {
        return listed(inner, outer, Types::ARRAY, (0..4).filter_map(|n| array(n, true)), ours.max_items == Some(0));
    }
    let length = match beyond((ours.min_items, ours.max_items), (theirs.min_items, theirs.max_items)) {
        Some(length) => Some((length, true)),
        None if theirs.unique_items && !ours.unique_items => {
            let length = ours.min_items.unwrap_or(0).max(2);
            ours.max_items.is_none_or(|max| length <= max).then_some((length, false))
        }
        None => None,
    };
    match length {
        Some((length, distinct)) => checked(inner, outer, Verdict::Outside(array(length, distinct))),
        None => Verdict::Inside,
    }
}

fn objects(inner: &Domain, outer: &Domain) -> Verdict {
    let (ours, theirs) = (inner.limits(), outer.limits());
    if outer.values.is_some() {
        return listed(inner, outer, Types::OBJECT, (0..4).filter_map(object), ours.max_properties == Some(0));
    }
    match beyond((ours.min_properties, ours.max_properties), (theirs.min_properties, theirs.max_properties)) {
        Some(length) => checked(inner, outer, Verdict::Outside(object(length))),
        None => Verdict::Inside,
    }
}

/// `inner` has all arrays (objects) of some sizes, `outer` lists single ones.
fn listed(
    inner: &Domain,
    outer: &Domain,
    kind: Types,
    sizes: impl Iterator<Item = Value>,
    only_empty: bool,
) -> Verdict {
    let verdict = sizes.fold(Verdict::Inside, |verdict, value| verdict.and(one(inner, outer, &value)));
    match verdict {
        // Whatever is listed, there are more arrays than that.
        Verdict::Inside if !only_empty && !is_empty(inner, kind) => Verdict::Outside(None),
        verdict => verdict,
    }
}

/// A count in the first range that is not in the second.
fn beyond(ours: (Option<u64>, Option<u64>), theirs: (Option<u64>, Option<u64>)) -> Option<u64> {
    let (low, high) = (ours.0.unwrap_or(0), ours.1);
    if high.is_some_and(|high| high < low) {
        return None;
    }
    if theirs.0.is_some_and(|min| low < min) || theirs.1.is_some_and(|max| low > max) {
        return Some(low);
    }
    theirs.1.filter(|max| high.is_none_or(|high| high > *max)).map(|max| max.saturating_add(1))
}
