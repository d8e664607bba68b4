//! What is deprecated and stays, or even grows.

use crate::model::api::{Api, ShapeId};
use crate::model::lives::{Happened, Lives, Thing};
use crate::model::{ChangeKind as Kind, Date, Layer};
use crate::rules::finding::Finding;
use crate::rules::rule::{Check, Looking, Rule, Side};

use super::announced::{Deprecated, Since, deprecated};
use super::{DEBT, days, named, say};

pub static DEPRECATED_AND_KEPT: Rule = Rule {
    id: "deprecated-and-kept",
    title: "Deprecated and never removed",
    message: "The {what} `{subject}` has been deprecated for {days}, {since}, and no end is announced.",
    help: "Announce when `{subject}` ends with `x-sunset` and remove it then; if it is to stay, take `deprecated` away.",
    check: Check::Past(kept),
    page: page!("deprecated-and-kept"),
    ..DEBT
};

pub static DEPRECATED_GROWING: Rule = Rule {
    id: "deprecated-growing",
    title: "Deprecated and still growing",
    message: "The {what} `{subject}` has been deprecated since {since}, and has grown since: {growth}.",
    help: "Put what is new into what replaces `{subject}`, so that the old one can go.",
    check: Check::Past(growing),
    page: page!("deprecated-growing"),
    ..DEBT
};

fn kept(rule: &'static Rule, side: Side<'_>, looking: Looking<'_>, found: &mut Vec<Finding>) {
    let limit = i64::from(side.limits.deprecated_days);
    for one in side.model.apis.iter().flat_map(|api| deprecated(api)) {
        // Whose end is announced has a plan; another rule sees to it that it is kept.
        let announced = one.lifecycle.and_then(|l| l.sunset.as_deref()).and_then(Date::announced);
        let Some(since) = one.since(looking.lives).filter(|_| announced.is_none()) else { continue };
        let age = looking.today.days() - since.date().days();
        if age <= limit {
            continue;
        }
        let (length, words) = match since {
            Since::Event(one) => (days(age), format!("since {}", named(&one))),
            Since::Before(date) => {
                (format!("more than {}", days(age)), format!("since before {date}, where the known history begins"))
            }
        };
        let more = [("what", one.what.to_string()), ("days", length), ("since", words)];
        let mut finding = say(rule, one.subject(), one.origin, &more);
        finding.since = known(&since);
        found.push(finding);
    }
}

fn known(since: &Since<'_>) -> Option<(String, String)> {
    let Since::Event(one) = since else { return None };
    let came = !matches!(one.event.kind, Kind::OperationDeprecated | Kind::AttributeDeprecated);
    Some((one.commit.id.clone(), if came { "added as deprecated" } else { "deprecated" }.to_string()))
}

fn growing(rule: &'static Rule, side: Side<'_>, looking: Looking<'_>, found: &mut Vec<Finding>) {
    for api in &side.model.apis {
        let all = deprecated(api);
        let users = Users::of(api, &all);
        for one in &all {
            let Some(Since::Event(since)) = one.since(looking.lives) else { continue };
            let mut grown = grown(one, looking.lives);
            grown.extend(one.shape.into_iter().flat_map(|shape| users.of_shape(shape, looking.lives)));
            grown.retain(|(_, what)| what.at < since.at);
            // The oldest first: that was the moment to do otherwise.
            grown.sort_by(|a, b| (b.1.at, &a.0).cmp(&(a.1.at, &b.0)));
            grown.dedup_by(|a, b| a.0 == b.0);
            let Some((_, first)) = grown.first() else { continue };
            let told: Vec<String> =
                grown.iter().take(3).map(|(what, one)| format!("{what} came with {}", named(one))).collect();
            let rest = grown.len() - told.len();
            let rest = if rest > 0 { format!(", and {rest} more") } else { String::new() };
            let more = [
                ("what", one.what.to_string()),
                ("since", since.commit.date.to_string()),
                ("growth", format!("{}{rest}", told.join(", "))),
            ];
            let mut finding = say(rule, one.subject(), one.origin, &more);
            finding.since = Some((first.commit.id.clone(), "grew after it was deprecated".to_string()));
            found.push(finding);
        }
    }
}

/// What came into it, and is there.
fn grown<'p>(one: &Deprecated<'_>, lives: &Lives<'p>) -> Vec<(String, Happened<'p>)> {
    let mut found = Vec::new();
    for subject in &one.subjects {
        let thing = Thing { layer: Layer::Api, source: &one.api.path, subject };
        for one in lives.events_within(thing) {
            let event = one.event;
            match event.kind {
                Kind::AttributeAdded | Kind::ParameterAdded if event.subject != *subject => {
                    found.push((format!("`{}`", event.subject), one));
                }
                Kind::EnumValueAdded if event.subject == *subject => {
                    found.push((format!("the value `{}`", event.detail), one));
                }
                _ => {}
            }
        }
    }
    found
}

/// Who refers to deprecated schemas by name: properties and operations.
struct Users<'a> {
    api: &'a Api,
    /// The schema, then who refers to it.
    found: Vec<(ShapeId, String)>,
}

impl<'a> Users<'a> {
    fn of(api: &'a Api, deprecated: &[Deprecated<'_>]) -> Self {
        let wanted: Vec<ShapeId> = deprecated
            .iter()
            .filter(|one| one.what == "schema")
            .filter_map(|one| one.shape)
            .map(|id| api.resolve(id))
            .collect();
        let mut found = Vec::new();
        if wanted.is_empty() {
            return Self { api, found };
        }
        let leads = |id: ShapeId| -> Option<ShapeId> {
            let at = api.resolve(id);
            let item = api.shape(at).items.map(|item| api.resolve(item));
            [Some(at), item].into_iter().flatten().find(|id| wanted.contains(id))
        };
        for (name, id) in api.components.iter().filter(|(_, id)| !api.shape(*id).deprecated) {
            for property in api.shape(*id).properties.iter().filter(|p| !api.shape(p.shape).deprecated) {
                found.extend(leads(property.shape).map(|schema| (schema, format!("{name}.{}", property.name))));
            }
        }
        for operation in api.operations.iter().filter(|operation| !operation.lifecycle.deprecated) {
            let bodies = operation.body.iter().flat_map(|body| &body.media);
            let media = bodies.chain(operation.responses.iter().flat_map(|response| &response.media));
            for schema in media.filter_map(|media| leads(media.shape?)) {
                found.push((schema, operation.id.to_string()));
            }
        }
        Self { api, found }
    }

    /// Those of a schema, and with what they came.
    fn of_shape<'p>(&self, shape: ShapeId, lives: &Lives<'p>) -> Vec<(String, Happened<'p>)> {
        let shape = self.api.resolve(shape);
        let own = self.found.iter().filter(|(schema, _)| *schema == shape);
        let told = own.filter_map(|(_, subject)| {
            let came = lives.came(Thing { layer: Layer::Api, source: &self.api.path, subject })?;
            Some((format!("`{subject}`, which uses it,"), came))
        });
        told.collect()
    }
}
