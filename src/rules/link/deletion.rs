//! Documented `DELETE`s that do more, or less, than before because of a foreign key: only what a change brings.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::sql::pairs;
use crate::model::api::{Operation, OperationKind};
use crate::model::sql::{Key, Table, TableKind};
use crate::model::{ChangeKind, Flow, Layer};
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::{self, Note, Warning};
use crate::rules::rule::{Check, Levels, Pair, Rule};
use crate::rules::{affected, text};

use super::foreign::{Outcome, falling, falls_otherwise, foreign, keeps_rows, leads_to, onto};
use super::tie::{Tie, certain};
use super::told::AllUses;
use super::{DRIFT, places};

pub static DELETE_CASCADES: Rule = Rule {
    id: "delete-cascades",
    title: "Documented DELETE takes more rows with it",
    levels: Levels::Always(Warning),
    message: "`{operation}` now deletes {victims} as well: the foreign key of `{child}` on `{table}` is `ON DELETE {now}`, before {before}.",
    help: "Say in the description of `{operation}` what goes with it, or leave the key as it was and let the code decide what is deleted.",
    check: Check::Transition(|rule, pair, found| tell(rule, pair, found, Outcome::Deletes)),
    page: page!("delete-cascades"),
    ..DRIFT
};

pub static DELETE_REFUSED: Rule = Rule {
    id: "delete-refused",
    title: "Documented DELETE is refused by a foreign key",
    levels: Levels::Always(Warning),
    message: "`{operation}` fails while rows of `{child}` are left: its foreign key on `{table}` is `ON DELETE {now}`, before {before}, and no response tells clients of it.",
    help: "Document a `409` for `{operation}`, delete the rows of `{child}` first in the code, or say `ON DELETE CASCADE` or `SET NULL`.",
    check: Check::Transition(|rule, pair, found| tell(rule, pair, found, Outcome::Refuses)),
    page: page!("delete-refused"),
    ..DRIFT
};

/// A foreign key that does something else than in the base.
struct Event<'a> {
    schema: usize,
    child: &'a Table,
    key: &'a Key,
    parent: &'a Table,
    /// What the key did; nothing when there was none.
    before: Option<&'a str>,
    /// Nothing could refer to the parent by it: the table or a column of the key is new.
    is_new: bool,
    /// All other keys onto the parent let it be deleted.
    is_first: bool,
}

fn tell(rule: &'static Rule, pair: &Pair<'_>, found: &mut Vec<Finding>, outcome: Outcome) {
    let events: Vec<Event<'_>> = events(pair, outcome);
    if events.is_empty() {
        return;
    }
    let ties = certain(pair.head);
    let mut reported = BTreeSet::new();
    for event in events {
        let severity = match outcome {
            // Rows that could not refer to anything before are nobody's loss.
            Outcome::Deletes if event.is_new => continue,
            // Where deleting was refused before, code knows what to do first.
            Outcome::Refuses if event.is_new && !event.is_first => continue,
            Outcome::Refuses if event.is_new => Note,
            _ => Warning,
        };
        let operation = deleting(pair, &ties, &event)
            .into_iter()
            .find(|op| outcome == Outcome::Deletes || !places::foresees(op, &["400", "409", "422"]));
        let ends = (event.child.full_name(), event.parent.full_name());
        let Some(operation) = operation.filter(|_| reported.insert(ends)) else { continue };
        let (victims, shown) = victims(pair, &ties, &event);
        // What no operation shows is the server's own: clients lose nothing that they know of.
        if shown || outcome != Outcome::Deletes {
            found.push(finding(rule, severity, &event, operation, &victims));
        }
    }
}

fn finding(
    rule: &'static Rule,
    severity: Severity,
    event: &Event<'_>,
    operation: &Operation,
    victims: &[String],
) -> Finding {
    let subject = format!("{}.{}", event.child.full_name(), event.key.columns.join(","));
    let mut finding = Finding::state(rule, subject, Some(event.key.origin));
    let now = event.key.references.as_ref().map(|r| r.on_delete.to_string()).unwrap_or_default();
    let values = [
        ("operation", operation.id.to_string()),
        ("child", event.child.full_name()),
        ("table", event.parent.full_name()),
        ("before", event.before.map_or("there was none".into(), |action| format!("it was `{action}`"))),
        ("victims", affected::list(victims)),
        ("now", now.clone()),
    ];
    finding.severity = severity;
    finding.detail = event.parent.full_name();
    finding.before = event.before.map(String::from);
    finding.after = Some(now);
    finding.message = text::replace(rule.message, &values);
    finding.help = text::replace(rule.help, &values);
    finding.related = vec![(operation.id.to_string(), operation.key)];
    finding
}

