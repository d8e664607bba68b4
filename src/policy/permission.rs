//! Who accepts what: entries of the allow list and comments beside declarations, as one list.
//!
//! Comes in: the allow lists and the remarks of both revisions. Goes out: permissions, and what was meant as one. What the
//! base had already is marked: it was given for an earlier change.

use std::collections::HashMap;
use std::sync::Arc;

use crate::config::nearest::nearest;
use crate::config::{Allow, Date};
use crate::model::{Origin, Remark};
use crate::rules::{self, Finding};
use crate::source::{Files, Location};

use super::allow::{Stale, Why};
use super::judge::Judged;

/// New comments that are named one by one.
const COMMENTS: usize = 10;

/// What people wrote to accept findings.
#[derive(Debug, Clone, Default)]
pub struct Permissions {
    pub(super) list: Vec<Permission>,
    /// Comments that accept nothing, whatever is found.
    pub(super) broken: Vec<Stale>,
}

/// One permission.
#[derive(Debug, Clone)]
pub(super) struct Permission {
    pub entry: Allow,
    /// Of a comment: where it is, and the declaration it stands at.
    pub comment: Option<(Location, Origin)>,
    /// The base had it too.
    pub old: bool,
}

/// Allow list and remarks of one revision.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said<'a> {
    pub allow: &'a [Allow],
    pub remarks: &'a [Remark],
}

impl Permissions {
    /// What head says, held against what base said already.
    pub fn of(head: Said<'_>, base: Said<'_>, files: &Files) -> Self {
        let listed = head.allow.iter().map(|entry| Permission {
            entry: entry.clone(),
            comment: None,
            old: base.allow.contains(entry),
        });
        let mut permissions = Self { list: listed.collect(), broken: Vec::new() };
        let [before, now] = [base, head].map(|said| Counts::of(said.remarks, files));
        for remark in head.remarks {
            let old = before.here(remark, files) >= now.here(remark, files)
                || before.anywhere(remark) >= now.anywhere(remark);
            permissions.comment(remark, old, files.locate(remark.origin));
        }
        permissions
    }

    fn comment(&mut self, remark: &Remark, old: bool, at: Location) {
        let (named, entry) = parse(&remark.text);
        let stale = |rule: &str, why| Stale {
            rule: rule.to_string(),
            subject: None,
            reason: entry.reason.clone(),
            until: entry.until.clone(),
            why,
            at: Some(at.clone()),
            fingerprint: None,
            old,
        };
        if named.is_empty() {
            self.broken.push(stale("", Why::Unclear));
        }
        for rule in named {
            if rules::find(rule).is_none() {
                let near = nearest(rule, rules::all().map(|rule| rule.id));
                self.broken.push(stale(rule, Why::UnknownRule(near)));
            } else if entry.reason.is_empty() {
                self.broken.push(stale(rule, Why::NoReason));
            } else {
                let entry = Allow { rule: rule.to_string(), ..entry.clone() };
                self.list.push(Permission { entry, comment: Some((at.clone(), remark.covers)), old });
            }
        }
    }

    /// One sentence for each comment that is new, and one for the rest of very many: a change can disarm its own check.
    pub fn new_comments(&self) -> Vec<String> {
        let new = self.list.iter().filter(|permission| !permission.old);
        let mut said: Vec<String> = new
            .filter_map(|Permission { entry, comment, .. }| {
                let (at, _) = comment.as_ref()?;
                Some(format!("`{}` is allowed at `{}:{}` now: {}", entry.rule, at.path, at.line, entry.reason))
            })
            .collect();
        let more = said.len().saturating_sub(COMMENTS);
        if more > 1 {
            said.truncate(COMMENTS);
            said.push(format!("{more} more comments allow something now"));
        }
        said
    }
}

impl Permission {
    /// The finding is one that it is for.
    pub fn fits(&self, judged: &Judged) -> bool {
        let (entry, finding) = (&self.entry, &judged.finding);
        let same = |want: &Option<String>, is: &Option<String>| {
            want.as_ref().is_none_or(|want| words(want) == words(is.as_deref().unwrap_or_default()))
        };
        entry.rule == finding.rule.id
            && entry.subject.as_ref().is_none_or(|subject| *subject == finding.subject)
            && entry.fingerprint.as_ref().is_none_or(|print| *print == judged.fingerprint)
            && same(&entry.before, &finding.before)
            && same(&entry.after, &finding.after)
            && self.comment.as_ref().is_none_or(|(_, covers)| places(finding).any(|at| inside(at, *covers)))
    }

    /// It names one change, not only a place.
    pub fn bound(&self) -> bool {
        let Allow { fingerprint, before, after, .. } = &self.entry;
        fingerprint.is_some() || before.is_some() || after.is_some()
    }

    pub fn expired(&self, today: Date) -> bool {
        self.entry.expired(today)
    }
}

/// The line in head; of a disagreement also its other end.
fn places(finding: &Finding) -> impl Iterator<Item = Origin> + '_ {
    finding.head.into_iter().chain(finding.related.iter().map(|(_, origin)| *origin))
}

