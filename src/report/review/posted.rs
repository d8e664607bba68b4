//! What was posted before, read from whatever the bot has: a list of fingerprints, or the comments as the provider
//! returned them.

use std::collections::BTreeSet;

use crate::report::markdown::KEY;

/// Hex digits of a fingerprint.
const DIGITS: usize = 32;

/// What a fingerprint stands behind in a comment.
const MARK: &str = "driftline:finding:";

/// Every fingerprint in the text, wherever it stands: `v1:` and 32 hex digits. What a comment of another job tells is
/// its business: this one would settle what it never looked at.
pub fn fingerprints(text: &str, key: &str) -> BTreeSet<String> {
    let whole = |at: usize| {
        let end = at + "v1:".len() + DIGITS;
        let found = text.get(at..end)?;
        let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        let ends = !text.get(end..).is_some_and(|rest| rest.starts_with(hex));
        let ours = !text.get(..at).is_some_and(|before| before.ends_with(MARK)) || said_by(text.get(end..)?) == key;
        (ends && ours && found.chars().skip("v1:".len()).all(hex)).then(|| found.to_string())
    };
    text.match_indices("v1:").filter_map(|(at, _)| whole(at)).collect()
}

/// The key behind a fingerprint in a comment; JSON may write a slash with another before it.
fn said_by(rest: &str) -> String {
    let word = rest.trim_start_matches(' ').split(' ').next().unwrap_or_default();
    if word.is_empty() || word.starts_with("--") { KEY.to_string() } else { word.replace('\\', "") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_comments_and_escaped_json_are_read() {
        let (a, b) = ("v1:d6558fc04b544a85ae78880fd824184d", "v1:00000000000000000000000000000000");
        let texts = [
            format!("{a}\n{b}\n"),
            format!("[{{\"body\": \"x\\n\\u003c!-- driftline:finding:{a} --\\u003e\"}}, {{\"body\": \"{b}\"}}]"),
            format!("# posted\r\n{b} 2026-11-26\r\n{a}"),
        ];
        for text in texts {
            assert_eq!(fingerprints(&text, KEY), BTreeSet::from([a.to_string(), b.to_string()]), "{text}");
        }
        for text in ["", "v1:", "v1:ü", &format!("{a}0"), "v1:D6558FC04B544A85AE78880FD824184D", "äv1:"] {
            assert!(fingerprints(text, KEY).is_empty(), "{text}");
        }
    }

    #[test]
    fn comments_of_other_jobs_are_theirs() {
        let (a, b) = ("v1:d6558fc04b544a85ae78880fd824184d", "v1:00000000000000000000000000000000");
        let text = format!("<!-- driftline:finding:{a} --\\u003e <!-- driftline:finding:{b} api\\/v1 -->");
        assert_eq!(fingerprints(&text, KEY), BTreeSet::from([a.to_string()]));
        assert_eq!(fingerprints(&text, "api/v1"), BTreeSet::from([b.to_string()]));
        assert_eq!(fingerprints(a, "api/v1"), BTreeSet::from([a.to_string()]));
    }
}
