//! Blocks of a JSON text: exact, by its brackets and strings, so that any layout will do.

use memchr::memchr2;

use super::outline::{Form, Next, Outline};

pub(super) fn scan(text: &[u8], start: usize) -> Option<Outline> {
    let mut outline = Outline::new(Form::Json);
    let end = object(text, start, 0, &mut outline, 0)?;
    text.get(end..)?.iter().all(u8::is_ascii_whitespace).then_some(outline)
}

/// The root, a mapping of it, a kind of component.
const LEVELS: usize = 3;

/// Takes the members of the object that begins here; gives where it ends.
fn object(text: &[u8], start: usize, holder: u32, outline: &mut Outline, level: usize) -> Option<usize> {
    let mut at = blank(text, start + 1);
    if text.get(at) == Some(&b'}') {
        return Some(at + 1);
    }
    loop {
        let key = at;
        let key_end = string(text, key)?;
        let name = spelled(text.get(key + 1..key_end - 1)?)?;
        let colon = blank(text, key_end);
        (text.get(colon) == Some(&b':')).then_some(())?;
        let value = blank(text, colon + 1);
        let is_object = text.get(value) == Some(&b'{');
        let next = match outline.next(holder, &name)? {
            Next::Into(inner) if is_object && level + 1 < LEVELS => Some(inner),
            // Only a mapping has blocks.
            Next::Into(_) => return None,
            Next::Block => None,
        };
        let end = match next {
            Some(inner) => object(text, value, inner, outline, level + 1)?,
            None => {
                let end = skip(text, value)?;
                outline.add(holder, name, key..end, is_object.then_some(value..end))?;
                end
            }
        };
        at = blank(text, end);
        match text.get(at)? {
            b',' => at = blank(text, at + 1),
            b'}' => return Some(at + 1),
            _ => return None,
        }
    }
}

fn blank(text: &[u8], mut at: usize) -> usize {
    while text.get(at).is_some_and(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// Where the string that begins here ends.
pub(super) fn string(text: &[u8], start: usize) -> Option<usize> {
    (text.get(start) == Some(&b'"')).then_some(())?;
    let mut at = start + 1;
    loop {
        at += memchr2(b'"', b'\\', text.get(at..)?)?;
        match text.get(at)? {
            b'"' => return Some(at + 1),
            _ => at += 2,
        }
    }
}

/// The text of a string; `None` for escapes other than those of slashes.
pub(super) fn spelled(written: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(written).ok()?;
    if !text.contains('\\') {
        return Some(text.to_string());
    }
    let plain = text.replace("\\/", "/");
    (!plain.contains('\\')).then_some(plain)
}

/// Where the value that begins here ends. Outside of strings only what JSON has may stand.
pub(super) fn skip(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut depth = 0_usize;
    loop {
        match text.get(at)? {
            b'"' => at = string(text, at)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                at += 1;
            }
            b'\n' => {
                at += 1;
                // Half of a text that is laid out is blanks.
                while text.get(at..at + 8) == Some(b"        ") {
                    at += 8;
                }
            }
            b' ' | b'\r' | b'\t' | b',' | b':' => at += 1,
            b'0'..=b'9' | b'+' | b'-' | b'.' | b'a'..=b'z' | b'E' => {
                while text
                    .get(at)
                    .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
                {
                    at += 1;
                }
            }
            _ => return None,
        }
        if depth == 0 {
            return Some(at);
        }
    }
}
