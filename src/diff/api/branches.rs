//! Alternatives: which of the one side are which of the other.

use serde_json::Value;

use crate::domain;
use crate::model::api::{Keyword, ShapeId};
use crate::model::{Change, ChangeKind, Effect, Flow, Types};

use super::containment::{self, Answer, Term, within};
use super::decide::{self, Verdict};
use super::graph::Graph;
use super::overlaps;
use super::pair::{Found, Place};
use super::partners::{flattened, matching, property_of, tag};
use super::sample::{self, gained_by_head, lost_by_head};
use super::side::Side;
use super::step::{Step, bare};
use super::values::type_name;
use super::view::{Choice, View};
use super::{discriminators, subtypes};

const AT: [Keyword; 2] = [Keyword::OneOf, Keyword::AnyOf];

/// Compares the alternatives of a pair. `false` when these say all there is to say about it.
pub fn compare<'a>(graph: &Graph<'a>, base: &View<'a>, head: &View<'a>, found: &mut Found) -> bool {
    let unlisted = || same_alternatives((&graph.head, head), base).map(|(inheriting, listed)| (listed, inheriting));
    if let Some((ours, theirs)) = same_alternatives((&graph.base, base), head).or_else(unlisted) {
        let matched = matching(graph, (base, head), &ours, &theirs);
        let pairs = paired(graph, (base, head), (&ours, &theirs, &matched), subtypes::came_or_went, found);
        discriminators::compare(graph, (base, head), &pairs, found);
        return false;
    }
    match (base.choices.as_slice(), head.choices.as_slice()) {
        ([], []) => {
            let pairs = subtypes::compare(graph, (base, head), found);
            discriminators::compare(graph, (base, head), &pairs, found);
            true
        }
        ([], [choice]) if is_only_choice(head) => {
            became_choice(graph, base, head, choice, false, found);
            false
        }
        ([choice], []) if is_only_choice(base) => {
            became_choice(graph, head, base, choice, true, found);
            false
        }
        (ours, theirs) if ours.len() == theirs.len() => {
            let mut pairs = subtypes::compare(graph, (base, head), found);
            for (ours, theirs) in ours.iter().zip(theirs) {
                pairs.extend(choices(graph, (base, ours), (head, theirs), found));
            }
            discriminators::compare(graph, (base, head), &pairs, found);
            true
        }
        (ours, theirs) => {
            // One more condition can only narrow, one less only widen.
            let effect = match (ours, theirs) {
                ([], _) => Effect::Narrows,
                (_, []) => Effect::Widens,
                _ => Effect::Undecided,
            };
            composition(graph, base, head, effect, found);
            true
        }
    }
}

fn is_only_choice(view: &View<'_>) -> bool {
    view.properties.is_empty() && view.items.is_empty() && view.matching.is_empty() && view.domain.values.is_none()
}

fn composition<'a>(graph: &Graph<'a>, base: &View<'a>, head: &View<'a>, effect: Effect, found: &mut Found) {
    let (ours, theirs) = (said(base, head), said(head, base));
    let verdict = decide::between(graph, (base, head), &ours, &theirs);
    composed(graph, (base, head), effect, verdict, found);
}

/// Tells what a composition loses and gains.
pub fn composed(
    graph: &Graph<'_>,
    (base, head): (&View<'_>, &View<'_>),
    effect: Effect,
    verdict: Verdict,
    found: &mut Found,
) {
    let mut change = Change {
        before: Some(words(&graph.base, base)),
        after: Some(words(&graph.head, head)),
        ..bare(ChangeKind::CompositionChanged, effect)
    };
    let mask = verdict.flows();
    if verdict.settle(&mut change) {
        found.masked(change, mask, base.at(&graph.base, &AT), head.at(&graph.head, &AT));
    }
}

/// What the alternatives of a view demand, or all of the view where alternatives stand against none and nothing else is
/// compared.
fn said<'v, 'a>(view: &'v View<'a>, other: &View<'a>) -> Vec<Term<'v, 'a>> {
    match (view.choices.is_empty(), other.choices.is_empty()) {
        (false, true) if is_only_choice(view) => vec![Term::All(&view.set)],
        (false, _) => vec![Term::Choices(view)],
        (true, _) if is_only_choice(other) => vec![Term::All(&view.set)],
        (true, _) => Vec::new(),
    }
}

