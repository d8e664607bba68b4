//! Operations: matched by method and path, whatever path parameters are called.

use std::collections::{HashMap, HashSet};

use crate::model::api::{Api, Operation, OperationKind};
use crate::model::change::Facts;
use crate::model::origin::Text;
use crate::model::{Change, ChangeKind, Effect, Flow, Flows, Usage};

use super::addresses::Shift;
use super::graph::Graph;
use super::lifecycle::{self, mark};
use super::step::{bare, received, sent};
use super::{parameters, responses, security, servers};

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

    /// A change that knows everything but the operation.
    pub fn of_operation(&self, change: Change) -> Change {
        let whole = self.change(change.kind, change.effect, self.sent(), "operation");
        Change { subject: whole.subject, flows: whole.flows, usages: whole.usages, ..change }
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
    let shift = Shift::of(base, head);
    let partners = matched(base, head, &shift);
    let mut changes = security::schemes(base, head);
    servers::compare(base, head, &shift, &mut changes);
    let mut taken = HashSet::new();
    for (operation, partner) in base.operations.iter().zip(&partners) {
        match partner.and_then(|at| head.operations.get(at).map(|other| (at, other))) {
            Some((at, other)) => {
                taken.insert(at);
                pair(graph, Both { base: operation, head: other }, &mut changes);
            }
            None => changes.push(removed(operation, !hidden(base, operation) && hidden(head, operation))),
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

/// True when the operation may be where the contract could not be read.
fn hidden(api: &Api, operation: &Operation) -> bool {
    // `CALLBACK POST {$url} of POST /subscribe` stands in the path item of `/subscribe`.
    let around = operation.id.split(" of ").skip(1).filter_map(|owner| owner.rsplit(' ').next());
    let places: Vec<String> = around.chain([&*operation.path]).map(|path| nameless(plain_end(path))).collect();
    api.gaps.anywhere || api.gaps.paths.iter().any(|gap| places.contains(&nameless(plain_end(gap))))
}

/// True when what is missing in head may only be unread. What could not be read on either side hid nothing before.
pub fn newly_unread(graph: &Graph<'_>) -> bool {
    graph.head.api.tainted && !graph.base.api.tainted
}

fn removed(operation: &Operation, unread: bool) -> Change {
    let effect = match sent(operation.kind) {
        _ if unread => Effect::Undecided,
        Flow::In => Effect::Narrows,
        _ => Effect::Both,
    };
    let mut change = Change {
        subject: operation.id.to_string(),
        before: Some(operation.id.to_string()),
        base: Some(operation.key),
        flows: Flows::one(sent(operation.kind)),
        usages: vec![usage(operation, sent(operation.kind), "operation")],
        ..bare(ChangeKind::OperationRemoved, effect)
    };
    change.facts = lifecycle::facts(&operation.lifecycle, Facts { tainted: unread, ..Facts::default() });
    change
}

/// For each operation of base the place of its partner in head: same path first, then same path but for names, then but
/// for a slash at its end.
fn matched(base: &Api, head: &Api, shift: &Shift) -> Vec<Option<usize>> {
    let mut partners: Vec<Option<usize>> = vec![None; base.operations.len()];
    let mut taken = HashSet::new();
    let rounds: [fn(&Operation, &str) -> String; 3] = [
        |operation, prefix| key(operation, &format!("{prefix}{}", operation.path)),
        |operation, prefix| key(operation, &format!("{prefix}{}", nameless(&operation.path))),
        |operation, prefix| key(operation, &format!("{prefix}{}", nameless(plain_end(&operation.path)))),
    ];
    for key in rounds {
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, operation) in head.operations.iter().enumerate().rev().filter(|(at, _)| !taken.contains(at)) {
            places.entry(key(operation, &shift.head)).or_default().push(at);
        }
        for (operation, partner) in base.operations.iter().zip(&mut partners).filter(|(_, p)| p.is_none()) {
            if let Some(at) = places.get_mut(&key(operation, &shift.base)).and_then(Vec::pop) {
                *partner = Some(at);
                taken.insert(at);
            }
        }
    }
    partners
}

/// The path without a slash at its end.
fn plain_end(path: &str) -> &str {
    path.trim_end_matches('/')
}

/// What an operation is matched by.
fn key(operation: &Operation, path: &str) -> String {
    match operation.kind {
        OperationKind::Path => format!("{} {path}", operation.method),
        OperationKind::Webhook | OperationKind::Callback => operation.id.to_string(),
    }
}

/// The path without the names of its parameters: `/users/{}`.
pub fn nameless(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
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
    for change in lifecycle::compare(&base.lifecycle, &head.lifecycle, ChangeKind::OperationDeprecated) {
        changes.push(both.of_operation(change));
    }
    let slash = |operation: &Operation| operation.path.len() > 1 && operation.path.ends_with('/');
    if base.kind == OperationKind::Path && slash(base) != slash(head) {
        let mut change = removed(base, false);
        (change.base, change.head) = (Some(base.path_key), Some(head.path_key));
        (change.after, change.effect) = (Some(head.id.to_string()), Effect::Undecided);
        let why = format!("`{}` differs in the slash at its end alone, and many servers take both", head.id);
        change.facts.undecided = Some(why);
        changes.push(change);
    }
    let mut note = |kind, key, before, after| {
        let change = both.change(kind, Effect::Same, both.sent(), "operation");
        let (base, head) = (mark(&base.marks, key), mark(&head.marks, key));
        changes.push(Change { before, after, base, head, ..change });
    };
    if base.operation_id != head.operation_id {
        let text = |operation: &Operation| operation.operation_id.as_ref().map(ToString::to_string);
        note(ChangeKind::OperationIdChanged, "operationId", text(base), text(head));
    }
    if sorted(&base.tags) != sorted(&head.tags) {
        let text = |operation: &Operation| (!operation.tags.is_empty()).then(|| operation.tags.join(", "));
        note(ChangeKind::OperationTagsChanged, "tags", text(base), text(head));
    }
    security::compare(graph, both, changes);
    servers::own(graph, both, changes);
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
