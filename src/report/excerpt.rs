//! Which lines of both revisions are shown for a finding, and in which order: one selection for all formats that show lines.

use super::{Item, Line, Place};

/// A place with the lines that are shown there.
#[derive(Debug, Clone)]
pub struct Excerpt<'a> {
    pub place: &'a Place,
    pub role: Role<'a>,
    pub lines: Vec<(Sign, &'a Line)>,
}

/// Why a place is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role<'a> {
    /// Where the finding is.
    Here,
    /// The same in the base, elsewhere.
    Base,
    /// Where the other end is, by its name.
    Related(&'a str),
}

/// What a line with a mark says; lines without one are context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    Base,
    Head,
    /// Stands in head, and need not be new there.
    Stands,
    /// Of another end.
    Other,
}

impl Sign {
    /// The sign in front of the line.
    pub fn symbol(self) -> char {
        match self {
            Self::Base => '-',
            Self::Head => '+',
            Self::Stands | Self::Other => ' ',
        }
    }
}

/// The places of a finding, the first one first.
pub fn excerpts(item: &Item) -> Vec<Excerpt<'_>> {
    let mut found = Vec::new();
    let own = if item.stands() { Sign::Stands } else { Sign::Head };
    match (&item.base, &item.head) {
        (Some(base), Some(head)) if same_text(base, head) => found.push(whole(head, Role::Here, Sign::Stands)),
        (Some(base), Some(head)) if base.same_spot(head) => {
            let lines = &head.snippet.lines;
            let before = lines.iter().take_while(|l| l.mark.is_none());
            let after = lines.iter().skip_while(|l| l.mark.is_none()).skip_while(|l| l.mark.is_some());
            let signed = |sign| move |line| (sign, line);
            let lines = before
                .map(signed(Sign::Stands))
                .chain(base.snippet.marked().map(signed(Sign::Base)))
                .chain(head.snippet.marked().map(signed(Sign::Head)))
                .chain(after.map(signed(Sign::Stands)));
            found.push(Excerpt { place: head, role: Role::Here, lines: lines.collect() });
        }
        (Some(base), Some(head)) => {
            found.push(whole(head, Role::Here, own));
            found.push(whole(base, Role::Base, if item.adds() { Sign::Other } else { Sign::Base }));
        }
        (None, Some(head)) => found.push(whole(head, Role::Here, own)),
        (Some(base), None) => found.push(whole(base, Role::Base, Sign::Base)),
        (None, None) => {}
    }
    found.extend(item.related.iter().map(|(name, place)| whole(place, Role::Related(name), Sign::Other)));
    found
}

fn whole<'a>(place: &'a Place, role: Role<'a>, sign: Sign) -> Excerpt<'a> {
    Excerpt { place, role, lines: place.snippet.lines.iter().map(|line| (sign, line)).collect() }
}

/// The marked lines say the same: what changed is elsewhere, and showing them twice tells nothing.
fn same_text(base: &Place, head: &Place) -> bool {
    base.at.path == head.at.path
        && base.snippet.marked().map(|l| l.text.as_str()).eq(head.snippet.marked().map(|l| l.text.as_str()))
}
