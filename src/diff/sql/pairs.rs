//! Which SQL source of the base is which of the head.

use std::collections::HashSet;
use std::sync::Arc;

use crate::model::sql::Schema;

/// A source in one or both revisions.
pub type Pair<'a> = (Option<&'a Arc<Schema>>, Option<&'a Arc<Schema>>);

/// Pairs sources by path and dialect (one folder can hold the migrations of several databases); a source whose folder was moved is paired with the one that holds most of its migrations, or
/// with the only other one left. Unpaired sources come with `None` on the other side. Sorted by the head's path.
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
    for schema in new {
        let only = left.len() == 1;
        let same = left.iter().position(|s| s.dialect == schema.dialect && (moved(s, schema) || only));
        found.push((same.map(|at| left.remove(at)), Some(schema)));
    }
    found.extend(left.into_iter().map(|schema| (Some(schema), None)));
    found.sort_by_key(|(base, head): &Pair<'_>| head.or(*base).map(|s| (s.path.clone(), s.dialect)));
    found
}

/// At least half of the base's migrations are in head.
fn moved(base: &Schema, head: &Schema) -> bool {
    let there: HashSet<u64> = head.migrations.iter().map(|m| m.meaning).collect();
    let kept = base.migrations.iter().filter(|m| there.contains(&m.meaning)).count();
    kept > 0 && kept * 2 >= base.migrations.len()
}
