//! The lines around a location, cut to what a reader needs.
//!
//! Comes in: a loaded file and a location. Goes out: a few lines, each with the characters to underline. A line of a
//! minified contract can be ten megabytes long, so every line is cut to a window around its mark.

use crate::source::{File, Location};

/// Lines shown before and after the span.
const CONTEXT: u32 = 1;
/// A span of more lines is shown, and underlined, by its first line only.
const SPAN: u32 = 3;
/// Characters of a line that are shown.
const WIDTH: usize = 120;

/// A zero byte among the first bytes of a file is the mark of UTF-16 and of binary files.
const BINARY: usize = 8000;

/// A window of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snippet {
    pub lines: Vec<Line>,
}

/// One line of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// 1-based.
    pub number: u32,
    /// Without its end; `…` stands for what was cut.
    pub text: String,
    /// Characters of `text` to underline, end exclusive.
    pub mark: Option<(usize, usize)>,
}

impl Snippet {
    /// The window around `at`.
    pub fn of(file: &File, at: &Location) -> Self {
        // No text in an encoding that a terminal could show.
        if file.bytes.iter().take(BINARY).any(|byte| *byte == 0) {
            return Self::default();
        }
        let ends_before_line = at.end_column == 1 && at.end_line > at.line;
        let end = if ends_before_line { at.end_line - 1 } else { at.end_line };
        let long = end.saturating_sub(at.line) >= SPAN;
        let last_marked = if long { at.line } else { end };
        let first = at.line.saturating_sub(CONTEXT).max(1);
        let last = if long { at.line } else { end.saturating_add(CONTEXT) };
        let lines = (first..=last.min(file.line_count())).map(|number| {
            let text = file.line_bytes(number);
            let marked = (at.line..=last_marked).contains(&number);
            let from = if number == at.line { column(at.column) } else { blank(text) };
            let whole = number != at.end_line || at.end_line > last_marked;
            let to = if whole { usize::MAX } else { column(at.end_column) };
            window(file, number, marked.then(|| (from, to.max(from.saturating_add(1)))))
        });
        let mut lines: Vec<Line> = lines.collect();
        // Blank context says nothing.
        while lines.last().is_some_and(|l| l.mark.is_none() && l.text.trim().is_empty()) {
            lines.pop();
        }
        let blank_start = lines.iter().take_while(|l| l.mark.is_none() && l.text.trim().is_empty()).count();
        lines.drain(..blank_start);
        Self { lines }
    }

    /// The lines right before and after those that are underlined.
    pub fn neighbours(&self) -> (Option<&Line>, Option<&Line>) {
        let before = self.lines.iter().take_while(|line| line.mark.is_none()).last();
        let after = self.lines.iter().rev().take_while(|line| line.mark.is_none()).last();
        (before, after)
    }

    /// The lines that are underlined.
    pub fn marked(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.mark.is_some())
    }
}

fn column(one_based: u32) -> usize {
    (one_based as usize).saturating_sub(1)
}

fn blank(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_whitespace()).count()
}

/// The part of a line that is shown, found without a look at the rest.
fn window(file: &File, number: u32, mark: Option<(usize, usize)>) -> Line {
    let text = file.line_bytes(number);
    let start = match mark {
        Some((from, _)) if from > WIDTH * 2 / 3 && text.len() > WIDTH => from - WIDTH / 3,
        _ => 0,
    };
    let first = file.byte_in_line(number, start).min(text.len());
    let end = file.byte_in_line(number, start + WIDTH).min(text.len());
    let shown = String::from_utf8_lossy(text.get(first..end).unwrap_or_default());
    let cut = usize::from(first > 0);
    let length = shown.chars().count();
    let shift = |at: usize| at.saturating_sub(start).min(length) + cut;
    let mark = mark.map(|(from, to)| (shift(from), shift(to).max(shift(from) + 1)));
    let (before, after) = (if first > 0 { "…" } else { "" }, if end < text.len() { "…" } else { "" });
    Line { number, text: format!("{before}{shown}{after}"), mark }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Origin;
    use crate::source::Files;

    fn snippet(text: &str, start: usize, end: usize) -> Vec<(u32, String, Option<String>)> {
        let files = Files::default();
        let id = files.add("f", "1", text.as_bytes().to_vec());
        let snippet = Snippet::of(&files.get(id), &files.locate(Origin::new(id, start, end)));
        let marked = |line: &Line| line.mark.map(|(a, b)| line.text.chars().skip(a).take(b - a).collect());
        snippet.lines.iter().map(|l| (l.number, l.text.clone(), marked(l))).collect()
    }

    #[test]
    fn a_span_is_shown_with_its_neighbours() {
        let lines = snippet("one\ntwo words\nthree\nfour\n", 8, 13);
        let want = [(1, "one", None), (2, "two words", Some("words")), (3, "three", None)];
        assert_eq!(lines, want.map(|(n, t, m)| (n, t.to_string(), m.map(str::to_string))));
    }

    #[test]
    fn a_span_of_two_lines_is_underlined_on_both() {
        let lines = snippet("ab\n  cd\nef\n", 0, 7);
        assert_eq!(lines.iter().map(|l| l.2.as_deref()).collect::<Vec<_>>(), [Some("ab"), Some("cd"), None]);
    }

    #[test]
    fn a_long_span_is_shown_by_its_first_line() {
        let lines = snippet("a\nb\nc\nd\ne\nf\n", 2, 10);
        assert_eq!(lines.iter().map(|l| l.0).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn a_minified_line_is_cut_around_the_mark() {
        let text = format!("{}needle{}", "x".repeat(5000), "y".repeat(5000));
        let lines = snippet(&text, 5000, 5006);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].1.chars().count() < 130);
        assert_eq!(lines[0].2.as_deref(), Some("needle"));
    }

    #[test]
    fn an_empty_span_at_the_end_of_a_file_is_one_mark() {
        let lines = snippet("a\n", 2, 2);
        assert_eq!(lines.iter().map(|l| (l.0, l.2.is_some())).collect::<Vec<_>>(), [(1, false), (2, true)]);
        assert_eq!(snippet("", 0, 0).len(), 1);
    }
}
