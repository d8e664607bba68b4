//! Drift that only both revisions together show: a column that went away under a property, types that came
//! apart.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::link::{Effective, squash};
use crate::model::api::Property;
use crate::model::{ChangeKind, Flow, Layer, Types, Usage};
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::{Error, Warning};
use crate::rules::rule::{Check, Levels, Pair, Rule, Side};

use super::DRIFT;
use super::disagree::{Disagreement, came_apart};
use super::tie::{Tie, certain, is_json, names, without_null};
use super::told::{AllUses, say};

/// The confidence that a certain link keeps when only the types speak against it.
const CERTAIN_BUT_FOR_TYPES: f64 = 0.54;

/// Properties named in one message at most.
const NAMED: usize = 4;

pub static PROPERTY_WITHOUT_COLUMN: Rule = Rule {
    id: "property-without-column",
    title: "Property lost its column",
    // The code may fill it from elsewhere, and nobody but the code can tell.
    levels: Levels::Always(Warning),
    message: "The {what} {event}, but the contract still has {properties}, and nothing new looks like the place of its values.",
    help: "Deprecate and remove {properties} first and drop `{column}` last, or fill it from its new place in the same change and say so in `links:`.",
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

/// A property of head whose column of base is nowhere any more.
struct Lost<'a> {
    tie: Tie<'a>,
    property: &'a Property,
    usages: Vec<Usage>,
    flow: Flow,
    /// The table is still there.
    table: bool,
}

fn without_column(rule: &'static Rule, pair: &Pair<'_>, found: &mut Vec<Finding>) {
    let linked: HashSet<&str> = pair.head.links.iter().map(|link| &*link.property).collect();
    let unread: Vec<&str> = pair.head.model.schemas.iter().filter(|s| s.unread > 0).map(|s| &*s.path).collect();
    let new = new_names(pair);
    let mut known = AllUses::default();
    let mut reported = BTreeSet::new();
    let mut all: Vec<Lost<'_>> = Vec::new();
    for tie in certain(pair.base) {
        let Some(schema) = pair.base.model.schemas.get(tie.link.sql.0) else { continue };
        let Some(after) = pair.head.model.schemas.iter().find(|s| s.path == schema.path && s.dialect == schema.dialect)
        else {
            continue;
        };
        let table = after.table(&tie.table.schema, &tie.table.name);
        // One of several databases with the table is enough.
        let survives = pair.head.model.schemas.iter().any(|schema| {
            let table = schema.table(&tie.table.schema, &tie.table.name);
            table.is_some_and(|t| t.tainted || t.column(&tie.column.name).is_some())
        });
        // Statements that could not be read may have renamed the table.
        let uncertain = table.is_none() && unread.contains(&&*schema.path);
        if survives || uncertain || linked.contains(&*tie.link.property) || has_moved(&tie, pair, &new) {
            continue;
        }
        let Some(api) = pair.head.model.apis.iter().find(|a| a.path == tie.api.path) else { continue };
        let Some((entity, property)) = property_of(api, tie.link) else { continue };
        let uses = known.of(api);
        let inside = format!(".{}", property.name);
        let mut usages = uses.usages(entity, Flow::Out, &inside);
        let flow = if usages.is_empty() { Flow::In } else { Flow::Out };
        usages.extend(uses.usages(entity, Flow::In, &inside));
        if !usages.is_empty() && reported.insert(tie.link.property.to_string()) {
            all.push(Lost { tie, property, usages, flow, table: table.is_some() });
        }
    }
    // A dropped table is one cause, whatever was shown of it.
    let mut gone: BTreeMap<String, Vec<Lost<'_>>> = BTreeMap::new();
    for lost in all {
        let column = lost.tie.link.column.to_string();
        gone.entry(if lost.table { column } else { lost.tie.table.full_name() }).or_default().push(lost);
    }
    found.extend(gone.into_values().filter_map(|lost| told(rule, lost)));
}

