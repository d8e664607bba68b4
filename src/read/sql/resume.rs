//! Where statements plainly start, for reading that has lost its way.
//!
//! Must not know what statements mean, nor the dialect's quotes.

use memchr::memchr;

/// Words that start a statement on a line behind one that ends a statement.
const STARTS: &[&str] = &[
    "ALTER", "BEGIN", "COMMENT", "COMMIT", "COPY", "CREATE", "DELETE", "DO", "DROP", "GRANT", "INSERT", "LOCK",
    "PRAGMA", "RENAME", "REVOKE", "SELECT", "SET", "TRUNCATE", "UNLOCK", "UPDATE",
];
/// Words that with one of those behind them start a statement on any line, also inside a comment that never ends.
const PAIRS: &[(&str, &[&str])] = &[
    ("ALTER", OBJECTS),
    ("COMMENT", &["ON"]),
    ("CREATE", OBJECTS),
    ("DELETE", &["FROM"]),
    ("DROP", OBJECTS),
    ("INSERT", &["INTO", "IGNORE"]),
    ("RENAME", &["TABLE"]),
    ("TRUNCATE", &["TABLE"]),
];
const OBJECTS: &[&str] = &[
    "DOMAIN",
    "EXTENSION",
    "FULLTEXT",
    "FUNCTION",
    "INDEX",
    "MATERIALIZED",
    "OR",
    "POLICY",
    "PROCEDURE",
    "SCHEMA",
    "SEQUENCE",
    "TABLE",
    "TEMP",
    "TEMPORARY",
    "TRIGGER",
    "TYPE",
    "UNIQUE",
    "UNLOGGED",
    "VIEW",
    "VIRTUAL",
];

pub fn is_one_of(word: &[u8], words: &[&str]) -> bool {
    words.iter().any(|w| word.eq_ignore_ascii_case(w.as_bytes()))
}

/// The letters at the start.
fn word(text: &[u8]) -> &[u8] {
    let length = text.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    text.get(..length).unwrap_or_default()
}

/// True when the text starts with words that nothing but a statement starts with.
pub fn starts_statement(text: &[u8]) -> bool {
    let first = word(text);
    let rest = text.get(first.len()..).unwrap_or_default();
    let spaces = rest.iter().take_while(|b| **b == b' ').count();
    let second = word(rest.get(spaces..).unwrap_or_default());
    let bounded = rest.get(spaces + second.len()).is_some_and(|b| b.is_ascii_whitespace());
    spaces > 0 && bounded && PAIRS.iter().any(|(w, next)| is_one_of(first, &[w]) && is_one_of(second, next))
}

/// The first line in `from..to`, but for the one that `from` stands in, that starts with a statement's keyword and follows
/// a line that ends a statement.
pub fn behind_an_end(src: &[u8], from: usize, to: usize) -> Option<usize> {
    line(src, from, to, |_| false)
}

/// The same; words that nothing but a statement starts with do on any line.
pub fn anywhere(src: &[u8], from: usize) -> Option<usize> {
    line(src, from, src.len(), starts_statement)
}

fn line(src: &[u8], from: usize, to: usize, plain: impl Fn(&[u8]) -> bool) -> Option<usize> {
    let mut at = from;
    let mut closed = false;
    while at < to {
        let rest = src.get(at..to)?;
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest.get(..length)?;
        if at != from {
            let word = word(line);
            let bounded = line.get(word.len()).is_none_or(|b| b.is_ascii_whitespace() || *b == b'(' || *b == b';');
            if closed && bounded && is_one_of(word, STARTS) || plain(line) {
                return Some(at);
            }
        }
        let trimmed = line.trim_ascii();
        if !trimmed.is_empty() && !trimmed.starts_with(b"--") {
            closed = trimmed.ends_with(b";") || trimmed == b"\\.";
        } else if trimmed.starts_with(b"--") && trimmed.len() > 2 && at == from {
            closed = false;
        }
        at += length + 1;
    }
    None
}
