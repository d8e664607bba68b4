//! One finding with everything a reader needs to decide.

use similar::{ChangeTag, TextDiff};

use crate::policy::Verdict;
use crate::report::headline::usage;
use crate::report::text::{clean, clip, count, one_line, runs, sides};
use crate::report::{Item, Report};
use crate::rules::{Severity, Status};

use super::frame;
use super::style::{self, ADDED, BOLD, DIM, FRAME, HELP, Painter, REMOVED};

/// Usages named; the rest is counted.
const USAGES: usize = 3;
/// Problems named when there is no verdict because of them.
const PROBLEMS: usize = 10;
/// Characters of a before, after or witness that are shown.
const VALUE: usize = 160;

/// Columns that further lines of a message are set in.
const INDENT: usize = 4;

/// Heading, snippet, before and after, proof, who is affected, help.
pub fn finding(out: &mut String, item: &Item, with_help: bool, painter: Painter<'_>) {
    let f = &item.finding;
    let head = painter.paint(style::severity(f.severity), &format!("{}[{}]", f.severity.name(), f.rule.id));
    let status = match f.status {
        Status::Introduced => String::new(),
        other => painter.paint(DIM, &format!(" ({})", other.name())),
    };
    let used = f.severity.name().len() + f.rule.id.len() + 4;
    let message = painter.wrap(&one_line(&f.message), used.saturating_sub(INDENT), INDENT);
    let message: Vec<String> = message.iter().map(|line| painter.paint(BOLD, line)).collect();
    let break_ = format!("\n{:INDENT$}", "");
    out.push_str(&format!("{head}{status}{} {}\n", painter.paint(BOLD, ":"), message.join(&break_)));
    let gutter = frame::draw(out, item, painter);
    let mut label = |name: &str, lines: &[String]| label(out, gutter, name, lines, painter);
    if let (Some(before), Some(after)) = (&f.before, &f.after)
        && !(f.message.contains(before.as_str()) && f.message.contains(after.as_str()))
    {
        change(&mut label, before, after, painter);
    }
    if let Some(witness) = &f.witness {
        let value = clip(&runs(&one_line(&witness.value.to_string())), VALUE);
        let text = format!("{} accepts {value}, {} refuses it", witness.accepted_by, witness.refused_by);
        label("proof", &[text]);
    }
    let mut usages: Vec<String> = f.usages.iter().take(USAGES).map(|u| one_line(&usage(u))).collect();
    if f.usages.len() > USAGES {
        usages.push(format!("and {} more", f.usages.len() - USAGES));
    }
    label("affected", &usages);
    // What is shown with its place needs no second mention.
    let shown = |link: &&String| item.related.iter().any(|(name, _)| name == *link);
    let links: Vec<&str> = f.links.iter().filter(|link| !shown(link)).map(String::as_str).collect();
    if !links.is_empty() {
        label("linked", &[one_line(&links.join(", "))]);
    }
    let help: Vec<String> = clean(&f.help).lines().map(str::to_string).collect();
    if with_help {
        label("help", &help);
    }
}

/// `= label: first line`, further lines beneath it.
fn label(out: &mut String, gutter: usize, name: &str, lines: &[String], painter: Painter<'_>) {
    let style = if name == "help" { HELP } else { BOLD };
    let indent = gutter + name.len() + 5;
    // Painted text is short, and its length in bytes is not its width.
    let lines = lines.iter().flat_map(|line| match line.contains('\u{1b}') {
        true => vec![line.clone()],
        false => step(line, indent, painter),
    });
    for (index, line) in lines.enumerate() {
        if index == 0 {
            let sign = painter.paint(FRAME, "=");
            out.push_str(&format!("{:gutter$} {sign} {} {line}\n", "", painter.paint(style, &format!("{name}:"))));
        } else {
            out.push_str(format!("{:indent$}{line}", "").trim_end());
            out.push('\n');
        }
    }
}

/// A line in pieces that fit; the pieces of `1. text` stand beneath the text.
fn step(line: &str, indent: usize, painter: Painter<'_>) -> Vec<String> {
    let number = line.split_once(". ").map_or("", |(number, _)| number);
    let inner = if number.parse::<u8>().is_ok() { number.len() + 2 } else { 0 };
    let (first, text) = line.split_at(inner);
    let pieces = painter.wrap(text, 0, indent + inner);
    let piece = |(index, piece): (usize, &String)| match index {
        0 => format!("{first}{piece}"),
        _ => format!("{:inner$}{piece}", ""),
    };
    pieces.iter().enumerate().map(piece).collect()
}

