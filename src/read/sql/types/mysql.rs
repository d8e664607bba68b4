//! MySQL's types, printed as `information_schema.columns.column_type` prints them (8.0: no display width).

use std::sync::Arc;

use serde_json::Value;

use crate::model::domain::{Domain, Types};
use crate::model::origin::Text;

use super::super::command::RawType;
use super::{BuiltIn, Values, domain};

const fn signed(bits: u32, format: &'static str) -> Values {
    Values::Integer { min: -(1 << (bits - 1)), max: (1 << (bits - 1)) - 1, format }
}

const fn unsigned(bits: u32, format: &'static str) -> Values {
    Values::Integer { min: 0, max: (1 << bits) - 1, format }
}

/// Whether the arguments are printed.
#[derive(Clone, Copy, PartialEq)]
enum Args {
    Drop,
    Keep,
    /// With this when missing.
    Or(&'static str),
}

/// Spellings, printed name, values, arguments.
const TYPES: &[(&[&str], &str, Values, Args)] = &[
    (&["tinyint", "int1"], "tinyint", signed(8, ""), Args::Drop),
    (&["smallint", "int2"], "smallint", signed(16, ""), Args::Drop),
    (&["mediumint", "int3", "middleint"], "mediumint", signed(24, "int32"), Args::Drop),
    (&["int", "integer", "int4"], "int", signed(32, "int32"), Args::Drop),
    (&["bigint", "int8"], "bigint", signed(64, "int64"), Args::Drop),
    (&["decimal", "numeric", "dec", "fixed"], "decimal", Values::Decimal, Args::Or("10,0")),
    (&["float", "float4"], "float", Values::Number("float"), Args::Keep),
    (&["double", "double precision", "real", "float8"], "double", Values::Number("double"), Args::Keep),
    (&["varchar", "character varying", "char varying", "nvarchar"], "varchar", Values::Sized, Args::Keep),
    (&["char", "character", "nchar"], "char", Values::Sized, Args::Or("1")),
    (&["tinytext"], "tinytext", Values::Limited(255), Args::Drop),
    (&["text"], "text", Values::Limited(65_535), Args::Drop),
    (&["mediumtext", "long"], "mediumtext", Values::Limited(16_777_215), Args::Drop),
    (&["longtext"], "longtext", Values::Text(""), Args::Drop),
    (&["binary"], "binary", Values::Text("byte"), Args::Or("1")),
    (&["varbinary"], "varbinary", Values::Text("byte"), Args::Keep),
    (&["tinyblob"], "tinyblob", Values::Text("byte"), Args::Drop),
    (&["blob"], "blob", Values::Text("byte"), Args::Drop),
    (&["mediumblob"], "mediumblob", Values::Text("byte"), Args::Drop),
    (&["longblob"], "longblob", Values::Text("byte"), Args::Drop),
    (&["date"], "date", Values::Text("date"), Args::Drop),
    (&["datetime"], "datetime", Values::Text("date-time"), Args::Keep),
    (&["timestamp"], "timestamp", Values::Text("date-time"), Args::Keep),
    (&["time"], "time", Values::Text("time"), Args::Keep),
    (&["year"], "year", Values::Integer { min: 0, max: 2155, format: "" }, Args::Drop),
    (&["json"], "json", Values::Any, Args::Drop),
    (&["uuid"], "uuid", Values::Text("uuid"), Args::Drop),
    (&["bit"], "bit", Values::Integer { min: 0, max: (1 << 64) - 1, format: "" }, Args::Or("1")),
];

/// The type of that name; unknown ones are printed as written and hold anything.
pub fn built_in(raw: &RawType) -> BuiltIn {
    let words: Vec<&str> = raw.name.split(' ').collect();
    let negative = !words.contains(&"unsigned") && !words.contains(&"zerofill") && raw.name != "serial";
    let base = words
        .iter()
        .filter(|w| !matches!(**w, "unsigned" | "signed" | "zerofill"))
        .copied()
        .collect::<Vec<_>>()
        .join(" ");
    let made = |text: String, domain: Domain| BuiltIn { text: Text::from(text), domain, serial: raw.name == "serial" };
    if matches!(base.as_str(), "bool" | "boolean")
        || (base == "tinyint" && raw.args.first().is_some_and(|a| &**a == "1") && negative)
    {
        return made("tinyint(1)".into(), domain(Values::Boolean, raw));
    }
    if base == "serial" {
        return made("bigint unsigned".into(), domain(unsigned(64, "int64"), raw));
    }
    if matches!(base.as_str(), "enum" | "set") {
        let list: Vec<String> = raw.values.iter().map(|(v, _)| format!("'{}'", v.replace('\'', "''"))).collect();
        let mut domain = Domain::of(Types::STRING.union(Types::NULL));
        if base == "enum" {
            let values = raw.values.iter().map(|(v, _)| Value::String(v.to_string()));
            domain.values = Some(values.chain([Value::Null]).collect::<Arc<[Value]>>());
        }
        return made(format!("{base}({})", list.join(",")), domain);
    }
    let Some((_, printed, values, args)) = TYPES.iter().find(|(names, ..)| names.contains(&base.as_str())) else {
        return made(raw.written.to_ascii_lowercase(), Domain::any());
    };
    let list = match args {
        Args::Or(missing) if raw.args.is_empty() => (*missing).to_string(),
        Args::Drop => String::new(),
        _ => raw.args.join(","),
    };
    let list = if *printed == "decimal" && raw.args.len() == 1 { format!("{list},0") } else { list };
    let mut text = if list.is_empty() { (*printed).to_string() } else { format!("{printed}({list})") };
    let values = match *values {
        Values::Integer { min, max, format } if !negative && min < 0 => {
            Values::Integer { min: 0, max: max * 2 + 1, format }
        }
        other => other,
    };
    if !negative {
        text.push_str(" unsigned");
    }
    let mut sized = raw.clone();
    if raw.args.is_empty() && !list.is_empty() {
        sized.args = list.split(',').map(Text::from).collect();
    }
    let mut domain = domain(values, &sized);
    if !negative && domain.limits().minimum.is_some() {
        domain.limits_mut().minimum =
            Some(crate::model::Bound { value: crate::model::Decimal::ZERO, exclusive: false });
    }
    if words.contains(&"zerofill") {
        text.push_str(" zerofill");
    }
    made(text, domain)
}

/// The texts and blobs of MySQL, shortest first, with the bytes that they hold.
const LONG: [(&str, &str, u64); 4] = [
    ("tinytext", "tinyblob", 255),
    ("text", "blob", 65_535),
    ("mediumtext", "mediumblob", 16_777_215),
    ("longtext", "longblob", u64::MAX),
];

/// `text(n)` is the shortest text that holds so many characters of so many bytes.
/// https://dev.mysql.com/doc/refman/8.4/en/string-type-syntax.html
pub fn fit_text(raw: &mut RawType, width: u64) {
    let blob = raw.name == "blob";
    if !blob && raw.name != "text" {
        return;
    }
    let Some(length) = super::number_argument(raw, 0).and_then(|n| u64::try_from(n).ok()) else { return };
    let bytes = length.saturating_mul(if blob { 1 } else { width });
    if let Some((text, other, _)) = LONG.iter().find(|(.., most)| bytes <= *most) {
        raw.name = (if blob { other } else { text }).to_string();
    }
}

/// The text that holds what one of another character set held, where that is another: `CONVERT TO` keeps the number
/// of characters.
pub fn converted(printed: &str, from: u64, to: u64) -> Option<RawType> {
    let (.., most) = LONG.iter().find(|(text, ..)| *text == printed)?;
    let bytes = (most / from.max(1)).saturating_mul(to);
    let (text, ..) = LONG.iter().find(|(.., most)| bytes <= *most)?;
    (*text != printed).then(|| RawType { name: (*text).to_string(), written: Text::from(*text), ..RawType::default() })
}

/// What two columns must have in common for a foreign key between them: for numbers all, for texts that they are.
pub fn kin(printed: &str) -> String {
    let (name, rest) = printed.split_once('(').unwrap_or((printed, ""));
    let sign = if rest.ends_with("unsigned") || rest.ends_with("zerofill") { " unsigned" } else { "" };
    match name {
        "varchar" | "char" => "char".to_string(),
        _ => format!("{name}{sign}"),
    }
}
