//! A picture as inline SVG. Colours come from the style of the page; without it (a server may forbid it) the attributes here
//! leave a drawing in black and white.

use std::fmt::Write;

use crate::report::html::escape::Text;
use crate::report::html::page::Page;
use crate::report::picture::{End, Entity, Line, LineKind, Mark, Picture, Row};
use crate::report::text::{clip, one_line, width};
use crate::report::ties::TieKind;

use super::layout::{Edge, Size, layout};

/// Sizes in the picture's own units; a character of the 12 px monospaced font is at most that wide.
const CHAR: f64 = 7.3;
const SMALL: f64 = 6.1;
const TITLE: f64 = 26.0;
const LINE: f64 = 20.0;
const PAD: f64 = 9.0;
/// Room around everything.
const EDGE: f64 = 8.0;
/// What shows the number of findings.
const BADGE: f64 = 26.0;
/// Widths that are made to fit the page: what is narrower fits, and wider ones would be too small to read.
const FIT: std::ops::RangeInclusive<f64> = 700.0..=1600.0;
/// Characters of names and types that are shown.
const NAME: usize = 34;
const TYPE: usize = 26;
const PATH: usize = 54;

/// What is drawn of a picture: its name on the page, which its anchors begin with, and what it shows.
pub struct Sheet<'a> {
    pub id: &'static str,
    /// What findings call it.
    pub short: &'static str,
    pub title: &'static str,
    pub text: &'static str,
    pub picture: &'a Picture,
}

/// The anchor of a box, or of a row in it.
pub fn anchor(id: &str, entity: usize, row: Option<usize>) -> String {
    match row {
        Some(row) => format!("{id}-{entity}-{row}"),
        None => format!("{id}-{entity}"),
    }
}

/// The drawing.
pub fn draw(out: &mut String, sheet: &Sheet<'_>, page: &Page<'_>) {
    let boxes = &sheet.picture.boxes;
    let sizes: Vec<Size> = boxes.iter().map(size).collect();
    let heights = |end: End| match end.1 {
        Some(row) => TITLE + LINE * row as f64 + LINE / 2.0,
        None => TITLE / 2.0,
    };
    let lines = &sheet.picture.lines;
    let edge =
        |line: &Line| Edge { from: line.from.0, to: line.to.0, leaves: heights(line.from), enters: heights(line.to) };
    let edges: Vec<Edge> = lines.iter().map(edge).collect();
    let placed = layout(&sizes, &edges);
    let (wide, high) = (placed.width + 2.0 * EDGE, placed.height + 2.0 * EDGE);
    let _ = writeln!(
        out,
        "<svg class=\"picture{fits}\" role=\"group\" aria-labelledby=\"{0}-name {0}-text\" width=\"{wide:.0}\" height=\"{high:.0}\" \
         viewBox=\"{1:.0} {1:.0} {wide:.0} {high:.0}\" font-family=\"monospace\" font-size=\"12\">\
         <title id=\"{0}-name\">{2}</title><desc id=\"{0}-text\">{3}</desc>",
        sheet.id,
        -EDGE,
        sheet.title,
        sheet.text,
        fits = if FIT.contains(&wide) { " fit" } else { "" },
    );
    for (line, (points, turned)) in lines.iter().zip(&placed.lines) {
        self::line(out, line, points, *turned);
    }
    for (at, (entity, size)) in boxes.iter().zip(&sizes).enumerate() {
        let place = placed.boxes.get(at).copied().unwrap_or_default();
        let drawing = Drawing { sheet, page, at, entity, width: size.width };
        drawing.draw(out, place, size.height);
    }
    out.push_str("</svg>\n");
}

fn columns(text: &str) -> f64 {
    text.chars().map(width).sum::<usize>() as f64
}

fn name(text: &str) -> String {
    clip(&one_line(text), NAME)
}

/// What stands at the top of a box. The end of a path tells more than its middle.
fn title(entity: &Entity) -> String {
    if entity.layer.is_some() {
        return name(&entity.name);
    }
    let text = one_line(&entity.name);
    let length = text.chars().count();
    if length <= PATH {
        return text;
    }
    let end: String = text.chars().skip(length - PATH * 2 / 3).collect();
    format!("{}{end}", clip(&text, PATH / 3))
}

fn kind(entity: &Entity) -> String {
    let sign = entity.mark.name();
    // A path says that there are operations.
    if entity.layer.is_none() {
        return String::new();
    }
    if entity.mark == Mark::Same { entity.kind.to_string() } else { format!("{sign} {}", entity.kind) }
}

