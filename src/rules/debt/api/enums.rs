//! Lists of values that are written out in several places, and those that have come apart since.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::link;
use crate::model::api::{Api, ShapeId};
use crate::model::origin::Origin;
use crate::model::{EntityView, Types};
use crate::rules::finding::Finding;
use crate::rules::rule::{Check, Rule, Side};

use super::neighbours::is_generic;
use super::{DEBT, Said, copies, listed};

pub static ENUM_DUPLICATED: Rule = Rule {
    id: "enum-duplicated",
    title: "List of values written out again",
    message: "`{subject}` {what} `{other}` ({values}){more}: whoever adds a value has to find every list.",
    help: "Declare the list once as a schema and refer to it.",
    check: Check::State(duplicated),
    page: page!("enum-duplicated"),
    ..DEBT
};

/// Values of a list that is worth a name of its own.
const LEAST: usize = 3;

/// Values of a list in which one that is missing is an oversight rather than another list.
const LEAST_APART: usize = 4;

/// Values of a list that is hardly the same by chance.
const LONG: usize = 5;

/// Where a list of values stands.
struct Place {
    /// `Order.status`, `OrderStatus`, `GET /orders query.status`
    subject: String,
    /// What the value is called there.
    label: String,
    /// The words that tell what the list belongs to, or what it is where it has a name.
    core: BTreeSet<String>,
    /// A schema of its own.
    named: bool,
    origin: Option<Origin>,
    values: BTreeSet<String>,
}

fn duplicated(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    for api in &side.model.apis {
        let places = places(api);
        // Where no list has a name, writing them out is the contract's way (and mostly a generator's).
        if !places.iter().any(|place| place.named) {
            continue;
        }
        let mut lists: BTreeMap<&BTreeSet<String>, Vec<&Place>> = BTreeMap::new();
        for place in &places {
            lists.entry(&place.values).or_default().push(place);
        }
        for same in lists.values_mut() {
            same.sort_by_key(|place| (!place.named, place.origin));
            let Some((first, copies)) = same.split_first() else { continue };
            let copies: Vec<&&Place> = copies.iter().filter(|copy| same_thing(first, copy)).collect();
            for copy in &copies {
                let others = copies.iter().filter(|other| other.subject != copy.subject);
                let others: Vec<&str> = others.map(|other| other.subject.as_str()).collect();
                let more = match others.len() {
                    0 => String::new(),
                    1 => format!(", and so does {}", listed(others)),
                    _ => format!(", and so do {}", listed(others)),
                };
                let count = format!("lists the same {} values as", copy.values.len());
                tell(rule, copy, first, (count, more), found);
            }
        }
        for (less, more, value) in apart(&lists) {
            tell(rule, less, more, (format!("lacks `{value}` and lists all other values of"), String::new()), found);
        }
    }
}

fn tell(rule: &'static Rule, place: &Place, other: &Place, (what, more): (String, String), found: &mut Vec<Finding>) {
    let values = listed(other.values.iter().map(String::as_str));
    let said = Said::at(&place.subject, place.origin).with("what", what).with("other", &other.subject);
    said.with("values", values).with("more", more).beside(&other.subject, other.origin).tell(rule, found);
}

/// Whether two equal lists are meant to be equal. Schemas that are named differently are different things with the same
/// values, today; so are short lists under different words.
fn same_thing(a: &Place, b: &Place) -> bool {
    let versions = |place: &Place| link::versioned(&link::words(&place.subject));
    let kin = a.core.is_subset(&b.core) || b.core.is_subset(&a.core);
    match (a.named, b.named) {
        (true, true) => a.core == b.core && !versions(a) && !versions(b),
        _ if a.values.len() >= LONG => true,
        (true, false) | (false, true) => kin || a.label.ends_with(&b.label) || b.label.ends_with(&a.label),
        (false, false) => a.label == b.label && (kin || !is_generic(&a.label)),
    }
}

/// Lists of what goes by the same name of which one has a value more.
fn apart<'p>(lists: &BTreeMap<&BTreeSet<String>, Vec<&'p Place>>) -> Vec<(&'p Place, &'p Place, String)> {
    let mut by_label: BTreeMap<&str, Vec<&'p Place>> = BTreeMap::new();
    for places in lists.values() {
        let mut seen = HashSet::new();
        for place in places.iter().filter(|place| seen.insert(place.label.as_str())) {
            by_label.entry(&place.label).or_default().push(place);
        }
    }
    let mut apart = Vec::new();
    for places in by_label.values() {
        for less in places.iter().filter(|place| place.values.len() >= LEAST_APART) {
            let more = places.iter().filter(|more| more.values.len() == less.values.len() + 1);
            let more = more.filter(|more| less.values.is_subset(&more.values)).min_by_key(|more| more.origin);
            let value = more.and_then(|more| Some((more, more.values.difference(&less.values).next()?)));
            apart.extend(value.map(|(more, value)| (*less, *more, value.clone())));
        }
    }
    apart
}

fn places(api: &Api) -> Vec<Place> {
    let mut places = Vec::new();
    let mut seen = HashSet::new();
    let mut add = |of: &str, subject: String, label: &str, shape: ShapeId, origin: Option<Origin>| {
        let at = list(api, shape);
        let shape = api.shape(at);
        let Some(values) = &shape.domain.values else { return };
        let values: BTreeSet<String> = values.iter().filter_map(|v| v.as_str().map(ToString::to_string)).collect();
        if shape.domain.types.minus(Types::NULL) != Types::STRING || values.len() < LEAST || !seen.insert(at) {
            return;
        }
        let (named, core) = (shape.name.is_some(), copies::core(of));
        places.push(Place { subject, label: link::squash(label), core, named, origin, values });
    };
    for (name, id) in &api.components {
        add(name, name.to_string(), name, *id, api.shape(*id).origin);
    }
    for EntityView { name, attributes, .. } in &api.entities() {
        for attribute in attributes {
            if let Some(shape) = attribute.shape {
                add(name, format!("{name}.{}", attribute.name), &attribute.name, shape, attribute.origin);
            }
        }
    }
    for operation in &api.operations {
        for parameter in &operation.parameters {
            let subject = parameter.subject(&operation.id);
            add(&operation.path, subject, &parameter.name, parameter.shape, Some(parameter.definition));
        }
    }
    places
}

/// The shape that may hold the list: of the value, or of its items.
fn list(api: &Api, shape: ShapeId) -> ShapeId {
    let at = api.resolve(shape);
    api.shape(at).items.map_or(at, |items| api.resolve(items))
}
