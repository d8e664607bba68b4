//! Rows that one side holds and the other refuses.

use serde_json::Value;

use crate::domain::{Containment, outside};
use crate::model::{Domain, Effect, Types, Witness, WitnessKind};

/// A row with that value.
pub fn row(column: &str, value: Value, accepted_by: &'static str, refused_by: &'static str) -> Witness {
    let mut object = serde_json::Map::new();
    object.insert(column.to_string(), value);
    Witness { kind: WitnessKind::Row, value: object.into(), accepted_by, refused_by }
}

/// A row that only the base holds.
pub fn lost(column: &str, base: &Domain, head: &Domain) -> Option<Witness> {
    value(base, head).map(|v| row(column, v, "base", "head"))
}

/// A row that only the head holds.
pub fn gained(column: &str, base: &Domain, head: &Domain) -> Option<Witness> {
    value(head, base).map(|v| row(column, v, "head", "base"))
}

/// What the domains say about values that are not null; undecided when they say nothing.
pub fn effect(base: &Domain, head: &Domain) -> Effect {
    let (base, head) = (without_null(base), without_null(head));
    match (outside(&base, &head), outside(&head, &base)) {
        (Containment::Inside, Containment::Inside)
        | (Containment::Undecided(_), _)
        | (_, Containment::Undecided(_)) => Effect::Undecided,
        (lost, gained) => Effect::of(lost != Containment::Inside, gained != Containment::Inside),
    }
}

/// A value, not null, of the first that is not in the second.
fn value(of: &Domain, not_in: &Domain) -> Option<Value> {
    match outside(&without_null(of), &without_null(not_in)) {
        Containment::Outside(value) => value,
        _ => None,
    }
}

fn without_null(domain: &Domain) -> Domain {
    let mut domain = domain.clone();
    domain.types = domain.types.minus(Types::NULL);
    domain
}
