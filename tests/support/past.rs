//! Examples and tests that have a history.

use driftline::config::{Config, Date};
use driftline::debt::age::Ages;
use driftline::model::Lives;
use driftline::model::past::{Commit, End, Past};
use driftline::revision::Tree;
use driftline::rules::{self, Finding, Looking};
use driftline::{check, history, policy};

use super::File;
use super::page::{Fence, In};

/// The files of each commit, by its day; the oldest first.
pub type Revisions = Vec<(Date, Vec<File>)>;

/// A finding with what the tests ask of it.
pub struct Told {
    pub finding: Finding,
    /// Path and 1-based line.
    pub at: Option<(String, u32)>,
    /// Day of the commit since which it is so, and what that did.
    pub since: Option<(Date, String)>,
}

/// What the dated fences of an example tell; nothing where it has none.
pub fn revisions(fences: &[Fence]) -> Revisions {
    let mut days: Vec<Date> =
        fences.iter().filter_map(|f| if let In::Since(day) = f.side { Some(day) } else { None }).collect();
    days.sort();
    days.dedup();
    let by = |day: Date| {
        let mut files: Vec<File> = Vec::new();
        for fence in fences.iter().filter(|f| !matches!(f.side, In::Since(other) if other > day)) {
            files.retain(|(path, _)| *path != fence.path);
            files.push((fence.path.clone(), fence.text.clone()));
        }
        files
    };
    days.into_iter().map(|day| (day, by(day))).collect()
}

pub fn past(revisions: &Revisions, config: &Config, end: End) -> Past {
    let commit = |day: Date| Commit {
        id: format!("{:0<40}", day.to_string().replace('-', "")),
        author: "Ada".into(),
        email: "ada@example.com".into(),
        time: day.days() * 86_400,
        date: day,
        subject: format!("Work of {day}"),
        events: Vec::new(),
    };
    let all = revisions.iter().map(|(day, files)| (commit(*day), tree(files))).collect();
    Past { end, ..history::memory::told(all, config) }
}

/// The debt of the last revision, as far as the levels of its configuration let it speak.
pub fn debt(revisions: &Revisions, today: Date, end: End) -> Vec<Told> {
    debt_after(&past(revisions, &config(revisions, today), end), revisions, today)
}

fn config(revisions: &Revisions, today: Date) -> Config {
    let head = tree(revisions.last().map_or(&[], |(_, files)| files.as_slice()));
    check::Settings::on(today).config(&head).expect("the configuration is right")
}

/// The same where something else is known of the past.
pub fn debt_after(past: &Past, revisions: &Revisions, today: Date) -> Vec<Told> {
    let head = tree(revisions.last().map_or(&[], |(_, files)| files.as_slice()));
    let config = config(revisions, today);
    let lives = Lives::of(past);
    let side = check::understand(&head, &config);
    let levels = policy::Levels::of(&config);
    let state = rules::Side { model: &side.model, links: &side.links, limits: &config.debt };
    let ages = Ages::of(&side.model, &lives);
    let told = |mut finding: Finding| {
        let at = finding.head.map(|origin| side.files.locate(origin)).map(|at| (at.path.to_string(), at.line));
        finding.severity = levels.at(&finding, at.as_ref().map_or("", |(path, _)| path))?;
        let since = ages.since(&finding).map(|since| (since.commit.date, since.what));
        Some(Told { finding, at, since })
    };
    rules::engine::debt(state, Looking { lives: &lives, today }).into_iter().filter_map(told).collect()
}

fn tree(files: &[File]) -> Tree {
    Tree::from_memory("memory", files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())))
}
