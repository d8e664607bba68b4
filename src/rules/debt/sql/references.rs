//! Columns that are named like a key to another table and are none.

use std::collections::BTreeMap;

use crate::diff::sql::types::Kind;
use crate::model::origin::Text;
use crate::model::sql::{Action, Column, Key, KeyKind, Schema, Step, Table};
use crate::rules::finding::Severity::Note;
use crate::rules::rule::{Check, Levels, Rule};

use super::{Case, RULE, agreeing, own, schemas, words};

/// So many times as many have the key as have none.
const SHARE: usize = 3;
/// The same for all columns that are named after a table: less is known of each of them.
const SHARE_OF_ALL: usize = 8;

pub static FOREIGN_KEY_MISSING: Rule = Rule {
    id: "foreign-key-missing",
    title: "Column without the foreign key that others have",
    levels: Levels::Always(Note),
    message: "`{subject}` has no foreign key to `{other}`, but {evidence}: here it can name a row that does not exist, or no longer.",
    help: "\
postgres: `ALTER TABLE {entity} ADD FOREIGN KEY ({attribute}) REFERENCES {other} NOT VALID;`, then, in a migration of its own, `VALIDATE CONSTRAINT` once no row stands alone; with an index on the column. If rows are meant to outlive what they name, say so in a comment on the column.
mysql: `ALTER TABLE {entity} ADD FOREIGN KEY ({attribute}) REFERENCES {other} (…);` once no row stands alone. MySQL ignores `REFERENCES` behind a column. If rows are meant to outlive what they name, say so in a comment on the column.
sqlite: Rebuild the table with the key once no row stands alone. If rows are meant to outlive what they name, say so in a comment at the column.",
    check: Check::Habit(|rule, side, found| schemas(rule, side, found, |schema| missing(schema, agreeing(side)))),
    page: page!("foreign-key-missing"),
    ..RULE
};

/// Tables of what has happened or is passing: their rows outlive what they name.
const PASSING: &str = "activities activity aggregated aggregates archive archived audit backup backups cache daily \
    deleted event events histories history jobs log logs metrics outbox queue snapshot snapshots staging statistics stats \
    temp tmp tombstones usage";

fn missing(schema: &Schema, chance: usize) -> Vec<Case> {
    let mut names: BTreeMap<&str, Named<'_>> = BTreeMap::new();
    for table in own(schema) {
        for column in table.columns.iter().filter(|c| !c.tainted) {
            let here = |key: &&Key| key.kind == KeyKind::Foreign && key.columns.contains(&column.name);
            let named = names.entry(&column.name).or_default();
            let key = table.keys.iter().find(here);
            match key.and_then(|key| Some((key.references.as_ref()?, key.columns.len()))) {
                // One of several columns that only together name a row says nothing about itself.
                Some((_, 2..)) => {}
                Some((target, _)) => named.keys.entry(&target.table).or_default().push(column),
                None => named.bare.push((table, column)),
            }
        }
    }
    let mut cases: Vec<Case> = names.values().flat_map(|named| by_namesakes(schema, named, chance)).collect();
    for case in by_tables(schema, &names, chance) {
        if !cases.iter().any(|known| known.subject == case.subject) {
            cases.push(case);
        }
    }
    cases
}

/// All columns of one name.
#[derive(Default)]
struct Named<'a> {
    /// Those with a foreign key, by where it leads.
    keys: BTreeMap<&'a str, Vec<&'a Column>>,
    bare: Vec<(&'a Table, &'a Column)>,
}

