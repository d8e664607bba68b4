//! Blame as JSON, version 1: keys in a fixed order.

use serde::Serialize;

use crate::history::follow::Why;
use crate::report::json::{RevisionOut, pretty, revision};
use crate::report::log::json::{EndOut, EventOut, Head, end, event, head};

use super::Blame;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    revision: RevisionOut<'a>,
    end: EndOut<'a>,
    entities: Vec<EntityOut<'a>>,
}

#[derive(Serialize)]
struct EntityOut<'a> {
    layer: &'static str,
    name: &'a str,
    attributes: Vec<AttributeOut<'a>>,
}

#[derive(Serialize)]
struct AttributeOut<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    commit: Option<Head<'a>>,
    event: Option<EventOut<'a>>,
}

/// One document that ends with a line break.
pub fn render(blame: &Blame<'_>) -> String {
    let entities = blame.entities.iter().map(|entity| EntityOut {
        layer: entity.layer.name(),
        name: &entity.name,
        attributes: entity
            .lines
            .iter()
            .map(|line| AttributeOut {
                name: &line.name,
                kind: &line.type_name,
                commit: line.last.map(|(commit, _)| head(commit)),
                event: line.last.map(|(_, told)| event(told, &Why::Own)),
            })
            .collect(),
    });
    pretty(&Document {
        version: 1,
        revision: revision(&blame.revision),
        end: end(&blame.past.end),
        entities: entities.collect(),
    })
}
