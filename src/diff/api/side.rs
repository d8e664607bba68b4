//! One of the two contracts, with what is worked out once for all its shapes.

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::model::Types;
use crate::model::api::{Api, Shape, ShapeId};
use crate::model::subtypes::Subtypes;

use super::digest;

/// Rounds of refinement: how far below a shape its hull looks.
const ROUNDS: usize = 4;

/// One contract.
pub struct Side<'a> {
    pub api: &'a Api,
    /// Component name → shape.
    pub names: HashMap<&'a str, ShapeId>,
    /// Types a value of each shape can have, alternatives and references included; may hold too many, never too few.
    hulls: Vec<Types>,
    /// Worked out when the first shape is looked for by content.
    digests: OnceCell<Vec<u64>>,
    subtypes: OnceCell<Subtypes>,
}

impl<'a> Side<'a> {
    pub fn new(api: &'a Api) -> Self {
        let names = api.components.iter().rev().map(|(name, id)| (&**name, *id)).collect();
        Self { api, names, hulls: hulls(api), digests: OnceCell::new(), subtypes: OnceCell::new() }
    }

    pub fn shape(&self, id: ShapeId) -> &'a Shape {
        self.api.shape(id)
    }

    /// The types of the values of a shape.
    pub fn hull(&self, id: ShapeId) -> Types {
        self.hulls.get(self.api.resolve(id).0 as usize).copied().unwrap_or(Types::ANY)
    }

    /// Equal for shapes that say the same down to a fixed depth, whatever they are named.
    pub fn digest(&self, id: ShapeId) -> u64 {
        let digests = self.digests.get_or_init(|| digest::digests(self.api));
        digests.get(self.api.resolve(id).0 as usize).copied().unwrap_or(0)
    }

    /// Which schemas inherit from which that has a discriminator.
    pub fn subtypes(&self) -> &Subtypes {
        self.subtypes.get_or_init(|| Subtypes::of(self.api))
    }

    /// What a discriminator's property says of a component where no mapping does: its name, or what it says instead.
    pub fn spelled(&self, id: ShapeId) -> Option<&'a str> {
        let name = self.name(id)?;
        let hints = &self.shape(self.api.resolve(id)).hints;
        let own = hints.iter().find(|(key, _)| &**key == "x-ms-discriminator-value");
        Some(own.map_or(name, |(_, value)| value))
    }

    /// The component's name, when the resolved shape is the root of one.
    pub fn name(&self, id: ShapeId) -> Option<&'a str> {
        let id = self.api.resolve(id);
        self.shape(id).name.as_deref()
    }
}

/// True when the shape means nothing but `null`.
pub fn is_null(side: &Side<'_>, id: ShapeId) -> bool {
    let shape = side.shape(side.api.resolve(id));
    let listed =
        shape.domain.values.as_deref().is_some_and(|v| !v.is_empty() && v.iter().all(serde_json::Value::is_null));
    shape.domain.types == Types::NULL || (listed && shape.properties.is_empty())
}

fn hulls(api: &Api) -> Vec<Types> {
    let mut known = vec![Types::ANY; api.shapes.len()];
    let at = |known: &[Types], id: ShapeId| known.get(api.resolve(id).0 as usize).copied().unwrap_or(Types::ANY);
    for _ in 0..ROUNDS {
        let next = api.shapes.iter().map(|shape| {
            let domain = &shape.domain;
            let mut own = domain.types;
            if let Some(values) = &domain.values {
                own = own.intersection(values.iter().map(Types::of).fold(Types::NONE, Types::union));
            }
            let mut all = own;
            let parts = shape.reference.iter().filter_map(|r| r.target).chain(shape.all_of.iter().copied());
            for part in parts {
                all = all.intersection(at(&known, part));
            }
            for branches in [&shape.any_of, &shape.one_of] {
                if !branches.is_empty() {
                    let any = branches.iter().map(|b| at(&known, *b)).fold(Types::NONE, Types::union);
                    all = all.intersection(any);
                }
            }
            // 3.0's `nullable` beside a combination: authors mean "that, or null".
            if shape.nullable { all.union(Types::NULL) } else { all }
        });
        known = next.collect();
    }
    known
}
