//! Changes between two SQL schemas.
pub mod types;
