//! Texts of one database that are kept or compared in several ways.

use std::collections::BTreeMap;

use crate::model::encoding::Encoding;
use crate::model::sql::{Column, Dialect, Schema, Table};
use crate::rules::finding::Severity::Note;
use crate::rules::rule::{Check, Levels, Rule};

use super::{Case, RULE, agreeing, columns, own, schemas};

pub static CHARSET_MIXED: Rule = Rule {
    id: "charset-mixed",
    title: "Text compared in two ways",
    levels: Levels::Always(Note),
    message: "`{subject}` is kept in {detail}, {count} other {things} in {usual}: comparing the two is refused as an illegal mix of collations, or converts one side and reads the whole table.",
    help: "Convert the odd one: `ALTER TABLE {table} CONVERT TO CHARACTER SET … COLLATE …;` copies the table. Say the character set where the database is made, and not table by table.",
    check: Check::Habit(|rule, side, found| schemas(rule, side, found, |schema| mixed(schema, agreeing(side)))),
    page: page!("charset-mixed"),
    ..RULE
};

/// A column and its table.
type Place<'a> = (&'a Table, &'a Column);

fn mixed(schema: &Schema, chance: usize) -> Vec<Case> {
    if schema.dialect != Dialect::MySql {
        return Vec::new();
    }
    let tables: Vec<(&Table, &Encoding)> = own(schema).map(|table| (table, &table.encoding)).collect();
    let mut cases = Vec::new();
    let odd = odd(&tables, chance);
    for (table, own, usual, count) in &odd {
        let case = Case::new(table.full_name(), own.clone(), table.key).with("table", table.full_name());
        cases.push(case.with("things", "tables").with("usual", usual).with("count", count));
    }
    let mut names: BTreeMap<&str, Vec<(Place<'_>, &Encoding)>> = BTreeMap::new();
    for table in own(schema).filter(|t| !odd.iter().any(|(other, ..)| std::ptr::eq(*t, *other))) {
        // Others are looked at, not looked up.
        let keyed = |column: &Column| table.keys.iter().any(|key| key.columns.contains(&column.name));
        for column in table.columns.iter().filter(|c| !c.tainted && columns::is_text(schema, c) && keyed(c)) {
            names.entry(&column.name).or_default().push(((table, column), &column.encoding));
        }
    }
    for ((table, column), own, usual, count) in names.values().flat_map(|all| self::odd(all, chance)) {
        let case = Case::of(table, column, own).with("table", table.full_name());
        cases.push(case.with("things", "columns of that name").with("usual", usual).with("count", count));
    }
    cases
}

/// Those that differ from what nearly all others have, with both in words.
fn odd<T: Copy>(all: &[(T, &Encoding)], chance: usize) -> Vec<(T, String, String, usize)> {
    let mut words: BTreeMap<String, Vec<T>> = BTreeMap::new();
    for (one, encoding) in all {
        if let Some(said) = said(encoding) {
            words.entry(said).or_default().push(*one);
        }
    }
    let Some((usual, with)) = words.iter().max_by_key(|(_, with)| with.len()) else { return Vec::new() };
    let (usual, count) = (usual.clone(), with.len());
    let others = words.iter().filter(|(said, _)| **said != usual);
    let odd: Vec<_> =
        others.flat_map(|(said, those)| those.iter().map(|one| (*one, said.clone(), usual.clone(), count))).collect();
    if count > chance && odd.len() <= (count / 4).max(1) { odd } else { Vec::new() }
}

/// A collation says its character set too.
fn said(encoding: &Encoding) -> Option<String> {
    encoding.collation.as_ref().or(encoding.charset.as_ref()).map(|text| text.to_string())
}
