//! Objects and lists: which properties there are, which must be there, what else may be.

use crate::model::api::{Keyword, ShapeId};
use crate::model::origin::Text;
use crate::model::{Change, ChangeKind, Effect, Flows};

use super::containment::Term;
use super::decide;
use super::graph::{Graph, flows};
use super::lifecycle;
use super::pair::{Found, Place};
use super::sample::{self, lost_by_head};
use super::side::Side;
use super::step::{Step, bare};
use super::values::type_name;
use super::view::{Member, Others, View};

/// Properties that came, went, or are required on one side only; the others become parts.
pub fn properties(graph: &Graph<'_>, base: &View<'_>, head: &View<'_>, found: &mut Found) {
    for member in &base.properties {
        match head.property(member.name) {
            Some(other) => {
                found.parts.push((Step::Property(member.name.clone()), member.shapes.clone(), other.shapes.clone()));
            }
            None => removed(graph, member, base, head, found),
        }
    }
    for member in head.properties.iter().filter(|m| base.property(m.name).is_none()) {
        added(graph, member, base, head, found);
    }
    let undeclared = |view: &View<'_>, name: &str| view.property(name).is_none();
    let names = base.properties.iter().map(|m| m.name).filter(|name| head.property(name).is_some());
    let loose = base.required_only.iter().chain(&head.required_only).map(|(name, _)| *name);
    let loose = loose.filter(|name| undeclared(base, name) || undeclared(head, name));
    let mut seen = std::collections::HashSet::new();
    for name in names.chain(loose).filter(|name| seen.insert(*name)) {
        // A property that came or went has said whether it was required.
        let moved = undeclared(base, name) != undeclared(head, name);
        if !moved && base.requires(name) != head.requires(name) {
            required(graph, name, base, head, found);
        }
    }
}

fn member_view<'a>(side: &Side<'a>, member: &Member<'_>) -> View<'a> {
    View::of(side, &member.shapes)
}

fn removed(graph: &Graph<'_>, member: &Member<'_>, base: &View<'_>, head: &View<'_>, found: &mut Found) {
    let view = member_view(&graph.base, member);
    let tainted = base.tainted || head.tainted;
    let mut change = Change {
        before: Some(type_name(&graph.base, &view)),
        ..bare(ChangeKind::AttributeRemoved, if tainted { Effect::Undecided } else { Effect::Both })
    };
    change.facts.required = member.required.is_some();
    if let Some(announced) = view.lifecycle {
        change.facts = lifecycle::facts(announced, change.facts);
    }
    change.facts.deprecated = view.deprecated;
    if tainted {
        change.facts.undecided = Some("part of the schema could not be read".into());
    }
    // An object that takes nothing undeclared refuses what it took; `proof` judges it beside what else is said.
    if head.others == Others::Refused {
        change.lost = sample::with(&graph.base, base, member).and_then(|value| lost_by_head(value, None));
    }
    let place = Place::exact(member.key, member.holder);
    let step = Step::Property(member.name.clone());
    found.leaf(change, Some(step), flows(view.read_only, view.write_only), Some(place), None);
}

fn added(graph: &Graph<'_>, member: &Member<'_>, base: &View<'_>, head: &View<'_>, found: &mut Found) {
    let view = member_view(&graph.head, member);
    // A property of an object that refuses undeclared ones is a value that the base did not allow.
    let new = member.required.is_some() && !base.requires(member.name);
    let effect = Effect::of(new, base.others == Others::Refused);
    let mut change = Change { after: Some(type_name(&graph.head, &view)), ..bare(ChangeKind::AttributeAdded, effect) };
    change.facts.required = member.required.is_some();
    change.facts.has_default = view.default.is_some();
    if new && head.domain.types.intersects(crate::model::Types::OBJECT) {
        change.lost = sample::object(&graph.base, base, None).and_then(|v| lost_by_head(v, Some(member.name)));
    }
    let place = Place::exact(member.key, member.holder);
    let step = Step::Property(member.name.clone());
    // Until now the schema of undeclared properties spoke about it.
    match &base.others {
        Others::Shapes(ids) => found.parts.push((step.clone(), ids.clone(), member.shapes.clone())),
        // Required already, so it was there, with any value.
        _ if base.requires(member.name) => found.parts.push((step.clone(), Vec::new(), member.shapes.clone())),
        _ => {}
    }
    found.leaf(change, Some(step), flows(view.read_only, view.write_only), None, Some(place));
}

