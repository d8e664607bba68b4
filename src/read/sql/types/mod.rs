//! Types as written in, types as the engine prints them and the domains of their values out.
//!
//! One table per dialect. Must not know tables or user-defined types.

pub mod casts;
mod mysql;
mod postgres;
mod sqlite;

use crate::model::Decimal;
use crate::model::domain::{Bound, Domain, Types};
use crate::model::origin::Text;
use crate::model::sql::Dialect;

use super::command::RawType;

/// A built-in type.
#[derive(Debug, Clone, PartialEq)]
pub struct BuiltIn {
    /// As the engine's catalogue prints it, without array brackets.
    pub text: Text,
    /// Of one element when it is an array.
    pub domain: Domain,
    /// `serial` and its kin: not null, filled from a sequence.
    pub serial: bool,
}

/// The values of a type, before lengths and scales.
#[derive(Debug, Clone, Copy)]
enum Values {
    Integer {
        min: i128,
        max: i128,
        format: &'static str,
    },
    Number(&'static str),
    Decimal,
    Text(&'static str),
    /// Text of at most this many characters, whatever the type's arguments say.
    Limited(u64),
    /// Text whose argument is the greatest length.
    Sized,
    Boolean,
    Any,
}

/// How many columns a table can have.
/// https://www.postgresql.org/docs/current/limits.html, https://dev.mysql.com/doc/refman/8.4/en/column-count-limit.html,
/// https://sqlite.org/limits.html
pub fn most_columns(dialect: Dialect) -> usize {
    match dialect {
        Dialect::Postgres => 1600,
        Dialect::MySql => 4096,
        Dialect::Sqlite => 2000,
    }
}

/// The built-in type of that name; `None` for what a user may have defined.
pub fn built_in(raw: &RawType, dialect: Dialect) -> Option<BuiltIn> {
    match dialect {
        Dialect::Postgres => postgres::built_in(raw),
        Dialect::MySql => Some(mysql::built_in(raw)),
        Dialect::Sqlite => Some(sqlite::built_in(raw)),
    }
}

/// False for a type of PostgreSQL that only a statement of the history can have made.
pub fn may_exist(raw: &RawType, dialect: Dialect) -> bool {
    built_in(raw, dialect).is_some() || postgres::is_elsewhere(&raw.name)
}

pub use mysql::{converted, fit_text, kin};

fn number_argument(raw: &RawType, index: usize) -> Option<i64> {
    raw.args.get(index)?.trim().parse().ok()
}

fn domain(values: Values, raw: &RawType) -> Domain {
    let mut domain = match values {
        Values::Integer { min, max, format } => {
            let mut domain = formatted(Types::INTEGER, format);
            let bound = |n: i128| Some(Bound { value: Decimal::new(n, 0), exclusive: false });
            (domain.limits_mut().minimum, domain.limits_mut().maximum) = (bound(min), bound(max));
            domain
        }
        Values::Number(format) => formatted(Types::NUMBER, format),
        Values::Decimal => return decimal(raw),
        Values::Text(format) => formatted(Types::STRING, format),
        Values::Limited(length) => {
            let mut domain = Domain::of(Types::STRING);
            domain.limits_mut().max_length = Some(length);
            domain
        }
        Values::Sized => {
            let mut domain = Domain::of(Types::STRING);
            if let Some(length) = number_argument(raw, 0).and_then(|n| u64::try_from(n).ok()) {
                domain.limits_mut().max_length = Some(length);
            }
            domain
        }
        Values::Boolean => Domain::of(Types::BOOLEAN),
        Values::Any => Domain::any(),
    };
    domain.types = domain.types.union(Types::NULL);
    domain
}

fn formatted(types: Types, format: &'static str) -> Domain {
    let mut domain = Domain::of(types);
    domain.format = (!format.is_empty()).then(|| Text::from(format));
    domain
}

/// `numeric(p, s)`: whole multiples of `10^-s` below `10^(p-s)`.
fn decimal(raw: &RawType) -> Domain {
    let precision = number_argument(raw, 0).and_then(|n| i32::try_from(n).ok()).filter(|p| (1..=1000).contains(p));
    let Some(precision) = precision else { return Domain::of(Types::NUMBER.union(Types::NULL)) };
    let scale = number_argument(raw, 1).and_then(|n| i32::try_from(n).ok()).unwrap_or(0).clamp(-1000, 1000);
    let step = Decimal::power_of_ten(-scale);
    let types = if scale <= 0 { Types::INTEGER } else { Types::NUMBER };
    let mut domain = Domain::of(types.union(Types::NULL));
    let limits = domain.limits_mut();
    limits.multiple_of = (scale != 0).then_some(step);
    // The greatest value is `10^(p-s) - 10^-s`; too many digits to write down leave an exclusive power of ten.
    let top = Decimal::power_of_ten(precision - scale);
    let bound = match (precision < 36).then(|| top.plus(step.negated())).flatten() {
        Some(value) => Bound { value, exclusive: false },
        None => Bound { value: top, exclusive: true },
    };
    limits.minimum = Some(Bound { value: bound.value.negated(), ..bound });
    limits.maximum = Some(bound);
    domain
}

/// The domain of an array of anything.
pub fn array() -> Domain {
    Domain::of(Types::ARRAY.union(Types::NULL))
}
