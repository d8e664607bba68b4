//! Conditions on the value itself, and what is noted about it.

use serde_json::Value;

use crate::domain::{self, Aspect, Containment, Difference};
use crate::model::api::{Keyword, Lifecycle};
use crate::model::{Change, ChangeKind, Domain, Effect, Flows, Types, Witness};

use super::containment::Term;
use super::decide;
use super::graph::Graph;
use super::lifecycle;
use super::pair::{Found, Place};
use super::sample::{self, gained_by_head, lost_by_head};
use super::side::Side;
use super::simple::is_simple;
use super::step::bare;
use super::view::View;

/// Characters of a keyword's value that are shown.
const MAX_SHOWN: usize = 80;

/// The kind of change for an aspect, and the keywords that can have been edited.
fn kind(aspect: Aspect) -> (ChangeKind, &'static [Keyword]) {
    use Keyword as K;
    match aspect {
        Aspect::Types => (ChangeKind::TypeChanged, &[K::Type]),
        Aspect::Nullability => (ChangeKind::NullabilityChanged, &[K::Nullable, K::AnyOf, K::OneOf, K::Type, K::Enum]),
        Aspect::Format => (ChangeKind::FormatChanged, &[K::Format]),
        Aspect::Value | Aspect::ValueList => (ChangeKind::EnumChanged, &[K::Enum, K::Const]),
        Aspect::Length => (ChangeKind::LengthChanged, &[K::MaxLength, K::MinLength]),
        Aspect::Range => {
            (ChangeKind::RangeChanged, &[K::Minimum, K::Maximum, K::ExclusiveMinimum, K::ExclusiveMaximum])
        }
        Aspect::Multiple => (ChangeKind::MultipleChanged, &[K::MultipleOf]),
        Aspect::Pattern => (ChangeKind::PatternChanged, &[K::Pattern]),
        Aspect::Items => (ChangeKind::ItemCountChanged, &[K::MaxItems, K::MinItems, K::Items]),
        Aspect::UniqueItems => (ChangeKind::UniqueItemsChanged, &[K::UniqueItems]),
        Aspect::Properties => (ChangeKind::PropertyCountChanged, &[K::MaxProperties, K::MinProperties]),
    }
}

/// Of the keywords of an aspect those that changed: a raised `minimum` is not shown at `maximum`.
fn edited(aspect: Aspect, base: &Domain, head: &Domain) -> Option<&'static [Keyword]> {
    use Keyword as K;
    let (x, y) = (base.limits(), head.limits());
    let (low, high) = match aspect {
        Aspect::Length => (x.min_length != y.min_length, x.max_length != y.max_length),
        Aspect::Items => (x.min_items != y.min_items, x.max_items != y.max_items),
        Aspect::Properties => (x.min_properties != y.min_properties, x.max_properties != y.max_properties),
        Aspect::Range => (x.minimum != y.minimum, x.maximum != y.maximum),
        _ => return None,
    };
    if low == high {
        return None;
    }
    Some(match (aspect, low) {
        (Aspect::Length, true) => &[K::MinLength],
        (Aspect::Length, false) => &[K::MaxLength],
        (Aspect::Items, true) => &[K::MinItems],
        (Aspect::Items, false) => &[K::MaxItems, K::Items],
        (Aspect::Properties, true) => &[K::MinProperties],
        (Aspect::Properties, false) => &[K::MaxProperties],
        (_, true) => &[K::Minimum, K::ExclusiveMinimum],
        (_, false) => &[K::Maximum, K::ExclusiveMaximum],
    })
}

