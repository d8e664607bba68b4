//! The pipeline in one page: two trees and what people settled in, a report out.
//!
//! Comes in: [`Compared`] trees and [`Settings`]. Goes out: an [`Outcome`] with the report, or an [`Error`] when no
//! verdict is possible. Must not know: formats of inputs and outputs; every step is somebody else's.

pub mod debt;
mod dumps;
mod error;
mod named;
mod pairs;
mod remarks;
mod settings;
mod side;
pub mod trend;

pub use error::Error;
pub use settings::Settings;
pub use side::{Understanding, understand};

use crate::config::{self, Config, FailOnDebt, Level};
use crate::diff;
use crate::link;
use crate::model::{Change, Problem};
use crate::policy::{self, Found, Gate, Permissions, Said};
use crate::read::document::Cache;
use crate::release;
use crate::report::{self, Comparison, Report, Revision};
use crate::revision::{Compared, Tree, renames};
use crate::rules::{self, Pair, Severity};
use crate::source::{Files, Snapshot};

/// The report and what formats need beside it.
pub struct Outcome {
    pub report: Report,
    pub files: Files,
    pub config: Config,
}

/// Problems that leave nothing of the file to judge.
const BLOCKING: [&str; 4] = ["contract-unreadable", "document-invalid", "encoding-unsupported", "file-unreadable"];

/// Compares two trees.
pub fn run(compared: &Compared, settings: &Settings) -> Result<Outcome, Error> {
    run_in_steps(compared, settings, &mut |_| {})
}

