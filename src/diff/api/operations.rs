//! Operations: matched by method and path, whatever path parameters are called.

use std::collections::{HashMap, HashSet};

use crate::model::api::{Api, Operation, OperationKind};
use crate::model::origin::Text;
use crate::model::{Change, ChangeKind, Effect, Flow, Flows, Usage};

use super::graph::Graph;
use super::step::{bare, received, sent};
use super::{parameters, responses, security};

/// One operation in both contracts.
#[derive(Clone, Copy)]
pub struct Both<'a> {
    pub base: &'a Operation,
    pub head: &'a Operation,
}

impl Both<'_> {
    /// A change of the operation as such, felt by those who send to it or receive from it.
    pub fn change(&self, kind: ChangeKind, effect: Effect, flow: Flow, location: &str) -> Change {
        Change {
            subject: self.base.id.to_string(),
            flows: Flows::one(flow),
            usages: vec![usage(self.head, flow, location)],
            ..bare(kind, effect)
        }
    }

    /// The flow of requests.
    pub fn sent(&self) -> Flow {
        sent(self.head.kind)
    }

    /// The flow of responses.
    pub fn received(&self) -> Flow {
        received(self.head.kind)
    }
}

/// The use of a whole part of an operation.
pub fn usage(operation: &Operation, flow: Flow, location: &str) -> Usage {
    Usage {
        operation: operation.id.clone(),
        flow,
        location: location.into(),
        path: "$".into(),
        origin: operation.origin,
    }
}

/// Changes of operations; the values they carry become pairs.
pub fn compare(graph: &mut Graph<'_>) -> Vec<Change> {
    let (base, head) = (graph.base.api, graph.head.api);
    let partners = matched(base, head);
    let mut changes = security::schemes(base, head);
    servers(base, head, &mut changes);
    let mut taken = HashSet::new();
    for (operation, partner) in base.operations.iter().zip(&partners) {
        match partner.and_then(|at| head.operations.get(at).map(|other| (at, other))) {
            Some((at, other)) => {
                taken.insert(at);
                pair(graph, Both { base: operation, head: other }, &mut changes);
            }
            None => changes.push(removed(operation, newly_unread(graph))),
        }
    }
    for (_, operation) in head.operations.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
        changes.push(Change {
            subject: operation.id.to_string(),
            after: Some(operation.id.to_string()),
            head: Some(operation.key),
            flows: Flows::BOTH,
            usages: vec![usage(operation, sent(operation.kind), "operation")],
            ..bare(ChangeKind::OperationAdded, Effect::Widens)
        });
    }
    changes
}

/// True when what is missing in head may only be unread. What could not be read on either side hid nothing before.
pub fn newly_unread(graph: &Graph<'_>) -> bool {
    graph.head.api.tainted && !graph.base.api.tainted
}

fn removed(operation: &Operation, unread: bool) -> Change {
    let effect = if unread { Effect::Undecided } else { Effect::Narrows };
    let mut change = Change {
        subject: operation.id.to_string(),
        before: Some(operation.id.to_string()),
        base: Some(operation.key),
        flows: Flows::BOTH,
        usages: vec![usage(operation, sent(operation.kind), "operation")],
        ..bare(ChangeKind::OperationRemoved, effect)
    };
    change.facts.deprecated = operation.deprecated;
    change.facts.tainted = unread;
    change
}

/// For each operation of base the place of its partner in head: same path first, then same path but for names.
fn matched(base: &Api, head: &Api) -> Vec<Option<usize>> {
    let mut partners: Vec<Option<usize>> = vec![None; base.operations.len()];
    let mut taken = HashSet::new();
    let rounds: [fn(&Operation) -> String; 2] = [|operation| operation.id.to_string(), key];
    for key in rounds {
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, operation) in head.operations.iter().enumerate().rev().filter(|(at, _)| !taken.contains(at)) {
            places.entry(key(operation)).or_default().push(at);
        }
        for (operation, partner) in base.operations.iter().zip(&mut partners).filter(|(_, p)| p.is_none()) {
            if let Some(at) = places.get_mut(&key(operation)).and_then(Vec::pop) {
                *partner = Some(at);
                taken.insert(at);
            }
        }
    }
    partners
}

