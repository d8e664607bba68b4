//! Views and materialised views.

use crate::diff::sql::{history::History, history::Renames, pairs};
use crate::model::ChangeKind;
use crate::model::sql::{Schema, Table, TableKind};
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::Error;
use crate::rules::rule::{Check, Levels, Pair, Rule};
use crate::rules::text;

use super::{RULE, of_view};

pub static BROKEN: Rule = Rule {
    id: "view-broken",
    title: "View reads what is gone",
    levels: Levels::Always(Error),
    message: "View `{subject}` reads {detail}, which is gone in head.",
    help: "Write the view anew without it, before the column or table goes: readers of the view fail from that moment on. If the view is not needed any more, drop it in the same migration.",
    check: Check::Transition(broken),
    page: page!("view-broken"),
    ..RULE
};

pub static COLUMN_REMOVED: Rule = Rule {
    id: "view-column-removed",
    title: "Column removed from a view",
    levels: Levels::DOMAIN,
    message: "View `{entity}` no longer has the column `{attribute}`.",
    help: "Release code that does not read `{attribute}` first. Until then keep the column in the view, as `NULL AS {attribute}` if nothing stands behind it any more.",
    check: Check::Change { kinds: &[ChangeKind::AttributeRemoved], when: of_view },
    page: page!("view-column-removed"),
    ..RULE
};

pub static DROPPED: Rule = Rule {
    id: "view-dropped",
    title: "View dropped",
    levels: Levels::DOMAIN,
    message: "View `{subject}` is dropped: whatever reads it fails.{dependants}",
    help: "Release code that does not read `{subject}` first, and look at reports and other services that use it. If it is to be replaced, create the new version in the same migration.",
    check: Check::Change { kinds: &[ChangeKind::EntityRemoved], when: of_view },
    page: page!("view-dropped"),
    ..RULE
};

pub static RENAMED: Rule = Rule {
    id: "view-renamed",
    title: "View renamed",
    levels: Levels::DOMAIN,
    message: "View `{before}` is renamed to `{after}`: running code still asks for `{before}`.",
    help: "Create `{after}` beside `{before}`, release code that reads it, and drop `{before}` when nothing uses it any more.",
    check: Check::Change { kinds: &[ChangeKind::EntityRenamed], when: of_view },
    page: page!("view-renamed"),
    ..RULE
};

/// Views that stayed while a table or column they read went. PostgreSQL does not let that happen.
fn broken(rule: &'static Rule, pair: &Pair<'_>, found: &mut Vec<Finding>) {
    for (base, head) in pairs(&pair.base.model.schemas, &pair.head.model.schemas) {
        let (Some(base), Some(head)) = (base, head) else { continue };
        let history = History::of(base, head);
        let renames = Renames::of(base, head, &history);
        for view in head.tables.iter().filter(|t| t.kind != TableKind::Table && !t.tainted) {
            for gone in lost(base, head, &renames, view) {
                let name = view.full_name();
                let mut finding = Finding::state(rule, &name, Some(view.key));
                finding.message = text::replace(rule.message, &[("subject", name.clone()), ("detail", gone.clone())]);
                finding.detail = gone;
                finding.base = base.named(&name).map(|t| t.key);
                found.push(finding);
            }
        }
    }
}

/// What the view reads that base had and head has not, in words.
fn lost(base: &Schema, head: &Schema, renames: &Renames, view: &Table) -> Vec<String> {
    let mut gone = Vec::new();
    for (name, columns) in &view.reads {
        let Some(was) = base.named(name) else { continue };
        match head.named(name) {
            // The engine keeps views up to date with renames where it can; a view that still says the old name was not.
            None if !was.tainted && head.unread == 0 => gone.push(format!("table `{name}`")),
            Some(now) if !now.tainted => {
                let missing = columns.iter().filter(|c| was.column(c).is_some() && now.column(c).is_none());
                gone.extend(missing.map(|c| format!("column `{}.{c}`", renames.table(name))));
            }
            _ => {}
        }
    }
    gone
}
