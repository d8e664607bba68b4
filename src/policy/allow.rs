//! Accepted findings: permissions with a reason and, at will, a last day.
//!
//! The last day is inclusive. A date that cannot be read counts as passed: a permission never becomes endless by a typing
//! mistake. Git is the baseline here too: a permission that the base had was given for an earlier change, so it goes on
//! accepting what stands and debt, and accepts what is broken or taken apart now only where it names it (`fingerprint`,
//! `before`, `after`).
//! A permission that accepts nothing is reported.

use std::collections::HashMap;

use crate::config::Date;
use crate::rules::{Category, Finding, Status};
use crate::source::Location;

use super::judge::Judged;
use super::permission::{Permission, Permissions};

/// A finding that people accept.
#[derive(Debug, Clone)]
pub struct Suppressed {
    pub finding: Finding,
    pub fingerprint: String,
    pub reason: String,
    pub until: Option<String>,
    /// The comment that accepts it; `None` is an entry of the allow list.
    pub at: Option<Location>,
}

/// A permission that does nothing (any more).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    pub rule: String,
    pub subject: Option<String>,
    pub reason: String,
    pub until: Option<String>,
    pub why: Why,
    /// The comment; `None` is an entry of the allow list.
    pub at: Option<Location>,
    /// A finding that it does not accept, where `why` speaks of one.
    pub fingerprint: Option<String>,
    /// The base had it too.
    pub old: bool,
}

/// Why a permission does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The last day has passed, and a finding is back because of it.
    Expired,
    /// `until` is no date, so it counts as expired.
    NoDate,
    /// It accepts no finding of this comparison.
    Unused,
    /// It was given for an earlier change, and there is another at the same place.
    Earlier,
    /// A comment without a reason.
    NoReason,
    /// A comment for a rule that does not exist, with the nearest that does.
    UnknownRule(Option<&'static str>),
    /// A comment that says something else.
    Unclear,
}

impl Why {
    /// One word for machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::NoDate => "no-date",
            Self::Unused => "unused",
            Self::Earlier => "earlier",
            Self::NoReason => "no-reason",
            Self::UnknownRule(_) => "unknown-rule",
            Self::Unclear => "unclear",
        }
    }
}

impl Stale {
    /// It did nothing, as before: what it was for is merged, and a comparison over more history may still need it.
    pub fn idle(&self) -> bool {
        self.old && self.why == Why::Unused
    }

    /// One sentence for people.
    pub fn message(&self) -> String {
        let reason = if self.reason.is_empty() { String::new() } else { format!(" ({})", self.reason) };
        let what = match (&self.at, &self.subject) {
            (Some(at), _) if self.rule.is_empty() => format!("the comment at `{}:{}`", at.path, at.line),
            (Some(at), _) => format!("the comment at `{}:{}` that allows `{}`{reason}", at.path, at.line, self.rule),
            (None, Some(subject)) => format!("the allow entry for `{}` at `{subject}`{reason}", self.rule),
            (None, None) => format!("the allow entry for `{}`{reason}", self.rule),
        };
        let until = self.until.as_deref().unwrap_or_default();
        match self.why {
            Why::Expired => format!("{what} ended on {until}: what it accepted counts again"),
            Why::NoDate => format!("{what} has no readable date in `{until}` and counts as expired; write YYYY-MM-DD"),
            Why::Unused => format!("{what} accepts nothing any more: remove it"),
            Why::Earlier => {
                let print = self.fingerprint.as_deref().unwrap_or_default();
                let bind = if self.at.is_some() { "renew its reason, or allow" } else { "bind it to" };
                format!(
                    "{what} was given for an earlier change and does not accept this one; if it is meant too, {bind} `fingerprint: {print}`"
                )
            }
            Why::NoReason => format!("{what} gives no reason and does not count; write it behind the bracket"),
            Why::UnknownRule(Some(near)) => {
                format!("{what} does not count: there is no such rule; did you mean `{near}`?")
            }
            Why::UnknownRule(None) => {
                format!("{what} does not count: there is no such rule; `driftline rules` lists all")
            }
            Why::Unclear => format!("{what} is not understood; write `driftline: allow(RULE) reason`"),
        }
    }
}

/// Takes the accepted findings out; gives them and the permissions that did nothing.
pub fn apply(findings: &mut Vec<Judged>, permissions: &Permissions, today: Date) -> (Vec<Suppressed>, Vec<Stale>) {
    let mut met: Vec<Met> = permissions.list.iter().map(|_| Met::default()).collect();
    let mut by_rule: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, permission) in permissions.list.iter().enumerate() {
        by_rule.entry(&permission.entry.rule).or_default().push(index);
    }
    let mut suppressed = Vec::new();
    findings.retain(|judged| {
        let mut accepted = None;
        let mut too_old = Vec::new();
        for index in by_rule.get(judged.finding.rule.id).into_iter().flatten().copied() {
            let (Some(permission), Some(met)) = (permissions.list.get(index), met.get_mut(index)) else { continue };
            if !permission.fits(judged) {
                continue;
            }
            met.hits += 1;
            // Resolved findings need no permission, but it is not unused in the comparison that resolves them.
            if permission.expired(today) || judged.finding.status == Status::Resolved {
                continue;
            }
            if permission.old && !permission.bound() && brought(&judged.finding) {
                too_old.push(index);
            } else {
                accepted = accepted.or(Some(permission));
            }
        }
        let Some(permission) = accepted else {
            for index in too_old {
                if let Some(met) = met.get_mut(index) {
                    met.refused.get_or_insert_with(|| judged.fingerprint.clone());
                }
            }
            return true;
        };
        suppressed.push(Suppressed {
            finding: judged.finding.clone(),
            fingerprint: judged.fingerprint.clone(),
            reason: permission.entry.reason.clone(),
            until: permission.entry.until.clone(),
            at: permission.comment.as_ref().map(|(at, _)| at.clone()),
        });
        false
    });
    let list = permissions.list.iter().zip(met);
    let idle = list.filter_map(|(permission, met)| stale(permission, met, today));
    let mut stale: Vec<Stale> = permissions.broken.iter().cloned().chain(idle).collect();
    // Entries of the list in its order, then comments by place.
    stale.sort_by(|a, b| a.at.cmp(&b.at));
    (suppressed, stale)
}

/// The change brought it, and a permission for it is one for that change. Debt and what cannot be read are accepted as
/// what they are, however they look in detail.
fn brought(finding: &Finding) -> bool {
    finding.status == Status::Introduced && !matches!(finding.rule.category, Category::Debt | Category::Input)
}

/// What a permission met.
#[derive(Debug, Default)]
struct Met {
    hits: usize,
    /// The fingerprint of a finding that it is too old for.
    refused: Option<String>,
}

fn stale(permission: &Permission, met: Met, today: Date) -> Option<Stale> {
    let entry = &permission.entry;
    let why = match (&entry.until, permission.expired(today)) {
        (Some(_), true) if entry.until_date().is_none() => Why::NoDate,
        // What has run out and met nothing is as useless as what never met anything.
        (_, true) if met.hits > 0 => Why::Expired,
        _ if met.refused.is_some() => Why::Earlier,
        _ if met.hits == 0 => Why::Unused,
        _ => return None,
    };
    Some(Stale {
        rule: entry.rule.clone(),
        subject: entry.subject.clone(),
        reason: entry.reason.clone(),
        until: entry.until.clone(),
        why,
        at: permission.comment.as_ref().map(|(at, _)| at.clone()),
        fingerprint: met.refused,
        old: permission.old,
    })
}
