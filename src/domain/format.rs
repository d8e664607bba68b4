//! What `format` means for the set of values: a table.
//!
//! Formats that narrow (`uuid`, `int32`), formats that only tell how to show or carry a value (`password`, `double`),
//! and unknown ones, which are annotations.

use crate::model::{Bound, Decimal};

use super::format_checks as check;

/// A string format that narrows.
pub struct TextFormat {
    pub name: &'static str,
    /// Whether a text has the format; `None` when a short check cannot tell.
    pub check: fn(&str) -> Option<bool>,
    /// Members, most readable first, of different lengths where there are such.
    pub samples: &'static [&'static str],
    /// Shortest and longest member, in characters.
    pub length: (u64, Option<u64>),
    /// Formats that include this one.
    pub within: &'static [&'static str],
}

/// Patterns that all texts of a format match, where such are simple.
const SHAPES: [(&str, &str); 4] = [
    ("date", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    (
        "date-time",
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
    ),
    ("ipv4", "^[0-9]{1,3}([.][0-9]{1,3}){3}$"),
    ("uuid", "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"),
];

impl TextFormat {
    /// A pattern that all texts of the format match.
    pub fn shape(&self) -> Option<&'static str> {
        SHAPES.iter().find(|(name, _)| *name == self.name).map(|(_, shape)| *shape)
    }
}

#[rustfmt::skip]
static TEXT: [TextFormat; 22] = [
    TextFormat { name: "date", check: check::date, samples: &["2000-01-01"], length: (10, Some(10)), within: &[] },
    TextFormat { name: "date-time", check: check::date_time, samples: &["2000-01-01T00:00:00Z", "2000-01-01T00:00:00.000Z", "2000-01-01T00:00:00+01:00"], length: (20, None), within: &[] },
    TextFormat { name: "time", check: check::time, samples: &["00:00:00Z", "00:00:00.000Z", "00:00:00+01:00"], length: (9, None), within: &[] },
    TextFormat { name: "duration", check: check::duration, samples: &["P1D", "PT1H", "P1DT12H"], length: (3, None), within: &[] },
    TextFormat { name: "uuid", check: check::uuid, samples: &["00000000-0000-0000-0000-000000000000"], length: (36, Some(36)), within: &[] },
    TextFormat { name: "email", check: check::email, samples: &["a@b.co", "someone@example.com"], length: (3, None), within: &["idn-email"] },
    TextFormat { name: "idn-email", check: check::email, samples: &["a@b.co", "someone@example.com"], length: (3, None), within: &[] },
    TextFormat { name: "hostname", check: check::hostname, samples: &["a.co", "example.com"], length: (1, Some(253)), within: &["idn-hostname"] },
    TextFormat { name: "idn-hostname", check: check::idn_hostname, samples: &["a.co", "example.com"], length: (1, None), within: &[] },
    TextFormat { name: "ipv4", check: check::ipv4, samples: &["0.0.0.0", "192.0.2.1", "192.0.2.100", "203.0.113.255"], length: (7, Some(15)), within: &[] },
    TextFormat { name: "ipv6", check: check::ipv6, samples: &["::", "2001:db8::1", "2001:0db8:0000:0000:0000:0000:0000:0001"], length: (2, Some(45)), within: &[] },
    TextFormat { name: "uri", check: check::uri, samples: &["urn:a", "https://a.co", "https://example.com/a"], length: (2, None), within: &["uri-reference", "iri", "iri-reference"] },
    TextFormat { name: "uri-reference", check: check::uri_reference, samples: &["a", "/a", "https://example.com/a"], length: (0, None), within: &["iri-reference"] },
    TextFormat { name: "iri", check: check::uri, samples: &["urn:a", "https://a.co", "https://example.com/a"], length: (2, None), within: &["iri-reference"] },
    TextFormat { name: "iri-reference", check: check::uri_reference, samples: &["a", "/a", "https://example.com/a"], length: (0, None), within: &[] },
    TextFormat { name: "uri-template", check: check::uri_template, samples: &["a", "/a/{id}"], length: (0, None), within: &[] },
    TextFormat { name: "json-pointer", check: check::json_pointer, samples: &["", "/a"], length: (0, None), within: &[] },
    TextFormat { name: "relative-json-pointer", check: check::relative_json_pointer, samples: &["0", "0/a"], length: (1, None), within: &[] },
    TextFormat { name: "regex", check: check::regex, samples: &["a", "^a$"], length: (0, None), within: &[] },
    TextFormat { name: "byte", check: check::base64, samples: &["", "YQ==", "YWJj"], length: (0, None), within: &[] },
    TextFormat { name: "ip", check: check::ip, samples: &["::", "192.0.2.1"], length: (2, Some(45)), within: &[] },
    TextFormat { name: "char", check: check::single, samples: &["a"], length: (1, Some(1)), within: &[] },
];

