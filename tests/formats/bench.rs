//! Reports made by hand: nothing, one finding, one of everything, names as an attacker would choose them.

use driftline::config::{Config, Date};
use driftline::model::origin::Origin;
use driftline::model::{Change, ChangeKind, Effect, Flow, Flows, Layer, Model, Usage, Witness, WitnessKind};
use driftline::policy::{self, Found, Gate, Permissions, Said};
use driftline::release::{Consistent, Event, Phase, Release, Step};
use driftline::report::{self, Comparison, Material, Options, Report, Revision};
use driftline::rules::{Finding, Severity, Status, find};
use driftline::source::{Files, Sources};

/// What a report is made of, made by hand.
pub struct Bench {
    pub files: Files,
    pub found: Found,
    pub changes: Vec<Change>,
    pub config: Config,
    pub head: Model,
    pub release: Release,
}

pub const CONTRACT: &str = "\
openapi: 3.1.0
components:
  schemas:
    Order:
      properties:
        status:
          enum: [pending, paid, shipped]
        note:
          type: string
          maxLength: 255
";

impl Bench {
    pub fn new() -> Self {
        Self {
            files: Files::default(),
            found: Found::default(),
            changes: Vec::new(),
            config: Config::default(),
            head: Model::default(),
            release: Release::default(),
        }
    }

    /// The span of `words` in a file; an empty text is the start of the file.
    pub fn at(&self, path: &str, text: &str, words: &str) -> Origin {
        let id = self.files.add(path, text, text.as_bytes().to_vec());
        let start = text.find(words).unwrap();
        Origin::new(id, start, start + words.len())
    }

    pub fn report(self, options: Options) -> Report {
        let side = Model::default();
        let sources = Sources::default();
        let today = Date { year: 2026, month: 11, day: 20 };
        let complete = self.head.problems.is_empty();
        let gate = Gate { fail_on: Some(Severity::Error), debt: false, readable: complete };
        let said = Said { allow: &self.config.allow, ..Said::default() };
        let permissions = Permissions::of(said, Said::default(), &self.files);
        let judgement = policy::judge(self.found, &self.config, &permissions, today, &self.files, gate);
        let commit = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d".to_string();
        Report::new(
            Material {
                comparison: Comparison {
                    base: Revision { spec: "main".into(), commit: Some(commit.clone()) },
                    head: Revision { spec: "WORKTREE".into(), commit: None },
                    merge_base: Some(commit),
                },
                configuration: None,
                base: report::Side { model: &side, sources: &sources, links: &[] },
                head: report::Side { model: &self.head, sources: &sources, links: &[] },
                files: &self.files,
                changes: &self.changes,
                judgement,
                release: self.release,
                complete,
                notes: vec!["api/orders.yaml was renamed to api/openapi.yaml".into()],
            },
            options,
        )
    }
}

pub fn finding(rule: &str, severity: Severity, subject: &str) -> Finding {
    Finding {
        rule: find(rule).unwrap(),
        severity,
        status: Status::Introduced,
        subject: subject.into(),
        detail: String::new(),
        flow: Some(Flow::Out),
        message: format!("something happened to `{subject}`."),
        help: format!("Keep `{subject}`."),
        before: None,
        after: None,
        witness: None,
        base: None,
        head: None,
        usages: Vec::new(),
        links: Vec::new(),
        related: Vec::new(),
        parts: Vec::new(),
        since: None,
        suggestion: None,
    }
}