fn words(side: &Side<'_>, view: &View<'_>) -> String {
    match view.choices.first() {
        Some(choice) => {
            let word = if choice.keyword == Keyword::OneOf { "one of" } else { "any of" };
            let labels: Vec<String> = choice.branches.iter().take(5).map(|b| label(side, view, *b)).collect();
            let more = if choice.branches.len() > 5 { " and more" } else { "" };
            format!("{word} {}{more}", labels.join(", "))
        }
        // A component would only be called by the name that the sentence is about.
        None if side.name(view.root).is_some() => view.domain.types.to_string(),
        None => type_name(side, view),
    }
}

/// Single alternatives that another is held against.
const MAX_SINGLE: usize = 4;
/// Properties of an alternative that are listed when nothing else names it.
const MAX_NAMED: usize = 3;

/// How an alternative is called: by its component, the value that tells it apart, its title, the properties it requires.
fn label(side: &Side<'_>, view: &View<'_>, id: ShapeId) -> String {
    if let Some(name) = side.name(id) {
        return name.to_string();
    }
    if let Some(tag) = tag(side, id, property_of(view)) {
        return tag;
    }
    if let Some(title) = &side.shape(side.api.resolve(id)).title {
        return title.to_string();
    }
    let own = View::of(side, &[id]);
    let kind = side.api.type_name(id);
    let names = |required: bool| {
        let members = own.properties.iter().filter(|m| m.required.is_some() == required);
        members.map(|m| m.name.to_string()).take(MAX_NAMED).collect::<Vec<_>>()
    };
    let names = if names(true).is_empty() { names(false) } else { names(true) };
    if names.is_empty() { kind } else { format!("{kind} with {}", names.join(", ")) }
}

/// The step into an alternative: named ones have subjects of their own.
fn step(side: &Side<'_>, view: &View<'_>, id: ShapeId) -> Step {
    Step::Branch(side.name(id).is_none().then(|| label(side, view, id).into()))
}

/// A plain schema on one side, alternatives on the other. `mirrored`: the alternatives are in base.
fn became_choice<'a>(
    graph: &Graph<'a>,
    plain: &View<'a>,
    many: &View<'a>,
    choice: &Choice,
    mirrored: bool,
    found: &mut Found,
) {
    let (plain_side, many_side) = if mirrored { (&graph.head, &graph.base) } else { (&graph.base, &graph.head) };
    // What stood alone may itself be wrapped: any schema it is merged from can be the alternative.
    let by_name = |branch: ShapeId| {
        let name = many_side.name(branch)?;
        plain.members.iter().copied().find(|member| plain_side.name(*member) == Some(name))
    };
    let by_content = |branch: ShapeId| {
        let digest = many_side.digest(branch);
        plain.members.iter().copied().find(|member| plain_side.digest(*member) == digest)
    };
    // The alternative alone does not tell whether `null` was said beside it.
    let null = |view: &View<'_>| view.domain.nullable();
    let alike = null(plain) == null(many);
    let partners = choice.branches.iter().map(|b| by_name(*b).or_else(|| by_content(*b)).filter(|_| alike));
    let Some((same, partner)) = partners.enumerate().find_map(|(at, partner)| Some((at, partner?))) else {
        let (base, head) = if mirrored { (many, plain) } else { (plain, many) };
        composition(graph, base, head, Effect::Undecided, found);
        return;
    };
    let ends = if mirrored { (many, plain) } else { (plain, many) };
    for (at, branch) in choice.branches.iter().enumerate() {
        if at == same {
            let (ours, theirs) = if mirrored { (*branch, partner) } else { (partner, *branch) };
            found.parts.push((step(many_side, many, *branch), vec![ours], vec![theirs]));
        } else {
            came_or_went(graph, ends, *branch, !mirrored, found);
        }
    }
    overlaps::compare(graph, ends, found);
}

