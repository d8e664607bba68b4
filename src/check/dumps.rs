//! Dumps beside migrations: read in both revisions where the dump or its migrations are not the same in both.

use std::sync::Arc;

use crate::model::origin::Text;
use crate::model::sql::{Dump, Schema};
use crate::read;
use crate::source::{Snapshot, Sources, SqlSource};

/// What is read of one revision.
pub struct Revision<'a> {
    pub snapshot: Snapshot<'a>,
    pub sources: &'a Sources,
}

/// The dumps of base and head that have a namesake in the other: nothing tells whether a new one has to follow.
pub fn read_both(base: &Revision<'_>, head: &Revision<'_>) -> (Vec<Dump>, Vec<Dump>) {
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for (dump, migrations) in head.sources.dumps() {
        let mut known = base.sources.dumps();
        let known = known.find(|(d, _)| d.path == dump.path && d.dialect == dump.dialect);
        let Some((before, origins)) = known else { continue };
        let same = |a: &SqlSource, b: &SqlSource| a == b && unchanged(a, &base.snapshot, &head.snapshot);
        let still = same(before, dump);
        if still && same(origins, migrations) {
            continue;
        }
        let schema = schema(before, &base.snapshot);
        let now = if still { schema.clone() } else { self::schema(dump, &head.snapshot) };
        old.push(entry(&origins.path, schema));
        new.push(entry(&migrations.path, now));
    }
    (old, new)
}

fn entry(of: &Text, schema: Arc<Schema>) -> Dump {
    Dump { of: of.clone(), schema }
}

/// What could not be read of a dump is no problem of this revision: the migrations count.
fn schema(source: &SqlSource, snapshot: &Snapshot<'_>) -> Arc<Schema> {
    Arc::new(read::sql::read_with(source, snapshot, &|_| false).value)
}

/// The same bytes at the same paths are the same files.
fn unchanged(source: &SqlSource, base: &Snapshot<'_>, head: &Snapshot<'_>) -> bool {
    source.files.iter().all(|file| base.load(&file.path).is_ok_and(|id| head.load(&file.path) == Ok(id)))
}
