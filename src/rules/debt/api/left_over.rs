//! Properties and schemas that were to go.

use crate::model::Types;
use crate::rules::debt::left_over;
use crate::rules::finding::Finding;
use crate::rules::rule::{Check, Rule, Side};

use super::{DEBT, Said};

pub static PROPERTY_LEFT_OVER: Rule = Rule {
    id: "property-left-over",
    title: "Property or schema that is left over",
    message: "`{subject}` {detail}: clients cannot tell which of the two counts, and nothing says how long both will be there.",
    help: "Mark the one that is to go as `deprecated`, say when (`x-sunset`), and remove it then. If both are meant, give them names that say how they differ.",
    check: Check::State(left_over),
    page: page!("property-left-over"),
    ..DEBT
};

fn left_over(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    for api in &side.model.apis {
        for entity in api.entities() {
            for property in &entity.attributes {
                // A flag tells something of the object, and what is deprecated already is on its way.
                let flag = property.domain.types.minus(Types::NULL) == Types::BOOLEAN;
                let stands = |name: &str| entity.attributes.iter().any(|other| &*other.name == name);
                let beside = left_over::attribute(&property.name, stands).filter(|_| !flag && !property.deprecated);
                if let Some(beside) = beside {
                    let subject = format!("{}.{}", entity.name, property.name);
                    Said::at(subject, property.origin).with("detail", beside.words()).tell(rule, found);
                }
            }
        }
        let stands = |name: &str| api.components.iter().any(|(other, _)| &**other == name);
        for (name, shape) in &api.components {
            if let Some(beside) = left_over::entity(name, stands) {
                Said::at(&**name, api.shape(*shape).origin).with("detail", beside.words()).tell(rule, found);
            }
        }
    }
}
