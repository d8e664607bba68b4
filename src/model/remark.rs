//! What a comment beside a declaration says to us. The readers know where comments are and what they stand at; what the
//! words mean is the business of policy.

use super::origin::{Origin, Text};

/// The word that a comment for us begins with.
pub const WORD: &str = "driftline:";

/// The key that stands for such a comment where the format has none (JSON).
pub const KEY: &str = "x-driftline-allow";

/// A comment that begins with [`WORD`], or an entry of [`KEY`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Behind the word; an entry of the key as it would stand in a comment.
    pub text: String,
    pub origin: Origin,
    /// From the line of the comment to the end of the declaration that it stands at, whole lines where they begin.
    pub covers: Origin,
    /// What the declaration is called: the same for as long as it is the same declaration, whatever changes in it.
    pub about: Text,
}

/// What a comment says to us: its text behind the signs that open it and behind the word.
pub fn said(comment: &str) -> Option<&str> {
    let text = comment.trim_start_matches(['#', '-', '/', '*', ' ', '\t', '\r', '\n']);
    // The rest of a block over several lines is for people.
    let text = text.strip_prefix(WORD)?.lines().next().unwrap_or_default();
    Some(text.trim_end().trim_end_matches("*/").trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_comments_that_begin_with_the_word_speak_to_us() {
        let cases = [
            ("# driftline: allow(a) b", Some("allow(a) b")),
            ("-- driftline:allow(a) b  ", Some("allow(a) b")),
            ("/* driftline: allow(a) b */", Some("allow(a) b")),
            ("/*\r\n * driftline: allow(a) b\r\n * more\r\n */", Some("allow(a) b")),
            ("/* driftline: allow(a) b\n   more */", Some("allow(a) b")),
            ("# see driftline: allow(a) b", None),
            ("# driftline is a tool", None),
        ];
        for (comment, want) in cases {
            assert_eq!(said(comment), want, "{comment}");
        }
    }
}
