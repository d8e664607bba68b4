//! Contract documents (2.0, 3.0, 3.1, 3.2; several files) in, [`Api`] and problems out.
//!
//! Schemas become shapes in one arena, each document node at most once, however often it is referenced; what is
//! malformed becomes a located problem and the rest is read. Must not know SQL, git, rules.

mod consistent;
mod content;
mod cursor;
pub mod cut;
mod discriminator;
mod domain;
mod files;
mod finish;
mod names;
mod operation;
mod parameter;
mod paths;
mod pointer;
mod reader;
mod reference;
mod response;
mod schema;
mod security;
mod server;
pub mod strict;
mod swagger;
mod unused;
mod version;

use crate::model::api::Api;
use crate::model::origin::Read;
use crate::source::Snapshot;

use super::document::Cache;

/// Reads the contract whose root document is at `path`, with every file of the same revision that it references.
pub fn read(snapshot: &Snapshot<'_>, path: &str, cache: &Cache) -> Read<Api> {
    reader::Reader::new(*snapshot, cache).contract(path)
}
