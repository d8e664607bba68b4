//! Lines of both revisions and short texts before and after, with what differs inside them.

use std::fmt::Write;
use std::ops::Range;

use similar::{ChangeTag, TextDiff};

use crate::report::excerpt::{Excerpt, Role, Sign, excerpts};
use crate::report::text::{one_line, sides};
use crate::report::{Item, Line};

use super::escape::Text;

/// Below this share of common words two lines are two lines, not one that changed.
const ALIKE: f32 = 0.3;

/// The places of a finding with their lines.
pub fn places(out: &mut String, item: &Item) {
    for excerpt in excerpts(item) {
        let at = &excerpt.place.at;
        let note = match excerpt.role {
            Role::Here => String::new(),
            Role::Base => " (base)".to_string(),
            Role::Related(name) => format!(" ({})", one_line(name)),
        };
        let caption = format!("{}:{}:{}{note}", one_line(&at.path), at.line, at.column);
        if excerpt.lines.is_empty() {
            let _ = writeln!(out, "<p class=\"at\">{}</p>", Text(&caption));
            continue;
        }
        let _ = write!(out, "<figure class=\"code\"><figcaption>{}</figcaption><pre>", Text(&caption));
        lines(out, &excerpt);
        out.push_str("</pre></figure>\n");
    }
}

fn lines(out: &mut String, excerpt: &Excerpt<'_>) {
    let differing = differing(excerpt);
    for (index, (sign, line)) in excerpt.lines.iter().enumerate() {
        let sign = line.mark.map(|_| *sign);
        let (element, symbol) = match sign {
            Some(Sign::Base) => ("del", '−'),
            Some(Sign::Head) => ("ins", '+'),
            _ => ("span", ' '),
        };
        let _ = write!(
            out,
            "<{element} class=\"l\"><span class=\"n\">{}</span> <span class=\"s\">{symbol}</span> ",
            line.number
        );
        let own = differing.iter().find(|(at, _)| *at == index).map(|(_, ranges)| ranges.as_slice());
        match (own, sign) {
            (Some(ranges), _) => marked(out, &line.text, ranges),
            (None, Some(Sign::Stands | Sign::Other)) => marked(out, &line.text, &[span(line)]),
            _ => marked(out, &line.text, &[]),
        }
        // Inside, so that lines are apart without style and no line is empty with it.
        let _ = write!(out, "\n</{element}>");
    }
}

/// The bytes that are marked.
fn span(line: &Line) -> Range<usize> {
    let byte = |at: usize| line.text.char_indices().nth(at).map_or(line.text.len(), |(byte, _)| byte);
    line.mark.map_or(0..0, |(from, to)| byte(from)..byte(to))
}

/// Text with the ranges between `<b>` and `</b>`; blanks at the ends of a range say nothing.
fn marked(out: &mut String, text: &str, ranges: &[Range<usize>]) {
    let mut at = 0;
    for range in ranges {
        let inner = text.get(range.clone()).unwrap_or_default();
        let start = range.start + (inner.len() - inner.trim_start().len());
        let end = start + inner.trim().len();
        if end > start {
            let (before, inner) = (text.get(at..start), text.get(start..end));
            let _ = write!(out, "{}<b>{}</b>", Text(before.unwrap_or_default()), Text(inner.unwrap_or_default()));
            at = end;
        }
    }
    let _ = write!(out, "{}", Text(text.get(at..).unwrap_or_default()));
}

/// Where lines of base and head stand for each other: index of the line, and the bytes that the other one does not have.
fn differing(excerpt: &Excerpt<'_>) -> Vec<(usize, Vec<Range<usize>>)> {
    let of = |wanted: Sign| -> Vec<(usize, &str)> {
        let lines = excerpt.lines.iter().enumerate();
        let own = lines.filter(|(_, (sign, line))| *sign == wanted && line.mark.is_some());
        own.map(|(at, (_, line))| (at, line.text.as_str())).collect()
    };
    let (base, head) = (of(Sign::Base), of(Sign::Head));
    if base.len() != head.len() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for ((base_at, before), (head_at, after)) in base.into_iter().zip(head) {
        if let Some((removed, added)) = differences(before, after) {
            found.extend([(base_at, removed), (head_at, added)]);
        }
    }
    found
}

type Ranges = Vec<Range<usize>>;

/// The bytes of each text that the other does not have; none when they have little in common.
fn differences(before: &str, after: &str) -> Option<(Ranges, Ranges)> {
    let diff = TextDiff::from_unicode_words(before, after);
    if diff.ratio() < ALIKE {
        return None;
    }
    let side = |tag: ChangeTag| {
        let (mut at, mut ranges) = (0, Ranges::new());
        for change in diff.iter_all_changes().filter(|c| c.tag() == ChangeTag::Equal || c.tag() == tag) {
            let end = at + change.value().len();
            if change.tag() == tag {
                match ranges.last_mut().filter(|last| last.end == at) {
                    Some(last) => last.end = end,
                    None => ranges.push(at..end),
                }
            }
            at = end;
        }
        ranges
    };
    Some((side(ChangeTag::Delete), side(ChangeTag::Insert)))
}

/// Before and after of a value.
pub fn change(out: &mut String, before: Option<&str>, after: Option<&str>, limit: usize) {
    let (before, after) = sides(before.unwrap_or_default(), after.unwrap_or_default(), limit);
    let (removed, added) = match before.is_empty() || after.is_empty() {
        true => Default::default(),
        false => differences(&before, &after).unwrap_or_default(),
    };
    for (element, text, ranges) in [("del", before, removed), ("ins", after, added)] {
        if !text.is_empty() {
            let _ = write!(out, "<{element}>");
            marked(out, &text, &ranges);
            let _ = write!(out, "</{element}>");
        }
        if element == "del" {
            out.push_str(" → ");
        }
    }
}
