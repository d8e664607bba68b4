//! What debt is made of beside the findings: since when.
//!
//! Comes in: findings of one revision and what led to it. Goes out: plain values. Must not know: output formats.

pub mod age;