/// Compares two trees, and says at the end of each step what was done.
pub fn run_in_steps(
    compared: &Compared,
    settings: &Settings,
    done: &mut dyn FnMut(&'static str),
) -> Result<Outcome, Error> {
    let config = settings.config(&compared.head)?;
    let missing = match named::check(&config, &compared.base, &compared.head) {
        Err(_) if settings.allow_empty => Vec::new(),
        said => said?,
    };
    let files = Files::default();
    let documents = Cache::default();
    let (base, mut head) = side::read_both(&compared.base, &compared.head, &files, &documents, &config);
    done("read");
    if base.is_empty() && head.is_empty() && !settings.allow_empty {
        return Err(Error::NothingFound { tried: head.sources.tried.clone() });
    }
    let mut notes = compared.notes.clone();
    notes.extend(missing);
    notes.extend(settings.ignored(&compared.head));
    let renamed =
        if pairs::may_be_renamed(&base, &head) { renames(&compared.base, &compared.head) } else { Vec::new() };
    let matched = pairs::pair(&base, &head, &renamed, &mut notes);
    let mut changes = changes(&matched);
    changes.iter_mut().for_each(|change| change.retire(settings.today));
    let strict = pairs::became_invalid(&matched, &files, &documents);
    let told = pairs::told(&base.model.problems, &head.model.problems, strict);
    head.model.problems.extend(told);
    let remarks = (
        remarks::of(&base, Snapshot::new(&compared.base, &files), &documents),
        remarks::of(&head, Snapshot::new(&compared.head, &files), &documents),
    );
    // Nobody looks at the trees of the texts from here on, and they are a good part of the memory.
    drop(documents);
    done("compared");
    let before = settings.own(&compared.base);
    let permissions = Permissions::of(
        Said { allow: &config.allow, remarks: &remarks.1 },
        Said { allow: &before.allow, remarks: &remarks.0 },
        &files,
    );
    notes.extend(relaxed(&before, &settings.own(&compared.head), &permissions));
    let settled = link::Settled(&config.links);
    notes.extend(settled.unknown(&head.model));
    let mut links = (link::link(&base.model, &settled), link::link(&head.model, &settled));
    link::carry(&base.model, &mut links.0, &head.model, &links.1);
    done("linked");
    let pair = Pair {
        base: rules::Side { model: &base.model, links: &links.0, limits: &config.debt },
        head: rules::Side { model: &head.model, links: &links.1, limits: &config.debt },
        changes: &changes,
    };
    let found = rules::engine::run(&pair);
    let release = release::of(&pair, found.changes.iter().chain(&found.head_state), settings.today);
    let blocked =
        |problems: &[Problem], rules: &[&str]| problems.iter().any(|p| p.incomplete && rules.contains(&p.rule));
    let readable = settings.allow_incomplete
        || !(blocked(&head.model.problems, &BLOCKING) || blocked(&base.model.problems, &["file-unreadable"]));
    let gate = Gate { fail_on: fail_on(settings, &config), debt: fail_on_debt(settings, &config), readable };
    let twins = policy::Twins::of(base.sql().chain(head.sql()));
    let found = Found {
        changes: twins.merge(found.changes, &files),
        base: twins.merge(found.base_state, &files),
        head: twins.merge(found.head_state, &files),
        declared: pairs::declared(&matched, &changes),
    };
    let judgement = policy::judge(found, &config, &permissions, settings.today, &files, gate);
    notes.extend(judgement.fails_for_debt());
    done("judged");
    let complete = !base.model.problems.iter().chain(&head.model.problems).any(|p| p.incomplete);

    let report = Report::new(
        report::Material {
            comparison: comparison(compared),
            configuration: settings.config_file.as_ref().map(|(path, _)| path.clone()),
            base: report::Side { model: &base.model, sources: &base.sources, links: &links.0 },
            head: report::Side { model: &head.model, sources: &head.sources, links: &links.1 },
            files: &files,
            changes: &changes,
            judgement,
            release,
            complete,
            notes,
        },
        report::Options {
            changes: settings.changes,
            all: settings.all,
            outline: settings.outline,
            pictures: settings.pictures,
        },
    );
    Ok(Outcome { report, files, config })
}

/// What head permits that base did not: a change can disarm its own check.
fn relaxed(base: &Config, head: &Config, permissions: &Permissions) -> Vec<String> {
    let spoke = |id: &str| rules::find(id).filter(|rule| rule.speaks(base.promise));
    let usual = |id: &str| spoke(id).and_then(|rule| Level::named(rule.levels.worst().name())).unwrap_or(Level::Off);
    let said = config::relaxed(base, head, usual).into_iter().chain(permissions.new_comments());
    said.map(|what| format!("this change relaxes its own check: {what}")).collect()
}

fn fail_on(settings: &Settings, config: &Config) -> Option<Severity> {
    match settings.fail_on.or(config.fail_on).unwrap_or(Level::Error) {
        Level::Off => None,
        Level::Error => Some(Severity::Error),
        Level::Warning => Some(Severity::Warning),
        Level::Note => Some(Severity::Note),
    }
}

/// Whether debt fails for being debt. Who says on the command line that nothing fails means debt, too.
fn fail_on_debt(settings: &Settings, config: &Config) -> bool {
    config.fail_on_debt == FailOnDebt::Introduced && settings.fail_on != Some(Level::Off)
}

/// All typed changes, contract by contract, then source by source.
fn changes(matched: &pairs::Matched) -> Vec<Change> {
    let mut changes = Vec::new();
    for pair in &matched.contracts {
        match pair {
            pairs::Paired::Both(base, head) if std::sync::Arc::ptr_eq(base, head) => {}
            pairs::Paired::Both(base, head) => changes.extend(diff::api::diff(base, head)),
            pairs::Paired::Base(base) => changes.push(pairs::contract_removed(base)),
            pairs::Paired::Head(head) => changes.push(pairs::contract_added(head)),
        }
    }
    for (base, head) in &matched.schemas {
        if !std::sync::Arc::ptr_eq(base, head) {
            changes.extend(diff::sql::diff(base, head));
        }
    }
    changes
}

fn comparison(compared: &Compared) -> Comparison {
    let revision = |tree: &Tree| Revision { spec: tree.spec.clone(), commit: tree.commit.clone() };
    Comparison {
        base: revision(&compared.base),
        head: revision(&compared.head),
        merge_base: compared.merge_base.clone(),
    }
}
