//! Whether the way back leads back.

use std::collections::{HashMap, HashSet};

use crate::diff::sql::contrast::{Aspect, Difference, How, contrast};
use crate::model::sql::{Action, Migration, RoundTrip};
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::{Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;
use super::steps::{Case, Source, called, finding, list};

pub static NOT_UNDONE: Rule = Rule {
    id: "migration-not-undone",
    title: "Down part does not undo the up part",
    levels: Levels::Always(Warning),
    message: "Going back over migration `{subject}` {detail}.",
    help: "Write the down part as the up part backwards: drop what it creates, create what it drops, change back what it changes. Where that is not possible, let it fail with a message that says so.",
    check: Check::History(not_undone),
    page: page!("migration-not-undone"),
    ..RULE
};

fn not_undone(rule: &'static Rule, source: &Source<'_>, found: &mut Vec<Finding>) {
    let known: HashMap<(&str, &str), &Migration> =
        source.base.migrations.iter().map(|m| ((&*m.path, &*m.version), &**m)).collect();
    let old = |m: &Migration| {
        let before = known.get(&(&*m.path, &*m.version));
        before.is_some_and(|b| b.content == m.content && b.down.map(|d| d.file) == m.down.map(|d| d.file))
    };
    for migration in &source.head.migrations {
        let (Some(trip), Some(down)) = (&migration.round_trip, migration.down) else { continue };
        if old(migration) {
            continue;
        }
        let Some((detail, only_lost)) = told(source, trip) else { continue };
        let place = trip.refused.first().filter(|_| !source.has_holes).map_or(down, |step| step.origin);
        let case = Case::new(called(migration), detail);
        let case = if only_lost { case.at(Note) } else { case };
        found.push(finding(rule, source.dialect(), case, Some(place)));
    }
}

/// What a round trip leaves different, in words, and whether that is only what the up part took away.
fn told(source: &Source<'_>, trip: &RoundTrip) -> Option<(String, bool)> {
    let dialect = source.dialect();
    let (mut left, mut taken, mut lost, mut other) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let up = contrast(dialect, &trip.before, &trip.between);
    let gone: HashSet<&str> = up.iter().filter(|d| d.how == How::Gone).map(|d| d.object.as_str()).collect();
    let dropped =
        |of: &Difference| gone.contains(of.object.as_str()) || gone.contains(format!("table `{}`", of.table).as_str());
    for difference in contrast(dialect, &trip.before, &trip.after) {
        match &difference.how {
            How::New => left.push(difference.object),
            How::Gone if dropped(&difference) => lost.push(difference.object),
            How::Gone => taken.push(difference.object),
            // A column that comes back finds rows, and needs something for them.
            How::Changed { what: Aspect::Absence, .. } if dropped(&difference) => {}
            How::Changed { before, after, .. } => {
                other.push(format!("{} ({after} instead of {before})", difference.object));
            }
        }
    }
    let refused = trip.refused.iter().filter_map(|step| match &step.action {
        Action::Refused { what, .. } => Some(what.to_string()),
        _ => None,
    });
    // Where the history itself does not stand alone, what the down part needs may be made elsewhere.
    let refused: Vec<String> = refused.filter(|_| !source.has_holes).collect();
    let only_lost = [&left, &taken, &other, &refused].into_iter().all(Vec::is_empty);
    let mut parts = Vec::new();
    let mut say = |words: &str, objects: &[String]| {
        if !objects.is_empty() {
            parts.push(format!("{words} {}", list(objects)));
        }
    };
    say("fails, since", &refused);
    say("leaves behind", &left);
    say("takes away what was there before:", &taken);
    say("leaves changed", &other);
    say("does not bring back", &lost);
    let last = parts.pop()?;
    Some((if parts.is_empty() { last } else { format!("{} and {last}", parts.join(", ")) }, only_lost))
}
