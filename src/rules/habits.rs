//! What is measured by its neighbours is no news where only the neighbours changed.
//!
//! Comes in: the two revisions and what the habit rules say of each. Goes out: the same findings, so that git's baseline
//! tells the truth: what begins or ends to stand out although nobody touched it is neither introduced nor resolved. Must not
//! know: single rules.

use std::collections::HashSet;

use crate::model::{Change, ChangeKind, FileId, Layer};

use super::finding::Finding;
use super::migration;
use super::rule::{Check, Pair};

/// Moves what no change touches to both sides, or to none. Places are still those of the own side.
pub fn settle(pair: &Pair<'_>, base: &mut Vec<Finding>, head: &mut [Finding]) {
    let habit = |finding: &Finding| matches!(finding.rule.check, Check::Habit(_));
    let identity = |finding: &Finding| (finding.rule.id, finding.subject.clone(), finding.detail.clone());
    let old: HashSet<_> = base.iter().filter(|f| habit(f)).map(identity).collect();
    let new: HashSet<_> = head.iter().filter(|f| habit(f)).map(identity).collect();
    if old == new {
        return;
    }
    let touched = Touched::by(pair);
    base.retain(|f| !habit(f) || new.contains(&identity(f)) || touched.by_change(f));
    let stood = head.iter().filter(|f| habit(f) && !old.contains(&identity(f)) && !touched.by_change(f));
    // Where it stood in the base nobody knows, but that it did.
    base.extend(stood.cloned().map(|finding| Finding { head: None, ..finding }));
}

/// Subjects that something was done to.
#[derive(Default)]
struct Touched {
    /// By themselves, or in a part of them.
    changed: HashSet<String>,
    /// With all that is in them.
    whole: HashSet<String>,
    /// Files of contracts that one revision alone has.
    files: HashSet<FileId>,
}

impl Touched {
    fn by(pair: &Pair<'_>) -> Self {
        let mut touched = Self::default();
        for change in pair.changes.iter().flat_map(|c| std::iter::once(c).chain(&c.parts)) {
            touched.add(change);
            if matches!(change.kind, ChangeKind::ContractAdded | ChangeKind::ContractRemoved) {
                let apis = pair.base.model.apis.iter().chain(&pair.head.model.apis);
                touched.files.extend(apis.filter(|api| *api.path == *change.subject).flat_map(|api| &api.files));
            }
        }
        for source in migration::sources(pair) {
            let known: HashSet<_> = source.base.migrations.iter().map(|m| m.origin.file).collect();
            let new = source.head.migrations.iter().filter(|m| !known.contains(&m.origin.file));
            touched.changed.extend(new.map(|migration| migration::called(migration)));
        }
        touched
    }

    fn add(&mut self, change: &Change) {
        let names = [Some(&change.subject), change.facts.other_name.as_ref()];
        for name in names.into_iter().flatten() {
            if matches!(change.kind, ChangeKind::EntityAdded | ChangeKind::EntityRemoved | ChangeKind::EntityRenamed) {
                self.whole.insert(name.clone());
            }
            self.changed.extend(above(name).map(str::to_string));
            self.changed.insert(name.clone());
        }
    }

    fn by_change(&self, finding: &Finding) -> bool {
        // What disagrees with something of the other layer stands at one end of the two.
        let other = finding.related.iter().filter(|_| finding.rule.layer == Layer::Link);
        self.has(&finding.subject)
            || other.into_iter().any(|(name, _)| self.has(name))
            || finding.head.is_some_and(|origin| self.files.contains(&origin.file))
    }

    fn has(&self, subject: &str) -> bool {
        self.changed.contains(subject) || above(subject).any(|name| self.whole.contains(name))
    }
}

/// What a name may be a part of: `crm.users` and `crm` for `crm.users.email`.
fn above(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('.').filter_map(|(at, _)| name.get(..at))
}
