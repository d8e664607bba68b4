//! Disagreements about the form of text: `pattern` against `CHECK (slug ~ '…')` of PostgreSQL.

use crate::domain::{self, Aspect};
use crate::link::Effective;
use crate::model::origin::Text;
use crate::model::sql::KeyKind;
use crate::model::{Domain, Types};
use crate::rules::finding::Severity::{Error, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::DRIFT;
use super::disagree::{Disagreement, disagreements, into_column, out_of_column};
use super::tie::{Tie, without_null};

pub static PATTERN_DISAGREES: Rule = Rule {
    id: "pattern-disagrees",
    title: "Patterns differ",
    levels: Levels::ByFlow { in_: Some(Error), out: Some(Warning), stored: None },
    message: "`{property}` is {contract}, but its column `{column}` is checked to match `{database}`: a text can fit on one side only.",
    help: "Give `{property}` the pattern that is checked on `{column}`, or change the check in the same branch.",
    check: Check::State(|rule, side, found| disagreements(rule, side, found, &patterns)),
    page: page!("pattern-disagrees"),
    ..DRIFT
};

fn patterns(tie: &Tie<'_>) -> Vec<Disagreement> {
    let Some(checked) = checked(tie) else { return Vec::new() };
    let Effective { domain, exact } = tie.property_domain();
    let property = without_null(&domain);
    let matching = !property.limits().patterns.is_empty();
    // Of what the contract says nothing `condition-missing` tells where it is new.
    if !exact || property.types != Types::STRING || !(matching || property.values.is_some()) {
        return Vec::new();
    }
    let aspect = if property.values.is_some() { Aspect::ValueList } else { Aspect::Pattern };
    let contract = match domain::describe(&property, aspect).unwrap_or_default() {
        list if aspect == Aspect::ValueList => format!("one of {list}"),
        pattern => format!("text that matches `{pattern}`"),
    };
    let column = of_pattern(&checked);
    let mut found = into_column(&property, &column, contract.clone(), checked.to_string());
    if matching && property.values.is_none() {
        let mut stored = tie.column_values();
        stored.limits_mut().patterns.push(checked.clone());
        let mut shown = Domain::of(Types::STRING);
        shown.limits_mut().patterns = property.limits().patterns.clone();
        found.extend(out_of_column(&stored, &shown, contract, checked.to_string()));
    }
    found
}

/// All text that matches.
pub fn of_pattern(pattern: &Text) -> Domain {
    let mut domain = Domain::of(Types::STRING);
    domain.limits_mut().patterns = vec![pattern.clone()];
    domain
}

/// The pattern that text in the column must match, where a contract would mean the same by it.
pub fn checked(tie: &Tie<'_>) -> Option<Text> {
    let mut checks = tie.table.keys.iter().filter(|key| key.kind == KeyKind::Check);
    checks.find_map(|key| pattern_of(&key.definition, &tie.column.name))
}

/// The pattern of `CHECK (column ~ 'pattern')`, with or without casts, and nothing beside it.
fn pattern_of(check: &str, column: &str) -> Option<Text> {
    let (left, right) = check.strip_prefix("CHECK")?.split_once('~')?;
    let left: String = left.chars().filter(|c| !c.is_whitespace()).collect();
    let name = left.replace("::text", "");
    let (pattern, rest) = right.trim_start().strip_prefix('\'')?.split_once('\'')?;
    let rest: String = rest.chars().filter(|c| !c.is_whitespace()).collect();
    let alone = rest.replace("::text", "").chars().all(|c| c == ')');
    let named = name.trim_matches(['(', ')', '"']) == column;
    (alone && named && is_portable(pattern)).then(|| pattern.into())
}

/// The expressions of PostgreSQL and of ECMA-262 are one language as far as neither groups have options, classes have names, nor
/// letters are escaped.
fn is_portable(pattern: &str) -> bool {
    let mut before = ' ';
    let escapes = pattern.chars().any(|c| {
        let escaped = before == '\\' && c.is_alphanumeric();
        before = if before == '\\' { ' ' } else { c };
        escaped
    });
    !escapes && !["(?", "[[", "[:", "***", "{,"].iter().any(|part| pattern.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_checks() {
        for (check, expected) in [
            ("CHECK (slug ~ '^[a-z]+$')", Some("^[a-z]+$")),
            ("CHECK ((slug)::text ~ '^[a-z]+$'::text)", Some("^[a-z]+$")),
            ("CHECK (\"slug\" ~ '^a\\.b$')", Some("^a\\.b$")),
            ("CHECK (slug ~* '^[a-z]+$')", None),
            ("CHECK (slug !~ '^[a-z]+$')", None),
            ("CHECK (lower(slug) ~ '^[a-z]+$')", None),
            ("CHECK (other ~ '^[a-z]+$')", None),
            ("CHECK (slug ~ '^[a-z]+$' OR slug = 'A')", None),
            ("CHECK (slug ~ '^\\w+$')", None),
            ("CHECK (slug ~ '^[[:alpha:]]+$')", None),
            ("CHECK (slug ~ '(?i)^a$')", None),
            ("CHECK (slug ~ 'it''s')", None),
            ("CHECK (slug ~~ 'a%')", None),
        ] {
            assert_eq!(pattern_of(check, "slug").as_deref(), expected, "{check}");
        }
    }
}
