//! Contracts before and after a commit.
//!
//! Most commits change a few lines of one file. Both of its texts are then cut down to what their comparison needs before
//! anything is parsed; what cannot be cut is read whole, and what was read last is kept for the next commit.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::diff;
use crate::model::api::Api;
use crate::model::origin::{Origin, Problem, Read, Text};
use crate::model::past::Event;
use crate::read::document::Cache;
use crate::read::openapi::{self, cut};
use crate::revision::{EntryKind, Tree, renames};
use crate::source::{Files, Location, Snapshot, Sources, matching};

use super::events::On;

/// Bytes of contracts that are kept loaded; beyond that everything is read anew.
const MOST: usize = 32 << 20;

/// What was read last, contract by contract.
#[derive(Default)]
pub struct Contracts {
    files: Files,
    documents: Cache,
    kept: BTreeMap<Text, Kept>,
}

/// A contract as it was met last.
#[derive(Clone)]
struct Kept {
    /// The root document: its content's id, its bytes, and its blocks if it is the only file and can be cut.
    id: String,
    text: Arc<Vec<u8>>,
    outline: Option<Arc<cut::Outline>>,
    /// It is known to be without fault, as a whole.
    whole: bool,
    /// Read as a whole, where it had to be, with whether there is anything to compare.
    api: Option<(Arc<Api>, bool)>,
}

type Side<'a> = (&'a Sources, &'a Tree);
type One<'a> = (&'a Text, &'a Tree);

impl Contracts {
    /// Tells what the commit changed in the contracts that it touched.
    pub fn compare(
        &mut self,
        (old, before): Side<'_>,
        (new, after): Side<'_>,
        touched: &HashSet<&Text>,
        on: &On<'_>,
        events: &mut Vec<Event>,
    ) {
        if self.files.bytes() > MOST {
            *self = Self::default();
        }
        let paths = |sources: &Sources| sources.contracts.iter().map(|c| c.path.clone()).collect::<Vec<_>>();
        let (ours, theirs) = (paths(old), paths(new));
        let renamed = if ours == theirs { Vec::new() } else { renames(before, after) };
        let found = matching(&ours.iter().collect::<Vec<_>>(), &theirs.iter().collect::<Vec<_>>(), &renamed);
        for (base, head, _) in found.both {
            let (base, head) = (&ours[base], &theirs[head]);
            if base != head || self.is_touched(base, before, touched) {
                self.pair((base, before), (head, after), on, events);
            }
        }
        for base in found.gone {
            let gone = self.met(&ours[base], before).map(|kept| self.read(&ours[base], before, kept));
            if let Some((api, true)) = gone.and_then(|kept| kept.api) {
                self.tell(&api, &Api { path: api.path.clone(), ..Api::default() }, on, events);
            }
        }
        for head in found.new {
            let new = self.met(&theirs[head], after).map(|kept| self.read(&theirs[head], after, kept));
            if let Some((api, true)) = new.and_then(|kept| kept.api) {
                self.tell(&Api { path: api.path.clone(), ..Api::default() }, &api, on, events);
            }
        }
    }

    fn tell(&self, base: &Api, head: &Api, on: &On<'_>, events: &mut Vec<Event>) {
        let changes = diff::api::diff(base, head);
        let (before, after) = (|name: &str| on.properties(base, name), |name: &str| on.properties(head, name));
        on.tell(changes, &head.path, &|origin| self.files.locate(origin), (&before, &after), events);
    }

    fn pair(&mut self, base: One<'_>, head: One<'_>, on: &On<'_>, events: &mut Vec<Event>) {
        let (Some(mut old), Some(mut new)) = (self.met(base.0, base.1), self.met(head.0, head.1)) else { return };
        if old.outline.is_some() && !old.whole && old.api.is_none() {
            old = self.read(base.0, base.1, old);
        }
        if old.whole && small(head.0, &old, &mut new, on, events) {
            self.kept.insert(head.0.clone(), new);
            return;
        }
        let old = self.read(base.0, base.1, old);
        let new = self.read(head.0, head.1, new);
        if let (Some((old, true)), Some((new, true))) = (old.api, new.api)
            && !Arc::ptr_eq(&old, &new)
        {
            self.tell(&old, &new, on, events);
        }
    }