/// An alternative that only one side has.
fn came_or_went<'a>(
    graph: &Graph<'a>,
    (base, head): (&View<'a>, &View<'a>),
    branch: ShapeId,
    added: bool,
    found: &mut Found,
) {
    let (side, own) = if added { (&graph.head, head) } else { (&graph.base, base) };
    let (kind, effect) = match added {
        true => (ChangeKind::BranchAdded, Effect::Widens),
        false => (ChangeKind::BranchRemoved, Effect::Narrows),
    };
    let mut change = Change { detail: label(side, own, branch), ..bare(kind, effect) };
    let text = Some(change.detail.clone());
    if added {
        change.after = text
    } else {
        change.before = text
    }
    let (other_side, other) = if added { (&graph.base, base) } else { (&graph.head, head) };
    if within_one(graph, (side, branch), (other_side, other), added) {
        return;
    }
    // Where another alternative speaks of all that this one does, it may be one of its values on its own.
    let names = View::of(side, &[branch]);
    let speaks = |other: &ShapeId| {
        let view = View::of(other_side, &[*other]);
        !names.properties.is_empty() && names.properties.iter().all(|member| view.property(member.name).is_some())
    };
    let mut others = other.choices.iter().flat_map(|choice| &choice.branches);
    let alone = others.any(speaks);
    let term = |view| if alone { Term::Alone(view, branch) } else { Term::Branch(view, branch) };
    let answer = match added {
        true => decide::gained(graph, &[term(head)], &said(base, head)),
        false => decide::lost(graph, &[term(base)], &said(head, base)),
    };
    let value = match answer {
        // The alternatives of the other side have all its values: split, merged, or moved.
        Answer::Inside => return,
        Answer::Outside(value) => value,
        Answer::Unknown(why) => {
            let value = by_type(graph, (base, head), branch, added);
            // A structure that nothing else has stands for itself; of texts and numbers the others may have them all.
            if value.is_none() && !side.hull(branch).intersects(Types::OBJECT.union(Types::ARRAY)) {
                (change.effect, change.facts.undecided) = (Effect::Undecided, Some(why));
            }
            value
        }
    };
    if added {
        change.gained = value.and_then(|v| gained_by_head(v, None));
    } else {
        change.lost = value.and_then(|v| lost_by_head(v, None));
    }
    let near = |side: &Side<'_>, view: &View<'_>| Place { exact: false, ..view.at(side, &AT) };
    let own = side.shape(branch).origin.map(|origin| Place::exact(origin, branch));
    let (ours, theirs) = (near(&graph.base, base), near(&graph.head, head));
    if added {
        found.change(change, ours, own.unwrap_or(theirs));
    } else {
        found.change(change, own.unwrap_or(ours), theirs);
    }
}

/// True when a single alternative of the other side has all its values: the small question, where all of them together
/// are too large a one. An alternative of `oneOf` refuses what fits another, too, so it says nothing.
fn within_one<'a>(
    graph: &Graph<'a>,
    (side, branch): (&Side<'a>, ShapeId),
    (other, view): (&Side<'a>, &View<'a>),
    added: bool,
) -> bool {
    let [choice] = view.choices.as_slice() else { return false };
    let hull = side.hull(branch);
    let may = |id: &&ShapeId| other.hull(**id).contains(hull);
    let flow = if added { Flow::Out } else { Flow::In };
    let inside = |id: &ShapeId| {
        let (ours, theirs) = ([branch], [*id]);
        let (inner, outer) = ([Term::All(&ours)], [Term::All(&theirs)]);
        within(&graph.second, flow, (side, &inner), (other, &outer)) == Answer::Inside
    };
    choice.keyword == Keyword::AnyOf && choice.branches.iter().filter(may).take(MAX_SINGLE).any(inside)
}

/// A value of the alternative, when no other alternative can have values of its type.
fn by_type(graph: &Graph<'_>, (base, head): (&View<'_>, &View<'_>), branch: ShapeId, added: bool) -> Option<Value> {
    let (side, other_side, other) =
        if added { (&graph.head, &graph.base, base) } else { (&graph.base, &graph.head, head) };
    let kinds = side.hull(branch).minus(hull(other_side, other));
    let view = View::of(side, &[branch]);
    domain::KINDS.into_iter().filter(|k| kinds.contains(*k)).find_map(|k| sample::value(side, &view, k))
}

