//! Bytes in, models and problems out. Readers never fail on content: they return a value *and* problems.
//! Must not know: git, rules, each other's formats.

pub mod document;
pub mod openapi;
pub mod sql;
