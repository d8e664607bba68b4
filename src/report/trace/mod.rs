//! Traces as people and programs read them.
//!
//! Comes in: the traces of one revision. Goes out: a tree as text, JSON version 1, pictures. Must not know: how steps are found.

pub mod dot;
pub mod json;
pub mod mermaid;
mod picture;
pub mod text;

use crate::source::Files;
use crate::trace::Trace;

use super::Revision;

/// The traces of one revision.
pub struct Traced<'a> {
    pub revision: Revision,
    /// What was asked for.
    pub words: &'a str,
    pub traces: &'a [Trace],
    pub files: &'a Files,
}
