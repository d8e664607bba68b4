//! The top of the page: the verdict, the numbers, what was compared and what was understood.

use std::fmt::Write;

use crate::model::Layer;
use crate::policy::Verdict;
use crate::report::groups::{GROUPS, group};
use crate::report::text::{clean, count};
use crate::report::{Input, Report, Revision, headline};
use crate::rules::{Severity, Status};

use super::escape::{Prose, Text};

/// The answer in a few words.
pub fn verdict(report: &Report) -> String {
    match (report.verdict, headline::tally(report).as_str()) {
        (Verdict::None, "") => "No verdict".to_string(),
        (_, "") => "Nothing breaks, nothing drifts".to_string(),
        (_, tally) => tally.to_string(),
    }
}

/// The sentence beneath it.
fn meaning(report: &Report) -> &'static str {
    let found = report.counts.introduced > 0;
    match report.verdict {
        Verdict::Findings => "This change does not pass: it introduces what is listed below.",
        Verdict::Clean if found => "This change passes: what it introduces stays below the level that fails.",
        Verdict::Clean => "This change passes.",
        Verdict::None => "Not everything could be read, so whether this change breaks anything is not known.",
    }
}

/// The banner.
pub fn header(out: &mut String, report: &Report) {
    let _ = writeln!(
        out,
        "<header class=\"top {}\"><p class=\"brand\">driftline</p><h1>{}</h1><p class=\"meaning\">{}</p>\
         <p class=\"compared\">Compared <strong>{}</strong></p></header>",
        report.verdict.name(),
        Text(&verdict(report)),
        meaning(report),
        Text(&headline::compared(&report.comparison)),
    );
}

pub fn section(out: &mut String, report: &Report) {
    out.push_str(
        "<section id=\"overview\" aria-labelledby=\"overview-title\"><h2 id=\"overview-title\">Overview</h2>\n",
    );
    numbers(out, report);
    for note in &report.notes {
        let _ = writeln!(out, "<p class=\"note-line\"><strong>Note:</strong> {}</p>", Prose(&clean(note)));
    }
    by_group(out, report);
    compared(out, report);
    inputs(out, report);
    out.push_str("</section>\n");
}

fn numbers(out: &mut String, report: &Report) {
    let counts = &report.counts;
    let numbers = [
        ("error", counts.error, "errors"),
        ("warning", counts.warning, "warnings"),
        ("note", counts.note, "notes"),
        ("plain", counts.existing, "older"),
        ("plain", counts.resolved, "resolved"),
        ("plain", counts.suppressed, "accepted"),
    ];
    out.push_str("<ul class=\"numbers\">");
    for (class, number, name) in numbers {
        let none = if number == 0 { " none" } else { "" };
        let _ = write!(out, "<li class=\"{class}{none}\"><strong>{number}</strong> {name}</li>");
    }
    out.push_str("</ul>\n");
}

/// Who feels it, and how badly.
fn by_group(out: &mut String, report: &Report) {
    if report.counts.introduced == 0 {
        return;
    }
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    out.push_str(
        "<table><caption>Introduced by this change</caption><thead><tr><th scope=\"col\">Who feels it</th>\
         <th scope=\"col\">Errors</th><th scope=\"col\">Warnings</th><th scope=\"col\">Notes</th></tr></thead><tbody>\n",
    );
    for (index, title) in GROUPS.iter().enumerate() {
        let of = |severity: Severity| {
            let own = report.of(Status::Introduced).filter(|item| group(item) == index);
            own.filter(|item| item.finding.severity == severity).count()
        };
        let numbers = severities.map(of);
        if numbers.iter().sum::<usize>() > 0 {
            let cell = |n: &usize| if *n == 0 { "<td>–</td>".to_string() } else { format!("<td>{n}</td>") };
            let cells: String = numbers.iter().map(cell).collect();
            let _ = writeln!(out, "<tr><th scope=\"row\"><a href=\"#group-{index}\">{title}</a></th>{cells}</tr>");
        }
    }
    out.push_str("</tbody></table>\n");
}

fn compared(out: &mut String, report: &Report) {
    let comparison = &report.comparison;
    let commit = |revision: &Revision| match &revision.commit {
        Some(commit) => format!(" <code>{}</code>", Text(commit)),
        None => String::new(),
    };
    let side = |revision: &Revision| {
        let alone = Revision { spec: revision.spec.clone(), commit: None };
        // Who asked for a commit by its number knows it by nothing else.
        let named = revision.commit.as_ref().is_none_or(|commit| !commit.starts_with(&revision.spec));
        let name = if named { headline::revision(&alone) } else { String::new() };
        format!("{}{}", Text(&name), commit(revision))
    };
    // The merge base is the commit of the base, whenever there is one.
    let note = if comparison.merge_base.is_some() { " (merge base)" } else { "" };
    let _ = write!(
        out,
        "<h3>Compared</h3><dl class=\"facts\"><div><dt>Base</dt><dd>{}{note}</dd></div><div><dt>Head</dt><dd>{}</dd></div>",
        side(&comparison.base),
        side(&comparison.head)
    );
    out.push_str("</dl>\n");
}

/// What was read, so that "nothing found" and "nothing seen" look different.
fn inputs(out: &mut String, report: &Report) {
    out.push_str("<h3>Understood</h3>\n");
    if report.inputs.is_empty() {
        out.push_str("<p>No contract and no SQL.</p>\n");
        return;
    }
    out.push_str(
        "<table class=\"inputs\"><caption class=\"quiet\">Contracts and SQL sources</caption><thead><tr><th scope=\"col\">Path</th>\
         <th scope=\"col\">Kind</th><th scope=\"col\">Understood</th></tr></thead><tbody>\n",
    );
    for input in &report.inputs {
        let (kind, size) = input_facts(input);
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td></tr>",
            Text(&clean(&input.path)),
            Text(&kind),
            Text(&size)
        );
    }
    out.push_str("</tbody></table>\n");
    if !report.complete {
        out.push_str("<p><strong>Incomplete:</strong> part of it could not be read; see <a href=\"#problems\">problems</a>.</p>\n");
    }
}

fn input_facts(input: &Input) -> (String, String) {
    let side = match (input.in_base, input.in_head) {
        (true, false) => ", gone",
        (false, true) => ", new",
        _ => "",
    };
    let (kind, mut size) = match input.layer {
        Layer::Sql => {
            let layout = input.layout.map(|layout| format!(", {layout}")).unwrap_or_default();
            let kind = format!("SQL, {}{layout}", input.dialect.unwrap_or("unknown dialect"));
            (kind, format!("{} in {}", count(input.size, "table"), count(input.files, "file")))
        }
        _ => {
            let kind = match input.format.strip_prefix("openapi-") {
                Some(version) => format!("OpenAPI {version}"),
                None => "not understood".to_string(),
            };
            (kind, count(input.size, "operation"))
        }
    };
    if input.unread > 0 {
        size.push_str(&format!(", {} not understood", count(input.unread, "statement")));
    }
    size.push_str(side);
    (kind, size)
}
