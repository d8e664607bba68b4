//! Changes between two SQL schemas.
