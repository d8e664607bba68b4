//! Changes between two contracts.
//!
//! Operations are matched by method and path; what they carry leads to pairs of schemas. Each pair is compared once,
//! whoever uses it, so recursion ends and cost follows the size of the schema graph. What changed in a pair then
//! finds its way back to the operations. Must not know severities, formats, git.

mod addresses;
mod branches;
mod closing;
mod collect;
mod conditions;
mod containment;
mod decide;
mod digest;
mod discriminators;
mod entities;
mod forms;
mod graph;
mod lifecycle;
mod links;
mod media_types;
mod messages;
mod moved;
mod objects;
mod operations;
mod overlaps;
mod pair;
mod parameters;
mod partners;
mod places;
mod proof;
mod responses;
mod sample;
mod security;
mod servers;
mod side;
mod simple;
mod step;
mod subtypes;
mod usages;
mod values;
mod view;
mod wire;
mod xml;

use crate::model::Change;
use crate::model::api::Api;

/// All changes from `base` to `head`, in a fixed order.
pub fn diff(base: &Api, head: &Api) -> Vec<Change> {
    let mut graph = graph::Graph::new(base, head);
    entities::seed(&mut graph);
    graph.run();
    let mut changes = operations::compare(&mut graph);
    graph.run();
    changes.extend(entities::compare(&graph));
    proof::prove(&mut graph);
    collect::collect(&graph, changes)
}
