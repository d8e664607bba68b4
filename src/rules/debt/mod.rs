//! Rules about what a schema or contract will cost later.
//!
//! Comes in: one revision's model at a time. Goes out: findings whose status git decides (`existing`, `introduced`,
//! `resolved`). Must not know: the other revision, output formats.

pub mod api;
mod left_over;
pub mod link;
pub mod past;
mod said;
pub mod sql;
