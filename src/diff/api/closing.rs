//! The ways to say that nothing else may follow: `additionalProperties` and `unevaluatedProperties`, `items: false`,
//! `unevaluatedItems` and `maxItems`. Where nothing beside them evaluates anything, they are one.

use crate::model::api::{Applied, ShapeId};

use super::pair::Place;
use super::side::Side;
use super::view::{Others, View};

impl<'a> View<'a> {
    /// Brings them into one form.
    pub fn close(&mut self, side: &Side<'_>) {
        let never = |id: &ShapeId| side.shape(side.api.resolve(*id)).domain.types.is_empty();
        let plain = self.choices.is_empty() && !self.applied.iter().any(|(applied, _)| applied.in_place());
        // `contains` evaluates the items that fit.
        let counted = self.applied.iter().any(|(applied, _)| applied.keyword == "contains");
        if plain
            && !counted
            && let Some((applied, place)) = self.take("unevaluatedItems")
            && self.items.is_empty()
        {
            self.items.push(applied.shape);
            self.ended_at = Some(place);
        }
        if plain
            && let Some((applied, place)) = self.take("unevaluatedProperties")
            && self.others == Others::Unsaid
        {
            self.others = if never(&applied.shape) { Others::Refused } else { Others::Shapes(vec![applied.shape]) };
            self.closed_at = Some(place);
        }
        let places = self.prefix.len() as u64;
        if self.items.iter().any(never) {
            let limits = self.domain.limits_mut();
            limits.max_items = Some(limits.max_items.map_or(places, |max| max.min(places)));
        }
        if self.domain.limits().max_items.is_some_and(|max| max <= places) {
            self.items.clear();
        }
    }

    /// Takes a keyword out that the root says: it knows of all that is merged.
    fn take(&mut self, keyword: &str) -> Option<(&'a Applied, Place)> {
        let at = self.applied.iter().position(|(a, holder)| a.keyword == keyword && *holder == self.root)?;
        let (applied, holder) = self.applied.remove(at);
        Some((applied, Place::exact(applied.origin, holder)))
    }
}
