//! Trees of files at a revision.
//!
//! Comes in: a repository, folders or files, and revision words. Goes out: two [`Tree`]s (git tree, index, working
//! tree, plain folder, memory). Must not know: file formats. Never writes, never fetches, never touches the checkout.

mod base;
mod commit;
mod error;
mod folder;
mod hunks;
mod index;
mod open;
mod renames;
mod repository;
mod request;
mod tree;
mod walk;

pub use error::{Error, Provider};
pub use hunks::patch;
pub use open::{Compared, open, open_one};
pub use renames::renames;
pub use request::{INDEX, Request, WORKTREE, is_range};
pub(crate) use tree::content_id;
pub use tree::{Content, Entry, EntryKind, Store, Tree};
pub use walk::{Changed, Range, Reader, Step, TreeId, Walk, walk};
