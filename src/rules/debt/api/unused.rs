//! What is declared and used by nobody.

use std::collections::HashSet;

use crate::model::api::{Api, ShapeId};
use crate::model::uses::Uses;
use crate::rules::finding::Finding;
use crate::rules::rule::{Check, Rule, Side};

use super::{DEBT, Said};

pub static COMPONENT_UNUSED: Rule = Rule {
    id: "component-unused",
    title: "Component that nothing uses",
    message: "The {what} `{subject}` is declared among the components, and no operation leads to it.",
    help: "Remove `{subject}`, or use it where it is meant.",
    check: Check::State(components),
    page: page!("component-unused"),
    ..DEBT
};

pub static SCHEMA_UNUSED: Rule = Rule {
    id: "schema-unused",
    title: "Schema that nothing uses",
    message: "No operation sends or receives `{subject}`.",
    help: "Remove `{subject}`, or use it where it is meant.",
    check: Check::State(schemas),
    page: page!("schema-unused"),
    ..DEBT
};

fn components(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    // What a file of components declares may be used by the contracts that read it.
    let shared = |api: &Api| {
        let others = side.model.apis.iter().filter(|other| other.path != api.path);
        others
            .filter_map(|other| other.files.split_first())
            .any(|(_, read)| api.files.first().is_some_and(|own| read.contains(own)))
    };
    for api in side.model.apis.iter().filter(|api| !api.operations.is_empty() && !api.tainted && !shared(api)) {
        for component in &api.unused {
            let said = Said::at(&*component.name, Some(component.origin)).detail(component.what);
            said.with("what", component.what).tell(rule, found);
        }
    }
}

fn schemas(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
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
                Said::at(&**name, api.shape(*id).origin).tell(rule, found);
            }
        }
    }
}
