//! Character sets and collations.

use crate::diff::sql::encodings::{CHARSET, COLLATION};
use crate::model::{ChangeKind, Effect};
use crate::rules::finding::Severity::{Error, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;

pub static CHARSET_NARROWED: Rule = Rule {
    id: "column-charset-narrowed",
    title: "Character set of a column shrunk",
    levels: Levels::ByFlow { in_: Some(Error), out: None, stored: Some(Error) },
    message: "The {detail} of `{subject}` changes from {before} to {after}: letters that {after} does not have are refused, or stored as `?`.",
    help: "Stay with utf8mb4, which holds everything. If it has to be {after}, look for what does not fit first: `SELECT … WHERE {attribute} <> CONVERT(CONVERT({attribute} USING {after}) USING {before});`, and change the type in strict mode, so that what does not fit is an error.",
    check: Check::Change {
        kinds: &[ChangeKind::KeywordChanged],
        when: |c| c.detail.starts_with(CHARSET) && c.effect == Effect::Narrows,
    },
    page: page!("column-charset-narrowed"),
    ..RULE
};

pub static COLLATION_CHANGED: Rule = Rule {
    id: "column-collation-changed",
    title: "Collation of a unique column changed",
    levels: Levels::Always(Warning),
    message: "The {detail} of `{subject}` changes from {before} to {after}: values that were different may be equal now, which makes the migration fail on a unique key, and lookups may find other rows.",
    help: "Look for values that meet under the new collation: `SELECT {attribute} COLLATE {after}, count(*) FROM {entity} GROUP BY 1 HAVING count(*) > 1;` Give columns that refer to it the same collation in the same migration: foreign keys and joins need it.",
    check: Check::Change {
        kinds: &[ChangeKind::KeywordChanged],
        when: |c| c.detail.starts_with(COLLATION) && c.facts.key.is_some(),
    },
    page: page!("column-collation-changed"),
    ..RULE
};
