//! How a value is written in XML, with the defaults of the format filled in (OpenAPI 3.0.3 section 4.7.26, 3.2 section
//! 4.26): spelling a default out changes nothing on the wire.

use serde_json::{Map, Value};

use crate::model::Types;

use super::graph::{Graph, NodeId, Owner};
use super::step::Step;
use super::view::View;

/// True when both sides write the same. The pair tells the name that an element has unless `xml` says another.
pub fn same(graph: &Graph<'_>, id: NodeId, base: &View<'_>, head: &View<'_>) -> bool {
    let name = usual_name(graph, id);
    let written = |view: &View<'_>| {
        let said = view.keywords.iter().filter(|(other, _)| &*other.name == "xml");
        let array = view.domain.types.minus(Types::NULL) == Types::ARRAY;
        said.map(|(other, _)| normal(&other.value, name.as_deref(), array))
            .filter(|own| !own.is_empty())
            .collect::<Vec<_>>()
    };
    written(base) == written(head)
}

/// The property's name, where all uses agree on it; at the root, by convention, the component's.
fn usual_name(graph: &Graph<'_>, id: NodeId) -> Option<String> {
    let node = graph.nodes.get(id)?;
    let mut names = node.edges.iter().map(|edge| match &edge.step {
        Step::Property(name) => Some(name),
        _ => None,
    });
    match (names.next(), &node.owner) {
        (Some(first), _) => names.all(|name| name == first).then_some(first?.to_string()),
        (None, Owner::Component(name)) => Some(name.to_string()),
        (None, _) => None,
    }
}

/// What is said beyond the defaults, in the words of 3.2.
fn normal(said: &Value, name: Option<&str>, array: bool) -> Map<String, Value> {
    let mut own = said.as_object().cloned().unwrap_or_default();
    let flags = [("attribute", "attribute"), ("wrapped", "element")];
    for (flag, node_type) in flags {
        if own.remove(flag) == Some(Value::Bool(true)) {
            own.entry("nodeType").or_insert_with(|| node_type.into());
        }
    }
    let usual = if array { "none" } else { "element" };
    own.retain(|key, value| match key.as_str() {
        "nodeType" => value != usual,
        "name" => value.as_str() != name,
        _ => true,
    });
    // The order of keys says nothing.
    own.sort_keys();
    own
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn defaults_are_the_same_spelled_out() {
        let same = |a: Value, b: Value, array| normal(&a, Some("item"), array) == normal(&b, Some("item"), array);
        let cases = [
            (json!({}), json!({"attribute": false, "wrapped": false, "name": "item"}), false, true),
            (json!({"attribute": true}), json!({"nodeType": "attribute"}), false, true),
            (json!({"wrapped": true}), json!({"nodeType": "element"}), true, true),
            (json!({"wrapped": true}), json!({}), false, true),
            (json!({"wrapped": true}), json!({}), true, false),
            (json!({"attribute": true}), json!({}), false, false),
            (json!({"name": "other"}), json!({}), false, false),
            (json!({"prefix": "a", "name": "b"}), json!({"name": "b", "prefix": "a"}), false, true),
        ];
        for (a, b, array, expected) in cases {
            assert_eq!(same(a.clone(), b.clone(), array), expected, "{a} {b} {array}");
        }
    }
}
