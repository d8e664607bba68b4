//! Keywords without a part of their own: `if`, `contains`, `dependentRequired`, `unevaluatedProperties` …
//!
//! What they say of items, properties and names becomes a pair of its own where the same keyword stands on both sides and
//! only what it refers to can have been edited. The rest is decided as a question about sets of values. Those that mean
//! something only together are one change.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::model::api::{Applied, Keyword, ShapeId};
use crate::model::origin::Origin;
use crate::model::{Change, ChangeKind, Effect, Flows};

use super::containment::{Term, group, is_annotation};
use super::decide;
use super::graph::{Graph, NodeId};
use super::pair::{Found, Place};
use super::side::Side;
use super::step::{Step, bare};
use super::values::clipped;
use super::view::View;
use super::xml;

/// Compares all of them.
pub fn compare<'a>(graph: &Graph<'a>, id: NodeId, base: &View<'a>, head: &View<'a>, found: &mut Found) {
    let names: BTreeSet<&str> = names(base).chain(names(head)).collect();
    let mut told: Vec<&[&str]> = Vec::new();
    for name in names {
        if part(graph, (base, head), name, found) || name == "xml" && xml::same(graph, id, base, head) {
            continue;
        }
        let group = group(name);
        if same(graph, base, head, name) || told.contains(&group) && !group.is_empty() {
            continue;
        }
        told.push(group);
        changed(graph, (base, head), name, group, found);
    }
}

fn names<'v>(view: &'v View<'_>) -> impl Iterator<Item = &'v str> {
    view.keywords.iter().map(|(other, _)| &*other.name).chain(view.applied.iter().map(|(applied, _)| applied.keyword))
}

/// What a view says under a keyword: as written, where, and the shape that holds it.
fn said(view: &View<'_>, name: &str) -> Vec<(Value, Origin, ShapeId)> {
    let plain = view.keywords.iter().filter(|(other, _)| &*other.name == name);
    let plain = plain.map(|(other, holder)| (other.value.clone(), other.origin, *holder));
    let applied = view.applied.iter().filter(|(applied, _)| applied.keyword == name);
    let applied = applied.map(|(applied, holder)| {
        let text = || applied.text.clone();
        let value = applied.name.as_ref().map_or_else(text, |name| json!({&**name: text()}));
        (value, applied.origin, *holder)
    });
    plain.chain(applied).collect()
}

/// A keyword that says the same in both, but for what it refers to: that is compared as a part, or, where the keyword speaks
/// about the value itself, as an alternative of it.
fn part<'a>(graph: &Graph<'a>, (base, head): (&View<'a>, &View<'a>), name: &str, found: &mut Found) -> bool {
    let said = |view: &View<'a>| -> Vec<&'a Applied> {
        view.applied.iter().map(|(applied, _)| *applied).filter(|a| a.keyword == name).collect()
    };
    let counted = |view: &View<'_>| names(view).any(|n| matches!(n, "minContains" | "maxContains"));
    // How many items must fit turns the direction round, and so does a condition.
    let turned = match name {
        "contains" => counted(base) || counted(head),
        "then" | "else" => !same(graph, base, head, "if"),
        name => name == "if",
    };
    let (ours, theirs) = (said(base), said(head));
    let alike = |a: &Applied, b: &Applied| {
        let text = a.text == b.text || graph.base.digest(a.shape) == graph.head.digest(b.shape);
        a.name == b.name && text && (a.in_place() || ours.len() == 1)
    };
    let pairs = || ours.iter().zip(&theirs);
    if turned || ours.is_empty() || ours.len() != theirs.len() || !pairs().all(|(a, b)| alike(a, b)) {
        return false;
    }
    let step = |applied: &Applied| match applied.in_place() {
        true => Step::Branch(Some(applied.keyword.into())),
        false => Step::Applied(applied.keyword),
    };
    found.parts.extend(pairs().map(|(a, b)| (step(a), vec![a.shape], vec![b.shape])));
    true
}

