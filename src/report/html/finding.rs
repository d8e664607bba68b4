//! One finding: heading with its anchor, message, lines, facts, what to do.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::model::Usage;
use crate::report::headline;
use crate::report::help::{Part, parts};
use crate::report::text::{clip, count, one_line, runs};
use crate::rules::Status;

use super::code;
use super::escape::{Prose, Text};
use super::page::Entry;

/// Operations named before the rest is folded away, and at most.
const SHOWN: usize = 3;
const NAMED: usize = 60;
/// Characters of a before, an after or a proof.
const VALUE: usize = 400;

/// The finding as an article; the help is printed unless an earlier one of the rule has told it.
fn render(out: &mut String, entry: &Entry<'_>, told: Option<&str>) {
    let f = &entry.item.finding;
    let (id, severity, rule) = (Text(&entry.id), f.severity.name(), f.rule.id);
    // What the filters look at; entities and operations by their numbers in the lists of the page.
    let _ = write!(
        out,
        "<article class=\"f {severity}\" id=\"{id}\" data-s=\"{severity}\" data-t=\"{}\" data-l=\"{}\" data-r=\"{rule}\"",
        status(f.status),
        f.rule.layer.name(),
    );
    for (name, numbers) in [("e", &entry.entities), ("o", &entry.operations)] {
        let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
        if !numbers.is_empty() {
            let _ = write!(out, " data-{name}=\"{}\"", numbers.join(" "));
        }
    }
    let _ = writeln!(
        out,
        "><h4><span class=\"level\">{severity}</span> <span class=\"subject\">{}</span> <span class=\"rule\">{rule}</span> \
         <a class=\"self\" href=\"#{id}\" aria-label=\"Link to this finding\">#</a></h4>",
        Text(&one_line(&f.subject)),
    );
    let _ = writeln!(out, "<p>{}</p>", Prose(&one_line(&f.message)));
    code::places(out, entry.item);
    out.push_str("<dl>");
    facts(out, entry);
    help(out, &f.help, told);
    out.push_str("</dl></article>\n");
}

fn fact(out: &mut String, name: &str, value: &str) {
    let _ = writeln!(out, "<div><dt>{name}</dt><dd>{value}</dd></div>");
}

fn facts(out: &mut String, entry: &Entry<'_>) {
    let item = entry.item;
    let f = &item.finding;
    let told = |text: &Option<String>| text.as_ref().is_none_or(|text| f.message.contains(text.as_str()));
    if !(told(&f.before) && told(&f.after)) {
        let mut change = String::new();
        code::change(&mut change, f.before.as_deref(), f.after.as_deref(), VALUE);
        let name = match (&f.before, &f.after) {
            (Some(_), Some(_)) => "Change",
            (Some(_), None) => "Before",
            _ => "After",
        };
        fact(out, name, change.trim_matches([' ', '→']));
    }
    if let Some(witness) = &f.witness {
        let value = clip(&runs(&one_line(&witness.value.to_string())), VALUE);
        let text =
            format!("{} accepts <code>{}</code>, {} refuses it", witness.accepted_by, Text(&value), witness.refused_by);
        fact(out, "Proof", &text);
    }
    if !f.usages.is_empty() {
        fact(out, "Affected", &usages(&f.usages));
    }
    // What is shown with its lines needs no second mention.
    let shown = |link: &&String| item.related.iter().any(|(name, _)| name == *link);
    let links = f.links.iter().filter(|link| !shown(link));
    let links: Vec<String> = links.map(|name| format!("<code>{}</code>", Text(&one_line(name)))).collect();
    if !links.is_empty() {
        fact(out, "Linked", &links.join(", "));
    }
    let link = |(anchor, title): &(String, &str)| format!("<a href=\"#{anchor}\">{title}</a>");
    let pictures: Vec<String> = entry.pictured.iter().map(link).collect();
    if !pictures.is_empty() {
        // Of no use on paper.
        let _ = writeln!(out, "<div class=\"go\"><dt>Picture</dt><dd>{}</dd></div>", pictures.join(", "));
    }
}

fn usages(usages: &[Usage]) -> String {
    let list = |usages: &[Usage]| {
        let items = usages.iter().map(|usage| format!("<li>{}</li>", Text(&one_line(&headline::usage(usage)))));
        format!("<ul>{}</ul>", items.collect::<String>())
    };
    let (shown, rest) = usages.split_at(usages.len().min(if usages.len() <= SHOWN + 1 { SHOWN + 1 } else { SHOWN }));
    if rest.is_empty() {
        return list(shown);
    }
    let (named, left) = rest.split_at(rest.len().min(NAMED));
    let more = if left.is_empty() { String::new() } else { format!("<p>and {} more</p>", left.len()) };
    format!(
        "{}<details><summary>and {}</summary>{}{more}</details>",
        list(shown),
        count(rest.len(), "more place"),
        list(named)
    )
}

fn help(out: &mut String, help: &str, told: Option<&str>) {
    if let Some(earlier) = told {
        fact(out, "Instead", &format!("as told at <a href=\"#{0}\">the first finding of this rule</a>", Text(earlier)));
        return;
    }
    let part = |part: &Part| match part {
        Part::Sentence(text) => format!("<p>{}</p>", Prose(text)),
        Part::Steps(steps) => {
            let steps: String = steps.iter().map(|step| format!("<li>{}</li>", Prose(step))).collect();
            format!("<ol>{steps}</ol>")
        }
        Part::Code(code) => format!("<pre>{}</pre>", Text(code)),
    };
    let parts: String = parts(help).iter().map(part).collect();
    if !parts.is_empty() {
        fact(out, "Instead", &parts);
    }
}

/// Finding after finding; what the first one of a rule told as help is not told again.
pub fn list<'p>(out: &mut String, entries: impl Iterator<Item = &'p Entry<'p>>) {
    let mut first: BTreeMap<&str, &Entry<'_>> = BTreeMap::new();
    for entry in entries {
        let rule = entry.item.finding.rule.id;
        let told = first.get(rule).filter(|first| !entry.item.helps_beyond(first.item)).map(|first| first.id.as_str());
        first.entry(rule).or_insert(entry);
        render(out, entry, told);
    }
}

/// How a status is called.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Introduced => "introduced",
        Status::Existing => "older",
        Status::Resolved => "resolved",
    }
}
