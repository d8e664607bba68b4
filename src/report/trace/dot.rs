//! Traces as a Graphviz graph: everything, whatever its size.

use std::fmt::Write;

use crate::report::model::dot::escape;
use crate::trace::Kind;

use super::Traced;
use super::picture::{Picture, label};

/// The graph.
pub fn render(traced: &Traced<'_>) -> String {
    let picture = Picture::of(traced.traces);
    let mut out = String::from("digraph trace {\n  rankdir=LR;\n  node [fontname=\"Helvetica\", fontsize=10];\n");
    for (at, (place, asked)) in picture.boxes.iter().enumerate() {
        let (name, facts) = label(place);
        let shape = match place.kind {
            Kind::Column => "cylinder",
            Kind::ViewColumn => "parallelogram",
            Kind::Property => "box",
            Kind::Operation => "oval",
        };
        let facts = if facts.is_empty() { String::new() } else { format!("\\n{}", escape(&facts)) };
        let width = if *asked { ", penwidth=3" } else { "" };
        let _ = writeln!(out, "  p{at} [label=\"{}{facts}\", shape={shape}{width}];", escape(&name));
    }
    for (from, to, name, narrower) in &picture.lines {
        let style = if *narrower { ", style=dashed, color=red" } else { "" };
        let _ = writeln!(out, "  p{from} -> p{to} [label=\"{}\"{style}];", escape(name));
    }
    out.push_str("}\n");
    out
}
