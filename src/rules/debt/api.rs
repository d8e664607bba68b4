//! Debt of contracts: what is unused, unnamed or undescribed, and names and types that disagree with their neighbours.
//!
//! Comes in: one revision. Goes out: notes; git decides which of them a change brought. A habit of the whole contract (no
//! operation has an id) is no finding: debt is what differs from the contract's own ways.

use std::collections::{BTreeMap, HashSet};

use crate::config::Promise;
use crate::model::api::{Additional, Operation, Shape, ShapeId};
use crate::model::uses::Uses;
use crate::model::{AttributeView, EntityView, Flow, Layer, Origin, Types};
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::Note;
use crate::rules::rule::{Category, Check, Levels, Rule, Side};
use crate::rules::text;

const DEBT: Rule = Rule { levels: Levels::Always(Note), ..Rule::of(Layer::Api, Category::Debt) };

/// All rules of the family, sorted by id.
pub static ALL: &[&Rule] = &[
    &DEPRECATED_STILL_REQUIRED,
    &NAMING_MIXED_PROPERTIES,
    &OBJECT_FREE_FORM,
    &OPERATION_WITHOUT_ERROR_RESPONSE,
    &OPERATION_WITHOUT_OPERATION_ID,
    &PROPERTY_TYPE_DIFFERS,
    &SCHEMA_UNUSED,
];

pub static DEPRECATED_STILL_REQUIRED: Rule = Rule {
    id: "deprecated-still-required",
    title: "Deprecated but required",
    message: "`{subject}` is deprecated, yet every request must carry it.",
    help: "Take it out of `required`, so that clients can stop sending it.",
    check: Check::State(deprecated_still_required),
    page: page!("deprecated-still-required"),
    ..DEBT
};

pub static NAMING_MIXED_PROPERTIES: Rule = Rule {
    id: "naming-mixed-properties",
    title: "Property named in another style",
    message: "`{subject}` is written in {other}, but {share} of the properties of this contract are in {style}.",
    help: "Name it as its neighbours are named; renaming it later breaks clients.",
    check: Check::State(naming),
    page: page!("naming-mixed-properties"),
    ..DEBT
};

pub static OBJECT_FREE_FORM: Rule = Rule {
    id: "object-free-form",
    title: "Object that may hold anything",
    message: "`{subject}` is an object without declared properties: nobody can tell what is in it, and no change of it is ever found.",
    help: "Declare its properties, or the type of its values with `additionalProperties`.",
    check: Check::State(free_form),
    page: page!("object-free-form"),
    ..DEBT
};

pub static OPERATION_WITHOUT_ERROR_RESPONSE: Rule = Rule {
    id: "operation-without-error-response",
    title: "No error response documented",
    message: "`{subject}` documents no error (4XX, 5XX or `default`), as other operations of this contract do.",
    help: "Add the error responses that it has.",
    check: Check::State(|rule, side, found| {
        operations(rule, side, found, |o| o.responses.iter().any(|r| is_error(&r.status)))
    }),
    page: page!("operation-without-error-response"),
    ..DEBT
};

pub static OPERATION_WITHOUT_OPERATION_ID: Rule = Rule {
    id: "operation-without-operation-id",
    title: "Operation without an id",
    promise: Promise::Sdk,
    message: "`{subject}` has no `operationId`, as other operations of this contract do: generators make up a name that changes with the path.",
    help: "Give it an `operationId`.",
    check: Check::State(|rule, side, found| operations(rule, side, found, |o| o.operation_id.is_some())),
    page: page!("operation-without-operation-id"),
    ..DEBT
};

pub static PROPERTY_TYPE_DIFFERS: Rule = Rule {
    id: "property-type-differs",
    title: "Same name, other type",
    message: "`{subject}` is {type}, but {count} other schemas have `{name}` as {usual}.",
    help: "Use {usual} here too, or another name if it is another thing.",
    check: Check::State(types),
    page: page!("property-type-differs"),
    ..DEBT
};

pub static SCHEMA_UNUSED: Rule = Rule {
    id: "schema-unused",
    title: "Schema that nothing uses",
    message: "No operation sends or receives `{subject}`.",
    help: "Remove `{subject}`, or use it where it is meant.",
    check: Check::State(unused),
    page: page!("schema-unused"),
    ..DEBT
};

/// Names that mean something else in every schema.
const GENERIC: [&str; 14] = [
    "amount", "content", "data", "default", "error", "id", "items", "key", "object", "result", "state", "status",
    "type", "value",
];

fn say(rule: &'static Rule, subject: &str, origin: Option<Origin>, more: &[(&str, String)], found: &mut Vec<Finding>) {
    let mut values = vec![("subject", subject.to_string())];
    values.extend(more.iter().cloned());
    let mut finding = Finding::state(rule, subject, origin);
    finding.message = text::replace(rule.message, &values);
    finding.help = text::replace(rule.help, &values);
    found.push(finding);
}

/// Every declared property with its entity: `User.email`.
fn properties(entities: &[EntityView]) -> impl Iterator<Item = (String, &AttributeView)> {
    entities.iter().flat_map(|e| e.attributes.iter().map(move |a| (format!("{}.{}", e.name, a.name), a)))
}

fn deprecated_still_required(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    for api in &side.model.apis {
        let entities = api.entities();
        let mut suspects =
            entities.iter().filter(|e| e.attributes.iter().any(|a| a.deprecated && a.required)).peekable();
        if suspects.peek().is_none() {
            continue;
        }
        let uses = Uses::of(api);
        let sent = |e: &&EntityView| e.shape.is_some_and(|shape| uses.flows(shape).has(Flow::In));
        let sent: Vec<EntityView> = suspects.filter(sent).cloned().collect();
        for (subject, attribute) in properties(&sent).filter(|(_, a)| a.deprecated && a.required && !a.read_only) {
            say(rule, &subject, attribute.origin, &[], found);
        }
    }
}

