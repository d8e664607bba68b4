//! What a change did to files line by line, as the page of a pull request shows it: where comments can stand.

use super::origin::Text;

/// The files that differ between the commit a branch left from and its head.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Patch {
    /// The merge base.
    pub base: String,
    /// `None` when the head is no commit: nothing can be posted about it.
    pub head: Option<String>,
    /// In the order of the provider: by path.
    pub files: Vec<FilePatch>,
}

/// One file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePatch {
    /// `None` for an added file.
    pub old_path: Option<Text>,
    /// `None` for a deleted file.
    pub new_path: Option<Text>,
    /// Empty where no line can carry a comment: binary, too large, renamed without an edit.
    pub hunks: Vec<Hunk>,
}

/// Lines that are shown together; a comment over several lines stays inside one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    pub lines: Vec<PatchLine>,
}

/// One shown line. Both numbers are always there: for the side that does not have the line it is the number that the
/// next line of that side has (GitLab names lines by both).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PatchLine {
    pub kind: LineKind,
    pub old: u32,
    pub new: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LineKind {
    Context,
    Added,
    Deleted,
}

impl FilePatch {
    /// The path the provider knows it by: the new one, or that of a deleted file.
    pub fn path(&self) -> &str {
        self.new_path.as_deref().or(self.old_path.as_deref()).unwrap_or_default()
    }
}

impl Patch {
    /// The file that has this path in head.
    pub fn at_head(&self, path: &str) -> Option<&FilePatch> {
        self.files.iter().find(|file| file.new_path.as_deref() == Some(path))
    }

    /// The file that had this path in the base.
    pub fn at_base(&self, path: &str) -> Option<&FilePatch> {
        self.files.iter().find(|file| file.old_path.as_deref() == Some(path))
    }
}
