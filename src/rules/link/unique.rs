//! Unique keys in front of what clients may send more than once.

use std::collections::BTreeMap;

use crate::model::api::{Api, ShapeId};
use crate::model::sql::{Key, KeyKind, Schema, Table};
use crate::model::{Change, ChangeKind, Effect, Flow, Layer, Types, Usage};
use crate::rules::affected;
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::{Note, Warning};
use crate::rules::rule::{Check, Levels, Pair, Rule, Side};

use super::tie::{Tie, certain};
use super::told::{AllUses, say};
use super::{DRIFT, places};

pub static CONFLICT_NOT_DOCUMENTED: Rule = Rule {
    id: "conflict-not-documented",
    title: "New conflict is not documented",
    levels: Levels::Always(Note),
    message: "`{table}` is now unique by {columns}, which clients choose themselves: who sends what is there already is refused, and no response says so.",
    help: "Document a `409` for {operation}, and say what has to be unique.",
    check: Check::Transition(conflicts),
    page: page!("conflict-not-documented"),
    ..DRIFT
};

pub static LIST_STORED_ONCE: Rule = Rule {
    id: "list-stored-once",
    title: "List of which one element can be stored",
    levels: Levels::Always(Warning),
    message: "`{property}` takes a list, but `{table}` has at most one row for each of `{parent}` (unique by {columns}): a second element is refused.",
    help: "Take the key away or make it wider, or let `{property}` be a single value (or `maxItems: 1`).",
    check: Check::State(lists),
    page: page!("list-stored-once"),
    ..DRIFT
};

fn conflicts(rule: &'static Rule, pair: &Pair<'_>, found: &mut Vec<Finding>) {
    let added = |change: &&Change| {
        let kind = matches!(change.kind, ChangeKind::KeyAdded | ChangeKind::KeyChanged);
        kind && change.layer == Layer::Sql
            && change.facts.key == Some(KeyKind::Unique)
            && matches!(change.effect, Effect::Narrows | Effect::Both)
    };
    let changes: Vec<&Change> = pair.changes.iter().filter(added).collect();
    if changes.is_empty() {
        return;
    }
    let ties = certain(pair.head);
    let mut uses = AllUses::default();
    let mut reported = std::collections::BTreeSet::new();
    for change in changes {
        let Some((table, key)) = key_of(pair.head, change) else { continue };
        let mut entities: BTreeMap<(usize, ShapeId), Vec<&Tie<'_>>> = BTreeMap::new();
        for tie in ties.iter().filter(|tie| std::ptr::eq(tie.table, table) && key.columns.contains(&tie.column.name)) {
            entities.entry((tie.link.api.0, tie.entity)).or_default().push(tie);
        }
        let mut usages: Vec<Usage> = Vec::new();
        for ((at, entity), ties) in &entities {
            let Some(api) = pair.head.model.apis.get(*at) else { continue };
            // What the request does not hold comes from its path, when it leads to another table.
            let given = |column: &crate::model::origin::Text| {
                ties.iter().any(|tie| tie.column.name == *column) || is_foreign(table, column)
            };
            if !key.columns.iter().all(given) {
                continue;
            }
            let uses = uses.of(api);
            for tie in ties {
                let sent = uses.usages(*entity, Flow::In, &format!(".{}", tie.property.name));
                usages.extend(sent.into_iter().filter(|u| tie.flows(uses).has(Flow::In) && is_unforeseen(api, u)));
            }
        }
        usages.sort();
        usages.dedup();
        let columns = columns(key);
        let subject = format!("{}.{}", table.full_name(), key.columns.join(","));
        let Some(first) = usages.first().filter(|_| reported.insert(subject.clone())) else { continue };
        let operation = format!("`{}`", first.operation);
        let values = [("table", table.full_name()), ("columns", columns), ("operation", operation)];
        let mut finding = Finding::state(rule, subject, Some(key.origin));
        finding.flow = Some(Flow::In);
        finding.related = vec![(first.operation.to_string(), first.origin)];
        say(&mut finding, &values, usages);
        found.push(finding);
    }
}

/// The key of the head that a change is about.
fn key_of<'a>(side: Side<'a>, change: &Change) -> Option<(&'a Table, &'a Key)> {
    let tables = side.model.schemas.iter().flat_map(|schema| &schema.tables).filter(|table| !table.tainted);
    let mut keys = tables.flat_map(|table| table.keys.iter().map(move |key| (&**table, key)));
    keys.find(|(_, key)| {
        Some(key.origin) == change.head && key.kind == KeyKind::Unique && !key.partial && !key.columns.is_empty()
    })
}

