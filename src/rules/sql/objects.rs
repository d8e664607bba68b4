//! Routines, triggers and sequences that go.

use crate::diff::sql::history::{History, Renames};
use crate::diff::sql::pairs;
use crate::model::Origin;
use crate::model::sql::{Action, Object, ObjectKind, Schema};
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::Warning;
use crate::rules::rule::{Check, Levels, Pair, Rule};
use crate::rules::text;

use super::RULE;

pub static DROPPED: Rule = Rule {
    id: "object-dropped",
    title: "Function, trigger or sequence dropped",
    levels: Levels::Always(Warning),
    message: "{detail}",
    help: "",
    check: Check::Transition(dropped),
    page: page!("object-dropped"),
    ..RULE
};

/// What the loss of an object does, and what to do instead.
struct Loss {
    kind: ObjectKind,
    does: &'static str,
    help: &'static str,
}

const CALLED: &str = "whatever calls it fails";
const RELEASE: &str = "Release code that does not call `{subject}` first, and look for it in views, triggers and other routines, whose bodies are only read when they run. To change it, use `CREATE OR REPLACE`; for other arguments, keep the old one beside the new one for as long as old code runs.";
static LOSSES: &[Loss] = &[
    Loss { kind: ObjectKind::Function, does: CALLED, help: RELEASE },
    Loss {
        kind: ObjectKind::Procedure,
        does: CALLED,
        help: "Release code that does not call `{subject}` first, and look for it in events, triggers and other routines.",
    },
    Loss {
        kind: ObjectKind::Trigger,
        does: "what it did to rows no longer happens, whoever writes them",
        help: "Make sure that running code does by itself what the trigger did, in a release before it goes. Where the table was built anew, create the trigger again in the same migration.",
    },
    Loss {
        kind: ObjectKind::Sequence,
        does: "whatever takes its numbers from it fails",
        help: "Release code that does not ask `{subject}` for numbers first; some libraries that map objects to tables do so by its name.",
    },
    Loss {
        kind: ObjectKind::Event,
        does: "what it did by the clock no longer happens",
        help: "Make sure that something else does it from now on. `ALTER EVENT {subject} DISABLE;` is undone in a moment.",
    },
];

fn dropped(rule: &'static Rule, pair: &Pair<'_>, found: &mut Vec<Finding>) {
    for (base, head) in pairs(&pair.base.model.schemas, &pair.head.model.schemas) {
        let (Some(base), Some(head)) = (base, head) else { continue };
        let history = History::of(base, head);
        let renames = Renames::of(base, head, &history);
        for object in &base.objects {
            let Some(loss) = LOSSES.iter().find(|loss| loss.kind == object.kind) else { continue };
            if is_kept(base, head, &renames, object) {
                continue;
            }
            let gone = went(&history, object);
            if gone.is_none() && (!head.migrations.is_empty() || head.unread > 0) {
                continue;
            }
            let (origin, now) = gone.map_or((None, None), |(origin, now)| (Some(origin), now));
            let of = object.table.as_ref().map_or(String::new(), |t| format!(" of `{t}`"));
            let what = now.map_or("is dropped".to_string(), |to| format!("is renamed to `{to}`"));
            let mut finding = Finding::state(rule, object.table.as_ref().unwrap_or(&object.name).to_string(), origin);
            let kind = object.kind.word();
            finding.message = format!("The {kind} `{}`{of} {what}: {}.", object.name, loss.does);
            finding.detail = format!("{kind} {}", object.name);
            finding.help = text::replace(loss.help, &[("subject", object.name.to_string())]);
            finding.base = Some(object.origin);
            found.push(finding);
        }
    }
}

/// The object is there, or what it was for is told elsewhere.
fn is_kept(base: &Schema, head: &Schema, renames: &Renames, object: &Object) -> bool {
    let table = object.table.as_ref().map(|t| renames.table(t));
    // A table that was never made here has no name to compare.
    let at_home = |o: &Object| table.is_none() || o.table.as_deref() == table;
    let same = |o: &Object| o.kind == object.kind && o.name == object.name && at_home(o);
    let gone_with_table = table.is_some_and(|t| head.named(t).is_none());
    // Another name makes no other trigger.
    let takes_over = |o: &Object| {
        let is_new = !base.objects.iter().any(|b| b.kind == o.kind && b.name == o.name && b.table == object.table);
        object.calls.is_some() && o.calls == object.calls && o.table.as_deref() == table && is_new
    };
    // Told with the triggers that call it.
    let only_for_triggers = object.kind == ObjectKind::Function && &*object.detail == "TRIGGER";
    gone_with_table || only_for_triggers || head.objects.iter().any(|o| same(o) || takes_over(o))
}

/// The step that took the object away, and the name that it gave it.
fn went<'a>(history: &History<'a>, object: &Object) -> Option<(Origin, Option<&'a str>)> {
    let find = |by: &dyn Fn(&'a Action) -> Option<Option<&'a str>>| {
        history.steps.iter().rev().find_map(|s| Some((s.step.origin, by(&s.step.action)?)))
    };
    let itself = find(&|action| match action {
        Action::RenameObject { kind, from, to } if *kind == object.kind && *from == object.name => Some(Some(&**to)),
        Action::DropObject { kind, name, .. } if *kind == object.kind && *name == object.name => Some(None),
        _ => None,
    });
    let called = || {
        find(&|action| match action {
            Action::DropObject { kind: ObjectKind::Function, name, cascade: true } => {
                (object.calls.as_ref() == Some(name)).then_some(None)
            }
            _ => None,
        })
    };
    let rebuilt = |action: &Action| matches!(action, Action::DropTable { .. } | Action::DropView { .. });
    itself.or_else(called).or_else(|| Some((history.last(&[object.table.as_ref()?], rebuilt)?, None)))
}
