//! The past that a few revisions in memory tell, for tests and examples.

use std::collections::HashSet;

use crate::config::Config;
use crate::model::origin::Text;
use crate::model::past::{Commit, Past};
use crate::revision::Tree;
use crate::source::{Files, Snapshot, discover, reconcile};

use super::contracts::Contracts;
use super::events::Telling;
use super::sql::Sql;

/// What a row of revisions changed, each against the one before it. Given oldest first, each with the commit that made it; the
/// first one came out of nothing.
pub fn told(revisions: Vec<(Commit, Tree)>, config: &Config) -> Past {
    let files = Files::for_history();
    let (mut contracts, mut sql) = (Contracts::default(), Sql::default());
    let telling = Telling::of(config);
    let mut before = Tree::from_memory("", []);
    let mut past = Past { walked: revisions.len(), ..Past::default() };
    for (mut commit, after) in revisions {
        let ours = Snapshot::new(&before, &files);
        let theirs = Snapshot::new(&after, &files);
        let (mut old, mut new) = (discover(&ours, config), discover(&theirs, config));
        reconcile((&mut old, &ours), (&mut new, &theirs));
        let id = |tree: &Tree, path: &Text| tree.entry(path).and_then(|entry| entry.id.clone());
        let paths = before.entries().chain(after.entries()).map(|(path, _)| path);
        let touched: HashSet<&Text> = paths.filter(|path| id(&before, path) != id(&after, path)).collect();
        let on = telling.on(commit.date);
        contracts.compare((&old, &before), (&new, &after), &touched, &on, &mut commit.events);
        sql.compare((&old, &ours), (&new, &theirs), &touched, &on, &mut commit.events);
        if !commit.events.is_empty() {
            past.commits.insert(0, commit);
        }
        before = after;
    }
    past
}
