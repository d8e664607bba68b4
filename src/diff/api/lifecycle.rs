//! What is announced about the future of operations, parameters and properties: deprecation, last day, stability.

use crate::model::api::Lifecycle;
use crate::model::change::Facts;
use crate::model::origin::Origin;
use crate::model::{Change, ChangeKind, Date, Effect};

use super::step::bare;

/// Stability levels (`x-stability-level`), the least first.
const STABILITY: [&str; 4] = ["draft", "alpha", "beta", "stable"];

/// Changes of what is announced. Without subject, flows and usages.
pub fn compare(base: &Lifecycle, head: &Lifecycle, deprecated: ChangeKind) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut note = |kind, key, before, after| {
        let (base, head) = (mark(&base.marks, key), mark(&head.marks, key));
        changes.push(Change { before, after, base, head, ..bare(kind, Effect::Same) });
    };
    let written = |lifecycle: &Lifecycle| lifecycle.sunset.as_ref().map(ToString::to_string);
    let day = |lifecycle: &Lifecycle| lifecycle.sunset.as_deref().and_then(Date::announced);
    let shortened = match (&base.sunset, &head.sunset) {
        (Some(_), Some(_)) => day(base).is_some_and(|before| day(head).is_none_or(|after| after < before)),
        (Some(_), None) => head.deprecated,
        _ => false,
    };
    let announced = base.sunset.is_none() && head.sunset.is_some();
    if shortened {
        note(ChangeKind::SunsetShortened, "x-sunset", written(base), written(head));
    } else if head.deprecated && (!base.deprecated || announced) {
        let key = if base.deprecated { "x-sunset" } else { "deprecated" };
        note(deprecated, key, words(base), words(head));
    }
    let level = |lifecycle: &Lifecycle| {
        lifecycle.stability.as_ref().and_then(|s| STABILITY.iter().position(|known| s.eq_ignore_ascii_case(known)))
    };
    if let (Some(before), Some(after)) = (level(base), level(head))
        && after < before
    {
        let word = |lifecycle: &Lifecycle| lifecycle.stability.as_ref().map(ToString::to_string);
        note(ChangeKind::StabilityLowered, "x-stability-level", word(base), word(head));
    }
    changes
}

/// Where a field is written.
pub fn mark(marks: &[(&'static str, Origin)], key: &str) -> Option<Origin> {
    marks.iter().find(|(known, _)| *known == key).map(|(_, origin)| *origin)
}

/// What rules ask about something that went.
pub fn facts(lifecycle: &Lifecycle, facts: Facts) -> Facts {
    Facts {
        deprecated: lifecycle.deprecated,
        sunset: lifecycle.sunset.as_ref().map(ToString::to_string),
        stability: lifecycle.stability.as_ref().map(ToString::to_string),
        ..facts
    }
}

/// `deprecated and ends on 2031-06-01`
fn words(lifecycle: &Lifecycle) -> Option<String> {
    match (lifecycle.sunset.as_deref(), lifecycle.deprecated) {
        (Some(day), true) => {
            let day = Date::announced(day).map_or_else(|| day.to_string(), |day| day.to_string());
            Some(format!("deprecated and ends on {day}"))
        }
        (None, true) => Some("deprecated".to_string()),
        _ => None,
    }
}
