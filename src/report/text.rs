//! Text of foreign origin made fit for a terminal line: no control characters, bounded length, known width.

use std::collections::BTreeSet;

/// How many columns of a terminal a character takes: 0, 1 or 2 (East Asian wide forms and emoji, roughly as terminals do).
pub fn width(c: char) -> usize {
    match u32::from(c) {
        0..=0x1f | 0x7f..=0x9f => 0,
        0x300..=0x36f
        | 0x200b..=0x200f
        | 0x202a..=0x202e
        | 0x2060..=0x2069
        | 0x20d0..=0x20ff
        | 0xfe00..=0xfe0f
        | 0xfeff => 0,
        0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff => 2,
        0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// Control and direction-changing characters replaced, so that a contract cannot write escape sequences to a terminal
/// or reorder what is read. Line breaks stay.
pub fn clean(text: &str) -> String {
    text.chars().map(|c| if hostile(c) { '\u{fffd}' } else { c }).collect()
}

/// As [`clean`], on one line.
pub fn one_line(text: &str) -> String {
    clean(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A path as a URI: everything but what stands for itself in any part of one is written in per cent.
pub fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// At most `limit` characters; a cut shows as `…`.
pub fn clip(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_string(),
        Some(_) => text.chars().take(limit.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// Before and after on one line, each within the limit. Of lists that are longer only what differs is kept: cut at the
/// end both would say the same.
pub fn sides(before: &str, after: &str, limit: usize) -> (String, String) {
    let (before, after) = (one_line(before), one_line(after));
    let fits = |text: &str| text.chars().nth(limit).is_none();
    let items = |text: &str| text.split(", ").map(str::to_string).collect::<BTreeSet<_>>();
    let (was, is) = (items(&before), items(&after));
    if (fits(&before) && fits(&after)) || was.is_disjoint(&is) {
        return (clip(&before, limit), clip(&after, limit));
    }
    let own = |text: &str, other: &BTreeSet<String>| {
        let own = text.split(", ").filter(|item| !other.contains(*item));
        clip(&std::iter::once("…").chain(own).collect::<Vec<_>>().join(", "), limit)
    };
    (own(&before, &is), own(&after, &was))
}

/// Long runs of one character as the character and their number: `aaa…` of 255 says less than `a×255`.
pub fn runs(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = rest.chars().take_while(|c| *c == first).count();
        let (run, after) = rest.split_at(length * first.len_utf8());
        if length > RUN {
            out.push_str(&format!("{first}×{length}"))
        } else {
            out.push_str(run)
        }
        rest = after;
    }
    out
}

/// Runs up to this length are shown as they are.
const RUN: usize = 16;

/// Lines of at most `limit` columns, broken between words; a word that is longer stands alone. `used` columns of the first
/// line are taken already.
pub fn wrap(text: &str, used: usize, limit: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut at = used;
    for word in text.split(' ') {
        let columns: usize = word.chars().map(width).sum();
        let Some(line) = lines.last_mut() else { break };
        if at + usize::from(!line.is_empty()) + columns > limit && !line.is_empty() {
            lines.push(word.to_string());
            at = columns;
            continue;
        }
        at += columns + usize::from(!line.is_empty());
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines
}

/// With a capital in front.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// `1 error`, `2 errors`.
pub fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

fn hostile(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_do_not_reach_the_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c\nd"), "a\u{fffd}[31mb\u{fffd}c\nd");
        assert_eq!(one_line(" a\n\tb  c "), "a b c");
    }

    #[test]
    fn clipping_counts_characters() {
        assert_eq!(clip("äöü", 3), "äöü");
        assert_eq!(clip("äöüß", 3), "äö…");
    }

    #[test]
    fn long_lists_show_what_differs() {
        assert_eq!(sides("a, b", "a, c", 4), ("a, b".into(), "a, c".into()));
        assert_eq!(sides("aa, bb, cc", "aa, bb, cc, dd", 10), ("…".into(), "…, dd".into()));
        assert_eq!(sides("aa, bb, cc", "aa, dd, cc", 9), ("…, bb".into(), "…, dd".into()));
        assert_eq!(sides("a long text", "another text", 8), ("a long …".into(), "another…".into()));
    }

    #[test]
    fn wrapping_breaks_between_words() {
        assert_eq!(wrap("one two three", 0, 7), ["one two", "three"]);
        assert_eq!(wrap("one two three", 4, 7), ["one", "two", "three"]);
        assert_eq!(wrap("a-very-long-word x", 0, 5), ["a-very-long-word", "x"]);
        assert_eq!(wrap("漢字 x", 0, 5), ["漢字", "x"]);
        assert_eq!(wrap("", 0, 5), [""]);
    }

    #[test]
    fn long_runs_are_counted() {
        assert_eq!(runs(&format!("\"{}é\"", "a".repeat(255))), "\"a×255é\"");
        assert_eq!(runs("aaaa"), "aaaa");
        assert_eq!(runs(&"é".repeat(17)), "é×17");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!("a漢é\u{301}".chars().map(width).sum::<usize>(), 4);
    }
}
