//! The model as a Mermaid `erDiagram`, for a Markdown page.
//!
//! Renderers stop at 50,000 characters and 500 lines, so a large model is drawn with fewer details: first without
//! attributes, then without the entities that nothing is tied to; a comment says what was left out.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::model::sql::KeyKind;
use crate::model::{EntityKind, EntityView, Layer};

use super::Understood;
use super::picture::Picture;
use crate::report::text::clean;

const MOST_TEXT: usize = 50_000;
const MOST_LINES: usize = 500;

/// The diagram, without the fence around it.
pub fn render(understood: &Understood<'_>) -> String {
    let picture = Picture::of(understood);
    let full = draw(&picture, true, false);
    if full.len() <= MOST_TEXT && picture.lines.len() <= MOST_LINES {
        return full;
    }
    let names = draw(&picture, false, false);
    let left_out = "    %% attributes are left out: the picture would be larger than renderers draw\n";
    if names.len() + left_out.len() <= MOST_TEXT && picture.lines.len() <= MOST_LINES {
        return names + left_out;
    }
    let mut tied = draw(&picture, false, true);
    if tied.len() > MOST_TEXT {
        let end = tied.char_indices().map(|(at, _)| at).take_while(|at| *at < MOST_TEXT - 200).last().unwrap_or(0);
        tied.truncate(tied.get(..end).and_then(|t| t.rfind('\n')).map_or(0, |at| at + 1));
    }
    tied + "    %% attributes and some entities are left out: `--output dot` draws everything\n"
}

fn draw(picture: &Picture, attributes: bool, only_tied: bool) -> String {
    let mut out = String::from("erDiagram\n");
    let lines = picture.lines.iter().take(MOST_LINES);
    let tied: BTreeSet<usize> = lines.clone().flat_map(|(from, to, _)| [*from, *to]).collect();
    for (at, entity) in picture.boxes.iter().enumerate() {
        if only_tied && !tied.contains(&at) {
            continue;
        }
        let _ = writeln!(out, "    e{at}[\"{}\"]{}", label(entity), if attributes { " {" } else { "" });
        if attributes {
            for attribute in &entity.attributes {
                let keys = keys(entity, &attribute.name);
                let name = text(&attribute.name);
                let _ =
                    writeln!(out, "        {} {}{keys} \"{name}\"", word(&attribute.type_name), word(&attribute.name));
            }
            out.push_str("    }\n");
        }
    }
    for (from, to, name) in lines {
        let both = picture.boxes.get(*from).zip(picture.boxes.get(*to));
        let line = if both.is_some_and(|(a, b)| a.layer != b.layer) { "||..||" } else { "}o--||" };
        let _ = writeln!(out, "    e{from} {line} e{to} : \"{}\"", text(name));
    }
    out
}

fn label(entity: &EntityView) -> String {
    match (entity.layer, entity.kind) {
        (Layer::Sql, EntityKind::Table) => format!("{} (table)", text(&entity.name)),
        (Layer::Sql, kind) => format!("{} ({})", text(&entity.name), kind.name()),
        _ => text(&entity.name),
    }
}

fn keys(entity: &EntityView, attribute: &str) -> String {
    let has = |kind: KeyKind| entity.keys.iter().any(|k| k.kind == kind && k.columns.iter().any(|c| &**c == attribute));
    let marks = [(KeyKind::Primary, "PK"), (KeyKind::Foreign, "FK"), (KeyKind::Unique, "UK")];
    let marks: Vec<&str> = marks.iter().filter(|(kind, _)| has(*kind)).map(|(_, mark)| *mark).collect();
    if marks.is_empty() { String::new() } else { format!(" {}", marks.join(", ")) }
}

/// Types and names of attributes begin with a letter and hold letters, digits, `-` and `_` only.
pub(in crate::report) fn word(text: &str) -> String {
    let mut word: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).take(60).collect();
    word.truncate(word.trim_end_matches('_').len());
    if !word.starts_with(|c: char| c.is_ascii_alphabetic()) {
        word.insert(0, 'x');
    }
    word
}

/// Text between quotes: no quotes, no line ends, nothing that Mermaid reads as markup or that turns the text around.
pub(in crate::report) fn text(text: &str) -> String {
    let plain =
        |c: char| if c.is_control() || matches!(c, '"' | '\\' | '%' | '<' | '>' | '`' | ';' | '#') { ' ' } else { c };
    clean(text).chars().map(plain).take(80).collect::<String>().trim().to_string()
}
