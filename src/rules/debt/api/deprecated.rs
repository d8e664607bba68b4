//! What is deprecated and yet asked for.

use crate::model::uses::Uses;
use crate::model::{EntityView, Flow};
use crate::rules::finding::Finding;
use crate::rules::rule::{Check, Rule, Side};

use super::{DEBT, Said, properties};

pub static DEPRECATED_STILL_REQUIRED: Rule = Rule {
    id: "deprecated-still-required",
    title: "Deprecated but required",
    message: "`{subject}` is deprecated, yet every request must carry it.",
    help: "Take it out of `required`, so that clients can stop sending it.",
    check: Check::State(deprecated_still_required),
    page: page!("deprecated-still-required"),
    ..DEBT
};

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
            Said::at(subject, attribute.origin).tell(rule, found);
        }
    }
}
