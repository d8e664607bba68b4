//! Two models in, typed changes out. Must not know: severities, output formats, git.

pub mod api;
pub mod sql;
