//! Where a contract is served: addresses that came or went, and the variables in them.

use std::collections::HashSet;

use crate::model::api::{Api, Operation, OperationKind, Server, ServerVariable};
use crate::model::origin::Origin;
use crate::model::{Change, ChangeKind, Effect, Flow, Flows, Usage};

use super::addresses::{Shift, filled, is_absolute, plain, variables};
use super::graph::Graph;
use super::operations::{Both, usage};
use super::step::bare;

/// Whose servers are compared.
struct Place {
    subject: String,
    usages: Vec<Usage>,
    /// Where head alone says something: the edit is there.
    at: Option<Origin>,
}

/// The servers of the whole contract. Where part of their addresses moved to the paths, the paths tell what is left.
pub fn compare(base: &Api, head: &Api, shift: &Shift, changes: &mut Vec<Change>) {
    let mut paths = head.operations.iter().filter(|o| o.kind == OperationKind::Path).peekable();
    let inherited = paths.peek().is_none() || paths.any(|o| o.servers.is_empty());
    if !shift.is_none() || !inherited {
        return;
    }
    let subject = if base.title.is_empty() { base.path.to_string() } else { base.title.to_string() };
    let place = Place { subject, usages: Vec::new(), at: None };
    place.compare(&base.servers, &head.servers, changes);
}

/// The servers of one operation where it names its own. Whoever receives calls has said where.
pub fn own(graph: &Graph<'_>, both: Both<'_>, changes: &mut Vec<Change>) {
    let named = |operation: &Operation| !operation.servers.is_empty();
    if both.base.kind != OperationKind::Path || !(named(both.base) || named(both.head)) {
        return;
    }
    fn servers<'a>(api: &'a Api, operation: &'a Operation) -> &'a [Server] {
        if operation.servers.is_empty() { &api.servers } else { &operation.servers }
    }
    // The edit is at what the operation says itself, not at what it inherits.
    let at = both.head.servers.first().map(|server| server.origin);
    let place = Place {
        subject: both.base.id.to_string(),
        usages: vec![usage(both.head, Flow::In, "operation")],
        at: at.filter(|_| !named(both.base)),
    };
    place.compare(servers(graph.base.api, both.base), servers(graph.head.api, both.head), changes);
}

impl Place {
    fn change(&self, kind: ChangeKind, effect: Effect) -> Change {
        Change { subject: self.subject.clone(), flows: Flows::BOTH, usages: self.usages.clone(), ..bare(kind, effect) }
    }

    fn compare(&self, base: &[Server], head: &[Server], changes: &mut Vec<Change>) {
        // No servers at all means the root of the place the contract came from, which may be any host that head names.
        let root = |beside: Option<&Server>| beside.map(|s| Server { url: "/".into(), ..s.clone() });
        let implied = [root(head.first().filter(|_| base.is_empty())), root(base.first().filter(|_| head.is_empty()))];
        let [ours, theirs] = implied.each_ref().map(Option::as_slice);
        let (base, head) = (if base.is_empty() { ours } else { base }, if head.is_empty() { theirs } else { head });
        let anywhere = !ours.is_empty() && head.iter().any(is_absolute);
        let at = if ours.is_empty() { self.at } else { head.first().map(|server| server.origin) };
        let offered: HashSet<String> = head.iter().flat_map(filled).collect();
        let mut gone: Vec<&Server> = Vec::new();
        for server in base.iter().filter(|_| !anywhere) {
            match head.iter().find(|other| plain(&other.url) == plain(&server.url)) {
                Some(other) => self.variables(server, other, changes),
                None if filled(server).iter().all(|url| offered.contains(url)) => {}
                None => gone.push(server),
            }
        }
        let mut told = HashSet::new();
        for server in &gone {
            let (before, after) = edited(server, head);
            // One part of several addresses is one edit.
            if !told.insert(before) {
                continue;
            }
            let urls: Vec<&str> = gone.iter().filter(|s| edited(s, head).0 == before).map(|s| &*s.url).collect();
            changes.push(Change {
                detail: server.url.to_string(),
                before: Some(urls.join(", ")),
                base: Some(before).filter(|_| at.is_none()),
                head: at.or(after),
                ..self.change(ChangeKind::ServerRemoved, Effect::Narrows)
            });
        }
        for server in head.iter().filter(|server| !base.iter().any(|s| plain(&s.url) == plain(&server.url))) {
            changes.push(Change {
                detail: server.url.to_string(),
                after: Some(server.url.to_string()),
                head: Some(server.origin),
                ..self.change(ChangeKind::ServerAdded, Effect::Widens)
            });
        }
    }

    fn variables(&self, base: &Server, head: &Server, changes: &mut Vec<Change>) {
        for (ours, theirs) in variables(base).into_iter().zip(variables(head)) {
            let refused = match (&ours.values, &theirs.values) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(before), Some(after)) => before.iter().any(|value| !after.contains(value)),
            };
            if !refused && ours.default == theirs.default {
                continue;
            }
            changes.push(Change {
                detail: format!("{}: {}", base.url, ours.name),
                before: Some(words(ours)),
                after: Some(words(theirs)),
                base: Some(ours.origin),
                head: Some(theirs.origin),
                ..self.change(ChangeKind::ServerVariableChanged, Effect::Narrows)
            });
        }
    }
}

/// Where an address that went was edited: the part of it that no address of head has (2.0 writes addresses in parts).
fn edited(server: &Server, head: &[Server]) -> (Origin, Option<Origin>) {
    for (place, (text, origin)) in server.parts.iter().enumerate() {
        let of = |other: &Server| other.parts.get(place).cloned();
        if !head.iter().any(|other| of(other).is_some()) {
            break;
        }
        if !head.iter().filter_map(of).any(|(other, _)| other == *text) {
            let after = head.iter().filter_map(of).find_map(|(_, origin)| origin);
            return (origin.unwrap_or(server.origin), after);
        }
    }
    (server.origin, None)
}

/// `eu of eu, us`
fn words(variable: &ServerVariable) -> String {
    match &variable.values {
        Some(values) => format!("{} of {}", variable.default, values.join(", ")),
        None => variable.default.to_string(),
    }
}
