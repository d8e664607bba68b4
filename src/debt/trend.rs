//! How debt moved: counts at commits that lie evenly in time.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::Date;

use super::{Debt, Entry, rate};

/// The debt of one revision in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Entities, linked ones counted once.
    pub entities: usize,
    /// Findings by the id of their rule.
    pub rules: BTreeMap<String, usize>,
}

impl Count {
    pub fn of<'e>(entries: impl IntoIterator<Item = &'e Entry>, entities: usize) -> Self {
        let mut rules: BTreeMap<String, usize> = BTreeMap::new();
        for entry in entries {
            *rules.entry(entry.finding.rule.id.to_string()).or_default() += 1;
        }
        Self { entities, rules }
    }

    pub fn of_debt(debt: &Debt) -> Self {
        Self::of(debt.entries(), debt.entities)
    }

    pub fn findings(&self) -> usize {
        self.rules.values().sum()
    }

    pub fn rate(&self) -> Option<usize> {
        rate(self.findings(), self.entities)
    }
}

/// The debt at one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// All hex digits; `None` is the working tree.
    pub commit: Option<String>,
    pub date: Date,
    /// The first line of the commit's message.
    pub subject: String,
    pub count: Count,
}

/// Counts in time, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trend {
    pub points: Vec<Point>,
    /// Commits that the points stand for.
    pub commits: usize,
}

/// One number in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    pub name: String,
    pub values: Vec<usize>,
}

impl Curve {
    pub fn first(&self) -> usize {
        self.values.first().copied().unwrap_or_default()
    }

    pub fn last(&self) -> usize {
        self.values.last().copied().unwrap_or_default()
    }

    pub fn least(&self) -> usize {
        self.values.iter().copied().min().unwrap_or_default()
    }

    pub fn most(&self) -> usize {
        self.values.iter().copied().max().unwrap_or_default()
    }

    fn moves(&self) -> bool {
        self.least() != self.most()
    }
}

impl Trend {
    fn curve(&self, name: &str, value: impl Fn(&Count) -> usize) -> Curve {
        Curve { name: name.to_string(), values: self.points.iter().map(|point| value(&point.count)).collect() }
    }

    pub fn findings(&self) -> Curve {
        self.curve("findings", Count::findings)
    }

    pub fn entities(&self) -> Curve {
        self.curve("entities", |count| count.entities)
    }

    /// Findings for 100 entities.
    pub fn rates(&self) -> Curve {
        self.curve("per 100 entities", |count| count.rate().unwrap_or_default())
    }

    /// The rules that speak somewhere, by id.
    pub fn rules(&self) -> Vec<Curve> {
        let ids: BTreeSet<&str> =
            self.points.iter().flat_map(|point| point.count.rules.keys()).map(String::as_str).collect();
        ids.into_iter().map(|id| self.curve(id, |count| count.rules.get(id).copied().unwrap_or_default())).collect()
    }

    /// The rules whose number is not the same everywhere; those that moved furthest come first.
    pub fn moved(&self) -> Vec<Curve> {
        let mut moved: Vec<Curve> = self.rules().into_iter().filter(Curve::moves).collect();
        moved.sort_by_key(|curve| {
            let (first, last) = (curve.first(), curve.last());
            (std::cmp::Reverse(first.abs_diff(last).max(curve.most() - curve.least())), curve.name.clone())
        });
        moved
    }
}

/// Places of about `number` moments that lie evenly between the first and the last; `times` are the newest first, and so are the
/// places. The ends are always among them.
pub fn sample(times: &[i64], number: usize) -> Vec<usize> {
    // Clocks of authors differ: who comes later in history is not earlier.
    let mut oldest_first: Vec<i64> = times.iter().rev().copied().collect();
    let mut latest = i64::MIN;
    for time in &mut oldest_first {
        latest = latest.max(*time);
        *time = latest;
    }
    let (Some(first), Some(last)) = (oldest_first.first().copied(), oldest_first.last().copied()) else {
        return Vec::new();
    };
    let all = oldest_first.len();
    if all <= number.max(2) {
        return (0..all).collect();
    }
    let steps = i64::try_from(number.max(2) - 1).unwrap_or(1);
    let span = last.saturating_sub(first);
    let mut chosen = BTreeSet::from([0, all - 1]);
    for step in 1..steps {
        // The state on that day is that of the last commit before.
        let day = first.saturating_add(span / steps * step);
        chosen.insert(oldest_first.partition_point(|time| *time <= day).saturating_sub(1));
    }
    chosen.into_iter().rev().map(|at| all - 1 - at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_lie_evenly_in_time_and_hold_both_ends() {
        assert_eq!(sample(&[], 5), Vec::<usize>::new());
        assert_eq!(sample(&[7], 5), [0]);
        assert_eq!(sample(&[30, 20, 10], 5), [0, 1, 2]);
        let days: Vec<i64> = (0..=100).rev().collect();
        assert_eq!(sample(&days, 5), [0, 25, 50, 75, 100]);
        // A hundred commits of one day in the middle of a year are one moment.
        let mut times = vec![365];
        times.extend(std::iter::repeat_n(180, 100));
        times.push(0);
        assert_eq!(sample(&times, 5), [0, 1, 101]);
        // A clock that was wrong does not turn the order.
        let odd = [40, 10, 30, 20, 0];
        assert_eq!(sample(&odd, 3), [0, 3, 4]);
    }

    #[test]
    fn what_moved_furthest_comes_first() {
        let point = |day, numbers: &[(&str, usize)]| Point {
            commit: None,
            date: Date { year: 2026, month: 1, day },
            subject: String::new(),
            count: Count { entities: 10, rules: numbers.iter().map(|(id, n)| ((*id).to_string(), *n)).collect() },
        };
        let trend = Trend {
            points: vec![
                point(1, &[("a", 1), ("b", 2)]),
                point(2, &[("b", 2), ("c", 5)]),
                point(3, &[("a", 3), ("b", 2)]),
            ],
            commits: 3,
        };
        let moved: Vec<String> = trend.moved().into_iter().map(|curve| curve.name).collect();
        assert_eq!(moved, ["c", "a"]);
        assert_eq!((trend.findings().values, trend.rates().last()), (vec![3, 7, 5], 50));
    }
}
