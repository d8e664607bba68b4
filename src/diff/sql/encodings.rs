//! Character sets and collations of columns: one change for all columns of a table that one statement gives another.

use crate::model::encoding::Encoding;
use crate::model::sql::{Column, Dialect, KeyKind, Table};
use crate::model::{Change, ChangeKind, Effect};

use super::types::{Class, Kind};
use super::{Sides, tables};

/// What [`Change::detail`] begins with.
pub const CHARSET: &str = "character set";
pub const COLLATION: &str = "collation";

/// Compares the text columns of a table that both sides have.
pub(super) fn diff(sides: &Sides<'_>, base: &Table, head: &Table, changes: &mut Vec<Change>) {
    if sides.dialect() != Dialect::MySql {
        return;
    }
    let name = base.full_name();
    let text = |c: &Column| matches!(Kind::of(Dialect::MySql, &c.type_name).class(), Class::Text | Class::Enum);
    let mut pairs: Vec<(&Column, &Column)> = Vec::new();
    for column in base.columns.iter().filter(|c| text(c)) {
        let now = head.column(sides.renames.column(&name, &column.name)).filter(|c| text(c));
        pairs.extend(now.filter(|now| differ(&column.encoding, &now.encoding).is_some()).map(|now| (column, now)));
    }
    while let Some((was, now)) = pairs.first().copied() {
        let alike = |(b, h): &(&Column, &Column)| {
            (&b.encoding, &h.encoding, h.origin) == (&was.encoding, &now.encoding, now.origin)
        };
        let (group, rest): (Vec<_>, Vec<_>) = pairs.into_iter().partition(alike);
        pairs = rest;
        changes.extend(change(sides, base, &group));
    }
}

/// What of the two can be told: collations that nothing names depend on the version of the server.
fn differ<'a>(was: &'a Encoding, now: &'a Encoding) -> Option<(&'static str, &'a str, &'a str)> {
    match (&was.charset, &now.charset) {
        (Some(a), Some(b)) if a != b => return Some((CHARSET, a, b)),
        (Some(_), Some(_)) => {}
        _ => return None,
    }
    let (a, b) = was.collation.as_deref().zip(now.collation.as_deref())?;
    (a != b).then_some((COLLATION, a, b))
}

fn change(sides: &Sides<'_>, table: &Table, group: &[(&Column, &Column)]) -> Option<Change> {
    let (was, now) = group.first()?;
    let (what, before, after) = differ(&was.encoding, &now.encoding)?;
    let name = table.full_name();
    let subject = if let [(only, _)] = group { format!("{name}.{}", only.name) } else { name };
    let narrows = what == CHARSET && was.encoding.exceeds(&now.encoding);
    let effect = if narrows { Effect::Narrows } else { Effect::Same };
    let mut change = sides.change(ChangeKind::KeywordChanged, tables::entity(table), subject, effect);
    change.detail = match group {
        [_] => what.to_string(),
        many => {
            let names: Vec<String> = many.iter().map(|(c, _)| format!("`{}`", c.name)).collect();
            format!("{what} of {}", names.join(", "))
        }
    };
    (change.before, change.after) = (Some(before.to_string()), Some(after.to_string()));
    (change.base, change.head) = (Some(was.origin), Some(now.origin));
    let in_key = |c: &Column| {
        let unique = table.keys.iter().filter(|k| matches!(k.kind, KeyKind::Primary | KeyKind::Unique));
        unique.flat_map(|k| &k.columns).any(|k| *k == c.name)
    };
    change.facts.key = group.iter().any(|(c, _)| in_key(c)).then_some(KeyKind::Unique);
    change.facts.required = group.iter().any(|(c, _)| c.not_null);
    Some(change)
}
