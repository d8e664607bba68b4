//! Where a comment about a finding stands: on its own line if the provider shows it, else as near as it can.

use crate::model::patch::{FilePatch, Hunk, LineKind, Patch, PatchLine};
use crate::report::{Item, Landmark, Report};
use crate::source::Location;

/// A comment over more lines says less than one at the first of them.
const LONG: u32 = 10;

/// The side of the difference: deleted lines are on the left, everything else on the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Left,
    Right,
}

/// Lines of one hunk on one side, first and last included.
#[derive(Debug, Clone, Copy)]
pub struct Lines<'p> {
    pub file: &'p FilePatch,
    pub side: Side,
    pub first: PatchLine,
    pub last: PatchLine,
}

impl Lines<'_> {
    /// The numbers on the side they are on.
    pub fn numbers(&self) -> (u32, u32) {
        match self.side {
            Side::Left => (self.first.old, self.last.old),
            Side::Right => (self.first.new, self.last.new),
        }
    }
}

/// The place of a comment.
#[derive(Debug, Clone, Copy)]
pub enum Anchor<'p> {
    /// At the lines of the finding itself.
    Exact(Lines<'p>),
    /// At lines near it, or at the other end of a disagreement.
    Near(Lines<'p>),
    File(&'p FilePatch),
    Nowhere,
}

/// The best place for a comment about the item.
pub fn anchor<'p>(item: &Item, report: &Report, patch: &'p Patch) -> Anchor<'p> {
    let (head, base) = (item.head.as_ref().map(|p| &p.at), item.base.as_ref().map(|p| &p.at));
    let in_head = head.and_then(|at| Some((at, patch.at_head(&at.path)?)));
    // Old line numbers are those of the merge base; another base has other ones.
    let same_base = report.comparison.base.commit.as_deref() == Some(&patch.base);
    let in_base = base.filter(|_| same_base).and_then(|at| Some((at, patch.at_base(&at.path)?)));
    let exact = || {
        // Where something was taken out, head has what is around it, and the line that was edited is on the left.
        let written = || in_head.and_then(|(at, file)| changed(file, at));
        let gone = || in_base.and_then(|(at, file)| within(file, at, Side::Left));
        let shown = || in_head.and_then(|(at, file)| within(file, at, Side::Right));
        written().or_else(gone).or_else(shown).map(Anchor::Exact)
    };
    let near = || {
        let other = || item.related.iter().find_map(|(_, place)| changed(patch.at_head(&place.at.path)?, &place.at));
        let around = || in_head.and_then(|(at, file)| nearest(file, enclosing(report, at)?, at.line));
        let named = || match head {
            None => by_name(item, report, patch),
            Some(_) => None,
        };
        other().or_else(around).or_else(named).map(Anchor::Near)
    };
    let file = || {
        let of_base = || base.and_then(|at| patch.at_base(&at.path));
        in_head.map(|(_, file)| file).or_else(of_base).map(Anchor::File)
    };
    exact().or_else(near).or_else(file).unwrap_or(Anchor::Nowhere)
}

/// All of these lines of the new file, if one hunk shows them and the change has written them.
pub fn whole<'p>(patch: &'p Patch, path: &str, first: u32, last: u32) -> Option<Lines<'p>> {
    let file = patch.at_head(path)?;
    let lines = file.hunks.iter().find_map(|hunk| clipped(file, hunk, Side::Right, (first, last)))?;
    let is_new = |line: u32| {
        let mut all = file.hunks.iter().flat_map(|hunk| &hunk.lines);
        all.any(|l| l.kind == LineKind::Added && l.new == line)
    };
    (lines.numbers() == (first, last) && (first..=last).all(is_new)).then_some(lines)
}

/// First and last line; what ends at the start of a line does not reach it.
fn lines_of(at: &Location) -> (u32, u32) {
    let last = if at.end_column == 1 && at.end_line > at.line { at.end_line - 1 } else { at.end_line };
    (at.line, last.max(at.line))
}

fn number(line: &PatchLine, side: Side) -> u32 {
    if side == Side::Left { line.old } else { line.new }
}

