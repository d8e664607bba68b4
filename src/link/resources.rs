//! What the paths of operations call the things they give and take: `POST /users` takes what `users` stores.

use std::collections::{BTreeSet, HashMap};

use crate::model::api::{Api, ShapeId};
use crate::model::uses::{self, Entry};

use super::names;

/// The words of the last named step of the paths under which a schema is sent or received as the whole body, or as the
/// elements of a list that is the body.
pub struct Resources(HashMap<ShapeId, BTreeSet<Resource>>);

/// A name under which something is sent or received.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resource {
    pub words: Vec<String>,
    /// The step before it is no value of a parameter: `/stream/event-type` may be another thing than event types.
    pub qualified: bool,
}

impl Resources {
    pub fn of(api: &Api) -> Self {
        let mut found: HashMap<ShapeId, BTreeSet<Resource>> = HashMap::new();
        for operation in &api.operations {
            let Some(last) = last(&operation.path) else { continue };
            for Entry { shape, location, .. } in uses::entries(operation) {
                if location.contains(" parameter ") || location.contains(" header ") || is_failure(&location) {
                    continue;
                }
                let body = api.resolve(shape);
                let whole = [Some(body), element(api, body), enveloped(api, body)].into_iter().flatten();
                let alternatives =
                    api.shape(body).one_of.iter().chain(&api.shape(body).any_of).map(|s| api.resolve(*s));
                for shape in whole.chain(alternatives) {
                    found.entry(shape).or_default().insert(last.clone());
                }
            }
        }
        Self(found)
    }

    /// The names under which a schema is sent or received.
    pub fn names(&self, shape: ShapeId) -> impl Iterator<Item = &Resource> {
        self.0.get(&shape).into_iter().flatten()
    }
}

/// The last step of a path that is no parameter.
fn last(path: &str) -> Option<Resource> {
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    let at = steps.iter().rposition(|step| !step.contains('{'))?;
    let words = names::words(steps.get(at)?);
    let before = at.checked_sub(1).and_then(|at| steps.get(at)).map(|step| step.to_lowercase());
    let qualified = before.is_some_and(|step| !step.contains('{') && step != "api" && !names::versioned(&[step]));
    (!words.is_empty()).then_some(Resource { words, qualified })
}

/// What a body lists: its elements, or those of the one list in it.
pub fn listed(api: &Api, body: ShapeId) -> Option<ShapeId> {
    let body = api.resolve(body);
    element(api, body).or_else(|| enveloped(api, body))
}

fn element(api: &Api, list: ShapeId) -> Option<ShapeId> {
    api.shape(list).items.map(|items| api.resolve(items))
}

/// The elements of the one list in an object: `{items: [User], total: 3}`.
fn enveloped(api: &Api, body: ShapeId) -> Option<ShapeId> {
    let properties = api.all_properties(body).into_iter();
    let mut elements = properties.filter_map(|(property, _)| element(api, api.resolve(property.shape)));
    let first = elements.next()?;
    elements.next().is_none().then_some(first)
}

/// `response 404 application/json`: what is sent when something failed is not what the path names.
fn is_failure(location: &str) -> bool {
    location.strip_prefix("response ").is_some_and(|status| status.starts_with(['4', '5', 'd']))
}
