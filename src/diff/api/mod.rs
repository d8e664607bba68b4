//! Changes between two contracts.
