//! What several tests share.
#![allow(dead_code)] // Every test binary uses a part.

pub mod page;
