//! The texts of a review. Each finding ends in a hidden marker, so that a later run knows what was posted.

use std::fmt::Write;

use super::Provider;
use super::anchor::Lines;
use super::plan::Told;
use crate::report::detail::details;
use crate::report::markdown::{KEY, LIMIT};
use crate::report::markup::{code, fenced, prose};
use crate::report::text::{clip, count, one_line};
use crate::report::{Edit, Item, Place};
use crate::rules::Severity;

/// Bytes of one finding; a longer one is told in short.
const LONGEST: usize = 8_000;
/// Characters of a message told in short.
const SHORT: usize = 600;
/// Room for what stands around the findings.
const FRAME: usize = 1_000;
/// Bytes of the findings in the text of a review; what has no room there is named by its fingerprint alone.
const REST: usize = 20_000;
/// Bytes of a fingerprint in a list.
const FINGERPRINT: usize = 36;

/// Who speaks, and to whom.
#[derive(Debug, Clone, Copy)]
pub struct Voice<'a> {
    pub provider: Provider,
    /// Tells the comments of several jobs apart.
    pub key: &'a str,
}

/// What a comment away from its line is about; `shown`: there would be a line for it.
pub fn about(item: &Item, shown: bool) -> Option<String> {
    let hidden = if shown { "" } else { ", a line that this diff does not show" };
    let subject = code(&clip(&one_line(&item.finding.subject), 120));
    let at = |place: &Place| code(&clip(&one_line(&format!("{}:{}", place.at.path, place.at.line)), 200));
    match (&item.head, &item.base) {
        (Some(head), _) => Some(format!("About {subject} at {}{hidden}:", at(head))),
        (None, Some(base)) => Some(format!("About {subject} (removed; in the base it was at {}):", at(base))),
        (None, None) => None,
    }
}

/// Findings that a comment at a file shows at once; more are folded away.
const OPEN: usize = 2;

/// A comment of several findings at lines: the text, and how many of them it holds.
pub fn at_lines(told: &[Told<'_>], lines: &Lines<'_>, voice: Voice<'_>) -> (String, usize) {
    let (first, last) = lines.numbers();
    filled(told, LIMIT, |told| entry(told, last - first, voice))
}

/// A comment of all that is found in a file at lines that are not shown.
pub fn at_file(told: &[Told<'_>], voice: Voice<'_>) -> (String, usize) {
    if told.len() <= OPEN {
        return filled(told, LIMIT, |told| entry(told, 0, voice));
    }
    let (body, fitting) = filled(told, LIMIT - FRAME, |told| entry(told, 0, voice));
    let shown = told.get(..fitting).unwrap_or(told);
    let folded = folded("Findings", shown, &body);
    (
        format!("**driftline: {}** at lines of this file that the diff does not show\n{folded}", tally(shown.iter())),
        fitting,
    )
}

/// The list of what has no comment of its own: the text, and how many of them it holds.
pub fn rest(told: &[Told<'_>], voice: Voice<'_>) -> (String, usize) {
    filled(told, REST, |told| entry(told, 0, voice))
}

/// A line that says how many have no room, with their fingerprints: they count as posted, so that the next run does not
/// go on where this one stopped.
pub fn omitted(told: &[Told<'_>]) -> String {
    if told.is_empty() {
        return String::new();
    }
    let room = (LIMIT - REST - 2 * FRAME) / FINGERPRINT;
    let hidden: String = told.iter().take(room).map(|told| format!(" {}", told.item.fingerprint)).collect();
    format!("\n… and {} more, which the summary lists\n<!-- driftline:omitted{hidden} -->\n", told.len())
}

fn filled(told: &[Told<'_>], limit: usize, entry: impl Fn(&Told<'_>) -> String) -> (String, usize) {
    let mut text = String::new();
    let mut fitting = 0;
    for told in told {
        let entry = entry(told);
        if text.len() + entry.len() > limit {
            break;
        }
        text.push_str(&entry);
        fitting += 1;
    }
    (text.trim_end().to_string(), fitting)
}

fn entry(told: &Told<'_>, above: u32, voice: Voice<'_>) -> String {
    let mut out = String::new();
    if let Some(about) = &told.about {
        let _ = writeln!(out, "{about}\n");
    }
    let before = out.len();
    // At its own line the reader has the code before them.
    details(&mut out, told.item, told.about.is_some(), true);
    if out.len() > LONGEST {
        out.truncate(before);
        let f = &told.item.finding;
        let message = prose(&clip(&one_line(&f.message), SHORT));
        let _ = writeln!(out, "**{}** `{}`: {message}\n", f.severity.name(), f.rule.id);
    }
    if let Some(edit) = told.edit {
        suggestion(&mut out, edit, above, voice);
    }
    let _ = writeln!(out, "{}\n", marker(told.item, voice.key));
    out
}

/// Lines that replace those of the comment at a click.
fn suggestion(out: &mut String, edit: &Edit, above: u32, voice: Voice<'_>) {
    let info = match voice.provider {
        Provider::GitHub => "suggestion".to_string(),
        Provider::GitLab => format!("suggestion:-{above}+0"),
    };
    fenced(out, &info, &edit.text);
}

fn marker(item: &Item, key: &str) -> String {
    let key = if key == KEY { String::new() } else { format!(" {key}") };
    format!("<!-- driftline:finding:{}{key} -->", item.fingerprint)
}

/// `2 errors, 1 warning` of these.
pub fn tally<'t, 'a: 't>(told: impl Iterator<Item = &'t Told<'a>>) -> String {
    let (mut errors, mut warnings) = (0, 0);
    for told in told {
        match told.item.finding.severity {
            Severity::Error => errors += 1,
            _ => warnings += 1,
        }
    }
    let parts = [(errors, "error"), (warnings, "warning")];
    parts.iter().filter(|(n, _)| *n > 0).map(|(n, noun)| count(*n, noun)).collect::<Vec<_>>().join(", ")
}

/// The title of what has no comment of its own.
pub const REMAINING: &str = "Findings without a comment of their own";

/// Findings folded away.
pub fn folded(title: &str, told: &[Told<'_>], body: &str) -> String {
    if told.is_empty() {
        return String::new();
    }
    format!("\n<details><summary>{title} ({})</summary>\n\n{body}\n\n</details>\n", told.len())
}
