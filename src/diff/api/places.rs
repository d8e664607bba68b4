//! Where what a view says is written: the line that a change is shown at.

use serde_json::Value;

use crate::domain;
use crate::model::Types;
use crate::model::api::{Keyword, Shape, ShapeId};

use super::pair::Place;
use super::side::{Side, is_null};
use super::view::View;

/// The ways to allow `null`, in the order in which an edit of them is looked for.
const NULL: [Keyword; 4] = [Keyword::Nullable, Keyword::OneOf, Keyword::Type, Keyword::Enum];

impl View<'_> {
    /// The first merged shape that has one of the keywords, and where; the view's own place when none has.
    pub fn at(&self, side: &Side<'_>, keywords: &[Keyword]) -> Place {
        let place = |id: &ShapeId| {
            let shape = side.shape(*id);
            keywords.iter().find_map(|k| shape.keyword(*k)).map(|origin| Place::exact(origin, *id))
        };
        let found = self.members.iter().find_map(place);
        found.unwrap_or_else(|| Place { origin: side.shape(self.root).origin, holder: self.root, exact: false })
    }

    /// True when a merged shape has the keyword.
    pub fn has(&self, side: &Side<'_>, keyword: Keyword) -> bool {
        self.members.iter().any(|id| side.shape(*id).keyword(keyword).is_some())
    }

    /// Where the alternatives are written that are nothing but values.
    pub fn folded_at(&self, side: &Side<'_>) -> Option<Place> {
        let id = self.folded?;
        let shape = side.shape(id);
        let origin = shape.keyword(Keyword::OneOf).or_else(|| shape.keyword(Keyword::AnyOf))?;
        Some(Place::exact(origin, id))
    }

    /// Where a value of the list is written, be it as an alternative of its own.
    pub fn value_at(&self, side: &Side<'_>, value: &Value) -> Option<Place> {
        let folded = self.folded.map(|id| alternatives(side.shape(id))).into_iter().flatten();
        let shapes = self.members.iter().copied().chain(folded.map(|id| side.api.resolve(id)));
        shapes.into_iter().find_map(|id| {
            let shape = side.shape(id);
            let values = shape.domain.values.as_deref()?;
            let at = values.iter().position(|v| domain::same(v, value))?;
            shape.value_origins.get(at).map(|origin| Place::exact(*origin, id))
        })
    }

    /// Where `null` is allowed in a way that the other side does not have.
    pub fn null_at(&self, side: &Side<'_>, (other, other_side): (&View<'_>, &Side<'_>)) -> Option<Place> {
        let by = NULL.into_iter().filter_map(|keyword| Some((keyword, self.null_by(side, keyword)?)));
        let known: Vec<_> = by.collect();
        let own = known.iter().find(|(keyword, _)| other.null_by(other_side, *keyword).is_none());
        own.or(known.first()).map(|(_, place)| *place)
    }

    fn null_by(&self, side: &Side<'_>, keyword: Keyword) -> Option<Place> {
        self.members.iter().find_map(|id| {
            let shape = side.shape(*id);
            let origin = match keyword {
                Keyword::Nullable => shape.keyword(keyword).filter(|_| shape.nullable),
                Keyword::OneOf => alternatives(shape).find(|b| is_null(side, *b)).and_then(|b| side.shape(b).origin),
                Keyword::Type => {
                    let listed = shape.domain.types.contains(Types::NULL) && !shape.nullable;
                    shape.keyword(keyword).filter(|_| listed)
                }
                _ => {
                    let at = shape.domain.values.as_deref()?.iter().position(Value::is_null)?;
                    shape.value_origins.get(at).copied()
                }
            };
            origin.map(|origin| Place::exact(origin, *id))
        })
    }
}

fn alternatives(shape: &Shape) -> impl Iterator<Item = ShapeId> {
    shape.one_of.iter().chain(&shape.any_of).copied()
}
