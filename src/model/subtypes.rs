//! Schemas that are alternatives of another because they inherit from it.
//!
//! Where a schema names a discriminator and lists no alternatives itself, every named schema that has it in `allOf` may be
//! meant wherever it is used, and so may those that its `mapping` names. Comes in: a contract. Goes out: for each such
//! schema those below it. A schema that is only a base of others is no use of them: nothing here looks at operations.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use super::api::{Api, Shape, ShapeId};
use super::domain::{Domain, Types};
use super::origin::Origin;

/// Entries in all lists together; with more of them (chains of inheritance without end) a list has only the next level.
const MAX_LISTED: usize = 200_000;
/// Parts of `allOf` within `allOf` that are looked through for one schema.
const MAX_PARTS: usize = 300;
/// Schemas around schemas that add nothing.
const MAX_WRAPPERS: usize = 16;

/// A schema that inherits from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subtype {
    /// Resolved, and named.
    pub shape: ShapeId,
    /// What makes it one: the reference in its `allOf`, or the entry of `mapping`.
    pub origin: Option<Origin>,
}

/// All schemas of a contract that have subtypes, or may have some.
#[derive(Debug, Clone, Default)]
pub struct Subtypes {
    below: BTreeMap<ShapeId, Vec<Subtype>>,
}

/// What a named schema is made of.
#[derive(Default)]
struct Made {
    /// The named schemas in its `allOf`, with the part that refers to each.
    parents: Vec<(ShapeId, ShapeId)>,
    /// The schema objects that are its own, nested ones included.
    own: Vec<ShapeId>,
}

impl Subtypes {
    pub fn of(api: &Api) -> Self {
        let mut named: Vec<ShapeId> = api.components.iter().map(|(_, id)| api.resolve(*id)).collect();
        named.sort_unstable();
        named.dedup();
        let discriminated = |shape: &Shape| shape.discriminator.is_some();
        if !api.shapes.iter().any(discriminated) {
            return Self::default();
        }
        let mut links = Links::default();
        let mut open: VecDeque<ShapeId> = VecDeque::new();
        for id in named {
            let made = made(api, id);
            for (parent, part) in &made.parents {
                let child = Subtype { shape: id, origin: api.shape(*part).origin };
                links.children.entry(*parent).or_default().push(child);
            }
            if made.own.iter().any(|part| lists_schemas(api, *part)) {
                continue;
            }
            let discriminators = made.own.iter().filter_map(|part| api.shape(*part).discriminator.as_ref());
            for discriminator in discriminators {
                open.push_back(id);
                let targets =
                    discriminator.mapping.iter().filter_map(|entry| Some((api.resolve(entry.target?), entry)));
                let others = targets.filter(|(target, _)| *target != id && api.shape(*target).name.is_some());
                let children = others.map(|(shape, entry)| Subtype { shape, origin: Some(entry.origin) });
                links.mapped.entry(id).or_default().extend(children);
            }
        }
        // Those below inherit the discriminator, and with it their own subtypes.
        let mut roots: BTreeSet<ShapeId> = open.iter().copied().collect();
        while let Some(id) = open.pop_front() {
            let children = links.children(id);
            open.extend(children.filter(|child| roots.insert(child.shape)).map(|child| child.shape));
        }
        let mut left = MAX_LISTED;
        let below = roots.into_iter().map(|root| (root, links.below(root, &mut left))).collect();
        Self { below }
    }

    /// The schemas below one, each once; `None` when it stands for itself alone.
    pub fn below(&self, id: ShapeId) -> Option<&[Subtype]> {
        self.below.get(&id).map(Vec::as_slice)
    }
}

/// The named schema whose values those of a shape are, through references and wrappers that add nothing of their own.
pub fn stands_for(api: &Api, id: ShapeId) -> Option<ShapeId> {
    let mut at = api.resolve(id);
    for _ in 0..MAX_WRAPPERS {
        let shape = api.shape(at);
        if shape.name.is_some() {
            return Some(at);
        }
        let own = !(shape.properties.is_empty() && shape.required_only.is_empty() && shape.applied.is_empty());
        let parts = shape.reference.as_ref().and_then(|r| r.target).into_iter();
        let parts = parts.chain([&shape.all_of, &shape.one_of, &shape.any_of].into_iter().flatten().copied());
        let mut parts = parts.map(|part| api.resolve(part)).filter(|part| !says_nothing(api.shape(*part)));
        let (Some(only), None, false) = (parts.next(), parts.next(), own) else { return None };
        at = only;
    }
    None
}

/// Only annotations, or nothing but `null`.
fn says_nothing(shape: &Shape) -> bool {
    let structure = !shape.properties.is_empty() || shape.reference.is_some() || !shape.all_of.is_empty();
    let domain = shape.domain == Domain::any() || shape.domain.types == Types::NULL;
    shape.name.is_none() && domain && !structure && shape.one_of.is_empty() && shape.any_of.is_empty()
}

/// What leads from a schema to those next below it.
#[derive(Default)]
struct Links {
    children: BTreeMap<ShapeId, Vec<Subtype>>,
    mapped: BTreeMap<ShapeId, Vec<Subtype>>,
}

impl Links {
    fn children(&self, id: ShapeId) -> impl Iterator<Item = &Subtype> {
        [&self.children, &self.mapped].into_iter().filter_map(move |list| list.get(&id)).flatten()
    }

    /// All below a schema. Where inheritance says it too, an entry of `mapping` only spells its name.
    fn below(&self, root: ShapeId, left: &mut usize) -> Vec<Subtype> {
        let mut seen = HashSet::from([root]);
        let mut found: Vec<Subtype> = Vec::new();
        for list in [&self.children, &self.mapped] {
            let mut open: VecDeque<ShapeId> = std::iter::once(root).chain(found.iter().map(|f| f.shape)).collect();
            while let Some(at) = open.pop_front() {
                for child in list.get(&at).into_iter().flatten().filter(|child| seen.insert(child.shape)) {
                    found.push(*child);
                    if *left > 0 {
                        *left -= 1;
                        open.push_back(child.shape);
                    }
                }
            }
        }
        found
    }
}

fn made(api: &Api, id: ShapeId) -> Made {
    let mut made = Made::default();
    let mut seen = HashSet::new();
    let mut open = vec![id];
    while let Some(at) = open.pop() {
        if seen.len() > MAX_PARTS || !seen.insert(at) {
            continue;
        }
        made.own.push(at);
        let shape = api.shape(at);
        for part in shape.all_of.iter().copied().chain(shape.reference.as_ref().and_then(|r| r.target)) {
            let target = api.resolve(part);
            match api.shape(target).name {
                Some(_) if target != id => made.parents.push((target, part)),
                _ => open.push(target),
            }
        }
    }
    made
}

/// True when alternatives are listed by name: no others are meant.
fn lists_schemas(api: &Api, id: ShapeId) -> bool {
    let shape = api.shape(id);
    let mut branches = shape.one_of.iter().chain(&shape.any_of);
    branches.any(|branch| api.shape(api.resolve(*branch)).name.is_some())
}
