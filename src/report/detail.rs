//! One finding in Markdown, the same in the comment about all of them and in a comment at its line.

use std::fmt::Write;

use super::help::{Part, parts};
use super::markup::{code, fenced, prose};
use super::text::{clean, clip, one_line, runs};
use super::{Item, headline};

/// What is known of a finding: message, lines, proof, who is affected, the other layer, and what to do instead.
pub fn details(out: &mut String, item: &Item, snippets: bool, with_help: bool) {
    let f = &item.finding;
    let _ = writeln!(out, "**{}** `{}`: {}\n", f.severity.name(), f.rule.id, prose(&f.message));
    if snippets {
        diff(out, item);
    }
    if let Some(witness) = &f.witness {
        let value = code(&clip(&runs(&one_line(&witness.value.to_string())), 200));
        let _ = writeln!(out, "- Proof: {} accepts {value}, {} refuses it", witness.accepted_by, witness.refused_by);
    }
    if !f.usages.is_empty() {
        let named: Vec<String> = f.usages.iter().take(3).map(|u| code(&one_line(&headline::usage(u)))).collect();
        let more = if f.usages.len() > 3 { format!(" and {} more", f.usages.len() - 3) } else { String::new() };
        let _ = writeln!(out, "- Affected: {}{more}", named.join(", "));
    }
    if !f.links.is_empty() {
        let at = |name: &String| item.related.iter().find(|(other, _)| other == name).map(|(_, place)| &place.at);
        let link = |name: &String| match at(name) {
            Some(at) => {
                format!("{} at {}", code(&one_line(name)), code(&one_line(&format!("{}:{}", at.path, at.line))))
            }
            None => code(&one_line(name)),
        };
        let links: Vec<String> = f.links.iter().take(5).map(link).collect();
        let _ = writeln!(out, "- Linked: {}", links.join(", "));
    }
    if with_help && !f.help.is_empty() {
        help(out, &f.help);
    }
    out.push('\n');
}

/// A list item; steps are a list inside it, code is a block.
fn help(out: &mut String, text: &str) {
    let parts = parts(text);
    if let Some(Part::Steps(_)) = parts.first() {
        out.push_str("- Instead:\n");
    }
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Sentence(text) if at == 0 => {
                let _ = writeln!(out, "- Instead: {}", prose(text));
            }
            Part::Sentence(text) => {
                let _ = writeln!(out, "\n  {}", prose(text));
            }
            Part::Steps(steps) => {
                for (number, step) in steps.iter().enumerate() {
                    let _ = writeln!(out, "  {}. {}", number + 1, prose(step));
                }
            }
            Part::Code(code) => {
                out.push('\n');
                fenced(out, "", code);
            }
        }
    }
}

/// The marked lines as a diff block.
fn diff(out: &mut String, item: &Item) {
    let head_sign = if item.stands() { ' ' } else { '+' };
    // Lines of different places are not one before and after.
    let apart = matches!((&item.base, &item.head), (Some(base), Some(head)) if !base.same_spot(head));
    let base = if apart && item.adds() { &None } else { &item.base };
    let sides = [(base, '-'), (&item.head, head_sign)];
    let marked =
        || sides.iter().flat_map(|(place, sign)| place.iter().flat_map(|p| p.snippet.marked()).map(|l| (*sign, l)));
    // Deep indentation would push the line out of a narrow comment.
    let indent = |text: &str| text.len() - text.trim_start_matches(' ').len();
    let common = marked().map(|(_, line)| indent(&line.text)).min().unwrap_or(0);
    let apart = apart && base.is_some();
    let mut lines = String::new();
    let mut last = None;
    for (sign, line) in marked() {
        let place = if sign == '-' { &item.base } else { &item.head };
        if let (true, Some(place)) = (apart && last != Some(sign), place) {
            let _ = writeln!(lines, "@@ {}:{} @@", one_line(&place.at.path), place.at.line);
        }
        last = Some(sign);
        let _ = writeln!(lines, "{sign} {}", clean(line.text.get(common..).unwrap_or_default()));
    }
    if !lines.is_empty() {
        fenced(out, "diff", lines.trim_end());
    }
}
