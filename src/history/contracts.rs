//! Contracts before and after a commit.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::diff;
use crate::model::api::Api;
use crate::model::origin::Text;
use crate::model::past::Event;
use crate::read;
use crate::read::document::Cache;
use crate::revision::{Tree, renames};
use crate::source::{Files, Snapshot, Sources, matching};

use super::events::On;

/// Bytes of contracts that are kept loaded; beyond that everything is read anew.
const MOST: usize = 32 << 20;

/// What was read last, contract by contract.
#[derive(Default)]
pub struct Contracts {
    files: Files,
    documents: Cache,
    kept: BTreeMap<Text, Arc<Api>>,
}

type Side<'a> = (&'a Sources, &'a Tree);

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
        let (ours, theirs): (Vec<&Text>, Vec<&Text>) =
            (old.contracts.iter().map(|c| &c.path).collect(), new.contracts.iter().map(|c| &c.path).collect());
        let renamed = if ours == theirs { Vec::new() } else { renames(before, after) };
        let found = matching(&ours, &theirs, &renamed);
        for (base, head, _) in found.both {
            let (base, head) = (ours[base], theirs[head]);
            self.pair(Some((base, before)), Some((head, after)), touched, on, events);
        }
        for base in found.gone {
            self.pair(Some((ours[base], before)), None, touched, on, events);
        }
        for head in found.new {
            self.pair(None, Some((theirs[head], after)), touched, on, events);
        }
    }

    fn pair(
        &mut self,
        base: Option<(&Text, &Tree)>,
        head: Option<(&Text, &Tree)>,
        touched: &HashSet<&Text>,
        on: &On<'_>,
        events: &mut Vec<Event>,
    ) {
        let Some((path, _)) = head.or(base) else { return };
        if let (Some((from, _)), Some((to, tree))) = (base, head)
            && from == to
            && !self.is_touched(to, tree, touched)
        {
            return;
        }
        let read = |contracts: &mut Self, side: Option<(&Text, &Tree)>| match side {
            Some((path, tree)) => contracts.read(path, tree),
            None => Some(Arc::new(Api { path: path.clone(), ..Api::default() })),
        };
        let (Some(old), Some(new)) = (read(self, base), read(self, head)) else { return };
        let changes = diff::api::diff(&old, &new);
        on.tell(changes, path, &|origin| self.files.locate(origin), &|name| on.properties(&new, name), events);
    }

    /// True when the commit changed the contract, or a file that it refers to.
    fn is_touched(&mut self, path: &Text, tree: &Tree, touched: &HashSet<&Text>) -> bool {
        if touched.contains(path) {
            return true;
        }
        let Some(api) = self.kept.get(path).cloned().or_else(|| self.read(path, tree)) else { return true };
        // What was missing may have come.
        api.tainted || api.files.iter().any(|id| touched.contains(&self.files.get(*id).path))
    }

    /// The contract as the tree has it; `None` where nothing of it can be read.
    fn read(&mut self, path: &Text, tree: &Tree) -> Option<Arc<Api>> {
        let snapshot = Snapshot::new(tree, &self.files);
        if let Some(api) = self.kept.get(path)
            && !api.tainted
            && api.files.iter().all(|id| {
                let file = self.files.get(*id);
                snapshot.load(&file.path) == Ok(*id)
            })
        {
            return Some(api.clone());
        }
        let read = read::openapi::read(&snapshot, path, &self.documents);
        let api = Arc::new(read.value);
        self.kept.insert(path.clone(), api.clone());
        let nothing = api.operations.is_empty() && api.components.is_empty();
        let blocked = read.problems.iter().any(|problem| problem.incomplete);
        (!(blocked && (nothing || api.tainted && api.files.is_empty()))).then_some(api)
    }
}
