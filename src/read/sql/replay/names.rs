//! The names that engines give to keys without one.

use std::collections::BTreeSet;

use crate::model::origin::Text;
use crate::model::sql::{Dialect, KeyKind};

use super::super::catalog::{Id, Relation};
use super::super::command::{Atom, KeyDef};
use super::Replay;

/// PostgreSQL cuts identifiers to this many bytes.
const MAX_NAME: usize = 63;
/// How many numbers are tried behind a name that is taken.
const MAX_TRIES: u32 = 1000;

impl Replay<'_> {
    pub(super) fn automatic_name(&self, id: &Id, relation: &Relation, def: &KeyDef) -> Text {
        Text::from(match self.catalog.dialect {
            Dialect::Postgres => self.postgres_key_name(id, relation, def),
            Dialect::MySql => mysql_key_name(relation, def),
            Dialect::Sqlite => String::new(),
        })
    }

    fn postgres_key_name(&self, id: &Id, relation: &Relation, def: &KeyDef) -> String {
        let (columns, label) = match def.kind {
            KeyKind::Primary => (String::new(), "pkey"),
            KeyKind::Unique if !def.is_index => (joined(&def.labels), "key"),
            KeyKind::Unique | KeyKind::Index => (joined(&def.labels), "idx"),
            KeyKind::Exclude => (joined(&def.labels), "excl"),
            KeyKind::Foreign => (joined(&def.columns), "fkey"),
            KeyKind::Check => match checked_columns(relation, &def.body).as_slice() {
                [one] => (one.to_string(), "check"),
                _ => (String::new(), "check"),
            },
        };
        // An index must not have the name of a relation of the schema, a constraint not that of another constraint.
        let taken = |name: &str| {
            let name = (id.0.clone(), Text::from(name));
            let index = !matches!(def.kind, KeyKind::Foreign | KeyKind::Check);
            (index && self.catalog.name_taken(&name))
                || (!def.is_index && self.catalog.constraint_names.contains_key(&name))
        };
        let label = |pass: u32| if pass == 0 { label.to_string() } else { format!("{label}{pass}") };
        let mut made = (0..MAX_TRIES).map(|pass| postgres_name(&relation.name, &columns, &label(pass)));
        made.find(|name| !taken(name)).unwrap_or_default()
    }
}

fn mysql_key_name(relation: &Relation, def: &KeyDef) -> String {
    match def.kind {
        KeyKind::Primary => "PRIMARY".to_string(),
        KeyKind::Foreign => numbered(relation, "ibfk"),
        KeyKind::Check => numbered(relation, "chk"),
        _ => {
            let taken = |name: &str| {
                relation.keys.iter().any(|k| {
                    k.name.eq_ignore_ascii_case(name) && k.kind != KeyKind::Foreign && k.kind != KeyKind::Check
                })
            };
            let first = def.labels.first().map_or("functional_index", |l| &**l);
            let mut names = std::iter::once(first.to_string()).chain((2..MAX_TRIES).map(|n| format!("{first}_{n}")));
            names.find(|n| !taken(n) && !n.eq_ignore_ascii_case("PRIMARY")).unwrap_or_default()
        }
    }
}

/// `t_ibfk_3` behind `t_ibfk_2`: MySQL counts on from the highest number.
fn numbered(relation: &Relation, middle: &str) -> String {
    let numbers = relation.keys.iter().filter_map(|k| generated_number(&k.name, &relation.name, middle));
    format!("{}_{middle}_{}", relation.name, numbers.max().unwrap_or(0) + 1)
}

/// The number in a name that MySQL gave to a key of a table.
pub(super) fn generated_number(name: &str, table: &str, middle: &str) -> Option<u32> {
    let rest =
        name.get(table.len()..).filter(|_| name.get(..table.len()).is_some_and(|n| n.eq_ignore_ascii_case(table)))?;
    rest.strip_prefix('_')?.strip_prefix(middle)?.strip_prefix('_')?.parse().ok()
}

/// The columns that a CHECK mentions, in the table's order.
pub(super) fn checked_columns(relation: &Relation, body: &[Atom]) -> Vec<Text> {
    let words = body.iter().filter_map(|a| if let Atom::Word(w) = a { Some(w.to_ascii_lowercase()) } else { None });
    let words: BTreeSet<String> = words.collect();
    let mentioned = relation.columns.iter().filter(|c| words.contains(&c.name.to_ascii_lowercase()));
    mentioned.map(|c| c.name.clone()).collect()
}

/// True when an expression calls this: a column may have the name of a function.
pub(super) fn calls(body: &[Atom], name: &str) -> bool {
    let call =
        |pair: &[Atom]| matches!(pair, [Atom::Word(word), Atom::Other(open)] if &**word == name && &**open == "(");
    body.windows(2).any(call)
}

/// Column names with lines between, cut where PostgreSQL's buffer ends; one that comes again gets a number.
fn joined(labels: &[Text]) -> String {
    let mut seen: Vec<String> = Vec::new();
    for label in labels {
        let mut name = label.to_string();
        for n in 1..MAX_TRIES {
            if !seen.contains(&name) {
                break;
            }
            let number = n.to_string();
            name = format!("{}{number}", clip(label, MAX_NAME.saturating_sub(number.len())));
        }
        seen.push(name);
        if seen.iter().map(|s| s.len() + 1).sum::<usize>() > MAX_NAME {
            break;
        }
    }
    seen.join("_")
}

fn clip(text: &str, to: usize) -> &str {
    let end = (0..=to.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// `table_columns_label`; the longer of the first two is cut until it fits.
fn postgres_name(table: &str, columns: &str, label: &str) -> String {
    let overhead = label.len() + 1 + usize::from(!columns.is_empty());
    let room = MAX_NAME.saturating_sub(overhead);
    let (mut first, mut second) = (table.len(), columns.len());
    while first + second > room {
        if first > second { first -= 1 } else { second -= 1 }
    }
    let (table, columns) = (clip(table, first), clip(columns, second));
    if columns.is_empty() { format!("{table}_{label}") } else { format!("{table}_{columns}_{label}") }
}
