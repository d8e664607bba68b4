//! What has announced its end, and the day has come, and is still there.

use std::collections::BTreeMap;

use crate::model::api::{Api, Lifecycle};
use crate::model::{Date, Model, Origin};
use crate::rules::finding::Finding;
use crate::rules::finding::Severity::Warning;
use crate::rules::rule::{Check, Levels, Looking, Rule, Side};

use super::{DEBT, days, say};

pub static SUNSET_PASSED: Rule = Rule {
    id: "sunset-passed",
    title: "Announced end is over",
    levels: Levels::Always(Warning),
    message: "The end of `{subject}` was announced for {day}, {days} ago, and it is still there.",
    help: "Remove `{subject}`, or announce another day and tell those who call it.",
    check: Check::Past(passed),
    page: page!("sunset-passed"),
    ..DEBT
};

fn passed(rule: &'static Rule, side: Side<'_>, looking: Looking<'_>, found: &mut Vec<Finding>) {
    for due in due(side.model, looking.today) {
        let past = days(looking.today.days() - due.day.days());
        found.push(say(rule, &due.subject, due.origin, &[("day", due.day.to_string()), ("days", past)]));
    }
}

/// Something that should be gone.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    /// `GET /users/{id}`, `GET /users query.limit`, `User.email`
    pub subject: String,
    /// The day that was announced.
    pub day: Date,
    pub origin: Option<Origin>,
}

/// Operations, parameters and properties of `model` whose announced day is before `today`, by subject.
pub fn due(model: &Model, today: Date) -> Vec<Due> {
    let mut found: BTreeMap<String, Due> = BTreeMap::new();
    for api in &model.apis {
        for (subject, lifecycle, origin) in announced(api) {
            let day = lifecycle.sunset.as_deref().and_then(Date::announced).filter(|day| *day < today);
            let mark = lifecycle.marks.iter().find(|(field, _)| *field == "x-sunset").map(|(_, at)| *at);
            if let Some(day) = day {
                let due = Due { subject: subject.clone(), day, origin: mark.or(origin) };
                found.entry(subject).or_insert(due);
            }
        }
    }
    found.into_values().collect()
}

fn announced(api: &Api) -> impl Iterator<Item = (String, &Lifecycle, Option<Origin>)> {
    let operations = api.operations.iter().map(|one| (one.id.to_string(), &one.lifecycle, Some(one.origin)));
    let parameters = api.operations.iter().flat_map(|operation| {
        operation.parameters.iter().map(|p| (p.subject(&operation.id), &p.lifecycle, Some(p.origin)))
    });
    let properties = api.components.iter().flat_map(move |(name, id)| {
        let shape = api.shape(*id);
        shape.properties.iter().filter_map(move |property| {
            let lifecycle = api.shape(property.shape).lifecycle.as_deref()?;
            Some((format!("{name}.{}", property.name), lifecycle, Some(property.origin)))
        })
    });
    operations.chain(parameters).chain(properties)
}
