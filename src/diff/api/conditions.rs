//! Keywords without a part of their own: `if`, `contains`, `dependentRequired`, `unevaluatedProperties` …
//!
//! What they say of items, properties and names becomes a pair of its own where the same keyword stands on both sides and
//! only what it refers to can have been edited. The rest is decided as a question about sets of values. Those that mean
//! something only together are one change.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::model::api::{Applied, Keyword};
use crate::model::{Change, ChangeKind, Effect, Flows};

use super::containment::{Term, group, is_annotation};
use super::decide;
use super::graph::Graph;
use super::pair::{Found, Place};
use super::side::Side;
use super::step::{Step, bare};
use super::values::clipped;
use super::view::View;

/// Compares all of them.
pub fn compare<'a>(graph: &Graph<'a>, base: &View<'a>, head: &View<'a>, found: &mut Found) {
    let names: BTreeSet<&str> = names(base).chain(names(head)).collect();
    let mut told: Vec<&[&str]> = Vec::new();
    for name in names {
        if part(graph, (base, head), name, found) {
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

fn applied<'v, 'a>(view: &'v View<'a>, name: &str) -> impl Iterator<Item = &'a Applied> + use<'v, 'a> {
    let name = name.to_string();
    view.applied.iter().map(|(applied, _)| *applied).filter(move |applied| applied.keyword == name)
}

/// A keyword about items, properties or names that says the same in both, but for what it refers to.
fn part(graph: &Graph<'_>, (base, head): (&View<'_>, &View<'_>), name: &str, found: &mut Found) -> bool {
    let counted = |view: &View<'_>| names(view).any(|n| matches!(n, "minContains" | "maxContains"));
    let single = |view: &View<'_>| {
        let mut all = view.applied.iter().map(|(applied, _)| *applied).filter(|a| a.keyword == name && !a.in_place());
        all.next().filter(|_| all.next().is_none()).map(|a| (a.keyword, a.shape, a.text.clone()))
    };
    let (Some((keyword, ours, before)), Some((_, theirs, after))) = (single(base), single(head)) else { return false };
    // How many items must fit turns the direction round.
    if name == "contains" && (counted(base) || counted(head)) {
        return false;
    }
    let alike = before == after || graph.base.digest(ours) == graph.head.digest(theirs);
    if alike {
        found.parts.push((Step::Applied(keyword), vec![ours], vec![theirs]));
    }
    alike
}

fn same(graph: &Graph<'_>, base: &View<'_>, head: &View<'_>, name: &str) -> bool {
    let said = |side: &Side<'_>, view: &View<'_>| {
        let plain = view.keywords.iter().filter(|(other, _)| &*other.name == name);
        let plain: Vec<String> = plain.map(|(other, _)| other.value.to_string()).collect();
        let mut parts: Vec<_> = applied(view, name).map(|a| (a.name.clone(), side.digest(a.shape))).collect();
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
    let plain =
        view.keywords.iter().filter(|(other, _)| &*other.name == name).map(|(other, _)| other.value.to_string());
    let said =
        |a: &Applied| -> Value { a.name.as_ref().map_or_else(|| a.text.clone(), |name| json!({&**name: a.text})) };
    plain.chain(applied(view, name).map(|a| said(a).to_string())).collect()
}

/// Where what only one side says is written, or else the first of it.
fn places(graph: &Graph<'_>, base: &View<'_>, head: &View<'_>, name: &str) -> (Place, Place) {
    let at = |side: &Side<'_>, view: &View<'_>, other: &View<'_>| {
        let plain = view.keywords.iter().filter(|(o, _)| &*o.name == name);
        let plain = plain.map(|(o, holder)| (o.value.clone(), o.origin, *holder));
        let parts = view.applied.iter().filter(|(a, _)| a.keyword == name);
        let parts = parts.map(|(a, holder)| (json!([a.name.as_deref(), a.text]), a.origin, *holder));
        let said: Vec<_> = plain.chain(parts).collect();
        let known = |value: &Value| {
            other.keywords.iter().any(|(o, _)| &*o.name == name && o.value == *value)
                || applied(other, name).any(|a| json!([a.name.as_deref(), a.text]) == *value)
        };
        let entry = said.iter().find(|(value, _, _)| !known(value)).or(said.first());
        match entry {
            Some((_, origin, holder)) => Place::exact(*origin, *holder),
            None => view.at(side, &[Keyword::Other]),
        }
    };
    let inexact = |place: Place, said: bool| Place { exact: said && place.exact, ..place };
    let says = |view: &View<'_>| names(view).any(|n| n == name);
    (inexact(at(&graph.base, base, head), says(base)), inexact(at(&graph.head, head, base), says(head)))
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
