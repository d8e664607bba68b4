//! Values written as text: in paths, queries, headers, cookies and form fields there are no types on the wire.
//!
//! `0` is sent as the text `0`, which a string accepts as well; `null` cannot be sent at all (OpenAPI 3.1 section 4.8.12.1,
//! RFC 6570 section 2.3).

use std::collections::HashSet;

use serde_json::Value;

use crate::model::{Change, ChangeKind, Domain, Effect, Types};

use super::graph::{Graph, NodeId};

/// What the change does where values are written as text.
pub fn as_text(graph: &Graph<'_>, id: NodeId, change: &Change) -> Effect {
    match change.kind {
        ChangeKind::NullabilityChanged => Effect::Same,
        ChangeKind::TypeChanged | ChangeKind::EnumValueAdded | ChangeKind::EnumValueRemoved => {
            let Some((base, head)) = graph.views(id) else { return change.effect };
            if change.kind == ChangeKind::TypeChanged {
                let alternatives = (base.types_of_alternatives(&graph.base), head.types_of_alternatives(&graph.head));
                types((&base.domain, alternatives.0), (&head.domain, alternatives.1), change.effect)
            } else {
                let other = if change.kind == ChangeKind::EnumValueAdded { &base.domain } else { &head.domain };
                let value = serde_json::from_str(&change.detail).unwrap_or(Value::Null);
                let kept = text(&value).is_none_or(|text| texts(other).is_some_and(|known| known.contains(&text)));
                if kept { Effect::Same } else { change.effect }
            }
        }
        _ => change.effect,
    }
}

fn types((base, ours): (&Domain, Types), (head, theirs): (&Domain, Types), otherwise: Effect) -> Effect {
    if let (Some(before), Some(after)) = (texts(base), texts(head)) {
        return Effect::of(!before.is_subset(&after), !after.is_subset(&before));
    }
    match (within(ours, head, theirs), within(theirs, base, ours)) {
        (true, gains) => Effect::of(false, !gains),
        (false, true) => Effect::Narrows,
        (false, false) => otherwise,
    }
}

/// True when every text of these types is a text of the others.
fn within(inner: Types, outer: &Domain, types: Types) -> bool {
    let limits = outer.limits();
    let free = limits.min_length.is_none_or(|n| n <= 1) && limits.max_length.is_none() && limits.patterns.is_empty();
    let anything = types.contains(Types::STRING) && free && outer.format.is_none() && outer.values.is_none();
    let scalars = Types::STRING.union(Types::NUMBER).union(Types::BOOLEAN);
    // Nothing said of a parameter is text.
    let inner = if inner.contains(Types::ANY.minus(Types::NULL)) { scalars } else { inner };
    let left = inner.minus(Types::NULL).minus(types);
    left.is_empty() || (anything && scalars.contains(left))
}

/// The texts of a list of values.
fn texts(domain: &Domain) -> Option<HashSet<String>> {
    domain.values.as_ref().map(|values| values.iter().filter_map(text).collect())
}

/// How a value is written; `null` is not.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
