//! Drift that only both revisions together show: a column that went away under a property, types that came
//! apart.

use std::collections::HashMap;

use crate::link::Effective;
use crate::model::{ChangeKind, Flow, Layer, Types};
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::{Error, Warning};
use crate::rules::rule::{Check, Levels, Pair, Rule};

use super::DRIFT;
use super::disagree::{Disagreement, came_apart};
use super::tie::{Tie, certain, is_json, names, without_null};
use super::told::{AllUses, say};

/// The confidence that a certain link keeps when only the types speak against it.
const CERTAIN_BUT_FOR_TYPES: f64 = 0.54;

pub static PROPERTY_WITHOUT_COLUMN: Rule = Rule {
    id: "property-without-column",
    title: "Property lost its column",
    levels: Levels::Always(Error),
    message: "The column `{column}` {event}, but the contract still promises `{property}`.",
    help: "Keep `{column}` until `{property}` has been deprecated and removed, or fill the property from its new place in the same change.",
    check: Check::Transition(without_column),
    page: page!("property-without-column"),
    ..DRIFT
};

pub static TYPE_DISAGREES: Rule = Rule {
    id: "type-disagrees",
    title: "Types came apart",
    levels: Levels::Always(Error),
    message: "`{property}` and its column `{column}` had values of one type; now the property is {contract} and the column `{type}`.",
    help: "Change both in the same branch, or convert the value where it is written and read.",
    check: Check::Transition(|rule, pair, found| came_apart(rule, pair, CERTAIN_BUT_FOR_TYPES, found, &types)),
    page: page!("type-disagrees"),
    ..DRIFT
};

fn without_column(rule: &'static Rule, pair: &Pair<'_>, found: &mut Vec<Finding>) {
    let linked: HashMap<&str, ()> = pair.head.links.iter().map(|link| (&*link.property, ())).collect();
    let unread: Vec<&str> = pair.head.model.schemas.iter().filter(|s| s.unread > 0).map(|s| &*s.path).collect();
    let mut known = AllUses::default();
    let mut reported = std::collections::BTreeSet::new();
    for tie in certain(pair.base) {
        let Some(schema) = pair.base.model.schemas.get(tie.link.sql.0) else { continue };
        let Some(after) = pair.head.model.schemas.iter().find(|s| s.path == schema.path && s.dialect == schema.dialect)
        else {
            continue;
        };
        let table = after.table(&tie.table.schema, &tie.table.name);
        let survives = table.is_some_and(|t| t.tainted || t.column(&tie.column.name).is_some());
        // Statements that could not be read may have renamed the table.
        let uncertain = table.is_none() && unread.contains(&&*schema.path);
        if survives || uncertain || linked.contains_key(&*tie.link.property) {
            continue;
        }
        let Some(api) = pair.head.model.apis.iter().find(|a| a.path == tie.api.path) else { continue };
        let Some((entity, property)) = property_of(api, tie.link) else { continue };
        let uses = known.of(api);
        let inside = format!(".{}", property.name);
        let mut usages = uses.usages(entity, Flow::Out, &inside);
        let flow = if usages.is_empty() { Flow::In } else { Flow::Out };
        usages.extend(uses.usages(entity, Flow::In, &inside));
        if usages.is_empty() || !reported.insert(tie.link.property.to_string()) {
            continue;
        }
        let mut values = names(&tie);
        values.push(("event", event(pair, tie.link.column.as_ref(), table.is_some())));
        let mut finding = Finding::state(rule, tie.link.property.to_string(), Some(property.key));
        finding.detail = tie.link.column.to_string();
        finding.base = Some(tie.column.origin);
        finding.flow = Some(flow);
        finding.before = Some(tie.column.type_name.to_string());
        say(&mut finding, &values, usages);
        found.push(finding);
    }
}

/// The property of a link of the base in the contract of the head.
fn property_of<'a>(
    api: &'a crate::model::api::Api,
    link: &crate::model::Link,
) -> Option<(crate::model::api::ShapeId, &'a crate::model::api::Property)> {
    let (name, entity) = api
        .components
        .iter()
        .filter(|(name, _)| link.property.strip_prefix(&**name).is_some_and(|rest| rest.starts_with('.')))
        .max_by_key(|(name, _)| name.len())?;
    let wanted = link.property.get(name.len() + 1..)?;
    let (property, _) = api.all_properties(*entity).into_iter().find(|(p, _)| &*p.name == wanted)?;
    Some((*entity, property))
}

/// What happened to the column, in words.
fn event(pair: &Pair<'_>, column: &str, table_is_there: bool) -> String {
    let renamed = pair.changes.iter().find(|change| {
        change.layer == Layer::Sql && change.kind == ChangeKind::AttributeRenamed && change.subject == column
    });
    match renamed.and_then(|change| change.facts.other_name.as_ref().or(change.after.as_ref())) {
        Some(other) => format!("was renamed to `{other}`"),
        None if table_is_there => "was dropped".to_string(),
        None => "went away with its table".to_string(),
    }
}

/// The types of property and column have nothing in common.
fn apart(tie: &Tie<'_>) -> bool {
    let property = without_null(&tie.property_domain().domain).types;
    !property.intersects(without_null(&tie.column.domain).types)
}

fn types(tie: &Tie<'_>) -> Vec<Disagreement> {
    let Effective { domain, exact } = tie.property_domain();
    let (property, column) = (without_null(&domain), &tie.column.domain);
    let said = |flow, level| {
        let words =
            Disagreement::new(Flow::In, tie.api.type_name(tie.property.shape), tie.column.type_name.to_string());
        vec![Disagreement { flow, level, ..words }]
    };
    if is_json(tie.column) {
        // Only text that is JSON itself can be stored there; whoever sends other text may have it quoted by the server.
        let text = exact && property.types == Types::STRING;
        return if text { said(Some(Flow::In), Some(Warning)) } else { Vec::new() };
    }
    if !apart(tie) {
        return Vec::new();
    }
    if !Types::OBJECT.union(Types::ARRAY).contains(property.types) {
        return said(None, None);
    }
    // An object or a list is fetched by a key, or written down as text.
    let text = column.types.intersects(Types::STRING) && column.format.is_none() && column.values.is_none();
    if tie.is_key() || text { Vec::new() } else { said(None, Some(Warning)) }
}
