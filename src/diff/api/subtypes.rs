//! Schemas that inherit from one with a discriminator: alternatives of it, wherever it is used.
//!
//! Which of the one side is which of the other goes by name, because the name is what is written; one that was only
//! renamed is found by content, and `discriminators` tells what that does.

use std::collections::HashMap;

use crate::model::api::{Keyword, ShapeId};
use crate::model::subtypes::{Subtype, stands_for};
use crate::model::{Change, ChangeKind, Effect};

use super::graph::{Graph, NodeId};
use super::pair::{Found, Place};
use super::side::Side;
use super::step::{Step, Way, bare};
use super::view::View;

/// Compares what is below the two schemas; returns those that both sides have.
pub fn compare<'a>(
    graph: &Graph<'a>,
    (base, head): (&View<'a>, &View<'a>),
    found: &mut Found,
) -> Vec<(ShapeId, ShapeId)> {
    let (Some(ours), Some(theirs)) = (below(&graph.base, base), below(&graph.head, head)) else { return Vec::new() };
    let name = |side: &Side<'_>, one: &Subtype| side.name(one.shape).unwrap_or_default().to_string();
    let mut left: HashMap<String, &Subtype> = theirs.iter().map(|one| (name(&graph.head, one), one)).collect();
    let partners: Vec<Option<&Subtype>> = ours.iter().map(|one| left.remove(&name(&graph.base, one))).collect();
    let mut renamed: HashMap<u64, Vec<&Subtype>> = HashMap::new();
    for one in theirs.iter().rev().filter(|one| left.contains_key(&name(&graph.head, one))) {
        renamed.entry(graph.head.digest(one.shape)).or_default().push(one);
    }
    let mut pairs = Vec::new();
    for (one, partner) in ours.iter().zip(partners) {
        let by_content = || {
            let gone = !graph.head.names.contains_key(name(&graph.base, one).as_str());
            let list = renamed.get_mut(&graph.base.digest(one.shape)).filter(|_| gone)?;
            let new = |other: &&Subtype| !graph.base.names.contains_key(name(&graph.head, other).as_str());
            let at = list.iter().rposition(new)?;
            Some(list.remove(at))
        };
        // A name that only refers to the schema is a name of it.
        let is = |side: &Side<'_>, name: &str, shape: ShapeId| {
            side.names.get(name).is_some_and(|id| side.api.resolve(*id) == side.api.resolve(shape))
        };
        let alias = |other: &&Subtype| {
            let (before, after) = (name(&graph.base, one), name(&graph.head, other));
            let same = is(&graph.head, &before, other.shape) || is(&graph.base, &after, one.shape);
            same && left.contains_key(&after)
        };
        let by_alias = || theirs.iter().find(alias);
        match partner.or_else(by_alias).or_else(by_content) {
            Some(other) => {
                left.remove(&name(&graph.head, other));
                pairs.push((one.shape, other.shape));
                found.parts.push((Step::Subtype, vec![one.shape], vec![other.shape]));
            }
            None => came_or_went(graph, (base, head), one.shape, false, found),
        }
    }
    for one in theirs.iter().filter(|one| left.contains_key(&name(&graph.head, one))) {
        came_or_went(graph, (base, head), one.shape, true, found);
    }
    pairs
}

/// What inherits from the schema that a view is of.
pub fn below<'s>(side: &'s Side<'_>, view: &View<'_>) -> Option<&'s [Subtype]> {
    let [only] = view.set.as_slice() else { return None };
    side.subtypes().below(stands_for(side.api, *only)?)
}

/// The ways on which the schema stands in a list of alternatives beside some that inherit from it: there the list says
/// which are meant.
pub fn listed_beside(graph: &Graph<'_>, id: NodeId) -> Vec<Way> {
    let (Some(node), Some((base, head))) = (graph.nodes.get(id), graph.views(id)) else { return Vec::new() };
    let lists = |side: &Side<'_>, own: &View<'_>, whole: &View<'_>| {
        let mut branches = whole.choices.iter().flat_map(|choice| &choice.branches);
        let below = below(side, own).unwrap_or_default();
        branches.any(|branch| below.iter().any(|one| one.shape == side.api.resolve(*branch)))
    };
    let edges = node.edges.iter().enumerate().filter(|(_, edge)| matches!(edge.step, Step::Branch(_)));
    let beside = edges.filter(|(_, edge)| {
        let whole = graph.views(edge.from);
        whole.is_some_and(|whole| lists(&graph.base, &base, &whole.0) || lists(&graph.head, &head, &whole.1))
    });
    beside.map(|(number, edge)| edge.way(number)).collect()
}

/// An alternative by name that only one side has, told where it stands in a list or says what it inherits from.
pub fn came_or_went<'a>(
    graph: &Graph<'a>,
    (base, head): (&View<'a>, &View<'a>),
    branch: ShapeId,
    added: bool,
    found: &mut Found,
) {
    let (side, view) = if added { (&graph.head, head) } else { (&graph.base, base) };
    let near = |side: &Side<'_>, view: &View<'_>| Place {
        exact: false,
        ..view.at(side, &[Keyword::OneOf, Keyword::AnyOf, Keyword::Discriminator])
    };
    let origin = match view.choices.is_empty() {
        true => below(side, view).and_then(|all| all.iter().find(|one| one.shape == branch)).and_then(|one| one.origin),
        false => side.shape(branch).origin,
    };
    let own = origin.map(|origin| Place::exact(origin, branch));
    let (ours, theirs) = (near(&graph.base, base), near(&graph.head, head));
    let name = side.api.type_name(branch);
    let (change, ours, theirs) = match added {
        true => (
            Change { after: Some(name.clone()), ..bare(ChangeKind::BranchAdded, Effect::Widens) },
            ours,
            own.unwrap_or(theirs),
        ),
        false => (
            Change { before: Some(name.clone()), ..bare(ChangeKind::BranchRemoved, Effect::Narrows) },
            own.unwrap_or(ours),
            theirs,
        ),
    };
    found.change(Change { detail: name, ..change }, ours, theirs);
    // As schemas, what inherits is within what it inherits from: only the name is new.
    if let Some(leaf) = found.leaves.last_mut() {
        leaf.by_name = true;
    }
}
