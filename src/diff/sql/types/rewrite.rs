//! Whether an engine rewrites (or copies) the table for a change of type.

use crate::model::sql::Dialect;

use super::kind::Kind;

/// True when every row is written anew while the table is locked.
pub fn needed(dialect: Dialect, a: &Kind, b: &Kind, width: u64) -> bool {
    match dialect {
        Dialect::Postgres => !in_place_postgres(a, b),
        Dialect::MySql => !in_place_mysql(a, b, width),
        // SQLite has no ALTER COLUMN; the copy is in the migration itself.
        Dialect::Sqlite => false,
    }
}

/// PostgreSQL skips the rewrite when the old bytes are valid for the new type (ALTER TABLE, notes; the transform
/// functions of `varchar`, `numeric`, `timestamp`).
fn in_place_postgres(a: &Kind, b: &Kind) -> bool {
    use Kind::*;
    match (a, b) {
        (Text { max: m1, padded: false, .. }, Text { max: m2, padded: false, .. }) => match (m1, m2) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(m1), Some(m2)) => m2 >= m1,
        },
        (Decimal { .. }, Decimal { whole: None, .. }) => true,
        (Decimal { whole: Some(w1), scale: s1 }, Decimal { whole: Some(w2), scale: s2 }) => s1 == s2 && w2 >= w1,
        (Timestamp { zone: z1, precision: p1 }, Timestamp { zone: z2, precision: p2 })
        | (Time { zone: z1, precision: p1 }, Time { zone: z2, precision: p2 }) => z1 == z2 && p2 >= p1,
        (Other(x), Other(y)) => x == "cidr" && y == "inet",
        (Array(x), Array(y)) => in_place_postgres(x, y),
        _ => false,
    }
}

/// MySQL changes a type in place only when `VARCHAR` grows within one class of length bytes, or values are appended to an
/// `ENUM` ("Online DDL Operations"). The length is counted in bytes.
fn in_place_mysql(a: &Kind, b: &Kind, width: u64) -> bool {
    match (a, b) {
        (Kind::Text { max: Some(m1), .. }, Kind::Text { max: Some(m2), .. }) => {
            let two_bytes = |n: u64| n * width > 255;
            *m2 >= *m1 && two_bytes(*m1) == two_bytes(*m2) && *m2 * width <= 65_535
        }
        (Kind::Enum { values: v1 }, Kind::Enum { values: v2 }) => {
            v2.starts_with(v1) && (v1.len() > 255) == (v2.len() > 255)
        }
        _ => false,
    }
}