/// What carries comments on that side: deleted lines on the left (unchanged ones have their place on the right).
fn is_on(line: &PatchLine, side: Side) -> bool {
    (side == Side::Left) == (line.kind == LineKind::Deleted)
}

/// The part of a range that one hunk shows; a hunk that changes lines of the range before one that only shows them.
fn within<'p>(file: &'p FilePatch, at: &Location, side: Side) -> Option<Lines<'p>> {
    let range = lines_of(at);
    let parts = || file.hunks.iter().filter_map(|hunk| Some((hunk, clipped(file, hunk, side, range)?)));
    let (hunk, lines) = parts().find(|(hunk, _)| changes(hunk, side, range)).or_else(|| parts().next())?;
    let (first, last) = lines.numbers();
    if last - first < LONG {
        return Some(lines);
    }
    let starts = first == range.0;
    let changed = hunk.lines.iter().find(|line| is_changed(line, side, range));
    let at = if starts { lines.first } else { changed.copied().unwrap_or(lines.first) };
    Some(Lines { first: at, last: at, ..lines })
}

/// The part of a range on the right, if the change touches it.
fn changed<'p>(file: &'p FilePatch, at: &Location) -> Option<Lines<'p>> {
    let range = lines_of(at);
    let touched = file.hunks.iter().any(|hunk| changes(hunk, Side::Right, range));
    touched.then(|| within(file, at, Side::Right))?
}

fn is_changed(line: &PatchLine, side: Side, (first, last): (u32, u32)) -> bool {
    line.kind != LineKind::Context && is_on(line, side) && (first..=last).contains(&number(line, side))
}

fn changes(hunk: &Hunk, side: Side, range: (u32, u32)) -> bool {
    hunk.lines.iter().any(|line| is_changed(line, side, range))
}

/// Deleted lines of a hunk need not follow each other; a comment stays in one run of them.
fn clipped<'p>(file: &'p FilePatch, hunk: &Hunk, side: Side, (first, last): (u32, u32)) -> Option<Lines<'p>> {
    let mut lines = hunk.lines.iter().filter(|line| is_on(line, side));
    let start = *lines.find(|line| (first..=last).contains(&number(line, side)))?;
    let mut end = start;
    for line in lines {
        if number(line, side) > last || number(line, side) != number(&end, side) + 1 {
            break;
        }
        end = *line;
    }
    Some(Lines { file, side, first: start, last: end })
}

/// The innermost landmark around a place of head.
fn enclosing<'r>(report: &'r Report, at: &Location) -> Option<&'r Landmark> {
    let before = report.outline.partition_point(|mark| (mark.path.as_str(), mark.line) <= (&*at.path, at.line));
    let mark = report.outline.get(before.checked_sub(1)?)?;
    (mark.path == *at.path).then_some(mark)
}

/// The shown line of a landmark that is nearest to `line`.
fn nearest<'p>(file: &'p FilePatch, mark: &Landmark, line: u32) -> Option<Lines<'p>> {
    let shown = file.hunks.iter().flat_map(|hunk| &hunk.lines).filter(|l| is_on(l, Side::Right));
    let inside = shown.filter(|l| (mark.line..=mark.end_line).contains(&l.new));
    let found = *inside.min_by_key(|l| l.new.abs_diff(line))?;
    Some(Lines { file, side: Side::Right, first: found, last: found })
}

/// A line of the entity that the subject of something gone belongs to, where the change shows one.
fn by_name<'p>(item: &Item, report: &Report, patch: &'p Patch) -> Option<Lines<'p>> {
    let subject = item.finding.subject.as_str();
    let owns = |name: &str| {
        subject.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ':', ' ']))
    };
    let mut owners: Vec<&Landmark> = report.outline.iter().filter(|mark| owns(&mark.name)).collect();
    owners.sort_by_key(|mark| std::cmp::Reverse(mark.name.len()));
    owners.into_iter().find_map(|mark| nearest(patch.at_head(&mark.path)?, mark, mark.line))
}
