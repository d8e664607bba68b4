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
const MISSING: usize = 10;
/// Share of touched tables (in per cent) from which migrations are part of others that have so many times their files.
const PART: usize = 90;
const SMALL: usize = 4;

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
        self.source.is_state()
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
    for find in [part_of_migrations, without_beginning, state_of_migrations, copy_of_state] {
        for at in 0..known.len() {
            let Some(one) = known.get(at).filter(|one| one.instead.is_none()) else { continue };
            let others = known
                .iter()
                .enumerate()
                .filter(|(i, other)| *i != at && other.instead.is_none() && other.source.dialect == one.source.dialect);
            let instead = find(one, at, &others.collect::<Vec<_>>());
            if let Some(one) = known.get_mut(at) {
                one.instead = instead;
            }
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
    for file in source.files.iter().filter(|file| !matches!(file.role, Role::Down | Role::Code)) {
        tables.collect(&read(snapshot, &file.path).bytes);
    }
    Known { source, tables, instead: None }
}

/// The version in a file's name: `schema-1.3.0-pg.sql`.
fn newest(path: &str) -> Vec<u128> {
    let name = file_name(path);
    name.split(['-', '_']).find_map(|part| version_numbers(part.trim_end_matches(".sql"))).unwrap_or_default()
}

/// What counts instead of a source, and why.
type Instead = Option<(usize, &'static str)>;
type Others<'a> = [(usize, &'a Known)];

/// A few migrations that touch only what many others build: their sources, or an extract.
fn part_of_migrations(one: &Known, _: usize, others: &Others<'_>) -> Instead {
    if one.is_state() {
        return None;
    }
    let touched: Vec<&String> = one.tables.created.union(&one.tables.altered).collect();
    let whole = others.iter().filter(|(_, other)| !other.is_state()).find(|(_, other)| {
        let known = touched.iter().filter(|t| other.tables.created.contains(**t) || other.tables.altered.contains(**t));
        let part = known.count() * 100 >= touched.len() * PART;
        part && one.source.files.len() * SMALL <= other.source.files.len()
    });
    whole.map(|(of, _)| (*of, "touches only tables of other migrations"))
}

/// Migrations that begin in the middle, beside the newest state.
fn without_beginning(one: &Known, _: usize, others: &Others<'_>) -> Instead {
    if one.is_state() {
        return None;
    }
    let state = others.iter().find(|(_, other)| other.is_state() && cannot_stand_alone(one, other));
    state.map(|(of, _)| (*of, "changes tables that another file creates"))
}

/// A dump of what migrations build.
fn state_of_migrations(one: &Known, _: usize, others: &Others<'_>) -> Instead {
    if !one.is_state() {
        return None;
    }
    let migrations = others.iter().find(|(_, other)| !other.is_state() && share(one, other) >= SAME);
    migrations.map(|(of, _)| (*of, "describes the tables that migrations build"))
}

/// One of several dumps; an earlier one is preferred.
fn copy_of_state(one: &Known, at: usize, others: &Others<'_>) -> Instead {
    if !one.is_state() {
        return None;
    }
    let copy = others.iter().find(|(i, other)| *i < at && other.is_state() && share(one, other) >= COPY);
    copy.map(|(of, _)| (*of, "describes the same tables"))
}

/// Share of `one`'s tables that `other` creates too, in per cent.
fn share(one: &Known, other: &Known) -> usize {
    let common = one.tables.created.intersection(&other.tables.created).count();
    common * 100 / one.tables.created.len().max(1)
}

/// True when migrations change tables before anything creates them, and the state has those that are left of them:
/// replaying the migrations alone would leave them out.
fn cannot_stand_alone(migrations: &Known, state: &Known) -> bool {
    let (changed, missing) = (&migrations.tables.altered, &migrations.tables.missing);
    let explained = missing.intersection(&state.tables.created).count();
    let enough = explained == missing.len() || (explained >= 2 && explained * 3 >= missing.len());
    !missing.is_empty() && enough && missing.len() * 100 >= changed.len() * MISSING
}
