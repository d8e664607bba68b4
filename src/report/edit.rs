//! A replacement of text as whole lines, the way reviews take it.

use crate::rules::{Rewrite, Suggestion};
use crate::source::Files;

/// Bytes of a line at most: nobody reads the change in a minified file.
const LONGEST: usize = 2_000;

/// Lines of head and what to put in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub path: String,
    pub line: u32,
    /// Inclusive.
    pub end_line: u32,
    /// Without the end of the last line.
    pub text: String,
    /// Words are added and none replaced: what else is found about these lines stays as it is.
    pub adds: bool,
}

impl Edit {
    /// `None` where lines cannot be put back as they were (other line ends, no UTF-8).
    pub(super) fn of(suggestion: &Suggestion, files: &Files) -> Option<Self> {
        let file = files.get(suggestion.at.file);
        let (start, end) = (suggestion.at.start as usize, suggestion.at.end as usize);
        let text = |from: usize, to: usize| std::str::from_utf8(file.bytes.get(from..to)?).ok();
        let (from, to, new) = rewritten(text(start, end)?, suggestion.rewrite)?;
        let (from, to) = (start + from, start + to);
        let line = |at: usize| u32::try_from(at).map(|at| file.position(at).0).ok();
        let (line, end_line) = (line(from)?, line(to)?);
        if [line, end_line].iter().any(|line| file.line_bytes(*line).len() > LONGEST) {
            return None;
        }
        let first = file.bytes.get(..from)?.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let rest = file.bytes.get(to..)?;
        let last = to + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        let text = format!("{}{new}{}", text(first, from)?, text(to, last)?);
        let path = file.path.to_string();
        (!text.contains('\r')).then_some(Self { path, line, end_line, text, adds: from == to })
    }
}

/// The part of a text that changes, and what it becomes.
fn rewritten(text: &str, rewrite: Rewrite) -> Option<(usize, usize, String)> {
    let body = text.trim_end();
    match rewrite {
        Rewrite::Number(number) => {
            let from = body.trim_end_matches(|c: char| c.is_ascii_digit()).len();
            let alone = body.get(..from)?.ends_with([' ', ':', '\n', '\t']) && from < body.len();
            alone.then(|| (from, body.len(), number.to_string()))
        }
        Rewrite::After(word, new) => {
            let mut at = 0;
            for part in text.split_inclusive(char::is_whitespace) {
                let name = part.trim_end();
                if name.eq_ignore_ascii_case(word) {
                    let at = at + name.len();
                    return Some((at, at, new.to_string()));
                }
                // Behind a comment or a quote it may be another word than the one that is meant.
                if !name.chars().all(char::is_alphanumeric) {
                    return None;
                }
                at += part.len();
            }
            None
        }
        Rewrite::End(new) => {
            let body = body.strip_suffix(';').unwrap_or(body).trim_end();
            // What ends in a comment would swallow it.
            let last = body.rsplit('\n').next().unwrap_or(body);
            (!last.contains("--")).then(|| (body.len(), body.len(), new.to_string()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Origin;

    fn edit(text: &str, words: &str, rewrite: Rewrite) -> Option<(u32, u32, String)> {
        let files = Files::default();
        let id = files.add("f", "1", text.as_bytes().to_vec());
        let start = text.find(words).unwrap();
        let at = Origin::new(id, start, start + words.len());
        Edit::of(&Suggestion { at, rewrite }, &files).map(|edit| (edit.line, edit.end_line, edit.text))
    }

    #[test]
    fn whole_lines_are_replaced() {
        let yaml = "a: 1\n  b: {maxLength: 100, x: 1} # c\n";
        let number = Rewrite::Number(50);
        let line = |n: u32, text: &str| Some((n, n, text.to_string()));
        assert_eq!(edit(yaml, "maxLength: 100", number), line(2, "  b: {maxLength: 50, x: 1} # c"));
        assert_eq!(edit("d:\n  maxLength: 100\n", "maxLength: 100\n", number), line(2, "  maxLength: 50"));
        assert_eq!(edit("maxLength: 1e2", "maxLength: 1e2", number), None);
        assert_eq!(edit("\"maxLength\":100}\r\n", "\"maxLength\":100", number), None);
        let after = Rewrite::After("INDEX", " CONCURRENTLY");
        let sql = "-- x\ncreate unique\n  index i on t (a); -- y\n";
        assert_eq!(
            edit(sql, "create unique\n  index i on t (a);", after),
            line(3, "  index CONCURRENTLY i on t (a); -- y")
        );
        assert_eq!(edit("create /* index */ index i", "create /* index */ index i", after), None);
        let end = Rewrite::End(" NOT VALID");
        assert_eq!(edit("ADD CHECK (a > 0)\n;", "ADD CHECK (a > 0)\n;", end), line(1, "ADD CHECK (a > 0) NOT VALID"));
        assert_eq!(edit("ADD CHECK (a > 0) -- x\n;", "ADD CHECK (a > 0) -- x\n;", end), None);
    }
}
