//! PostgreSQL's built-in types, printed as `format_type` prints them.

use crate::model::origin::Text;

use super::super::command::RawType;
use super::{BuiltIn, Values, domain, number_argument};

const SMALL: Values = Values::Integer { min: -32_768, max: 32_767, format: "" };
const INT: Values = Values::Integer { min: -2_147_483_648, max: 2_147_483_647, format: "int32" };
const BIG: Values =
    Values::Integer { min: -9_223_372_036_854_775_808, max: 9_223_372_036_854_775_807, format: "int64" };

/// How a type's arguments are printed.
#[derive(Clone, Copy, PartialEq)]
enum Args {
    None,
    /// Behind the name: `character varying(255)`.
    After,
    /// Behind the first word: `timestamp(3) with time zone`.
    Inside,
    /// The same, and `1` when missing.
    One,
}

/// Spellings, printed name, values, arguments.
const TYPES: &[(&[&str], &str, Values, Args)] = &[
    (&["integer", "int", "int4", "serial", "serial4"], "integer", INT, Args::None),
    (&["bigint", "int8", "bigserial", "serial8"], "bigint", BIG, Args::None),
    (&["smallint", "int2", "smallserial", "serial2"], "smallint", SMALL, Args::None),
    (&["double precision", "float8"], "double precision", Values::Number("double"), Args::None),
    (&["real", "float4"], "real", Values::Number("float"), Args::None),
    (&["numeric", "decimal", "dec"], "numeric", Values::Decimal, Args::After),
    (&["money"], "money", Values::Number(""), Args::None),
    (&["character varying", "varchar", "char varying"], "character varying", Values::Sized, Args::After),
    (&["character", "char"], "character", Values::Sized, Args::One),
    (&["bpchar"], "bpchar", Values::Sized, Args::None),
    (&["text"], "text", Values::Text(""), Args::None),
    // CockroachDB's words for text and bytes.
    (&["string"], "string", Values::Sized, Args::After),
    (&["bytes"], "bytes", Values::Text("byte"), Args::None),
    (&["citext"], "citext", Values::Text(""), Args::None),
    (&["name"], "name", Values::Limited(63), Args::None),
    (&["boolean", "bool"], "boolean", Values::Boolean, Args::None),
    (&["uuid"], "uuid", Values::Text("uuid"), Args::None),
    (&["date"], "date", Values::Text("date"), Args::None),
    (
        &["timestamp", "timestamp without time zone"],
        "timestamp without time zone",
        Values::Text("date-time"),
        Args::Inside,
    ),
    (&["timestamptz", "timestamp with time zone"], "timestamp with time zone", Values::Text("date-time"), Args::Inside),
    (&["time", "time without time zone"], "time without time zone", Values::Text("time"), Args::Inside),
    (&["timetz", "time with time zone"], "time with time zone", Values::Text("time"), Args::Inside),
    (&["interval"], "interval", Values::Text("duration"), Args::After),
    (&["bytea"], "bytea", Values::Text("byte"), Args::None),
    (&["json"], "json", Values::Any, Args::None),
    (&["jsonb"], "jsonb", Values::Any, Args::None),
    (&["bit"], "bit", Values::Sized, Args::One),
    (&["bit varying", "varbit"], "bit varying", Values::Sized, Args::After),
    (&["inet"], "inet", Values::Text(""), Args::None),
    (&["cidr"], "cidr", Values::Text(""), Args::None),
    (&["macaddr"], "macaddr", Values::Text(""), Args::None),
    (&["macaddr8"], "macaddr8", Values::Text(""), Args::None),
    (&["tsvector"], "tsvector", Values::Text(""), Args::None),
    (&["tsquery"], "tsquery", Values::Text(""), Args::None),
    (&["xml"], "xml", Values::Text(""), Args::None),
    (&["oid"], "oid", Values::Integer { min: 0, max: 4_294_967_295, format: "int64" }, Args::None),
    (&["xid"], "xid", Values::Integer { min: 0, max: 4_294_967_295, format: "int64" }, Args::None),
    (&["point"], "point", Values::Any, Args::None),
    (&["box"], "box", Values::Any, Args::None),
    (&["polygon"], "polygon", Values::Any, Args::None),
    (&["circle"], "circle", Values::Any, Args::None),
    (&["line"], "line", Values::Any, Args::None),
    (&["lseg"], "lseg", Values::Any, Args::None),
    (&["path"], "path", Values::Any, Args::None),
    (&["int4range"], "int4range", Values::Any, Args::None),
    (&["int8range"], "int8range", Values::Any, Args::None),
    (&["numrange"], "numrange", Values::Any, Args::None),
    (&["tsrange"], "tsrange", Values::Any, Args::None),
    (&["tstzrange"], "tstzrange", Values::Any, Args::None),
    (&["daterange"], "daterange", Values::Any, Args::None),
    (&["pg_lsn"], "pg_lsn", Values::Text(""), Args::None),
    (&["jsonpath"], "jsonpath", Values::Text(""), Args::None),
    (&["regclass"], "regclass", Values::Text(""), Args::None),
];

