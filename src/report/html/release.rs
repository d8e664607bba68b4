//! What the release of the change is told beside the findings: deployment order, and what agrees on both layers.

use std::fmt::Write;

use crate::report::Report;
use crate::report::text::{clip, one_line};

use super::escape::{Prose, Text};
use super::{at, open};

/// Characters of a line: types and lists of values can be long.
const LENGTH: usize = 400;

pub fn deployment(out: &mut String, report: &Report) {
    open(out, "deployment", "Deployment order");
    out.push_str("<ol class=\"steps\">\n");
    for step in &report.deployment {
        let missing = if step.missing { " <span class=\"missing\">missing</span>" } else { "" };
        let _ = writeln!(
            out,
            "<li class=\"{0}\"><span class=\"phase\">{0}</span>{missing} <span>{1} {2}{3}</span></li>",
            step.phase.name(),
            Prose(&one_line(&step.what)),
            Prose(&one_line(&step.why)),
            at(step.places.first()),
        );
    }
    out.push_str("</ol></section>\n");
}

pub fn consistent(out: &mut String, report: &Report) {
    open(out, "consistent", "Consistent on both layers");
    out.push_str("<p>Changed on both layers alike: nothing to do.</p><ul>\n");
    for item in &report.consistent {
        let names = std::iter::once(&item.column).chain(&item.properties);
        let names: Vec<String> = names.map(|name| format!("<code>{}</code>", Text(&one_line(name)))).collect();
        let what = match item.what.is_empty() {
            true => item.event.name().to_string(),
            false => item.what.iter().map(|what| clip(&one_line(what), LENGTH)).collect::<Vec<_>>().join(", "),
        };
        let _ = writeln!(out, "<li>{}: {}{}</li>", names.join(", "), Text(&what), at(item.places.first()));
    }
    out.push_str("</ul></section>\n");
}
