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
use std::sync::OnceLock;

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
    /// The document, which the published schema takes.
    pub fn payload(&self, provider: Provider) -> Value {
        let payload = serde_json::from_str(&review::render(&self.report, &self.context, provider, None)).unwrap();
        published(&payload);
        payload
    }

    /// The same, when what `before` sends is posted.
    pub fn again(&mut self, provider: Provider, before: &Value) -> Value {
        let sent =
            ["review", "files", "discussions"].map(|part| before.get(part).map(Value::to_string).unwrap_or_default());
        self.context.posted = review::fingerprints(&sent.join("\n"), &self.context.key);
        let payload = self.payload(provider);
        self.context.posted.clear();
        payload
    }
}

/// Holds a payload against `docs/review.schema.json`.
#[track_caller]
pub fn published(payload: &Value) {
    static SCHEMA: OnceLock<jsonschema::Validator> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| {
        let text = include_str!("../../docs/review.schema.json");
        jsonschema::validator_for(&serde_json::from_str(text).unwrap()).unwrap()
    });
    let wrong: Vec<String> = schema.iter_errors(payload).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{}\n{payload:#}", wrong.join("\n"));
}

#[test]
fn the_schema_refuses_what_is_no_review() {
    let refused = |payload: Value| std::panic::catch_unwind(|| published(&payload)).is_err();
    assert!(refused(serde_json::json!({})));
    let empty = |provider: &str, more: &str| {
        let text =
            format!("{{\"version\": 1, \"provider\": \"{provider}\", \"resolved\": [], \"left_out\": [] {more}}}");
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let github = r#", "review": null, "files": [], "summary": {"marker": "m", "body": "b"}"#;
    published(&empty("github", github));
    assert!(refused(empty("github", &github.replace("null", r#"{"comments": []}"#))));
    assert!(refused(empty("gitlab", github)));
    published(&empty("gitlab", r#", "discussions": [], "note": {"marker": "m", "body": "b"}"#));
}
