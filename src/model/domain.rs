//! A domain: the set of values an attribute can hold, as conditions that all must hold.
//!
//! In JSON Schema terms the keywords that speak about a value itself; in SQL terms the column type, `NOT NULL` and
//! simple `CHECK`s. Structure (properties, items, branches) lives in [`super::api::Shape`].

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::Decimal;
use super::origin::Text;

/// A set of JSON types. `integer` is a subset of `number`: a domain of numbers holds both bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Types(u8);

impl Types {
    pub const NONE: Types = Types(0);
    pub const NULL: Types = Types(1);
    pub const BOOLEAN: Types = Types(1 << 1);
    pub const INTEGER: Types = Types(1 << 2);
    /// Numbers that are no integers; use [`Types::NUMBER`] for the JSON type `number`.
    const FRACTION: Types = Types(1 << 3);
    pub const NUMBER: Types = Types(1 << 2 | 1 << 3);
    pub const STRING: Types = Types(1 << 4);
    pub const ARRAY: Types = Types(1 << 5);
    pub const OBJECT: Types = Types(1 << 6);
    pub const ANY: Types = Types(0x7f);

    /// The JSON type of that name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => return None,
        })
    }

    /// The type of one value.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(n) if n.is_i64() || n.is_u64() => Self::INTEGER,
            Value::Number(n) => match n.as_f64() {
                Some(f) if f.fract() == 0.0 => Self::INTEGER,
                _ => Self::FRACTION,
            },
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The types of `self` that `other` lacks.
    pub fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The JSON Schema names, in a fixed order; `number` stands for integers too.
    pub fn names(self) -> Vec<&'static str> {
        let mut names = Vec::new();
        let all: [(Types, &'static str); 7] = [
            (Self::OBJECT, "object"),
            (Self::ARRAY, "array"),
            (Self::STRING, "string"),
            (Self::FRACTION, "number"),
            (Self::INTEGER, "integer"),
            (Self::BOOLEAN, "boolean"),
            (Self::NULL, "null"),
        ];
        for (kind, name) in all {
            if self.contains(kind) && !(name == "integer" && self.contains(Self::FRACTION)) {
                names.push(name);
            }
        }
        names
    }
}

impl fmt::Debug for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ANY => f.write_str("any"),
            Self::NONE => f.write_str("nothing"),
            _ => f.write_str(&self.names().join("|")),
        }
    }
}

/// A lower or upper end of a range of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    pub value: Decimal,
    pub exclusive: bool,
}

/// The rarer conditions of a domain. Lengths count Unicode characters, as JSON Schema and SQL do.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Limits {
    pub minimum: Option<Bound>,
    pub maximum: Option<Bound>,
    pub multiple_of: Option<Decimal>,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    /// All must match (`allOf` can bring several); ECMA-262 dialect.
    pub patterns: Vec<Text>,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
    pub unique_items: bool,
    pub min_properties: Option<u64>,
    pub max_properties: Option<u64>,
}

/// The set of values an attribute can hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Domain {
    pub types: Types,
    /// `format` as the contract spells it, or the format an SQL type implies (`uuid`, `date`, `date-time`, `int32` …).
    pub format: Option<Text>,
    /// The closed list of values (`enum`, `const`, SQL enum types, `CHECK (x IN (…))`); numbers normalised (`1.0` is `1`).
    pub values: Option<Arc<[Value]>>,
    /// The list is declared open (`x-extensible-enum`): readers were told to expect more.
    pub open_values: bool,
    /// Boxed because most domains have none.
    pub limits: Option<Box<Limits>>,
}

impl Domain {
    /// All values.
    pub fn any() -> Self {
        Self { types: Types::ANY, format: None, values: None, open_values: false, limits: None }
    }

    /// All values of these types.
    pub fn of(types: Types) -> Self {
        Self { types, ..Self::any() }
    }

    /// The limits, empty when there are none.
    pub fn limits(&self) -> &Limits {
        const NONE: Limits = Limits {
            minimum: None,
            maximum: None,
            multiple_of: None,
            min_length: None,
            max_length: None,
            patterns: Vec::new(),
            min_items: None,
            max_items: None,
            unique_items: false,
            min_properties: None,
            max_properties: None,
        };
        static EMPTY: Limits = NONE;
        self.limits.as_deref().unwrap_or(&EMPTY)
    }

    /// The limits for writing.
    pub fn limits_mut(&mut self) -> &mut Limits {
        self.limits.get_or_insert_with(Default::default)
    }

    /// True when `null` is in the domain.
    pub fn nullable(&self) -> bool {
        self.types.contains(Types::NULL) && self.values.as_ref().is_none_or(|v| v.iter().any(Value::is_null))
    }
}

impl Default for Domain {
    fn default() -> Self {
        Self::any()
    }
}
