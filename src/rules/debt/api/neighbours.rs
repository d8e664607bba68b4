//! Properties that have another type or format than those of the same name in other schemas.

use std::collections::{BTreeMap, HashSet};

use crate::model::origin::Text;
use crate::model::{AttributeView, EntityView, Types};
use crate::rules::finding::Finding;
use crate::rules::rule::{Check, Rule, Side};

use super::{DEBT, Said, listed};

pub static PROPERTY_FORMAT_DIFFERS: Rule = Rule {
    id: "property-format-differs",
    title: "Same name, other format",
    message: "`{subject}` is {own}, but {count} other schemas have `{name}` as {usual} ({neighbours}).",
    help: "Say {usual} here too, or use another name if it is another thing.",
    check: Check::Habit(formats),
    page: page!("property-format-differs"),
    ..DEBT
};

pub static PROPERTY_TYPE_DIFFERS: Rule = Rule {
    id: "property-type-differs",
    title: "Same name, other type",
    message: "`{subject}` is {own}, but {count} other schemas have `{name}` as {usual} ({neighbours}).",
    help: "Use {usual} here too, or another name if it is another thing.",
    check: Check::Habit(types),
    page: page!("property-type-differs"),
    ..DEBT
};

/// Names that mean something else in every schema.
const GENERIC: [&str; 14] = [
    "amount", "content", "data", "default", "error", "id", "items", "key", "object", "result", "state", "status",
    "type", "value",
];

/// True for a name that means something else in every schema.
pub fn is_generic(name: &str) -> bool {
    GENERIC.contains(&name)
}

/// Properties of one name that have to agree before one that does not is worth a word; anything less even is a habit.
const AGREEING: usize = 3;

/// For so many that agree another one may differ: two beside sixteen are still an oversight.
const FOR_ONE_MORE: usize = 16;

/// A property of one value, with the schema that declares it.
type Declared<'e> = (&'e EntityView, &'e AttributeView);

/// The properties of one name over all schemas, each place of declaration once: what several schemas take over from one
/// says it once.
fn by_name(entities: &[EntityView]) -> BTreeMap<&str, Vec<Declared<'_>>> {
    let mut seen = HashSet::new();
    let mut by_name: BTreeMap<&str, Vec<Declared<'_>>> = BTreeMap::new();
    for entity in entities {
        for attribute in entity.attributes.iter().filter(|a| !is_generic(&a.name)) {
            if attribute.origin.is_none_or(|origin| seen.insert(origin)) {
                by_name.entry(&attribute.name).or_default().push((entity, attribute));
            }
        }
    }
    by_name
}

fn types(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    let plain = Types::STRING.union(Types::NUMBER).union(Types::BOOLEAN);
    for api in &side.model.apis {
        for (name, mut all) in by_name(&api.entities()) {
            all.retain(|(_, attribute)| plain.contains(kind(attribute)));
            // A number and an integer are not at odds.
            let differ = |a: &AttributeView, b: &AttributeView| !kind(a).intersects(kind(b));
            tell_odd(rule, name, &all, differ, |attribute| Some(kind(attribute).to_string()), found);
        }
    }
}

fn formats(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    for api in &side.model.apis {
        for (name, all) in by_name(&api.entities()) {
            for kind_of in [Types::STRING, Types::INTEGER, Types::NUMBER] {
                // What is told by a list or a pattern needs no format.
                let bare = |a: &AttributeView| a.domain.values.is_none() && a.domain.limits().patterns.is_empty();
                let all: Vec<Declared<'_>> =
                    all.iter().filter(|(_, a)| kind(a) == kind_of && bare(a)).copied().collect();
                let differ = |a: &AttributeView, b: &AttributeView| format(a) != format(b);
                // Where most say nothing, the one that does says more, and not otherwise.
                let words = |attribute: &AttributeView| format(attribute).map(|format| format!("`{format}`"));
                tell_odd(rule, name, &all, differ, words, found);
            }
        }
    }
}

fn kind(attribute: &AttributeView) -> Types {
    attribute.domain.types.minus(Types::NULL)
}

/// The format, but for one that only says how the value is typed in.
fn format(attribute: &AttributeView) -> Option<&Text> {
    attribute.domain.format.as_ref().filter(|format| &***format != "password")
}

/// Tells the few that differ from the others, if the others are enough, agree and have a word for it.
fn tell_odd(
    rule: &'static Rule,
    name: &str,
    all: &[Declared<'_>],
    differ: impl Fn(&AttributeView, &AttributeView) -> bool,
    words: impl Fn(&AttributeView) -> Option<String>,
    found: &mut Vec<Finding>,
) {
    let agreeing = |with: &AttributeView| all.iter().filter(|(_, other)| !differ(with, other)).count();
    // Among so many, one is as most of them are, if few enough differ.
    let candidates =
        all.iter().take(2 + all.len() / FOR_ONE_MORE).map(|(_, attribute)| (agreeing(attribute), *attribute));
    let Some((count, usual)) = candidates.max_by_key(|(count, _)| *count) else { return };
    let Some(usually) = words(usual) else { return };
    let odd: Vec<&Declared<'_>> = all.iter().filter(|(_, attribute)| differ(usual, attribute)).collect();
    if count < AGREEING || odd.len() > 1 + count / FOR_ONE_MORE {
        return;
    }
    let neighbours: Vec<&str> =
        all.iter().filter(|(_, other)| !differ(usual, other)).map(|(entity, _)| entity.name.as_str()).collect();
    for (entity, attribute) in odd {
        let said = Said::at(format!("{}.{name}", entity.name), attribute.origin)
            .with("own", words(attribute).unwrap_or_else(|| kind(attribute).to_string()));
        let said = said.with("usual", &usually).with("name", name).with("count", count);
        said.with("neighbours", listed(neighbours.iter().copied())).tell(rule, found);
    }
}
