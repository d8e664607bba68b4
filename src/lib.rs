//! driftline: what a change of contract and database breaks, where the two drift apart, what debt it adds.
//!
//! Data flows one way, and a module uses only modules to its left (`tests/architecture.rs` keeps it so):
//!
//! ```text
//! revision → source → read (openapi | sql) → model → diff | link → rules | trace → policy → debt → report → cli
//! ```

pub mod check;
pub mod cli;
pub mod config;
pub mod debt;
pub mod diff;
pub mod domain;
pub mod history;
pub mod link;
pub mod model;
pub mod policy;
pub mod read;
pub mod release;
pub mod report;
pub mod revision;
pub mod rules;
pub mod source;
pub mod trace;
