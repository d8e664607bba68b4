//! Whether two texts of a block differ in more than words for readers.
//!
//! A description that is text is skipped, with all its lines. What is a value as a whole (defaults, lists of values) or gives
//! names to things (mappings, links) is compared as it is written: a key of that name is no description there.

use memchr::memchr;

use super::json;
use super::outline::Form;

/// Keys whose text no comparison sees.
const PROSE: [&[u8]; 3] = [b"description", b"summary", b"example"];
/// Keys below which they mean something else.
const VALUES: [&[u8]; 6] = [b"default", b"const", b"enum", b"mapping", b"links", b"encoding"];

pub(super) fn is_same_but_for_prose(base: &[u8], head: &[u8], form: Form) -> bool {
    match form {
        Form::Json => Tokens::of(base).eq(Tokens::of(head)),
        Form::Yaml => Lines::of(base).eq(Lines::of(head)),
    }
}

/// The tokens of a JSON text without commas and prose. What cannot be told apart is a token of its own.
struct Tokens<'t> {
    text: &'t [u8],
    at: usize,
    depth: usize,
    /// Below this depth values are taken whole.
    whole: Option<usize>,
}

impl<'t> Tokens<'t> {
    fn of(text: &'t [u8]) -> Self {
        Self { text, at: 0, depth: 0, whole: None }
    }

    /// Where the next token begins.
    fn start(&self, from: usize) -> usize {
        let rest = self.text.get(from..).unwrap_or_default();
        let blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == b',';
        from + rest.iter().position(|byte| !blank(byte)).unwrap_or(rest.len())
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = &'t [u8];

    fn next(&mut self) -> Option<&'t [u8]> {
        loop {
            let start = self.start(self.at);
            let first = *self.text.get(start)?;
            self.at = match first {
                b'"' => json::string(self.text, start)?,
                b'{' | b'[' | b'}' | b']' | b':' => start + 1,
                _ => json::skip(self.text, start)?,
            };
            match first {
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.whole = self.whole.filter(|depth| self.depth > *depth);
                }
                b'"' if self.whole.is_none() => {
                    let name = self.text.get(start + 1..self.at - 1)?;
                    let colon = self.start(self.at);
                    let value = self.start(colon + 1);
                    let is_key = self.text.get(colon) == Some(&b':');
                    if is_key && PROSE.contains(&name) && self.text.get(value) == Some(&b'"') {
                        self.at = json::string(self.text, value)?;
                        continue;
                    }
                    if is_key && VALUES.contains(&name) && matches!(self.text.get(value), Some(b'{' | b'[')) {
                        self.whole = Some(self.depth);
                    }
                }
                _ => {}
            }
            return self.text.get(start..self.at);
        }
    }
}

/// The lines of a YAML text without prose.
struct Lines<'t> {
    rest: &'t [u8],
    /// The column of a key whose lines are taken as they are.
    whole: Option<usize>,
    first: bool,
}

impl<'t> Lines<'t> {
    fn of(text: &'t [u8]) -> Self {
        Self { rest: text, whole: None, first: true }
    }

    fn line(&mut self) -> Option<&'t [u8]> {
        let end = memchr(b'\n', self.rest).map_or(self.rest.len(), |at| at + 1);
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!line.is_empty()).then_some(line)
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = &'t [u8];

    fn next(&mut self) -> Option<&'t [u8]> {
        loop {
            let line = self.line()?;
            let text = line.trim_ascii();
            let column = indent(line);
            let is_item = text == b"-" || text.starts_with(b"- ");
            // The key of the block itself begins the text.
            if std::mem::take(&mut self.first) || text.is_empty() {
                return Some(line.trim_ascii_end());
            }
            if self.whole.is_some_and(|known| column > known || column == known && is_item) {
                return Some(line.trim_ascii_end());
            }
            self.whole = None;
            let inner = text.strip_prefix(b"- ").map(<[u8]>::trim_ascii_start);
            let key_column = column + text.len() - inner.map_or(text.len(), <[u8]>::len);
            let Some((name, value)) = split(inner.unwrap_or(text)) else { return Some(line.trim_ascii_end()) };
            let is_block = value.starts_with(b"|") || value.starts_with(b">");
            if PROSE.contains(&name) && (is_block || is_text(value)) {
                while indent(self.rest) > key_column || is_blank(self.rest) {
                    self.line()?;
                }
                if inner.is_some() {
                    return Some(b"-");
                }
                continue;
            }
            if is_block || VALUES.contains(&name) {
                self.whole = Some(key_column);
            }
            return Some(line.trim_ascii_end());
        }
    }
}

