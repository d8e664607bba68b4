//! SQLite's types: kept as declared. The engine enforces affinity at most; names that speak of a kind of value are
//! taken at their word, lengths are not, because SQLite does not hold anybody to them.

use super::super::command::RawType;
use super::{BuiltIn, Values, domain};

/// What a declared type contains and what it says about values. The first match counts.
const NAMES: &[(&str, Values)] = &[
    ("bool", Values::Boolean),
    ("uuid", Values::Text("uuid")),
    ("json", Values::Any),
    ("point", Values::Any),
    // https://www.sqlite.org/datatype3.html section 3.1: INT comes first.
    ("int", Values::Integer { min: -9_223_372_036_854_775_808, max: 9_223_372_036_854_775_807, format: "int64" }),
    ("char", Values::Text("")),
    ("clob", Values::Text("")),
    ("text", Values::Text("")),
    ("blob", Values::Text("byte")),
    ("real", Values::Number("double")),
    ("floa", Values::Number("double")),
    ("doub", Values::Number("double")),
    ("datetime", Values::Text("date-time")),
    ("timestamp", Values::Text("date-time")),
    ("date", Values::Text("date")),
    ("time", Values::Text("time")),
    ("numeric", Values::Number("")),
    ("decimal", Values::Number("")),
];

/// The declared type.
pub fn built_in(raw: &RawType) -> BuiltIn {
    let values = NAMES.iter().find(|(part, _)| raw.name.contains(part)).map_or(Values::Any, |(_, values)| *values);
    BuiltIn { text: raw.written.clone(), domain: domain(values, raw), serial: false }
}