/// Differences of the two domains as changes.
pub fn compare(graph: &Graph<'_>, base: &View<'_>, head: &View<'_>, differences: Vec<Difference>, found: &mut Found) {
    for difference in joined(differences) {
        let (kind, keywords) = kind(difference.aspect);
        let keywords = edited(difference.aspect, &base.domain, &head.domain).unwrap_or(keywords);
        // A keyword that only one side has is the one that was edited.
        let lonely: Vec<Keyword> =
            keywords.iter().copied().filter(|k| base.has(&graph.base, *k) != head.has(&graph.head, *k)).collect();
        let keywords = if lonely.is_empty() { keywords } else { lonely.as_slice() };
        let mut places = (base.at(&graph.base, keywords), head.at(&graph.head, keywords));
        if difference.aspect == Aspect::Items {
            places = (base.ended_at.unwrap_or(places.0), head.ended_at.unwrap_or(places.1));
        }
        if difference.aspect == Aspect::Nullability {
            let sides = ((base, &graph.base), (head, &graph.head));
            let edited = (base.null_at(&graph.base, sides.1), head.null_at(&graph.head, sides.0));
            match (edited, base.domain.types.contains(Types::NULL)) {
                ((Some(place), _), true) => places = (place, Place { exact: false, ..places.1 }),
                ((_, Some(place)), false) => places = (Place { exact: false, ..places.0 }, place),
                _ => {}
            }
        }
        if !places.0.exact && !places.1.exact {
            places.0 = base.folded_at(&graph.base).unwrap_or(places.0);
            places.1 = head.folded_at(&graph.head).unwrap_or(places.1);
        }
        let mut change = bare(kind, difference.effect);
        change.facts.open_values = base.domain.open_values && head.domain.open_values;
        change.facts.undecided = difference.reason;
        // Where one direction is certain, only the other is in question.
        let open = |inside: bool, flows: Flows| if inside { Flows::NONE } else { flows };
        let mask = match difference.effect {
            Effect::Undecided => open(difference.inside.0, Flows::IN).union(open(difference.inside.1, Flows::OUT)),
            _ => Flows::BOTH,
        };
        // A plain `integer` is not meant to be wider than `int64`, nor than `float`.
        if difference.aspect == Aspect::Format && is_unsaid_width(&difference.before, &difference.after) {
            continue;
        }
        if difference.aspect == Aspect::Value {
            let removed = difference.before.is_some();
            change.kind = if removed { ChangeKind::EnumValueRemoved } else { ChangeKind::EnumValueAdded };
            let value = difference.value.as_ref();
            change.detail = value.map(ToString::to_string).unwrap_or_default();
            if removed {
                places.0 = value.and_then(|v| base.value_at(&graph.base, v)).unwrap_or(places.0);
                places.1.exact = false;
            } else {
                places.1 = value.and_then(|v| head.value_at(&graph.head, v)).unwrap_or(places.1);
                places.0.exact = false;
            }
        }
        change.before = difference.before;
        change.after = difference.after;
        change.lost = difference.lost.and_then(|v| lost_by_head(whole(&graph.base, base, v)?, None));
        change.gained = difference.gained.and_then(|v| gained_by_head(whole(&graph.head, head, v)?, None));
        found.masked(change, mask, places.0, places.1);
    }
}

/// A wide format on one side and no width on the other.
fn is_unsaid_width(before: &Option<String>, after: &Option<String>) -> bool {
    matches!((before.as_deref(), after.as_deref()), (Some("int64" | "float"), None) | (None, Some("int64" | "float")))
}

/// Where the type changed, whether it allows null is a part of that and no change of its own.
fn joined(mut differences: Vec<Difference>) -> Vec<Difference> {
    let at = |differences: &[Difference], aspect| differences.iter().position(|d| d.aspect == aspect);
    let (Some(types), Some(null)) = (at(&differences, Aspect::Types), at(&differences, Aspect::Nullability)) else {
        return differences;
    };
    let or_null = |text: Option<String>, says: &Option<String>| match says.as_deref() {
        Some("nullable") => text.map(|text| format!("{text} or null")),
        _ => text,
    };
    let types = if null < types { types - 1 } else { types };
    let null = differences.remove(null);
    if let Some(types) = differences.get_mut(types) {
        types.effect = types.effect.and(null.effect);
        types.inside = (types.inside.0 && null.inside.0, types.inside.1 && null.inside.1);
        types.before = or_null(types.before.take(), &null.before);
        types.after = or_null(types.after.take(), &null.after);
        types.lost = types.lost.take().or(null.lost);
        types.gained = types.gained.take().or(null.gained);
    }
    differences
}

/// A witness of the domain alone knows nothing of properties and items; one of the whole schema takes its place.
fn whole(side: &Side<'_>, view: &View<'_>, value: Value) -> Option<Value> {
    if !view.has_structure() {
        return Some(value);
    }
    match &value {
        Value::Object(entries) => {
            let object = sample::value(side, view, Types::OBJECT)?;
            (object.as_object().map(|o| o.len()) >= Some(entries.len()) || view.domain.limits.is_none())
                .then_some(object)
        }
        Value::Array(items) => sample::array(side, view, items.len() as u64),
        _ => view.choices.is_empty().then_some(value),
    }
}

