//! What a contract says is going to end: operations, parameters, schemas and properties that are deprecated.

use std::collections::BTreeMap;

use crate::model::Layer;
use crate::model::api::{Api, Keyword, Lifecycle, ShapeId};
use crate::model::lives::{Happened, Lives, Thing};
use crate::model::origin::Origin;
use crate::model::past::Event;
use crate::model::{ChangeKind as Kind, Date};

/// Something that is deprecated.
pub struct Deprecated<'a> {
    pub api: &'a Api,
    /// What history may call it, the name that it is told by first: a parameter that several operations share has one for
    /// each.
    pub subjects: Vec<String>,
    /// `operation`, `parameter`, `schema` or `property`.
    pub what: &'static str,
    pub lifecycle: Option<&'a Lifecycle>,
    /// Of schemas and properties.
    pub shape: Option<ShapeId>,
    /// Where it is said.
    pub origin: Option<Origin>,
}

/// How long it is so.
#[derive(Debug, Clone, Copy)]
pub enum Since<'p> {
    /// It is known what made it so.
    Event(Happened<'p>),
    /// It was so when the known past begins.
    Before(Date),
}

impl Since<'_> {
    pub fn date(&self) -> Date {
        match self {
            Self::Event(one) => one.commit.date,
            Self::Before(date) => *date,
        }
    }
}

impl Deprecated<'_> {
    pub fn subject(&self) -> &str {
        self.subjects.first().map_or("", String::as_str)
    }

    fn things(&self) -> impl Iterator<Item = Thing<'_>> {
        self.subjects.iter().map(|subject| Thing { layer: Layer::Api, source: &self.api.path, subject })
    }

    /// The newest event that made it so: it was deprecated, or came so.
    pub fn since<'p>(&self, lives: &Lives<'p>) -> Option<Since<'p>> {
        let said = self.things().flat_map(|thing| lives.events(thing).into_iter().find(|one| deprecates(one.event)));
        // It came once, however many share it later.
        let came = self.things().filter_map(|thing| lives.came(thing)).max_by_key(|one| one.at);
        match said.chain(came).min_by_key(|one| one.at) {
            Some(one) => Some(Since::Event(one)),
            None => lives.begins().map(Since::Before),
        }
    }
}

/// It was not deprecated before; the announced end alone may have come.
fn deprecates(event: &Event) -> bool {
    let already = event.before.as_deref().is_some_and(|before| before.starts_with("deprecated"));
    matches!(event.kind, Kind::OperationDeprecated | Kind::AttributeDeprecated) && !already
}

/// All that the contract has deprecated; not what is inside of something that is.
pub fn deprecated(api: &Api) -> Vec<Deprecated<'_>> {
    let mut found = Vec::new();
    let mark = |lifecycle: &Lifecycle| lifecycle.marks.iter().find(|(key, _)| *key == "deprecated").map(|(_, at)| *at);
    for operation in api.operations.iter().filter(|operation| operation.lifecycle.deprecated) {
        found.push(Deprecated {
            api,
            subjects: vec![operation.id.to_string()],
            what: "operation",
            lifecycle: Some(&operation.lifecycle),
            shape: None,
            origin: mark(&operation.lifecycle).or(Some(operation.key)),
        });
    }
    let mut parameters: BTreeMap<Origin, Deprecated<'_>> = BTreeMap::new();
    for operation in api.operations.iter().filter(|operation| !operation.lifecycle.deprecated) {
        for parameter in operation.parameters.iter().filter(|parameter| parameter.lifecycle.deprecated) {
            let one = parameters.entry(parameter.definition).or_insert_with(|| Deprecated {
                api,
                subjects: Vec::new(),
                what: "parameter",
                lifecycle: Some(&parameter.lifecycle),
                shape: None,
                origin: mark(&parameter.lifecycle).or(Some(parameter.definition)),
            });
            one.subjects.push(parameter.subject(&operation.id));
        }
    }
    found.extend(parameters.into_values());
    let names = names(api);
    for (name, id) in &api.components {
        let shape = api.shape(*id);
        if shape.deprecated {
            found.push(Deprecated {
                api,
                subjects: vec![name.to_string()],
                what: "schema",
                lifecycle: shape.lifecycle.as_deref(),
                shape: Some(*id),
                origin: shape.at(Keyword::Deprecated),
            });
        } else {
            properties(api, (name, *id), &names, &mut found);
        }
    }
    found
}

/// What properties are called where they are inherited: history tells a change there if only that is used.
fn names(api: &Api) -> BTreeMap<Origin, Vec<String>> {
    let mut names: BTreeMap<Origin, Vec<String>> = BTreeMap::new();
    for (name, id) in &api.components {
        for (property, _) in api.all_properties(*id) {
            if api.shape(property.shape).deprecated {
                names.entry(property.origin).or_default().push(format!("{name}.{}", property.name));
            }
        }
    }
    names
}

/// The deprecated properties of a component that are written in it.
fn properties<'a>(
    api: &'a Api,
    (name, id): (&str, ShapeId),
    names: &BTreeMap<Origin, Vec<String>>,
    found: &mut Vec<Deprecated<'a>>,
) {
    let mut open = vec![(name.to_string(), id)];
    while let Some((whole, id)) = open.pop() {
        let shape = api.shape(id);
        for property in &shape.properties {
            let (subject, inner) = (format!("{whole}.{}", property.name), api.shape(property.shape));
            if inner.deprecated {
                let others = names.get(&property.origin).into_iter().flatten().filter(|other| **other != subject);
                let others: Vec<String> = others.cloned().collect();
                let subjects = std::iter::once(subject).chain(others).collect();
                found.push(Deprecated {
                    api,
                    subjects,
                    what: "property",
                    lifecycle: inner.lifecycle.as_deref(),
                    shape: Some(property.shape),
                    origin: inner.keyword(Keyword::Deprecated).or(Some(property.key)),
                });
            } else if inner.name.is_none() && !inner.bare {
                open.push((subject, property.shape));
            }
        }
        let parts = shape.all_of.iter().filter(|part| api.shape(**part).name.is_none() && !api.shape(**part).bare);
        open.extend(parts.map(|part| (whole.clone(), *part)));
    }
}