fn hull(side: &Side<'_>, view: &View<'_>) -> Types {
    view.members.iter().map(|id| side.hull(*id)).fold(Types::ANY, Types::intersection)
}

/// What inherits from one schema, against a list of alternatives: the same ones written another way. The schema that all
/// inherit from counts as none.
fn same_alternatives(one: (&Side<'_>, &View<'_>), many: &View<'_>) -> Option<(Vec<ShapeId>, Vec<ShapeId>)> {
    let ([], [choice]) = (one.1.choices.as_slice(), many.choices.as_slice()) else { return None };
    let alike = property_of(one.1).is_some() && property_of(one.1) == property_of(many) && is_only_choice(many);
    let below = subtypes::below(one.0, one.1).filter(|below| alike && !below.is_empty())?;
    Some((below.iter().map(|one| one.shape).collect(), choice.branches.clone()))
}

/// Alternatives with their partners, and each that is `alone` as what came or went; returns those that both sides have.
fn paired<'a>(
    graph: &Graph<'a>,
    ends: (&View<'a>, &View<'a>),
    (mine, others, matched): (&[ShapeId], &[ShapeId], &[Option<usize>]),
    alone: fn(&Graph<'a>, (&View<'a>, &View<'a>), ShapeId, bool, &mut Found),
    found: &mut Found,
) -> Vec<(ShapeId, ShapeId)> {
    let mut taken = vec![false; others.len()];
    let mut pairs = Vec::new();
    for (branch, partner) in mine.iter().zip(matched) {
        let other = partner.and_then(|at| {
            *taken.get_mut(at)? = true;
            others.get(at)
        });
        match other {
            Some(other) => {
                pairs.push((*branch, *other));
                found.parts.push((step(&graph.base, ends.0, *branch), vec![*branch], vec![*other]));
            }
            None => alone(graph, ends, *branch, false, found),
        }
    }
    for (branch, _) in others.iter().zip(&taken).filter(|(_, taken)| !**taken) {
        alone(graph, ends, *branch, true, found);
    }
    pairs
}

/// Compares two lists of alternatives; returns those that both sides have.
fn choices<'a>(
    graph: &Graph<'a>,
    base: (&View<'a>, &Choice),
    head: (&View<'a>, &Choice),
    found: &mut Found,
) -> Vec<(ShapeId, ShapeId)> {
    let ends = (base.0, head.0);
    let (ours, theirs) = (base.1, head.1);
    let (mine, others) = flattened(graph, ends, ours, theirs);
    let matched = matching(graph, ends, &mine, &others);
    if ours.keyword != theirs.keyword && matched.iter().all(Option::is_none) {
        composition(graph, ends.0, ends.1, Effect::Undecided, found);
        return Vec::new();
    }
    let pairs = paired(graph, ends, (&mine, &others, &matched), came_or_went, found);
    let apart = |side: &Side<'_>, choice: &Choice| containment::apart(side, &choice.branches);
    if ours.keyword != theirs.keyword {
        if ends.1.discriminator.is_none() && !(apart(&graph.base, ours) && apart(&graph.head, theirs)) {
            respelled(graph, ends, theirs, found);
        }
    } else {
        overlaps::compare(graph, ends, found);
    }
    pairs
}

/// The same alternatives under the other keyword. `anyOf` allows all that `oneOf` allows, so only one direction is in
/// question; what the alternatives themselves say is a change of theirs.
fn respelled<'a>(graph: &Graph<'a>, (base, head): (&View<'a>, &View<'a>), theirs: &Choice, found: &mut Found) {
    let verdict = match theirs.keyword {
        Keyword::AnyOf => {
            Verdict { lost: Answer::Inside, gained: decide::gained(graph, &[Term::All(&head.set)], &said(base, head)) }
        }
        _ => Verdict { lost: decide::lost(graph, &[Term::All(&base.set)], &said(head, base)), gained: Answer::Inside },
    };
    composed(graph, (base, head), Effect::Undecided, verdict, found);
}
