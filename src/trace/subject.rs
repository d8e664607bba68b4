//! Which places the words of a user name.

use crate::config::glob::text_matches;
use crate::config::nearest::nearest;

use super::map::Map;
use super::place::Node;

/// Nothing in the model is called that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// A name that was probably meant.
    pub near: Option<String>,
}

/// The places that are named: as written, else whatever the case; an entity stands for its attributes, `*` for any text.
pub fn find(map: &Map<'_>, words: &str) -> Result<Vec<Node>, Unknown> {
    let names = map.names();
    let wanted = words.trim();
    let with = |fits: &dyn Fn(&str, &str) -> bool| -> Vec<Node> {
        names.iter().filter(|(name, entity, _)| fits(name, entity)).map(|(.., node)| *node).collect()
    };
    let lower = wanted.to_lowercase();
    let attempts = [
        with(&|name, entity| name == wanted || entity == wanted),
        with(&|name, entity| name.to_lowercase() == lower || entity.to_lowercase() == lower),
        with(&|name, entity| wanted.contains('*') && (text_matches(wanted, name) || text_matches(wanted, entity))),
    ];
    if let Some(found) = attempts.into_iter().find(|found| !found.is_empty()) {
        return Ok(found);
    }
    let candidates = names.iter().flat_map(|(name, entity, _)| [name.as_str(), entity.as_str()]);
    Err(Unknown { near: nearest(wanted, candidates.filter(|name| !name.is_empty())).map(str::to_string) })
}
