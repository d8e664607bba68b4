//! Accepted findings: entries of the allow list with a reason and, at will, a last day.
//!
//! The last day is inclusive. A date that cannot be read counts as passed: a permission never becomes endless by a typing
//! mistake. An entry that accepts nothing is reported, because it would hide the next break at the same place.

use crate::config::{Allow, Date};
use crate::rules::{Finding, Status};

use super::judge::Judged;

/// A finding that the configuration accepts.
#[derive(Debug, Clone)]
pub struct Suppressed {
    pub finding: Finding,
    pub fingerprint: String,
    pub reason: String,
    pub until: Option<String>,
}

/// An entry of the allow list that does nothing (any more).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    pub rule: String,
    pub subject: Option<String>,
    pub reason: String,
    pub until: Option<String>,
    pub why: Why,
}

/// Why an entry does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The last day has passed, and a finding is back because of it.
    Expired,
    /// `until` is no date, so the entry counts as expired.
    NoDate,
    /// It accepts no finding of this comparison.
    Unused,
}

impl Stale {
    /// One sentence for people.
    pub fn message(&self) -> String {
        let place = self.subject.as_ref().map(|s| format!(" at `{s}`")).unwrap_or_default();
        let entry = format!("the allow entry for `{}`{place} ({})", self.rule, self.reason);
        let until = self.until.as_deref().unwrap_or_default();
        match self.why {
            Why::Expired => format!("{entry} ended on {until}: what it accepted counts again"),
            Why::NoDate => {
                format!("{entry} has no readable date in `until: {until}` and counts as expired; write YYYY-MM-DD")
            }
            Why::Unused => format!("{entry} accepts nothing any more: remove it"),
        }
    }
}

/// Takes the accepted findings out; gives them and the entries that did nothing.
pub fn apply(findings: &mut Vec<Judged>, entries: &[Allow], today: Date) -> (Vec<Suppressed>, Vec<Stale>) {
    let mut hits = vec![0usize; entries.len()];
    let mut suppressed = Vec::new();
    findings.retain(|judged| {
        let mut accepted = false;
        for (entry, hits) in entries.iter().zip(&mut hits) {
            if !matches(entry, judged) {
                continue;
            }
            *hits += 1;
            // Resolved findings need no permission, but the entry is not unused in the comparison that resolves them.
            if !accepted && !entry.expired(today) && judged.finding.status != Status::Resolved {
                accepted = true;
                suppressed.push(Suppressed {
                    finding: judged.finding.clone(),
                    fingerprint: judged.fingerprint.clone(),
                    reason: entry.reason.clone(),
                    until: entry.until.clone(),
                });
            }
        }
        !accepted
    });
    let stale = entries.iter().zip(hits).filter_map(|(entry, hits)| stale(entry, hits, today)).collect();
    (suppressed, stale)
}

fn matches(entry: &Allow, judged: &Judged) -> bool {
    entry.rule == judged.finding.rule.id
        && entry.subject.as_ref().is_none_or(|s| *s == judged.finding.subject)
        && entry.fingerprint.as_ref().is_none_or(|f| *f == judged.fingerprint)
}

fn stale(entry: &Allow, hits: usize, today: Date) -> Option<Stale> {
    let why = match (&entry.until, entry.expired(today)) {
        (Some(_), true) if entry.until_date().is_none() => Why::NoDate,
        // What has run out and met nothing is as useless as what never met anything.
        (_, true) if hits > 0 => Why::Expired,
        _ if hits == 0 => Why::Unused,
        _ => return None,
    };
    Some(Stale {
        rule: entry.rule.clone(),
        subject: entry.subject.clone(),
        reason: entry.reason.clone(),
        until: entry.until.clone(),
        why,
    })
}
