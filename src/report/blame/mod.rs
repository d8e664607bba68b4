//! The commit behind each attribute of an entity: text and JSON.

pub mod json;
pub mod text;

use crate::history::blame::Line;
use crate::model::Layer;
use crate::model::past::Past;

use super::Revision;

/// The attributes of some entities and what is needed to print them.
pub struct Blame<'a> {
    pub revision: Revision,
    pub past: &'a Past,
    pub entities: Vec<Entity<'a>>,
}

/// An entity with a line for each attribute.
pub struct Entity<'a> {
    pub layer: Layer,
    pub name: String,
    pub lines: Vec<Line<'a>>,
}
