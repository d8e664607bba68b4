//! Schemas that are nearly the same, so that one could serve, or that once were and have come apart.
//!
//! Variants of one thing are wanted (`CreateUser`, `UserResponse`, `V1User`), and so are the alternatives of one value and
//! envelopes around different things: none of them is a copy.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::link;
use crate::model::api::{Api, ShapeId};
use crate::model::{AttributeView, EntityView, Types};
use crate::rules::finding::Finding;
use crate::rules::rule::{Check, Rule, Side};

use super::{DEBT, Said};

pub static ENTITY_NEAR_DUPLICATE: Rule = Rule {
    id: "entity-near-duplicate",
    title: "Two schemas for the same thing",
    message: "`{subject}` and `{other}` have {shared} properties of the same name and type; {differences}.",
    help: "Use one of them in both places, or take what they share into a schema of its own.",
    check: Check::State(copies),
    page: page!("entity-near-duplicate"),
    ..DEBT
};

/// Words beside those that wrap the name of an entity which say what is done with it.
const VERBS: [&str; 20] = [
    "bulk", "delete", "edit", "export", "filter", "import", "insert", "modify", "options", "params", "partial",
    "query", "register", "remove", "replace", "result", "save", "search", "set", "upsert",
];

/// Differences that copies may have: one, and another one for each of so many properties.
const FOR_ONE_MORE: usize = 10;

/// A property that more schemas have in this form tells nothing: what every list, error or event has.
const TELLING: usize = 5;

/// Pairs that are looked at in one contract; far more than real ones need.
const PAIRS: usize = 200_000;

fn copies(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>) {
    for (at, api) in side.model.apis.iter().enumerate() {
        let least = side.limits.copy_attributes as usize;
        let mut entities = api.entities();
        entities.retain(|entity| entity.attributes.len() >= least.max(1) && !entity.tainted);
        let tables = tables(side, at);
        let kin = Kin {
            api,
            cores: entities.iter().map(|entity| core(&entity.name)).collect(),
            tables,
            siblings: siblings(api),
        };
        for (copy, original) in pairs(&entities, &kin, least) {
            let (Some(copy), Some(original)) = (entities.get(copy), entities.get(original)) else { continue };
            let shared = compare(copy, original, &|_| true).map_or(0, |compared| compared.shared);
            let said = Said::at(&copy.name, copy.origin).detail(&original.name).with("other", &original.name);
            let said = said.with("shared", shared).with("differences", differences(copy, original));
            said.beside(&original.name, original.origin).tell(rule, found);
        }
    }
}

/// What makes entities kin.
struct Kin<'a> {
    api: &'a Api,
    /// The words of the names that tell what the entities are.
    cores: Vec<BTreeSet<String>>,
    /// The tables behind a schema.
    tables: HashMap<ShapeId, BTreeSet<(usize, usize)>>,
    /// The values of which a schema is an alternative.
    siblings: HashMap<ShapeId, BTreeSet<usize>>,
}

impl Kin<'_> {
    /// Forms of one thing, or alternatives of one value.
    fn are(&self, entities: &[EntityView], a: usize, b: usize) -> bool {
        let (Some(x), Some(y)) = (self.cores.get(a), self.cores.get(b)) else { return true };
        if x.is_subset(y) || y.is_subset(x) {
            return true;
        }
        let shape = |at: usize| entities.get(at).and_then(|e| e.shape).map(|id| self.api.resolve(id));
        let (Some(a), Some(b)) = (shape(a), shape(b)) else { return true };
        let meet = |sets: &HashMap<ShapeId, BTreeSet<usize>>| {
            sets.get(&a).zip(sets.get(&b)).is_some_and(|(x, y)| !x.is_disjoint(y))
        };
        let same_table = self.tables.get(&a).zip(self.tables.get(&b)).is_some_and(|(x, y)| !x.is_disjoint(y));
        a == b || same_table || meet(&self.siblings)
    }
}

/// The words of a name that tell what a thing is, not what is done with it.
pub fn core(name: &str) -> BTreeSet<String> {
    let own = name.rsplit(['.', '/']).next().unwrap_or(name);
    let words = link::words(own).into_iter().filter(|word| {
        !link::is_wrapper(word)
            && !link::versioned(&[word])
            && !VERBS.contains(&word.as_str())
            && !word.chars().all(|c| c.is_ascii_digit())
    });
    words.map(|word| link::fold(&word)).collect()
}

fn tables(side: Side<'_>, api: usize) -> HashMap<ShapeId, BTreeSet<(usize, usize)>> {
    let mut tables: HashMap<ShapeId, BTreeSet<(usize, usize)>> = HashMap::new();
    for link in side.links.iter().filter(|link| link.api.0 == api) {
        let shape = side.model.apis.get(api).map_or(link.api.1, |api| api.resolve(link.api.1));
        tables.entry(shape).or_default().insert((link.sql.0, link.sql.1));
    }
    tables
}

