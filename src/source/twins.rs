//! SQL that is there twice: a dump beside the migrations it was made from, copies of a dump.

use crate::model::origin::Text;

use super::layout::version_numbers;
use super::migrations::read;
use super::places::file_name;
use super::snapshot::Snapshot;
use super::sources::{Role, SqlSource};
use super::tables::Tables;

/// Share of tables (in per cent) from which a dump and migrations describe the same database.
const SAME: usize = 60;
/// Share from which one of two dumps is a copy of the other.
const COPY: usize = 80;
/// Share of altered tables that nothing creates, from which migrations cannot stand alone.
const MISSING: usize = 30;

/// A source that is kept out, what counts instead, and why.
pub type Aside = (SqlSource, Option<Text>, &'static str);

struct Known {
    source: SqlSource,
    tables: Tables,
    /// Index of the source that counts instead, and why.
    instead: Option<(usize, &'static str)>,
}

impl Known {
    fn is_state(&self) -> bool {
        matches!(self.source.layout, "dump" | "schema")
    }
}

/// Splits sources into those that count and those that repeat another.
pub fn split(snapshot: &Snapshot<'_>, sources: Vec<SqlSource>) -> (Vec<SqlSource>, Vec<Aside>) {
    if sources.len() < 2 {
        return (sources, Vec::new());
    }
    let mut known: Vec<Known> = sources.into_iter().map(|source| profile(snapshot, source)).collect();
    // Of several dumps the newest version counts, then the shortest path.
    known.sort_by_cached_key(|k| {
        (std::cmp::Reverse(newest(&k.source.path)), k.source.path.len(), k.source.path.clone(), k.source.dialect)
    });
    for at in 0..known.len() {
        let instead = known.get(at).and_then(|one| instead(at, one, &known));
        if let Some(one) = known.get_mut(at) {
            one.instead = instead;
        }
    }
    let paths: Vec<Text> = known.iter().map(|k| k.source.path.clone()).collect();
    let (mut kept, mut aside) = (Vec::new(), Vec::new());
    for one in known {
        match one.instead {
            Some((of, reason)) => aside.push((one.source, paths.get(of).cloned(), reason)),
            None => kept.push(one.source),
        }
    }
    (kept, aside)
}

fn profile(snapshot: &Snapshot<'_>, source: SqlSource) -> Known {
    let mut tables = Tables::default();
    for file in source.files.iter().filter(|file| file.role != Role::Down) {
        tables.collect(&read(snapshot, &file.path).bytes);
    }
    Known { source, tables, instead: None }
}

/// The version in a file's name: `schema-1.3.0-pg.sql`.
fn newest(path: &str) -> Vec<u128> {
    let name = file_name(path);
    name.split(['-', '_']).find_map(|part| version_numbers(part.trim_end_matches(".sql"))).unwrap_or_default()
}

fn instead(at: usize, one: &Known, known: &[Known]) -> Option<(usize, &'static str)> {
    let others = || known.iter().enumerate().filter(|(i, o)| *i != at && o.source.dialect == one.source.dialect);
    if !one.is_state() {
        let state = others().find(|(_, other)| other.is_state() && cannot_stand_alone(one, other));
        return state.map(|(of, _)| (of, "only changes tables that another file creates"));
    }
    let migrations =
        others().find(|(_, other)| !other.is_state() && share(one, other) >= SAME && !cannot_stand_alone(other, one));
    if let Some((of, _)) = migrations {
        return Some((of, "describes the tables that migrations build"));
    }
    // Earlier in the order means preferred; one that is kept out itself cannot stand in.
    let copy =
        others().find(|(i, other)| *i < at && other.is_state() && other.instead.is_none() && share(one, other) >= COPY);
    copy.map(|(of, _)| (of, "describes the same tables"))
}

/// Share of `one`'s tables that `other` creates too, in per cent.
fn share(one: &Known, other: &Known) -> usize {
    let common = one.tables.created.intersection(&other.tables.created).count();
    common * 100 / one.tables.created.len().max(1)
}

/// True when migrations change tables that only the state creates, and the state has what they add: it is the newest
/// state, and replaying the migrations alone would leave most of it out.
fn cannot_stand_alone(migrations: &Known, state: &Known) -> bool {
    let (made, changed) = (&migrations.tables.created, &migrations.tables.altered);
    let missing: Vec<&String> = changed.difference(made).collect();
    let explained = missing.iter().filter(|name| state.tables.created.contains(**name)).count();
    !missing.is_empty() && missing.len() * 100 >= changed.len() * MISSING && explained * 2 >= missing.len()
}