    /// True when the commit changed the contract, or a file that it refers to.
    fn is_touched(&mut self, path: &Text, tree: &Tree, touched: &HashSet<&Text>) -> bool {
        if touched.contains(path) {
            return true;
        }
        let Some(kept) = self.met(path, tree) else { return true };
        if kept.outline.is_some() {
            return false;
        }
        match self.read(path, tree, kept).api {
            // What was missing may have come.
            Some((api, _)) => api.tainted || api.files.iter().any(|id| touched.contains(&self.files.get(*id).path)),
            None => true,
        }
    }

    /// What is known of the contract as the tree has it; `None` where its file cannot be had.
    fn met(&mut self, path: &Text, tree: &Tree) -> Option<Kept> {
        let entry = tree.entry(path)?;
        let id = entry.id.clone().filter(|_| entry.kind == EntryKind::File).unwrap_or_default();
        if let Some(kept) = self.kept.get(path)
            && kept.id == id
            && !id.is_empty()
        {
            return Some(kept.clone());
        }
        let text = match entry.kind {
            EntryKind::File => tree.read(path).ok()?.bytes,
            _ => Vec::new(),
        };
        let outline = cut::outline(&text).map(Arc::new);
        let kept = Kept { id, text: Arc::new(text), outline, whole: false, api: None };
        self.kept.insert(path.clone(), kept.clone());
        Some(kept)
    }

    /// Reads the contract as a whole, unless that is done and its files are the same.
    fn read(&mut self, path: &Text, tree: &Tree, kept: Kept) -> Kept {
        let snapshot = Snapshot::new(tree, &self.files);
        if let Some((api, _)) = &kept.api {
            let same = |id: &_| snapshot.load(&self.files.get(*id).path) == Ok(*id);
            if !api.tainted && api.files.iter().all(same) {
                return kept;
            }
        }
        if !kept.id.is_empty() {
            self.files.add(path, &kept.id, kept.text.to_vec());
        }
        let read = openapi::read(&snapshot, path, &self.documents);
        let nothing = read.value.operations.is_empty() && read.value.components.is_empty();
        let readable = !(nothing && read.problems.iter().any(|problem| problem.incomplete));
        let kept = Kept { whole: faultless(&read), api: Some((Arc::new(read.value), readable)), ..kept };
        self.kept.insert(path.clone(), kept.clone());
        kept
    }
}

/// True where the contract can be cut: its reading left nothing open.
fn faultless(read: &Read<Api>) -> bool {
    !read.value.tainted && !read.problems.iter().any(|problem: &Problem| problem.incomplete)
}

/// Compares two texts that can be cut. False where that is not possible, or head turns out to have a fault.
fn small(path: &Text, old: &Kept, new: &mut Kept, on: &On<'_>, events: &mut Vec<Event>) -> bool {
    let (Some(ours), Some(theirs)) = (&old.outline, &new.outline) else { return false };
    let Some((base, head)) = cut::cut((&old.text, ours), (&new.text, theirs)) else { return false };
    let (files, documents) = (Files::default(), Cache::default());
    let read = |text: Vec<u8>| {
        let tree = Tree::from_memory("", [(path.to_string(), text)]);
        openapi::read(&Snapshot::new(&tree, &files), path, &documents)
    };
    let (base, head) = (read(base), read(head));
    if !faultless(&head) {
        return false;
    }
    new.whole = true;
    let changes = diff::api::diff(&base.value, &head.value);
    let locate = |origin: Origin| -> Location { files.locate(origin) };
    let before = |name: &str| on.properties(&base.value, name);
    let after = |name: &str| on.properties(&head.value, name);
    on.tell(changes, path, &locate, (&before, &after), events);
    true
}
