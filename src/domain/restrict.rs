//! The conditions of a domain, one at a time: taken alone, and put on top of another domain.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use crate::model::{Domain, Types};

use super::accept::key;
use super::compare::Aspect;
use super::format::{self, Relation};
use super::numbers::tighter;

/// The order in which aspects are put on: what an earlier one removes is not blamed on a later one.
pub const ASPECTS: [Aspect; 11] = [
    Aspect::Types,
    Aspect::Nullability,
    Aspect::ValueList,
    Aspect::Length,
    Aspect::Range,
    Aspect::Multiple,
    Aspect::Pattern,
    Aspect::Items,
    Aspect::UniqueItems,
    Aspect::Properties,
    Aspect::Format,
];

/// The same set with `null` spelled one way: it is in the types exactly when it is in the set, and in the list, if there
/// is one, exactly then too.
pub fn canonical(domain: &Domain) -> Domain {
    let mut domain = domain.clone();
    set_null(&mut domain.types, &mut domain.values);
    domain
}

fn set_null(types: &mut Types, values: &mut Option<Arc<[Value]>>) {
    let Some(list) = values else { return };
    let (allowed, has) = (types.contains(Types::NULL), list.iter().any(Value::is_null));
    if allowed && !has {
        *types = types.minus(Types::NULL);
    } else if has && !allowed {
        *list = list.iter().filter(|v| !v.is_null()).cloned().collect();
    }
}

/// The list of values other than `null`.
pub fn listed(domain: &Domain) -> Option<Vec<&Value>> {
    domain.values.as_ref().map(|list| list.iter().filter(|v| !v.is_null()).collect())
}

/// Whether two canonical domains say the same of one aspect, so that there is nothing to decide.
pub fn alike(a: &Domain, b: &Domain, aspect: Aspect) -> bool {
    let (x, y) = (a.limits(), b.limits());
    match aspect {
        Aspect::Types => a.types.minus(Types::NULL) == b.types.minus(Types::NULL),
        Aspect::Nullability => a.types.contains(Types::NULL) == b.types.contains(Types::NULL),
        Aspect::Value | Aspect::ValueList => listed(a) == listed(b),
        Aspect::Length => (x.min_length, x.max_length) == (y.min_length, y.max_length),
        Aspect::Range => (x.minimum, x.maximum) == (y.minimum, y.maximum),
        Aspect::Multiple => x.multiple_of == y.multiple_of,
        Aspect::Pattern => x.patterns == y.patterns,
        Aspect::Items => (x.min_items, x.max_items) == (y.min_items, y.max_items),
        Aspect::UniqueItems => x.unique_items == y.unique_items,
        Aspect::Properties => (x.min_properties, x.max_properties) == (y.min_properties, y.max_properties),
        Aspect::Format => a.format == b.format,
    }
}

/// What `domain` says of one aspect and nothing else.
pub fn only(domain: &Domain, aspect: Aspect) -> Domain {
    let mut alone = Domain::any();
    put(&mut alone, domain, aspect);
    alone
}

/// Puts one aspect of `by` on top of `domain`.
pub fn put(domain: &mut Domain, by: &Domain, aspect: Aspect) {
    let theirs = by.limits();
    match aspect {
        Aspect::Types => domain.types = domain.types.intersection(by.types.union(Types::NULL)),
        Aspect::Nullability if !by.types.contains(Types::NULL) => {
            domain.types = domain.types.minus(Types::NULL);
            if let Some(list) = &domain.values {
                domain.values = Some(list.iter().filter(|v| !v.is_null()).cloned().collect());
            }
        }
        Aspect::Nullability => {}
        Aspect::Value | Aspect::ValueList => {
            let Some(list) = &by.values else { return };
            domain.values = Some(match &domain.values {
                Some(own) => {
                    let known: HashSet<String> = list.iter().map(key).collect();
                    own.iter().filter(|v| v.is_null() || known.contains(&key(v))).cloned().collect()
                }
                None => {
                    let null = domain.types.contains(Types::NULL).then_some(Value::Null);
                    list.iter().filter(|v| !v.is_null()).cloned().chain(null).collect()
                }
            });
            domain.open_values |= by.open_values;
        }
        Aspect::Length => {
            if theirs.min_length.is_some() || theirs.max_length.is_some() {
                let own = domain.limits_mut();
                own.min_length = own.min_length.max(theirs.min_length);
                own.max_length = least(own.max_length, theirs.max_length);
            }
        }
        Aspect::Range => {
            if theirs.minimum.is_some() || theirs.maximum.is_some() {
                let own = domain.limits_mut();
                own.minimum = tighter(own.minimum, theirs.minimum, Ordering::Less);
                own.maximum = tighter(own.maximum, theirs.maximum, Ordering::Greater);
            }
        }
        Aspect::Multiple => {
            if let Some(step) = theirs.multiple_of {
                let own = domain.limits_mut();
                // Steps too odd for a common one: the newer one stands for both.
                own.multiple_of = own.multiple_of.and_then(|own| own.common_multiple(step)).or(Some(step));
            }
        }
        Aspect::Pattern => {
            if !theirs.patterns.is_empty() {
                let own = domain.limits_mut();
                let fresh: Vec<_> = theirs.patterns.iter().filter(|p| !own.patterns.contains(p)).cloned().collect();
                own.patterns.extend(fresh);
            }
        }
        Aspect::Items => {
            if theirs.min_items.is_some() || theirs.max_items.is_some() {
                let own = domain.limits_mut();
                own.min_items = own.min_items.max(theirs.min_items);
                own.max_items = least(own.max_items, theirs.max_items);
            }
        }
        Aspect::UniqueItems => {
            if theirs.unique_items {
                domain.limits_mut().unique_items = true;
            }
        }
        Aspect::Properties => {
            if theirs.min_properties.is_some() || theirs.max_properties.is_some() {
                let own = domain.limits_mut();
                own.min_properties = own.min_properties.max(theirs.min_properties);
                own.max_properties = least(own.max_properties, theirs.max_properties);
            }
        }
        Aspect::Format => {
            // Two formats have no common name; the narrower one stands for both.
            let of_text = domain.types.intersects(Types::STRING);
            let keeps = domain.format.is_some()
                && format::relation(domain.format.as_deref(), by.format.as_deref(), of_text) == Relation::Within;
            if !keeps && by.format.is_some() {
                domain.format.clone_from(&by.format);
            }
        }
    }
}

fn least(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// The values that are in both domains (`allOf`).
pub fn intersection(a: &Domain, b: &Domain) -> Domain {
    let (mut both, by) = (canonical(a), canonical(b));
    for aspect in ASPECTS {
        put(&mut both, &by, aspect);
    }
    both
}

/// The domain with `null` added.
pub fn with_null(domain: &Domain) -> Domain {
    let mut domain = canonical(domain);
    domain.types = domain.types.union(Types::NULL);
    if let Some(list) = &domain.values
        && !list.iter().any(Value::is_null)
    {
        domain.values = Some(list.iter().cloned().chain([Value::Null]).collect());
    }
    domain
}
