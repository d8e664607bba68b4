//! What PostgreSQL's operators give.

use sqlparser::ast::BinaryOperator;

use super::unify::{UNKNOWN, larger};

/// Numbers in the order in which they become each other.
const NUMBERS: &[&str] = &["smallint", "integer", "bigint", "numeric", "real", "double precision"];
const TIMESTAMP: &str = "timestamp without time zone";
const TIMESTAMPTZ: &str = "timestamp with time zone";
const TIME: &str = "time without time zone";

/// `+`, `-`, `*` and the like between dates and times: left, operator, right, result.
const DATES: &[(&str, &str, &str, &str)] = &[
    ("date", "+", "integer", "date"),
    ("integer", "+", "date", "date"),
    ("date", "-", "integer", "date"),
    ("date", "-", "date", "integer"),
    ("date", "+", "interval", TIMESTAMP),
    ("interval", "+", "date", TIMESTAMP),
    ("date", "-", "interval", TIMESTAMP),
    ("date", "+", TIME, TIMESTAMP),
    (TIMESTAMP, "+", "interval", TIMESTAMP),
    ("interval", "+", TIMESTAMP, TIMESTAMP),
    (TIMESTAMP, "-", "interval", TIMESTAMP),
    (TIMESTAMPTZ, "+", "interval", TIMESTAMPTZ),
    ("interval", "+", TIMESTAMPTZ, TIMESTAMPTZ),
    (TIMESTAMPTZ, "-", "interval", TIMESTAMPTZ),
    (TIME, "+", "interval", TIME),
    (TIME, "-", "interval", TIME),
    (TIME, "-", TIME, "interval"),
    ("interval", "+", "interval", "interval"),
    ("interval", "-", "interval", "interval"),
    ("jsonb", "-", "text", "jsonb"),
    ("jsonb", "-", "integer", "jsonb"),
    ("jsonb", "-", UNKNOWN, "jsonb"),
    ("jsonb", "#-", UNKNOWN, "jsonb"),
    ("jsonb", "#-", "text", "jsonb"),
];

/// The result for types without length and precision; empty when it is not known.
pub fn result(op: &BinaryOperator, left: &str, right: &str) -> &'static str {
    use BinaryOperator as Op;
    match op {
        Op::And | Op::Or | Op::Eq | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq => "boolean",
        Op::PGRegexMatch | Op::PGRegexIMatch | Op::PGRegexNotMatch | Op::PGRegexNotIMatch => "boolean",
        Op::PGLikeMatch | Op::PGILikeMatch | Op::PGNotLikeMatch | Op::PGNotILikeMatch => "boolean",
        Op::AtAt | Op::AtArrow | Op::ArrowAt | Op::AtQuestion | Op::Question | Op::QuestionAnd | Op::QuestionPipe => {
            "boolean"
        }
        Op::PGOverlap | Op::Overlaps | Op::PGStartsWith => "boolean",
        Op::LongArrow | Op::HashLongArrow => "text",
        Op::Arrow | Op::HashArrow => match left {
            "json" => "json",
            "jsonb" => "jsonb",
            _ => "",
        },
        Op::LtDashGt => "double precision",
        Op::StringConcat => concatenation(left, right),
        Op::HashMinus => fixed("#-", left, right),
        Op::Plus => arithmetic("+", left, right),
        Op::Minus => arithmetic("-", left, right),
        Op::Multiply => arithmetic("*", left, right),
        Op::Divide => arithmetic("/", left, right),
        Op::Modulo => arithmetic("%", left, right),
        Op::PGExp => match (number(left), number(right)) {
            (Some(a), Some(b)) if a.max(b) == 3 => "numeric",
            (Some(_), Some(_)) => "double precision",
            _ => "",
        },
        Op::BitwiseAnd | Op::BitwiseOr | Op::PGBitwiseXor => match (number(left), number(right)) {
            (Some(a), Some(b)) if a.max(b) <= 2 => larger(left, right).unwrap_or(""),
            _ => "",
        },
        Op::PGBitwiseShiftLeft | Op::PGBitwiseShiftRight => {
            NUMBERS.iter().take(3).find(|n| **n == left).copied().unwrap_or("")
        }
        _ => "",
    }
}

/// True for operators that compare values of one type.
pub fn compares(op: &BinaryOperator) -> bool {
    use BinaryOperator::{Eq, Gt, GtEq, Lt, LtEq, NotEq};
    matches!(op, Eq | NotEq | Lt | LtEq | Gt | GtEq)
}

fn number(name: &str) -> Option<usize> {
    NUMBERS.iter().position(|n| *n == name)
}

fn fixed(op: &str, left: &str, right: &str) -> &'static str {
    let fits = |(a, o, b, _): &&(&str, &str, &str, &str)| *a == left && *o == op && *b == right;
    DATES.iter().find(fits).map_or("", |(.., result)| result)
}

fn arithmetic(op: &str, left: &str, right: &str) -> &'static str {
    // A text without a type becomes what the other side is, beside a number.
    match (number(left), number(right)) {
        (Some(a), Some(b)) if a.max(b) == 4 && a != b => "double precision",
        (Some(_), Some(_)) => larger(left, right).unwrap_or(""),
        (Some(a), None) if right == UNKNOWN => NUMBERS.get(a).copied().unwrap_or(""),
        (None, Some(b)) if left == UNKNOWN => NUMBERS.get(b).copied().unwrap_or(""),
        _ if matches!(op, "*" | "/") && left == "interval" && number(right).is_some() => "interval",
        _ if op == "*" && right == "interval" && number(left).is_some() => "interval",
        _ if op == "-"
            && matches!((left, right), (TIMESTAMP | TIMESTAMPTZ | "date", TIMESTAMP | TIMESTAMPTZ | "date")) =>
        {
            if left == right && left == "date" { "integer" } else { "interval" }
        }
        _ => fixed(op, left, right),
    }
}

fn concatenation(left: &str, right: &str) -> &'static str {
    const TEXTS: &[&str] = &["text", "character varying", "bpchar", "name", UNKNOWN];
    match (left, right) {
        ("jsonb", "jsonb" | UNKNOWN) | (UNKNOWN, "jsonb") => "jsonb",
        ("bytea", "bytea") => "bytea",
        ("tsvector", "tsvector") => "tsvector",
        ("" | "jsonb" | "bytea" | "tsvector" | "json", _) | (_, "" | "jsonb" | "bytea" | "tsvector" | "json") => "",
        (a, b) if TEXTS.contains(&a) || TEXTS.contains(&b) => "text",
        _ => "",
    }
}
