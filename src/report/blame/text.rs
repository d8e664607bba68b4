//! Blame for the terminal: a table.

use std::fmt::Write;

use crate::history::blame::Line;
use crate::history::follow::Why;
use crate::model::past::End;
use crate::report::headline;
use crate::report::log::{end, said, short};
use crate::report::terminal::style::{BOLD, DIM, FRAME, Painter};
use crate::report::text::{clip, one_line, width};

use super::{Blame, Entity};

/// Characters of names, types, authors and of what happened.
const NAME: usize = 40;
const TYPE: usize = 32;
const AUTHOR: usize = 20;
const WHAT: usize = 90;

/// One table for each entity.
pub fn render(blame: &Blame<'_>, painter: Painter<'_>) -> String {
    let mut out = String::new();
    // Where all commits were looked at, its source did not count when it came: the files lay aside, or could not be read.
    let before = match blame.past.end {
        End::Root => "no commit tells: its files counted only later",
        End::Range | End::Shallow { .. } => "as far back as this history goes",
    };
    for entity in &blame.entities {
        let gap = if out.is_empty() { "" } else { "\n" };
        let title = format!("{} as of {}", one_line(&entity.name), headline::revision(&blame.revision));
        let _ = writeln!(out, "{gap}{}", painter.paint(BOLD, &title));
        table(&mut out, entity, before, painter);
    }
    if let Some(text) = end(&blame.past.end) {
        let _ = writeln!(out, "\n{text}");
    }
    out
}

fn table(out: &mut String, entity: &Entity<'_>, before: &str, painter: Painter<'_>) {
    let cells = |line: &Line<'_>| {
        let (id, date, author) = match line.last {
            Some((commit, _)) => {
                (short(&commit.id).to_string(), commit.date.to_string(), clip(&one_line(&commit.author), AUTHOR))
            }
            None => ("-".repeat(7), "-".repeat(10), String::new()),
        };
        [id, date, author, clip(&one_line(&line.name), NAME), clip(&one_line(&line.type_name), TYPE)]
    };
    let rows: Vec<_> = entity.lines.iter().map(|line| (cells(line), line)).collect();
    let wide = |text: &str| text.chars().map(width).sum::<usize>();
    let widths: Vec<usize> = (0..5).map(|at| rows.iter().map(|(row, _)| wide(&row[at])).max().unwrap_or(0)).collect();
    for (row, line) in &rows {
        let padded: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, widest)| format!("{cell}{}", " ".repeat(widest.saturating_sub(wide(cell)))))
            .collect();
        let [id, date, author, name, of] = padded.as_slice() else { continue };
        let what = line.last.map(|(_, event)| {
            let why = if event.subject.ends_with(&format!(".{}", line.name)) { Why::Own } else { Why::Whole };
            clip(&said(event, &why).1, WHAT)
        });
        let what = what.unwrap_or_else(|| before.to_string());
        let id = painter.paint(FRAME, id);
        let _ =
            writeln!(out, "  {id}  {date}  {}  {name}  {}  {what}", painter.paint(DIM, author), painter.paint(DIM, of));
    }
    if rows.is_empty() {
        out.push_str("  it has no attributes\n");
    }
}
