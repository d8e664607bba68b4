//! The documents of one contract, loaded when a reference asks for them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::FileId;
use crate::read::document::{Cache, Document, NodeId};
use crate::source::{LoadError, Snapshot};

use super::cursor::Cursor;

/// The loaded documents; a slot is the number of one.
pub(super) struct Documents<'s> {
    snapshot: Snapshot<'s>,
    cache: &'s Cache,
    loaded: Vec<Arc<Document>>,
    slots: HashMap<String, Result<u32, LoadError>>,
    /// By slot; built when first asked for.
    named: HashMap<u32, Names>,
}

/// What the schemas of a document call themselves.
#[derive(Default)]
struct Names {
    /// `$id` and `$self` as written, anchors as `#name` → place.
    places: HashMap<String, NodeId>,
    /// How many schemas carry each `$dynamicAnchor`.
    dynamic: HashMap<String, usize>,
}

impl<'s> Documents<'s> {
    pub fn new(snapshot: Snapshot<'s>, cache: &'s Cache) -> Self {
        Self { snapshot, cache, loaded: Vec::new(), slots: HashMap::new(), named: HashMap::new() }
    }

    /// The document at a path of the revision, and whether this call loaded it.
    pub fn open(&mut self, path: &str) -> Result<(u32, bool), LoadError> {
        if let Some(known) = self.slots.get(path) {
            return known.clone().map(|slot| (slot, false));
        }
        let opened = self.snapshot.load(path).map(|id| {
            self.loaded.push(self.cache.get(self.snapshot.files, id));
            u32::try_from(self.loaded.len() - 1).unwrap_or(u32::MAX)
        });
        self.slots.insert(path.to_string(), opened.clone());
        opened.map(|slot| (slot, true))
    }

    /// All documents in the order of their loading.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Document>> {
        self.loaded.iter()
    }

    pub fn document(&self, slot: u32) -> Option<&Arc<Document>> {
        self.loaded.get(slot as usize)
    }

    /// Values written in all loaded documents.
    pub fn nodes(&self) -> usize {
        self.loaded.iter().map(|document| document.len()).sum()
    }

    /// The root of a loaded document.
    pub fn root(&self, slot: u32) -> Option<Cursor> {
        let doc = self.document(slot)?;
        Some(Cursor { doc: doc.clone(), slot, key: None, node: doc.root()? })
    }

    /// A file of that path without content, for problems about files that cannot be loaded.
    pub fn placeholder(&self, path: &str) -> FileId {
        self.snapshot.files.add(path, "unreadable", Vec::new())
    }

    pub fn tree(&self) -> &'s crate::revision::Tree {
        self.snapshot.tree
    }

    /// The value that carries this `$anchor` (given as `#name`), `$id` or `$self` in the document.
    pub fn named(&mut self, slot: u32, name: &str) -> Option<Cursor> {
        let doc = self.loaded.get(slot as usize)?.clone();
        let names = self.named.entry(slot).or_insert_with(|| index_names(&doc));
        let node = *names.places.get(name)?;
        Some(Cursor { doc, slot, key: None, node })
    }

    /// How many schemas of all loaded documents carry this `$dynamicAnchor`.
    pub fn dynamic_anchors(&mut self, name: &str) -> usize {
        let names = self.loaded.iter().zip(0..).map(|(doc, slot)| {
            let names = self.named.entry(slot).or_insert_with(|| index_names(doc));
            names.dynamic.get(name).copied().unwrap_or(0)
        });
        names.sum()
    }

    /// The same over all loaded documents, for absolute names.
    pub fn named_anywhere(&mut self, name: &str) -> Option<Cursor> {
        let slots = u32::try_from(self.loaded.len()).unwrap_or(u32::MAX);
        (0..slots).find_map(|slot| self.named(slot, name))
    }
}

fn index_names(doc: &Document) -> Names {
    let mut names = Names::default();
    for id in (0..doc.len()).filter_map(|n| u32::try_from(n).ok()).map(NodeId) {
        if doc.target(id) != id || !doc.is_mapping(id) {
            continue;
        }
        for (key, prefix) in [("$id", ""), ("$self", ""), ("$anchor", "#"), ("$dynamicAnchor", "#")] {
            if let Some(name) = doc.at(id, key).and_then(|value| doc.string(value)) {
                names.places.entry(format!("{prefix}{}", name.trim_end_matches('#'))).or_insert(id);
                if key == "$dynamicAnchor" {
                    *names.dynamic.entry(name.to_string()).or_default() += 1;
                }
            }
        }
    }
    names
}
