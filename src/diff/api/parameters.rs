//! Parameters: by place and name, path parameters by their place in the path.

use std::collections::HashSet;

use crate::model::api::{Operation, Parameter, ParameterPlace};
use crate::model::{Change, ChangeKind, Effect};

use super::graph::Graph;
use super::operations::Both;
use super::step::Root;

/// Changes of parameters; their values become pairs.
pub fn compare(graph: &mut Graph<'_>, both: Both<'_>, changes: &mut Vec<Change>) {
    let mut taken = HashSet::new();
    for ours in &both.base.parameters {
        let partner =
            both.head.parameters.iter().enumerate().find(|(at, theirs)| {
                !taken.contains(at) && ours.place == theirs.place && same_name(both, ours, theirs)
            });
        match partner {
            Some((at, theirs)) => {
                taken.insert(at);
                pair(graph, both, ours, theirs, changes);
            }
            None => {
                let mut change = change(both, ours, ChangeKind::ParameterRemoved, Effect::Both);
                change.before = Some(graph.base.api.type_name(ours.shape));
                change.base = Some(ours.origin);
                change.facts.required = ours.required;
                change.facts.deprecated = ours.deprecated;
                changes.push(change);
            }
        }
    }
    for (_, theirs) in both.head.parameters.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
        // What stands in a path that was there before was always sent; it is only declared now.
        let new = theirs.required && theirs.place != ParameterPlace::Path;
        let effect = if new { Effect::Narrows } else { Effect::Same };
        let mut change = change(both, theirs, ChangeKind::ParameterAdded, effect);
        change.after = Some(graph.head.api.type_name(theirs.shape));
        change.head = Some(theirs.origin);
        change.facts.required = theirs.required;
        change.facts.has_default = graph.head.shape(graph.head.api.resolve(theirs.shape)).default.is_some();
        changes.push(change);
    }
}

/// Header names compare without case; path parameters by place.
fn same_name(both: Both<'_>, ours: &Parameter, theirs: &Parameter) -> bool {
    match ours.place {
        ParameterPlace::Header => ours.name.eq_ignore_ascii_case(&theirs.name),
        ParameterPlace::Path => match (position(both.base, &ours.name), position(both.head, &theirs.name)) {
            (Some(a), Some(b)) => a == b,
            _ => ours.name == theirs.name,
        },
        _ => ours.name == theirs.name,
    }
}

/// The place of a parameter among those of the path.
fn position(operation: &Operation, name: &str) -> Option<usize> {
    let names = operation.path.split('{').skip(1).filter_map(|part| part.split_once('}'));
    names.map(|(name, _)| name).position(|known| known == name)
}

fn subject(both: Both<'_>, parameter: &Parameter) -> String {
    format!("{} {}.{}", both.base.id, parameter.place.name(), parameter.name)
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
        change.base = ours.required_origin.or(Some(ours.origin));
        change.head = theirs.required_origin.or(Some(theirs.origin));
        change.facts.has_default = graph.head.shape(graph.head.api.resolve(theirs.shape)).default.is_some();
        changes.push(change);
    }
    let spelled = (spelling(graph, ours, true), spelling(graph, theirs, false));
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
        (change.base, change.head) = (Some(ours.origin), Some(theirs.origin));
        changes.push(change);
    }
    if theirs.deprecated && !ours.deprecated {
        let mut change = change(both, ours, ChangeKind::AttributeDeprecated, Effect::Same);
        (change.base, change.head) = (Some(ours.origin), Some(theirs.origin));
        changes.push(change);
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

/// How the value is written on the wire. `explode` changes nothing for values that are no lists or objects.
fn spelling(graph: &Graph<'_>, parameter: &Parameter, base: bool) -> String {
    use crate::model::Types;
    if let Some(media) = &parameter.content {
        return media.to_string();
    }
    let side = if base { &graph.base } else { &graph.head };
    let compound = side.hull(parameter.shape).intersects(Types::ARRAY.union(Types::OBJECT));
    let mut text = parameter.style.to_string();
    if compound {
        text.push_str(if parameter.explode { ", exploded" } else { ", not exploded" });
    }
    text
}

/// What may be written beside the usual spelling: each widens what is accepted.
fn liberties(parameter: &Parameter) -> Vec<&'static str> {
    let said = [(parameter.allow_reserved, "reserved characters as they are"), (parameter.allow_empty, "may be empty")];
    said.into_iter().filter(|(allowed, _)| *allowed).map(|(_, words)| words).collect()
}
