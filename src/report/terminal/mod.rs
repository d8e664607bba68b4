//! The report for people at a terminal, in the manner of compilers.
//!
//! Comes in: a report, whether colours are wanted. Goes out: text. Must not know: whether this is a terminal.

mod details;
mod frame;
mod release;
pub mod style;

use std::collections::BTreeMap;

use crate::policy::Verdict;
use crate::rules::{Category, Severity, Status};

use super::text::{clean, count, one_line};
use super::{Item, Report, headline};
use style::{BOLD, DIM, Painter};

/// How to print.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    pub colours: bool,
    /// What links to files of head begin with (`file:///work/repo/`), where there are to be links.
    pub links: Option<&'a str>,
    /// Existing and resolved findings too, not only their number.
    pub all: bool,
    /// Columns of the terminal; `None` where nobody's terminal is written to.
    pub columns: Option<usize>,
}

/// With more findings than this, they are also listed by category.
const FEW: usize = 5;

/// The whole report.
pub fn render(report: &Report, options: Options<'_>) -> String {
    let painter = Painter { colours: options.colours, links: options.links, columns: options.columns };
    let mut out = String::new();
    let compared =
        format!("compared {}: {}", headline::compared(&report.comparison), headline::understood(&report.inputs));
    for (index, line) in painter.wrap(&compared, 0, 2).iter().enumerate() {
        out.push_str(&painter.paint(DIM, &format!("{}{line}", if index > 0 { "  " } else { "" })));
        out.push('\n');
    }
    for note in &report.notes {
        let note = painter.wrap(&clean(note), 4, 2).join("\n  ");
        out.push_str(&format!("{} {note}\n", painter.paint(style::severity(Severity::Note), "note:")));
    }
    let shown: Vec<&Item> =
        report.findings.iter().filter(|i| options.all || i.finding.status == Status::Introduced).collect();
    for (path, items) in by_file(&shown) {
        out.push('\n');
        if !path.is_empty() {
            out.push_str(&painter.paint(BOLD, &format!("{} ({})", one_line(path), totals(&items))));
            out.push('\n');
        }
        let mut helped = BTreeMap::new();
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out.push('\n');
            }
            let first = *helped.entry(item.finding.rule.id).or_insert(*item);
            details::finding(&mut out, item, std::ptr::eq(first, *item) || item.helps_beyond(first), painter);
        }
    }
    release::sections(&mut out, report, options, painter);
    if options.all {
        details::accepted(&mut out, report, painter);
    }
    details::stale(&mut out, report, options.all, painter);
    summary(&mut out, report, options, painter);
    out
}

/// Files in the order of their worst finding, each with its findings in the order of the report.
fn by_file<'a>(items: &[&'a Item]) -> Vec<(&'a str, Vec<&'a Item>)> {
    let path = |item: &'a Item| item.place().map_or("", |p| &*p.at.path);
    let mut files: Vec<(&str, Vec<&Item>)> = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for item in items {
        let index = *known.entry(path(item)).or_insert_with(|| {
            files.push((path(item), Vec::new()));
            files.len() - 1
        });
        if let Some((_, of_file)) = files.get_mut(index) {
            of_file.push(item);
        }
    }
    files
}

fn totals(items: &[&Item]) -> String {
    let of = |severity| items.iter().filter(|i| i.finding.severity == severity).count();
    let parts = [Severity::Error, Severity::Warning, Severity::Note].map(|s| (of(s), s.name()));
    parts.iter().filter(|(n, _)| *n > 0).map(|(n, noun)| count(*n, noun)).collect::<Vec<_>>().join(", ")
}

/// What was introduced by category, each rule with its number: what there is to do, without scrolling back.
fn categories(out: &mut String, report: &Report, painter: Painter<'_>) {
    // A rule that speaks at several levels stands where its worst finding does.
    let mut known: BTreeMap<Category, BTreeMap<&str, (Severity, usize)>> = BTreeMap::new();
    for item in report.of(Status::Introduced) {
        let rules = known.entry(item.finding.rule.category).or_default();
        let (worst, number) = rules.entry(item.finding.rule.id).or_insert((item.finding.severity, 0));
        *worst = (*worst).min(item.finding.severity);
        *number += 1;
    }
    for (category, rules) in known {
        let total: usize = rules.values().map(|(_, number)| number).sum();
        let number = |n: usize| if n > 1 { format!(" ×{n}") } else { String::new() };
        let mut rules: Vec<_> = rules.into_iter().collect();
        rules.sort_by_key(|(id, (worst, _))| (*worst, *id));
        let named: Vec<String> = rules.iter().map(|(id, (_, n))| format!("{id}{}", number(*n))).collect();
        let start = format!("{:9} {total:>3}  ", category.name());
        let lines = painter.wrap(&named.join(", "), 0, start.len()).join(&format!("\n{:1$}", "", start.len()));
        out.push_str(&format!("{}{lines}\n", painter.paint(BOLD, &start)));
    }
}

fn summary(out: &mut String, report: &Report, options: Options<'_>, painter: Painter<'_>) {
    let counts = &report.counts;
    let tally = headline::tally(report);
    out.push('\n');
    if counts.introduced > FEW {
        categories(out, report, painter);
    }
    let text = match tally.as_str() {
        "" if report.changes.is_empty() && !report.inputs.is_empty() => {
            format!("nothing changed: {} understood", understood(report))
        }
        "" => format!("nothing found: {} understood", understood(report)),
        tally => format!("{tally} introduced"),
    };
    let style = match report.verdict {
        Verdict::Findings => style::severity(Severity::Error),
        Verdict::Clean => BOLD,
        Verdict::None => style::severity(Severity::Warning),
    };
    out.push_str(&painter.paint(style, &text));
    let hidden = [(counts.existing, "older"), (counts.resolved, "resolved")];
    let hidden: Vec<String> = hidden.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    let mut rest = Vec::new();
    if !hidden.is_empty() {
        let hint = if options.all { "" } else { " hidden: --all shows them" };
        rest.push(format!("{}{hint}", hidden.join(" and ")));
    }
    if counts.suppressed > 0 {
        rest.push(format!("{} accepted", counts.suppressed));
    }
    if !rest.is_empty() {
        out.push_str(&painter.paint(DIM, &format!(" ({})", rest.join("; "))));
    }
    out.push('\n');
    if let (Some(_), Some(item)) = (options.columns, report.of(Status::Introduced).next()) {
        let hint = format!("hint: `driftline explain {}` says why that matters, with an example", item.finding.rule.id);
        let accept = "hint: `--output allow` prints what accepts a change that is meant";
        for hint in [&hint, accept] {
            out.push_str(&painter.paint(DIM, hint));
            out.push('\n');
        }
    }
    if !report.complete {
        details::incomplete(out, report, painter);
    }
}

/// `57 operations, 31 schemas and 23 tables`
fn understood(report: &Report) -> String {
    let of = |layer| report.inputs.iter().filter(|i| i.layer == layer && i.in_head).map(|i| i.size).sum::<usize>();
    let (operations, tables) = (of(crate::model::Layer::Api), of(crate::model::Layer::Sql));
    let schemas = count(report.schemas, "schema");
    format!("{}, {schemas} and {}", count(operations, "operation"), count(tables, "table"))
}
