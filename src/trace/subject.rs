//! Which places the words of a user name.

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
        with(&|name, entity| wanted.contains('*') && (matches(wanted, name) || matches(wanted, entity))),
    ];
    if let Some(found) = attempts.into_iter().find(|found| !found.is_empty()) {
        return Ok(found);
    }
    let candidates = names.iter().flat_map(|(name, entity, _)| [name.as_str(), entity.as_str()]);
    Err(Unknown { near: nearest(wanted, candidates.filter(|name| !name.is_empty())).map(str::to_string) })
}

/// `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, text, expected) in [
            ("users.*", "users.email", true),
            ("*.email", "users.email", true),
            ("*", "", true),
            ("GET /users*", "GET /users/{id}", true),
            ("u*s.*l", "users.email", true),
            ("users.*", "user.email", false),
            ("a*a", "a", false),
            ("*.email", "users.email_2", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
