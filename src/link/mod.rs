//! Columns and properties that hold the same value.
//!
//! Comes in: the two layers of one revision. Goes out: links with a confidence and a reason a person can check. Must not know:
//! revisions. The hard part is to find the table behind a schema: by hint, by name, by name without wrappers, and only then by
//! the attributes they share; every way is checked by how many attributes agree, rare names counting more. Precision comes
//! first: a wrong link accuses somebody of a drift that is none.

mod around;
mod attributes;
mod carry;
mod effective;
mod embedded;
mod families;
mod form;
mod likely;
mod names;
mod propose;
mod rarity;
mod resources;
mod settled;
mod subject;
mod tables;

use crate::model::sql::Schema;
use crate::model::{EntityKind, EntityView, Link, Model};

pub use crate::model::link::CERTAIN;
pub use carry::carry;
pub use effective::Effective;
pub use names::{fold, is_wrapper, squash, versioned, words};
pub use propose::propose;
use rarity::Rarity;
use resources::Resources;
pub use resources::listed;
pub use settled::Settled;
use subject::Subject;
use tables::{Found, Tables};

/// All links of a revision, by contract and SQL source, then in the order of schemas, properties and columns.
pub fn link(model: &Model, settled: &Settled<'_>) -> Vec<Link> {
    let mut links = Vec::new();
    search(model, settled, &mut |Searched { at: (at_api, at_schema), tables, entities }| {
        let schema = tables.schema;
        for (subject, found) in entities {
            let mut own = Vec::new();
            if let Some(mut found) = found {
                let around = around::complete(tables, &subject, &mut found);
                for found in around.iter().chain([&found]) {
                    own.extend(tied((at_api, &subject), tables, found, (at_schema, schema)));
                }
                own.sort_by_key(|link| (link.api.2, link.sql));
            }
            settled.correct((at_api, at_schema), subject.entity, schema, &mut own);
            links.append(&mut own);
        }
    });
    links
}

/// What was searched in one SQL source for one contract.
struct Searched<'a> {
    /// The indexes of the contract and of the source.
    at: (usize, usize),
    tables: &'a Tables<'a>,
    /// The entities of the contract, each with the table behind it.
    entities: Vec<(Subject<'a>, Option<Found>)>,
}

/// Searches the tables behind the entities of every contract in every SQL source.
fn search(model: &Model, settled: &Settled<'_>, each: &mut dyn FnMut(Searched<'_>)) {
    for (at_api, api) in model.apis.iter().enumerate() {
        let entities: Vec<EntityView> =
            api.entities().into_iter().filter(|e| e.kind == EntityKind::Schema && !e.attributes.is_empty()).collect();
        let resources = Resources::of(api);
        for (at_schema, schema) in model.schemas.iter().enumerate().filter(|(_, schema)| !schema.tables.is_empty()) {
            let rarity = Rarity::of(&entities, schema);
            let tables = Tables::of(schema, &rarity);
            let subject = |entity| Subject::of(api, entity, &rarity, &resources);
            let subjects: Vec<Subject<'_>> = entities.iter().map(subject).collect();
            let found = families::behind(&subjects, &tables, settled);
            let entities = subjects.into_iter().zip(found).collect();
            each(Searched { at: (at_api, at_schema), tables: &tables, entities });
        }
    }
}

/// The links between an entity and the table behind it.
fn tied(
    (at_api, subject): (usize, &Subject<'_>),
    tables: &Tables<'_>,
    found: &Found,
    (at_schema, schema): (usize, &Schema),
) -> Vec<Link> {
    let (mut links, entity) = (Vec::new(), subject.entity);
    let (Some(table), Some(shape)) = (schema.tables.get(found.table), entity.shape) else { return links };
    for pair in found.pairs.iter().filter(|pair| pair.form.fits() || found.confidence >= CERTAIN) {
        let (Some(attribute), Some(column)) = (entity.attributes.get(pair.property), table.columns.get(pair.column))
        else {
            continue;
        };
        // What people settled is not doubted: then a difference of types is drift, not a false link.
        let doubt = (found.confidence < 1.0).then(|| attributes::doubt(subject, pair));
        let (mut factor, mut remark) = doubt.unwrap_or((1.0, None));
        let key = subject.names.get(pair.property).is_some_and(|name| name.ends_with("id") && tables.having(name) > 2);
        if !found.keyed && key && remark.is_none() {
            (factor, remark) = (0.85, Some("keys of other tables have such names"));
        }
        let mut reason = format!("{}, {}", found.reason, pair.reason);
        if let Some(remark) = remark {
            reason.push_str(&format!("; {remark}"));
        }
        links.push(Link {
            column: format!("{}.{}", table.full_name(), column.name).into(),
            property: format!("{}.{}", entity.name, attribute.name).into(),
            confidence: (found.confidence.min(pair.at_most) * factor * 100.0).round() / 100.0,
            reason,
            sql: (at_schema, found.table, pair.column),
            api: (at_api, shape, pair.property),
        });
    }
    links
}
