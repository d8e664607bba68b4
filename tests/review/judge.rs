//! What holds for every payload.

use std::collections::{BTreeMap, BTreeSet};

use driftline::report::markdown::KEY;
use driftline::report::review::{Provider, fingerprints};
use driftline::rules::Status;
use serde_json::Value;

use super::Case;
use super::shown::{Hunk, Shown};

/// Numbers about a payload.
#[derive(Debug, Default, Clone, Copy)]
pub struct Counts {
    pub lines: usize,
    pub files: usize,
    pub body: usize,
    pub left_out: usize,
    pub suggestions: usize,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.lines += other.lines;
        self.files += other.files;
        self.body += other.body;
        self.left_out += other.left_out;
        self.suggestions += other.suggestions;
    }
}

/// Both payloads of a comparison: every comment is on a line that all of `shown` show, nothing is lost, nothing is told
/// twice, and a second run has nothing to say.
pub fn judge(case: &mut Case, shown: &[Shown], name: &str) -> Counts {
    let mut counts = Counts::default();
    for provider in [Provider::GitHub, Provider::GitLab] {
        let payload = case.payload(provider);
        for comment in comments(&payload) {
            for shown in shown {
                if let Err(why) = placed(comment, shown) {
                    panic!("{name}: {why}: {comment:#}");
                }
            }
        }
        for body in bodies(&payload) {
            harmless(body, name);
        }
        let told = everything(case, &payload, name);
        if provider == Provider::GitHub {
            counts += told;
        }
        let again = case.again(provider, &payload);
        assert!(again["review"].is_null(), "{name}: {again}");
        assert!(list(&again["files"]).is_empty() && list(&again["discussions"]).is_empty(), "{name}: {again}");
        assert!(list(&again["resolved"]).is_empty(), "{name}: {again}");
    }
    counts
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// What stands at lines or files, of either provider.
fn comments(payload: &Value) -> Vec<&Value> {
    let lines = list(&payload["review"]["comments"]);
    assert!(lines.len() <= 30 && list(&payload["files"]).len() <= 10);
    lines.iter().chain(list(&payload["files"])).chain(list(&payload["discussions"])).collect()
}

fn bodies(payload: &Value) -> Vec<&str> {
    let texts = [&payload["review"], &payload["summary"], &payload["note"]];
    let texts = texts.into_iter().chain(comments(payload));
    texts.filter_map(|value| value["body"].as_str()).collect()
}

/// A comment is on lines of one hunk, or at a file that differs; what is wrong with it otherwise.
pub fn placed(comment: &Value, shown: &Shown) -> Result<(), &'static str> {
    if let Some(position) = comment.get("position") {
        let path = position["new_path"].as_str().ok_or("no path")?;
        let (old_path, hunks) = shown.0.get(path).ok_or("no such file")?;
        // What one provider takes for renamed is deleted and added to another.
        let old = position["old_path"].as_str().ok_or("no old path")?;
        if old != old_path && !(old_path == path && shown.0.contains_key(old)) {
            return Err("the old path is another one");
        }
        let is_file = position["position_type"] == "file";
        return (is_file || hunks.iter().any(|hunk| discussed(position, hunk))).then_some(()).ok_or("no hunk has it");
    }
    let Some(path) = comment["path"].as_str() else { return Ok(()) };
    let (_, hunks) = shown.0.get(path).ok_or("no such file")?;
    if comment["subject_type"] == "file" {
        return Ok(());
    }
    let side = comment["side"].as_str().ok_or("no side")?;
    let line = number(comment, "line").ok_or("no line")?;
    let start = number(comment, "start_line");
    if start.is_some_and(|start| start >= line) || comment.get("start_side").is_some_and(|s| s != side) {
        return Err("start and end");
    }
    let has =
        |hunk: &Hunk, line: u32| if side == "LEFT" { hunk.left.contains(&line) } else { hunk.right.contains(&line) };
    let fits = |hunk: &Hunk| has(hunk, line) && start.is_none_or(|start| has(hunk, start));
    hunks.iter().any(fits).then_some(()).ok_or("no hunk has it")
}

fn number(value: &Value, name: &str) -> Option<u32> {
    value.get(name).and_then(Value::as_u64).map(|number| number as u32)
}

