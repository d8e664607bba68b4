//! The payloads of the review outputs, judged by others: `git diff` says which lines a review shows, a small server plays
//! the providers, and the documentation's commands are run.

#[path = "../support/dice.rs"]
mod dice;
mod judge;
mod options;
mod posting;
mod random;
mod real;
mod server;
mod shown;
mod suggested;
#[path = "../support/repo.rs"]
mod support;

use std::path::Path;

use driftline::check::{self, Settings};
use driftline::config::Date;
use driftline::report::Report;
use driftline::report::review::{self, Context, Provider, Refs};
use driftline::revision::{self, Request};
use serde_json::Value;

/// One comparison and what reviews need of it.
pub struct Case {
    pub report: Report,
    pub context: Context,
}

/// `None` when there is nothing to compare.
pub fn case(dir: &Path, range: &str) -> Option<Case> {
    let request = Request::of([range]);
    let compared = revision::open(dir, &request).ok()?;
    let patch = revision::patch(dir, &request, &compared).unwrap()?;
    let settings = Settings { outline: true, ..Settings::on(Date { year: 2026, month: 11, day: 20 }) };
    let report = check::run(&compared, &settings).ok()?.report;
    let context = Context {
        patch,
        key: "default".into(),
        posted: Default::default(),
        request_changes: false,
        refs: Refs::default(),
    };
    Some(Case { report, context })
}

impl Case {
    pub fn payload(&self, provider: Provider) -> Value {
        serde_json::from_str(&review::render(&self.report, &self.context, provider, None)).unwrap()
    }

    /// The same, when what `before` sends is posted.
    pub fn again(&mut self, provider: Provider, before: &Value) -> Value {
        let sent =
            ["review", "files", "discussions"].map(|part| before.get(part).map(Value::to_string).unwrap_or_default());
        self.context.posted = review::fingerprints(&sent.join("\n"));
        let payload = self.payload(provider);
        self.context.posted.clear();
        payload
    }
}
