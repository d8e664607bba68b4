//! Strict JSON (RFC 8259), without recursion.

use super::Fault;
use super::build::Builder;
use super::escape::unescape;
use super::tree::Kind;

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Offset of the text in the file.
    base: usize,
    unescaped: String,
}

/// Reads one JSON value that fills the text.
pub(super) fn read(text: &str, base: usize, builder: &mut Builder) -> Result<(), Fault> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, base, unescaped: String::new() };
    reader.document(builder)
}

impl Reader<'_> {
    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    fn fault(&self, start: usize, message: impl Into<String>) -> Fault {
        let end = self.text.get(start..).and_then(|t| t.chars().next()).map_or(start, |c| start + c.len_utf8());
        Fault::new(self.base + start, self.base + end, message)
    }

    fn unexpected(&self, expected: &str) -> Fault {
        let found = match self.text.get(self.at..).and_then(|t| t.chars().next()) {
            None => "the end of the file".to_string(),
            Some('/' | '#') => "a comment, which JSON does not have".to_string(),
            Some(c) => format!("`{}`", c.escape_debug()),
        };
        self.fault(self.at, format!("expected {expected}, found {found}"))
    }

    fn document(&mut self, builder: &mut Builder) -> Result<(), Fault> {
        loop {
            let start = self.base + self.at_value();
            match self.bytes.get(self.at) {
                Some(b'{') => {
                    builder.open(Kind::Mapping, start)?;
                    self.at += 1;
                    if self.peek() != Some(b'}') {
                        self.key(builder)?;
                        continue;
                    }
                }
                Some(b'[') => {
                    builder.open(Kind::Sequence, start)?;
                    self.at += 1;
                    if self.peek() != Some(b']') {
                        continue;
                    }
                }
                Some(b'"') => self.string(builder)?,
                Some(b'-' | b'0'..=b'9') => self.number(builder)?,
                Some(b't') => self.word("true", Kind::Bool(true), builder)?,
                Some(b'f') => self.word("false", Kind::Bool(false), builder)?,
                Some(b'n') => self.word("null", Kind::Null, builder)?,
                _ => return Err(self.unexpected("a value")),
            }
            if self.after_value(builder)? {
                return Ok(());
            }
        }
    }

    fn at_value(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// Closes what ends here and goes to the next value; true at the end of the document.
    fn after_value(&mut self, builder: &mut Builder) -> Result<bool, Fault> {
        loop {
            let next = self.peek();
            match (builder.innermost(), next) {
                (None, None) => return Ok(true),
                (None, _) => return Err(self.unexpected("nothing more")),
                (Some(Kind::Mapping), Some(b'}')) | (Some(Kind::Sequence), Some(b']')) => {
                    self.at += 1;
                    builder.close(Some(self.base + self.at));
                }
                (Some(Kind::Mapping), Some(b',')) => {
                    self.at += 1;
                    self.peek();
                    self.key(builder)?;
                    return Ok(false);
                }
                (Some(Kind::Sequence), Some(b',')) => {
                    self.at += 1;
                    return Ok(false);
                }
                (Some(Kind::Mapping), _) => return Err(self.unexpected("`,` or `}`")),
                _ => return Err(self.unexpected("`,` or `]`")),
            }
        }
    }

    fn key(&mut self, builder: &mut Builder) -> Result<(), Fault> {
        if self.bytes.get(self.at) != Some(&b'"') {
            return Err(self.unexpected("a key in double quotes"));
        }
        self.string(builder)?;
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self, builder: &mut Builder) -> Result<(), Fault> {
        let open = self.at;
        let mut at = open + 1;
        let mut escaped = false;
        loop {
            let rest = self.bytes.get(at..).unwrap_or_default();
            match memchr::memchr2(b'"', b'\\', rest) {
                None => return Err(self.fault(open, "this string has no closing quote")),
                Some(offset) if rest.get(offset) == Some(&b'"') => {
                    at += offset;
                    break;
                }
                Some(offset) => {
                    escaped = true;
                    at += offset + 2;
                }
            }
        }
        let raw = self.text.get(open + 1..at).unwrap_or_default();
        if let Some(control) = raw.bytes().position(|b| b < 0x20) {
            return Err(
                self.fault(open + 1 + control, "a string must not hold line breaks, tabs or control characters")
            );
        }
        self.at = at + 1;
        let (start, end) = (self.base + open, self.base + self.at);
        if escaped {
            unescape(raw, start + 1, &mut self.unescaped)?;
            builder.decoded(&self.unescaped, start, end);
        } else {
            builder.scalar(Kind::String, start, end);
        }
        Ok(())
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        self.at - from
    }

    fn number(&mut self, builder: &mut Builder) -> Result<(), Fault> {
        let start = self.at;
        self.at += usize::from(self.bytes.get(start) == Some(&b'-'));
        let leading_zero = self.bytes.get(self.at) == Some(&b'0');
        let whole = self.digits();
        let mut valid = whole == 1 || (whole > 1 && !leading_zero);
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            valid &= self.digits() > 0;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            self.at += usize::from(matches!(self.bytes.get(self.at), Some(b'+' | b'-')));
            valid &= self.digits() > 0;
        }
        if !valid {
            return Err(self.fault(start, "this is no number of JSON"));
        }
        builder.scalar(Kind::Number, self.base + start, self.base + self.at);
        Ok(())
    }

    fn word(&mut self, word: &str, kind: Kind, builder: &mut Builder) -> Result<(), Fault> {
        let end = self.at + word.len();
        if self.text.get(self.at..end) != Some(word) {
            return Err(self.unexpected("a value"));
        }
        builder.scalar(kind, self.base + self.at, self.base + end);
        self.at = end;
        Ok(())
    }
}
