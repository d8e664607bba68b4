//! Filling the texts of a rule with the names of a change.
//!
//! Comes in: a template and a change. Goes out: plain text. Must not know: output formats.
//!
//! Placeholders: `{subject}`, `{entity}` and `{attribute}` (the two parts of a subject), `{detail}`, `{before}`, `{after}`,
//! `{other}` (the other name of a rename), `{reason}` (why it could be removed), `{size}` (the number in brackets of `{after}`), `{dependants}` and `{probable}` (a sentence with its leading space, or nothing). A line that starts with `postgres: `,
//! `mysql: ` or `sqlite: ` is kept only for that dialect, one that starts with `in: ` or `out: ` only where that flow is hurt
//! worst; other lines are kept always.

use crate::model::sql::Dialect;
use crate::model::{Change, ChangeKind, Flow};

/// The template with the names of the change.
pub fn fill(template: &str, change: &Change) -> String {
    let (entity, attribute) = parts(change);
    let dependants = match change.facts.dependants.as_slice() {
        [] => String::new(),
        some => format!(" Used by {}.", some.join(", ")),
    };
    let probable = match (change.kind, &change.facts.other_name) {
        (ChangeKind::AttributeRemoved, Some(other)) => {
            format!(
                " The new column `{other}` may be the same one renamed: then rename it instead, and keep its values."
            )
        }
        _ => String::new(),
    };
    let nothing = |text: &Option<String>| text.clone().unwrap_or_else(|| absent(change.kind).to_string());
    let values = [
        ("subject", change.subject.clone()),
        ("entity", entity.to_string()),
        ("attribute", attribute.to_string()),
        ("detail", change.detail.clone()),
        ("before", nothing(&change.before)),
        ("after", nothing(&change.after)),
        ("size", size(change.after.as_deref().unwrap_or_default()).to_string()),
        ("other", change.facts.other_name.clone().unwrap_or_default()),
        ("reason", change.facts.retired.clone().unwrap_or_default()),
        ("dependants", dependants),
        ("probable", probable),
    ];
    replace(&for_dialect(template, change.facts.dialect), &values)
}

/// The 50 of `character varying(50)`; `…` where there is none.
fn size(type_name: &str) -> &str {
    let inside = type_name.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(inside, _)| inside);
    if !inside.is_empty() && inside.bytes().all(|b| b.is_ascii_digit()) { inside } else { "…" }
}

/// The lines of a template that are meant for the flow.
pub fn for_flow(template: &str, flow: Option<Flow>) -> String {
    let meant = |line: &'_ str| -> Option<String> {
        for other in Flow::ALL {
            if let Some(rest) = line.strip_prefix(other.name()).and_then(|rest| rest.strip_prefix(": ")) {
                return (flow == Some(other)).then(|| rest.to_string());
            }
        }
        Some(line.to_string())
    };
    template.lines().filter_map(meant).collect::<Vec<_>>().join("\n")
}

/// What is said of a side on which nothing is written.
fn absent(kind: ChangeKind) -> &'static str {
    use ChangeKind as K;
    match kind {
        K::LengthChanged => "any length",
        K::RangeChanged => "any number",
        K::ItemCountChanged => "any number of items",
        K::PropertyCountChanged => "any number of properties",
        K::UniqueItemsChanged => "items may repeat",
        K::EnumChanged => "any value",
        K::FormatChanged => "no format",
        K::PatternChanged => "no pattern",
        K::MultipleChanged => "any step",
        K::DefaultChanged => "no default",
        K::DiscriminatorChanged => "no discriminator",
        K::KeywordChanged => "not given",
        K::OperationIdChanged => "no id",
        K::OperationTagsChanged => "no tags",
        _ => "nothing",
    }
}

/// The lines of a template that are meant for the dialect.
pub fn for_dialect(template: &str, dialect: Option<Dialect>) -> String {
    let meant = |line: &'_ str| -> Option<String> {
        for other in [Dialect::Postgres, Dialect::MySql, Dialect::Sqlite] {
            if let Some(rest) = line.strip_prefix(other.name()).and_then(|rest| rest.strip_prefix(": ")) {
                return (dialect == Some(other)).then(|| rest.to_string());
            }
        }
        Some(line.to_string())
    };
    template.lines().filter_map(meant).collect::<Vec<_>>().join("\n")
}

/// Replaces `{name}` by its value in one pass, so that values are never searched for placeholders. A value stays in its line:
/// the lines of a text are its steps, and at the start of one in a log a name could give orders to the service that runs it.
pub fn replace(template: &str, values: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let known = rest.find('}').and_then(|close| {
            let value = values.iter().find(|(name, _)| *name == &rest[1..close])?;
            Some((close, &value.1))
        });
        match known {
            Some((close, value)) => {
                out.push_str(&value.replace("\r\n", " ").replace(['\n', '\r'], " "));
                rest = &rest[close + 1..];
            }
            None => {
                out.push('{');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Entity and attribute of a subject; the attribute is empty when the change is about a whole entity.
fn parts(change: &Change) -> (&str, &str) {
    let whole = matches!(
        change.kind,
        ChangeKind::EntityAdded
            | ChangeKind::EntityRemoved
            | ChangeKind::EntityRenamed
            | ChangeKind::PrimaryKeyChanged
            | ChangeKind::KeyAdded
            | ChangeKind::KeyRemoved
            | ChangeKind::KeyChanged
    );
    match change.subject.rsplit_once('.') {
        Some(both) if !whole => both,
        _ => (&change.subject, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_replaced_once() {
        let values = [
            ("subject", "{before}".to_string()),
            ("before", "x".to_string()),
            ("lines", "a\r\n::error::b\nc".to_string()),
        ];
        for (template, expected) in [
            ("{subject} was {before}", "{before} was x"),
            ("GET /users/{id} {before}", "GET /users/{id} x"),
            ("open { and {before", "open { and {before"),
            ("1. {lines}", "1. a ::error::b c"),
        ] {
            assert_eq!(replace(template, &values), expected);
        }
    }

    #[test]
    fn lines_are_chosen_by_dialect() {
        let template = "postgres: CONCURRENTLY\nmysql: ONLINE\nalways";
        assert_eq!(for_dialect(template, Some(Dialect::MySql)), "ONLINE\nalways");
        assert_eq!(for_dialect(template, None), "always");
    }

    #[test]
    fn lines_are_chosen_by_flow() {
        let template = "in: accept\nout: send\nalways";
        assert_eq!(for_flow(template, Some(Flow::Out)), "send\nalways");
        assert_eq!(for_flow(template, None), "always");
    }

    #[test]
    fn the_size_of_a_type() {
        for (name, want) in [("character varying(50)", "50"), ("numeric(5,2)", "…"), ("text", "…")] {
            assert_eq!(size(name), want);
        }
    }
}