fn unused(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    for api in &side.model.apis {
        // A document without operations is a library for others.
        if api.operations.is_empty() || api.tainted || api.components.is_empty() {
            continue;
        }
        let uses = Uses::of(api);
        let named: HashSet<ShapeId> = api
            .shapes
            .iter()
            .filter_map(|shape| shape.discriminator.as_ref())
            .flat_map(|d| d.mapping.iter().filter_map(|entry| Some(api.resolve(entry.target?))))
            .collect();
        for (name, id) in &api.components {
            let used = !uses.flows(*id).is_empty() || named.contains(&api.resolve(*id));
            if !used {
                say(rule, name, api.shape(*id).origin, &[], found);
            }
        }
    }
}

fn free_form(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    for api in &side.model.apis {
        let entities = api.entities();
        for entity in &entities {
            if entity.shape.is_some_and(|id| holds_anything(api.shape(id))) {
                say(rule, &entity.name, entity.origin, &[], found);
            }
        }
        for (subject, attribute) in properties(&entities) {
            let shape = attribute.shape.map(|id| api.shape(id));
            if shape.is_some_and(|shape| shape.name.is_none() && holds_anything(shape)) {
                say(rule, &subject, attribute.origin, &[], found);
            }
        }
    }
}

fn holds_anything(shape: &Shape) -> bool {
    let composed = !(shape.all_of.is_empty() && shape.any_of.is_empty() && shape.one_of.is_empty());
    let described = !shape.properties.is_empty() || !shape.pattern_properties.is_empty();
    let open = matches!(shape.additional, Additional::Unsaid | Additional::Allowed);
    let object = shape.domain.types.minus(Types::NULL) == Types::OBJECT;
    object
        && open
        && !composed
        && !described
        && shape.reference.is_none()
        && shape.domain.values.is_none()
        && !shape.tainted
}

fn is_error(status: &str) -> bool {
    status == "default" || status.starts_with(['4', '5'])
}

/// Operations without something that others of the same contract have.
fn operations(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>, has: fn(&Operation) -> bool) {
    for api in &side.model.apis {
        if !api.operations.iter().any(has) {
            continue;
        }
        for operation in api.operations.iter().filter(|o| !has(o)) {
            say(rule, &operation.id, Some(operation.key), &[], found);
        }
    }
}

fn naming(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    for api in &side.model.apis {
        let entities = api.entities();
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        for (_, attribute) in properties(&entities) {
            if let Some(style) = style(&attribute.name) {
                *counts.entry(style).or_default() += 1;
            }
        }
        let all: usize = counts.values().sum();
        let Some((usual, count)) = counts.into_iter().max_by_key(|(_, count)| *count) else { continue };
        if count < 4 || count * 5 < all * 4 {
            continue;
        }
        let share = format!("{} %", count * 100 / all);
        for (subject, attribute) in properties(&entities) {
            if let Some(other) = style(&attribute.name).filter(|style| *style != usual) {
                let more = [("other", other.to_string()), ("style", usual.to_string()), ("share", share.clone())];
                say(rule, &subject, attribute.origin, &more, found);
            }
        }
    }
}

/// The style of a name of several words.
fn style(name: &str) -> Option<&'static str> {
    let inner = name.trim_matches(|c: char| !c.is_alphanumeric());
    let has = |wanted: fn(char) -> bool| inner.chars().any(wanted);
    let (upper, lower) = (has(char::is_uppercase), has(char::is_lowercase));
    match (inner.contains('_'), inner.contains('-')) {
        (true, false) if !upper => Some("snake_case"),
        (false, true) if !upper => Some("kebab-case"),
        (false, false) if upper && lower && inner.starts_with(char::is_lowercase) => Some("camelCase"),
        (false, false) if upper && lower && inner.chars().skip(1).any(char::is_uppercase) => Some("PascalCase"),
        _ => None,
    }
}

fn types(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    for api in &side.model.apis {
        let entities = api.entities();
        let mut by_name: BTreeMap<&str, Vec<(&EntityView, &AttributeView, Types)>> = BTreeMap::new();
        for entity in &entities {
            for attribute in &entity.attributes {
                let types = attribute.domain.types.minus(Types::NULL);
                let plain = Types::STRING.union(Types::NUMBER).union(Types::BOOLEAN).contains(types);
                if plain && !GENERIC.contains(&&*attribute.name) {
                    by_name.entry(&attribute.name).or_default().push((entity, attribute, types));
                }
            }
        }
        for (name, all) in by_name {
            // One that differs from at least three that agree; anything less even is a habit.
            let Some((_, _, usual)) = all.first().filter(|_| all.len() >= 4) else { continue };
            let differing = |usual: Types| all.iter().filter(move |(_, _, types)| !types.intersects(usual));
            let usual = if differing(*usual).count() * 2 > all.len() {
                let Some((_, _, other)) = differing(*usual).next() else { continue };
                *other
            } else {
                *usual
            };
            if differing(usual).count() != 1 {
                continue;
            }
            for (entity, attribute, types) in differing(usual) {
                let more = [
                    ("type", types.to_string()),
                    ("usual", usual.to_string()),
                    ("name", name.to_string()),
                    ("count", (all.len() - 1).to_string()),
                ];
                say(rule, &format!("{}.{name}", entity.name), attribute.origin, &more, found);
            }
        }
    }
}
