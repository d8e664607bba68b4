//! The model as a Graphviz graph: everything, whatever its size.

use std::fmt::Write;

use crate::model::{EntityView, Layer};

use super::Understood;
use super::picture::Picture;

/// The graph.
pub fn render(understood: &Understood<'_>) -> String {
    let picture = Picture::of(understood);
    let mut out =
        String::from("digraph model {\n  rankdir=LR;\n  node [shape=record, fontname=\"Helvetica\", fontsize=10];\n");
    for (layer, name) in [(Layer::Api, "contract"), (Layer::Sql, "database")] {
        let _ = writeln!(out, "  subgraph cluster_{} {{\n    label=\"{name}\";", layer.name());
        for (at, entity) in picture.boxes.iter().enumerate().filter(|(_, e)| e.layer == layer) {
            let _ = writeln!(out, "    e{at} [label=\"{{{}|{}}}\"];", escape(&entity.name), attributes(entity));
        }
        out.push_str("  }\n");
    }
    for (from, to, name) in &picture.lines {
        let across = picture.boxes.get(*from).map(|e| e.layer) != picture.boxes.get(*to).map(|e| e.layer);
        let style = if across { ", style=dashed" } else { "" };
        let _ = writeln!(out, "  e{from} -> e{to} [label=\"{}\"{style}];", escape(name));
    }
    out.push_str("}\n");
    out
}

fn attributes(entity: &EntityView) -> String {
    let line = |a: &crate::model::AttributeView| format!("{}: {}\\l", escape(&a.name), escape(&a.type_name));
    entity.attributes.iter().map(line).collect()
}

/// Record labels read braces, bars, angles, spaces and quotes as markup.
pub(in crate::report) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '{' | '}' | '|' | '<' | '>' | '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
