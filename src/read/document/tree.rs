//! The arena tree of a document.
//!
//! Nodes lie in document order; a node's subtree is the range up to `after`, so children are found by hopping and
//! nothing is nested in memory. An alias is a node that names its target: nothing is copied, and walkers that follow
//! aliases need a [`super::Budget`].

use std::sync::Arc;

use crate::model::origin::{FileId, Origin, Problem};
use crate::source::File;

/// An index into the arena of one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// What a node is; small mappings are searched by hopping, others by an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    Number,
    /// The text is the span, without its quotes.
    String,
    /// The text had escapes or folds: entry of `decoded`.
    Decoded(u32),
    Sequence,
    Mapping,
    /// Large, or its entries are not simply its children (merge keys, duplicate keys): entry of `indexes`.
    Indexed(u32),
    Alias(NodeId),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub start: u32,
    pub end: u32,
    /// One past the last node of the subtree.
    pub after: u32,
    pub kind: Kind,
}

/// A key and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub key: NodeId,
    pub value: NodeId,
}

#[derive(Debug)]
pub(super) struct Index {
    /// Effective entries in document order; `None` when they are the children.
    pub listed: Option<Box<[Entry]>>,
    /// By key text.
    pub sorted: Box<[Entry]>,
}

/// A YAML comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment {
    /// From `#` to the end of the line.
    pub origin: Origin,
    /// Alone on its line: it speaks about what follows. Otherwise about its own line.
    pub own_line: bool,
}

/// A node's content with aliases followed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar<'d> {
    Null,
    Bool(bool),
    /// As written.
    Number(&'d str),
    String(&'d str),
    Sequence,
    Mapping,
}

impl Scalar<'_> {
    /// What people call it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Null => "empty",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "text",
            Self::Sequence => "a list",
            Self::Mapping => "a mapping",
        }
    }
}

/// A parsed file.
#[derive(Debug)]
pub struct Document {
    pub(super) id: FileId,
    pub(super) file: Arc<File>,
    /// One past the last byte that belongs to the text.
    pub(super) end: u32,
    pub(super) nodes: Vec<Node>,
    pub(super) decoded_text: String,
    pub(super) decoded: Vec<(u32, u32)>,
    pub(super) indexes: Vec<Index>,
    pub(super) comments: Vec<Comment>,
    pub(super) problems: Vec<Problem>,
}

impl Document {
    /// The file it was read from.
    pub fn file(&self) -> FileId {
        self.id
    }

    /// Path of the file.
    pub fn path(&self) -> &str {
        &self.file.path
    }

