//! Which SQL source of the base is which of the head.

use std::collections::HashSet;
use std::sync::Arc;

use crate::model::sql::Schema;

/// Pairs sources by path; a source whose folder was moved is paired with the one that holds most of its migrations, or
/// with the only other one left. Unpaired sources come with `None` on the other side. Sorted by the head's path.
pub fn pairs<'a>(base: &'a [Arc<Schema>], head: &'a [Arc<Schema>]) -> Vec<(Option<&'a Schema>, Option<&'a Schema>)> {
    let mut left: Vec<&Schema> = base.iter().map(|s| &**s).collect();
    let mut found = Vec::new();
    let mut new = Vec::new();
    for schema in head {
        match left.iter().position(|s| s.path == schema.path) {
            Some(at) => found.push((Some(left.remove(at)), Some(&**schema))),
            None => new.push(&**schema),
        }
    }
    for schema in new {
        let only = left.len() == 1;
        let same = left.iter().position(|s| s.dialect == schema.dialect && (moved(s, schema) || only));
        found.push((same.map(|at| left.remove(at)), Some(schema)));
    }
    found.extend(left.into_iter().map(|schema| (Some(schema), None)));
    found.sort_by_key(|(base, head)| head.or(*base).map(|s| s.path.clone()));
    found
}

/// At least half of the base's migrations are in head.
fn moved(base: &Schema, head: &Schema) -> bool {
    let there: HashSet<u64> = head.migrations.iter().map(|m| m.meaning).collect();
    let kept = base.migrations.iter().filter(|m| there.contains(&m.meaning)).count();
    kept > 0 && kept * 2 >= base.migrations.len()
}
