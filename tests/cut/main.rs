//! Two texts of a contract that were cut down compare like the whole texts.

mod histories;
mod judge;
