//! Which SQL source of the base is which of the head.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use crate::model::sql::Schema;

/// A source in one or both revisions.
pub type Pair<'a> = (Option<&'a Arc<Schema>>, Option<&'a Arc<Schema>>);

/// Pairs sources by path and dialect (one folder can hold the migrations of several databases). One that was moved is paired
/// with the one that holds most of its migrations or, for a dump, most of its tables; else with the only other one left that
/// has a table in common. Unpaired sources come with `None` on the other side. Sorted by the head's path.
pub fn pairs<'a>(base: &'a [Arc<Schema>], head: &'a [Arc<Schema>]) -> Vec<Pair<'a>> {
    let mut left: Vec<&Arc<Schema>> = base.iter().collect();
    let mut found = Vec::new();
    let mut new = Vec::new();
    for schema in head {
        match left.iter().position(|s| s.path == schema.path && s.dialect == schema.dialect) {
            Some(at) => found.push((Some(left.remove(at)), Some(schema))),
            None => new.push(schema),
        }
    }
    // What is surest goes first.
    let rules: [fn(&Common, usize) -> bool; 3] = [
        |common, _| common.migrations.most(),
        |common, _| common.alike && common.tables.most(),
        |common, left| left == 1 && (common.tables.kept > 0 || common.tables.of == 0),
    ];
    for rule in rules {
        new.retain(|schema| {
            // Of equals the first one with the same file name.
            let rank = |at: usize, other: &Schema| {
                let common = Common::of(other, schema);
                let fits = other.dialect == schema.dialect && rule(&common, left.len());
                fits.then(|| (common, name(&other.path) == name(&schema.path), Reverse(at)))
            };
            let ranked = left.iter().enumerate().filter_map(|(at, other)| rank(at, other));
            let Some((.., Reverse(at))) = ranked.max() else { return true };
            found.push((Some(left.remove(at)), Some(*schema)));
            false
        });
    }
    found.extend(new.into_iter().map(|schema| (None, Some(schema))));
    found.extend(left.into_iter().map(|schema| (Some(schema), None)));
    found.sort_by_key(|(base, head): &Pair<'_>| head.or(*base).map(|s| (s.path.clone(), s.dialect)));
    found
}

/// How much of a source is in another one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Common {
    migrations: Share,
    tables: Share,
    /// Both have migrations, or none has.
    alike: bool,
}

/// So many, of so many.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Share {
    kept: usize,
    of: usize,
}

impl Share {
    fn most(&self) -> bool {
        self.kept > 0 && self.kept * 2 >= self.of
    }
}

impl Common {
    fn of(base: &Schema, head: &Schema) -> Self {
        let steps: HashSet<u64> = head.migrations.iter().map(|m| m.meaning).collect();
        let kept = base.migrations.iter().filter(|m| steps.contains(&m.meaning)).count();
        let migrations = Share { kept, of: base.migrations.len() };
        // Another schema is another place for the same tables.
        let tables: HashSet<&str> = head.tables.iter().map(|table| &*table.name).collect();
        let kept = base.tables.iter().filter(|table| tables.contains(&*table.name)).count();
        let alike = base.migrations.is_empty() == head.migrations.is_empty();
        Self { migrations, tables: Share { kept, of: base.tables.len() }, alike }
    }
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
