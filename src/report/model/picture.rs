//! The entities of a model and what ties them together, ready to be drawn.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{EntityView, Layer};
use crate::report::ties::{TieKind, ties};

use super::Understood;

/// What is drawn.
pub struct Picture {
    pub boxes: Vec<EntityView>,
    /// Indices of boxes, from the one that refers to the one that is referred to, with what the line is called.
    pub lines: Vec<(usize, usize, String)>,
}

impl Picture {
    /// Foreign keys, references between schemas, and links between the layers (one line for each pair of entities).
    pub fn of(understood: &Understood<'_>) -> Self {
        let boxes = understood.model.entities();
        let by_name: BTreeMap<(Layer, &str), usize> =
            boxes.iter().enumerate().rev().map(|(at, e)| ((e.layer, e.name.as_str()), at)).collect();
        let at = |(layer, name): &(Layer, String)| by_name.get(&(*layer, name.as_str())).copied();
        let ties = ties(understood.model, understood.links);
        let drawn =
            ties.iter().filter(|tie| matches!(tie.kind, TieKind::ForeignKey | TieKind::Reference | TieKind::Link));
        let lines: BTreeSet<(usize, usize, String)> =
            drawn.filter_map(|tie| Some((at(&tie.from)?, at(&tie.to)?, tie.label.clone()))).collect();
        Self { boxes, lines: lines.into_iter().collect() }
    }
}
