//! YAML merge keys: `<<: *base` and `<<: [*a, *b]`.

use std::collections::HashSet;

use crate::model::origin::Problem;

use super::build::Builder;
use super::tree::{Entry, NodeId, Scalar};

impl Builder {
    /// A plain (unquoted) `<<` before a mapping, an alias or a list.
    fn is_merge(&self, entry: Entry) -> bool {
        let key = self.doc.origin(entry.key);
        self.doc.bytes(entry.key) == b"<<"
            && key.end - key.start == 2
            && matches!(self.doc.scalar(entry.value), Scalar::Mapping | Scalar::Sequence)
    }

    /// Puts what merge keys bring in behind the mapping's own entries, which win; true when there was a merge key.
    pub(super) fn merge(&mut self, id: NodeId, entries: &mut Vec<Entry>) -> bool {
        let merges: Vec<Entry> = entries.iter().copied().filter(|e| self.is_merge(*e)).collect();
        if merges.is_empty() {
            return false;
        }
        entries.retain(|e| !merges.contains(e));
        let mut known: HashSet<Vec<u8>> = entries.iter().map(|e| self.doc.bytes(e.key).to_vec()).collect();
        for merge in merges {
            let sources: Vec<NodeId> = match self.doc.scalar(merge.value) {
                Scalar::Sequence => self.doc.items(merge.value).collect(),
                _ => vec![merge.value],
            };
            for source in sources {
                let target = self.doc.target(source);
                if !self.doc.is_mapping(target) || self.is_open(target) || target == id {
                    let origin = self.doc.origin(source);
                    let message = "only a mapping that is complete at this point can be merged with `<<`";
                    self.problem(Problem::new("document-invalid", "<<", origin, message));
                    continue;
                }
                let more: Vec<Entry> = self.doc.entries(target).take(self.merge_budget + 1).collect();
                if more.len() > self.merge_budget {
                    let origin = self.doc.origin(source);
                    let message = "merge keys (`<<`) bring in more than 100,000 entries; this one is not followed";
                    self.problem(Problem::new("alias-limit", "<<", origin, message));
                    continue;
                }
                self.merge_budget -= more.len();
                entries.extend(more.into_iter().filter(|e| known.insert(self.doc.bytes(e.key).to_vec())));
            }
        }
        true
    }
}
