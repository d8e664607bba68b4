//! Whether all that is quoted or in brackets ends in the YAML block in which it begins.
//!
//! Readers let it go on in lines that stand at the column of the blocks or before it, and such a line may look like a key.
//! Every place at which such a value may begin is tried, be it in the midst of longer text: rather too many than one too few.

use memchr::{memchr, memchr_iter, memchr2, memchr3_iter};

use super::outline::Outline;

/// Brackets in brackets are looked at again for each: this many times the length of the text.
const WORK: usize = 8;

pub(super) fn check(text: &[u8], outline: &Outline) -> Option<()> {
    let mut work = text.len().saturating_mul(WORK);
    let mut others = memchr3_iter(b'"', b'\'', b'{', text).peekable();
    let mut lists = memchr_iter(b'[', text).peekable();
    let mut blocks = outline.blocks.iter().peekable();
    // Where the last quoted text ends that stands in one line: what begins in it is part of it.
    let mut quoted = 0;
    loop {
        let at = match (others.peek(), lists.peek()) {
            (Some(other), Some(list)) if list < other => lists.next()?,
            (None, Some(_)) => lists.next()?,
            (Some(_), _) => others.next()?,
            (None, None) => return Some(()),
        };
        while blocks.next_if(|block| block.whole.end <= at).is_some() {}
        let Some(block) = blocks.peek() else { return Some(()) };
        if at < block.whole.start || at < quoted || !begins(text, at) {
            continue;
        }
        let end = end_of(text.get(..block.whole.end)?, at)?;
        work = work.checked_sub(end - at)?;
        let value = text.get(at..end)?;
        if matches!(value.first(), Some(b'"' | b'\'')) && memchr(b'\n', value).is_none() {
            quoted = end;
        }
    }
}

/// True where a value or a key may begin that is no part of one in brackets.
pub(super) fn begins(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let said = before.get(..before.len() - blanks).unwrap_or_default();
    match said.last() {
        None | Some(b'\n') => true,
        // A quoted key needs no blank behind its colon.
        Some(b':') => blanks > 0 || said.ends_with(b"\":") || said.ends_with(b"':"),
        Some(b'-' | b'?') => {
            let sign = said.iter().rev().find(|byte| !matches!(byte, b' ' | b'-' | b'?'));
            matches!(sign, None | Some(b'\n'))
        }
        // Behind a tag or an anchor.
        Some(_) if blanks > 0 => {
            let word = said.iter().rposition(u8::is_ascii_whitespace).map_or(0, |at| at + 1);
            matches!(said.get(word), Some(b'!' | b'&'))
        }
        Some(_) => false,
    }
}

/// True where text in quotes may begin within brackets.
fn begins_within(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default().trim_ascii_end();
    matches!(before.last(), Some(b':' | b',' | b'[' | b'{'))
}

/// Where the value that begins here ends, in a text that should hold it.
fn end_of(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut depth = 0_usize;
    loop {
        match text.get(at)? {
            quote @ (b'"' | b'\'') if at == start || begins_within(text, at) => at = end_of_quoted(text, at, *quote)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                at += 1;
            }
            b'#' if at > 0 && text.get(at - 1).is_some_and(u8::is_ascii_whitespace) => {
                at += memchr(b'\n', text.get(at..)?)?
            }
            _ => at += 1,
        }
        if depth == 0 {
            return Some(at);
        }
    }
}

fn end_of_quoted(text: &[u8], start: usize, quote: u8) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += if quote == b'"' { memchr2(quote, b'\\', text.get(at..)?)? } else { memchr(quote, text.get(at..)?)? };
        match (text.get(at)?, text.get(at + 1)) {
            (b'\\', _) => at += 2,
            (b'\'', Some(b'\'')) => at += 2,
            _ => return Some(at + 1),
        }
    }
}
