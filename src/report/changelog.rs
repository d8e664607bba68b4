//! The changes as an entry of a changelog (keepachangelog.com, 1.1.0): Added, Changed, Deprecated, Removed, what breaks first,
//! one line for each subject; and the version that each contract deserves.
//!
//! Comes in: a report. Goes out: Markdown to paste above the older entries. No date: when it is released is not known here.

use std::collections::HashMap;
use std::fmt::Write;

use crate::model::{ChangeKind, EntityKind, Layer};
use crate::release::{Bump, Version};

use super::markup::{code, prose};
use super::text::{capital, clip, one_line};
use super::{ChangeItem, Report, VersionItem};

/// The headings, in their order.
const SECTIONS: [&str; 4] = ["Added", "Changed", "Deprecated", "Removed"];

/// Characters of a name, and of a value.
const NAME: usize = 120;
const VALUE: usize = 100;

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
        let (section, text) = told(change);
        let Some(lines) = sections.get_mut(section) else { continue };
        let at = *known.entry((section, change.layer, change.subject.as_str())).or_insert(lines.len());
        match lines.get_mut(at) {
            Some(line) => {
                line.breaking |= change.breaking;
                if !line.texts.contains(&text) {
                    line.texts.push(text);
                }
            }
            None => lines.push(Line { change, breaking: change.breaking, texts: vec![text] }),
        }
    }
    if sections.iter().all(Vec::is_empty) {
        out.push_str("Nothing that clients or running code could notice.\n");
    }
    for (title, mut lines) in SECTIONS.into_iter().zip(sections) {
        if lines.is_empty() {
            continue;
        }
        lines.sort_by_key(|line| (!line.breaking, line.change.layer != Layer::Api));
        let _ = writeln!(out, "### {title}\n");
        for line in lines {
            let breaking = if line.breaking { "**Breaking:** " } else { "" };
            let _ = writeln!(out, "- {breaking}{}", line.texts.join("; "));
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
    texts: Vec<String>,
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
    let declared = match version.head == version.base {
        true => format!("the contract still says {}", code(&one_line(&version.head))),
        false => {
            format!("the contract says {}, before {}", code(&one_line(&version.head)), code(&one_line(&version.base)))
        }
    };
    Some(format!("Next version{of}: **{next}** ({}: {why}; {declared}).", bump.name()))
}

/// The section of a change, and its words.
fn told(change: &ChangeItem) -> (usize, String) {
    use ChangeKind as Kind;
    let name = change.kind.name();
    let subject = code(&clip(&one_line(&change.subject), NAME));
    let noun = noun(change);
    let values = values(change);
    match change.kind {
        Kind::OperationDeprecated | Kind::AttributeDeprecated => (2, format!("{noun} {subject}{}", after(change))),
        Kind::EntityRenamed | Kind::AttributeRenamed => (1, format!("{noun} {subject} has another name{values}")),
        Kind::AttributeRequired | Kind::ParameterRequired | Kind::BodyRequired | Kind::HeaderRequired => {
            (1, format!("{noun} {} is required", of(change, &subject)))
        }
        Kind::AttributeOptional | Kind::ParameterOptional | Kind::BodyOptional | Kind::HeaderOptional => {
            (1, format!("{noun} {} is optional", of(change, &subject)))
        }
        _ => match name.rsplit_once('-') {
            // `index `orders_placed_at_idx` (placed_at)`: its own words say what it is.
            Some(("key", "added")) => (0, capital(&of(change, &subject))),
            Some(("key", "removed")) => (3, capital(&of(change, &subject))),
            Some((_, "added")) => (0, format!("{noun} {}{}", of(change, &subject), after(change))),
            Some((_, "removed")) => (3, format!("{noun} {}", of(change, &subject))),
            Some((what, "changed" | "lowered" | "shortened")) => {
                (1, format!("{subject}: {}{values}", what.replace('-', " ")))
            }
            _ => (1, format!("{subject}: {}{values}", name.replace('-', " "))),
        },
    }
}

/// What the subject is, as a word that begins a line.
fn noun(change: &ChangeItem) -> String {
    use ChangeKind as Kind;
    let sql = change.layer == Layer::Sql;
    let word = match change.kind {
        Kind::EntityAdded | Kind::EntityRemoved | Kind::EntityRenamed => match change.entity {
            Some(EntityKind::View) => "View",
            Some(EntityKind::MaterializedView) => "Materialized view",
            Some(EntityKind::Enum) => "Type",
            _ if sql => "Table",
            _ => "Schema",
        },
        Kind::AttributeAdded
        | Kind::AttributeRemoved
        | Kind::AttributeRenamed
        | Kind::AttributeRequired
        | Kind::AttributeOptional
        | Kind::AttributeDeprecated => {
            if sql {
                "Column"
            } else {
                "Property"
            }
        }
        Kind::EnumValueAdded | Kind::EnumValueRemoved => "Value",
        _ => {
            let name = change.kind.name();
            return capital(&name.rsplit_once('-').map_or(name.as_str(), |(word, _)| word).replace('-', " "));
        }
    };
    word.to_string()
}

/// `` `refunded` of `Order.status` ``; the subject alone where nothing inside it is meant.
fn of(change: &ChangeItem, subject: &str) -> String {
    let inside = match change.kind {
        ChangeKind::EnumValueAdded | ChangeKind::EnumValueRemoved | ChangeKind::KeyAdded | ChangeKind::KeyRemoved => {
            let own = (!change.detail.is_empty()).then_some(change.detail.as_str());
            own.or(change.after.as_deref()).or(change.before.as_deref()).unwrap_or_default()
        }
        ChangeKind::AttributeAdded
        | ChangeKind::AttributeRemoved
        | ChangeKind::EntityAdded
        | ChangeKind::EntityRemoved => "",
        _ => change.detail.as_str(),
    };
    match inside {
        "" => subject.to_string(),
        inside if change.subject.ends_with(inside) => subject.to_string(),
        // Words about a key hold names in backquotes of their own.
        inside if inside.contains('`') => format!("{} of {subject}", prose(&clip(inside, VALUE))),
        inside => format!("{} of {subject}", code(&clip(&one_line(inside), VALUE))),
    }
}

/// What it is now, where the name does not say it.
fn after(change: &ChangeItem) -> String {
    let demanded = change.kind == ChangeKind::AttributeAdded && change.layer == Layer::Api && change.breaking;
    match (change.kind, &change.after) {
        (_, Some(text)) if demanded => format!(" ({}, required)", prose(&clip(text, VALUE))),
        (
            ChangeKind::AttributeAdded | ChangeKind::AttributeDeprecated | ChangeKind::OperationDeprecated,
            Some(text),
        ) => {
            format!(" ({})", prose(&clip(text, VALUE)))
        }
        _ => String::new(),
    }
}

/// ` 50 → 100`
fn values(change: &ChangeItem) -> String {
    let side =
        |text: &Option<String>| text.as_ref().map_or("–".to_string(), |text| code(&clip(&one_line(text), VALUE)));
    match (&change.before, &change.after) {
        (None, None) => String::new(),
        (before, after) => format!(" {} → {}", side(before), side(after)),
    }
}
