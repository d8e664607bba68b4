//! Whether all that is quoted or in brackets ends in the YAML block in which it begins.
//!
//! Readers let it go on in lines that stand at the column of the blocks or before it, and such a line may look like a key.
//! Every place at which such a value may begin is tried, be it in the midst of another text: rather too many than one too few.

use memchr::{memchr, memchr_iter, memchr2, memchr3_iter};

use super::outline::Outline;

/// Brackets in brackets are looked at again for each: this many times the length of the text.
const WORK: usize = 8;

pub(super) fn check(text: &[u8], outline: &Outline) -> Option<()> {
    let mut work = text.len().saturating_mul(WORK);
    let quotes_and_braces: &mut dyn Iterator<Item = usize> = &mut memchr3_iter(b'"', b'\'', b'{', text);
    let brackets: &mut dyn Iterator<Item = usize> = &mut memchr_iter(b'[', text);
    for places in [quotes_and_braces, brackets] {
        let mut blocks = outline.blocks.iter();
        let mut block = blocks.next();
        for at in places {
            while block.is_some_and(|block| block.whole.end <= at) {
                block = blocks.next();
            }
            let Some(block) = block else { break };
            if at < block.whole.start || !begins(text, at) {
                continue;
            }
            let end = end_of(text.get(..block.whole.end)?, at)?;
            work = work.checked_sub(end - at)?;
        }
    }
    Some(())
}

/// True where a value or a key may begin.
fn begins(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    match before.last() {
        None | Some(b'\n' | b'[' | b'{' | b',' | b':') => return true,
        Some(b' ' | b'\t') => {}
        _ => return false,
    }
    let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let before = before.get(..before.len() - blanks).unwrap_or_default();
    match before.last() {
        None | Some(b'\n' | b':' | b'-' | b',' | b'[' | b'{' | b'?') => true,
        // Behind a tag.
        _ => {
            let start = before.iter().rposition(u8::is_ascii_whitespace).map_or(0, |at| at + 1);
            before.get(start) == Some(&b'!')
        }
    }
}

/// Where the value that begins here ends, in a text that should hold it.
fn end_of(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut depth = 0_usize;
    loop {
        match text.get(at)? {
            quote @ (b'"' | b'\'') if at == start || begins(text, at) => at = end_of_quoted(text, at, *quote)?,
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
