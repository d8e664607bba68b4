//! The model as JSON, version 1: keys in a fixed order, lines and columns 1-based.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::model::api::{Api, Operation, ShapeId};
use crate::model::sql::Key;
use crate::model::{AttributeView, Bound, Domain, EntityView, Layer, Origin};
use crate::report::json::{InputOut, ProblemOut, RevisionOut, input, pretty, problem, revision};
use crate::source::Files;

use super::Understood;

/// The whole model as one JSON document that ends with a line break.
pub fn render(understood: &Understood<'_>) -> String {
    let files = understood.files;
    let (inputs, problems) = (understood.inputs(), understood.problems());
    let operations = |api: &Api| api.operations.iter().map(|o| operation(api, o, files)).collect::<Vec<_>>();
    pretty(&Document {
        version: 1,
        revision: revision(&understood.revision),
        complete: understood.complete,
        inputs: inputs.iter().map(input).collect(),
        entities: understood.model.entities().into_iter().map(|e| entity(e, files)).collect(),
        operations: understood.model.apis.iter().flat_map(|api| operations(api)).collect(),
        links: understood
            .links
            .iter()
            .map(|l| LinkOut {
                column: l.column.to_string(),
                property: l.property.to_string(),
                // Two digits: more would claim a precision that names do not have.
                confidence: (l.confidence * 100.0).round() / 100.0,
                reason: l.reason.clone(),
            })
            .collect(),
        problems: problems.iter().map(problem).collect(),
    })
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    revision: RevisionOut<'a>,
    complete: bool,
    inputs: Vec<InputOut<'a>>,
    entities: Vec<EntityOut>,
    operations: Vec<OperationOut>,
    links: Vec<LinkOut>,
    problems: Vec<ProblemOut<'a>>,
}

#[derive(Serialize)]
pub(in crate::report) struct Point {
    path: String,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct EntityOut {
    layer: &'static str,
    name: String,
    kind: &'static str,
    attributes: Vec<AttributeOut>,
    keys: Vec<KeyOut>,
    origin: Option<Point>,
}

#[derive(Serialize)]
struct AttributeOut {
    name: String,
    #[serde(rename = "type")]
    type_name: String,
    nullable: bool,
    required: bool,
    default: Option<String>,
    domain: Value,
    deprecated: bool,
    origin: Option<Point>,
}

#[derive(Serialize)]
struct KeyOut {
    name: String,
    kind: &'static str,
    columns: Vec<String>,
    references: Option<String>,
    definition: String,
}

#[derive(Serialize)]
struct OperationOut {
    id: String,
    #[serde(rename = "in")]
    takes: Vec<String>,
    #[serde(rename = "out")]
    gives: Vec<String>,
    deprecated: bool,
    origin: Option<Point>,
}

#[derive(Serialize)]
struct LinkOut {
    column: String,
    property: String,
    confidence: f64,
    reason: String,
}

pub(in crate::report) fn point(origin: Option<Origin>, files: &Files) -> Option<Point> {
    let at = files.locate(origin?);
    Some(Point { path: at.path.to_string(), line: at.line, column: at.column })
}

fn entity(entity: EntityView, files: &Files) -> EntityOut {
    EntityOut {
        layer: entity.layer.name(),
        kind: entity.kind.name(),
        attributes: entity.attributes.into_iter().map(|a| attribute(a, files)).collect(),
        keys: if entity.layer == Layer::Sql { entity.keys.iter().map(key).collect() } else { Vec::new() },
        origin: point(entity.origin, files),
        name: entity.name,
    }
}

fn attribute(attribute: AttributeView, files: &Files) -> AttributeOut {
    AttributeOut {
        name: attribute.name.to_string(),
        type_name: attribute.type_name,
        nullable: attribute.nullable,
        required: attribute.required,
        default: attribute.default,
        domain: domain(&attribute.domain),
        deprecated: attribute.deprecated,
        origin: point(attribute.origin, files),
    }
}

fn key(key: &Key) -> KeyOut {
    let target = |t: &crate::model::sql::ForeignTarget| format!("{}({})", t.table, t.columns.join(","));
    KeyOut {
        name: key.name.to_string(),
        kind: key.kind.name(),
        columns: key.columns.iter().map(ToString::to_string).collect(),
        references: key.references.as_ref().map(target),
        definition: key.definition.to_string(),
    }
}

/// The domain in the words of JSON Schema; only what is limited is said.
fn domain(domain: &Domain) -> Value {
    let mut out = Map::new();
    out.insert("type".into(), json!(domain.types.names()));
    let mut say = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(name.into(), value);
        }
    };
    let limits = domain.limits();
    let bound =
        |bound: Option<Bound>, exclusive: bool| bound.filter(|b| b.exclusive == exclusive).map(|b| b.value.to_json());
    say("format", domain.format.as_ref().map(|f| json!(f.as_ref())));
    say("enum", domain.values.as_ref().map(|v| json!(v.as_ref())));
    say("open", domain.open_values.then_some(Value::Bool(true)));
    say("minimum", bound(limits.minimum, false));
    say("exclusiveMinimum", bound(limits.minimum, true));
    say("maximum", bound(limits.maximum, false));
    say("exclusiveMaximum", bound(limits.maximum, true));
    say("multipleOf", limits.multiple_of.map(|d| d.to_json()));
    say("minLength", limits.min_length.map(Value::from));
    say("maxLength", limits.max_length.map(Value::from));
    let patterns: Vec<&str> = limits.patterns.iter().map(|p| &**p).collect();
    say("patterns", (!patterns.is_empty()).then(|| json!(patterns)));
    say("minItems", limits.min_items.map(Value::from));
    say("maxItems", limits.max_items.map(Value::from));
    say("uniqueItems", limits.unique_items.then_some(Value::Bool(true)));
    say("minProperties", limits.min_properties.map(Value::from));
    say("maxProperties", limits.max_properties.map(Value::from));
    Value::Object(out)
}

/// What goes in (parameters and body) and comes out (responses), each by the name of its shape.
fn operation(api: &Api, operation: &Operation, files: &Files) -> OperationOut {
    let parameter = |p: &crate::model::api::Parameter| format!("{} {}", p.place.name(), p.name);
    let media = |shape: Option<ShapeId>| shape.map(|id| api.type_name(id));
    let body = operation.body.iter().flat_map(|b| &b.media).filter_map(|m| media(m.shape));
    let mut takes: Vec<String> = operation.parameters.iter().map(parameter).chain(body).collect();
    let mut gives: Vec<String> =
        operation.responses.iter().flat_map(|r| &r.media).filter_map(|m| media(m.shape)).collect();
    takes.dedup();
    gives.sort();
    gives.dedup();
    OperationOut {
        id: operation.id.to_string(),
        takes,
        gives,
        deprecated: operation.lifecycle.deprecated,
        origin: point(Some(operation.key), files),
    }
}
