//! The changes as an entry of a changelog (keepachangelog.com, 1.1.0): Added, Changed, Deprecated, Removed, what breaks first,
//! one line for each subject; and the version that each contract deserves.
//!
//! Comes in: a report. Goes out: Markdown to paste above the older entries. No date: when it is released is not known here.

pub(in crate::report) mod words;

use std::collections::HashMap;
use std::fmt::Write;

use crate::model::{ChangeKind, Layer};
use crate::release::{Bump, Version};

use super::markup::code;
use super::text::one_line;
use super::{ChangeItem, Report, VersionItem};
use words::Words;

/// The headings, in their order.
const SECTIONS: [&str; 4] = ["Added", "Changed", "Deprecated", "Removed"];

/// The entry.
pub fn render(report: &Report) -> String {
    let mut out = format!("## [{}]\n\n", title(report));
    for version in &report.versions {
        if let Some(line) = proposal(version, report.versions.len() > 1) {
            let _ = writeln!(out, "{line}\n");
        }
    }
    let mut sections: [Vec<Line<'_>>; 4] = Default::default();
    let mut known: HashMap<(usize, Layer, &str), usize> = HashMap::new();
    for change in &report.changes {
        let words = Words::of(change);
        let Some(lines) = sections.get_mut(words.section) else { continue };
        let at = *known.entry((words.section, change.layer, change.subject.as_str())).or_insert(lines.len());
        match lines.get_mut(at) {
            Some(line) => {
                line.breaking |= change.breaking;
                if !line.words.iter_mut().any(|known| known.take(&words)) {
                    line.words.push(words);
                }
            }
            None => lines.push(Line { change, breaking: change.breaking, words: vec![words] }),
        }
    }
    if sections.iter().all(Vec::is_empty) {
        out.push_str("Nothing that clients or running code could notice.\n");
    }
    for (title, mut lines) in SECTIONS.into_iter().zip(sections) {
        if lines.is_empty() {
            continue;
        }
        lines.sort_by_key(|line| (!line.breaking, line.change.layer != Layer::Api, rank(line.change)));
        let _ = writeln!(out, "### {title}\n");
        for line in lines {
            let breaking = if line.breaking { "**Breaking:** " } else { "" };
            let words: Vec<String> = line.words.iter().map(Words::to_string).collect();
            let _ = writeln!(out, "- {breaking}{}", words.join("; "));
        }
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// One line of a section: what happened to one subject.
struct Line<'a> {
    change: &'a ChangeItem,
    breaking: bool,
    words: Vec<Words>,
}

/// What people look for first: what can be called, then what is in it, then what it is made of.
fn rank(change: &ChangeItem) -> usize {
    match change.kind {
        ChangeKind::ContractAdded | ChangeKind::ContractRemoved => 0,
        ChangeKind::OperationAdded | ChangeKind::OperationRemoved | ChangeKind::OperationDeprecated => 1,
        ChangeKind::EntityAdded | ChangeKind::EntityRemoved if change.layer == Layer::Api => 3,
        _ => 2,
    }
}

/// The version that head is called by, or what is not released yet.
fn title(report: &Report) -> String {
    let spec = &report.comparison.head.spec;
    match Version::parse(spec) {
        Some(_) if report.comparison.head.commit.is_some() && spec.contains('.') => {
            one_line(spec.trim_start_matches(['v', 'V']))
        }
        _ => "Unreleased".to_string(),
    }
}

/// `Version: 2.0.0 (major: 2 changes break clients).`
fn proposal(version: &VersionItem, several: bool) -> Option<String> {
    let (bump, next) = version.deserved.as_ref()?;
    let why = match (version.breaking, bump) {
        (0, Bump::None | Bump::Patch) => "nothing that clients could notice".to_string(),
        (0, _) => "clients can use what they could not before".to_string(),
        (1, _) => "1 change breaks clients".to_string(),
        (more, _) => format!("{more} changes break clients"),
    };
    let of = if several { format!(" of {}", code(&one_line(&version.contract))) } else { String::new() };
    let declared = match Version::same(&version.base, &version.head) {
        true => format!("the contract still says {}", code(&one_line(&version.head))),
        false => {
            format!("the contract says {}, before {}", code(&one_line(&version.head)), code(&one_line(&version.base)))
        }
    };
    Some(format!("Next version{of}: **{next}** ({}: {why}; {declared}).", bump.name()))
}
