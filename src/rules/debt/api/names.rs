//! Names that are written otherwise than their neighbours.

use std::collections::BTreeMap;

use crate::model::EntityView;
use crate::model::api::Api;
use crate::rules::finding::Finding;
use crate::rules::rule::{Check, Rule, Side};

use super::{DEBT, Said, properties};

pub static NAMING_MIXED_PROPERTIES: Rule = Rule {
    id: "naming-mixed-properties",
    title: "Property named in another style",
    message: "`{subject}` is written in {other}, but {share} of the properties of this contract are in {style}.",
    help: "Name it as its neighbours are named; renaming it later breaks clients.",
    check: Check::Habit(naming),
    page: page!("naming-mixed-properties"),
    ..DEBT
};

fn naming(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    for api in &side.model.apis {
        let entities = api.entities();
        let Some((usual, percent)) = usual(&entities) else { continue };
        for (subject, attribute) in properties(&entities) {
            if let Some(other) = style(&attribute.name).filter(|style| *style != usual) {
                let said = Said::at(subject, attribute.origin).with("other", other).with("style", usual);
                said.with("share", format!("{percent} %")).tell(rule, found);
            }
        }
    }
}

/// The style that nearly all properties of a contract are written in, and how many per cent of them.
fn usual(entities: &[EntityView]) -> Option<(&'static str, usize)> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (_, attribute) in properties(entities) {
        if let Some(style) = style(&attribute.name) {
            *counts.entry(style).or_default() += 1;
        }
    }
    let all: usize = counts.values().sum();
    let (usual, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    (count >= 4 && count * 5 >= all * 4).then(|| (usual, count * 100 / all))
}

/// Whether that is told: the name is in another style than nearly all of its contract.
pub fn is_mixed(api: &Api, name: &str) -> bool {
    style(name).is_some_and(|own| usual(&api.entities()).is_some_and(|(usual, _)| own != usual))
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
