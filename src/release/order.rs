//! What has to go first when a change touches both layers: migrate, then deploy, or the other way round, and which step the
//! change leaves out.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Change, ChangeKind, Effect, EntityKind, Flow, Flows, Origin};

use super::aspect::Aspect;
use super::plan::{Need, Phase};
use super::tied::Tie;

/// Names told in a sentence; the rest is counted.
const NAMED: usize = 4;

/// One thing to do, in the place that it has around the deployment of the code.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub phase: Phase,
    /// The change has no such step: what it does instead breaks code that runs.
    pub missing: bool,
    /// What to do, and why in this place: a sentence each; the second may be empty.
    pub what: String,
    pub why: String,
    /// Columns and tables.
    pub subjects: Vec<String>,
    /// The properties that show them.
    pub properties: Vec<String>,
    /// The statements that it is about.
    pub origins: Vec<Origin>,
}

/// What one kind of change is about.
#[derive(Default)]
struct Gathered<'a> {
    subjects: BTreeSet<&'a str>,
    properties: BTreeSet<&'a str>,
    origins: BTreeSet<Origin>,
}

/// The steps in the order of their phases; none when no order matters.
pub fn steps(ties: &[Tie<'_>]) -> Vec<Step> {
    let mut gathered: BTreeMap<Need, Gathered<'_>> = BTreeMap::new();
    for tie in ties {
        for (need, change) in needs(tie) {
            let own = gathered.entry(need).or_default();
            own.subjects.insert(&change.subject);
            own.properties.insert(tie.property);
            own.origins.extend(change.head.or(change.base));
        }
    }
    // A table that goes with some of its properties goes when the others have moved.
    let moved = gathered.get(&Need::Move).map(|own| own.subjects.clone()).unwrap_or_default();
    for need in [Need::Retire, Need::RetireRequired] {
        gathered.entry(need).or_default().subjects.retain(|subject| !moved.contains(subject));
    }
    gathered.retain(|_, own| !own.subjects.is_empty());
    let mut steps: Vec<Step> = Vec::new();
    for (need, own) in Need::ALL.iter().filter_map(|need| Some((need, gathered.get(need)?))) {
        let fill = |text: &str| {
            let it = if own.subjects.len() > 1 { "them" } else { "it" };
            let text = text.replace("{subjects}", &listed(&own.subjects)).replace("{it}", it);
            text.replace("{properties}", &listed(&own.properties))
        };
        steps.extend(need.parts().iter().map(|part| Step {
            phase: part.phase,
            missing: part.missing,
            what: fill(part.what),
            why: fill(part.why),
            subjects: own.subjects.iter().map(ToString::to_string).collect(),
            properties: own.properties.iter().map(ToString::to_string).collect(),
            origins: own.origins.iter().copied().collect(),
        }));
    }
    steps.extend(deploy(&steps));
    steps.sort_by_key(|step| step.phase);
    steps
}

/// The deployment itself, when something goes before or after it.
fn deploy(steps: &[Step]) -> Option<Step> {
    let has = |phase| steps.iter().any(|step| step.phase == phase && !step.missing);
    // One set of migrations runs at one time.
    let split = has(Phase::Before) && has(Phase::After);
    let properties: BTreeSet<&String> = steps.iter().flat_map(|step| &step.properties).collect();
    (!steps.is_empty()).then(|| Step {
        phase: Phase::Deploy,
        missing: false,
        what: "Deploy the code of this change.".to_string(),
        why: match split {
            true => "Its migrations belong on both sides of that: put those that follow into a release of their own.",
            false => "",
        }
        .to_string(),
        subjects: Vec::new(),
        properties: properties.into_iter().cloned().collect(),
        origins: Vec::new(),
    })
}

/// What the ends of a tie ask for, each with the change of the database that does.
fn needs<'a>(tie: &Tie<'a>) -> Vec<(Need, &'a Change)> {
    let mut needs = Vec::new();
    let attributes = [ChangeKind::AttributeAdded, ChangeKind::AttributeRemoved];
    if tie.api.iter().any(|change| attributes.contains(&change.kind) && change.flows.is_empty()) {
        return needs; // No operation uses the schema.
    }
    let (before, after) = tie.promised;
    // Types of columns are entities too, and come and go with what uses them.
    for change in tie.sql.iter().filter(|change| change.facts.entity != Some(EntityKind::Enum)) {
        let need = match change.kind {
            ChangeKind::EntityAdded if tie.in_head && !before => Need::Create,
            ChangeKind::AttributeAdded if tie.in_head && !before && !change.facts.entity_is_new => {
                match change.effect {
                    Effect::Same => Need::Create,
                    _ => Need::CreateRequired,
                }
            }
            ChangeKind::EntityRenamed if tie.in_base => Need::RenameTable,
            ChangeKind::AttributeRenamed if tie.in_base => Need::Rename,
            ChangeKind::AttributeRemoved | ChangeKind::EntityRemoved if tie.in_base && !change.facts.recreated => {
                match (after, change.facts.required && change.kind == ChangeKind::AttributeRemoved) {
                    (true, _) => Need::Move,
                    (false, true) => Need::RetireRequired,
                    (false, false) => Need::Retire,
                }
            }
            _ => continue,
        };
        needs.push((need, *change));
    }
    if tie.in_base && tie.in_head {
        needs.extend(Aspect::ALL.iter().flat_map(|aspect| moved(*aspect, tie)));
    }
    needs
}

/// What both ends did to their values, when they went the same way.
fn moved<'a>(aspect: Aspect, tie: &Tie<'a>) -> Vec<(Need, &'a Change)> {
    let (Some((one, sql)), Some((other, api))) = (aspect.within(&tie.sql), aspect.within(&tie.api)) else {
        return Vec::new();
    };
    let flows = api.iter().fold(Flows::NONE, |flows, change| flows.union(change.flows));
    let need = match (one, other) {
        // What is only given out is made by code, which knows its database.
        (Effect::Widens, Effect::Widens) if flows.has(Flow::In) => Need::Widen,
        (Effect::Narrows, Effect::Narrows) if !flows.is_empty() => Need::Narrow,
        (Effect::Both, Effect::Both) if !flows.is_empty() => Need::Convert,
        _ => return Vec::new(),
    };
    sql.into_iter().map(|change| (need, change)).collect()
}

/// `` `a`, `b` and 3 more ``
fn listed(names: &BTreeSet<&str>) -> String {
    let named: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    match (named.as_slice(), names.len().saturating_sub(NAMED)) {
        ([front @ .., last], 0) if !front.is_empty() => format!("{} and {last}", front.join(", ")),
        (all, 0) => all.join(", "),
        (all, more) => format!("{} and {more} more", all.join(", ")),
    }
}
