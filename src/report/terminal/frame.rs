//! Draws snippets with their gutter: line numbers, `-` for base, `+` for head, the span underlined.

use anstyle::Style;

use crate::report::excerpt::{Role, Sign, excerpts};
use crate::report::text::{clean, one_line, width};
use crate::report::{Item, Line, Place};

use super::style::{ADDED, DIM, FRAME, Painter, REMOVED};

/// Columns a tab takes.
const TAB: usize = 4;

/// Behind a place in the base, whose file may be another one now.
const BASE: &str = " (base)";

/// Where the finding is, on both sides, with the lines. Gives the width of the gutter.
pub fn draw(out: &mut String, item: &Item, painter: Painter<'_>) -> usize {
    let places = [&item.base, &item.head].into_iter().flatten().chain(item.related.iter().map(|(_, place)| place));
    let digits = places.flat_map(|p| p.snippet.lines.iter()).map(|l| l.number);
    let frame = Frame { gutter: digits.max().unwrap_or(1).to_string().len(), painter };
    for (index, excerpt) in excerpts(item).iter().enumerate() {
        let note = match excerpt.role {
            Role::Here => String::new(),
            Role::Base => BASE.to_string(),
            Role::Related(name) => format!(" ({})", one_line(name)),
        };
        let first = index == 0 && !matches!(excerpt.role, Role::Related(_));
        frame.arrow(out, if first { "-->" } else { ":::" }, excerpt.place, &note);
        frame.lines(out, &excerpt.lines);
    }
    if item.place().is_some_and(|p| !p.snippet.lines.is_empty()) {
        frame.bar(out);
    }
    frame.gutter
}

/// What underlines a mark, and the style of its line.
fn look(sign: Sign) -> (char, Option<Style>) {
    match sign {
        Sign::Base => ('-', Some(REMOVED)),
        Sign::Head => ('^', Some(ADDED)),
        Sign::Stands => ('^', None),
        Sign::Other => ('-', None),
    }
}

struct Frame<'a> {
    /// Digits of the longest line number.
    gutter: usize,
    painter: Painter<'a>,
}

impl Frame<'_> {
    fn arrow(&self, out: &mut String, arrow: &str, place: &Place, note: &str) {
        let at = &place.at;
        let arrow = self.painter.paint(FRAME, arrow);
        let path = if note == BASE { one_line(&at.path) } else { self.painter.file(&at.path) };
        let note = self.painter.paint(DIM, note);
        out.push_str(&format!("{:gutter$}{arrow} {path}:{}:{}{note}\n", "", at.line, at.column, gutter = self.gutter));
        if !place.snippet.lines.is_empty() {
            self.bar(out);
        }
    }

    fn bar(&self, out: &mut String) {
        let bar = self.painter.paint(FRAME, "|");
        out.push_str(&format!("{:gutter$} {bar}\n", "", gutter = self.gutter));
    }

    /// The part around the mark that fits on the terminal, so that no line breaks and the underline stays in place.
    fn fit(&self, (text, mark): (String, Option<(usize, usize)>)) -> (String, Option<(usize, usize)>) {
        let room = self.painter.columns.map_or(usize::MAX, |columns| columns.max(40).saturating_sub(self.gutter + 5));
        if text.chars().map(width).sum::<usize>() <= room {
            return (text, mark);
        }
        let start = mark.map_or(0, |(from, _)| if from > room * 2 / 3 { from - room / 3 } else { 0 });
        let mut shown = String::new();
        let (mut at, mut end) = (0, start);
        for c in text.chars() {
            if at >= start && at + width(c) < start + room {
                // What was cut on the left shows as well.
                shown.push(if at == start && start > 0 { '…' } else { c });
                end = at + width(c);
            }
            at += width(c);
        }
        if end < at {
            shown.push('…');
        }
        let shift = |column: usize| column.saturating_sub(start).min(end - start);
        (shown, mark.map(|(from, to)| (shift(from), shift(to).max(shift(from) + 1))))
    }

    fn lines(&self, out: &mut String, lines: &[(Sign, &Line)]) {
        for (sign, line) in lines {
            let marked = line.mark.is_some();
            let (underline, style) = look(*sign);
            let sign = if marked { sign.symbol() } else { ' ' };
            let number = self.painter.paint(FRAME, &format!("{:>gutter$} |", line.number, gutter = self.gutter));
            let (text, mark) = self.fit(expand(line));
            let shown = format!("{sign} {text}");
            let shown = match style {
                Some(style) if marked => self.painter.paint(style, shown.trim_end()),
                _ => shown.trim_end().to_string(),
            };
            out.push_str(format!("{number} {shown}").trim_end());
            out.push('\n');
            if let Some((from, to)) = mark {
                let bar = self.painter.paint(FRAME, "|");
                let underline = underline.to_string().repeat(to.saturating_sub(from).max(1));
                let underline = self.painter.paint(style.unwrap_or(FRAME), &underline);
                out.push_str(&format!("{:gutter$} {bar}   {:from$}{underline}\n", "", "", gutter = self.gutter));
            }
        }
    }
}

/// Tabs as blanks, control characters replaced, and the mark in terminal columns.
fn expand(line: &Line) -> (String, Option<(usize, usize)>) {
    let mut out = String::new();
    let mut columns = vec![];
    let mut at = 0;
    for c in clean(&line.text).chars() {
        columns.push(at);
        if c == '\t' {
            let blanks = TAB - at % TAB;
            out.extend(std::iter::repeat_n(' ', blanks));
            at += blanks;
        } else {
            out.push(c);
            at += width(c);
        }
    }
    let column = |index: usize| columns.get(index).copied().unwrap_or(at);
    (out, line.mark.map(|(from, to)| (column(from), column(to))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_and_wide_characters_keep_the_underline_in_place() {
        let line = Line { number: 1, text: "\ta漢b".into(), mark: Some((3, 4)) };
        assert_eq!(expand(&line), ("    a漢b".to_string(), Some((7, 8))));
        let past = Line { number: 1, text: "ab".into(), mark: Some((2, 3)) };
        assert_eq!(expand(&past).1, Some((2, 2)));
    }
}
