//! Which files of a tree are contracts and which are SQL, in which layout, dialect and order.
//!
//! Comes in: a tree, and what the configuration says. Goes out: [`Sources`], loaded bytes and line indexes.
//! Must not know: what a contract or a statement means.

mod contracts;
mod dialect;
mod discover;
mod drivers;
mod files;
mod ignored;
mod journals;
pub mod layout;
mod matching;
mod migrations;
mod order;
mod outline;
mod owners;
mod places;
mod snapshot;
mod sources;
mod states;
mod tables;
mod twins;

pub use discover::{What, discover, discover_pair, is_contract, reconcile, what};
pub use files::{File, Files, Location};
pub use matching::{How, Matching, matching};
pub use owners::Owners;
pub use snapshot::{LoadError, Snapshot, join};
pub use sources::{ContractSource, Role, Sources, SqlFile, SqlSource, Twin};