/// `not`: what is refused.
pub fn negations<'a>(graph: &Graph<'a>, base: &View<'a>, head: &View<'a>, found: &mut Found) {
    let digests = |side: &Side<'_>, view: &View<'_>| {
        let mut digests: Vec<u64> = view.nots.iter().map(|id| side.digest(*id)).collect();
        digests.sort_unstable();
        digests
    };
    if digests(&graph.base, base) == digests(&graph.head, head) {
        return;
    }
    let refused = |side: &Side<'_>, view: &View<'_>| match view.nots.as_slice() {
        [] => Some(Domain::of(Types::NONE)),
        [only] => Some(side.shape(side.api.resolve(*only))).filter(|s| is_simple(s)).map(|s| s.domain.clone()),
        _ => None,
    };
    let mut change = bare(ChangeKind::CompositionChanged, Effect::Undecided);
    if let (Some(ours), Some(theirs)) = (refused(&graph.base, base), refused(&graph.head, head)) {
        // What head refuses beyond base is lost, as far as base had it otherwise.
        let lost = domain::outside(&domain::intersection(&base.domain, &theirs), &ours);
        let gained = domain::outside(&domain::intersection(&head.domain, &ours), &theirs);
        let effect = effect_of(&lost, &gained);
        if effect == Effect::Same {
            return;
        }
        change.effect = effect;
        let shown = |c: Containment, side, view, wrap: fn(Value, Option<&str>) -> Option<Witness>| match c {
            Containment::Outside(Some(value)) => whole(side, view, value).and_then(|v| wrap(v, None)),
            _ => None,
        };
        change.lost = shown(lost, &graph.base, base, lost_by_head);
        change.gained = shown(gained, &graph.head, head, gained_by_head);
    }
    if change.effect == Effect::Undecided
        && !decide::between(graph, (base, head), &[Term::Nots(base)], &[Term::Nots(head)]).settle(&mut change)
    {
        return;
    }
    let text = |side: &Side<'_>, view: &View<'_>| {
        let names = view.nots.iter().map(|id| format!("not {}", type_name(side, &View::of(side, &[*id]))));
        Some(names.collect::<Vec<_>>().join(" and ")).filter(|t| !t.is_empty())
    };
    change.before = text(&graph.base, base);
    change.after = text(&graph.head, head);
    found.change(change, base.at(&graph.base, &[Keyword::Not]), head.at(&graph.head, &[Keyword::Not]));
}

fn effect_of(lost: &Containment, gained: &Containment) -> Effect {
    match (lost, gained) {
        (Containment::Undecided(_), _) | (_, Containment::Undecided(_)) => Effect::Undecided,
        (lost, gained) => Effect::of(*lost != Containment::Inside, *gained != Containment::Inside),
    }
}

/// Default, deprecation, `readOnly`, `writeOnly`, discriminator: no set of values, but they matter.
pub fn annotations(graph: &Graph<'_>, base: &View<'_>, head: &View<'_>, found: &mut Found) {
    let mut note = |change: Change, keyword: Keyword| {
        found.change(change, base.at(&graph.base, &[keyword]), head.at(&graph.head, &[keyword]));
    };
    let same_default = match (base.default, head.default) {
        (Some(a), Some(b)) => domain::same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    if !same_default {
        let text = |value: Option<&Value>| value.map(|v| clipped(&v.to_string()));
        let mut change = Change {
            before: text(base.default),
            after: text(head.default),
            ..bare(ChangeKind::DefaultChanged, Effect::Same)
        };
        change.facts.has_default = head.default.is_some();
        note(change, Keyword::Default);
    }
    if base.lifecycle.is_some() || head.lifecycle.is_some() {
        let of =
            |view: &View<'_>| Lifecycle { deprecated: view.deprecated, ..view.lifecycle.cloned().unwrap_or_default() };
        for change in lifecycle::compare(&of(base), &of(head), ChangeKind::AttributeDeprecated) {
            note(change, Keyword::Lifecycle);
        }
    } else if head.deprecated && !base.deprecated {
        note(bare(ChangeKind::AttributeDeprecated, Effect::Same), Keyword::Deprecated);
    }
    let flags = [
        (base.read_only, head.read_only, ChangeKind::ReadOnlyChanged, Keyword::ReadOnly, Effect::Narrows),
        (base.write_only, head.write_only, ChangeKind::WriteOnlyChanged, Keyword::WriteOnly, Effect::Widens),
    ];
    for (before, after, kind, keyword, effect) in flags {
        if before != after {
            let effect = if after { effect } else { effect.mirrored() };
            let change =
                Change { before: Some(before.to_string()), after: Some(after.to_string()), ..bare(kind, effect) };
            note(change, keyword);
        }
    }
}

/// A short name of what a view holds: `string(email)`, `array of Item`, `Address`.
pub fn type_name(side: &Side<'_>, view: &View<'_>) -> String {
    side.api.type_name(view.root)
}

/// Long text cut for messages.
pub fn clipped(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_string(),
    }
}
