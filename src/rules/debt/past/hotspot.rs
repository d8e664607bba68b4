//! Entities that break again and again.

use crate::model::lives::{Happened, Thing};
use crate::model::{Layer, Origin, Severity};
use crate::rules::finding::Finding;
use crate::rules::rule::{Check, Looking, Rule, Side};

use super::{DEBT, days, named, say};

pub static ENTITY_HOTSPOT: Rule = Rule {
    id: "entity-hotspot",
    layer: Layer::Link,
    title: "Breaks again and again",
    message: "`{subject}` broke in {count} commits of the last {days}: {commits}.",
    help: "Find out what these changes have in common, and give `{subject}` a form that does not have to break for the next one: \
           a new version, a part of its own for what moves, fields that are added instead of turned.",
    check: Check::Past(hotspots),
    page: page!("entity-hotspot"),
    ..DEBT
};

fn hotspots(rule: &'static Rule, side: Side<'_>, looking: Looking<'_>, found: &mut Vec<Finding>) {
    let limit = side.limits.hotspot_breaks as usize;
    let window = i64::from(side.limits.hotspot_days);
    let since = looking.today.days() - window;
    for (layer, source, subject, origin) in things(side) {
        let thing = Thing { layer, source, subject: &subject };
        let mut breaks: Vec<Happened<'_>> = looking.lives.events_within(thing);
        breaks.retain(|one| one.event.severity == Some(Severity::Error) && one.commit.date.days() >= since);
        breaks.dedup_by_key(|one| one.at);
        let Some(too_many) = breaks.get(..breaks.len().saturating_sub(limit)).and_then(<[_]>::last) else { continue };
        let told: Vec<String> = breaks.iter().take(3).map(named).collect();
        let rest = breaks.len() - told.len();
        let rest = if rest > 0 { format!(" and {rest} before") } else { String::new() };
        let more = [
            ("count", breaks.len().to_string()),
            ("days", days(window)),
            ("commits", format!("{}{rest}", told.join(", "))),
        ];
        let mut finding = say(rule, &subject, origin, &more);
        finding.since = Some((too_many.commit.id.clone(), "broke once more".to_string()));
        found.push(finding);
    }
}

/// Operations, schemas and tables, each once.
fn things<'a>(side: Side<'a>) -> Vec<(Layer, &'a str, String, Option<Origin>)> {
    let mut found = Vec::new();
    for api in &side.model.apis {
        let operations = api.operations.iter().map(|one| (Layer::Api, &*api.path, one.id.to_string(), Some(one.key)));
        let schemas =
            api.components.iter().map(|(name, id)| (Layer::Api, &*api.path, name.to_string(), api.shape(*id).origin));
        found.extend(operations.chain(schemas));
    }
    for schema in &side.model.schemas {
        found.extend(schema.tables.iter().map(|t| (Layer::Sql, &*schema.path, t.full_name(), Some(t.created_at()))));
    }
    found
}
