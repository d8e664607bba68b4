//! Schemas that have grown too large.

use crate::model::api::Api;
use crate::model::uses::Uses;
use crate::model::{EntityView, Flow};
use crate::rules::finding::Finding;
use crate::rules::rule::{Check, Rule, Side};

use super::{DEBT, Said};

pub static ENTITY_TOO_LARGE: Rule = Rule {
    id: "entity-too-large",
    title: "Schema with very many properties",
    message: "`{subject}` has {count} properties, more than {limit}, and {operations} of {all} operations send or receive it.",
    help: "Take what belongs together into schemas of their own; `debt: {entity-attributes: …}` in driftline.yaml sets the limit.",
    check: Check::State(large),
    page: page!("entity-too-large"),
    ..DEBT
};

fn large(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    let limit = side.limits.entity_attributes as usize;
    for api in &side.model.apis {
        let large: Vec<_> = api.entities().into_iter().filter(|e| own(api, e) > limit).collect();
        if large.is_empty() {
            continue;
        }
        let uses = Uses::of(api);
        for entity in large {
            let Some(shape) = entity.shape else { continue };
            let usages = [Flow::In, Flow::Out].into_iter().flat_map(|flow| uses.usages(shape, flow, ""));
            let operations: std::collections::BTreeSet<_> = usages.map(|usage| usage.operation).collect();
            let said = Said::at(&entity.name, entity.origin).with("count", own(api, &entity)).with("limit", limit);
            said.with("operations", operations.len()).with("all", api.operations.len()).tell(rule, found);
        }
    }
}

/// The properties that it declares itself: what it takes over from another schema is told there.
fn own(api: &Api, entity: &EntityView) -> usize {
    let Some(whole) = entity.shape.and_then(|shape| api.shape(api.resolve(shape)).origin) else { return 0 };
    entity.attributes.iter().filter(|a| a.origin.is_some_and(|origin| origin.within(whole))).count()
}
