//! What stands at the end: accepted findings, entries of the allow list that do nothing, problems while reading.

use std::fmt::Write;

use crate::report::Report;
use crate::report::text::one_line;

use super::escape::{Prose, Text};
use super::{at, open};

pub fn accepted(out: &mut String, report: &Report) {
    open(out, "accepted", "Accepted findings");
    out.push_str(
        "<table><caption class=\"quiet\">Findings that people accepted, and why</caption><thead><tr><th scope=\"col\">Finding</th>\
         <th scope=\"col\">Reason</th><th scope=\"col\">Until</th></tr></thead><tbody>\n",
    );
    for entry in &report.suppressed {
        let f = &entry.item.finding;
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\"><span class=\"level\">{}</span> <span class=\"subject\">{}</span> <span class=\"rule\">{}</span>\
             <p>{}</p>{}</th><td>{}{}</td><td>{}</td></tr>",
            f.severity.name(),
            Text(&one_line(&f.subject)),
            f.rule.id,
            Prose(&one_line(&f.message)),
            at(entry.item.place().map(|place| &place.at)),
            Text(&one_line(&entry.reason)),
            at(entry.at.as_ref()),
            entry.until.as_deref().map_or("no end".to_string(), |until| Text(&one_line(until)).to_string()),
        );
    }
    out.push_str("</tbody></table></section>\n");
}

pub fn stale(out: &mut String, report: &Report) {
    open(out, "stale", "Entries of the allow list that do nothing");
    out.push_str("<ul>\n");
    for entry in report.newly_stale() {
        let _ = writeln!(out, "<li>{}</li>", Prose(&one_line(&entry.message())));
    }
    out.push_str("</ul></section>\n");
}

pub fn problems(out: &mut String, report: &Report) {
    open(out, "problems", "Problems while reading");
    if report.problems.is_empty() {
        out.push_str("<p>Part of the input was not understood; the table of inputs says how much.</p></section>\n");
        return;
    }
    out.push_str("<ul>\n");
    for problem in &report.problems {
        let _ = writeln!(
            out,
            "<li><span class=\"at\">{}:{}:{}</span> {}</li>",
            Text(&one_line(&problem.path)),
            problem.line,
            problem.column,
            Prose(&one_line(&problem.message))
        );
    }
    out.push_str("</ul></section>\n");
}
