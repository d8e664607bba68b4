//! The pictures on the page: a drawing, what its signs mean, and the same as a list for who does not see it.

mod layout;
mod order;
mod svg;

use std::fmt::Write;

use crate::report::Report;
use crate::report::picture::{End, Entity, LineKind, Mark, Picture, Row};
use crate::report::text::one_line;
use crate::report::ties::TieKind;

use super::escape::Text;
use super::open;
use super::page::{Entry, Page};
use svg::{Sheet, anchor, draw};

/// How many pictures have something to show.
pub fn number(report: &Report) -> usize {
    let pictures = [&report.pictures.entities, &report.pictures.flow];
    pictures.iter().filter(|picture| shows(picture)).count()
}

fn shows(picture: &Picture) -> bool {
    !picture.boxes.is_empty() || picture.left_out.is_some()
}

/// The sections of both.
pub fn section(out: &mut String, page: &Page<'_>) {
    open(out, "pictures", "Pictures");
    for sheet in sheets(page.report) {
        let picture = sheet.picture;
        let _ = writeln!(out, "<h3 id=\"{}\">{}</h3><p>{}</p>", sheet.id, sheet.title, sheet.text);
        if let Some(left_out) = &picture.left_out {
            let _ = writeln!(out, "<p class=\"left-out\">{}</p>", Text(left_out));
        }
        if picture.boxes.is_empty() {
            continue;
        }
        let _ = writeln!(out, "<div class=\"sheet\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">", sheet.title);
        draw(out, &sheet, page);
        out.push_str("</div>\n");
        legend(out, picture);
        list(out, picture);
    }
    out.push_str("</section>\n");
}

fn sheets(report: &Report) -> Vec<Sheet<'_>> {
    let entities = Sheet {
        id: "entities-picture",
        short: "entity",
        title: "Changed entities and their neighbours",
        text: "Schemas of the contract and tables of the database that the change touches, with what they are tied to.",
        picture: &report.pictures.entities,
    };
    let flow = Sheet {
        id: "flow-picture",
        short: "data flow",
        title: "Where the values go",
        text: "The way of the values that findings are about: columns, views, properties, operations.",
        picture: &report.pictures.flow,
    };
    [entities, flow].into_iter().filter(|sheet| shows(sheet.picture)).collect()
}

/// Says of every finding where it is drawn.
pub fn mark(entries: &mut [Entry<'_>], report: &Report) {
    for sheet in sheets(report) {
        for (at, entity) in sheet.picture.boxes.iter().enumerate() {
            let own = entity.findings.iter().map(|finding| (*finding, None));
            let rows = entity.rows.iter().enumerate();
            let rows = rows.flat_map(|(row, known)| known.findings.iter().map(move |finding| (*finding, Some(row))));
            for (finding, row) in own.chain(rows) {
                let Some(entry) = entries.get_mut(finding) else { continue };
                if !entry.pictured.iter().any(|(_, known)| *known == sheet.short) {
                    entry.pictured.push((anchor(sheet.id, at, row), sheet.short));
                }
            }
        }
    }
}

/// The signs that the picture uses.
fn legend(out: &mut String, picture: &Picture) {
    let mut signs: Vec<(&str, &str, &str)> = Vec::new();
    let marks = picture
        .boxes
        .iter()
        .flat_map(|entity| std::iter::once(entity.mark).chain(entity.rows.iter().map(|row| row.mark)));
    let marks: Vec<Mark> = marks.collect();
    for mark in [Mark::Added, Mark::Removed, Mark::Changed] {
        if marks.contains(&mark) {
            signs.push((mark.name(), mark.sign(), mark.name()));
        }
    }
    out.push_str("<ul class=\"legend\">");
    for (class, sign, name) in signs {
        let _ = write!(out, "<li class=\"{class}\"><strong>{sign}</strong> {name}</li>");
    }
    let mut lines: Vec<(&str, &str, &str)> = picture.lines.iter().map(|line| kind(line.kind)).collect();
    lines.sort_unstable();
    lines.dedup();
    for (class, dashes, name) in lines {
        let _ = write!(
            out,
            "<li><svg width=\"30\" height=\"10\" aria-hidden=\"true\" focusable=\"false\"><g class=\"line {class}\"><path d=\"M0 5H30\" \
             fill=\"none\" stroke=\"currentColor\"{}/></g></svg> {name}</li>",
            if dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dashes}\"") }
        );
    }
    let numbered =
        |entity: &Entity| !entity.findings.is_empty() || entity.rows.iter().any(|row| !row.findings.is_empty());
    if picture.boxes.iter().any(numbered) {
        out.push_str("<li>E, W, N with a number: errors, warnings, notes; they lead to the finding</li>");
    }
    out.push_str("</ul>\n");
}

