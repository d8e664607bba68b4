//! Where a contract is served: addresses that came or went, and the variables in them.

use std::collections::BTreeMap;

use crate::model::api::{Api, Operation, OperationKind, Server, ServerVariable};
use crate::model::{Change, ChangeKind, Effect, Flow, Flows, Usage};

use super::graph::Graph;
use super::operations::{Both, usage};
use super::step::bare;

/// Whose servers are compared.
struct Place {
    subject: String,
    usages: Vec<Usage>,
}

/// The servers of the whole contract.
pub fn compare(base: &Api, head: &Api, changes: &mut Vec<Change>) {
    let subject = if base.title.is_empty() { base.path.to_string() } else { base.title.to_string() };
    let place = Place { subject, usages: Vec::new() };
    place.compare(&base.servers.iter().collect::<Vec<_>>(), &head.servers.iter().collect::<Vec<_>>(), changes);
}

/// The servers of one operation where it names its own. Whoever receives calls has said where.
pub fn own(graph: &Graph<'_>, both: Both<'_>, changes: &mut Vec<Change>) {
    let named = |operation: &Operation| !operation.servers.is_empty();
    if both.base.kind != OperationKind::Path || !(named(both.base) || named(both.head)) {
        return;
    }
    let usages = vec![usage(both.head, Flow::In, "operation")];
    let place = Place { subject: both.base.id.to_string(), usages };
    fn servers<'a>(api: &'a Api, operation: &'a Operation) -> Vec<&'a Server> {
        let own = &operation.servers;
        if own.is_empty() { api.servers.iter().collect() } else { own.iter().collect() }
    }
    place.compare(&servers(graph.base.api, both.base), &servers(graph.head.api, both.head), changes);
}

fn plain(server: &Server) -> &str {
    server.url.trim_end_matches('/')
}

impl Place {
    fn change(&self, kind: ChangeKind, effect: Effect) -> Change {
        Change { subject: self.subject.clone(), flows: Flows::BOTH, usages: self.usages.clone(), ..bare(kind, effect) }
    }

    fn compare(&self, base: &[&Server], head: &[&Server], changes: &mut Vec<Change>) {
        // No servers at all means the place the contract came from.
        if base.is_empty() || head.is_empty() {
            return;
        }
        let by_url =
            |list: &[&Server]| list.iter().map(|s| (plain(s).to_string(), (*s).clone())).collect::<BTreeMap<_, _>>();
        let (known, offered) = (by_url(base), by_url(head));
        for server in base {
            match offered.get(plain(server)) {
                Some(other) => self.variables(server, other, changes),
                None => changes.push(Change {
                    detail: server.url.to_string(),
                    before: Some(server.url.to_string()),
                    base: Some(server.origin),
                    ..self.change(ChangeKind::ServerRemoved, Effect::Narrows)
                }),
            }
        }
        for server in head.iter().filter(|server| !known.contains_key(plain(server))) {
            changes.push(Change {
                detail: server.url.to_string(),
                after: Some(server.url.to_string()),
                head: Some(server.origin),
                ..self.change(ChangeKind::ServerAdded, Effect::Widens)
            });
        }
    }

    fn variables(&self, base: &Server, head: &Server, changes: &mut Vec<Change>) {
        for ours in &base.variables {
            let Some(theirs) = head.variables.iter().find(|v| v.name == ours.name) else { continue };
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

/// `eu of eu, us`
fn words(variable: &ServerVariable) -> String {
    match &variable.values {
        Some(values) => format!("{} of {}", variable.default, values.join(", ")),
        None => variable.default.to_string(),
    }
}
