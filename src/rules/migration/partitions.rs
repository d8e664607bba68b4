//! Partitions that come and go.

use crate::diff::sql::history::NewStep;
use crate::model::sql::{Action, Dialect};
use crate::rules::finding::Severity::{Error, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;
use super::steps::{Case, Source};

pub static ATTACHED_WITH_SCAN: Rule = Rule {
    id: "partition-attached-with-scan",
    title: "Partition attached without a check that proves its rows",
    levels: Levels::Always(Warning),
    message: "Attaching `{detail}` to `{subject}` reads every row of `{detail}` to see whether it belongs there, and nobody can read or write `{detail}` until that is done.",
    help: "1. `ALTER TABLE {detail} ADD CONSTRAINT {name}_bound CHECK (…) NOT VALID;` with the bounds of the partition, and the key columns NOT NULL.\n2. In a migration of its own, `ALTER TABLE {detail} VALIDATE CONSTRAINT {name}_bound;`: it reads all rows without stopping others.\n3. `ALTER TABLE {subject} ATTACH PARTITION {detail} …;` then drop the check. A default partition is read as well: give it a check that leaves these rows out.",
    check: Check::Step(|source, new| {
        let Action::AttachPartition { child, checked: false } = &new.step.action else { return None };
        let has_rows = source.base_table(child).is_some()
            || source
                .history
                .steps
                .iter()
                .any(|s| s.step.table == *child && matches!(s.step.action, Action::Insert { .. }));
        let name = child.rsplit('.').next().unwrap_or(child);
        (has_rows && source.is_postgres()).then(|| Case::new(&*new.step.table, &**child).named(name))
    }),
    page: page!("partition-attached-with-scan"),
    ..RULE
};

pub static DETACHED: Rule = Rule {
    id: "partition-detached",
    title: "Partition taken out of its table",
    levels: Levels::Always(Warning),
    message: "{detail}",
    help: "`ALTER TABLE {subject} DETACH PARTITION {name} CONCURRENTLY;` (PostgreSQL 14 and later) alone in a migration that runs without a transaction; it waits for running queries without making others wait. Copy or archive what is still wanted first, and make sure that nobody looks for its rows in `{subject}`.",
    check: Check::Step(detached),
    page: page!("partition-detached"),
    ..RULE
};

pub static DROPPED: Rule = Rule {
    id: "partition-dropped",
    title: "Partition dropped with its rows",
    levels: Levels::Always(Error),
    message: "{detail} of `{subject}` is {name}: all its rows are lost.",
    help: "Keep the rows first if they may be wanted again: `CREATE TABLE … LIKE {subject}; ALTER TABLE … REMOVE PARTITIONING; ALTER TABLE {subject} EXCHANGE PARTITION … WITH TABLE …;` puts them into a table of their own in a moment. What grows old by plan is better dropped by a job than by a migration.",
    check: Check::Step(|_, new| {
        let Action::DropPartition { names, truncate } = &new.step.action else { return None };
        let what = if names.contains(',') { "Each of the partitions" } else { "The partition" };
        let case = Case::new(&*new.step.table, format!("{what} `{names}`"));
        (!new.table_is_new).then(|| case.named(if *truncate { "emptied" } else { "dropped" }))
    }),
    page: page!("partition-dropped"),
    ..RULE
};

fn detached(source: &Source<'_>, new: &NewStep<'_>) -> Option<Case> {
    let Action::DetachPartition { child, concurrently } = &new.step.action else { return None };
    let parent = &new.step.table;
    if source.dialect() != Dialect::Postgres || source.base_table(child).is_none() {
        return None;
    }
    // What becomes of its rows is told where it is dropped, or they stay where readers look.
    let again = |action: &Action| matches!(action, Action::AttachPartition { child: c, .. } if c == child);
    let back = source.history.last(&[parent], again).is_some();
    let dropped = source.history.last(&[child], |a| matches!(a, Action::DropTable { .. })).is_some();
    let gone = (!back && !dropped)
        .then(|| format!("`{child}` is no longer a partition of `{parent}`: code that reads `{parent}` does not find its rows any more."));
    let locks = (!concurrently).then(|| {
        format!("Detaching `{child}` without CONCURRENTLY locks `{parent}` and all its partitions against reads and writes: it waits for every running query, and all others wait behind it.")
    });
    let detail: Vec<String> = gone.into_iter().chain(locks).collect();
    (!detail.is_empty()).then(|| Case::new(&**parent, detail.join(" ")).named(&**child))
}
