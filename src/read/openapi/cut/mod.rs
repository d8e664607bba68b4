//! Two texts of a contract cut down to what a comparison of them needs, before anything is parsed.
//!
//! A contract consists of blocks: path items, and the members of `components` (2.0: `definitions`, `parameters`,
//! `responses`). They are found in the bytes, by indentation in YAML and by brackets in JSON, with the blocks that each
//! refers to. A block that is the same on both sides and that no difference depends on becomes `{}`, in place: names, lines
//! and columns of all that is left stay what they were.
//!
//! ```text
//! base, head → outline (yaml | json → blocks, references) → needed → emit → base', head'
//! ```
//!
//! What comes out compares like what went in (`tests/cut.rs` holds both against each other), if both documents are whole:
//! a text with a fault must not be cut, because where its reading ends decides what is there. Nothing here notices a fault
//! in what it takes out. A walk along a history knows: when base was read without fault and what is left of head is read
//! without fault, then head as a whole is (what was taken out is in base too). The same goes for what taints a contract.

mod closed;
mod emit;
mod items;
mod json;
mod needed;
mod outline;
mod prose;
mod references;
mod words;
mod yaml;

pub use outline::Outline;

/// The blocks of a text; `None` where it cannot be cut safely: several files, anchors, tabs, templates, duplicate keys, parts
/// that are no blocks, names of places other than components.
pub fn outline(text: &[u8]) -> Option<Outline> {
    outline::of(text)
}

/// Both texts with every block emptied that their comparison cannot see; `None` when that is not known to be safe, or
/// little would be gained. Both contracts must have been read without a fault.
pub fn cut(base: (&[u8], &Outline), head: (&[u8], &Outline)) -> Option<(Vec<u8>, Vec<u8>)> {
    let kept = needed::needed(base, head)?;
    let texts = (emit::emit(base.0, base.1, &kept.base), emit::emit(head.0, head.1, &kept.head));
    Some(texts)
}
