//! Two texts of a contract that were cut down compare like the whole texts.

mod cases;
#[path = "../support/dice.rs"]
mod dice;
mod histories;
mod judge;
mod made;
mod random;