fn inside(at: Origin, covers: Origin) -> bool {
    at.file == covers.file && covers.start <= at.start && at.start < covers.end.max(covers.start + 1)
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// How often a remark is said. It is recognised by its words and by what it stands at: lines move, and files are renamed.
#[derive(Default)]
struct Counts<'a> {
    by_file: HashMap<(Arc<str>, &'a str, &'a str), usize>,
    anywhere: HashMap<(&'a str, &'a str), usize>,
}

impl<'a> Counts<'a> {
    fn of(remarks: &'a [Remark], files: &Files) -> Self {
        let mut counts = Self::default();
        for remark in remarks {
            let path = files.get(remark.origin.file).path.clone();
            *counts.by_file.entry((path, &remark.text, &remark.about)).or_default() += 1;
            *counts.anywhere.entry((&remark.text, &remark.about)).or_default() += 1;
        }
        counts
    }

    /// In the file of the same path.
    fn here(&self, remark: &'a Remark, files: &Files) -> usize {
        let path = files.get(remark.origin.file).path.clone();
        self.by_file.get(&(path, &remark.text, &remark.about)).copied().unwrap_or_default()
    }

    fn anywhere(&self, remark: &Remark) -> usize {
        self.anywhere.get(&(remark.text.as_str(), &*remark.about)).copied().unwrap_or_default()
    }
}

/// `allow(rule, other) reason until=2027-01-31`: the rules, and the rest as an entry; no rules when it says something else.
fn parse(text: &str) -> (Vec<&str>, Allow) {
    let inside = text.strip_prefix("allow").and_then(|rest| rest.trim_start().strip_prefix('('));
    let (named, rest) = inside.and_then(|rest| rest.split_once(')')).unwrap_or_default();
    let words: Vec<&str> = rest.split_whitespace().collect();
    let (mut reason, mut until, mut words) = (Vec::new(), None, words.as_slice());
    while let [word, behind @ ..] = words {
        words = behind;
        match last_day(word, behind) {
            Some((day, taken)) => {
                until = Some(day.to_string());
                words = behind.get(taken..).unwrap_or_default();
            }
            None => reason.push(*word),
        }
    }
    let reason = reason.join(" ");
    let entry = Allow {
        // `allow(rule): reason` and `allow(rule) -- reason` say no more.
        reason: reason.trim_start_matches([':', '-', '—', ' ']).to_string(),
        until,
        ..Allow::default()
    };
    (named.split(',').map(str::trim).filter(|rule| !rule.is_empty()).collect(), entry)
}

/// The last day that a word gives, and how many words behind it belong to it: what is nearly `until=2027-01-31` is not a
/// part of the reason, or a typing mistake would allow something for ever.
fn last_day<'a>(word: &'a str, behind: &[&'a str]) -> Option<(&'a str, usize)> {
    let until = "until";
    let rest =
        word.get(..until.len()).filter(|start| start.eq_ignore_ascii_case(until)).and(word.get(until.len()..))?;
    let dated =
        |text: &str| text.split_once('-').is_some_and(|(year, _)| year.len() == 4 && year.parse::<u16>().is_ok());
    let (day, taken) = match (rest, behind) {
        ("", ["=" | ":", day, ..]) if dated(day) => (*day, 2),
        ("" | "=" | ":", [day, ..]) if dated(day) => (*day, 1),
        ("" | ":", _) => return None,
        _ => (rest.strip_prefix(['=', ':'])?, 0),
    };
    Some((day.trim_end_matches([',', '.', ';']), taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_comment() {
        let cases = [
            ("allow(a) why not", vec!["a"], "why not", None),
            ("allow (a , b): why until=2027-01-31", vec!["a", "b"], "why", Some("2027-01-31")),
            ("allow(a) -- why until=soon", vec!["a"], "why", Some("soon")),
            ("allow(a)", vec!["a"], "", None),
            ("allow(a) until=2027-01-31", vec!["a"], "", Some("2027-01-31")),
            ("allow(a) why until 2027-01-31", vec!["a"], "why", Some("2027-01-31")),
            ("allow(a) Until: 2027-01-31, agreed", vec!["a"], "agreed", Some("2027-01-31")),
            ("allow(a) until = 2027-01-31 why", vec!["a"], "why", Some("2027-01-31")),
            ("allow(a) until= why", vec!["a"], "why", Some("")),
            (
                "allow(a) kept until 3.0 and until: the app is out",
                vec!["a"],
                "kept until 3.0 and until: the app is out",
                None,
            ),
            ("allow()", vec![], "", None),
            ("ignore(a) why", vec![], "", None),
            ("allow(a why", vec![], "", None),
        ];
        for (text, rules, reason, until) in cases {
            let (named, entry) = parse(text);
            assert_eq!((named, entry.reason.as_str(), entry.until.as_deref()), (rules, reason, until), "{text}");
        }
    }
}
