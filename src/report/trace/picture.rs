//! All traces as one graph, ready to be drawn.

use std::collections::{BTreeMap, BTreeSet};

use crate::trace::{Fit, How, Kind, Node, Place, Trace};

/// What is drawn.
pub struct Picture<'a> {
    /// With whether it was asked for.
    pub boxes: Vec<(&'a Place, bool)>,
    /// Indices of boxes in the direction of the value, what the line is called, and whether some values do not pass.
    pub lines: Vec<(usize, usize, String, bool)>,
}

impl<'a> Picture<'a> {
    pub fn of(traces: &'a [Trace]) -> Self {
        let mut picture = Self { boxes: Vec::new(), lines: Vec::new() };
        let mut known: BTreeMap<Node, usize> = BTreeMap::new();
        let mut drawn = BTreeSet::new();
        for trace in traces {
            let mut numbers = Vec::new();
            for (at, place) in trace.places.iter().enumerate() {
                let number = *known.entry(place.node).or_insert_with(|| {
                    picture.boxes.push((place, false));
                    picture.boxes.len() - 1
                });
                if let Some((_, asked)) = picture.boxes.get_mut(number) {
                    *asked |= at == 0;
                }
                numbers.push(number);
            }
            for step in trace.from.iter().chain(&trace.to) {
                let (Some(from), Some(to)) = (numbers.get(step.from), numbers.get(step.to)) else { continue };
                let name = match &step.how {
                    How::Operation { .. } => String::new(),
                    How::Link { confidence, .. } => format!("{confidence:.2}"),
                    How::View => "view".to_string(),
                };
                if drawn.insert((*from, *to)) {
                    picture.lines.push((*from, *to, name, matches!(step.fit, Some(Fit::Narrower(_)))));
                }
            }
        }
        picture
    }
}

/// Name and type, as far as there is one.
pub fn label(place: &Place) -> (String, String) {
    let facts = if place.kind == Kind::Operation { &[] } else { place.facts.get(..2).unwrap_or(&place.facts) };
    (place.name.clone(), facts.join(", "))
}
