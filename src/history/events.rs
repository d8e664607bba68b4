//! From a change to what is remembered of it: how bad it was on that day, for whom, and where it is written.

use crate::config::{Config, Date};
use crate::model::api::Api;
use crate::model::origin::{Origin, Text};
use crate::model::past::Event;
use crate::model::sql::Schema;
use crate::model::{AttributeView, Change, ChangeKind, Flow, entity};
use crate::policy;
use crate::rules::engine::Judge;
use crate::rules::{Category, Finding, Severity};
use crate::source::Location;

/// What decides how bad a change is.
pub struct Telling<'a> {
    judge: Judge,
    levels: policy::Levels<'a>,
}

impl<'a> Telling<'a> {
    pub fn of(config: &'a Config) -> Self {
        Self { judge: Judge::default(), levels: policy::Levels::of(config) }
    }

    /// As of a day: what had announced its end by then may go.
    pub fn on(&self, day: Date) -> On<'_> {
        On { telling: self, day }
    }
}

/// The same on one day.
pub struct On<'a> {
    telling: &'a Telling<'a>,
    day: Date,
}

/// An attribute and its type.
type Attributes = Vec<(Text, String)>;
/// The attributes of an entity by its name, in one revision.
type Named<'a> = &'a dyn Fn(&str) -> Attributes;

impl On<'_> {
    /// Turns the changes of one contract or SQL source into events. `before` and `after` give the attributes of an
    /// entity.
    pub fn tell(
        &self,
        changes: Vec<Change>,
        source: &Text,
        locate: &dyn Fn(Origin) -> Location,
        (before, after): (Named<'_>, Named<'_>),
        events: &mut Vec<Event>,
    ) {
        for mut change in changes {
            change.retire(self.day);
            let worst = self.worst(&change);
            let at = change.head.or(change.base).map(locate);
            let mut usages: Vec<(Text, Flow)> =
                change.usages.iter().map(|usage| (usage.operation.clone(), usage.flow)).collect();
            usages.sort();
            usages.dedup();
            let whom = worst.as_ref().map(|(_, finding)| self.telling.judge.whom(&change, finding)).unwrap_or_default();
            events.push(Event {
                layer: change.layer,
                kind: change.kind,
                source: source.clone(),
                attributes: match change.kind {
                    ChangeKind::EntityAdded => after(&change.subject),
                    ChangeKind::EntityRemoved | ChangeKind::EntityRenamed => before(&change.subject),
                    _ => Vec::new(),
                },
                subject: change.subject,
                detail: change.detail,
                entity: change.facts.entity,
                before: change.before,
                after: change.after,
                effect: change.effect,
                other_name: change.facts.other_name,
                severity: worst.as_ref().map(|(severity, _)| *severity),
                whom,
                flow: worst.and_then(|(_, finding)| finding.flow),
                usages,
                at: at.map(|at| (at.path, at.line)),
            });
        }
    }

    /// What is worst of what rules say about the change, where it says that something breaks.
    fn worst(&self, change: &Change) -> Option<(Severity, Finding)> {
        let found = self.telling.judge.of(change).into_iter().filter(|one| one.rule.category == Category::Breaking);
        let told = found.filter_map(|finding| Some((self.telling.levels.at(&finding, "")?, finding)));
        told.min_by_key(|(severity, _)| *severity)
    }

    /// The properties of a component.
    pub fn properties(&self, api: &Api, name: &str) -> Attributes {
        let found = api.components.iter().find(|(other, _)| **other == *name);
        found.map(|(name, id)| described(&api.entity(name, *id).attributes)).unwrap_or_default()
    }

    /// The columns of a table or view.
    pub fn columns(&self, schema: &Schema, name: &str) -> Attributes {
        let found = schema.tables.iter().enumerate().find(|(_, table)| table.full_name() == *name);
        found.map(|(index, table)| described(&entity::table_view(index, table).attributes)).unwrap_or_default()
    }
}

/// `email`, `string(email), required`
fn described(attributes: &[AttributeView]) -> Attributes {
    let required = |attribute: &AttributeView| if attribute.required { ", required" } else { "" };
    attributes.iter().map(|a| (a.name.clone(), format!("{}{}", a.type_name, required(a)))).collect()
}