/// The foreign keys of the head whose outcome is this one and was not in the base.
fn events<'a>(pair: &Pair<'a>, outcome: Outcome) -> Vec<Event<'a>> {
    let mut events = Vec::new();
    let renamed = |table: &Table| {
        let is =
            |change: &&crate::model::Change| change.layer == Layer::Sql && change.kind == ChangeKind::EntityRenamed;
        let name = table.full_name();
        pair.changes.iter().filter(is).any(|c| c.facts.other_name.as_ref().or(c.after.as_ref()) == Some(&name))
    };
    for (base, head) in pairs(&pair.base.model.schemas, &pair.head.model.schemas) {
        let (Some(base), Some(head)) = (base, head) else { continue };
        let Some(schema) = pair.head.model.schemas.iter().position(|s| std::sync::Arc::ptr_eq(s, head)) else {
            continue;
        };
        for child in head.tables.iter().filter(|t| t.kind == TableKind::Table && !t.tainted && !renamed(t)) {
            let was = base.table(&child.schema, &child.name);
            for key in foreign(child).filter(|key| Outcome::of(child, key) == outcome) {
                let Some(target) = &key.references else { continue };
                let (Some(parent), Some(parent_was)) = (head.named(&target.table), base.named(&target.table)) else {
                    continue;
                };
                let same = |k: &&Key| k.columns == key.columns && leads_to(k, parent);
                let old = was.and_then(|was| foreign(was).find(same).map(|k| (was, k)));
                // What goes with a table between them went before. PostgreSQL refuses all the same.
                let unclear = parent.tainted || parent_was.tainted || was.is_some_and(|was| was.tainted);
                let otherwise = outcome == Outcome::Deletes && falls_otherwise(base, parent, child);
                // What a migration of old says was there before, also where the order made the server refuse it.
                let by = head.migrations.iter().find(|migration| migration.origin.file == key.origin.file);
                let known = by.is_some_and(|by| base.migrations.iter().any(|old| old.meaning == by.meaning));
                if unclear
                    || known
                    || otherwise
                    || keeps_rows(parent)
                    || old.is_some_and(|(was, k)| Outcome::of(was, k) == outcome)
                {
                    continue;
                }
                let is_new = was.is_none_or(|was| key.columns.iter().any(|c| was.column(c).is_none()));
                let is_first = onto(base, parent).all(|(table, k)| Outcome::of(table, k) != Outcome::Refuses);
                let before = old.and_then(|(_, k)| k.references.as_ref()).map(|r| &*r.on_delete);
                events.push(Event { schema, child, key, parent, before, is_new, is_first });
            }
        }
    }
    events
}

/// The operations, known to the base, that delete a row of the parent: `DELETE` on the path at which, or below which, the
/// entity of the table is read or written.
fn deleting<'a>(pair: &Pair<'a>, ties: &[Tie<'a>], event: &Event<'_>) -> Vec<&'a Operation> {
    let of_parent = |tie: &&Tie<'_>| tie.link.sql.0 == event.schema && std::ptr::eq(tie.table, event.parent);
    let mut entities: BTreeMap<_, &Tie<'a>> = BTreeMap::new();
    for tie in ties.iter().filter(of_parent) {
        entities.entry((tie.link.api.0, tie.entity)).or_insert(tie);
    }
    let mut uses = AllUses::default();
    let mut found = Vec::new();
    for ((_, entity), tie) in entities {
        let uses = uses.of(tie.api);
        let mut usages = uses.usages(entity, Flow::Out, "");
        usages.extend(uses.usages(entity, Flow::In, ""));
        let base = pair.base.model.apis.iter().find(|api| api.path == tie.api.path);
        let deleting = tie.api.operations.iter().filter(|op| op.kind == OperationKind::Path && *op.method == *"DELETE");
        for operation in deleting.filter(|op| base.is_some_and(|base| base.operation(&op.id).is_some())) {
            let here = usages.iter().any(|usage| {
                let path = tie.api.operation(&usage.operation).map(|op| &*op.path).unwrap_or_default();
                let itself = path == &*operation.path && path.ends_with('}') && &*usage.path == "$";
                let listed = usage.path.ends_with("[]") && usage.path.matches('.').count() <= 1;
                itself
                    || (listed || &*usage.path == "$") && places::is_member(&operation.path, path.trim_end_matches('/'))
            });
            if here {
                found.push(operation);
            }
        }
    }
    found
}

/// The tables whose rows go with the parent's by the key, each with an entity that shows it; and whether any is linked.
fn victims(pair: &Pair<'_>, ties: &[Tie<'_>], event: &Event<'_>) -> (Vec<String>, bool) {
    let mut shown = false;
    let Some(schema) = pair.head.model.schemas.get(event.schema) else { return (Vec::new(), shown) };
    let tables = pair.head.links.iter().filter(|link| link.sql.0 == event.schema);
    let linked: BTreeSet<String> =
        tables.filter_map(|link| schema.tables.get(link.sql.1)).map(|t| t.full_name()).collect();
    let mut victims = Vec::new();
    for table in falling(schema, event.child).into_iter().filter(|table| !std::ptr::eq(*table, event.parent)) {
        shown |= linked.contains(&table.full_name());
        let showing = ties.iter().filter(|tie| tie.link.sql.0 == event.schema && std::ptr::eq(tie.table, table));
        let names = showing.filter_map(|tie| tie.link.property.strip_suffix(&format!(".{}", tie.property.name)));
        victims.push(match names.min_by_key(|name| (name.len(), *name)) {
            Some(entity) => format!("rows of `{}` (`{entity}`)", table.full_name()),
            None => format!("rows of `{}`", table.full_name()),
        });
    }
    (victims, shown)
}
