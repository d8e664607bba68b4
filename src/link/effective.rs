//! What a property can hold as far as its shape, its references and its `allOf` say: links are checked with it, and drift
//! rules compare it with the column.

use std::collections::HashSet;

use crate::domain;
use crate::model::api::{Api, ShapeId};
use crate::model::{Domain, Types};

/// What a property can hold, as far as its shape, its references and its `allOf` say.
pub struct Effective {
    pub domain: Domain,
    /// False when alternatives or unread parts may allow more or less than `domain` says.
    pub exact: bool,
}

impl Effective {
    /// What values of the shape can be.
    pub fn of(api: &Api, property: ShapeId) -> Self {
        let mut found = Self { domain: Domain::any(), exact: true };
        let mut seen = HashSet::new();
        let mut open = vec![property];
        while let Some(id) = open.pop() {
            if !seen.insert(id) || seen.len() > 100 {
                found.exact = false;
                continue;
            }
            let shape = api.shape(id);
            found.domain = domain::intersection(&found.domain, &shape.domain);
            found.exact &= shape.not.is_none() && shape.other.is_empty() && shape.applied.is_empty() && !shape.tainted;
            open.extend(shape.reference.as_ref().and_then(|r| r.target));
            open.extend(&shape.all_of);
            match alternatives(api, &shape.any_of, &shape.one_of) {
                Alternatives::None => {}
                Alternatives::NullOr(value) => {
                    let value = api.shape(api.resolve(value));
                    let mut domain = value.domain.clone();
                    domain.types = domain.types.union(Types::NULL);
                    domain.values = domain.values.map(|v| v.iter().cloned().chain([serde_json::Value::Null]).collect());
                    found.domain = domain::intersection(&found.domain, &domain);
                    found.exact &= value.any_of.is_empty() && value.one_of.is_empty() && value.all_of.is_empty();
                }
                Alternatives::Some => found.exact = false,
            }
        }
        // Beside a `$ref`, OpenAPI 3.0 gives `nullable` no effect; whoever writes it there means it.
        if api.shape(property).nullable {
            found.domain.types = found.domain.types.union(Types::NULL);
        }
        found
    }
}

enum Alternatives {
    None,
    /// `null` or one other.
    NullOr(ShapeId),
    Some,
}

fn alternatives(api: &Api, any_of: &[ShapeId], one_of: &[ShapeId]) -> Alternatives {
    let is_null = |id: &ShapeId| api.shape(*id).domain.types == Types::NULL;
    match (any_of, one_of) {
        ([], []) => Alternatives::None,
        ([a, b], []) | ([], [a, b]) if is_null(a) => Alternatives::NullOr(*b),
        ([a, b], []) | ([], [a, b]) if is_null(b) => Alternatives::NullOr(*a),
        _ => Alternatives::Some,
    }
}
