//! A schema as it reads once references, `allOf` members and single alternatives are merged: what is compared.
//!
//! Splitting a schema into `allOf`, inlining it, moving it behind `$ref` or wrapping it in a single alternative gives the
//! same view, so none of these is a change.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::domain;
use crate::model::api::{Additional, Applied, Discriminator, Keyword, Lifecycle, Other, Shape, ShapeId};
use crate::model::origin::{Origin, Text};
use crate::model::{Domain, Types};

use super::pair::Place;
use super::side::{Side, is_null};
use super::simple;

/// Shapes merged into one view at most; beyond that a contract is hostile.
const MAX_MEMBERS: usize = 300;

/// A property, with all its declarations.
pub struct Member<'a> {
    pub name: &'a Text,
    pub shapes: Vec<ShapeId>,
    pub required: Option<Option<Origin>>,
    /// The key alone.
    pub key: Origin,
    /// The shape that declares it first.
    pub holder: ShapeId,
}

/// `anyOf` or `oneOf` with at least two alternatives that are more than values.
pub struct Choice {
    pub keyword: Keyword,
    pub branches: Vec<ShapeId>,
}

/// What is said about undeclared properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Others {
    Unsaid,
    Allowed,
    Refused,
    Shapes(Vec<ShapeId>),
}

