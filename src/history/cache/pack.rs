//! Events as bytes: JSON in which every text stands once.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::model::origin::Text;
use crate::model::past::Event;
use crate::model::{ChangeKind, Effect, EntityKind, Flow, Layer, Severity};

/// Places in the table of texts.
type At = u32;

#[derive(Serialize, Deserialize)]
struct Packed {
    texts: Vec<String>,
    steps: Vec<(String, Vec<One>)>,
}

#[derive(Serialize, Deserialize)]
struct One(
    (Layer, ChangeKind, Effect, Option<EntityKind>, Option<Severity>, Option<Flow>),
    /// Source, subject, detail, before, after, other name, whom.
    (At, At, At, Option<At>, Option<At>, Option<At>, At),
    Vec<(At, At)>,
    Vec<(At, Flow)>,
    Option<(At, u32)>,
);

/// Bytes for the events of some steps.
pub fn pack(steps: &[(String, Vec<Event>)]) -> Option<Vec<u8>> {
    let mut texts = Texts::default();
    let steps = steps.iter().map(|(key, events)| (key.clone(), events.iter().map(|e| texts.one(e)).collect()));
    let steps = steps.collect();
    serde_json::to_vec(&Packed { texts: texts.all, steps }).ok()
}

/// The way back; `None` where it does not fit together.
pub fn unpack(bytes: &[u8]) -> Option<Vec<(String, Vec<Event>)>> {
    let packed: Packed = serde_json::from_slice(bytes).ok()?;
    let texts: Vec<Text> = packed.texts.into_iter().map(Text::from).collect();
    let steps = packed.steps.into_iter().map(|(key, events)| {
        let events: Option<Vec<Event>> = events.into_iter().map(|one| event(one, &texts)).collect();
        Some((key, events?))
    });
    steps.collect()
}

#[derive(Default)]
struct Texts {
    all: Vec<String>,
    known: HashMap<String, At>,
}

impl Texts {
    fn at(&mut self, text: &str) -> At {
        if let Some(at) = self.known.get(text) {
            return *at;
        }
        let at = At::try_from(self.all.len()).unwrap_or(At::MAX);
        self.all.push(text.to_string());
        self.known.insert(text.to_string(), at);
        at
    }

    fn one(&mut self, event: &Event) -> One {
        let names = (
            self.at(&event.source),
            self.at(&event.subject),
            self.at(&event.detail),
            event.before.as_deref().map(|text| self.at(text)),
            event.after.as_deref().map(|text| self.at(text)),
            event.other_name.as_deref().map(|text| self.at(text)),
            self.at(&event.whom),
        );
        One(
            (event.layer, event.kind, event.effect, event.entity, event.severity, event.flow),
            names,
            event.attributes.iter().map(|(name, kind)| (self.at(name), self.at(kind))).collect(),
            event.usages.iter().map(|(operation, flow)| (self.at(operation), *flow)).collect(),
            event.at.as_ref().map(|(path, line)| (self.at(path), *line)),
        )
    }
}

fn event(one: One, texts: &[Text]) -> Option<Event> {
    let text = |at: At| texts.get(at as usize).cloned();
    let string = |at: At| text(at).map(|text| text.to_string());
    // A place that is missing makes the whole file worthless, not the field.
    let maybe = |at: Option<At>| at.map_or(Some(None), |at| string(at).map(Some));
    let One(kinds, names, attributes, usages, at) = one;
    let (layer, kind, effect, entity, severity, flow) = kinds;
    let (source, subject, detail, before, after, other, whom) = names;
    Some(Event {
        layer,
        kind,
        source: text(source)?,
        subject: string(subject)?,
        detail: string(detail)?,
        entity,
        before: maybe(before)?,
        after: maybe(after)?,
        effect,
        other_name: maybe(other)?,
        attributes: attributes.into_iter().map(|(name, of)| Some((text(name)?, string(of)?))).collect::<Option<_>>()?,
        severity,
        flow,
        whom: string(whom)?,
        usages: usages.into_iter().map(|(operation, flow)| Some((text(operation)?, flow))).collect::<Option<_>>()?,
        at: match at {
            Some((path, line)) => Some((text(path)?, line)),
            None => None,
        },
    })
}
