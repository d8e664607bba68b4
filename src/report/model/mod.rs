//! What was understood of one revision: the first thing to look at when a report surprises.
//!
//! Comes in: a model with its links. Goes out: text for people, JSON version 1, pictures. Must not know: the other revision.

pub mod dot;
pub mod json;
pub mod links;
pub mod mermaid;
mod picture;
pub mod text;

use crate::model::{Link, Model};
use crate::source::{Files, Sources};

use super::build::{self, Side};
use super::{Input, ProblemItem, Revision};

/// One revision as it was understood.
pub struct Understood<'a> {
    pub revision: Revision,
    pub model: &'a Model,
    pub sources: &'a Sources,
    pub links: &'a [Link],
    pub files: &'a Files,
    /// False when something relevant could not be read.
    pub complete: bool,
}

impl Understood<'_> {
    fn inputs(&self) -> Vec<Input> {
        let nothing = (Model::default(), Sources::default());
        let base = Side { model: &nothing.0, sources: &nothing.1, links: &[] };
        build::inputs(base, Side { model: self.model, sources: self.sources, links: self.links })
    }

    fn problems(&self) -> Vec<ProblemItem> {
        build::problems(self.model.problems.iter(), self.files)
    }
}