/// The merged schema.
pub struct View<'a> {
    /// The shape that stands for it.
    pub root: ShapeId,
    /// The shapes it is the view of, as they were given.
    pub set: Vec<ShapeId>,
    /// All merged shapes, the root first.
    pub members: Vec<ShapeId>,
    pub domain: Domain,
    pub properties: Vec<Member<'a>>,
    places: HashMap<&'a str, usize>,
    /// Required names that no merged shape declares.
    pub required_only: Vec<(&'a Text, Origin)>,
    pub items: Vec<ShapeId>,
    pub prefix: Vec<ShapeId>,
    pub others: Others,
    pub matching: Vec<(&'a Text, ShapeId)>,
    pub choices: Vec<Choice>,
    /// `null` is allowed because an alternative allows it, which that alternative's own comparison tells.
    pub null_inside: bool,
    /// The shape whose alternatives are nothing but values and were folded into `domain`.
    pub folded: Option<ShapeId>,
    pub nots: Vec<ShapeId>,
    pub discriminator: Option<(&'a Discriminator, ShapeId)>,
    pub read_only: bool,
    pub write_only: bool,
    pub deprecated: bool,
    pub lifecycle: Option<&'a Lifecycle>,
    pub default: Option<&'a Value>,
    /// Keywords that are compared as they are written, with the shape that holds them.
    pub keywords: Vec<(&'a Other, ShapeId)>,
    /// Subschemas of conditions, with the shape that holds them.
    pub applied: Vec<(&'a Applied, ShapeId)>,
    /// Where `unevaluatedProperties` stands in place of `additionalProperties`.
    pub closed_at: Option<Place>,
    /// Where `unevaluatedItems` stands in place of `items`.
    pub ended_at: Option<Place>,
    pub tainted: bool,
}

impl<'a> View<'a> {
    /// The view of values that are in all of these shapes.
    pub fn of(side: &Side<'a>, set: &[ShapeId]) -> Self {
        let mut view = Self::empty(set.first().map_or(ShapeId(u32::MAX), |id| side.api.resolve(*id)));
        view.set = set.to_vec();
        let mut open: Vec<(ShapeId, bool)> = set.iter().rev().map(|id| (*id, false)).collect();
        let mut seen = HashSet::new();
        while let Some((id, or_null)) = open.pop() {
            let id = side.api.resolve(id);
            if !seen.insert(id) || seen.len() > MAX_MEMBERS {
                continue;
            }
            let shape = side.shape(id);
            view.members.push(id);
            view.add_conditions(shape, id, or_null);
            view.add_structure(shape, id);
            let mut parts: Vec<(ShapeId, bool)> = Vec::new();
            let or_null = or_null || shape.nullable;
            parts.extend(shape.reference.iter().filter_map(|r| r.target).map(|part| (part, or_null)));
            parts.extend(shape.all_of.iter().map(|part| (*part, or_null)));
            for (keyword, branches) in [(Keyword::OneOf, &shape.one_of), (Keyword::AnyOf, &shape.any_of)] {
                view.add_alternatives(side, id, (keyword, branches), or_null, &mut parts);
            }
            open.extend(parts.into_iter().rev());
        }
        view.settle();
        view.close(side);
        view
    }

    fn empty(root: ShapeId) -> Self {
        Self {
            root,
            set: Vec::new(),
            members: Vec::new(),
            domain: Domain::any(),
            properties: Vec::new(),
            places: HashMap::new(),
            required_only: Vec::new(),
            items: Vec::new(),
            prefix: Vec::new(),
            others: Others::Unsaid,
            matching: Vec::new(),
            choices: Vec::new(),
            null_inside: false,
            folded: None,
            nots: Vec::new(),
            discriminator: None,
            read_only: false,
            write_only: false,
            deprecated: false,
            lifecycle: None,
            default: None,
            keywords: Vec::new(),
            applied: Vec::new(),
            closed_at: None,
            ended_at: None,
            tainted: false,
        }
    }

    fn restrict(&mut self, domain: &Domain) {
        if *domain == Domain::any() {
            return;
        }
        self.domain =
            if self.domain == Domain::any() { domain.clone() } else { domain::intersection(&self.domain, domain) };
    }

    fn add_conditions(&mut self, shape: &'a Shape, id: ShapeId, or_null: bool) {
        if or_null {
            self.restrict(&domain::with_null(&shape.domain));
        } else {
            self.restrict(&shape.domain);
        }
        self.read_only |= shape.read_only;
        self.write_only |= shape.write_only;
        self.deprecated |= shape.deprecated;
        self.lifecycle = self.lifecycle.or(shape.lifecycle.as_deref());
        self.tainted |= shape.tainted;
        self.default = self.default.or(shape.default.as_ref());
        self.nots.extend(shape.not);
        if let Some(discriminator) = &shape.discriminator {
            self.discriminator.get_or_insert((discriminator, id));
        }
        for other in &shape.other {
            if !self.keywords.iter().any(|(known, _)| known.name == other.name && known.value == other.value) {
                self.keywords.push((other, id));
            }
        }
        for applied in &shape.applied {
            let same = |known: &Applied| {
                (known.keyword, &known.name, known.shape) == (applied.keyword, &applied.name, applied.shape)
            };
            if !self.applied.iter().any(|(known, _)| same(known)) {
                self.applied.push((applied, id));
            }
        }
    }

    fn add_structure(&mut self, shape: &'a Shape, id: ShapeId) {
        for property in &shape.properties {
            let required = property.required.then_some(property.required_origin);
            match self.places.get(&*property.name).and_then(|at| self.properties.get_mut(*at)) {
                Some(known) => {
                    if !known.shapes.contains(&property.shape) {
                        known.shapes.push(property.shape);
                    }
                    known.required = known.required.or(required);
                }
                None => {
                    self.places.insert(&property.name, self.properties.len());
                    self.properties.push(Member {
                        name: &property.name,
                        shapes: vec![property.shape],
                        required,
                        key: property.key,
                        holder: id,
                    });
                }
            }
        }
        self.required_only.extend(shape.required_only.iter().map(|(name, origin)| (name, *origin)));
        self.items.extend(shape.items);
        if self.prefix.is_empty() {
            self.prefix.extend(&shape.prefix_items);
        }
        self.matching.extend(shape.pattern_properties.iter().map(|(pattern, id)| (pattern, *id)));
        self.others = match (std::mem::replace(&mut self.others, Others::Unsaid), shape.additional) {
            (Others::Refused, _) | (_, Additional::Refused) => Others::Refused,
            (Others::Shapes(mut known), Additional::Shape(id)) => {
                known.push(id);
                Others::Shapes(known)
            }
            (_, Additional::Shape(id)) => Others::Shapes(vec![id]),
            (Others::Unsaid, Additional::Allowed) => Others::Allowed,
            (known, _) => known,
        };
    }

    /// One alternative is no alternative; alternatives that are only values are a domain; `null` is nullability.
    fn add_alternatives(
        &mut self,
        side: &Side<'a>,
        id: ShapeId,
        (keyword, branches): (Keyword, &[ShapeId]),
        or_null: bool,
        parts: &mut Vec<(ShapeId, bool)>,
    ) {
        if branches.is_empty() {
            return;
        }
        let rest: Vec<ShapeId> = branches.iter().copied().filter(|b| !is_null(side, *b)).collect();
        let mut null = or_null || rest.len() < branches.len();
        // What fits two alternatives is refused, `null` like anything else.
        let fits = |b: &&ShapeId| simple::takes_null(side, **b);
        if keyword == Keyword::OneOf && !or_null && branches.iter().filter(fits).count() > 1 {
            null = false;
            self.restrict(&Domain::of(Types::ANY.minus(Types::NULL)));
        }
        // Conditions of an alternative say nothing of the `null` beside it.
        let conditional = |id: ShapeId| {
            let shape = side.shape(side.api.resolve(id));
            shape.not.is_some() || shape.applied.iter().any(Applied::in_place)
        };
        if let [only] = rest.as_slice()
            && !(null && conditional(*only))
        {
            parts.push((*only, null));
            return;
        }
        if let Some(folded) = simple::fold(side, keyword, branches) {
            self.restrict(&if null { domain::with_null(&folded) } else { folded });
            self.folded.get_or_insert(id);
            return;
        }
        let hull = rest.iter().map(|b| side.hull(*b)).fold(Types::NONE, Types::union);
        if !null {
            self.null_inside |= hull.contains(Types::NULL);
            if !hull.contains(Types::NULL) {
                self.restrict(&Domain::of(Types::ANY.minus(Types::NULL)));
            }
        }
        // Said twice is said once.
        let resolved = |ids: &[ShapeId]| ids.iter().map(|id| side.api.resolve(*id)).collect::<Vec<_>>();
        let known = |choice: &Choice| choice.keyword == keyword && resolved(&choice.branches) == resolved(&rest);
        if !self.choices.iter().any(known) {
            self.choices.push(Choice { keyword, branches: rest });
        }
    }

    fn settle(&mut self) {
        for (name, origin) in std::mem::take(&mut self.required_only) {
            match self.places.get(&**name).and_then(|at| self.properties.get_mut(*at)) {
                Some(known) => known.required = known.required.or(Some(Some(origin))),
                None if self.required_only.iter().any(|(n, _)| *n == name) => {}
                None => self.required_only.push((name, origin)),
            }
        }
        // A schema that speaks of properties means objects, one that speaks of items lists, `type` or not.
        if self.domain.types == Types::ANY && self.domain.values.is_none() && self.choices.is_empty() {
            let named = !self.properties.is_empty() || matches!(self.others, Others::Shapes(_) | Others::Refused);
            match (named, !self.items.is_empty()) {
                (true, false) => self.domain.types = Types::OBJECT,
                (false, true) => self.domain.types = Types::ARRAY,
                _ => {}
            }
        }
        self.keywords.sort_by_cached_key(|(other, _)| (&other.name, other.value.to_string()));
        for ids in [&mut self.items, &mut self.nots] {
            let mut seen = HashSet::new();
            ids.retain(|id| seen.insert(*id));
        }
    }

    /// The types that are left where alternatives have their say.
    pub fn types_of_alternatives(&self, side: &Side<'_>) -> Types {
        let hull = |choice: &Choice| choice.branches.iter().map(|b| side.hull(*b)).fold(Types::NULL, Types::union);
        self.choices.iter().fold(self.domain.types, |types, choice| types.intersection(hull(choice)))
    }

    /// The property of that name.
    pub fn property(&self, name: &str) -> Option<&Member<'a>> {
        self.places.get(name).and_then(|at| self.properties.get(*at))
    }

    /// True when the name is required.
    pub fn requires(&self, name: &str) -> bool {
        match self.property(name) {
            Some(member) => member.required.is_some(),
            None => self.required_only.iter().any(|(n, _)| &***n == name),
        }
    }

    /// True when it says something about the parts of objects, arrays or about alternatives.
    pub fn has_structure(&self) -> bool {
        !(self.properties.is_empty()
            && self.required_only.is_empty()
            && self.items.is_empty()
            && self.prefix.is_empty()
            && self.others == Others::Unsaid
            && self.matching.is_empty()
            && self.choices.is_empty()
            && self.nots.is_empty())
    }

    /// True when it says nothing of values at all.
    pub fn is_open(&self) -> bool {
        self.domain == Domain::any() && !self.has_structure() && !self.has_conditions()
    }

    /// True when keywords without a part of their own say something.
    pub fn has_conditions(&self) -> bool {
        !(self.keywords.is_empty() && self.applied.is_empty())
    }
}