/// Blanks that the first line begins with.
fn indent(text: &[u8]) -> usize {
    text.iter().take_while(|byte| **byte == b' ').count()
}

/// True when the first line of what is left holds nothing.
fn is_blank(text: &[u8]) -> bool {
    let end = memchr(b'\n', text).map_or(text.len(), |at| at + 1);
    text.get(..end).is_some_and(|line| !line.is_empty() && line.trim_ascii().is_empty())
}

/// Key and value of a line.
fn split(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (name, value) = text.split_at(memchr(b':', text)?);
    let name = name.trim_ascii_end();
    let quoted = [b"\"", b"'"].iter().find_map(|quote| name.strip_prefix(*quote)?.strip_suffix(*quote));
    Some((quoted.unwrap_or(name), value.get(1..)?.trim_ascii_start()))
}

/// True for the start of a value that is text, in as many lines as it takes.
fn is_text(value: &[u8]) -> bool {
    let other = matches!(value.first(), None | Some(b'#' | b'{' | b'[' | b'&' | b'*' | b'!'));
    !other && ![&b"true"[..], b"false", b"null", b"~"].contains(&value.trim_ascii_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_for_readers_are_skipped() {
        for (base, head, same) in [
            ("a:\n  description: x\n  b: 1", "a:\n  description: y\n    z\n\n  b: 1", true),
            ("a:\n  description: |\n    x: 1\n\n    y\n  b: 1", "a:\n  b: 1", true),
            ("a:\n  - description: x\n    b: 1", "a:\n  - description: 'y'\n    b: 1", true),
            ("a:\n  - description: x\n    b: 1", "a:\n  - b: 1", false),
            ("a:\n  description: x\n  b: 1", "a:\n  description: x\n  b: 2", false),
            ("a:\n  description:\n    type: x", "a:\n  description:\n    type: y", false),
            ("a:\n  description: {type: x}", "a:\n  description: {type: y}", false),
            ("a:\n  description: true", "a:\n  description: false", false),
            ("a:\n  default:\n    description: x", "a:\n  default:\n    description: y", false),
            ("a:\n  enum:\n  - description: x", "a:\n  enum:\n  - description: y", false),
            ("a:\n  title: |\n    description: x", "a:\n  title: |\n    description: y", false),
            ("description: x", "description: y", false),
        ] {
            assert_eq!(is_same_but_for_prose(base.as_bytes(), head.as_bytes(), Form::Yaml), same, "{base}\n{head}");
        }
        for (base, head, same) in [
            (r#""a": {"description": "x", "b": 1}"#, r#""a": {"b": 1, "description": "\"y\""}"#, true),
            (r#""a": {"description": "x"}"#, r#""a": {}"#, true),
            (r#""a": {"description": {"type": "x"}}"#, r#""a": {"description": {"type": "y"}}"#, false),
            (r#""a": {"b": 1}"#, r#""a": {"b": 2}"#, false),
            (r#""a": {"enum": ["description", "x"]}"#, r#""a": {"enum": ["description", "y"]}"#, false),
            (r#""a": {"default": {"description": "x"}}"#, r#""a": {"default": {"description": "y"}}"#, false),
            (r#""a": {"default": {}, "description": "x"}"#, r#""a": {"default": {}, "description": "y"}"#, true),
            (r#""description": "x""#, r#""description": "y""#, true),
        ] {
            assert_eq!(is_same_but_for_prose(base.as_bytes(), head.as_bytes(), Form::Json), same, "{base}\n{head}");
        }
    }
}
