//! Trees of files at a revision.
//!
//! Comes in: a repository, folders or files, and revision words. Goes out: two [`Tree`]s (git tree, index, working
//! tree, plain folder, memory). Must not know: file formats. Never writes, never fetches, never touches the checkout.

mod tree;

pub use tree::{Content, Entry, EntryKind, Store, Tree};