fn siblings(api: &Api) -> HashMap<ShapeId, BTreeSet<usize>> {
    let mut siblings: HashMap<ShapeId, BTreeSet<usize>> = HashMap::new();
    for (at, shape) in api.shapes.iter().enumerate() {
        let named = shape.discriminator.iter().flat_map(|d| d.mapping.iter().filter_map(|entry| entry.target));
        for part in shape.one_of.iter().chain(&shape.any_of).copied().chain(named) {
            siblings.entry(api.resolve(part)).or_default().insert(at);
        }
    }
    siblings
}

/// Each copy with what it is most like among those declared before it.
///
/// Copies differ in few properties, so one of the few rarest properties of each is in the other, too.
fn pairs(entities: &[EntityView], kin: &Kin<'_>, least: usize) -> Vec<(usize, usize)> {
    let mut having: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (at, entity) in entities.iter().enumerate() {
        for attribute in &entity.attributes {
            having.entry((&attribute.name, &attribute.type_name)).or_default().push(at);
        }
    }
    let mut pairs = Vec::new();
    let mut budget = PAIRS;
    for (at, entity) in entities.iter().enumerate() {
        let mut lists: Vec<&Vec<usize>> =
            entity.attributes.iter().filter_map(|a| having.get(&(&*a.name, a.type_name.as_str()))).collect();
        lists.sort_by_key(|list| list.len());
        let near = lists.into_iter().take(allowed(entity.attributes.len()) + 1).flatten().copied();
        let near: BTreeSet<usize> = near.filter(|other| *other < at).collect();
        let mut best: Option<(usize, usize)> = None;
        for other in near {
            budget = budget.saturating_sub(1);
            let Some(original) = entities.get(other).filter(|_| budget > 0) else { continue };
            let tells =
                |a: &AttributeView| having.get(&(&*a.name, a.type_name.as_str())).is_some_and(|l| l.len() <= TELLING);
            let compared = compare(entity, original, &tells).filter(|compared| compared.telling >= least);
            let Some(compared) = compared else { continue };
            let better = best.is_none_or(|(differ, _)| compared.differ < differ);
            if better && !kin.are(entities, at, other) {
                best = Some((compared.differ, other));
            }
        }
        pairs.extend(best.map(|(_, other)| (at, other)));
    }
    pairs
}

fn allowed(attributes: usize) -> usize {
    1 + attributes / FOR_ONE_MORE
}

struct Compared {
    /// Properties that both declare alike, and those of them that tell something.
    shared: usize,
    telling: usize,
    differ: usize,
}

/// `None` when they are no copies: too much differs, or it differs as alternatives and envelopes do, or they take the
/// properties from the same place.
fn compare(a: &EntityView, b: &EntityView, tells: &dyn Fn(&AttributeView) -> bool) -> Option<Compared> {
    let mut others: BTreeMap<&str, &AttributeView> = b.attributes.iter().map(|o| (&*o.name, o)).collect();
    let (mut shared, mut telling, mut differ) = (0, 0, 0);
    let most = allowed(a.attributes.len().max(b.attributes.len()));
    for own in &a.attributes {
        match others.remove(&*own.name) {
            Some(other) if own.origin.is_some() && own.origin == other.origin => return None,
            Some(other) if alike(own, other) => {
                shared += 1;
                telling += usize::from(tells(own));
            }
            Some(other) if tells_apart(own, other) => return None,
            _ => differ += 1,
        }
        if differ > most {
            return None;
        }
    }
    differ += others.len();
    (differ <= most).then_some(Compared { shared, telling, differ })
}

fn alike(a: &AttributeView, b: &AttributeView) -> bool {
    a.type_name == b.type_name && a.domain.values == b.domain.values
}

/// What an envelope holds, or the value that says which alternative it is.
fn tells_apart(a: &AttributeView, b: &AttributeView) -> bool {
    let holds = |a: &AttributeView| a.domain.types.intersects(Types::OBJECT.union(Types::ARRAY));
    (a.domain.values.is_some() && b.domain.values.is_some()) || (holds(a) && holds(b))
}

/// "nothing tells them apart", "only `a` (string there, integer here) and `b` (missing there) differ"
fn differences(copy: &EntityView, original: &EntityView) -> String {
    let named =
        |entity: &EntityView| -> HashSet<String> { entity.attributes.iter().map(|a| a.name.to_string()).collect() };
    let (own, other) = (named(copy), named(original));
    let mut said: Vec<String> = Vec::new();
    for attribute in &copy.attributes {
        match original.attributes.iter().find(|o| o.name == attribute.name) {
            None => said.push(format!("`{}` is in `{}` alone", attribute.name, copy.name)),
            Some(other) if !alike(attribute, other) => {
                said.push(format!(
                    "`{}` is {} in one and {} in the other",
                    attribute.name, attribute.type_name, other.type_name
                ));
            }
            Some(_) => {}
        }
    }
    said.extend(
        other
            .difference(&own)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(|name| format!("`{name}` is in `{}` alone", original.name)),
    );
    match said.as_slice() {
        [] => "nothing tells them apart".to_string(),
        said => said.join(", "),
    }
}