/// A position of GitLab: an added line by its new number, a deleted one by its old number, an unchanged one by both.
fn discussed(position: &Value, hunk: &Hunk) -> bool {
    let is_line = |value: &Value| match (number(value, "old_line"), number(value, "new_line")) {
        (Some(old), Some(new)) => hunk.both.contains(&(old, new)),
        (Some(old), None) => hunk.left.contains(&old),
        (None, Some(new)) => hunk.right.contains(&new) && !hunk.both.iter().any(|(_, n)| *n == new),
        (None, None) => false,
    };
    let end = |value: &Value| {
        let code = value["line_code"].as_str().unwrap();
        let (path, numbers) = code.split_once('_').unwrap();
        let (old, new) = numbers.split_once('_').unwrap();
        path.len() == 40 && is_line(value) && hunk.codes.contains(&(old.parse().unwrap(), new.parse().unwrap()))
    };
    let range = position.get("line_range");
    is_line(position) && range.is_none_or(|range| end(&range["start"]) && end(&range["end"]))
}

/// Bodies are short enough, close their fences, name nobody and give no orders.
fn harmless(body: &str, name: &str) {
    assert!(body.len() <= 60_000 && !body.is_empty(), "{name}: {}", body.len());
    let mut fence: Option<String> = None;
    let mut prose = String::new();
    for line in body.lines() {
        let text = line.trim_start();
        let ticks: String = text.chars().take_while(|c| *c == '`').collect();
        match &fence {
            Some(open) => {
                if ticks.len() >= open.len() && text.trim_end() == ticks {
                    fence = None;
                }
            }
            None if ticks.len() >= 3 && !text[ticks.len()..].contains('`') => fence = Some(ticks),
            None => {
                assert!(!text.starts_with('/'), "{name}: a quick action of GitLab: {line}");
                prose.push_str(line);
                prose.push('\n');
            }
        }
    }
    assert_eq!(fence, None, "{name}: open fence in\n{body}");
    let prose = without_code(&prose);
    let pings = |at: usize| prose[at + 1..].chars().next().is_some_and(|c| c.is_alphanumeric());
    assert!(!prose.match_indices('@').any(|(at, _)| pings(at)), "{name}: @name in\n{body}");
}

/// Text without its code spans.
fn without_code(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('`') {
        out.push_str(&rest[..at]);
        if out.ends_with('\\') {
            out.push('`');
            rest = &rest[at + 1..];
            continue;
        }
        let ticks = rest[at..].chars().take_while(|c| *c == '`').count();
        let inside = &rest[at + ticks..];
        let closing = inside.match_indices('`').map(|(at, _)| at).find(|at| {
            let before = inside[..*at].ends_with('`');
            !before && inside[*at..].chars().take_while(|c| *c == '`').count() == ticks
        });
        match closing {
            Some(end) => rest = &inside[end + ticks..],
            None => {
                out.push_str(&rest[at..at + ticks]);
                rest = inside;
            }
        }
    }
    out + rest
}

/// Comments, files, text and what is left out are the introduced findings, each once.
fn everything(case: &Case, payload: &Value, name: &str) -> Counts {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut add = |text: &str| {
        let marked = text.split("driftline:finding:").skip(1).map(|rest| &rest[..35]).collect::<Vec<_>>().join(" ");
        let found = fingerprints(if text.starts_with("v1:") { text } else { &marked }, KEY);
        assert!(marked.is_empty() || marked.split(' ').count() == found.len(), "{name}: a finding twice in one text");
        found.iter().for_each(|one| *seen.entry(one.clone()).or_default() += 1);
        found.len()
    };
    let mut counts = Counts::default();
    for one in comments(payload) {
        let body = one["body"].as_str().unwrap();
        counts.lines += add(body);
        counts.suggestions += body.matches("```suggestion").count();
    }
    counts.files =
        list(&payload["files"]).iter().map(|one| fingerprints(one["body"].as_str().unwrap(), KEY).len()).sum();
    counts.lines -= counts.files;
    counts.body = payload["review"]["body"].as_str().map_or(0, &mut add);
    for one in list(&payload["left_out"]) {
        assert!(!one["why"].as_str().unwrap().is_empty());
        counts.left_out += add(one["fingerprint"].as_str().unwrap());
    }
    let introduced: BTreeSet<String> =
        case.report.of(Status::Introduced).map(|item| item.fingerprint.clone()).collect();
    assert!(seen.values().all(|times| *times == 1), "{name}: told twice: {seen:?}");
    assert_eq!(seen.into_keys().collect::<BTreeSet<_>>(), introduced, "{name}");
    counts
}
