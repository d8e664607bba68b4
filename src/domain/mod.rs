//! Two domains in; same, narrows, widens, both or undecided out, each with a value that shows it.
//!
//! A domain is a conjunction of conditions that speak about one JSON type each, so everything is decided type by type:
//! numbers as intervals on a grid, strings as automata, the rest as counts. Witnesses are built and then checked with
//! [`accepts`]. Must not know where domains come from.

mod accept;
mod compare;
mod contain;
mod format;
mod format_checks;
mod numbers;
pub mod pattern;
mod restrict;
mod sample;
mod strings;
mod text;

pub use accept::{accepts, key, same};
pub use compare::{Aspect, Difference, compare};
pub use contain::{Containment, outside};
pub use format::{Interval, formats};
pub use restrict::{ASPECTS, intersection, with_null};
pub use sample::{KINDS, sample, sample_of};
pub use text::describe;
