//! One folder can hold the migrations of several databases: what changed alike in all of them is told once.

use std::collections::HashMap;

use crate::model::ChangeKind as Kind;
use crate::model::origin::Text;
use crate::model::past::Event;

/// Leaves one of events that say the same of the same source, the worst. A column that comes or goes is one event whatever
/// its type is called in each of the databases.
pub fn once(events: Vec<Event>) -> Vec<Event> {
    let mut told: Vec<Event> = Vec::with_capacity(events.len());
    let mut known: HashMap<(Text, Kind, String, String), Vec<usize>> = HashMap::new();
    for event in events {
        let key = (event.source.clone(), event.kind, event.subject.clone(), event.detail.clone());
        let places = known.entry(key).or_default();
        let alike = |at: &&usize| told.get(**at).is_some_and(|other| same(other, &event));
        match places.iter().find(alike).and_then(|at| told.get_mut(*at)) {
            None => {
                places.push(told.len());
                told.push(event);
            }
            Some(other) => {
                let before = joined(other.before.as_deref(), event.before.as_deref());
                let after = joined(other.after.as_deref(), event.after.as_deref());
                let rank = |event: &Event| event.severity.map_or((true, None), |severity| (false, Some(severity)));
                if rank(&event) < rank(other) {
                    *other = event;
                }
                (other.before, other.after) = (before, after);
            }
        }
    }
    told
}

fn same(one: &Event, other: &Event) -> bool {
    let whole = matches!(one.kind, Kind::AttributeAdded | Kind::AttributeRemoved);
    one.other_name == other.other_name && (whole || (&one.before, &one.after) == (&other.before, &other.after))
}

/// `character varying(20) / TEXT`
fn joined(one: Option<&str>, other: Option<&str>) -> Option<String> {
    let (one, other) = match (one, other) {
        (Some(one), Some(other)) => (one, other),
        (one, other) => return one.or(other).map(str::to_string),
    };
    let known = one.split(" / ").any(|name| name.eq_ignore_ascii_case(other));
    Some(if known { one.to_string() } else { format!("{one} / {other}") })
}
