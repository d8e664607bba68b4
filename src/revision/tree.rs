//! A tree of files, wherever it is kept.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::model::origin::Text;

/// What an entry of a tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    File,
    /// A symbolic link; its content is the target path.
    Link,
    /// A submodule: a commit of another repository, not followed.
    Submodule,
}

/// One file of a tree.
#[derive(Debug, Clone)]
pub struct Entry {
    pub kind: EntryKind,
    /// Identity of the content, when it is known without reading: equal ids mean equal bytes.
    pub id: Option<String>,
    /// Bytes, when known without reading.
    pub size: Option<u64>,
}

/// Bytes and their identity.
#[derive(Debug, Clone)]
pub struct Content {
    pub bytes: Vec<u8>,
    pub id: String,
}

/// Reads the files of a tree.
pub trait Store: Send + Sync {
    /// The content of `path`; an error is one sentence for people (a blob missing in a partial clone, no permission).
    fn read(&self, path: &str, entry: &Entry) -> Result<Content, String>;

    /// Bytes of the content, if they can be told without reading it.
    fn size(&self, _path: &str, entry: &Entry) -> Option<u64> {
        entry.size
    }
}

/// All files of one revision, by `/`-separated path relative to the root.
pub struct Tree {
    /// What the user called it: `main`, `WORKTREE`, a path.
    pub spec: String,
    /// 40 (or 64) hex digits when it is a commit.
    pub commit: Option<String>,
    /// When a single file was named: the only input, everything else is there for its references.
    pub focus: Option<Text>,
    entries: BTreeMap<Text, Entry>,
    store: Box<dyn Store>,
}

impl Tree {
    pub fn new(
        spec: impl Into<String>,
        commit: Option<String>,
        entries: BTreeMap<Text, Entry>,
        store: Box<dyn Store>,
    ) -> Self {
        Self { spec: spec.into(), commit, focus: None, entries, store }
    }

    /// The same tree after other files: a file that is gone has no entry.
    pub fn advance(&mut self, changed: impl IntoIterator<Item = (Text, Option<Entry>)>) {
        for (path, entry) in changed {
            match entry {
                Some(entry) => self.entries.insert(path, entry),
                None => self.entries.remove(&path),
            };
        }
    }

    /// A tree held in memory, for tests and examples.
    pub fn from_memory(spec: &str, files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let files: BTreeMap<Text, Vec<u8>> = files.into_iter().map(|(path, bytes)| (path.into(), bytes)).collect();
        let entry = |bytes: &Vec<u8>| Entry {
            kind: EntryKind::File,
            id: Some(content_id(bytes)),
            size: Some(bytes.len() as u64),
        };
        let entries = files.iter().map(|(path, bytes)| (path.clone(), entry(bytes))).collect();
        Self::new(spec, None, entries, Box::new(Memory(files)))
    }

    /// All entries, sorted by path.
    pub fn entries(&self) -> impl Iterator<Item = (&Text, &Entry)> {
        self.entries.iter()
    }

    /// Paths that begin so, in order.
    pub fn below<'t>(&'t self, start: &'t str) -> impl Iterator<Item = &'t Text> {
        let from = self.entries.range(Text::from(start)..).map(|(path, _)| path);
        from.take_while(move |path| path.starts_with(start))
    }

    pub fn entry(&self, path: &str) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// True when there is a file or a folder of that path.
    pub fn has(&self, path: &str) -> bool {
        let folder = Text::from(format!("{path}/"));
        let below = self.entries.range(folder.clone()..).next();
        self.entries.contains_key(path) || below.is_some_and(|(next, _)| next.starts_with(&*folder))
    }

    /// Bytes of a file, if they can be told without reading it.
    pub fn size(&self, path: &str) -> Option<u64> {
        self.entries.get(path).and_then(|entry| self.store.size(path, entry))
    }

    /// The content of a file; links are not followed here.
    pub fn read(&self, path: &str) -> Result<Content, String> {
        match self.entries.get(path) {
            Some(entry) => self.store.read(path, entry),
            None => Err(format!("there is no file `{path}`")),
        }
    }
}

/// An identity for bytes that no repository has named.
pub(crate) fn content_id(bytes: &[u8]) -> String {
    // Two independent 64-bit hashes: a collision would make a changed file look unchanged.
    let mut first = DefaultHasher::new();
    bytes.hash(&mut first);
    let mut second = DefaultHasher::new();
    (bytes.len(), 0x9e37_79b9_7f4a_7c15u64, bytes).hash(&mut second);
    format!("{:016x}{:016x}", first.finish(), second.finish())
}

struct Memory(BTreeMap<Text, Vec<u8>>);

impl Store for Memory {
    fn read(&self, path: &str, _: &Entry) -> Result<Content, String> {
        match self.0.get(path) {
            Some(bytes) => Ok(Content { bytes: bytes.clone(), id: content_id(bytes) }),
            None => Err(format!("there is no file `{path}`")),
        }
    }
}
