//! Parameters: by place and name, path parameters by their place in the path.

use std::collections::HashSet;

use crate::model::api::{Api, Operation, Parameter, ParameterPlace};
use crate::model::change::Facts;
use crate::model::origin::Origin;
use crate::model::{Change, ChangeKind, Effect, Types};

use super::graph::Graph;
use super::lifecycle;
use super::media_types;
use super::operations::Both;
use super::step::Root;

/// Changes of parameters; their values become pairs.
pub fn compare(graph: &mut Graph<'_>, both: Both<'_>, changes: &mut Vec<Change>) {
    let mut taken = HashSet::new();
    let (base, head) = (graph.base.api, graph.head.api);
    let counts =
        |parameter: &&Parameter| parameter.place != ParameterPlace::Header || !is_reserved(&parameter.name, base, head);
    for ours in both.base.parameters.iter().filter(counts) {
        let free = both.head.parameters.iter().enumerate().filter(|(at, theirs)| !taken.contains(at) && counts(theirs));
        let partner = free.into_iter().find(|(_, theirs)| ours.place == theirs.place && same_name(both, ours, theirs));
        match partner {
            Some((at, theirs)) => {
                taken.insert(at);
                pair(graph, both, ours, theirs, changes);
            }
            None => {
                let mut change = change(both, ours, ChangeKind::ParameterRemoved, Effect::Both);
                change.before = Some(graph.base.api.type_name(ours.shape));
                change.base = Some(edited(ours, &both.head.parameters));
                change.facts = lifecycle::facts(&ours.lifecycle, Facts { required: ours.required, ..Facts::default() });
                changes.push(change);
            }
        }
    }
    let new = both.head.parameters.iter().enumerate().filter(|(at, theirs)| !taken.contains(at) && counts(theirs));
    for (_, theirs) in new {
        // What stands in a path that was there before was always sent; it is only declared now.
        let new = theirs.required && theirs.place != ParameterPlace::Path;
        let effect = if new { Effect::Narrows } else { Effect::Same };
        let mut change = change(both, theirs, ChangeKind::ParameterAdded, effect);
        change.after = Some(graph.head.api.type_name(theirs.shape));
        change.head = Some(edited(theirs, &both.base.parameters));
        change.facts.required = theirs.required;
        change.facts.has_default = graph.head.shape(graph.head.api.resolve(theirs.shape)).default.is_some();
        changes.push(change);
    }
}

/// Where a parameter that only one side has was edited: the component where both sides refer to it under another name or
/// in another place, else the entry of the list.
fn edited(parameter: &Parameter, others: &[Parameter]) -> Origin {
    let kept = parameter.reference.is_some() && others.iter().any(|other| other.reference == parameter.reference);
    if kept { parameter.definition } else { parameter.origin }
}

/// Headers that media types and security describe: from 3.0 on parameters of these names say nothing (3.0.3 section 4.7.12.2).
fn is_reserved(name: &str, base: &Api, head: &Api) -> bool {
    let reserved = ["accept", "content-type", "authorization"].iter().any(|known| name.eq_ignore_ascii_case(known));
    reserved && [base, head].iter().any(|api| api.format != "openapi-2.0")
}

/// Header names compare without case; path parameters by place.
fn same_name(both: Both<'_>, ours: &Parameter, theirs: &Parameter) -> bool {
    match ours.place {
        ParameterPlace::Header => ours.name.eq_ignore_ascii_case(&theirs.name),
        ParameterPlace::Path => match (position(both.base, &ours.name), position(both.head, &theirs.name)) {
            (Some(a), Some(b)) => a == b,
            _ => ours.name == theirs.name,
        },
        // The name of the one that is the whole query is never sent.
        ParameterPlace::QueryString => true,
        _ => ours.name == theirs.name,
    }
}

/// The place of a parameter among those of the path.
fn position(operation: &Operation, name: &str) -> Option<usize> {
    let names = operation.path.split('{').skip(1).filter_map(|part| part.split_once('}'));
    names.map(|(name, _)| name).position(|known| known == name)
}

