//! The escapes of JSON strings.

use super::Fault;

/// The text of a JSON string between its quotes; `start` is where `raw` begins in the file.
pub(super) fn unescape(raw: &str, start: usize, into: &mut String) -> Result<(), Fault> {
    into.clear();
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        into.push_str(rest.get(..at).unwrap_or_default());
        let escape = rest.get(at..).unwrap_or_default();
        let place = start + raw.len() - escape.len();
        let (decoded, used) = one(escape).ok_or_else(|| {
            let shown: String = escape.chars().take(2).collect();
            Fault::new(place, place + shown.len(), format!("`{shown}` is no escape of JSON"))
        })?;
        into.push(decoded);
        rest = escape.get(used..).unwrap_or_default();
    }
    into.push_str(rest);
    Ok(())
}

/// The character an escape stands for and its length.
fn one(escape: &str) -> Option<(char, usize)> {
    let simple = match escape.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(escape),
        _ => return None,
    };
    Some((simple, 2))
}

fn hex(escape: &str) -> Option<u32> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    // `from_str_radix` would take a sign.
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// `\uXXXX`, or two of them that make a surrogate pair. A lone surrogate stands for no character and is replaced.
fn unicode(escape: &str) -> Option<(char, usize)> {
    let first = hex(escape)?;
    if let Some(c) = char::from_u32(first) {
        return Some((c, 6));
    }
    let second = escape.get(6..).and_then(hex).filter(|low| (0xdc00..0xe000).contains(low));
    if let (0xd800..0xdc00, Some(low)) = (first, second) {
        let code = 0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00);
        return Some((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12));
    }
    Some((char::REPLACEMENT_CHARACTER, 6))
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escapes() {
        let cases = [
            (r"a\n\tb", Some("a\n\tb")),
            (r"\u00e4\/", Some("ä/")),
            (r"\ud83d\ude00x", Some("😀x")),
            (r"\ud83dx", Some("\u{fffd}x")),
            (r"\ude00", Some("\u{fffd}")),
            (r"\ud83d\u0041", Some("\u{fffd}A")),
            (r"\x41", None),
            (r"\u+041", None),
            (r"\u00", None),
            (r"\uä00", None),
        ];
        let mut text = String::new();
        for (raw, expected) in cases {
            let read = unescape(raw, 0, &mut text).ok().map(|()| text.as_str());
            assert_eq!(read, expected, "{raw}");
        }
    }
}
