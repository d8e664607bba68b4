//! Which types PostgreSQL turns into each other when it stores a value, and which it compares.
//! <https://www.postgresql.org/docs/current/sql-createcast.html>
//!
//! Names are printed names without arguments. What is not in the tables has no answer.

/// Types that are stored as each other without being asked.
const STORED: &[&[&str]] = &[
    &["smallint", "integer", "bigint", "numeric", "real", "double precision"],
    &["date", "timestamp without time zone", "timestamp with time zone"],
    &["time without time zone", "time with time zone"],
    &["time without time zone", "interval"],
    &["json", "jsonb"],
    &["inet", "cidr"],
    &["bit", "bit varying"],
    &["oid", "integer", "bigint"],
    &["money", "numeric", "integer", "bigint"],
];
/// The same in one direction.
const STORED_AS: &[(&str, &str)] = &[
    ("timestamp without time zone", "time without time zone"),
    ("timestamp with time zone", "time without time zone"),
    ("timestamp with time zone", "time with time zone"),
];
/// Types with operators between them that an index of one answers for the other.
const COMPARED: &[&[&str]] = &[
    &["smallint", "integer", "bigint"],
    &["real", "double precision"],
    &["date", "timestamp without time zone", "timestamp with time zone"],
    TEXTS,
    &["inet", "cidr"],
    &["bit", "bit varying"],
];
const TEXTS: &[&str] = &["text", "character varying", "character", "name", "bpchar"];
/// Types of which the first becomes the second in a comparison.
const WIDENED: &[(&str, &[&str])] = &[
    ("smallint", &["numeric", "real", "double precision"]),
    ("integer", &["numeric", "real", "double precision"]),
    ("bigint", &["numeric", "real", "double precision"]),
    ("numeric", &["real", "double precision"]),
    ("time without time zone", &["time with time zone", "interval"]),
];
/// Other types that these tables know: they become text and nothing else.
const ALONE: &[&str] = &["boolean", "uuid", "bytea", "tsvector", "tsquery", "xml", "macaddr", "point"];
/// Types whose values have no order, so that no key holds them.
const UNORDERED: &[&str] = &["json", "xml", "point", "box", "polygon", "circle", "line", "lseg", "path"];

/// In front of the name of a type that a user made: it becomes text and nothing else.
pub const MADE: &str = "made ";

fn together(groups: &[&[&str]], a: &str, b: &str) -> bool {
    groups.iter().any(|group| group.contains(&a) && group.contains(&b))
}

/// True for a type of which these tables know all.
pub fn is_known(name: &str) -> bool {
    ALONE.contains(&name)
        || name.starts_with(MADE)
        || TEXTS.contains(&name)
        || STORED.iter().any(|group| group.contains(&name))
}

/// True when a column's values may become the other type without `USING`.
pub fn stores(from: &str, to: &str) -> Option<bool> {
    if from == to || TEXTS.contains(&to) || together(STORED, from, to) || STORED_AS.contains(&(from, to)) {
        return Some(true);
    }
    (is_known(from) && is_known(to)).then_some(false)
}

/// True when a foreign key of the one type may point to a key of the other.
pub fn compares(key: &str, foreign: &str) -> Option<bool> {
    let widens = WIDENED.iter().any(|(from, to)| *from == foreign && to.contains(&key));
    if key == foreign || together(COMPARED, key, foreign) || widens {
        return Some(true);
    }
    (is_known(key) && is_known(foreign)).then_some(false)
}

/// True for the types that everything is stored as.
pub fn is_text(name: &str) -> bool {
    TEXTS.contains(&name)
}

/// True when values have an order that a key needs.
pub fn is_ordered(name: &str) -> bool {
    !UNORDERED.contains(&name)
}
