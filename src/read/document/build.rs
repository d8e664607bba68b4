//! Growing the arena from the events of either format.

use std::sync::Arc;

use crate::model::origin::{FileId, Origin, Problem};
use crate::source::File;

use super::tree::{Comment, Document, Entry, Index, Kind, Node, NodeId};
use super::{DEPTH_LIMIT, Fault};

/// Mappings with more entries get a sorted index.
const INDEX_FROM: usize = 8;

/// Duplicate keys that are reported one by one; finding the column of each is work on a file of one line.
const DUPLICATES: usize = 100;

/// A document under construction.
pub(super) struct Builder {
    pub doc: Document,
    /// Containers that are not closed yet, outermost first, with the number of their children so far.
    open: Vec<(NodeId, usize)>,
    scratch: Vec<Entry>,
    /// Where the last value ends: where a YAML block ends.
    last_end: u32,
    duplicates: usize,
    /// A key looks like an unfilled template.
    pub template: bool,
    /// Entries that merge keys may still bring in.
    pub merge_budget: usize,
}

fn clip(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

impl Builder {
    pub fn new(id: FileId, file: Arc<File>) -> Self {
        let doc = Document {
            id,
            end: 0,
            nodes: Vec::with_capacity(file.bytes.len() / 24),
            file,
            decoded_text: String::new(),
            decoded: Vec::new(),
            indexes: Vec::new(),
            comments: Vec::new(),
            problems: Vec::new(),
        };
        Self {
            doc,
            open: Vec::new(),
            scratch: Vec::new(),
            last_end: 0,
            duplicates: 0,
            template: false,
            merge_budget: 100_000,
        }
    }

    pub fn problem(&mut self, problem: Problem) {
        self.doc.problems.push(problem);
    }

    pub fn comment(&mut self, start: usize, end: usize, own_line: bool) {
        let origin = Origin::new(self.doc.id, start, end);
        self.doc.comments.push(Comment { origin, own_line });
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) -> NodeId {
        let id = NodeId(clip(self.doc.nodes.len()));
        if let Some((_, children)) = self.open.last_mut() {
            *children += 1;
        }
        self.last_end = self.last_end.max(clip(end));
        self.doc.nodes.push(Node { start: clip(start), end: clip(end), after: id.0.saturating_add(1), kind });
        id
    }

    /// A scalar whose text is its span.
    pub fn scalar(&mut self, kind: Kind, start: usize, end: usize) -> NodeId {
        self.push(kind, start, end)
    }

    /// A string whose text differs from its span.
    pub fn decoded(&mut self, text: &str, start: usize, end: usize) -> NodeId {
        let from = clip(self.doc.decoded_text.len());
        self.doc.decoded_text.push_str(text);
        let index = clip(self.doc.decoded.len());
        self.doc.decoded.push((from, clip(self.doc.decoded_text.len())));
        self.push(Kind::Decoded(index), start, end)
    }

    /// Opens a container.
    pub fn open(&mut self, kind: Kind, start: usize) -> Result<NodeId, Fault> {
        if self.open.len() >= DEPTH_LIMIT {
            return Err(Fault::depth(start));
        }
        let id = self.push(kind, start, start);
        self.open.push((id, 0));
        Ok(id)
    }

    /// The kind of the innermost open container.
    pub fn innermost(&self) -> Option<Kind> {
        self.open.last().and_then(|(id, _)| self.doc.nodes.get(id.0 as usize)).map(|node| node.kind)
    }

    /// True when the next node is a key of the innermost container.
    pub fn expects_key(&self) -> bool {
        self.innermost() == Some(Kind::Mapping) && self.open.last().is_some_and(|(_, children)| children % 2 == 0)
    }

    pub fn is_open(&self, id: NodeId) -> bool {
        self.open.iter().any(|(open, _)| *open == id)
    }

    /// Closes the innermost container; without `end` it ends where its last child does.
    pub fn close(&mut self, end: Option<usize>) {
        let Some((id, _)) = self.open.pop() else { return };
        let after = clip(self.doc.nodes.len());
        let end = end.map_or(self.last_end, clip);
        self.last_end = self.last_end.max(end);
        let Some(node) = self.doc.nodes.get_mut(id.0 as usize) else { return };
        node.after = after;
        node.end = end.max(node.start);
        if node.kind == Kind::Mapping {
            self.close_mapping(id);
        }
    }

    fn close_mapping(&mut self, id: NodeId) {
        let mut entries = std::mem::take(&mut self.scratch);
        entries.clear();
        entries.extend(self.doc.pairs(id));
        let merged = self.merge(id, &mut entries);
        let listed = self.drop_duplicates(&mut entries) | merged;
        if listed || entries.len() > INDEX_FROM {
            let text_keys = entries.iter().filter(|e| self.doc.text(e.key).is_some());
            let mut sorted: Box<[Entry]> = text_keys.copied().collect();
            sorted.sort_unstable_by(|a, b| self.doc.bytes(a.key).cmp(self.doc.bytes(b.key)));
            let index = clip(self.doc.indexes.len());
            self.doc.indexes.push(Index { listed: listed.then(|| entries.as_slice().into()), sorted });
            if let Some(node) = self.doc.nodes.get_mut(id.0 as usize) {
                node.kind = Kind::Indexed(index);
            }
        }
        self.scratch = entries;
    }

    /// Keeps the last of equal keys, as every JSON and YAML reader that accepts them does, and remarks on the others.
    fn drop_duplicates(&mut self, entries: &mut Vec<Entry>) -> bool {
        let doc = &self.doc;
        let same = |a: &Entry, b: &Entry| doc.bytes(a.key) == doc.bytes(b.key) && doc.text(a.key).is_some();
        let mut dropped: Vec<(Entry, Entry)> = Vec::new();
        if entries.len() <= INDEX_FROM {
            for (at, entry) in entries.iter().enumerate() {
                let later = entries.iter().skip(at + 1).find(|later| same(entry, later));
                dropped.extend(later.map(|later| (*entry, *later)));
            }
        } else {
            let mut sorted = entries.clone();
            sorted.sort_unstable_by(|a, b| doc.bytes(a.key).cmp(doc.bytes(b.key)).then(a.key.cmp(&b.key)));
            let twins = sorted.windows(2).filter_map(|pair| match pair {
                [a, b] if same(a, b) => Some((*a, *b)),
                _ => None,
            });
            dropped.extend(twins);
        }
        if dropped.is_empty() {
            return false;
        }
        dropped.sort_unstable_by_key(|(entry, _)| entry.key);
        entries.retain(|entry| dropped.binary_search_by_key(&entry.key, |(e, _)| e.key).is_err());
        for (first, later) in dropped {
            self.duplicates += 1;
            if self.duplicates > DUPLICATES {
                continue;
            }
            let key = self.doc.text(first.key).unwrap_or_default().to_string();
            let (origin, first) = (self.doc.origin(later.key), self.doc.origin(first.key));
            let (line, column) = self.doc.file.position(first.start);
            let message =
                format!("the key `{key}` was already given at line {line}, column {column}; the last one counts");
            self.problem(Problem::remark("key-duplicate", key, origin, message));
        }
        true
    }

    /// Closes what is open after a fault, and gives the tree.
    pub fn finish(mut self, end: usize) -> Document {
        while !self.open.is_empty() {
            let value_missing = self.innermost() == Some(Kind::Mapping) && !self.expects_key();
            if value_missing {
                self.push(Kind::Null, end, end);
            }
            self.close(None);
        }
        self.doc.end = clip(end);
        if let Some(more) = self.duplicates.checked_sub(DUPLICATES).filter(|more| *more > 0) {
            let message = format!("{more} more keys are given twice in this file; the last one counts");
            self.problem(Problem::remark("key-duplicate", "more duplicate keys", self.doc.whole(), message));
        }
        self.doc.nodes.shrink_to_fit();
        self.doc.decoded_text.shrink_to_fit();
        self.doc
    }
}
