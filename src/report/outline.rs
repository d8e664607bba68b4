//! Where the entities and operations of head are written down, so that what is about one of them finds a line near it.

use crate::model::{Model, Origin};
use crate::source::Files;

/// An entity or operation and the lines from its name to the next one of the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Landmark {
    pub path: String,
    pub line: u32,
    /// Inclusive; the last one of a file has no end.
    pub end_line: u32,
    pub name: String,
}

/// Everything that has a name in head, sorted by place. Readers keep where an entity begins; it ends where the next begins.
pub(super) fn outline(model: &Model, files: &Files) -> Vec<Landmark> {
    let entities = model.entities().into_iter().filter_map(|entity| Some((entity.name, entity.origin?)));
    let operations = model.apis.iter().flat_map(|api| &api.operations).map(|o| (o.id.to_string(), o.key));
    let landmark = |(name, origin): (String, Origin)| {
        let at = files.locate(origin);
        Landmark { path: at.path.to_string(), line: at.line, end_line: u32::MAX, name }
    };
    let mut landmarks: Vec<Landmark> = entities.chain(operations).map(landmark).collect();
    landmarks.sort();
    landmarks.dedup();
    let mut next: Option<(String, u32)> = None;
    for landmark in landmarks.iter_mut().rev() {
        if let Some((path, line)) = &next
            && *path == landmark.path
        {
            landmark.end_line = line.saturating_sub(1).max(landmark.line);
        }
        next = Some((landmark.path.clone(), landmark.line));
    }
    landmarks
}
