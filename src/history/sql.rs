//! SQL sources before and after a commit.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::diff;
use crate::model::origin::Text;
use crate::model::past::Event;
use crate::model::sql::{Dialect, Schema};
use crate::read::sql::Series;
use crate::source::{Snapshot, Sources, SqlSource};

use super::events::On;

/// What was replayed last, source by source.
#[derive(Default)]
pub struct Sql {
    series: BTreeMap<(Text, Dialect), Series>,
}

type Side<'a> = (&'a Sources, &'a Snapshot<'a>);

impl Sql {
    /// Tells what the commit changed in the sources that it touched.
    pub fn compare(
        &mut self,
        (old, before): Side<'_>,
        (new, after): Side<'_>,
        touched: &HashSet<&Text>,
        on: &On<'_>,
        events: &mut Vec<Event>,
    ) {
        let same = |source: &&SqlSource, other: &Sources| {
            other.sql.contains(source) && !source.files.iter().any(|file| touched.contains(&file.path))
        };
        let ours: Vec<_> = old.sql.iter().filter(|source| !same(source, new)).collect();
        let ours: Vec<_> = ours.into_iter().map(|source| self.read(source, before)).collect();
        let theirs: Vec<_> = new.sql.iter().filter(|source| !same(source, old)).collect();
        let theirs: Vec<_> = theirs.into_iter().map(|source| self.read(source, after)).collect();
        for (base, head) in diff::sql::pairs(&ours, &theirs) {
            let empty = |like: &Schema| {
                let Schema { path, dialect, layout, .. } = like;
                Arc::new(Schema { path: path.clone(), dialect: *dialect, layout, ..Schema::default() })
            };
            let (base, head) = match (base, head) {
                (Some(base), Some(head)) => (base.clone(), head.clone()),
                (None, Some(head)) => (empty(head), head.clone()),
                (Some(base), None) => (base.clone(), empty(base)),
                (None, None) => continue,
            };
            if !Arc::ptr_eq(&base, &head) {
                let changes = diff::sql::diff(&base, &head);
                on.tell(
                    changes,
                    &head.path,
                    &|origin| before.files.locate(origin),
                    (&|name| on.columns(&base, name), &|name| on.columns(&head, name)),
                    events,
                );
            }
        }
    }

    fn read(&mut self, source: &SqlSource, snapshot: &Snapshot<'_>) -> Arc<Schema> {
        let series = self.series.entry((source.path.clone(), source.dialect)).or_default();
        series.read(source, snapshot).value
    }
}
