//! What is certain in head is certain in base as well, wherever both ends are there: a link that only became certain
//! through the change (one more attribute agrees) must not make an old disagreement look new.

use std::collections::{HashMap, HashSet};

use crate::model::api::ShapeId;
use crate::model::{Link, Model};

use super::CERTAIN;

/// Adds to the links of base the certain ones of head whose ends base has, or makes them as certain.
pub fn carry(base: &Model, links: &mut Vec<Link>, head: &Model, of_head: &[Link]) {
    let certain = links.iter().filter(|link| link.confidence >= CERTAIN);
    let known: HashSet<(usize, usize, &str, &str)> =
        certain.map(|link| (link.api.0, link.sql.0, &*link.property, &*link.column)).collect();
    let mut missing: Vec<(usize, usize, &Link)> = Vec::new();
    for link in of_head.iter().filter(|link| link.confidence >= CERTAIN) {
        let Some((api, schema)) = sources(base, head, link) else { continue };
        if !known.contains(&(api, schema, &*link.property, &*link.column)) {
            missing.push((api, schema, link));
        }
    }
    if missing.is_empty() {
        return;
    }
    let mut properties: HashMap<(usize, String), (ShapeId, usize)> = HashMap::new();
    for (at, api) in base.apis.iter().enumerate().filter(|(at, _)| missing.iter().any(|(api, ..)| api == at)) {
        for entity in api.entities() {
            let Some(shape) = entity.shape else { continue };
            for (index, attribute) in entity.attributes.iter().enumerate() {
                properties.insert((at, format!("{}.{}", entity.name, attribute.name)), (shape, index));
            }
        }
    }
    let (mut replaced, mut carried) = (HashSet::new(), Vec::new());
    for (api, schema, link) in missing {
        let Some((shape, index)) = properties.get(&(api, link.property.to_string())) else { continue };
        let Some((table, column)) = column(base, schema, &link.column) else { continue };
        replaced.insert(((api, *shape, *index), (schema, table, column)));
        carried.push(Link { sql: (schema, table, column), api: (api, *shape, *index), ..link.clone() });
    }
    links.retain(|old| !replaced.contains(&(old.api, old.sql)));
    links.append(&mut carried);
}

/// The contract and the SQL source of a link of head in base.
fn sources(base: &Model, head: &Model, link: &Link) -> Option<(usize, usize)> {
    let (api, schema) = (head.apis.get(link.api.0)?, head.schemas.get(link.sql.0)?);
    let api = base.apis.iter().position(|other| other.path == api.path)?;
    let schema = base.schemas.iter().position(|o| o.path == schema.path && o.dialect == schema.dialect)?;
    Some((api, schema))
}

fn column(model: &Model, schema: usize, name: &str) -> Option<(usize, usize)> {
    let (table, column) = name.rsplit_once('.')?;
    let tables = &model.schemas.get(schema)?.tables;
    let at = tables.iter().position(|t| t.full_name() == table)?;
    Some((at, tables.get(at)?.columns.iter().position(|c| *c.name == *column)?))
}
