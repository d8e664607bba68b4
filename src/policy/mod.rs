//! From findings to a judgement: levels, permissions, what git says about age, the verdict.
//!
//! Comes in: findings of both revisions, the configuration, comments that permit, today's date. Goes out: a [`Judgement`]. Must not know:
//! output formats, where the configuration came from, the clock.

mod allow;
mod fingerprint;
mod judge;
mod levels;
mod permission;
mod status;
mod twins;
mod version;

pub use allow::{Stale, Suppressed, Why};
pub use fingerprint::{fingerprint, mark};
pub use judge::{Counts, Found, Gate, Judged, Judgement, Verdict, judge};
pub use levels::Levels;
pub use permission::{Permissions, Said};
pub use twins::Twins;
pub use version::Weighed;
