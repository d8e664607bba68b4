//! Revisions of a source that are replayed one after the other give what each gives alone, and neighbours the same changes.
//!
//! `generated` makes up histories of files and edits; `walked` takes those of repositories on this machine, where
//! `DRIFTLINE_HISTORIES` names their folders (`path[:commits]`, separated by spaces).

#[path = "../support/dice.rs"]
mod dice;
mod generated;
mod statements;
mod walked;

use std::sync::Arc;

use driftline::diff;
use driftline::model::origin::Read;
use driftline::model::sql::Schema;
use driftline::read::sql::{Series, read_with};
use driftline::source::{Snapshot, SqlSource};

/// A series beside full reads of the same revisions.
#[derive(Default)]
struct Judge {
    series: Series,
    before: Option<(Read<Arc<Schema>>, Read<Schema>)>,
}

impl Judge {
    /// Reads the next revision both ways; panics with `what` where they differ. True when the schema is that of the last
    /// revision, handed out again.
    fn next(&mut self, source: &SqlSource, snapshot: &Snapshot<'_>, what: &str) -> bool {
        let ours = self.series.read(source, snapshot);
        let truth = read_with(source, snapshot, &|_| false);
        if *ours.value != truth.value {
            differ(&format!("{:#?}", ours.value), &format!("{:#?}", truth.value), what);
        }
        if ours.problems != truth.problems {
            differ(&format!("{:#?}", ours.problems), &format!("{:#?}", truth.problems), what);
        }
        let mut same = false;
        if let Some((ours_before, truth_before)) = &self.before {
            let changes = diff::sql::diff(&ours_before.value, &ours.value);
            let wanted = diff::sql::diff(&truth_before.value, &truth.value);
            if changes != wanted {
                differ(&format!("{changes:#?}"), &format!("{wanted:#?}"), what);
            }
            same = Arc::ptr_eq(&ours_before.value, &ours.value);
        }
        self.before = Some((ours, truth));
        same
    }
}

/// Shows the first lines that differ.
fn differ(ours: &str, truth: &str, what: &str) -> ! {
    let at = ours.lines().zip(truth.lines()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| text.lines().skip(at.saturating_sub(12)).take(24).collect::<Vec<_>>().join("\n");
    panic!("{what}: a series differs at line {at}\n--- series\n{}\n--- alone\n{}", around(ours), around(truth));
}
