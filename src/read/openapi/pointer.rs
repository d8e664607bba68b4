//! JSON pointers in URI fragments (RFC 6901) and names that come close.

/// `%41` → `A`; invalid escapes stay as they are.
pub(super) fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = text.get(at + 1..at + 3).filter(|h| *byte == b'%' && h.bytes().all(|b| b.is_ascii_hexdigit()));
        match hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(value) => {
                decoded.push(value);
                at += 3;
            }
            None => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_string())
}

/// The tokens of a fragment that is a pointer: empty for the whole document, `None` when it is an anchor name.
pub(super) fn tokens(fragment: &str) -> Option<Vec<String>> {
    if fragment.is_empty() {
        return Some(Vec::new());
    }
    let pointer = fragment.strip_prefix('/')?;
    Some(pointer.split('/').map(|token| percent_decode(token).replace("~1", "/").replace("~0", "~")).collect())
}

/// The candidate nearest to `word`, when it is near enough to be meant.
pub(super) fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    const LONGEST: usize = 64;
    let limit = (word.len() / 3).clamp(1, 4);
    let near = candidates.take(2_000).filter(|c| c.len() <= LONGEST && word.len() <= LONGEST);
    near.map(|c| (distance(word, c), c)).filter(|(d, _)| *d <= limit).min().map(|(_, c)| c)
}

/// Edit distance without regard to letter case.
fn distance(a: &str, b: &str) -> usize {
    let fold = |s: &str| s.chars().flat_map(char::to_lowercase).collect::<Vec<char>>();
    let (a, b) = (fold(a), fold(b));
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for ((y, above), diagonal) in b.iter().zip(row.iter().skip(1)).zip(&row) {
            let left = next.last().copied().unwrap_or_default();
            next.push((diagonal + usize::from(x != y)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments() {
        let cases = [
            ("", Some(vec![])),
            ("/a/b", Some(vec!["a", "b"])),
            ("/paths/~1users~1%7Bid%7D", Some(vec!["paths", "/users/{id}"])),
            ("/a~01", Some(vec!["a~1"])),
            ("/", Some(vec![""])),
            ("anchor", None),
            ("/100%", Some(vec!["100%"])),
            ("/%C3%A4/%e", Some(vec!["ä", "%e"])),
        ];
        for (fragment, expected) in cases {
            let expected = expected.map(|t| t.into_iter().map(str::to_string).collect::<Vec<_>>());
            assert_eq!(tokens(fragment), expected, "{fragment}");
        }
    }

    #[test]
    fn hints() {
        let names = ["User", "Order", "UserList"];
        let cases =
            [("user", Some("User")), ("Usr", Some("User")), ("Ordr", Some("Order")), ("Pet", None), ("X", None)];
        for (word, expected) in cases {
            assert_eq!(nearest(word, names.into_iter()), expected, "{word}");
        }
    }
}