fn label(row: &Row) -> String {
    let keys = if row.keys.is_empty() { String::new() } else { format!(" {}", row.keys.join(" ")) };
    format!("{}{keys}", name(&row.name))
}

fn more(entity: &Entity) -> String {
    if entity.more == 0 || entity.rows.is_empty() { String::new() } else { format!("{} more", entity.more) }
}

/// As wide as its texts, as high as its rows.
fn size(entity: &Entity) -> Size {
    let badge = |findings: &[usize]| if findings.is_empty() { 0.0 } else { BADGE + 6.0 };
    let title = columns(&title(entity)) * CHAR + 18.0 + columns(&kind(entity)) * SMALL + badge(&entity.findings);
    let row = |row: &Row| {
        14.0 + columns(&label(row)) * CHAR
            + 14.0
            + columns(&clip(&one_line(&row.what), TYPE)) * SMALL
            + badge(&row.findings)
    };
    let widest = entity.rows.iter().map(row).fold(title, f64::max);
    let last = if !more(entity).is_empty() { LINE } else { 0.0 };
    let below = if entity.rows.is_empty() && last == 0.0 { 0.0 } else { 5.0 };
    let least = match (entity.layer, entity.kind) {
        (None, _) => 3,
        _ => 0,
    };
    Size {
        width: (widest + 2.0 * PAD).max(110.0).ceil(),
        height: TITLE + LINE * entity.rows.len() as f64 + last + below,
        least,
    }
}

/// One box.
struct Drawing<'a> {
    sheet: &'a Sheet<'a>,
    page: &'a Page<'a>,
    at: usize,
    entity: &'a Entity,
    width: f64,
}

impl Drawing<'_> {
    fn draw(&self, out: &mut String, (x, y): (f64, f64), height: f64) {
        let entity = self.entity;
        let layer = entity.layer.map_or("operation", |layer| layer.name());
        let _ = write!(
            out,
            "<g class=\"box {} {layer}\" id=\"{}\" transform=\"translate({x:.1} {y:.1})\"><rect class=\"body\" width=\"{2:.0}\" \
             height=\"{height:.0}\" rx=\"4\" fill=\"none\" stroke=\"currentColor\"/>",
            entity.mark.name(),
            anchor(self.sheet.id, self.at, None),
            self.width,
        );
        if height > TITLE {
            let _ = write!(out, "<path class=\"rule\" d=\"M0 {TITLE}H{:.0}\" stroke=\"currentColor\"/>", self.width);
        }
        let title = format!(
            "<text class=\"name\" x=\"{PAD}\" y=\"17.5\" font-weight=\"bold\" fill=\"currentColor\">{}</text>",
            Text(&self::title(entity))
        );
        self.linked(out, &title, &entity.name, &entity.findings, TITLE / 2.0);
        let right = self.width - PAD - if entity.findings.is_empty() { 0.0 } else { BADGE + 6.0 };
        let _ = write!(
            out,
            "<text class=\"kind\" x=\"{right:.0}\" y=\"17\" font-size=\"10\" text-anchor=\"end\" fill=\"currentColor\">{}</text>",
            kind(entity)
        );
        for (index, row) in entity.rows.iter().enumerate() {
            self.row(out, index, row);
        }
        let text = more(entity);
        if !text.is_empty() {
            let y = TITLE + LINE * entity.rows.len() as f64 + 14.0;
            let _ = write!(
                out,
                "<text class=\"kind\" x=\"{:.0}\" y=\"{y:.0}\" font-size=\"10\" fill=\"currentColor\">{text}</text>",
                PAD + 14.0
            );
        }
        out.push_str("</g>\n");
    }

    fn row(&self, out: &mut String, index: usize, row: &Row) {
        let top = TITLE + LINE * index as f64;
        let base = top + 14.5;
        let _ =
            write!(out, "<g class=\"row {}\" id=\"{}\">", row.mark.name(), anchor(self.sheet.id, self.at, Some(index)));
        if row.mark != Mark::Same {
            let _ = write!(
                out,
                "<rect class=\"tint\" x=\"1\" y=\"{:.0}\" width=\"{:.0}\" height=\"{LINE}\" fill=\"none\"/><text class=\"sign\" \
                 x=\"{PAD}\" y=\"{base}\" fill=\"currentColor\">{}</text>",
                top + 1.0,
                self.width - 2.0,
                row.mark.sign(),
            );
        }
        let keys = match row.keys.is_empty() {
            true => String::new(),
            false => format!("<tspan class=\"keys\" font-size=\"10\"> {}</tspan>", row.keys.join(" ")),
        };
        let text = format!(
            "<text x=\"{:.0}\" y=\"{base}\" fill=\"currentColor\">{}{keys}</text>",
            PAD + 14.0,
            Text(&name(&row.name))
        );
        let full = format!("{}.{}", self.entity.name, row.name);
        self.linked(out, &text, &full, &row.findings, top + LINE / 2.0 + 1.0);
        let right = self.width - PAD - if row.findings.is_empty() { 0.0 } else { BADGE + 6.0 };
        let what = one_line(&row.what);
        if !what.is_empty() {
            let shown = clip(&what, TYPE);
            let whole = if shown == what { String::new() } else { format!("<title>{}</title>", Text(&what)) };
            let _ = write!(
                out,
                "<text class=\"type\" x=\"{right:.0}\" y=\"{base}\" font-size=\"10\" text-anchor=\"end\" fill=\"currentColor\">{}{whole}</text>",
                Text(&shown)
            );
        }
        out.push_str("</g>");
    }

    /// A text that leads to the first of its findings, with their number beside it.
    fn linked(&self, out: &mut String, text: &str, name: &str, findings: &[usize], middle: f64) {
        let first = findings.first().and_then(|at| self.page.entries.get(*at));
        let Some(first) = first else {
            out.push_str(text);
            return;
        };
        // The findings are sorted by severity.
        let severity = first.item.finding.severity.name();
        let number = findings.len();
        let noun = if number == 1 { "finding" } else { "findings" };
        let x = self.width - PAD - BADGE;
        let _ = write!(
            out,
            "<a href=\"#{}\"><title>{}: {number} {noun}, {severity}</title><rect x=\"0\" y=\"{:.1}\" width=\"{:.0}\" \
             height=\"{LINE}\" fill=\"none\" pointer-events=\"all\"/>{text}<rect class=\"badge {severity}\" x=\"{x:.0}\" \
             y=\"{:.1}\" width=\"{BADGE}\" height=\"14\" rx=\"7\" fill=\"none\" stroke=\"currentColor\"/><text class=\"number {severity}\" \
             x=\"{:.0}\" y=\"{:.1}\" font-size=\"10\" text-anchor=\"middle\" fill=\"currentColor\">{}{}</text></a>",
            Text(&first.id),
            Text(&one_line(name)),
            middle - LINE / 2.0,
            self.width,
            middle - 7.0,
            x + BADGE / 2.0,
            middle + 3.5,
            severity.get(..1).unwrap_or_default().to_uppercase(),
            if number == 1 { String::new() } else { number.min(99).to_string() },
        );
    }
}

