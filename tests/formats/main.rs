//! Golden outputs of the report formats: a clean run, one of everything, nasty text, and far too much.
//!
//! The snapshots under `tests/formats/snapshots` are reviewed texts; `INSTA_UPDATE=always cargo test --test formats` renews them.

mod bench;
mod entries;
mod grammar;
mod html;
mod machines;
mod pictures;
mod printed;
mod release;
mod reviewed;
mod sarif_schema;
#[path = "../support/mod.rs"]
mod support;
