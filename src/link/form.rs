//! In which form a column holds the values of a property: the same one, another that code translates, or none.
//!
//! Seen in real code: objects and lists as JSON text, moments as numbers, flags as 0 and 1, the members of an enumeration as
//! their numbers, a row of another table in place of the key that leads to it. Keys are never translated: a text in front of
//! a number is another key (a slug).

use crate::model::{Domain, Types};

/// How the two ends of a pair go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Same,
    /// Objects and lists on one side, text on the other; with which.
    Serialized(&'static str),
    /// The types have nothing in common, and code is known to translate between them; with what it does.
    Translated(&'static str),
    /// The types have nothing in common.
    None,
}

impl Form {
    /// Of a property and its column; `key` is true for names of keys.
    pub fn of(property: &Domain, column: &Domain, key: bool) -> Self {
        let (sent, stored) = (property.types.minus(Types::NULL), column.types.minus(Types::NULL));
        if sent.intersects(stored) {
            return Self::Same;
        }
        let either = |a: Types, b: Types| (a, b) == (sent, stored) || (b, a) == (sent, stored);
        let moment = |d: &Domain| d.format.as_ref().is_some_and(|f| matches!(&**f, "date-time" | "date"));
        let structure = Types::OBJECT.union(Types::ARRAY);
        if structure.contains(sent) && stored == Types::STRING {
            Self::Serialized("stored as text")
        } else if sent == Types::STRING && structure.contains(stored) {
            Self::Serialized("stored as a structure")
        } else if key {
            Self::None
        } else if sent == Types::INTEGER && moment(column) || stored == Types::INTEGER && moment(property) {
            Self::Translated("a moment as a number")
        } else if either(Types::BOOLEAN, Types::INTEGER) {
            Self::Translated("a flag as a number")
        } else if sent == Types::STRING && stored == Types::INTEGER && property.values.is_some() {
            Self::Translated("members as numbers")
        } else {
            Self::None
        }
    }

    pub fn fits(self) -> bool {
        self != Self::None
    }
}
