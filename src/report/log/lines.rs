//! The lines of a commit: what it did alike in several sources is one line, and a source is named where it is not the usual
//! one.

use crate::history::follow::{Told, Why};
use crate::model::past::Event;
use crate::report::text::one_line;

use super::{Log, Sign, said};

/// Sources in one line.
const SOURCES: usize = 3;

/// A line about one change.
pub struct Line<'p> {
    pub event: &'p Event,
    pub why: &'p Why,
    pub sign: Sign,
    pub text: String,
    /// Where it happened.
    sources: Vec<&'p str>,
}

/// The lines of a commit, in the order of its changes.
pub fn lines<'p>(told: &'p Told<'_>) -> Vec<Line<'p>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for (event, why) in &told.events {
        let (sign, text) = said(event, why);
        let key = (event.layer, event.kind, text.clone(), event.severity, event.whom.as_str());
        match known.get(&key).and_then(|at: &usize| lines.get_mut(*at)) {
            Some(line) if line.sources.contains(&&*event.source) => {}
            Some(line) => line.sources.push(&event.source),
            None => {
                known.insert(key, lines.len());
                lines.push(Line { event, why, sign, text, sources: vec![&event.source] });
            }
        }
    }
    lines
}

impl Line<'_> {
    /// The sources to name, where that tells something: others than the one that the newest change of the layer is in.
    pub fn place(&self, log: &Log<'_>) -> Option<String> {
        let mut all = log.followed.told.iter().flat_map(|told| &told.events);
        let usual = all.find(|(event, _)| event.layer == self.event.layer).map(|(event, _)| &*event.source);
        if self.sources.iter().all(|source| Some(*source) == usual) {
            return None;
        }
        let shown: Vec<String> = self.sources.iter().take(SOURCES).map(|source| one_line(source)).collect();
        let more = self.sources.len().saturating_sub(SOURCES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Some(format!("in {}{more}", shown.join(", ")))
    }
}
