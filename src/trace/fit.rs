//! Whether what one place holds fits into the next.

use serde_json::Value;

use crate::domain::{Containment, outside};
use crate::model::{Domain, Types};

/// How the values of a place and those of the next one compare.
#[derive(Debug, Clone, PartialEq)]
pub enum Fit {
    /// Both hold the same values.
    Same,
    /// The next one holds all of them and more.
    Wider,
    /// The next one does not take all of them; a value that it refuses, where one was found.
    Narrower(Option<Value>),
    /// They have no type in common: the value changes its form on the way.
    Converted,
    Undecided,
}

impl Fit {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Wider => "wider",
            Self::Narrower(_) => "narrower",
            Self::Converted => "converted",
            Self::Undecided => "undecided",
        }
    }

    /// From `first` into `second`; what is not `exact` allows more or less than its domain says.
    pub fn of(first: &Domain, second: &Domain, exact: bool) -> Self {
        if !first.types.minus(Types::NULL).intersects(second.types.minus(Types::NULL)) {
            return Self::Converted;
        }
        match (outside(first, second), outside(second, first)) {
            _ if !exact => Self::Undecided,
            (Containment::Outside(value), _) => Self::Narrower(value),
            (Containment::Undecided(_), _) => Self::Undecided,
            (Containment::Inside, Containment::Inside) => Self::Same,
            (Containment::Inside, _) => Self::Wider,
        }
    }
}