/// Types of whose values nothing is known here: of the engine itself, and of extensions that are often there before the
/// history begins.
const ELSEWHERE: &[&str] = &[
    "box2d",
    "box3d",
    "cid",
    "cube",
    "earth",
    "geography",
    "geometry",
    "gtsvector",
    "halfvec",
    "hstore",
    "isbn",
    "isbn13",
    "issn",
    "lo",
    "lquery",
    "ltree",
    "ltxtquery",
    "nchar",
    "oidvector",
    "raster",
    "record",
    "refcursor",
    "seg",
    "semver",
    "sparsevec",
    "tid",
    "topogeometry",
    "txid_snapshot",
    "upc",
    "vector",
    "void",
    "xid8",
];

/// True for a name that no statement of a history need have made.
pub fn is_elsewhere(name: &str) -> bool {
    let plain = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let family = ["pg_", "reg", "any", "_"].iter().any(|start| name.starts_with(start)) || name.ends_with("multirange");
    !plain || family || ELSEWHERE.contains(&name.to_ascii_lowercase().as_str())
}

/// The built-in type of that name.
pub fn built_in(raw: &RawType) -> Option<BuiltIn> {
    if raw.schema.as_deref().is_some_and(|s| s != "pg_catalog") {
        return None;
    }
    let name = match raw.name.as_str() {
        // `float(24)` is the last that fits a `real`.
        "float" if number_argument(raw, 0).is_some_and(|p| p <= 24) => "real",
        "float" => "double precision",
        name if name.starts_with("interval ") => return Some(interval(raw)),
        name => name,
    };
    let (_, printed, values, args) = TYPES.iter().find(|(names, ..)| names.contains(&name))?;
    let list = raw.args.join(",");
    let list = if *printed == "numeric" && raw.args.len() == 1 { format!("{list},0") } else { list };
    let text = match args {
        Args::After | Args::Inside | Args::One if !raw.args.is_empty() => match printed.split_once(' ') {
            Some((first, rest)) if *args == Args::Inside => format!("{first}({list}) {rest}"),
            _ => format!("{printed}({list})"),
        },
        Args::One => format!("{printed}(1)"),
        _ => (*printed).to_string(),
    };
    let mut sized = raw.clone();
    if *args == Args::One && raw.args.is_empty() {
        sized.args = vec![Text::from("1")];
    }
    Some(BuiltIn { text: Text::from(text), domain: domain(*values, &sized), serial: raw.name.contains("serial") })
}

fn interval(raw: &RawType) -> BuiltIn {
    let text = if raw.args.is_empty() { raw.name.clone() } else { format!("{}({})", raw.name, raw.args.join(",")) };
    BuiltIn { text: Text::from(text), domain: domain(Values::Text("duration"), raw), serial: false }
}