/// A request that creates, of which no response speaks of a conflict.
fn is_unforeseen(api: &Api, usage: &Usage) -> bool {
    let operation = api.operation(&usage.operation);
    places::creates(api, usage) && operation.is_some_and(|op| !places::foresees(op, &["400", "409", "422"]))
}

fn is_foreign(table: &Table, column: &str) -> bool {
    table.keys.iter().any(|key| key.kind == KeyKind::Foreign && key.columns.iter().any(|c| &**c == column))
}

fn columns(key: &Key) -> String {
    affected::list(&key.columns.iter().map(|column| format!("`{column}`")).collect::<Vec<_>>())
}

fn lists(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    let mut behind: BTreeMap<(usize, ShapeId), Vec<&Tie<'_>>> = BTreeMap::new();
    let ties = certain(side);
    for tie in &ties {
        let tables = behind.entry((tie.link.api.0, tie.entity)).or_default();
        if !tables.iter().any(|known| std::ptr::eq(known.table, tie.table)) {
            tables.push(tie);
        }
    }
    let mut uses = AllUses::default();
    let mut reported = std::collections::BTreeSet::new();
    for ((at, entity), parents) in &behind {
        let Some(api) = side.model.apis.get(*at) else { continue };
        for (property, _) in api.all_properties(*entity) {
            let list = api.shape(api.resolve(property.shape));
            let item = list.items.filter(|_| list.domain.types.minus(Types::NULL) == Types::ARRAY);
            let single = list.domain.limits().max_items.is_some_and(|most| most <= 1);
            let Some(children) = item.filter(|_| !single).and_then(|item| behind.get(&(*at, api.resolve(item)))) else {
                continue;
            };
            let Some((parent, child, key)) = parents.iter().find_map(|parent| {
                let schema = side.model.schemas.get(parent.link.sql.0)?;
                let mut children = children.iter().filter(|child| child.link.sql.0 == parent.link.sql.0);
                children.find_map(|child| Some((*parent, child.table, only_one(schema, parent.table, child.table)?)))
            }) else {
                continue;
            };
            let uses = uses.of(api);
            let usages = uses.usages(*entity, Flow::In, &format!(".{}", property.name));
            let sent = crate::model::uses::through(api, property.shape).has(Flow::In);
            let place = (parent.table.full_name(), child.full_name());
            if usages.is_empty() || !sent || !reported.insert(place) {
                continue;
            }
            let entity = parent.link.property.strip_suffix(&format!(".{}", parent.property.name)).unwrap_or_default();
            let subject = format!("{entity}.{}", property.name);
            let values = [
                ("property", subject.clone()),
                ("table", child.full_name()),
                ("parent", parent.table.full_name()),
                ("columns", columns(key)),
            ];
            let mut finding = Finding::state(rule, subject, Some(property.key));
            finding.detail = child.full_name();
            finding.related = vec![(child.full_name(), key.origin)];
            finding.flow = Some(Flow::In);
            say(&mut finding, &values, usages);
            found.push(finding);
        }
    }
}

/// The key that lets a child refer to each parent once, where it can only be the child's one reference to it.
fn only_one<'t>(schema: &Schema, parent: &Table, child: &'t Table) -> Option<&'t Key> {
    let onto = |table: &Table, target: &Table| {
        let leads = |key: &&Key| key.references.as_ref().is_some_and(|r| *r.table == target.full_name());
        table.keys.iter().filter(leads).map(|key| key.columns.clone()).collect::<Vec<_>>()
    };
    let references = onto(child, parent);
    let [columns] = references.as_slice() else { return None };
    // Through a table between them there may be any number.
    let joined = schema.tables.iter().any(|table| !onto(table, parent).is_empty() && !onto(table, child).is_empty());
    let unique = |key: &&Key| {
        let kind = matches!(key.kind, KeyKind::Unique | KeyKind::Primary) && !key.partial && !key.columns.is_empty();
        kind && key.columns.iter().all(|column| columns.contains(column))
    };
    let hidden = std::ptr::eq(parent, child) || child.tainted || joined || !onto(parent, child).is_empty();
    child.keys.iter().find(unique).filter(|_| !hidden)
}
