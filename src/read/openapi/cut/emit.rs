//! The text with the blocks emptied that are not kept: as many lines as before.

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
                out.push(b'}');
            }
        }
        from = value.end;
    }
    out.extend_from_slice(text.get(from..).unwrap_or_default());
    out
}