/// Before and after with the words that differ coloured.
fn change(label: &mut impl FnMut(&str, &[String]), before: &str, after: &str, painter: Painter<'_>) {
    let (before, after) = sides(before, after, VALUE);
    if before == after {
        return;
    }
    let diff = TextDiff::from_words(&before, &after);
    let side = |tag: ChangeTag, style| {
        let words = diff.iter_all_changes().filter(|c| c.tag() == ChangeTag::Equal || c.tag() == tag);
        words.map(|c| if c.tag() == tag { painter.paint(style, c.value()) } else { c.value().to_string() }).collect()
    };
    let (old, new): (String, String) = (side(ChangeTag::Delete, REMOVED), side(ChangeTag::Insert, ADDED));
    if before.chars().count() + after.chars().count() <= 60 {
        label("change", &[format!("{old} → {new}")]);
    } else {
        label("before", &[old]);
        label("after", &[new]);
    }
}

/// What people accept, with their reasons.
pub fn accepted(out: &mut String, report: &Report, painter: Painter<'_>) {
    if !report.suppressed.is_empty() {
        out.push('\n');
    }
    for one in &report.suppressed {
        let finding = &one.item.finding;
        let until = one.until.as_ref().map(|until| format!(" until {until}")).unwrap_or_default();
        let by = match &one.at {
            Some(at) => format!("{}:{}", at.path, at.line),
            None => "driftline.yaml".to_string(),
        };
        let head = painter.paint(style::severity(Severity::Note), "accepted:");
        let text = format!(
            "{}[{}] {}: {} ({by}{until})",
            finding.severity.name(),
            finding.rule.id,
            finding.subject,
            one.reason
        );
        out.push_str(&format!(
            "{head} {}\n",
            painter.wrap(&one_line(&text), 10, INDENT).join(&format!("\n{:INDENT$}", ""))
        ));
    }
}

/// Permissions that do nothing any more; those that did nothing before are only counted.
pub fn stale(out: &mut String, report: &Report, all: bool, painter: Painter<'_>) {
    if !report.stale.is_empty() {
        out.push('\n');
    }
    for entry in report.stale.iter().filter(|entry| all || !entry.idle()) {
        let head = painter.paint(style::severity(Severity::Warning), "warning:");
        out.push_str(&format!("{head} {}\n", one_line(&entry.message())));
    }
    let idle = report.stale.len() - report.newly_stale().count();
    if idle > 0 && !all {
        let (what, verb) = if idle == 1 {
            ("1 older permission".into(), "accepts")
        } else {
            (format!("{idle} older permissions"), "accept")
        };
        let text = format!("{what} {verb} nothing here and may belong to a release: --all names them");
        out.push_str(&format!("{} {text}\n", painter.paint(style::severity(Severity::Note), "note:")));
    }
}

/// Why the answer is not the whole answer.
pub fn incomplete(out: &mut String, report: &Report, painter: Painter<'_>) {
    let head = painter.paint(style::severity(Severity::Warning), "incomplete:");
    let what = count(report.problems.len(), "problem");
    let unread: usize = report.inputs.iter().map(|i| i.unread).sum();
    let statements =
        if unread > 0 { format!(" ({} not understood)", count(unread, "statement")) } else { String::new() };
    let end = match report.verdict {
        Verdict::None => "; so there is no verdict: --allow-incomplete accepts that",
        _ => "",
    };
    out.push_str(&format!("{head} {what} while reading{statements}{end}\n"));
    if report.verdict == Verdict::None {
        // Findings of the base alone are counted as resolved and not shown, but here they are the reason.
        let shown: Vec<&str> = report.of(Status::Introduced).map(|i| i.finding.message.as_str()).collect();
        for p in report.problems.iter().filter(|p| !shown.contains(&p.message.as_str())).take(PROBLEMS) {
            out.push_str(&format!("  {}:{}:{}: {}\n", one_line(&p.path), p.line, p.column, one_line(&p.message)));
        }
    }
}