fn same(graph: &Graph<'_>, base: &View<'_>, head: &View<'_>, name: &str) -> bool {
    let said = |side: &Side<'_>, view: &View<'_>| {
        let plain = view.keywords.iter().filter(|(other, _)| &*other.name == name);
        let plain: Vec<String> = plain.map(|(other, _)| other.value.to_string()).collect();
        let applied = view.applied.iter().filter(|(applied, _)| applied.keyword == name);
        let mut parts: Vec<_> = applied.map(|(a, _)| (a.name.clone(), side.digest(a.shape))).collect();
        parts.sort();
        (plain, parts)
    };
    said(&graph.base, base) == said(&graph.head, head)
}

fn changed<'a>(
    graph: &Graph<'a>,
    (base, head): (&View<'a>, &View<'a>),
    name: &str,
    group: &'static [&'static str],
    found: &mut Found,
) {
    let text = |view: &View<'_>| {
        let said: Vec<String> = texts(view, name);
        (!said.is_empty()).then(|| clipped(&said.join(" and ")))
    };
    let (before, mut after) = (text(base), text(head));
    if before == after {
        after = after.map(|text| format!("{text}, which says something else now"));
    }
    let places = places(graph, base, head, name);
    let mut change =
        Change { detail: name.to_string(), before, after, ..bare(ChangeKind::KeywordChanged, Effect::Undecided) };
    if name == "xml" {
        (change.kind, change.effect) = (ChangeKind::XmlChanged, Effect::Both);
        return found.change(change, places.0, places.1);
    }
    let (ours, theirs) = match group {
        [] => (Term::All(&base.set), Term::All(&head.set)),
        names => (Term::Keywords(base, names), Term::Keywords(head, names)),
    };
    let mut mask = Flows::BOTH;
    if is_annotation(name) {
        change.facts.undecided = Some(format!("`{name}` is compared as text only"));
    } else {
        let verdict = decide::between(graph, (base, head), &[ours], &[theirs]);
        mask = verdict.flows();
        if !verdict.settle(&mut change) {
            return;
        }
    }
    if change.effect == Effect::Undecided {
        change.effect = suggested(base, head, if group.is_empty() { std::slice::from_ref(&name) } else { group });
        if change.effect != Effect::Undecided {
            mask = Flows::BOTH;
        }
    }
    found.masked(change, mask, places.0, places.1);
}

/// What is written under the keyword.
fn texts(view: &View<'_>, name: &str) -> Vec<String> {
    said(view, name).into_iter().map(|(value, _, _)| value.to_string()).collect()
}

/// Where what only one side says is written, or else the first of it.
fn places(graph: &Graph<'_>, base: &View<'_>, head: &View<'_>, name: &str) -> (Place, Place) {
    let (ours, theirs) = (said(base, name), said(head, name));
    let at =
        |side: &Side<'_>, view: &View<'_>, own: &[(Value, Origin, ShapeId)], other: &[(Value, Origin, ShapeId)]| {
            let known = |value: &Value| other.iter().any(|(known, _, _)| known == value);
            let entry = own.iter().find(|(value, _, _)| !known(value)).or(own.first());
            let nothing = || Place { exact: false, ..view.at(side, &[Keyword::Other]) };
            entry.map_or_else(nothing, |(_, origin, holder)| Place::exact(*origin, *holder))
        };
    (at(&graph.base, base, &ours, &theirs), at(&graph.head, head, &theirs, &ours))
}

/// What keywords do together that came or went, as far as that alone tells.
fn suggested(base: &View<'_>, head: &View<'_>, names: &[&str]) -> Effect {
    let of = |name: &&str| match (texts(base, name), texts(head, name)) {
        (ours, theirs) if ours == theirs => Effect::Same,
        (ours, _) if ours.is_empty() && ONLY_NARROW.contains(name) => Effect::Narrows,
        (_, theirs) if theirs.is_empty() && ONLY_NARROW.contains(name) => Effect::Widens,
        _ => Effect::Undecided,
    };
    match names.iter().map(of).fold(Effect::Same, Effect::and) {
        clear @ (Effect::Narrows | Effect::Widens) => clear,
        _ => Effect::Undecided,
    }
}

/// Keywords that, as long as nothing else changes, can only take values away.
const ONLY_NARROW: [&str; 8] = [
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "propertyNames",
    "then",
    "unevaluatedProperties",
];
