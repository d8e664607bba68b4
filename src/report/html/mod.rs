//! The report as one page: for a browser, an artifact of CI, a printer.
//!
//! Comes in: a report. Goes out: one HTML file that asks the network for nothing, reads in order without style and script,
//! and can be printed. The script only adds: filters, copied links, the choice between light and dark. Must not know: where
//! the page is shown.

mod code;
pub(super) mod escape;
mod finding;
mod overview;
mod page;
mod picture;
mod release;
mod rest;

use std::fmt::Write;

use crate::rules::Status;
use crate::source::Location;

use super::groups::{GROUPS, group};
use super::text::{clip, count, one_line};
use super::{Report, allow, headline};
use escape::Text;
use page::{Entry, Page};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Nothing is loaded from anywhere, and no script runs but the one whose hash this is: what gets out of its place by a mistake
/// of ours still does nothing. `.ci/browser` runs the script under it; `tests/formats/html.rs` holds the hash.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-8GyoLYdlkWPw4JyBr9L9V1UlhsmTmJkX/s5OxLDSEVI='; base-uri 'none'; form-action 'none'";

/// The whole page.
pub fn render(report: &Report) -> String {
    let page = Page::of(report);
    let mut out = String::new();
    head(&mut out, report);
    out.push_str("<body>\n<a class=\"skip\" href=\"#findings\">Skip to the findings</a>\n");
    overview::header(&mut out, report);
    let parts = parts(&page);
    out.push_str("<nav aria-label=\"Contents\"><ul>");
    for part in &parts {
        let number = part.number.map(|n| format!(" <span class=\"count\">{n}</span>")).unwrap_or_default();
        let _ = write!(out, "<li><a href=\"#{}\">{}{number}</a></li>", part.id, part.title);
    }
    out.push_str("</ul></nav>\n<main id=\"main\">\n");
    for part in &parts {
        (part.draw)(&mut out, &page);
    }
    out.push_str("</main>\n");
    footer(&mut out, &page);
    let _ = writeln!(out, "<script>{SCRIPT}</script>\n</body>\n</html>");
    out
}

/// What every page begins with, up to the end of its head; `style` comes behind what all have.
pub(super) fn document(out: &mut String, title: &str, policy: &str, style: &str) {
    let _ = writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"generator\" content=\"driftline {}\">\n\
         <title>{} · driftline</title>\n<style>{STYLE}{style}</style>\n</head>",
        env!("CARGO_PKG_VERSION"),
        Text(title),
    );
}

fn head(out: &mut String, report: &Report) {
    let title = format!("{}: {}", overview::verdict(report), headline::compared(&report.comparison));
    document(out, &title, POLICY, "");
}

/// A section of the page.
struct Part {
    id: &'static str,
    title: &'static str,
    number: Option<usize>,
    draw: Draw,
}

type Draw = fn(&mut String, &Page<'_>);

/// The sections that have something to say, in order; the findings also when there are none.
fn parts(page: &Page<'_>) -> Vec<Part> {
    let report = page.report;
    let part = |id, title, number, draw: Draw| Part { id, title, number: Some(number), draw };
    let overview =
        Part { id: "overview", title: "Overview", number: None, draw: |out, page| overview::section(out, page.report) };
    let problems = report.problems.len().max(usize::from(!report.complete));
    let counts = &report.counts;
    let parts = [
        overview,
        part("deployment", "Deployment order", report.deployment.len(), |out, page| {
            release::deployment(out, page.report)
        }),
        part("pictures", "Pictures", picture::number(report), picture::section),
        part("findings", "Findings", counts.introduced, introduced),
        part("older", "Older findings", counts.existing, |out, page| folded(out, page, Status::Existing)),
        part("resolved", "Resolved findings", counts.resolved, |out, page| folded(out, page, Status::Resolved)),
        part("consistent", "Consistent changes", report.consistent.len(), |out, page| {
            release::consistent(out, page.report)
        }),
        part("accepted", "Accepted findings", report.suppressed.len(), |out, page| rest::accepted(out, page.report)),
        part("stale", "Stale allow entries", report.newly_stale().count(), |out, page| rest::stale(out, page.report)),
        part("problems", "Problems", problems, |out, page| rest::problems(out, page.report)),
    ];
    parts.into_iter().filter(|part| part.number != Some(0) || part.id == "findings").collect()
}

/// A section with its heading; the caller closes it.
fn open(out: &mut String, id: &str, title: &str) {
    let _ = writeln!(out, "<section id=\"{id}\" aria-labelledby=\"{id}-title\"><h2 id=\"{id}-title\">{title}</h2>");
}

/// A place in a file, after what is said of it.
fn at(place: Option<&Location>) -> String {
    place.map(|at| format!(" <span class=\"at\">{}:{}</span>", Text(&one_line(&at.path)), at.line)).unwrap_or_default()
}

fn introduced(out: &mut String, page: &Page<'_>) {
    open(out, "findings", "Findings");
    if page.report.counts.introduced == 0 {
        out.push_str("<p>This change introduces none.</p>\n");
    }
    for (index, title) in GROUPS.iter().enumerate() {
        let own = |entry: &&Entry<'_>| entry.item.finding.status == Status::Introduced && group(entry.item) == index;
        let number = page.entries.iter().filter(own).count();
        if number > 0 {
            let _ = writeln!(
                out,
                "<section class=\"group\" aria-labelledby=\"group-{index}\"><h3 id=\"group-{index}\">{title} \
                 <span class=\"count\">{number}</span></h3>"
            );
            finding::list(out, page.entries.iter().filter(own));
            out.push_str("</section>\n");
        }
    }
    out.push_str("</section>\n");
}

/// Findings that the change did not bring: counted, and there for who asks.
fn folded(out: &mut String, page: &Page<'_>, status: Status) {
    let (id, title, text) = match status {
        Status::Resolved => ("resolved", "Resolved findings", "of the base, gone in head"),
        _ => ("older", "Older findings", "from before this change"),
    };
    open(out, id, title);
    let own = || page.entries.iter().filter(|entry| entry.item.finding.status == status);
    let _ = writeln!(out, "<details class=\"fold\"><summary>{} {text}</summary>", count(own().count(), "finding"));
    // Below a section of the page there are groups: a level less would be a jump for who reads by headings.
    let _ = writeln!(out, "<h3 class=\"quiet\">{title}, one by one</h3>");
    finding::list(out, own());
    out.push_str("</details></section>\n");
}

fn footer(out: &mut String, page: &Page<'_>) {
    let entry = page.report.of(Status::Introduced).next();
    let entry =
        entry.map(|item| format!(": <code>allow: [{}]</code>", Text(&clip(&one_line(&allow::entry(item)), 300))));
    let _ = writeln!(
        out,
        "<footer><p>driftline {}. <code>driftline explain RULE</code> says why a rule matters, with an example. An intended \
         change is accepted in <code>driftline.yaml</code>, with a reason{}.</p></footer>",
        env!("CARGO_PKG_VERSION"),
        entry.unwrap_or_default(),
    );
    // What the filters offer; nothing that shows.
    for (id, names) in [("entities", &page.entities), ("operations", &page.operations)] {
        let _ = write!(out, "<datalist id=\"{id}\">");
        for name in names {
            let _ = write!(out, "<option value=\"{}\"></option>", Text(name));
        }
        out.push_str("</datalist>\n");
    }
}