/// What an operation is matched by.
fn key(operation: &Operation) -> String {
    match operation.kind {
        OperationKind::Path => format!("{} {}", operation.method, nameless(&operation.path)),
        OperationKind::Webhook | OperationKind::Callback => operation.id.to_string(),
    }
}

/// The path without the names of its parameters, `/users/{}`, and without a slash at its end.
fn nameless(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.trim_end_matches('/').chars() {
        inside = match c {
            '{' => true,
            '}' => false,
            _ => inside,
        };
        if !inside || c == '{' {
            out.push(c);
        }
    }
    out
}

fn pair(graph: &mut Graph<'_>, both: Both<'_>, changes: &mut Vec<Change>) {
    let Both { base, head } = both;
    let edited = |change: Change| Change { base: Some(base.key), head: Some(head.key), ..change };
    let notice = (head.deprecated, &head.sunset);
    if head.deprecated && notice != (base.deprecated, &base.sunset) {
        let text = |operation: &Operation| match (&operation.sunset, operation.deprecated) {
            (Some(date), true) => Some(format!("deprecated, sunset {date}")),
            (None, true) => Some("deprecated".to_string()),
            _ => None,
        };
        let change = both.change(ChangeKind::OperationDeprecated, Effect::Same, both.sent(), "operation");
        changes.push(edited(Change { before: text(base), after: text(head), ..change }));
    }
    if base.operation_id != head.operation_id {
        let text = |operation: &Operation| operation.operation_id.as_ref().map(ToString::to_string);
        let change = both.change(ChangeKind::OperationIdChanged, Effect::Same, both.sent(), "operation");
        changes.push(edited(Change { before: text(base), after: text(head), ..change }));
    }
    if sorted(&base.tags) != sorted(&head.tags) {
        let text = |operation: &Operation| (!operation.tags.is_empty()).then(|| operation.tags.join(", "));
        let change = both.change(ChangeKind::OperationTagsChanged, Effect::Same, both.sent(), "operation");
        changes.push(edited(Change { before: text(base), after: text(head), ..change }));
    }
    security::compare(graph, both, changes);
    parameters::compare(graph, both, changes);
    responses::body(graph, both, changes);
    responses::compare(graph, both, changes);
}

fn sorted(tags: &[Text]) -> Vec<&Text> {
    let mut tags: Vec<&Text> = tags.iter().collect();
    tags.sort_unstable();
    tags.dedup();
    tags
}

fn servers(base: &Api, head: &Api, changes: &mut Vec<Change>) {
    let title = |api: &Api| if api.title.is_empty() { api.path.to_string() } else { api.title.to_string() };
    let has = |api: &Api, url: &str| api.servers.iter().any(|(known, _)| known.trim_end_matches('/') == url);
    let only = |ours: &Api, theirs: &Api| {
        let own = ours.servers.iter().filter(|(url, _)| !has(theirs, url.trim_end_matches('/')));
        own.map(|(url, origin)| (url.to_string(), *origin)).collect::<Vec<_>>()
    };
    // No servers at all means the place the contract came from.
    if base.servers.is_empty() || head.servers.is_empty() {
        return;
    }
    for (url, origin) in only(base, head) {
        changes.push(Change {
            subject: title(base),
            detail: url.clone(),
            before: Some(url),
            base: Some(origin),
            flows: Flows::BOTH,
            ..bare(ChangeKind::ServerRemoved, Effect::Narrows)
        });
    }
    for (url, origin) in only(head, base) {
        changes.push(Change {
            subject: title(head),
            detail: url.clone(),
            after: Some(url),
            head: Some(origin),
            flows: Flows::BOTH,
            ..bare(ChangeKind::ServerAdded, Effect::Widens)
        });
    }
}
