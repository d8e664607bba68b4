//! Which finding is told where: in order of severity, so that what does not fit is the least of it.

use std::collections::{BTreeMap, BTreeSet};

use super::anchor::{Anchor, Lines, Side, anchor, whole};
use super::{Context, Provider, text};
use crate::model::patch::FilePatch;
use crate::policy::Verdict;
use crate::report::{Edit, Item, Report};
use crate::rules::{Severity, Status};

/// Comments at lines in one review: what a reader takes in, and well below what a provider takes for abuse.
pub const COMMENTS: usize = 30;
/// Comments at whole files.
pub const FILES: usize = 10;

/// A finding as it is told.
#[derive(Debug, Clone)]
pub struct Told<'a> {
    pub item: &'a Item,
    /// A line before the finding that says what it is about, when the comment stands elsewhere.
    pub about: Option<String>,
    /// What can be taken over with a click.
    pub edit: Option<&'a Edit>,
}

/// A comment and everything told in it.
#[derive(Debug, Clone)]
pub struct Comment<'a, P> {
    pub place: P,
    pub body: String,
    pub told: Vec<Told<'a>>,
}

/// A finding that the review does not tell.
#[derive(Debug, Clone)]
pub struct LeftOut<'a> {
    pub fingerprint: &'a str,
    pub why: &'static str,
}

#[derive(Debug)]
pub struct Plan<'a> {
    pub lines: Vec<Comment<'a, Lines<'a>>>,
    pub files: Vec<Comment<'a, &'a FilePatch>>,
    /// What has no line and no file, or no room there: for the text of the review.
    pub rest: Vec<Told<'a>>,
    /// The text of the rest, and of what has no room in it.
    pub rest_body: String,
    pub omitted: String,
    pub left_out: Vec<LeftOut<'a>>,
    pub resolved: Vec<&'a str>,
    /// Introduced errors and warnings that were posted before.
    pub known: usize,
}

impl<'a> Plan<'a> {
    /// Everything that this review tells.
    pub fn told(&self) -> impl Iterator<Item = &Told<'a>> {
        let lines = self.lines.iter().flat_map(|comment| &comment.told);
        lines.chain(self.files.iter().flat_map(|comment| &comment.told)).chain(&self.rest)
    }
}

/// Comments that end at one line are one.
type Key<'a> = (&'a str, Side, u32);

/// Plans the review.
pub fn plan<'a>(report: &'a Report, context: &'a Context, provider: Provider) -> Plan<'a> {
    let mut left_out = Vec::new();
    let mut lines: Vec<(Lines<'a>, Vec<Told<'a>>)> = Vec::new();
    let mut files: Vec<(&'a FilePatch, Vec<Told<'a>>)> = Vec::new();
    let mut rest = Vec::new();
    let mut at_line: BTreeMap<Key<'a>, usize> = BTreeMap::new();
    let mut at_file: BTreeMap<&'a str, usize> = BTreeMap::new();
    let mut known = 0;
    for item in report.of(Status::Introduced) {
        let fingerprint = item.fingerprint.as_str();
        if context.posted.contains(fingerprint) {
            known += usize::from(item.finding.severity != Severity::Note);
            left_out.push(LeftOut { fingerprint, why: "posted before" });
            continue;
        }
        if item.finding.severity == Severity::Note {
            left_out.push(LeftOut { fingerprint, why: "a note: only the summary tells it" });
            continue;
        }
        let found = anchor(item, report, &context.patch);
        let edit = item.suggestion.as_ref();
        let edited = edit.and_then(|e| whole(&context.patch, &e.path, e.line, e.end_line));
        let (place, moved) = match (found, edited) {
            (Anchor::Exact(own), Some(edited)) if own.side == Side::Right && own.file == edited.file => {
                (Some(edited), false)
            }
            (Anchor::Exact(own), _) => (Some(own), false),
            (Anchor::Near(near), _) => (Some(near), true),
            (Anchor::File(_) | Anchor::Nowhere, _) => (None, true),
        };
        let edit = edit.filter(|_| !moved && edited.is_some());
        let told = Told { item, about: moved.then(|| text::about(item, false)).flatten(), edit };
        match (place, found) {
            (Some(place), _) => {
                let index = *at_line.entry((place.file.path(), place.side, place.numbers().1)).or_insert(lines.len());
                match lines.get_mut(index) {
                    Some((known, all)) => join(known, all, place, told),
                    None => lines.push((place, vec![told])),
                }
            }
            (None, Anchor::File(file)) => {
                let index = *at_file.entry(file.path()).or_insert(files.len());
                match files.get_mut(index) {
                    Some((_, all)) => all.push(told),
                    None => files.push((file, vec![told])),
                }
            }
            (None, _) => rest.push(told),
        }
    }
    let voice = text::Voice { provider, key: &context.key };
    let lines = comments(lines, COMMENTS, &mut rest, |told, at| text::at_lines(told, at, voice));
    let files = comments(files, FILES, &mut rest, |told, _| text::at_file(told, voice));
    rest.sort_by_key(|told| told.item.finding.severity);
    let (rest_body, fitting) = text::rest(&rest, voice);
    let cut = rest.split_off(fitting);
    let omitted = text::omitted(&cut);
    left_out.extend(cut.iter().map(|told| LeftOut {
        fingerprint: &told.item.fingerprint,
        why: "no room: the summary and the other reports tell it",
    }));
    Plan { lines, files, rest, rest_body, omitted, left_out, resolved: resolved(report, context), known }
}

/// One more finding in a comment. A suggestion stays where it only adds words and is the only one; the lines that it
/// replaces are those of the comment.
fn join<'a>(place: &mut Lines<'a>, all: &mut Vec<Told<'a>>, other: Lines<'a>, mut told: Told<'a>) {
    let kept = |edit: Option<&'a Edit>| edit.filter(|edit| edit.adds);
    all.iter_mut().for_each(|known| known.edit = kept(known.edit));
    let suggested = all.iter().any(|told| told.edit.is_some());
    told.edit = kept(told.edit).filter(|_| !suggested);
    if told.edit.is_some() {
        *place = other;
    } else if !suggested && other.numbers().0 < place.numbers().0 {
        place.first = other.first;
    }
    all.push(told);
}

/// The comments there is room for; what does not fit goes on to the text of the review.
fn comments<'a, P>(
    places: Vec<(P, Vec<Told<'a>>)>,
    most: usize,
    rest: &mut Vec<Told<'a>>,
    text: impl Fn(&[Told<'a>], &P) -> (String, usize),
) -> Vec<Comment<'a, P>> {
    let mut comments = Vec::new();
    for (place, mut told) in places {
        if comments.len() == most {
            rest.extend(told.into_iter().map(unplaced));
            continue;
        }
        let (body, fitting) = text(&told, &place);
        rest.extend(told.split_off(fitting).into_iter().map(unplaced));
        comments.push(Comment { place, body, told });
    }
    comments
}

/// A finding away from its line.
fn unplaced(told: Told<'_>) -> Told<'_> {
    let about = told.about.or_else(|| text::about(told.item, true));
    Told { about, edit: None, ..told }
}

/// What was posted and is no longer found. Where nothing can be said, nothing is settled either.
fn resolved<'a>(report: &Report, context: &'a Context) -> Vec<&'a str> {
    let found: BTreeSet<&str> = report.of(Status::Introduced).map(|item| item.fingerprint.as_str()).collect();
    match report.verdict {
        Verdict::None => Vec::new(),
        _ => context.posted.iter().map(String::as_str).filter(|fingerprint| !found.contains(fingerprint)).collect(),
    }
}
