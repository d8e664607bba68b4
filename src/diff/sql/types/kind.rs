//! From a type name to what the type can hold.

use crate::model::sql::Dialect;

/// What a column type can hold, as far as it decides about a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers from `-below` to `above`.
    Int {
        below: u64,
        above: u64,
    },
    /// Digits before and after the point; `None` is no limit.
    Decimal {
        whole: Option<i64>,
        scale: Option<i64>,
    },
    /// Bits of the mantissa: 24 or 53.
    Float {
        mantissa: u32,
    },
    /// Characters, `None` is no limit. `padded` is `char(n)`, `caseless` is `citext`.
    Text {
        max: Option<u64>,
        padded: bool,
        caseless: bool,
    },
    /// Bytes.
    Bytes {
        max: Option<u64>,
        fixed: bool,
    },
    Date,
    /// Fractional digits of the second.
    Time {
        zone: bool,
        precision: u32,
    },
    Timestamp {
        zone: bool,
        precision: u32,
    },
    Json {
        binary: bool,
    },
    Enum {
        values: Vec<String>,
    },
    Array(Box<Kind>),
    /// SQLite: only the affinity of a declared type has an effect.
    Affinity(&'static str),
    /// Any other type, by its name.
    Other(String),
}

/// The coarse kind of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Text,
    Exact,
    Moment,
    Enum,
    Else,
}

impl Kind {
    /// The kind of a type name; both the catalogue's spelling and the usual aliases are known.
    pub fn of(dialect: Dialect, name: &str) -> Self {
        let name = name.trim().to_ascii_lowercase();
        if dialect == Dialect::Sqlite {
            return Self::Affinity(affinity(&name));
        }
        if let Some(element) = name.strip_suffix("[]") {
            // One level says enough: deeper arrays are named in full.
            let element = element.trim_end_matches("[]");
            return Self::Array(Box::new(Self::scalar(dialect, element)));
        }
        Self::scalar(dialect, &name)
    }

    fn scalar(dialect: Dialect, name: &str) -> Self {
        let (words, params) = split(name);
        let number = |index: usize| params.get(index).and_then(|p| p.parse::<i64>().ok());
        let length = params.first().and_then(|p| p.parse::<u64>().ok());
        let precision = |default: u32| length.map_or(default, |n| u32::try_from(n).unwrap_or(default));
        let unsigned = words.split(' ').any(|w| w == "unsigned");
        let base = words.trim_end_matches(" zerofill").trim_end_matches(" unsigned").trim_end_matches(" signed");
        if let Some(bits) = int_bits(dialect, base) {
            return Self::int(bits, unsigned);
        }
        let my = dialect == Dialect::MySql;
        match base {
            "numeric" | "decimal" | "dec" | "fixed" => {
                let (total, scale) = match (number(0), my) {
                    (None, true) => (Some(10), 0),
                    (total, _) => (total, number(1).unwrap_or(0)),
                };
                Self::Decimal { whole: total.map(|t| t - scale), scale: total.map(|_| scale) }
            }
            "real" | "float4" if !my => Self::Float { mantissa: 24 },
            "float" if my || length.is_some_and(|n| n <= 24) => Self::Float { mantissa: 24 },
            "double precision" | "double" | "float8" | "float" | "real" => Self::Float { mantissa: 53 },
            "character varying" | "varchar" => Self::Text { max: length, padded: false, caseless: false },
            "character" | "char" | "bpchar" => {
                Self::Text { max: Some(length.unwrap_or(1)), padded: !my, caseless: false }
            }
            "text" if !my => Self::Text { max: None, padded: false, caseless: false },
            // CockroachDB's own name.
            "string" if !my => Self::Text { max: length, padded: false, caseless: false },
            "citext" => Self::Text { max: None, padded: false, caseless: true },
            // Capacities are in bytes; characters of one byte are the most that fit.
            "tinytext" => Self::text(255),
            "text" => Self::text(65_535),
            "mediumtext" => Self::text(16_777_215),
            "longtext" => Self::Text { max: None, padded: false, caseless: false },
            "bytea" | "longblob" => Self::Bytes { max: None, fixed: false },
            "binary" => Self::Bytes { max: Some(length.unwrap_or(1)), fixed: true },
            "varbinary" => Self::Bytes { max: length, fixed: false },
            "tinyblob" => Self::Bytes { max: Some(255), fixed: false },
            "blob" => Self::Bytes { max: Some(65_535), fixed: false },
            "mediumblob" => Self::Bytes { max: Some(16_777_215), fixed: false },
            "date" => Self::Date,
            "time" | "time without time zone" => {
                Self::Time { zone: false, precision: precision(if my { 0 } else { 6 }) }
            }
            "time with time zone" | "timetz" => Self::Time { zone: true, precision: precision(6) },
            "timestamp with time zone" | "timestamptz" => Self::Timestamp { zone: true, precision: precision(6) },
            "timestamp without time zone" => Self::Timestamp { zone: false, precision: precision(6) },
            "timestamp" => Self::Timestamp { zone: my, precision: precision(if my { 0 } else { 6 }) },
            "datetime" => Self::Timestamp { zone: false, precision: precision(0) },
            "json" => Self::Json { binary: my },
            "jsonb" => Self::Json { binary: true },
            "enum" | "set" if my => Self::Enum { values: params },
            "bool" => Self::Other("boolean".to_string()),
            _ if params.is_empty() => Self::Other(base.to_string()),
            _ => Self::Other(format!("{base}({})", params.join(","))),
        }
    }

