//! What is not described: objects that may hold anything, values of which nothing is said.

use std::collections::{BTreeMap, HashSet};

use crate::model::api::{Additional, Shape, ShapeId};
use crate::model::{Domain, EntityView, Types};
use crate::rules::finding::Finding;
use crate::rules::link::tie;
use crate::rules::rule::{Check, Rule, Side};

use super::{DEBT, Said, properties};

pub static OBJECT_FREE_FORM: Rule = Rule {
    id: "object-free-form",
    title: "Object that may hold anything",
    message: "`{subject}` is an object without declared properties: nobody can tell what is in it, and no change of it is ever found.",
    help: "Declare its properties, or the type of its values with `additionalProperties`.",
    check: Check::State(free_form),
    page: page!("object-free-form"),
    ..DEBT
};

pub static PROPERTY_UNTYPED: Rule = Rule {
    id: "property-untyped",
    title: "Value without a type",
    message: "Nothing is said of `{subject}`, not even its type: clients cannot tell what it is, and no change of it is ever found.",
    help: "Say its type.",
    check: Check::Habit(untyped),
    page: page!("property-untyped"),
    ..DEBT
};

/// A link that is more than a guess.
const LIKELY: f64 = 0.75;

/// Properties of one name of which most say nothing are more than an oversight.
const HABIT: usize = 3;

fn free_form(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    for api in &side.model.apis {
        let entities = api.entities();
        for entity in &entities {
            if entity.shape.is_some_and(|id| holds_anything(api.shape(id))) {
                Said::at(&entity.name, entity.origin).tell(rule, found);
            }
        }
        for (subject, attribute) in properties(&entities) {
            let shape = attribute.shape.map(|id| api.shape(id));
            if shape.is_some_and(|shape| shape.name.is_none() && holds_anything(shape)) {
                Said::at(subject, attribute.origin).tell(rule, found);
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

fn untyped(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    // What is stored as it comes may hold anything on purpose.
    let stored = tie::ties(side, LIKELY).into_iter().filter(|tie| tie::is_json(tie.column));
    let json: Vec<(usize, &str)> = stored.map(|tie| (tie.link.api.0, &*tie.link.property)).collect();
    for (at, api) in side.model.apis.iter().enumerate() {
        let mut seen = HashSet::new();
        let json: HashSet<&str> = json.iter().filter(|(of, _)| *of == at).map(|(_, name)| *name).collect();
        let entities = api.entities();
        let meant = meant(&entities, &|shape| says_nothing(api.shape(shape)));
        let says_nothing = |shape: ShapeId| says_nothing(api.shape(shape));
        for (subject, attribute) in properties(&entities) {
            let on_purpose = json.contains(subject.as_str()) || meant.contains(&*attribute.name);
            if !on_purpose && attribute.shape.is_some_and(says_nothing) && seen.insert(attribute.origin) {
                Said::at(subject, attribute.origin).tell(rule, found);
            }
        }
        for operation in &api.operations {
            for parameter in operation.parameters.iter().filter(|parameter| says_nothing(parameter.shape)) {
                // A component is told once.
                if seen.insert(Some(parameter.definition)) {
                    Said::at(parameter.subject(&operation.id), Some(parameter.definition)).tell(rule, found);
                }
            }
        }
    }
}

/// Names of which nothing is said nearly wherever they stand: what they hold is anything, by this contract.
fn meant<'e>(entities: &'e [EntityView], says_nothing: &dyn Fn(ShapeId) -> bool) -> HashSet<&'e str> {
    let mut names: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for attribute in entities.iter().flat_map(|entity| &entity.attributes) {
        let (all, silent) = names.entry(&attribute.name).or_default();
        *all += 1;
        *silent += usize::from(attribute.shape.is_some_and(says_nothing));
    }
    names
        .into_iter()
        .filter(|(_, (all, silent))| *silent >= HABIT && silent * 2 >= *all)
        .map(|(name, _)| name)
        .collect()
}

/// An empty schema. One with a description alone is mostly meant to hold anything.
fn says_nothing(shape: &Shape) -> bool {
    let combined = [&shape.all_of, &shape.any_of, &shape.one_of, &shape.prefix_items];
    let structured = combined.iter().any(|parts| !parts.is_empty()) || shape.not.is_some() || shape.items.is_some();
    let described = !shape.properties.is_empty() || !shape.pattern_properties.is_empty() || !shape.applied.is_empty();
    let nothing = shape.domain == Domain::any() && shape.reference.is_none() && shape.additional == Additional::Unsaid;
    let words = shape.described || shape.title.is_some() || shape.default.is_some();
    nothing && !words && !structured && !described && shape.name.is_none() && shape.other.is_empty() && !shape.tainted
}
