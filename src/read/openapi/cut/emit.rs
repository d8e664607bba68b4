//! The text with the blocks emptied that are not kept: what is left stands in the line and column in which it stood.

use memchr::memchr_iter;

use super::outline::{Form, Outline};

pub(super) fn emit(text: &[u8], outline: &Outline, kept: &[bool]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut from = 0;
    for (block, kept) in outline.blocks.iter().zip(kept) {
        let Some(value) = block.value.clone().filter(|_| !kept) else { continue };
        let Some(emptied) = text.get(value.clone()) else { continue };
        out.extend_from_slice(text.get(from..value.start).unwrap_or_default());
        let lines = memchr_iter(b'\n', emptied).count();
        let end = out.len() + lines;
        match outline.form {
            Form::Yaml => {
                out.extend_from_slice(b" {}");
                out.resize(end + 3, b'\n');
            }
            Form::Json => {
                out.push(b'{');
                out.resize(end + 1, b'\n');
                let blanks = if is_last(text, value.end) { 0 } else { length_of_last_line(emptied) };
                out.resize(out.len() + blanks.saturating_sub(if lines == 0 { 2 } else { 1 }), b' ');
                out.push(b'}');
            }
        }
        from = value.end;
    }
    out.extend_from_slice(text.get(from..).unwrap_or_default());
    out
}

/// True when nothing follows in the line whose place could be asked for.
fn is_last(text: &[u8], end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default();
    let mut rest = rest.iter().take_while(|byte| **byte != b'\n');
    rest.all(|byte| matches!(byte, b',' | b'}' | b']' | b' ' | b'\r' | b'\t'))
}

/// In characters, as columns are counted.
fn length_of_last_line(text: &[u8]) -> usize {
    let last = text.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    last.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}
