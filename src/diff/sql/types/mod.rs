//! What a change of a column's type does, engine by engine.
//!
//! Comes in: two type names as the engine's catalogue prints them. Goes out: the effect on the set of values, whether
//! the engine rewrites the table for it, and the reason in words. Must not know: columns, tables, severities.

mod effect;
mod kind;
mod rewrite;

use crate::model::Effect;
use crate::model::sql::Dialect;

pub use kind::{Class, Kind};

/// Bytes of a character of `utf8mb4`, which MySQL has unless told otherwise.
const WIDTH: u64 = 4;

/// What a change of type does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeChange {
    pub effect: Effect,
    /// The engine writes every row anew (or copies the table) for it.
    pub rewrites: bool,
    /// What is lost or differs, in words; empty when nothing is.
    pub reason: String,
}

/// The same for text whose characters take up to `width` bytes, which decides whether MySQL rewrites the table.
pub fn compare_wide(dialect: Dialect, before: &str, after: &str, width: u64) -> Option<TypeChange> {
    let (a, b) = (Kind::of(dialect, before), Kind::of(dialect, after));
    let change = between(dialect, &a, &b)?;
    Some(TypeChange { rewrites: rewrite::needed(dialect, &a, &b, width), ..change })
}

/// Compares two type names; `None` when the engine sees the same type.
pub fn compare(dialect: Dialect, before: &str, after: &str) -> Option<TypeChange> {
    between(dialect, &Kind::of(dialect, before), &Kind::of(dialect, after))
}

/// Compares two types that were looked at already (an enum type is known only by the schema that declares it).
pub fn between(dialect: Dialect, a: &Kind, b: &Kind) -> Option<TypeChange> {
    if a == b {
        return None;
    }
    let (effect, reason) = effect::of(a, b);
    Some(TypeChange { effect, rewrites: rewrite::needed(dialect, a, b, WIDTH), reason })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Effect::{Both, Narrows, Undecided, Widens};

    #[test]
    fn lattice() {
        let pg = Dialect::Postgres;
        let my = Dialect::MySql;
        let lite = Dialect::Sqlite;
        let cases = [
            (pg, "character varying(50)", "character varying(100)", Widens, false),
            (pg, "character varying(50)", "character varying(10)", Narrows, true),
            (pg, "character varying(50)", "text", Widens, false),
            (pg, "text", "character varying(50)", Narrows, true),
            (pg, "character varying(50)", "character(50)", Both, true),
            (pg, "character(5)", "character varying(10)", Widens, true),
            (pg, "text", "citext", Undecided, false),
            (pg, "integer", "bigint", Widens, true),
            (pg, "bigint", "integer", Narrows, true),
            (pg, "integer", "numeric", Widens, true),
            (pg, "integer", "numeric(5,2)", Both, true),
            (pg, "numeric(10,2)", "numeric(12,2)", Widens, false),
            (pg, "numeric(10,2)", "numeric(12,4)", Widens, true),
            (pg, "numeric(10,2)", "numeric(10,4)", Both, true),
            (pg, "numeric(10,2)", "numeric", Widens, false),
            (pg, "numeric(10,2)", "integer", Both, true),
            (pg, "numeric(5,2)", "double precision", Both, true),
            (pg, "integer", "double precision", Widens, true),
            (pg, "bigint", "double precision", Both, true),
            (pg, "double precision", "real", Narrows, true),
            (pg, "timestamp without time zone", "timestamp with time zone", Undecided, true),
            (pg, "timestamp(3) without time zone", "timestamp without time zone", Widens, false),
            (pg, "timestamp without time zone", "date", Narrows, true),
            (pg, "date", "timestamp without time zone", Widens, true),
            (pg, "text", "uuid", Both, true),
            (pg, "json", "jsonb", Undecided, true),
            (pg, "text", "integer", Both, true),
            (pg, "integer", "text", Both, true),
            (pg, "text[]", "text", Both, true),
            (pg, "cidr", "inet", Widens, false),
            (pg, "mood", "text", Both, true),
            (my, "int", "int unsigned", Both, true),
            (my, "tinyint(1)", "int", Widens, true),
            (my, "varchar(50)", "varchar(60)", Widens, false),
            (my, "varchar(50)", "varchar(100)", Widens, true),
            (my, "varchar(100)", "varchar(200)", Widens, false),
            (my, "varchar(255)", "text", Widens, true),
            (my, "enum('a','b')", "enum('a','b','c')", Widens, false),
            (my, "enum('a','b')", "enum('c','a','b')", Widens, true),
            (my, "enum('a','b')", "enum('a')", Narrows, true),
            (my, "enum('a','b')", "varchar(20)", Widens, true),
            (my, "varchar(20)", "enum('a','b')", Narrows, true),
            (my, "longtext", "json", Narrows, true),
            (lite, "INTEGER", "TEXT", Undecided, false),
        ];
        for (dialect, before, after, effect, rewrites) in cases {
            let change = compare(dialect, before, after).expect(before);
            assert_eq!((change.effect, change.rewrites), (effect, rewrites), "{before} → {after}: {}", change.reason);
            let back = compare(dialect, after, before).expect(after);
            assert_eq!(back.effect, effect.mirrored(), "{after} → {before}");
            assert!(!change.reason.is_empty(), "{before} → {after}");
        }
    }

    #[test]
    fn same_for_the_engine() {
        let cases = [
            (Dialect::Postgres, "character varying(50)", "varchar(50)"),
            (Dialect::Postgres, "int4", "integer"),
            (Dialect::MySql, "int(11)", "int"),
            (Dialect::MySql, "INT(10) UNSIGNED", "int unsigned"),
            (Dialect::Sqlite, "VARCHAR(50)", "text"),
            (Dialect::Sqlite, "int", "BIGINT"),
            (Dialect::Sqlite, "INTEGER", "SERIAL"),
        ];
        for (dialect, before, after) in cases {
            assert_eq!(compare(dialect, before, after), None, "{before} → {after}");
        }
    }
}
