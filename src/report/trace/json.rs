//! Traces as JSON, version 1: keys in a fixed order, lines and columns 1-based.

use serde::Serialize;
use serde_json::Value;

use crate::report::json::{RevisionOut, pretty, revision};
use crate::report::model::json::{Point, point};
use crate::source::Files;
use crate::trace::{Fit, How, Place, Step, Trace};

use super::Traced;

/// All traces as one JSON document that ends with a line break.
pub fn render(traced: &Traced<'_>) -> String {
    pretty(&Document {
        version: 1,
        revision: revision(&traced.revision),
        traces: traced.traces.iter().map(|t| trace(t, traced.files)).collect(),
    })
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    revision: RevisionOut<'a>,
    traces: Vec<TraceOut<'a>>,
}

#[derive(Serialize)]
struct TraceOut<'a> {
    subject: &'a str,
    places: Vec<PlaceOut<'a>>,
    from: Vec<StepOut<'a>>,
    to: Vec<StepOut<'a>>,
}

#[derive(Serialize)]
struct PlaceOut<'a> {
    kind: &'static str,
    name: &'a str,
    facts: &'a [String],
    origin: Option<Point>,
}

/// `from` and `to` are indices of places.
#[derive(Serialize)]
struct StepOut<'a> {
    from: usize,
    to: usize,
    kind: &'static str,
    flow: Option<&'static str>,
    location: Option<&'a str>,
    path: Option<&'a str>,
    confidence: Option<f64>,
    reason: Option<&'a str>,
    fit: Option<&'static str>,
    witness: Option<&'a Value>,
}

fn trace<'a>(trace: &'a Trace, files: &Files) -> TraceOut<'a> {
    TraceOut {
        subject: trace.places.first().map(|p| p.name.as_str()).unwrap_or_default(),
        places: trace.places.iter().map(|p| place(p, files)).collect(),
        from: trace.from.iter().map(step).collect(),
        to: trace.to.iter().map(step).collect(),
    }
}

fn place<'a>(place: &'a Place, files: &Files) -> PlaceOut<'a> {
    PlaceOut { kind: place.kind.name(), name: &place.name, facts: &place.facts, origin: point(place.origin, files) }
}

fn step(step: &Step) -> StepOut<'_> {
    let mut out = StepOut {
        from: step.from,
        to: step.to,
        kind: "view",
        flow: None,
        location: None,
        path: None,
        confidence: None,
        reason: None,
        fit: step.fit.as_ref().map(Fit::name),
        witness: match &step.fit {
            Some(Fit::Narrower(value)) => value.as_ref(),
            _ => None,
        },
    };
    match &step.how {
        How::View => {}
        How::Link { confidence, reason } => {
            (out.kind, out.confidence, out.reason) = ("link", Some(*confidence), Some(reason.as_str()));
        }
        How::Operation { flow, location, route } => {
            (out.kind, out.flow, out.location, out.path) =
                ("operation", Some(flow.name()), Some(location.as_str()), Some(route.as_str()));
        }
    }
    out
}
