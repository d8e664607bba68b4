//! The changed neighbourhood as a Mermaid `erDiagram`, for a comment.
//!
//! Attributes cannot have colours of their own there, so what changed says so in its comment.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::model::mermaid::{text, word};
use super::picture::{End, Entity, LineKind, Mark, Picture, Row};
use super::ties::TieKind;

/// Renderers draw 50,000 characters; a comment has better use for most of them.
const MOST_TEXT: usize = 9_000;
const MOST_LINES: usize = 60;
/// Attributes named at one line.
const NAMES: usize = 3;

/// The diagram, without the fence around it; none where it would show a single thing or too many.
pub fn render(picture: &Picture) -> Option<String> {
    if picture.boxes.len() < 2 || picture.lines.is_empty() || picture.lines.len() > MOST_LINES {
        return None;
    }
    [true, false].into_iter().map(|rows| draw(picture, rows)).find(|drawn| drawn.len() <= MOST_TEXT)
}

fn draw(picture: &Picture, rows: bool) -> String {
    let mut out = String::from("erDiagram\n");
    for (at, entity) in picture.boxes.iter().enumerate() {
        let _ = write!(out, "    e{at}[\"{}\"]", label(entity));
        if !rows || entity.rows.is_empty() {
            out.push('\n');
            continue;
        }
        out.push_str(" {\n");
        for row in &entity.rows {
            let _ = writeln!(out, "        {}", attribute(row));
        }
        out.push_str("    }\n");
    }
    let mut lines: BTreeMap<(usize, usize, &str), Vec<String>> = BTreeMap::new();
    for line in &picture.lines {
        let kind = match line.kind {
            LineKind::Tie(TieKind::Link) => "||..||",
            LineKind::Tie(TieKind::Reads | TieKind::Type) => "}o..||",
            _ => "}o--||",
        };
        let row = |end: End| picture.boxes.get(end.0)?.rows.get(end.1?).map(|row| row.name.as_str());
        let name = match line.kind {
            LineKind::Tie(kind) => row(line.from).unwrap_or(kind.verb()),
            LineKind::Flow { .. } => "",
        };
        let name = format!("{}{}", sign(line.mark), text(name));
        lines.entry((line.from.0, line.to.0, kind)).or_default().push(name);
    }
    for ((from, to, kind), names) in lines {
        let more = if names.len() > NAMES { " …" } else { "" };
        let names: Vec<&str> = names.iter().take(NAMES).map(String::as_str).collect();
        let _ = writeln!(out, "    e{from} {kind} e{to} : \"{}{more}\"", names.join(", "));
    }
    out
}

fn label(entity: &Entity) -> String {
    let mark = if entity.mark == Mark::Same { String::new() } else { format!("{} ", entity.mark.name()) };
    format!("{} ({mark}{})", text(&entity.name), entity.kind)
}

/// `numeric_10_2 price PK "+ price"`
fn attribute(row: &Row) -> String {
    let keys = if row.keys.is_empty() { String::new() } else { format!(" {}", row.keys.join(", ")) };
    // The type as it is now; what it was stands in the comment.
    let (before, now) = row.what.split_once(" → ").map_or((None, row.what.as_str()), |(a, b)| (Some(a), b));
    let was = before.map(|before| format!(", was {before}")).unwrap_or_default();
    let comment = format!("{}{}{was}", sign(row.mark), row.name);
    format!("{} {}{keys} \"{}\"", word(now), word(&row.name), text(&comment))
}

fn sign(mark: Mark) -> &'static str {
    match mark {
        Mark::Same => "",
        Mark::Added => "+ ",
        Mark::Removed => "− ",
        Mark::Changed => "~ ",
    }
}
