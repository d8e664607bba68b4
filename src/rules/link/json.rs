//! Objects that are stored as JSON, or as text that is JSON: the database does not check them, so what was stored under the base stays as it is.

use std::collections::BTreeSet;

use crate::model::sql::{Action, Schema};
use crate::model::{Change, ChangeKind, Effect, Flow, Layer, Types, Usage};
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::Warning;
use crate::rules::rule::{Check, Levels, Pair, Rule};

use super::DRIFT;
use super::tie::{Tie, certain, is_json, names, related, without_null};
use super::told::{AllUses, say};

pub static STORED_JSON_OUTDATED: Rule = Rule {
    id: "stored-json-outdated",
    title: "Stored JSON no longer fits",
    levels: Levels::Always(Warning),
    message: "`{subject}` {event}, and `{column}` keeps such objects as they were sent: those that were stored before do not have it so, and responses promise that they do.",
    help: "Bring the stored objects up to date (`UPDATE {table} SET {name} = …`) in the same change, or fill in what is missing when they are read.",
    check: Check::Transition(outdated),
    page: page!("stored-json-outdated"),
    ..DRIFT
};

fn outdated(rule: &'static Rule, pair: &Pair<'_>, found: &mut Vec<Finding>) {
    let parts = pair.changes.iter().flat_map(|change| match change.parts.as_slice() {
        [] => std::slice::from_ref(change),
        parts => parts,
    });
    let narrowed: Vec<&Change> = parts.filter(|change| narrows(change)).collect();
    if narrowed.is_empty() {
        return;
    }
    let base: BTreeSet<_> = certain(pair.base).iter().filter(|tie| is_kept(tie)).map(Tie::ends).collect();
    let mut uses = AllUses::default();
    let mut reported = BTreeSet::new();
    let ties = certain(pair.head);
    for tie in ties.iter().filter(|tie| is_kept(tie) && base.contains(&tie.ends())) {
        if pair.head.model.schemas.get(tie.link.sql.0).is_some_and(|schema| is_updated(pair, schema, tie)) {
            continue;
        }
        let uses = uses.of(tie.api);
        let inside = |flow| uses.usages(tie.entity, flow, &format!(".{}", tie.property.name));
        let (sent, received) = (inside(Flow::In), inside(Flow::Out));
        for change in &narrowed {
            // What clients could send is stored, and what they receive is promised.
            let usages: Vec<Usage> =
                change.usages.iter().filter(|usage| is_beneath(usage, &received)).cloned().collect();
            let stored = change.usages.iter().any(|usage| is_beneath(usage, &sent));
            if usages.is_empty() || !stored || !reported.insert((tie.link.column.clone(), &change.subject, change.kind))
            {
                continue;
            }
            let mut values = names(tie);
            values.extend([("subject", change.subject.clone()), ("event", event(change))]);
            let mut finding = Finding::state(rule, change.subject.clone(), change.head);
            finding.detail = tie.link.column.to_string();
            finding.base = change.base;
            finding.related = vec![related(tie)];
            finding.flow = Some(Flow::Out);
            (finding.before, finding.after) = (change.before.clone(), change.after.clone());
            say(&mut finding, &values, usages);
            finding.witness = change.lost.clone();
            found.push(finding);
        }
    }
}

/// The column holds the whole object, as JSON or as its text.
fn is_kept(tie: &Tie<'_>) -> bool {
    let property = without_null(&tie.property_domain().domain).types;
    let column = without_null(&tie.column.domain);
    let text = column.types == Types::STRING && column.format.is_none() && !tie.is_key();
    is_json(tie.column) || text && Types::OBJECT.union(Types::ARRAY).contains(property)
}

/// An object that was right may no longer be. One with a property that nobody looks at any more still is.
fn narrows(change: &Change) -> bool {
    let other = [ChangeKind::TypeChanged, ChangeKind::ReferenceChanged, ChangeKind::AttributeRemoved];
    let narrower = matches!(change.effect, Effect::Narrows | Effect::Both);
    change.layer == Layer::Api && narrower && !other.contains(&change.kind)
}

/// The usage is of something inside the value that one of the others is of.
fn is_beneath(usage: &Usage, whole: &[Usage]) -> bool {
    whole.iter().any(|of| {
        let same = (&of.operation, of.flow, &of.location) == (&usage.operation, usage.flow, &usage.location);
        same && usage.path.strip_prefix(&*of.path).is_some_and(|rest| rest.starts_with(['.', '[']))
    })
}

/// A migration of the change rewrites rows of the table.
fn is_updated(pair: &Pair<'_>, schema: &Schema, tie: &Tie<'_>) -> bool {
    let old: BTreeSet<u64> =
        pair.base.model.schemas.iter().flat_map(|s| &s.migrations).map(|migration| migration.meaning).collect();
    let new = schema.migrations.iter().filter(|migration| !old.contains(&migration.meaning));
    let mut steps = new.flat_map(|migration| &migration.steps).filter(|step| *step.table == tie.table.full_name());
    steps.any(|step| matches!(step.action, Action::Rewrite { delete: false, .. }))
}

fn event(change: &Change) -> String {
    match (change.kind, &change.before, &change.after) {
        (ChangeKind::AttributeAdded, ..) => "is new and required".into(),
        (ChangeKind::AttributeRequired, ..) => "is required now".into(),
        (_, Some(before), Some(after)) => format!("was {before} and is now {after}"),
        (_, Some(before), None) => format!("can no longer be {before}"),
        (_, None, Some(after)) => format!("is now {after}"),
        (_, None, None) => "allows less than before".into(),
    }
}
