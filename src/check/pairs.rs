//! Which contract and which SQL source of base is which of head.

use std::collections::HashSet;
use std::sync::Arc;

use crate::diff;
use crate::model::api::Api;
use crate::model::origin::FileId;
use crate::model::sql::Schema;
use crate::model::{Change, ChangeKind, Effect, Flows, Layer, Origin, Problem};
use crate::read;
use crate::read::document::Cache;
use crate::release::Declared;
use crate::source::{Files, How, matching};

use super::side::Side;

/// A contract in one or both revisions.
pub enum Paired {
    Both(Arc<Api>, Arc<Api>),
    Base(Arc<Api>),
    Head(Arc<Api>),
}

/// What is compared with what.
pub struct Matched {
    pub contracts: Vec<Paired>,
    pub schemas: Vec<(Arc<Schema>, Arc<Schema>)>,
}

/// True when an input of one side has no namesake on the other.
pub fn may_be_renamed(base: &Side, head: &Side) -> bool {
    let contracts = |side: &Side| side.model.apis.iter().map(|a| a.path.clone()).collect::<Vec<_>>();
    contracts(base) != contracts(head)
}

/// Pairs by path, then by rename, then by being the only candidates left. Says what it assumed.
pub fn pair(base: &Side, head: &Side, renamed: &[(String, String)], notes: &mut Vec<String>) -> Matched {
    Matched { contracts: contracts(base, head, renamed, notes), schemas: schemas(base, head, notes) }
}

fn contracts(base: &Side, head: &Side, renamed: &[(String, String)], notes: &mut Vec<String>) -> Vec<Paired> {
    let (ours, theirs) = (&base.model.apis, &head.model.apis);
    let paths = |apis: &'_ [Arc<Api>]| apis.iter().map(|api| api.path.clone()).collect::<Vec<_>>();
    let (old, new) = (paths(ours), paths(theirs));
    let found = matching(&old.iter().collect::<Vec<_>>(), &new.iter().collect::<Vec<_>>(), renamed);
    for (at, other, how) in &found.both {
        let (from, to) = (&old[*at], &new[*other]);
        match how {
            How::Named => {}
            How::Renamed => notes.push(format!("{from} was renamed to {to}")),
            How::Left => {
                notes.push(format!("{to} is compared with {from}: each is the only contract without a namesake"));
            }
        }
    }
    let mut out: Vec<Paired> = Vec::new();
    for (at, other, _) in found.both {
        // What could not be read says nothing about what was removed; the problem is a finding of its own.
        if !base.unreadable[at] && !head.unreadable[other] {
            out.push(Paired::Both(ours[at].clone(), theirs[other].clone()));
        }
    }
    out.extend(found.gone.into_iter().filter(|at| !base.unreadable[*at]).map(|at| Paired::Base(ours[at].clone())));
    out.extend(found.new.into_iter().filter(|n| !head.unreadable[*n]).map(|n| Paired::Head(theirs[n].clone())));
    out
}

/// What the contracts of both revisions that are not the same call themselves.
pub fn declared(matched: &Matched, changes: &[Change]) -> Vec<Declared> {
    let both = matched.contracts.iter().filter_map(|pair| match pair {
        // The same files are the same contract, read once or twice.
        Paired::Both(base, head) if base.files != head.files => Some((base, head)),
        _ => None,
    });
    let declared = both.map(|(base, head)| {
        let files: Vec<FileId> = base.files.iter().chain(&head.files).copied().collect();
        let within = |origin: Option<Origin>| origin.is_some_and(|origin| files.contains(&origin.file));
        let noticeable = changes.iter().any(|c| c.layer == Layer::Api && (within(c.head) || within(c.base)));
        Declared {
            contract: head.path.clone(),
            base: base.version.clone(),
            head: head.version.clone(),
            base_at: base.version_at,
            head_at: head.version_at,
            files,
            noticeable,
        }
    });
    declared.collect()
}

/// SQL sources with something to compare. A source that base does not have is compared with an empty schema.
fn schemas(base: &Side, head: &Side, notes: &mut Vec<String>) -> Vec<(Arc<Schema>, Arc<Schema>)> {
    let mut out = Vec::new();
    for (old, new) in diff::sql::pairs(&base.model.schemas, &head.model.schemas) {
        match (old, new) {
            (Some(old), Some(new)) => {
                if old.path != new.path {
                    notes.push(format!("{} is compared with {}", new.path, old.path));
                }
                out.push((old.clone(), new.clone()));
            }
            (None, Some(new)) => {
                let Schema { path, dialect, layout, .. } = new.as_ref();
                let empty = Schema { path: path.clone(), dialect: *dialect, layout, ..Schema::default() };
                out.push((Arc::new(empty), new.clone()));
            }
            (Some(old), None) => notes.push(format!("the SQL of {} is gone: nothing of it is compared", old.path)),
            (None, None) => {}
        }
    }
    out
}

/// Pieces of changed 3.0 contracts that a strict reader refuses in head and did not refuse in base.
pub fn became_invalid(matched: &Matched, files: &Files, documents: &Cache) -> Vec<Problem> {
    let mut problems = Vec::new();
    for pair in &matched.contracts {
        if let Paired::Both(old, new) = pair
            && !Arc::ptr_eq(old, new)
            && [old, new].iter().all(|api| api.format == "openapi-3.0")
            && let (Some(old), Some(new)) = (old.origin, new.origin)
        {
            let (old, new) = (documents.get(files, old.file), documents.get(files, new.file));
            problems.extend(read::openapi::strict::became_invalid(&old, &new));
        }
    }
    problems
}

/// What the strict reader refuses and the forgiving one has not complained about already.
pub fn told(base: &[Problem], head: &[Problem], strict: Vec<Problem>) -> Vec<Problem> {
    let old: HashSet<_> = base.iter().map(|p| (p.rule, &p.subject, &p.message)).collect();
    let new: Vec<&Problem> = head.iter().filter(|p| !old.contains(&(p.rule, &p.subject, &p.message))).collect();
    let same = |a: &Problem, b: &Problem| a.origin.within(b.origin) || b.origin.within(a.origin);
    strict.into_iter().filter(|p| !new.iter().any(|known| same(known, p))).collect()
}

/// The whole contract went away: one change, not one per operation.
pub fn contract_removed(api: &Api) -> Change {
    whole(api, ChangeKind::ContractRemoved, Effect::Narrows)
}

/// A contract that base does not have: everything in it is new.
pub fn contract_added(api: &Api) -> Change {
    whole(api, ChangeKind::ContractAdded, Effect::Same)
}

fn whole(api: &Api, kind: ChangeKind, effect: Effect) -> Change {
    let text = format!("{} operations", api.operations.len());
    let removed = kind == ChangeKind::ContractRemoved;
    Change {
        layer: Layer::Api,
        kind,
        subject: api.path.to_string(),
        detail: String::new(),
        before: removed.then(|| text.clone()),
        after: (!removed).then_some(text),
        effect,
        flows: Flows::BOTH,
        base: api.origin.filter(|_| removed),
        head: api.origin.filter(|_| !removed),
        usages: Vec::new(),
        lost: None,
        gained: None,
        facts: Default::default(),
        parts: Vec::new(),
    }
}
