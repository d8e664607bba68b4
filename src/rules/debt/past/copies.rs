//! Entities that were copies of each other and went apart.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::lives::{Happened, Thing};
use crate::model::{AttributeView, ChangeKind as Kind, EntityView, Layer};
use crate::rules::finding::Finding;
use crate::rules::rule::{Check, Looking, Rule, Side};

use super::{DEBT, named, say};

pub static COPIES_DIVERGED: Rule = Rule {
    id: "copies-diverged",
    layer: Layer::Link,
    title: "Copies that went apart",
    off: true,
    message: "`{subject}` came with {commit} as a copy of `{other}`, attribute by attribute, and they have gone apart since: {apart}.",
    help: "Where both mean the same thing, let one refer to the other and bring it up to date; where they mean different things, give \
           them names that say so.",
    check: Check::Past(diverged),
    page: page!("copies-diverged"),
    ..DEBT
};

/// Below that everything is like something.
const LEAST: usize = 5;

fn diverged(rule: &'static Rule, side: Side<'_>, looking: Looking<'_>, found: &mut Vec<Finding>) {
    for (path, entities) in sources(side) {
        let born: Vec<Option<Happened<'_>>> = entities.iter().map(|entity| came(looking, &path, entity)).collect();
        for (copy, event) in entities.iter().zip(&born) {
            let Some(event) = event.filter(|one| one.event.attributes.len() >= LEAST) else { continue };
            let at_first: BTreeSet<&str> = event.event.attributes.iter().map(|(name, _)| &**name).collect();
            // The one that was there before and had the same attributes that day.
            let model = entities.iter().zip(&born).filter(|(other, birth)| {
                birth.is_none_or(|birth| birth.at > event.at) && other.kind == copy.kind && other.name != copy.name
            });
            let near = |other: &EntityView| {
                let common = other.attributes.iter().filter(|a| at_first.contains(&*a.name)).count();
                common * 2 >= at_first.len().max(other.attributes.len())
            };
            let model = model.filter(|(other, _)| near(other));
            let mut same = model.filter(|(other, _)| then(looking, &path, other, event.at) == at_first);
            let (Some((other, _)), None) = (same.next(), same.next()) else { continue };
            let Some(apart) = apart(copy, other) else { continue };
            let more = [("other", other.name.clone()), ("commit", named(&event)), ("apart", apart)];
            let mut finding = say(rule, &copy.name, copy.origin, &more);
            finding.detail = other.name.clone();
            finding.since = first_apart(looking, &path, [copy, other], event.at);
            finding.related.extend(other.origin.map(|origin| (other.name.clone(), origin)));
            found.push(finding);
        }
    }
}

/// The schemas of each contract, the tables of each SQL source.
fn sources(side: Side<'_>) -> Vec<(String, Vec<EntityView>)> {
    let apis = side.model.apis.iter().map(|api| (api.path.to_string(), api.entities()));
    let schemas = side.model.schemas.iter().map(|schema| (schema.path.to_string(), schema.entities()));
    apis.chain(schemas).collect()
}

fn thing<'a>(path: &'a str, entity: &'a EntityView) -> Thing<'a> {
    Thing { layer: entity.layer, source: path, subject: &entity.name }
}

fn came<'p>(looking: Looking<'p>, path: &str, entity: &EntityView) -> Option<Happened<'p>> {
    looking.lives.came(thing(path, entity)).filter(|one| one.event.kind == Kind::EntityAdded)
}

/// The names of the attributes after the commit, worked out backwards from those of today.
fn then<'a>(looking: Looking<'a>, path: &str, entity: &'a EntityView, at: usize) -> BTreeSet<&'a str> {
    let mut names: BTreeSet<&str> = entity.attributes.iter().map(|a| &*a.name).collect();
    for one in looking.lives.events_within(thing(path, entity)).into_iter().take_while(|one| one.at < at) {
        let Some((_, name)) = one.event.subject.rsplit_once('.') else { continue };
        match one.event.kind {
            Kind::AttributeAdded => drop(names.remove(name)),
            Kind::AttributeRemoved => drop(names.insert(name)),
            Kind::AttributeRenamed => {
                names.remove(one.event.other_name.as_deref().unwrap_or_default());
                names.insert(name);
            }
            _ => {}
        }
    }
    names
}

/// What one has and the other has not, or has otherwise.
fn apart(copy: &EntityView, other: &EntityView) -> Option<String> {
    let of = |entity: &'_ EntityView| -> BTreeMap<String, String> {
        let described = |a: &AttributeView| (a.name.to_string(), a.type_name.clone());
        entity.attributes.iter().map(described).collect()
    };
    let (own, others) = (of(copy), of(other));
    let only = |a: &BTreeMap<String, String>, b: &BTreeMap<String, String>| -> Vec<String> {
        a.keys().filter(|name| !b.contains_key(*name)).map(|name| format!("`{name}`")).collect()
    };
    let retyped: Vec<String> = own
        .iter()
        .filter_map(|(name, kind)| {
            let there = others.get(name).filter(|there| *there != kind)?;
            Some(format!("`{name}` is {kind} here and {there} there"))
        })
        .collect();
    let (more, less) = (only(&own, &others), only(&others, &own));
    // What has little in common any more is no copy.
    if (more.len() + less.len()) * 2 > own.len() + others.len() {
        return None;
    }
    let mut said = Vec::new();
    for (names, who) in [(more, &copy.name), (less, &other.name)] {
        if !names.is_empty() {
            let rest = names.len().saturating_sub(4);
            let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
            said.push(format!("only `{who}` has {}{rest}", names.into_iter().take(4).collect::<Vec<_>>().join(", ")));
        }
    }
    said.extend(retyped.into_iter().take(3));
    (!said.is_empty()).then(|| said.join("; "))
}

/// The first change of one of them after the copy was made.
fn first_apart(looking: Looking<'_>, path: &str, both: [&EntityView; 2], at: usize) -> Option<(String, String)> {
    let all = both.into_iter().flat_map(|entity| looking.lives.events_within(thing(path, entity)));
    let counts = |kind: Kind| {
        matches!(kind, Kind::AttributeAdded | Kind::AttributeRemoved | Kind::AttributeRenamed | Kind::TypeChanged)
    };
    let first = all.filter(|one| one.at < at && counts(one.event.kind)).max_by_key(|one| one.at)?;
    Some((first.commit.id.clone(), format!("`{}` was changed in one of them alone", first.event.subject)))
}
