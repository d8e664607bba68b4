//! Traces as trees: the subject, what comes to it, where it goes.

use std::collections::HashSet;
use std::fmt::Write;

use crate::report::headline;
use crate::report::text::{clean, clip, count, one_line, runs};
use crate::source::Files;
use crate::trace::{Fit, How, Kind, Place, Step, Trace};

use super::Traced;

/// Subjects that are drawn; JSON has them all.
const MAX_SUBJECTS: usize = 100;
/// Operations drawn at one place.
const MAX_OPERATIONS: usize = 8;
/// Steps in a row that are drawn.
const MAX_DEPTH: usize = 40;

/// All traces.
pub fn render(traced: &Traced<'_>) -> String {
    let mut out = format!("{}: {}\n", headline::revision(&traced.revision), one_line(traced.words));
    for trace in traced.traces.iter().take(MAX_SUBJECTS) {
        self::trace(&mut out, trace, traced.files);
    }
    if let Some(more @ 1..) = traced.traces.len().checked_sub(MAX_SUBJECTS) {
        let _ = writeln!(out, "\nand {} more: `--output json` has all", count(more, "place"));
    }
    out
}

fn trace(out: &mut String, trace: &Trace, files: &Files) {
    let Some(subject) = trace.places.first() else { return };
    let _ = writeln!(out, "\n{}", described(subject));
    if let Some(origin) = subject.origin {
        let at = files.locate(origin);
        let _ = writeln!(out, "  {}:{}", clean(&at.path), at.line);
    }
    for (title, steps, onward) in [("comes from", &trace.from, false), ("goes to", &trace.to, true)] {
        let _ = writeln!(out, "  {title}");
        if steps.is_empty() {
            let _ = writeln!(out, "  └─ {}", nothing(subject.kind, onward));
            continue;
        }
        let mut tree = Tree { out, trace, steps, onward, drawn: HashSet::from([0]) };
        tree.below(0, "  ", 0);
    }
}

fn nothing(kind: Kind, onward: bool) -> &'static str {
    match (kind, onward) {
        (Kind::Operation, true) => "nothing that is known to be stored",
        (Kind::Operation, false) => "nothing that is known to be read from the database",
        (_, true) => "nothing that is known",
        (_, false) => "nothing that is known: code or the database itself may write it",
    }
}

struct Tree<'a> {
    out: &'a mut String,
    trace: &'a Trace,
    steps: &'a [Step],
    onward: bool,
    drawn: HashSet<usize>,
}

impl Tree<'_> {
    fn below(&mut self, at: usize, indent: &str, depth: usize) {
        let ends = |step: &Step| if self.onward { (step.from, step.to) } else { (step.to, step.from) };
        let steps: Vec<(usize, &Step)> =
            self.steps.iter().filter(|step| ends(step).0 == at).map(|step| (ends(step).1, step)).collect();
        let mut operations = 0;
        let is_end = |at: usize| self.trace.places.get(at).is_some_and(|p| p.kind == Kind::Operation);
        let all = steps.iter().filter(|(there, _)| is_end(*there)).count();
        let shown: Vec<(usize, &Step)> = steps
            .into_iter()
            .filter(|(there, _)| {
                operations += usize::from(is_end(*there));
                !is_end(*there) || operations <= MAX_OPERATIONS
            })
            .collect();
        let left_out = all.saturating_sub(MAX_OPERATIONS);
        let lines = shown.len() + usize::from(left_out > 0);
        for (number, (there, step)) in shown.into_iter().enumerate() {
            let last = number + 1 == lines;
            let (branch, bar) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            let Some(place) = self.trace.places.get(there) else { continue };
            let again = !self.drawn.insert(there) && place.kind != Kind::Operation;
            let _ = writeln!(self.out, "{indent}{branch}{}", self.line(place, step, again));
            let inner = format!("{indent}{bar}");
            for remark in remarks(step) {
                let _ = writeln!(self.out, "{inner}· {remark}");
            }
            if !again && depth < MAX_DEPTH && place.kind != Kind::Operation {
                self.below(there, &inner, depth + 1);
            }
        }
        if left_out > 0 {
            let _ = writeln!(self.out, "{indent}└─ and {}", count(left_out, "more place"));
        }
    }

    fn line(&self, place: &Place, step: &Step, again: bool) -> String {
        let text = if again { one_line(&place.name) } else { described(place) };
        let again = if again { "  (as above)" } else { "" };
        match &step.how {
            How::Operation { location, route, .. } => {
                format!("{text}  {}  {}{again}", one_line(location), clip(&one_line(route), 100))
            }
            How::View => format!("{text}  (view){again}"),
            How::Link { .. } => format!("{text}{again}"),
        }
    }
}

/// A place with what is said of it.
fn described(place: &Place) -> String {
    let facts: Vec<String> = place.facts.iter().map(|fact| clip(&one_line(fact), 80)).collect();
    let name = one_line(&place.name);
    if facts.is_empty() { name } else { format!("{name}  {}", facts.join(", ")) }
}

fn remarks(step: &Step) -> Vec<String> {
    let mut remarks = Vec::new();
    if let How::Link { confidence, reason } = &step.how {
        remarks.push(format!("link {confidence:.2}: {}", one_line(reason)));
    }
    match &step.fit {
        None | Some(Fit::Same) => {}
        Some(Fit::Wider) => remarks.push("gets wider: it holds more than what comes".to_string()),
        Some(Fit::Narrower(value)) => {
            let value =
                value.as_ref().map(|v| format!(": {} has no place", clip(&runs(&one_line(&v.to_string())), 80)));
            remarks.push(format!("gets narrower{}", value.unwrap_or_default()));
        }
        Some(Fit::Converted) => remarks.push("changes its form: the types have nothing in common".to_string()),
        Some(Fit::Undecided) => remarks.push("whether all values fit could not be decided".to_string()),
    }
    remarks
}
