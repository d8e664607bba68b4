//! An API entity, prepared for being compared with tables.

use crate::model::api::Api;
use crate::model::{EntityView, Types};

use super::{Effective, Rarity, names};

/// An entity with what its attributes are called and can hold.
pub struct Subject<'a> {
    pub api: &'a Api,
    pub entity: &'a EntityView,
    /// One entry per attribute each.
    pub names: Vec<String>,
    pub weights: Vec<f64>,
    types: Vec<Types>,
    /// The names of columns that `x-column` gives, squashed.
    pub hints: Vec<Option<String>>,
}

impl<'a> Subject<'a> {
    pub fn of(api: &'a Api, entity: &'a EntityView, rarity: &Rarity) -> Self {
        let names: Vec<String> = entity.attributes.iter().map(|a| names::squash(&a.name)).collect();
        let weights = names.iter().map(|name| rarity.weight(name)).collect();
        // An embedded object can stand behind a reference or `oneOf: [null, …]`.
        let types =
            entity.attributes.iter().map(|a| a.shape.map_or(a.domain.types, |s| Effective::of(api, s).domain.types));
        let types = types.map(|types| types.minus(Types::NULL)).collect();
        let hint = |shape| {
            let hints = api.shape(shape).hints.iter();
            hints.into_iter().find(|(name, _)| &**name == "x-column").map(|(_, value)| names::squash(value))
        };
        let hints = entity.attributes.iter().map(|a| a.shape.and_then(hint)).collect();
        Self { api, entity, names, weights, types, hints }
    }

    /// True when values of the attribute can be stored in the types without another form.
    pub fn fits(&self, attribute: usize, stored: Types) -> bool {
        self.types.get(attribute).is_none_or(|types| types.intersects(stored.minus(Types::NULL)))
    }

    /// The table that `x-table` names.
    pub fn table_hint(&self) -> Option<&'a str> {
        let hints = self.entity.shape.map(|shape| self.api.shape(shape).hints.as_slice())?;
        hints.iter().find(|(name, _)| &**name == "x-table").map(|(_, value)| &**value)
    }
}
