//! A value of a loaded document that knows its file and, inside a mapping, its key.

use std::sync::Arc;

use crate::model::origin::{Origin, Text};
use crate::read::document::{Document, Entry, NodeId, Scalar};

/// Identity of a value: aliases of one anchor are one place.
pub(super) type Place = (u32, NodeId);

/// A value in a document.
#[derive(Debug, Clone)]
pub(super) struct Cursor {
    pub doc: Arc<Document>,
    /// Number of the document in the reader.
    pub slot: u32,
    pub key: Option<NodeId>,
    pub node: NodeId,
}

impl Cursor {
    pub fn place(&self) -> Place {
        (self.slot, self.doc.target(self.node))
    }

    /// Another value of the same document.
    pub fn with(&self, entry: Entry) -> Self {
        Self { doc: self.doc.clone(), slot: self.slot, key: Some(entry.key), node: entry.value }
    }

    pub fn item(&self, node: NodeId) -> Self {
        Self { doc: self.doc.clone(), slot: self.slot, key: None, node }
    }

    /// The value of a key, when it is there and not empty.
    pub fn get(&self, key: &str) -> Option<Self> {
        let field = self.doc.get(self.node, key).map(|entry| self.with(entry))?;
        (field.scalar() != Scalar::Null).then_some(field)
    }

    pub fn has(&self, key: &str) -> bool {
        self.doc.get(self.node, key).is_some()
    }

    pub fn entries(&self) -> impl Iterator<Item = Cursor> + '_ {
        self.doc.entries(self.node).map(|entry| self.with(entry))
    }

    pub fn items(&self) -> impl Iterator<Item = Cursor> + '_ {
        self.doc.items(self.node).map(|node| self.item(node))
    }

    pub fn scalar(&self) -> Scalar<'_> {
        self.doc.scalar(self.node)
    }

    /// The text of any scalar but null.
    pub fn text(&self) -> Option<&str> {
        match self.scalar() {
            Scalar::Null => None,
            _ => self.doc.text(self.node),
        }
    }

    pub fn is_mapping(&self) -> bool {
        self.doc.is_mapping(self.node)
    }

    /// The key's text; empty outside a mapping.
    pub fn name(&self) -> &str {
        self.key.and_then(|key| self.doc.text(key)).unwrap_or_default()
    }

    pub fn name_text(&self) -> Text {
        self.name().into()
    }

    /// The value alone.
    pub fn origin(&self) -> Origin {
        self.doc.origin(self.node)
    }

    /// Key and value, or the value alone outside a mapping.
    pub fn whole(&self) -> Origin {
        match self.key {
            Some(key) => self.doc.entry_origin(Entry { key, value: self.node }),
            None => self.origin(),
        }
    }

    /// The key alone, or the value outside a mapping.
    pub fn key_origin(&self) -> Origin {
        self.doc.origin(self.key.unwrap_or(self.node))
    }

    /// The text of the `$ref` of a mapping.
    pub fn reference(&self) -> Option<Cursor> {
        let field = self.get("$ref")?;
        matches!(field.scalar(), Scalar::String(_)).then_some(field)
    }
}