fn subject(both: Both<'_>, parameter: &Parameter) -> String {
    parameter.subject(&both.base.id)
}

fn location(parameter: &Parameter) -> String {
    format!("{} parameter {}", parameter.place.name(), parameter.name)
}

fn change(both: Both<'_>, parameter: &Parameter, kind: ChangeKind, effect: Effect) -> Change {
    let change = both.change(kind, effect, both.sent(), &location(parameter));
    Change { subject: subject(both, parameter), ..change }
}

fn pair(graph: &mut Graph<'_>, both: Both<'_>, ours: &Parameter, theirs: &Parameter, changes: &mut Vec<Change>) {
    if ours.required != theirs.required {
        let (kind, effect) = match theirs.required {
            true => (ChangeKind::ParameterRequired, Effect::Narrows),
            false => (ChangeKind::ParameterOptional, Effect::Widens),
        };
        let word = |p: &Parameter| Some(if p.required { "required".to_string() } else { "optional".to_string() });
        let mut change = change(both, ours, kind, effect);
        (change.before, change.after) = (word(ours), word(theirs));
        change.base = ours.required_origin.or(Some(ours.definition));
        change.head = theirs.required_origin.or(Some(theirs.definition));
        change.facts.has_default = graph.head.shape(graph.head.api.resolve(theirs.shape)).default.is_some();
        changes.push(change);
    }
    let types = graph.base.hull(ours.shape).intersection(graph.head.hull(theirs.shape));
    let spelled = (spelling(ours, types), spelling(theirs, types));
    let effect = match (spelled.0 == spelled.1, liberties(ours), liberties(theirs)) {
        (false, ..) => Effect::Both,
        (true, before, after) => {
            Effect::of(before.iter().any(|l| !after.contains(l)), after.iter().any(|l| !before.contains(l)))
        }
    };
    if effect != Effect::Same {
        let mut change = change(both, ours, ChangeKind::ParameterSerialization, effect);
        let text = |spelling: String, p: &Parameter| {
            std::iter::once(spelling).chain(liberties(p).into_iter().map(Into::into)).collect::<Vec<_>>().join(", ")
        };
        let spelled = (text(spelled.0, ours), text(spelled.1, theirs));
        (change.before, change.after) = (Some(spelled.0), Some(spelled.1));
        (change.base, change.head) = (Some(ours.definition), Some(theirs.definition));
        changes.push(change);
    }
    for announced in lifecycle::compare(&ours.lifecycle, &theirs.lifecycle, ChangeKind::AttributeDeprecated) {
        let whole = change(both, ours, announced.kind, Effect::Same);
        let Change { before, after, base, head, .. } = announced;
        changes.push(Change { before, after, base, head, ..whole });
    }
    let root = Root {
        operation: both.head.id.clone(),
        origin: both.head.origin,
        flow: both.sent(),
        location: location(theirs).into(),
        subject: subject(both, ours),
        text: ours.content.is_none() && theirs.content.is_none(),
    };
    graph.add_root(ours.shape, theirs.shape, root);
}

/// How the values that both sides have are written on the wire. `explode` changes nothing for values that are no lists or
/// objects, nor where the style leaves no choice (RFC 6570: `simple` lists; `deepObject`).
fn spelling(parameter: &Parameter, types: Types) -> String {
    if let Some(media) = &parameter.content {
        return media_types::spelled(media);
    }
    let compound = match &*parameter.style {
        "deepObject" => Types::NONE,
        "simple" => Types::OBJECT,
        _ => Types::ARRAY.union(Types::OBJECT),
    };
    let mut text = parameter.style.to_string();
    if types.intersects(compound) {
        text.push_str(if parameter.explode { ", exploded" } else { ", not exploded" });
    }
    text
}

/// What may be written beside the usual spelling: each widens what is accepted.
fn liberties(parameter: &Parameter) -> Vec<&'static str> {
    let said = [(parameter.allow_reserved, "reserved characters as they are"), (parameter.allow_empty, "may be empty")];
    said.into_iter().filter(|(allowed, _)| *allowed).map(|(_, words)| words).collect()
}