/// One finding for all properties that showed a column, or a table.
fn told(rule: &'static Rule, mut all: Vec<Lost<'_>>) -> Option<Finding> {
    let mut properties: Vec<String> = all.iter().map(|lost| format!("`{}`", lost.tie.link.property)).collect();
    let mut usages: Vec<Usage> = all.iter_mut().flat_map(|lost| std::mem::take(&mut lost.usages)).collect();
    usages.sort();
    usages.dedup();
    let Lost { tie, property, flow, table, .. } = all.first()?;
    let more = properties.len().saturating_sub(NAMED);
    properties.truncate(NAMED);
    let shown = match more {
        0 => properties.join(", "),
        more => format!("{} and {more} more", properties.join(", ")),
    };
    let (what, event) = match table {
        true => (format!("column `{}`", tie.link.column), "was dropped"),
        false => (format!("table `{}`", tie.table.full_name()), "is not there any more"),
    };
    let mut values = names(tie);
    values.extend([("what", what), ("event", event.to_string()), ("properties", shown)]);
    let mut finding = Finding::state(rule, tie.link.property.to_string(), Some(property.key));
    finding.detail = tie.link.column.to_string();
    finding.base = Some(tie.column.origin);
    finding.flow = Some(*flow);
    finding.before = Some(tie.column.type_name.to_string());
    say(&mut finding, &values, usages);
    Some(finding)
}

/// The names of the columns and tables that head has more than base, squashed.
fn new_names(pair: &Pair<'_>) -> BTreeSet<String> {
    let names = |side: Side<'_>| -> BTreeSet<(String, String)> {
        let tables = side.model.schemas.iter().flat_map(|schema| &schema.tables);
        let columns = tables.flat_map(|table| table.columns.iter().map(|column| (table.full_name(), &column.name)));
        columns.map(|(table, column)| (table, squash(column))).collect()
    };
    let before = names(pair.base);
    let tables = |side: Side<'_>| -> BTreeSet<String> {
        side.model.schemas.iter().flat_map(|schema| &schema.tables).map(|table| squash(&table.name)).collect()
    };
    // `workflow_nodes` may hold what `workflows.nodes` did.
    let old = tables(pair.base);
    let tables = tables(pair.head).into_iter().filter(|table| !old.contains(table));
    let columns = names(pair.head).into_iter().filter(|name| !before.contains(name)).map(|(_, column)| column);
    columns.chain(tables).collect()
}

/// The column has another name, or one of its name is new somewhere else: the value is read from there, which only the
/// code can tell.
fn has_moved(tie: &Tie<'_>, pair: &Pair<'_>, new: &BTreeSet<String>) -> bool {
    let renamed = pair.changes.iter().any(|change| {
        let kinds = [ChangeKind::AttributeRenamed, ChangeKind::EntityRenamed];
        let subject = tie.link.column.strip_prefix(&*change.subject);
        change.layer == Layer::Sql
            && kinds.contains(&change.kind)
            && subject.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
    let ends = |long: &str, short: &str| short.len() > 3 && long.ends_with(short);
    [squash(&tie.column.name), squash(&tie.property.name)]
        .iter()
        .any(|name| renamed || new.contains(name) || new.iter().any(|new| ends(new, name) || ends(name, new)))
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

/// The elements of the list are plain values.
fn of_values(tie: &Tie<'_>) -> bool {
    let items = tie.api.shape(tie.api.resolve(tie.property.shape)).items;
    let types = items.map(|item| without_null(&Effective::of(tie.api, item).domain).types);
    types.is_some_and(|types| !types.intersects(Types::OBJECT.union(Types::ARRAY)))
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
    // Objects are fetched by what the column holds, and a list of objects by the key; all may be written down as text. A list of
    // plain values has no place in front of a single one.
    let text = column.types.intersects(Types::STRING) && column.format.is_none() && column.values.is_none();
    let list = property.types == Types::ARRAY && of_values(tie) && !tie.is_key() && !text;
    if list { said(None, Some(Warning)) } else { Vec::new() }
}