/// Other spellings, and formats that say how a value is shown or held but not which values there are.
fn canonical(name: &str) -> Option<&str> {
    Some(match name {
        "datetime" => "date-time",
        // Versions of UUIDs differ in two digits, which no column tells apart.
        "guid" | "uuid1" | "uuid3" | "uuid4" | "uuid5" | "uuid7" => "uuid",
        "url" => "uri",
        "base64" => "byte",
        "integer" | "int" | "long" => "",
        // Every JSON number is read into a double anyway; passwords are ordinary strings that are shown as dots.
        "password" | "double" | "decimal" | "number" | "string" | "" => "",
        name => name,
    })
    .filter(|name| !name.is_empty())
}

/// The string format of that name, when it narrows.
pub fn text(name: Option<&str>) -> Option<&'static TextFormat> {
    let name = canonical(name?)?;
    TEXT.iter().find(|f| f.name == name)
}

/// The numbers a format allows.
pub struct Interval {
    pub low: Option<Bound>,
    pub high: Option<Bound>,
    pub whole: bool,
}

/// The numbers that a numeric format allows; `None` when it does not narrow.
pub fn interval(name: Option<&str>) -> Option<Interval> {
    let whole = |low: i128, high: i128| {
        let end = |n| Some(Bound { value: Decimal::new(n, 0), exclusive: false });
        Some(Interval { low: end(low), high: end(high), whole: true })
    };
    match name? {
        "int8" => whole(i128::from(i8::MIN), i128::from(i8::MAX)),
        "int16" => whole(i128::from(i16::MIN), i128::from(i16::MAX)),
        "int32" => whole(i128::from(i32::MIN), i128::from(i32::MAX)),
        "int64" => whole(i128::from(i64::MIN), i128::from(i64::MAX)),
        "uint8" => whole(0, i128::from(u8::MAX)),
        "uint16" => whole(0, i128::from(u16::MAX)),
        "uint32" => whole(0, i128::from(u32::MAX)),
        "uint64" => whole(0, i128::from(u64::MAX)),
        "float" => {
            // The largest finite 32-bit number, rounded up.
            let value = Decimal::new(34_028_235, 31);
            let end = |value| Some(Bound { value, exclusive: false });
            Some(Interval { low: end(value.negated()), high: end(value), whole: false })
        }
        _ => None,
    }
}

/// What a format says to a validator of JSON Schema: the numbers it allows, and the name of the standard text format.
pub fn formats(name: Option<&str>) -> (Option<Interval>, Option<&'static str>) {
    let standard = |format: &&TextFormat| !matches!(format.name, "byte" | "ip" | "char" | "idn-hostname" | "idn-email");
    (interval(name), text(name).filter(standard).map(|format| format.name))
}

/// How two formats stand to each other by name alone, for values of one type. An unknown format is an annotation:
/// gaining or losing one changes no set, but one unknown format in the place of another may mean anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Every value of the first has the second.
    Within,
    /// Names do not tell; checks and samples may.
    Unrelated,
    /// One of them is not known here.
    Unknown,
}

/// Whether every value of format `inner` has format `outer`, for strings (`of_text`) or numbers.
pub fn relation(inner: Option<&str>, outer: Option<&str>, of_text: bool) -> Relation {
    let inner = inner.and_then(canonical);
    let Some(outer) = outer.and_then(canonical) else { return Relation::Within };
    if inner == Some(outer) {
        return Relation::Within;
    }
    let known = |name| if of_text { text(Some(name)).is_some() } else { interval(Some(name)).is_some() };
    match inner {
        None if !known(outer) => Relation::Within,
        Some(name) if !known(name) || !known(outer) => Relation::Unknown,
        Some(name) if text(Some(name)).is_some_and(|f| f.within.contains(&outer)) => Relation::Within,
        _ => Relation::Unrelated,
    }
}

/// A text of that format with at least `length` characters, where one can be spelled out.
pub fn grown(format: &TextFormat, length: u64) -> Option<String> {
    let missing = |used: usize| usize::try_from(length).ok().map(|n| n.saturating_sub(used)).filter(|n| *n <= 5000);
    let padded = |start: &str| Some(format!("{start}{}", "a".repeat(missing(start.len())?)));
    match format.name {
        "email" | "idn-email" => {
            let label = "a".repeat(50);
            let host: Vec<&str> = vec![&label; missing(0)? / 51 + 1];
            let text = format!("a@{}.co", host.join("."));
            (text.len() <= 190).then_some(text)
        }
        "uri" | "iri" => padded("https://example.com/"),
        "uri-reference" | "iri-reference" | "json-pointer" => padded("/"),
        "uri-template" | "regex" => padded("a"),
        "byte" => Some("YWJj".repeat(missing(0)? / 4 + 1)),
        _ => None,
    }
}
