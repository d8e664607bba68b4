//! The entities of a model and what ties them together, ready to be drawn.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::api::{Api, ShapeId};
use crate::model::sql::KeyKind;
use crate::model::{EntityView, Layer};

use super::Understood;

/// What is drawn.
pub struct Picture {
    pub boxes: Vec<EntityView>,
    /// Indices of boxes, from the one that refers to the one that is referred to, with what the line is called.
    pub lines: Vec<(usize, usize, String)>,
}

impl Picture {
    /// Foreign keys, references between schemas, and links between the layers (one line for each pair of entities).
    pub fn of(understood: &Understood<'_>) -> Self {
        let boxes = understood.model.entities();
        let by_name: BTreeMap<(Layer, &str), usize> =
            boxes.iter().enumerate().rev().map(|(at, e)| ((e.layer, e.name.as_str()), at)).collect();
        let mut lines: BTreeSet<(usize, usize, String)> = BTreeSet::new();
        for (at, entity) in boxes.iter().enumerate() {
            for key in entity.keys.iter().filter(|key| key.kind == KeyKind::Foreign) {
                let target = key.references.as_ref().and_then(|r| by_name.get(&(Layer::Sql, &*r.table)));
                if let Some(target) = target {
                    lines.insert((at, *target, key.columns.join(", ")));
                }
            }
        }
        for api in &understood.model.apis {
            for (name, id) in &api.components {
                let Some(from) = by_name.get(&(Layer::Api, &**name)) else { continue };
                for (property, target) in references(api, *id) {
                    if let Some(to) = by_name.get(&(Layer::Api, target.as_str())) {
                        lines.insert((*from, *to, property));
                    }
                }
            }
        }
        for link in understood.links {
            let entity = |subject: &str| subject.rsplit_once('.').map(|(entity, _)| entity.to_string());
            let ends = entity(&link.property).zip(entity(&link.column)).and_then(|(property, column)| {
                Some((*by_name.get(&(Layer::Api, &*property))?, *by_name.get(&(Layer::Sql, &*column))?))
            });
            if let Some((from, to)) = ends {
                lines.insert((from, to, "shows".to_string()));
            }
        }
        Self { boxes, lines: lines.into_iter().collect() }
    }
}

/// Properties of a schema (also below arrays and alternatives without a name) and the components they refer to.
fn references(api: &Api, id: ShapeId) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (property, _) in api.all_properties(id) {
        let mut open = vec![property.shape];
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            let next = api.resolve(next);
            if !seen.insert(next) || seen.len() > 50 {
                continue;
            }
            let shape = api.shape(next);
            match &shape.name {
                Some(name) => found.push((property.name.to_string(), name.to_string())),
                None => {
                    open.extend(shape.items);
                    open.extend(shape.all_of.iter().chain(&shape.any_of).chain(&shape.one_of));
                    open.extend(shape.reference.as_ref().and_then(|r| r.target));
                }
            }
        }
    }
    found
}
