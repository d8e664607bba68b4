//! Loading files of one revision into the table of the comparison.

use crate::model::origin::FileId;
use crate::revision::{EntryKind, Tree};

use super::files::Files;

/// Why a file could not be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadError {
    Missing,
    /// The path leaves the repository.
    Outside,
    /// A link whose target is missing, outside or part of a circle.
    BrokenLink(String),
    /// One sentence for people.
    Unreadable(String),
}

/// One revision's tree with the comparison's table of files.
#[derive(Clone, Copy)]
pub struct Snapshot<'a> {
    pub tree: &'a Tree,
    pub files: &'a Files,
}

impl<'a> Snapshot<'a> {
    pub fn new(tree: &'a Tree, files: &'a Files) -> Self {
        Self { tree, files }
    }

    /// Loads the file at `path` (`/`-separated, relative to the root), following symbolic links inside the tree. The
    /// loaded file keeps the path it was asked for.
    pub fn load(&self, path: &str) -> Result<FileId, LoadError> {
        let mut at = path.to_string();
        for _ in 0..16 {
            let Some(entry) = self.tree.entry(&at) else {
                return Err(if at == path { LoadError::Missing } else { LoadError::BrokenLink(at) });
            };
            match entry.kind {
                EntryKind::Submodule => return Err(LoadError::Unreadable(format!("`{at}` is a submodule"))),
                EntryKind::File => {
                    if let Some(known) = entry.id.as_deref().and_then(|id| self.files.find(path, id)) {
                        return Ok(known);
                    }
                    let content = self.tree.read(&at).map_err(LoadError::Unreadable)?;
                    return Ok(self.files.add(path, &content.id, content.bytes));
                }
                EntryKind::Link => {
                    let content = self.tree.read(&at).map_err(LoadError::Unreadable)?;
                    let target = String::from_utf8_lossy(&content.bytes).into_owned();
                    at = join(&at, &target).ok_or(LoadError::Outside)?;
                }
            }
        }
        Err(LoadError::BrokenLink(path.to_string()))
    }
}

/// `target` as seen from the folder of `from`; `None` when it leaves the root.
pub fn join(from: &str, target: &str) -> Option<String> {
    if target.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn paths_stay_inside() {
        assert_eq!(join("api/v1/openapi.yaml", "../common/user.yaml").as_deref(), Some("api/common/user.yaml"));
        assert_eq!(join("openapi.yaml", "../x.yaml"), None);
        assert_eq!(join("openapi.yaml", "/etc/passwd"), None);
    }
}