    /// The root value; `None` when the document is empty or nothing could be read.
    pub fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(NodeId(0))
    }

    /// What could not be read.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// All comments, in document order.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// Number of nodes: every node id is below it.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// True when there is no root.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    fn node(&self, id: NodeId) -> Node {
        const NOTHING: Node = Node { start: 0, end: 0, after: 0, kind: Kind::Null };
        self.nodes.get(id.0 as usize).copied().unwrap_or(NOTHING)
    }

    /// The target of an alias, other nodes themselves.
    pub fn target(&self, id: NodeId) -> NodeId {
        match self.node(id).kind {
            Kind::Alias(target) => target,
            _ => id,
        }
    }

    /// The content of the node, aliases followed.
    pub fn scalar(&self, id: NodeId) -> Scalar<'_> {
        let id = self.target(id);
        match self.node(id).kind {
            Kind::Null | Kind::Alias(_) => Scalar::Null,
            Kind::Bool(b) => Scalar::Bool(b),
            Kind::Number => Scalar::Number(self.utf8(self.bytes(id))),
            Kind::String | Kind::Decoded(_) => Scalar::String(self.utf8(self.bytes(id))),
            Kind::Sequence => Scalar::Sequence,
            Kind::Mapping | Kind::Indexed(_) => Scalar::Mapping,
        }
    }

    /// The text of a string, number, boolean or null as written (strings without quotes and escapes).
    pub fn text(&self, id: NodeId) -> Option<&str> {
        let id = self.target(id);
        match self.node(id).kind {
            Kind::Sequence | Kind::Mapping | Kind::Indexed(_) => None,
            _ => Some(self.utf8(self.bytes(id))),
        }
    }

    /// The text of a string; `None` for everything else.
    pub fn string(&self, id: NodeId) -> Option<&str> {
        match self.scalar(id) {
            Scalar::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn is_mapping(&self, id: NodeId) -> bool {
        matches!(self.node(self.target(id)).kind, Kind::Mapping | Kind::Indexed(_))
    }

    pub fn is_sequence(&self, id: NodeId) -> bool {
        self.node(self.target(id)).kind == Kind::Sequence
    }

    /// The items of a sequence; nothing for other nodes.
    pub fn items(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let id = self.target(id);
        let node = self.node(id);
        let end = if node.kind == Kind::Sequence { node.after } else { 0 };
        self.siblings(id.0.saturating_add(1), end)
    }

    fn siblings(&self, first: u32, end: u32) -> impl Iterator<Item = NodeId> + '_ {
        let mut at = first;
        std::iter::from_fn(move || {
            let id = (at < end).then_some(NodeId(at))?;
            at = self.node(id).after.max(at + 1);
            Some(id)
        })
    }

    /// The children of a mapping as written, in pairs.
    pub(super) fn pairs(&self, id: NodeId) -> impl Iterator<Item = Entry> + '_ {
        let node = self.node(id);
        let mut children = self.siblings(id.0.saturating_add(1), node.after);
        std::iter::from_fn(move || Some(Entry { key: children.next()?, value: children.next()? }))
    }

    /// The entries of a mapping, merge keys applied, of duplicate keys the last; nothing for other nodes. Keys that are
    /// no scalars are left out.
    pub fn entries(&self, id: NodeId) -> impl Iterator<Item = Entry> + '_ {
        let id = self.target(id);
        let (listed, plain) = match self.node(id).kind {
            Kind::Mapping => (None, true),
            Kind::Indexed(index) => match self.indexes.get(index as usize).map(|i| i.listed.as_deref()) {
                Some(Some(listed)) => (Some(listed), false),
                _ => (None, true),
            },
            _ => (None, false),
        };
        let plain = plain.then(|| self.pairs(id)).into_iter().flatten();
        plain.chain(listed.into_iter().flatten().copied()).filter(|e| self.text(e.key).is_some())
    }

    /// The entry of that key.
    pub fn get(&self, id: NodeId, key: &str) -> Option<Entry> {
        let id = self.target(id);
        if let Kind::Indexed(index) = self.node(id).kind {
            let sorted = &self.indexes.get(index as usize)?.sorted;
            let found = sorted.binary_search_by(|e| self.bytes(e.key).cmp(key.as_bytes())).ok()?;
            return sorted.get(found).copied();
        }
        self.entries(id).find(|e| self.bytes(e.key) == key.as_bytes())
    }

    /// The value of that key.
    pub fn at(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.get(id, key).map(|entry| entry.value)
    }

    /// The text of a key.
    pub fn key(&self, entry: Entry) -> &str {
        self.text(entry.key).unwrap_or_default()
    }

    /// Where the node is written; for an alias where the alias is.
    pub fn origin(&self, id: NodeId) -> Origin {
        let node = self.node(id);
        Origin { file: self.id, start: node.start, end: node.end.max(node.start) }
    }

    /// Key and value together.
    pub fn entry_origin(&self, entry: Entry) -> Origin {
        let (key, value) = (self.origin(entry.key), self.origin(entry.value));
        Origin { end: value.end.max(key.end), ..key }
    }

    /// The whole text.
    pub fn whole(&self) -> Origin {
        Origin { file: self.id, start: 0, end: self.end }
    }

    /// The text of the node as it is written, quotes and comments included; equal text means equal content unless
    /// aliases are involved.
    pub fn source(&self, id: NodeId) -> &[u8] {
        let node = self.node(id);
        self.slice(node.start, node.end)
    }

    /// The bytes between two offsets.
    pub(super) fn slice(&self, start: u32, end: u32) -> &[u8] {
        self.file.bytes.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The content of a scalar as bytes.
    pub(super) fn bytes(&self, id: NodeId) -> &[u8] {
        let node = self.node(self.target(id));
        match node.kind {
            Kind::Decoded(index) => {
                let (start, end) = self.decoded.get(index as usize).copied().unwrap_or_default();
                self.decoded_text.as_bytes().get(start as usize..end as usize).unwrap_or_default()
            }
            // Plain scalars never begin with a quote, so a quote at the start means a quoted scalar.
            Kind::String => match self.slice(node.start, node.end) {
                [b'"' | b'\'', inner @ .., _] => inner,
                plain => plain,
            },
            Kind::Sequence | Kind::Mapping | Kind::Indexed(_) => &[],
            _ => self.slice(node.start, node.end),
        }
    }

    /// The text was checked as UTF-8 when it was read, so this never loses anything.
    fn utf8<'d>(&self, bytes: &'d [u8]) -> &'d str {
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}
