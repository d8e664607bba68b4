//! An API entity, prepared for being compared with tables.

use crate::model::api::Api;
use crate::model::{AttributeView, Domain, EntityView};

use super::form::Form;
use super::resources::{Resource, Resources};
use super::{Effective, Rarity, names};

/// An entity with what its attributes are called and can hold.
pub struct Subject<'a> {
    pub api: &'a Api,
    pub entity: &'a EntityView,
    /// One entry per attribute each.
    pub names: Vec<String>,
    /// The same in one order of words.
    pub sorted: Vec<String>,
    pub weights: Vec<f64>,
    domains: Vec<Domain>,
    /// The names of columns that `x-column` gives, squashed.
    pub hints: Vec<Option<String>>,
    /// What the paths under which it is sent and received call it.
    pub resources: Vec<Resource>,
}

impl<'a> Subject<'a> {
    pub fn of(api: &'a Api, entity: &'a EntityView, rarity: &Rarity, resources: &Resources) -> Self {
        let names: Vec<String> = entity.attributes.iter().map(|a| names::squash(&a.name)).collect();
        let sorted = entity.attributes.iter().map(|a| names::sorted(&names::words(&a.name))).collect();
        let weights = names.iter().map(|name| rarity.weight(name)).collect();
        // An embedded object can stand behind a reference or `oneOf: [null, …]`.
        let domain = |a: &AttributeView| a.shape.map_or_else(|| a.domain.clone(), |s| Effective::of(api, s).domain);
        let domains = entity.attributes.iter().map(domain).collect();
        let hint = |shape| {
            let hints = api.shape(shape).hints.iter();
            hints.into_iter().find(|(name, _)| &**name == "x-column").map(|(_, value)| names::squash(value))
        };
        let hints = entity.attributes.iter().map(|a| a.shape.and_then(hint)).collect();
        let resources = entity.shape.iter().flat_map(|shape| resources.names(*shape)).cloned().collect();
        Self { api, entity, names, sorted, weights, domains, hints, resources }
    }

    /// In which form a column holds the values of the attribute.
    pub fn form(&self, attribute: usize, stored: &Domain) -> Form {
        let key = self.names.get(attribute).is_some_and(|name| name.ends_with("id"));
        self.domains.get(attribute).map_or(Form::Same, |domain| Form::of(domain, stored, key))
    }

    /// The table that `x-table` names.
    pub fn table_hint(&self) -> Option<&'a str> {
        let hints = self.entity.shape.map(|shape| self.api.shape(shape).hints.as_slice())?;
        hints.iter().find(|(name, _)| &**name == "x-table").map(|(_, value)| &**value)
    }
}
