//! The commit that last changed the domain of each attribute.

use crate::model::past::{Commit, Event, Past};
use crate::model::{ChangeKind as Kind, Layer};

use super::follow::{Why, follow};

/// An attribute and where its domain comes from.
#[derive(Debug, Clone)]
pub struct Line<'p> {
    pub name: String,
    pub type_name: String,
    /// `None` where the past does not reach back so far.
    pub last: Option<(&'p Commit, &'p Event)>,
}

/// Changes that leave the set of values as it is: names, notes, order, what is written where nothing is sent.
const ELSE: [Kind; 9] = [
    Kind::EntityRenamed,
    Kind::AttributeRenamed,
    Kind::AttributeDeprecated,
    Kind::DefaultChanged,
    Kind::KeywordChanged,
    Kind::ColumnOrderChanged,
    Kind::GenerationChanged,
    Kind::FormulaChanged,
    Kind::XmlChanged,
];

/// One line for each attribute of an entity, given with their types.
pub fn blame<'p>(past: &'p Past, layer: Layer, entity: &str, attributes: &[(String, String)]) -> Vec<Line<'p>> {
    let of = |(name, type_name): &(String, String)| {
        let followed = follow(past, &[(layer, format!("{entity}.{name}"))]);
        let mut events =
            followed.told.iter().flat_map(|told| told.events.iter().map(|(event, why)| (told.commit, event, why)));
        let counts = |event: &Event, why: &Why| match why {
            Why::Own => !ELSE.contains(&event.kind),
            Why::Whole => event.kind == Kind::EntityAdded,
            Why::Key | Why::Through => false,
        };
        // Going back, what is there now was never in a source from which the whole went later.
        let mut gone: Vec<&str> = Vec::new();
        let last = events.find(|(_, event, why)| match (why, event.kind) {
            (Why::Whole, Kind::EntityRemoved) => {
                gone.push(&event.source);
                false
            }
            _ => !gone.contains(&&*event.source) && counts(event, why),
        });
        let last = last.map(|(commit, event, _)| (commit, *event));
        Line { name: name.clone(), type_name: type_name.clone(), last }
    };
    attributes.iter().map(of).collect()
}
