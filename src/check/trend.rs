//! Debt along a walk through history: counted at commits that lie evenly in time, each on its own day.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::config::Config;
use crate::debt::{Count, Point, Trend, sample};
use crate::history::{Cache, Kept, Work};
use crate::model::past::{End, Past};
use crate::revision::{Error, Reader, Step, Walk};
use crate::source::Files;

use super::debt;

impl Kept for Count {
    const ENDING: &'static str = "debt";

    fn pack(entries: &[(String, Self)]) -> Option<Vec<u8>> {
        serde_json::to_vec(entries).ok()
    }

    fn unpack(bytes: &[u8]) -> Option<Vec<(String, Self)>> {
        serde_json::from_slice(bytes).ok()
    }
}

/// Bytes of files that a thread keeps loaded.
const MOST: usize = 64 << 20;

/// The past as it was at a step of the walk.
pub fn at_step(walk: &Walk, past: &Past, at: usize) -> Past {
    let places: HashMap<&str, usize> = walk.steps.iter().enumerate().map(|(at, step)| (step.id.as_str(), at)).collect();
    cut(&places, past, at)
}

fn cut(places: &HashMap<&str, usize>, past: &Past, at: usize) -> Past {
    let newer = |id: &str| places.get(id).is_some_and(|place| *place < at);
    Past {
        commits: past.commits.iter().skip_while(|commit| newer(&commit.id)).cloned().collect(),
        walked: past.walked.saturating_sub(at),
        end: past.end.clone(),
    }
}

/// What is measured.
pub struct Measure<'a> {
    pub walk: &'a Walk,
    pub past: &'a Past,
    /// How many steps from the newest on.
    pub steps: usize,
    /// About so many points.
    pub points: usize,
    /// One for all points.
    pub config: &'a Config,
    /// What the newest one owes today, where that is known.
    pub newest: Option<Count>,
}

/// The points, the oldest first.
pub fn along(measure: &Measure<'_>, cache: &Cache, work: &Work<'_>) -> Result<Trend, Error> {
    let Measure { walk, past, config, .. } = measure;
    let range = walk.steps.get(..measure.steps.min(walk.steps.len())).unwrap_or_default();
    let times: Vec<i64> = range.iter().map(|step| step.time).collect();
    let places: HashMap<&str, usize> = walk.steps.iter().enumerate().map(|(at, step)| (step.id.as_str(), at)).collect();
    let wanted: Vec<(usize, &Step)> =
        sample(&times, measure.points).into_iter().filter_map(|at| Some((at, range.get(at)?))).collect();
    let end = match &past.end {
        End::Shallow { commit, .. } => commit.as_str(),
        End::Root | End::Range => "",
    };
    let key = |step: &Step| format!("{} {end}", step.id);
    let mut known = cache.load::<Count>();
    let mut found: Vec<Option<Count>> = wanted.iter().map(|(_, step)| known.take(&key(step))).collect();
    if let (Some(slot), Some(newest)) = (found.first_mut(), &measure.newest) {
        *slot = Some(newest.clone());
    }
    let missing: Vec<usize> = (0..found.len()).filter(|at| found.get(*at).is_some_and(Option::is_none)).collect();
    let (total, done) = (missing.len(), AtomicUsize::new(0));
    let results = work.share(missing, |next| {
        let reader = Reader::open(walk)?;
        let mut files = Files::for_history();
        let mut out = Vec::new();
        while let Some((place, (at, step))) = next().and_then(|place| Some((place, wanted.get(place)?))) {
            if files.bytes() > MOST {
                files = Files::for_history();
            }
            let tree = reader.list(step.trees().1)?;
            out.push((place, debt::count(&tree, config, &cut(&places, past, *at), step.date, &files)));
            (work.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        }
        Ok(out)
    })?;
    let mut new = Vec::new();
    for (place, count) in results {
        if let (Some(slot), Some((_, step))) = (found.get_mut(place), wanted.get(place)) {
            new.push((key(step), count.clone()));
            *slot = Some(count);
        }
    }
    new.sort_by(|a, b| a.0.cmp(&b.0));
    cache.store(new);
    let point = |((_, step), count): (&(usize, &Step), Option<Count>)| {
        Some(Point { commit: Some(step.id.clone()), date: step.date, subject: step.subject.clone(), count: count? })
    };
    let mut points: Vec<Point> = wanted.iter().zip(found).filter_map(point).collect();
    points.reverse();
    Ok(Trend { points, commits: range.len() })
}