/// One of everything: a change on both sides, something gone, a state that was there before, an accepted finding.
pub fn everything() -> Bench {
    let mut bench = Bench::new();
    let head = CONTRACT.replace("shipped]", "shipped, refunded]").replace("255", "100");
    let usage = |operation: &str| Usage {
        operation: operation.into(),
        flow: Flow::Out,
        location: "response 200 application/json".into(),
        path: "$.items[].status".into(),
        origin: bench.at("api/openapi.yaml", CONTRACT, "openapi"),
    };
    let value = Finding {
        before: Some("pending, paid, shipped".into()),
        after: Some("pending, paid, shipped, refunded".into()),
        witness: Some(Witness {
            kind: WitnessKind::Json,
            value: "refunded".into(),
            accepted_by: "head",
            refused_by: "base",
        }),
        base: Some(bench.at("api/openapi.yaml", CONTRACT, "[pending, paid, shipped]")),
        head: Some(bench.at("api/openapi.yaml", &head, "refunded")),
        usages: ["GET /orders", "GET /orders/{id}", "POST /orders", "POST /orders/{id}/refunds"].map(usage).to_vec(),
        links: vec!["orders.status".into()],
        ..finding("enum-value-added", Severity::Error, "Order.status")
    };
    let length = Finding {
        before: Some("255".into()),
        after: Some("100".into()),
        flow: Some(Flow::In),
        base: Some(bench.at("api/openapi.yaml", CONTRACT, "maxLength: 255")),
        head: Some(bench.at("api/openapi.yaml", &head, "maxLength: 100")),
        ..finding("enum-value-removed", Severity::Warning, "Order.note")
    };
    let sql = "CREATE TABLE orders (\n\tid uuid PRIMARY KEY,\n\tlegacy_code varchar(20) NOT NULL\n);\n";
    let gone = Finding {
        before: Some("character varying(20)".into()),
        base: Some(bench.at("db/migrations/000001_orders.up.sql", sql, "legacy_code varchar(20) NOT NULL")),
        help: "Stop using it first, then drop it in a later release:\n\nALTER TABLE orders DROP COLUMN legacy_code;"
            .into(),
        ..finding("property-removed", Severity::Error, "orders.legacy_code")
    };
    let accepted = finding("property-removed", Severity::Error, "orders.old");
    let state = |severity, words: &str| Finding {
        head: Some(bench.at("api/openapi.yaml", &head, words)),
        ..finding("file-unreadable", severity, words)
    };
    let (old, new) = (state(Severity::Note, "Order:"), state(Severity::Note, "note:"));
    bench.found.base = vec![Finding { base: old.head, head: None, ..old.clone() }];
    bench.found.head = vec![old, new];
    bench.changes.push(Change {
        layer: Layer::Api,
        kind: ChangeKind::EnumValueAdded,
        subject: "Order.status".into(),
        detail: "refunded".into(),
        before: None,
        after: Some("refunded".into()),
        effect: Effect::Widens,
        flows: Flows::OUT,
        base: value.base,
        head: value.head,
        usages: Vec::new(),
        lost: None,
        gained: None,
        facts: Default::default(),
        parts: Vec::new(),
    });
    bench.found.changes = vec![length, gone, value, accepted];
    let allow = "allow:\n  - { rule: property-removed, subject: orders.old, reason: unused, until: 2026-12-31 }\n  \
                 - { rule: property-removed, subject: orders.older, reason: gone }\n";
    bench.config = driftline::config::parse(allow.as_bytes(), "driftline.yaml").unwrap();
    bench
}

/// Names as an attacker would choose them.
pub fn nasty() -> Bench {
    let mut bench = Bench::new();
    let text = "a: \u{1b}[31mred | `code` @everyone #1 <script> ]]> 🎉\t漢字 x\n";
    let subject = "Or|der.`@root` <img> #12 \u{1b}]8;;http://x\u{7}";
    bench.found.changes.push(Finding {
        message: format!(
            "`{subject}` changed *a lot*, 100%:\n::error::in [link](x) by \"@someone\", it's #7 ~~not~~ <b> ]]> 🎉."
        ),
        before: Some("a | b `c`".into()),
        after: Some("```".into()),
        head: Some(bench.at("we ird, 50%|@x.yaml", text, "漢字")),
        ..finding("enum-value-added", Severity::Error, subject)
    });
    let at = bench.at("we ird, 50%|@x.yaml", text, "漢字");
    bench.release.consistent.push(Consistent {
        event: Event::Changed,
        column: subject.to_string(),
        properties: vec!["@x #1".into(), "a\nb".into()],
        what: vec!["``` → <b>".into(), "\u{1b}[31mred".into()],
        origins: vec![at],
    });
    bench.release.steps.push(Step {
        phase: Phase::After,
        missing: true,
        what: format!("Drop `{subject}` in a later release."),
        why: "This change drops it together with `@everyone`.\n# And more".into(),
        subjects: vec![subject.into()],
        properties: vec!["@everyone".into()],
        origins: vec![at],
    });
    bench
}

/// One error and nothing else.
pub fn one() -> Bench {
    let mut bench = Bench::new();
    let head = CONTRACT.replace("shipped]", "shipped, refunded]");
    bench.found.changes.push(Finding {
        after: Some("refunded".into()),
        base: Some(bench.at("api/openapi.yaml", CONTRACT, "[pending, paid, shipped]")),
        head: Some(bench.at("api/openapi.yaml", &head, "refunded")),
        ..finding("enum-value-added", Severity::Error, "Order.status")
    });
    bench
}
