//! The past of a repository: what each commit of a walk changed in contracts and SQL.
//!
//! Comes in: a walk through commits, a configuration, perhaps a cache on disk. Goes out: a [`Past`]. Commits that touch no
//! input are passed over, what is the same before and after a commit is not read, and what an earlier run found out is taken
//! from the cache. Must not know: output formats, what is asked of the past.

pub mod blame;
mod cache;
mod contracts;
mod events;
pub mod follow;
pub mod memory;
mod once;
mod span;
mod sql;

pub use cache::{Cache, Kept};

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::config::Config;
use crate::model::past::{Commit, Event, Past};
use crate::revision::{Error, Step, Walk};

use span::Span;

/// How the work is done; nothing here changes what comes out.
pub struct Work<'a> {
    pub threads: usize,
    /// Told how many commits are done, and of how many.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
}

impl Work<'_> {
    /// Runs the same work on every thread; each takes jobs from one queue until there are none. What comes out is in no order.
    pub fn share<J: Send, T: Send>(
        &self,
        jobs: impl IntoIterator<Item = J>,
        run: impl Fn(&dyn Fn() -> Option<J>) -> Result<Vec<T>, Error> + Sync,
    ) -> Result<Vec<T>, Error> {
        let queue = Mutex::new(jobs.into_iter().collect::<VecDeque<J>>());
        let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let work = || run(&next);
        let results: Vec<_> = std::thread::scope(|scope| {
            let others: Vec<_> = (1..self.threads.max(1)).map(|_| scope.spawn(work)).collect();
            let own = work();
            let others = others.into_iter().map(|t| t.join().unwrap_or_else(|p| std::panic::resume_unwind(p)));
            std::iter::once(own).chain(others.collect::<Vec<_>>()).collect()
        });
        let lists: Result<Vec<Vec<T>>, Error> = results.into_iter().collect();
        Ok(lists?.into_iter().flatten().collect())
    }
}

/// Commits that one thread works through without a break. Each stretch begins with reading all inputs once.
const STRETCH: usize = 400;

/// The past that the walk leads through.
pub fn of(walk: &Walk, all: bool, config: &Config, cache: &Cache, work: &Work<'_>) -> Result<Past, Error> {
    let keys: Vec<String> = walk.steps.iter().map(Step::key).collect();
    let mut known = cache.load::<Vec<Event>>();
    let mut found: Vec<Option<Vec<Event>>> = keys.iter().map(|key| known.take(key)).collect();
    let stretches = stretches(&found, work.threads);
    if !stretches.is_empty() {
        let done = AtomicUsize::new(0);
        let total = stretches.iter().map(|stretch| stretch.len()).sum();
        let results = work.share(stretches, |next| {
            let mut out = Vec::new();
            while let Some(stretch) = next() {
                let mut span = Span::open(walk, all, config)?;
                // Steps come newest first; a span goes forward in time.
                for at in stretch.rev() {
                    let Some(step) = walk.steps.get(at) else { continue };
                    out.push((at, span.events(step)?));
                    (work.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, total);
                }
            }
            Ok(out)
        })?;
        let mut new = Vec::new();
        for (at, events) in results {
            if let (Some(slot), Some(key)) = (found.get_mut(at), keys.get(at)) {
                new.push((key.clone(), events.clone()));
                *slot = Some(events);
            }
        }
        new.sort_by(|a, b| a.0.cmp(&b.0));
        cache.store(new);
    }
    let commits = walk.steps.iter().zip(found).filter_map(|(step, events)| {
        let events = events.filter(|events| !events.is_empty())?;
        Some(commit(step, events))
    });
    Ok(Past { commits: commits.collect(), walked: walk.steps.len(), end: walk.end.clone() })
}

fn commit(step: &Step, events: Vec<Event>) -> Commit {
    Commit {
        id: step.id.clone(),
        author: step.author.clone(),
        email: step.email.clone(),
        time: step.time,
        date: step.date,
        subject: step.subject.clone(),
        events,
    }
}

/// What has to be worked out: runs of steps that follow each other, cut so that all threads have something to do.
fn stretches(found: &[Option<Vec<Event>>], threads: usize) -> VecDeque<std::ops::Range<usize>> {
    let mut runs = VecDeque::new();
    let mut at = 0;
    while at < found.len() {
        let missing = found.iter().skip(at).take_while(|slot| slot.is_none()).count();
        // As many as keep all threads busy to the end.
        let parts = missing.div_ceil(STRETCH).next_multiple_of(threads.max(1)).min(missing.div_ceil(20));
        for part in 0..parts {
            runs.push_back(at + missing * part / parts..at + missing * (part + 1) / parts);
        }
        at += missing.max(1);
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_shared_out() {
        let found = |text: &str| text.chars().map(|c| (c == 'x').then(Vec::new)).collect::<Vec<Option<Vec<Event>>>>();
        assert_eq!(stretches(&found("xx..x."), 2), [2..4, 5..6]);
        assert_eq!(stretches(&found(&".".repeat(100)), 2), [0..50, 50..100]);
        assert!(stretches(&found("xxx"), 2).is_empty());
        let many = stretches(&found(&".".repeat(1001)), 2);
        assert_eq!((many.len(), many.iter().map(|run| run.len()).sum::<usize>()), (4, 1001));
    }
}
