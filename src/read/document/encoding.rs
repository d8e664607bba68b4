//! From bytes to the text that is parsed: byte order marks, encodings, and the front matter of snapshot files.

use super::Fault;

/// The text of a file and where it starts in the bytes.
pub(super) struct Decoded<'b> {
    pub text: &'b str,
    pub start: usize,
    pub fault: Option<Fault>,
}

/// The readable text of a file: everything before the first byte that is not UTF-8.
pub(super) fn decode<'b>(path: &str, bytes: &'b [u8]) -> Decoded<'b> {
    if let Some(name) = foreign_encoding(bytes) {
        let message = format!("the file is {name}; convert it with `iconv -f {name} -t UTF-8`");
        let fault = Some(Fault { rule: "encoding-unsupported", start: 0, end: bytes.len().min(2), message });
        return Decoded { text: "", start: 0, fault };
    }
    let (text, fault) = match std::str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let at = error.valid_up_to();
            let byte = bytes.get(at).copied().unwrap_or_default();
            let message = format!("byte 0x{byte:02x} is not valid UTF-8; what follows is not read");
            let text = bytes.get(..at).and_then(|valid| std::str::from_utf8(valid).ok()).unwrap_or_default();
            (text, Some(Fault { rule: "encoding-unsupported", start: at, end: at + 1, message }))
        }
    };
    let mut start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    if path.ends_with(".snap") {
        start += front_matter(text.get(start..).unwrap_or_default());
    }
    Decoded { text: text.get(start..).unwrap_or_default(), start, fault }
}

/// UTF-16 and UTF-32, by byte order mark or by the zero bytes that JSON and YAML of ASCII syntax would begin with.
fn foreign_encoding(bytes: &[u8]) -> Option<&'static str> {
    Some(match bytes {
        [0xff, 0xfe, 0, 0, ..] => "UTF-32LE",
        [0, 0, 0xfe, 0xff, ..] => "UTF-32BE",
        [0xff, 0xfe, ..] => "UTF-16LE",
        [0xfe, 0xff, ..] => "UTF-16BE",
        [0, b, 0, c, ..] if *b != 0 && *c != 0 => "UTF-16BE",
        [b, 0, c, 0, ..] if *b != 0 && *c != 0 => "UTF-16LE",
        _ => return None,
    })
}

/// Length of the front matter that insta writes between two `---` lines.
fn front_matter(text: &str) -> usize {
    let mut at = 0;
    let mut fences = 0;
    for line in text.split_inclusive('\n') {
        let fence = line.trim_end() == "---";
        if at == 0 && !fence {
            return 0;
        }
        at += line.len();
        fences += usize::from(fence);
        if fences == 2 {
            return at;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn starts_and_faults() {
        let cases: [(&str, &[u8], &str, usize, bool); 7] = [
            ("a.yaml", b"a: 1", "a: 1", 0, false),
            ("a.yaml", b"\xef\xbb\xbfa: 1", "a: 1", 3, false),
            ("a.yaml", b"\xff\xfea\0", "", 0, true),
            ("a.json", b"{\0\"\0", "", 0, true),
            ("a.yaml", b"a: \xff", "a: ", 0, true),
            ("a.snap", b"---\nsource: x\n---\n{}", "{}", 18, false),
            ("a.snap", b"{}", "{}", 0, false),
        ];
        for (path, bytes, text, start, faulty) in cases {
            let decoded = decode(path, bytes);
            assert_eq!(
                (decoded.text, decoded.start, decoded.fault.is_some()),
                (text, start, faulty),
                "{path} {bytes:?}"
            );
        }
    }
}