fn required(graph: &Graph<'_>, name: &crate::model::origin::Text, base: &View<'_>, head: &View<'_>, found: &mut Found) {
    let now = head.requires(name);
    let (kind, effect) = match now {
        true => (ChangeKind::AttributeRequired, Effect::Narrows),
        false => (ChangeKind::AttributeOptional, Effect::Widens),
    };
    let word = |required: bool| Some(if required { "required".to_string() } else { "optional".to_string() });
    let mut change = Change { before: word(!now), after: word(now), ..bare(kind, effect) };
    change.facts.required = !now;
    let views = (
        base.property(name).map(|m| member_view(&graph.base, m)),
        head.property(name).map(|m| member_view(&graph.head, m)),
    );
    change.facts.has_default = views.1.as_ref().is_some_and(|v| v.default.is_some());
    if now {
        change.lost = sample::object(&graph.base, base, None).and_then(|v| lost_by_head(v, Some(name)));
    } else {
        change.gained = sample::object(&graph.head, head, None).and_then(|v| sample::gained_by_head(v, Some(name)));
    }
    let mask = match &views {
        (Some(ours), Some(theirs)) => flows(ours.read_only && theirs.read_only, ours.write_only && theirs.write_only),
        _ => Flows::BOTH,
    };
    let step = Step::Property(name.clone());
    found.leaf(change, Some(step), mask, required_place(base, name), required_place(head, name));
}

/// The entry in `required`, or else the property.
fn required_place(view: &View<'_>, name: &str) -> Option<Place> {
    match view.property(name) {
        Some(member) => Some(match member.required.flatten() {
            Some(origin) => Place::exact(origin, member.holder),
            None => Place { origin: Some(member.key), holder: member.holder, exact: false },
        }),
        None => {
            let (_, origin) = view.required_only.iter().find(|(n, _)| &***n == name)?;
            Some(Place::exact(*origin, view.root))
        }
    }
}

/// Undeclared properties.
pub fn others<'a>(graph: &Graph<'a>, base: &View<'a>, head: &View<'a>, found: &mut Found) {
    let open = |others: &Others| matches!(others, Others::Unsaid | Others::Allowed);
    let effect = match (&base.others, &head.others) {
        (Others::Shapes(ours), Others::Shapes(theirs)) => {
            found.parts.push((Step::Additional, ours.clone(), theirs.clone()));
            None
        }
        (Others::Refused, Others::Refused) => None,
        (ours, theirs) if open(ours) && open(theirs) => None,
        (Others::Refused, _) => Some(Effect::Widens),
        (_, Others::Refused) => Some(Effect::Narrows),
        (Others::Shapes(ids), _) => says_something(&graph.base, ids).then_some(Effect::Widens),
        (_, Others::Shapes(ids)) => says_something(&graph.head, ids).then_some(Effect::Narrows),
        _ => None,
    };
    if let Some(effect) = effect {
        let text = |side: &Side<'_>, others: &Others| match others {
            Others::Unsaid | Others::Allowed => "allowed".to_string(),
            Others::Refused => "refused".to_string(),
            Others::Shapes(ids) => type_name(side, &View::of(side, ids)),
        };
        let mut change = Change {
            before: Some(text(&graph.base, &base.others)),
            after: Some(text(&graph.head, &head.others)),
            ..bare(ChangeKind::AdditionalPropertiesChanged, effect)
        };
        if open(&base.others) && head.others == Others::Refused {
            change.lost = sample::object(&graph.base, base, Some("other")).and_then(|v| lost_by_head(v, None));
        }
        if base.others == Others::Refused && open(&head.others) {
            change.gained =
                sample::object(&graph.head, head, Some("other")).and_then(|v| sample::gained_by_head(v, None));
        }
        let at = |side: &Side<'_>, view: &View<'_>| {
            view.closed_at.unwrap_or_else(|| view.at(side, &[Keyword::AdditionalProperties]))
        };
        // Whoever reads an object reads what is declared: more of it, declared or not, changes nothing for them.
        let mask = if base.others == Others::Refused { Flows::IN } else { Flows::BOTH };
        found.masked(change, mask, at(&graph.base, base), at(&graph.head, head));
    }
    matching(graph, base, head, found);
}

