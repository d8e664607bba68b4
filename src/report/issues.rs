//! What all formats for other tools share: which findings they list, and the words for one.
//!
//! Such formats know problems at lines and nothing else, so what is resolved is listed only by those that have a place
//! for it. Paths and names are foreign text; every format escapes them in its own way.

use serde_json::Value;

use crate::rules::{Rule, Status};

use super::text::{clean, one_line};
use super::{Item, Report};

/// Where what concerns no file is listed: formats that want a path take the repository itself.
pub const NOWHERE: &str = ".";

/// The findings that stand in head: the introduced ones, with `all` also those that were there before.
pub fn standing(report: &Report, all: bool) -> impl Iterator<Item = &Item> {
    report.findings.iter().filter(move |item| match item.finding.status {
        Status::Introduced => true,
        Status::Existing => all,
        Status::Resolved => false,
    })
}

/// The message on one line, with what a line of the head cannot show: that it is no news, that it is gone.
pub fn message(item: &Item) -> String {
    let mut message = one_line(&item.finding.message);
    if item.finding.status != Status::Introduced {
        message.push_str(&format!(" ({})", item.finding.status.name()));
    }
    if let (None, Some(base)) = (&item.head, &item.base) {
        message.push_str(&format!(" (line {} of the base)", base.at.line));
    }
    message
}

/// What to do instead, on as many lines as it takes.
pub fn advice(item: &Item) -> Option<String> {
    let help = clean(&item.finding.help);
    let help = help.trim();
    (!help.is_empty()).then(|| format!("Instead: {help}"))
}

/// The path of the file that the finding is listed under.
pub fn path(item: &Item) -> &str {
    item.place().map_or(NOWHERE, |place| &place.at.path)
}

/// Findings by path, those of one path in the order of the report.
pub fn by_path<'a>(items: impl Iterator<Item = &'a Item>) -> Vec<(&'a str, Vec<&'a Item>)> {
    let mut files: std::collections::BTreeMap<&str, Vec<&Item>> = Default::default();
    for item in items {
        files.entry(path(item)).or_default().push(item);
    }
    files.into_iter().collect()
}

/// Where the tool lives, when its manifest says so.
pub fn tool_url() -> Option<&'static str> {
    let url = env!("CARGO_PKG_REPOSITORY");
    (!url.is_empty()).then_some(url)
}

/// The page of a rule on the forge that the tool lives on.
pub fn rule_url(rule: &Rule) -> Option<String> {
    let page = |url: &str| format!("{}/blob/v{}/docs/rules/{}.md", url, env!("CARGO_PKG_VERSION"), rule.id);
    tool_url().map(|url| page(url.trim_end_matches('/')))
}

/// A JSON object without its members that are null.
pub fn filled(mut value: Value) -> Value {
    if let Value::Object(map) = &mut value {
        map.retain(|_, member| !member.is_null());
    }
    value
}