/// A line through its points, with heads where it ends.
fn line(out: &mut String, line: &Line, points: &[(f64, f64)], turned: bool) {
    let Some((first, rest)) = points.split_first() else { return };
    let mut path = format!("M{:.1} {:.1}", first.0, first.1);
    let mut at = *first;
    for (index, (x, y)) in rest.iter().enumerate() {
        // Pieces between ranks are bent, those through a rank are straight.
        if index % 2 == 1 {
            let bend = ((x - at.0) / 2.0).max(12.0);
            let _ = write!(path, "C{:.1} {:.1} {:.1} {y:.1} {x:.1} {y:.1}", at.0 + bend, at.1, x - bend);
        } else {
            let _ = write!(path, "H{x:.1}");
        }
        at = (*x, *y);
    }
    let (kind, dashes, onward, back) = match line.kind {
        LineKind::Tie(kind) => {
            let (class, dashes) = match kind {
                TieKind::ForeignKey => ("key", ""),
                TieKind::Reference => ("reference", ""),
                TieKind::Link => ("link", "5 3"),
                TieKind::Reads => ("reads", "2 3"),
                TieKind::Type => ("reads", "2 3"),
            };
            (class, dashes, !turned, turned)
        }
        LineKind::Flow { onward, back, narrower } => {
            let (class, dashes) = if narrower { ("narrower", "6 3") } else { ("flow", "") };
            (class, dashes, onward != turned || (onward && back), back != turned || (onward && back))
        }
    };
    let dashes = if dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dashes}\"") };
    let _ = write!(
        out,
        "<g class=\"line {kind} {}\"><path d=\"{path}\" fill=\"none\" stroke=\"currentColor\"{dashes}/>",
        line.mark.name()
    );
    let mut head = |(x, y): (f64, f64), way: f64| {
        let _ =
            write!(out, "<path class=\"head\" d=\"M{x:.1} {y:.1}l{0:.1} -3.5v7z\" fill=\"currentColor\"/>", -7.0 * way);
    };
    if onward {
        head(at, 1.0);
    }
    if back {
        head(*first, -1.0);
    }
    out.push_str("</g>\n");
}
