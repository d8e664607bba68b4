//! What is different between two domains, aspect by aspect, each with its effect and a value that shows it.

use std::collections::HashSet;

use serde_json::Value;

use crate::model::{Domain, Effect, Types};

use super::accept::{accepts, key};
use super::contain::{Containment, outside};
use super::restrict::{ASPECTS, alike, canonical, listed, only, put};
use super::text::describe;

/// Which condition of a domain a difference is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Aspect {
    /// Types other than `null`.
    Types,
    Nullability,
    Format,
    /// One value of a list that both sides have.
    Value,
    /// A list of values that one side has.
    ValueList,
    Length,
    Range,
    Multiple,
    Pattern,
    Items,
    UniqueItems,
    Properties,
}

/// One difference between two domains.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    pub aspect: Aspect,
    pub effect: Effect,
    /// Short readable text; `None` when the side says nothing of the aspect.
    pub before: Option<String>,
    pub after: Option<String>,
    /// A value of base that is not in head because of this aspect. May be there when `effect` is undecided: then the loss
    /// is proven and only the other direction is open.
    pub lost: Option<Value>,
    /// A value of head that is not in base because of this aspect.
    pub gained: Option<Value>,
    /// For [`Aspect::Value`]: the value that came or went.
    pub value: Option<Value>,
    /// Why `effect` is undecided: half a sentence.
    pub reason: Option<String>,
    /// What is certain although `effect` may be undecided: that nothing is lost, and that nothing is gained.
    pub inside: (bool, bool),
}

/// The differences between the sets; none when the sets are equal, however they are written.
///
/// A value of `base \ head` fails some conditions of head. It is counted for the first of them in a fixed order, so
/// that a changed type is not reported once more for each limit that went with it.
pub fn compare(base: &Domain, head: &Domain) -> Vec<Difference> {
    if base == head {
        return Vec::new();
    }
    let (base, head) = (canonical(base), canonical(head));
    let mut differences = Vec::new();
    // What is left of each side under the other's conditions so far.
    let (mut base_left, mut head_left) = (base.clone(), head.clone());
    for aspect in ASPECTS {
        // From or to any type at all, `null` goes with the types.
        let with_types = aspect == Aspect::Nullability
            && !differences.is_empty()
            && (base.types == Types::ANY || head.types == Types::ANY);
        if !with_types && !alike(&base, &head, aspect) {
            match (aspect, listed(&base_left), listed(&head_left)) {
                (Aspect::ValueList, Some(ours), Some(theirs)) => {
                    let lost = missing(&ours, &theirs, &base_left);
                    let gained = missing(&theirs, &ours, &head_left);
                    differences.extend(lost.into_iter().map(|(v, sure)| value_difference(v, sure, false)));
                    differences.extend(gained.into_iter().map(|(v, sure)| value_difference(v, sure, true)));
                }
                _ => {
                    let lost = outside(&base_left, &only(&head, aspect));
                    let gained = outside(&head_left, &only(&base, aspect));
                    differences.extend(difference(aspect, &base, &head, lost, gained));
                }
            }
        }
        put(&mut base_left, &head, aspect);
        put(&mut head_left, &base, aspect);
    }
    if base.open_values != head.open_values && base.values.is_some() && head.values.is_some() {
        differences.push(Difference {
            aspect: Aspect::ValueList,
            effect: if head.open_values { Effect::Widens } else { Effect::Narrows },
            before: Some(openness(&base)),
            after: Some(openness(&head)),
            lost: None,
            gained: None,
            value: None,
            reason: None,
            inside: (head.open_values, base.open_values),
        });
    }
    differences
}

fn openness(domain: &Domain) -> String {
    if domain.open_values { "open list".into() } else { "closed list".into() }
}

/// The values of `ours` that are not in `theirs`, as far as the domain allows them; `false` when that cannot be told.
fn missing(ours: &[&Value], theirs: &[&Value], domain: &Domain) -> Vec<(Value, bool)> {
    let known: HashSet<String> = theirs.iter().map(|v| key(v)).collect();
    let absent = ours.iter().filter(|v| !known.contains(&key(v)));
    absent
        .filter_map(|v| match accepts(domain, v) {
            Some(false) => None,
            tells => Some(((*v).clone(), tells == Some(true))),
        })
        .collect()
}

fn value_difference(value: Value, sure: bool, added: bool) -> Difference {
    let text = Some(super::text::value(&value));
    let effect = match (sure, added) {
        (false, _) => Effect::Undecided,
        (true, true) => Effect::Widens,
        (true, false) => Effect::Narrows,
    };
    let (before, after) = if added { (None, text) } else { (text, None) };
    let witness = sure.then(|| value.clone());
    let reason = (!sure).then(|| "whether the value was allowed cannot be told".to_string());
    let (lost, gained) = if added { (None, witness) } else { (witness, None) };
    Difference {
        aspect: Aspect::Value,
        effect,
        before,
        after,
        lost,
        gained,
        value: Some(value),
        reason,
        inside: (added, !added),
    }
}

fn difference(
    aspect: Aspect,
    base: &Domain,
    head: &Domain,
    lost: Containment,
    gained: Containment,
) -> Option<Difference> {
    let undecided = |c: &Containment| matches!(c, Containment::Undecided(_));
    let effect = match (&lost, &gained) {
        (Containment::Inside, Containment::Inside) => return None,
        (a, b) if undecided(a) || undecided(b) => Effect::Undecided,
        (a, b) => Effect::of(*a != Containment::Inside, *b != Containment::Inside),
    };
    let reason = [&lost, &gained].into_iter().find_map(|c| match c {
        Containment::Undecided(why) => Some(why.clone()),
        _ => None,
    });
    let inside = (lost == Containment::Inside, gained == Containment::Inside);
    let witness = |c| match c {
        Containment::Outside(value) => value,
        _ => None,
    };
    Some(Difference {
        aspect,
        effect,
        before: describe(base, aspect),
        after: describe(head, aspect),
        lost: witness(lost),
        gained: witness(gained),
        value: None,
        reason,
        inside,
    })
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