    fn text(max: u64) -> Self {
        Self::Text { max: Some(max), padded: false, caseless: false }
    }

    fn int(bits: u32, unsigned: bool) -> Self {
        let half = 1u64 << (bits - 1);
        if unsigned {
            Self::Int { below: 0, above: half - 1 + half }
        } else {
            Self::Int { below: half, above: half - 1 }
        }
    }

    pub fn class(&self) -> Class {
        match self {
            Self::Text { .. } => Class::Text,
            Self::Decimal { .. } => Class::Exact,
            Self::Time { .. } | Self::Timestamp { .. } => Class::Moment,
            Self::Enum { .. } => Class::Enum,
            _ => Class::Else,
        }
    }
}

fn int_bits(dialect: Dialect, base: &str) -> Option<u32> {
    Some(match base {
        "smallint" | "int2" | "smallserial" | "serial2" => 16,
        "integer" | "int" | "int4" | "serial4" => 32,
        "bigint" | "int8" | "bigserial" | "serial8" => 64,
        "serial" => {
            if dialect == Dialect::MySql {
                64
            } else {
                32
            }
        }
        "tinyint" => 8,
        "mediumint" => 24,
        // MySQL has no booleans of its own.
        "boolean" | "bool" if dialect == Dialect::MySql => 8,
        _ => return None,
    })
}

/// `timestamp(3) with time zone` → (`timestamp with time zone`, [`3`]); quotes around list values are dropped.
fn split(name: &str) -> (String, Vec<String>) {
    let parts = name.find('(').zip(name.rfind(')')).filter(|(open, close)| open < close);
    let Some((open, close)) = parts else { return (name.split_whitespace().collect::<Vec<_>>().join(" "), Vec::new()) };
    let words = format!("{} {}", &name[..open], &name[close + 1..]);
    (words.split_whitespace().collect::<Vec<_>>().join(" "), list(&name[open + 1..close]))
}

/// The items of a list of numbers or quoted words; commas inside quotes do not separate.
fn list(text: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '\'' => quoted = !quoted,
            ',' if !quoted => items.push(String::new()),
            _ => {
                if let Some(last) = items.last_mut() {
                    last.push(c);
                }
            }
        }
    }
    items.iter().map(|item| item.trim().to_string()).collect()
}

/// SQLite's rules of column affinity, in their order (datatype3, section 3.1). INTEGER and NUMERIC columns behave the same.
fn affinity(name: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|w| name.contains(w));
    if has(&["int"]) {
        "NUMERIC"
    } else if has(&["char", "clob", "text"]) {
        "TEXT"
    } else if name.is_empty() || has(&["blob"]) {
        "BLOB"
    } else if has(&["real", "floa", "doub"]) {
        "REAL"
    } else {
        "NUMERIC"
    }
}
