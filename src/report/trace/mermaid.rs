//! Traces as a Mermaid `flowchart`, for a Markdown page.

use std::fmt::Write;

use crate::report::model::mermaid::text;
use crate::trace::Kind;

use super::Traced;
use super::picture::{Picture, label};

/// Renderers stop at 500 lines and 50,000 characters.
const MOST_LINES: usize = 500;
const MOST_TEXT: usize = 49_000;

/// The diagram, without the fence around it.
pub fn render(traced: &Traced<'_>) -> String {
    let picture = Picture::of(traced.traces);
    let mut out = String::from("flowchart LR\n");
    let mut left_out = false;
    for (at, (place, asked)) in picture.boxes.iter().enumerate() {
        let (name, facts) = label(place);
        let facts = if facts.is_empty() { String::new() } else { format!("<br>{}", text(&facts)) };
        let label = format!("{}{facts}", text(&name));
        let shape = match place.kind {
            Kind::Column => format!("[(\"{label}\")]"),
            Kind::ViewColumn => format!("[/\"{label}\"/]"),
            Kind::Property => format!("[\"{label}\"]"),
            Kind::Operation => format!("([\"{label}\"])"),
        };
        let _ = writeln!(out, "    p{at}{shape}{}", if *asked { ":::asked" } else { "" });
    }
    for (number, (from, to, name, narrower)) in picture.lines.iter().enumerate() {
        if number >= MOST_LINES || out.len() > MOST_TEXT {
            left_out = true;
            break;
        }
        let name = [name.as_str(), if *narrower { "narrower" } else { "" }].join(" ");
        let line = if *narrower { "-.->" } else { "-->" };
        let name = if name.trim().is_empty() { String::new() } else { format!("|\"{}\"|", text(&name)) };
        let _ = writeln!(out, "    p{from} {line}{name} p{to}");
    }
    out.push_str("    classDef asked stroke-width:3px\n");
    if left_out {
        out.push_str("    %% some steps are left out: `--output dot` draws everything\n");
    }
    out
}