/// The columns that do otherwise than nearly all of their name.
fn by_namesakes(schema: &Schema, named: &Named<'_>, chance: usize) -> Vec<Case> {
    // A name that leads to several tables means several things.
    let (Some((target, with)), 1) = (named.keys.first_key_value(), named.keys.len()) else { return Vec::new() };
    let kind = |column: &Column| Kind::of(schema.dialect, &column.type_name);
    let fits = |column: &Column| with.iter().any(|other| kind(other) == kind(column));
    let bare = named.bare.iter().filter(|(table, column)| table.full_name() != **target && fits(column));
    let alone: Vec<_> = bare.filter(|(table, column)| !on_purpose(schema, table, column)).collect();
    if with.len() <= chance || with.len() < alone.len() * SHARE {
        return Vec::new();
    }
    let evidence = |column: &Column| format!("{} other tables have one from `{}`", with.len(), column.name);
    alone.into_iter().map(|(table, column)| case(table, column, target, evidence(column))).collect()
}

/// The columns that are named after a table and have no key to it, where nearly all that are so named have one.
fn by_tables(schema: &Schema, names: &BTreeMap<&str, Named<'_>>, chance: usize) -> Vec<Case> {
    let tables: BTreeMap<String, &Table> = own(schema).map(|t| (words(&t.name).join("_"), t)).collect();
    let kind = |column: &Column| Kind::of(schema.dialect, &column.type_name);
    let (mut with, mut alone) = (0, Vec::new());
    for (name, named) in names {
        let Some(target) = named_after(name, &tables) else { continue };
        let Some([key]) = target.primary_key().map(|key| key.columns.as_slice()) else { continue };
        let namesakes = named.keys.get(target.full_name().as_str()).map_or(0, Vec::len);
        with += namesakes;
        let fits = |column: &Column| target.column(key).is_some_and(|key| kind(key) == kind(column));
        let bare = named.bare.iter().filter(|(table, column)| !std::ptr::eq(*table, target) && fits(column));
        let bare: Vec<_> = bare.filter(|(table, column)| !on_purpose(schema, table, column)).collect();
        // What nobody of that name has, or some have and some have not, is meant so.
        let undecided = namesakes > 0 && namesakes < bare.len() * SHARE;
        if bare.len() <= chance && !undecided {
            alone.extend(bare.into_iter().map(|(table, column)| (*table, *column, target)));
        }
    }
    if with < alone.len() * SHARE_OF_ALL {
        return Vec::new();
    }
    let evidence = format!("{with} other columns that are named after a table have one");
    alone.into_iter().map(|(table, column, to)| case(table, column, &to.full_name(), evidence.clone())).collect()
}

/// `users` for `user_id`.
fn named_after<'a>(column: &str, tables: &BTreeMap<String, &'a Table>) -> Option<&'a Table> {
    let mut words = words(column);
    words.pop().filter(|last| ["id", "uuid"].contains(&last.as_str()))?;
    let one = words.join("_");
    let many = [one.clone(), format!("{one}s"), format!("{one}es"), format!("{}ies", one.trim_end_matches('y'))];
    many.iter().find_map(|name| tables.get(name).copied())
}

fn case(table: &Table, column: &Column, target: &str, evidence: String) -> Case {
    Case::of(table, column, format!("no key to {target}")).with("other", target).with("evidence", evidence)
}

/// Something speaks for the key being left out: rows outlive what they name, a default stands for nobody, or a migration has
/// dropped a key that is named after the column.
fn on_purpose(schema: &Schema, table: &Table, column: &Column) -> bool {
    let default = column.default.as_deref().and_then(|text| text.split("::").next()).map(|text| text.trim());
    let nobody = default.is_some_and(|text| ["0", "-1", ""].contains(&text.trim_matches(['\'', '"', '(', ')'])));
    let passing = words(&table.name).iter().any(|word| PASSING.split_whitespace().any(|one| one == word));
    let dropped = |step: &Step| {
        let own = |name: &Text| name.to_ascii_lowercase().contains(&column.name.to_ascii_lowercase());
        *step.table == *table.full_name() && matches!(&step.action, Action::DropKey { name, .. } if own(name))
    };
    nobody || passing || schema.migrations.iter().flat_map(|m| &m.steps).any(dropped)
}
