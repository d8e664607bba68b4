//! A map that remembers what it held before the running statement: what an engine refuses leaves no trace.
//!
//! Must not know what it holds.

use std::collections::BTreeMap;

use super::catalog::Id;

#[derive(Debug, Clone)]
pub struct Journaled<V> {
    now: BTreeMap<Id, V>,
    /// What stood under the ids that the statement touched.
    before: Before<V>,
    /// What stood under the ids that were touched since each mark; in those of a later mark, up to that.
    since: Vec<Before<V>>,
    /// Grows with every touch: what was worked out from the map holds while it stays.
    touches: u64,
}

/// What stood under ids before they were touched.
pub type Before<V> = BTreeMap<Id, Option<V>>;

impl<V> Default for Journaled<V> {
    fn default() -> Self {
        Self { now: BTreeMap::new(), before: BTreeMap::new(), since: Vec::new(), touches: 0 }
    }
}

impl<V: Clone> Journaled<V> {
    pub fn get(&self, id: &Id) -> Option<&V> {
        self.now.get(id)
    }

    pub fn contains_key(&self, id: &Id) -> bool {
        self.now.contains_key(id)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Id, &V)> {
        self.now.iter()
    }

    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.now.values()
    }

    fn remember(&mut self, id: &Id) {
        if !self.before.contains_key(id) {
            self.touches += 1;
            self.before.insert(id.clone(), self.now.get(id).cloned());
        }
    }

    pub fn get_mut(&mut self, id: &Id) -> Option<&mut V> {
        self.remember(id);
        self.now.get_mut(id)
    }

    pub fn insert(&mut self, id: Id, value: V) {
        self.remember(&id);
        self.now.insert(id, value);
    }

    pub fn remove(&mut self, id: &Id) -> Option<V> {
        self.remember(id);
        self.now.remove(id)
    }

    /// The ids of what fits, to be changed one by one.
    pub fn ids(&self, fits: impl Fn(&Id, &V) -> bool) -> Vec<Id> {
        self.now.iter().filter(|(id, value)| fits(id, value)).map(|(id, _)| id.clone()).collect()
    }

    pub fn touches(&self) -> u64 {
        self.touches
    }

    /// What the statement did stands.
    pub fn keep(&mut self) {
        let before = std::mem::take(&mut self.before);
        self.note(before);
    }

    fn note(&mut self, before: Before<V>) {
        if let Some(since) = self.since.last_mut() {
            for (id, value) in before {
                since.entry(id).or_insert(value);
            }
        }
    }

    /// From here on what is touched is remembered, beyond the statement.
    pub fn mark(&mut self) {
        self.since.push(Before::new());
    }

    /// What stood under the ids that were touched since the last mark, which is gone then.
    pub fn marked(&mut self) -> Before<V> {
        self.since.pop().unwrap_or_default()
    }

    /// The last mark is gone, and what was touched since counts for the one before.
    pub fn release(&mut self) {
        let before = self.marked();
        self.note(before);
    }

    /// Back to what stood there.
    pub fn put_back(&mut self, before: Before<V>) {
        self.touches += u64::from(!before.is_empty());
        for (id, value) in before {
            match value {
                Some(value) => self.now.insert(id, value),
                None => self.now.remove(&id),
            };
        }
    }

    /// Back to what was before the statement.
    pub fn undo(&mut self) {
        let before = std::mem::take(&mut self.before);
        self.put_back(before);
    }
}