/// Class, dashes and name of a line.
fn kind(kind: LineKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        LineKind::Tie(TieKind::ForeignKey) => ("key", "", "foreign key"),
        LineKind::Tie(TieKind::Reference) => ("reference", "", "schema in a schema"),
        LineKind::Tie(TieKind::Link) => ("link", "5 3", "property that shows a column"),
        LineKind::Tie(TieKind::Reads | TieKind::Type) => ("reads", "2 3", "view or type"),
        LineKind::Flow { narrower: true, .. } => ("narrower", "6 3", "not all values have a place there"),
        LineKind::Flow { .. } => ("flow", "", "values go there"),
    }
}

/// The same in words.
fn list(out: &mut String, picture: &Picture) {
    out.push_str("<details class=\"words\"><summary>The same in words</summary><ul>\n");
    let end = |(entity, row): End| {
        let entity = picture.boxes.get(entity)?;
        let row = row.and_then(|row| entity.rows.get(row));
        Some(match (row, entity.layer) {
            (Some(row), Some(_)) => format!("{}.{}", entity.name, row.name),
            (Some(row), None) => format!("{} {}", row.name, entity.name),
            (None, _) => entity.name.clone(),
        })
    };
    for (at, entity) in picture.boxes.iter().enumerate() {
        let mark = if entity.mark == Mark::Same { String::new() } else { format!(" {}", entity.mark.name()) };
        let _ = write!(out, "<li><strong>{}</strong> ({}{mark})", Text(&one_line(&entity.name)), entity.kind);
        let rows: Vec<String> = entity.rows.iter().map(row).collect();
        if !rows.is_empty() || entity.more > 0 {
            let more = if entity.more > 0 { format!("; {} more", entity.more) } else { String::new() };
            let _ = write!(out, ": {}{}", rows.join(", "), more);
        }
        let lines: Vec<String> = picture
            .lines
            .iter()
            .filter(|line| line.from.0 == at)
            .filter_map(|line| {
                let verb = match line.kind {
                    LineKind::Tie(kind) => kind.verb(),
                    LineKind::Flow { onward: true, back: true, .. } => "gives to and takes from",
                    LineKind::Flow { back: true, .. } => "takes from",
                    LineKind::Flow { .. } => "gives to",
                };
                let mark = if line.mark == Mark::Same { String::new() } else { format!(" ({})", line.mark.name()) };
                let narrower = if matches!(line.kind, LineKind::Flow { narrower: true, .. }) {
                    ", not all values have a place there"
                } else {
                    ""
                };
                Some(format!(
                    "<li>{} {verb} {}{mark}{narrower}</li>",
                    Text(&one_line(&end(line.from)?)),
                    Text(&one_line(&end(line.to)?))
                ))
            })
            .collect();
        if !lines.is_empty() {
            let _ = write!(out, "<ul>{}</ul>", lines.concat());
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul></details>\n");
}

fn row(row: &Row) -> String {
    let what = if row.what.is_empty() { String::new() } else { format!(" {}", Text(&one_line(&row.what))) };
    let keys = if row.keys.is_empty() { String::new() } else { format!(" {}", row.keys.join(" ")) };
    let mark = if row.mark == Mark::Same { String::new() } else { format!(" ({})", row.mark.name()) };
    format!("<code>{}</code>{what}{keys}{mark}", Text(&one_line(&row.name)))
}