/// `patternProperties`: by pattern. One that left and one that came are one pattern respelled.
fn matching<'a>(graph: &Graph<'a>, base: &View<'a>, head: &View<'a>, found: &mut Found) {
    let with = |view: &View<'_>, pattern: &str| -> Vec<ShapeId> {
        view.matching.iter().filter(|(p, _)| &***p == pattern).map(|(_, id)| *id).collect()
    };
    let only = |view: &View<'a>, other: &View<'a>| -> Vec<(&'a Text, ShapeId)> {
        view.matching.iter().filter(|(p, _)| with(other, p).is_empty()).copied().collect()
    };
    for (pattern, _) in &base.matching {
        let theirs = with(head, pattern);
        if !theirs.is_empty() {
            found.parts.push((Step::Matching((*pattern).clone()), with(base, pattern), theirs));
        }
    }
    let (gone, new) = (only(base, head), only(head, base));
    if let ([ours], [theirs]) = (gone.as_slice(), new.as_slice()) {
        return matching_changed(graph, (base, head), (Some(*ours), Some(*theirs)), found);
    }
    for entry in gone {
        matching_changed(graph, (base, head), (Some(entry), None), found);
    }
    for entry in new {
        matching_changed(graph, (base, head), (None, Some(entry)), found);
    }
}

/// A pattern and the schema of what matches it.
type Entry<'a> = Option<(&'a Text, ShapeId)>;

fn matching_changed<'a>(
    graph: &Graph<'a>,
    (base, head): (&View<'a>, &View<'a>),
    (ours, theirs): (Entry<'a>, Entry<'a>),
    found: &mut Found,
) {
    let text = |entry: Entry<'_>| entry.map(|(pattern, _)| pattern.to_string());
    let mut change = Change {
        detail: "patternProperties".into(),
        before: text(ours),
        after: text(theirs),
        ..bare(ChangeKind::KeywordChanged, Effect::Undecided)
    };
    let terms = (Term::Undeclared(base), Term::Undeclared(head));
    let verdict = decide::between(graph, (base, head), &[terms.0], &[terms.1]);
    let mask = verdict.flows();
    if !verdict.settle(&mut change) {
        return;
    }
    let place = |side: &Side<'_>, view: &View<'_>, entry: Entry<'_>| {
        match entry {
            Some((_, id)) => side.shape(id).origin.map(|origin| Place::exact(origin, id)),
            None => None,
        }
        .unwrap_or(Place { exact: false, ..view.at(side, &[Keyword::PatternProperties]) })
    };
    found.masked(change, mask, place(&graph.base, base, ours), place(&graph.head, head, theirs));
}

fn says_something(side: &Side<'_>, ids: &[ShapeId]) -> bool {
    !View::of(side, ids).is_open()
}

/// The items of lists and the places of tuples.
pub fn items(_: &Graph<'_>, base: &View<'_>, head: &View<'_>, found: &mut Found) {
    if !(base.items.is_empty() && head.items.is_empty()) {
        found.parts.push((Step::Items, base.items.clone(), head.items.clone()));
    }
    // A place that one side cannot have is told by the number of items.
    let most = |view: &View<'_>| view.domain.limits().max_items.and_then(|n| usize::try_from(n).ok());
    let last = most(base).unwrap_or(usize::MAX).min(most(head).unwrap_or(usize::MAX));
    for place in 0..base.prefix.len().max(head.prefix.len()).min(last) {
        let at = |view: &View<'_>| view.prefix.get(place).map_or_else(|| view.items.clone(), |id| vec![*id]);
        found.parts.push((Step::Place(place), at(base), at(head)));
    }
}
