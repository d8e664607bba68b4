//! Golden outputs of the report formats: a clean run, one of everything, nasty text, and far too much.
//!
//! The snapshots under `tests/snapshots` are reviewed texts; `INSTA_UPDATE=always cargo test --test formats` renews them.

use driftline::config::{Config, Date};
use driftline::model::origin::{Origin, Problem};
use driftline::model::{Change, ChangeKind, Effect, Flow, Flows, Layer, Model, Usage, Witness, WitnessKind};
use driftline::policy::{self, Found, Gate};
use driftline::release::{Consistent, Event, Phase, Release, Step};
use driftline::report::{self, Comparison, Material, Options, Report, Revision, json, markdown, short, terminal};
use driftline::rules::{Finding, Severity, Status, find};
use driftline::source::{Files, Sources};

/// What a report is made of, made by hand.
struct Bench {
    files: Files,
    found: Found,
    changes: Vec<Change>,
    config: Config,
    head: Model,
    release: Release,
}

const CONTRACT: &str = "\
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
    fn new() -> Self {
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
    fn at(&self, path: &str, text: &str, words: &str) -> Origin {
        let id = self.files.add(path, text, text.as_bytes().to_vec());
        let start = text.find(words).unwrap();
        Origin::new(id, start, start + words.len())
    }

    fn report(self, options: Options) -> Report {
        let side = Model::default();
        let sources = Sources::default();
        let today = Date { year: 2026, month: 11, day: 20 };
        let complete = self.head.problems.is_empty();
        let gate = Gate { fail_on: Some(Severity::Error), readable: complete };
        let judgement = policy::judge(self.found, &self.config, today, &self.files, gate);
        let commit = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d".to_string();
        Report::new(
            Material {
                comparison: Comparison {
                    base: Revision { spec: "main".into(), commit: Some(commit.clone()) },
                    head: Revision { spec: "WORKTREE".into(), commit: None },
                    merge_base: Some(commit),
                },
                base: report::Side { model: &side, sources: &sources },
                head: report::Side { model: &self.head, sources: &sources },
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

fn finding(rule: &str, severity: Severity, subject: &str) -> Finding {
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
    }
}

/// One of everything: a change on both sides, something gone, a state that was there before, an accepted finding.
fn everything() -> Bench {
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
fn nasty() -> Bench {
    let mut bench = Bench::new();
    let text = "a: \u{1b}[31mred | `code` @everyone #1 <script>\t漢字 x\n";
    let subject = "Or|der.`@root` <img> #12 \u{1b}]8;;http://x\u{7}";
    bench.found.changes.push(Finding {
        message: format!("`{subject}` changed *a lot* in [link](x) by @someone, see #7 ~~not~~ <b>."),
        before: Some("a | b `c`".into()),
        after: Some("```".into()),
        head: Some(bench.at("we ird|@x.yaml", text, "漢字")),
        ..finding("enum-value-added", Severity::Error, subject)
    });
    let at = bench.at("we ird|@x.yaml", text, "漢字");
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

fn text(report: &Report, all: bool, colours: bool) -> String {
    terminal::render(report, terminal::Options { colours, all, columns: None })
}

#[test]
fn terminal_golden() {
    let report = everything().report(Options { all: true, ..Options::default() });
    insta::assert_snapshot!("terminal_introduced", text(&report, false, false));
    insta::assert_snapshot!("terminal_all", text(&report, true, false));
    insta::assert_snapshot!("terminal_nasty", text(&nasty().report(Options::default()), false, false));
    insta::assert_snapshot!("terminal_clean", text(&Bench::new().report(Options::default()), false, false));
}

#[test]
fn short_golden() {
    insta::assert_snapshot!("short", short::render(&everything().report(Options::default()), false));
    assert_eq!(short::render(&Bench::new().report(Options::default()), false), "");
}

#[test]
fn colours_only_add_escape_sequences() {
    let report = everything().report(Options::default());
    let (plain, coloured) = (text(&report, false, false), text(&report, false, true));
    assert!(!plain.contains('\u{1b}'));
    let mut stripped = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        stripped.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    stripped.push_str(rest);
    assert_eq!(stripped, plain);
    let nasty = text(&nasty().report(Options::default()), false, false);
    assert!(!nasty.contains('\u{1b}') && !nasty.contains('\u{7}'));
}

#[test]
fn json_golden() {
    let report = everything().report(Options { changes: true, ..Options::default() });
    let document = json::render(&report);
    insta::assert_snapshot!("json", document);
    let value: serde_json::Value = serde_json::from_str(&document).unwrap();
    let keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    let want = "version tool comparison complete verdict counts inputs findings changes problems suppressed";
    assert_eq!(keys.join(" "), want);
    let finding = value["findings"][0].as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>().join(" ");
    let want = "rule severity status category layer subject flow message help before after witness base head usages links \
                fingerprint";
    assert_eq!(finding, want);
    let without = json::render(&everything().report(Options::default()));
    assert!(!without.contains("\"changes\""));
}

#[test]
fn json_of_a_clean_run_is_a_whole_document() {
    let value: serde_json::Value =
        serde_json::from_str(&json::render(&Bench::new().report(Options::default()))).unwrap();
    assert_eq!(value["verdict"], "clean");
    assert_eq!(value["findings"], serde_json::json!([]));
    assert_eq!(value["comparison"]["head"], serde_json::json!({"spec": "WORKTREE", "commit": null}));
}

#[test]
fn markdown_golden() {
    insta::assert_snapshot!("markdown", markdown::render(&everything().report(Options::default())));
    insta::assert_snapshot!("markdown_nasty", markdown::render(&nasty().report(Options::default())));
    insta::assert_snapshot!("markdown_clean", markdown::render(&Bench::new().report(Options::default())));
}

#[test]
fn markdown_stays_below_the_limit_and_says_what_was_cut() {
    for (count, cut) in
        [(3, None), (150, Some("the snippets")), (300, Some("all details")), (5000, Some("part of the table"))]
    {
        let mut bench = Bench::new();
        for number in 0..count {
            bench.found.changes.push(Finding {
                message: "words ".repeat(40),
                head: Some(bench.at("api/openapi.yaml", CONTRACT, "status:")),
                ..finding("enum-value-added", Severity::Error, &format!("Entity{number}.attribute"))
            });
        }
        let comment = markdown::render(&bench.report(Options::default()));
        assert!(comment.len() <= markdown::LIMIT, "{count}: {}", comment.len());
        assert!(comment.contains(&format!("{count} errors")), "{count}");
        match cut {
            None => assert!(!comment.contains("too long"), "{count}"),
            Some(what) => {
                assert!(comment.contains(what), "{count}: {}", comment.lines().rev().take(5).collect::<String>())
            }
        }
        assert_eq!(comment.matches("\n```").count() % 2, 0, "{count}: fences are balanced");
        assert_eq!(comment.matches("<details>").count(), comment.matches("</details>").count(), "{count}");
    }
}

#[test]
fn what_could_not_be_read_is_said_and_leaves_no_verdict() {
    let mut bench = Bench::new();
    let origin = bench.at("db/x.sql", "CREATE TABEL x;\n", "CREATE");
    bench.head.problems.push(Problem::new("file-unreadable", "x", origin, "the statement was not understood"));
    let report = bench.report(Options::default());
    assert_eq!(report.verdict.name(), "none");
    let text = text(&report, false, false);
    assert!(text.contains("incomplete: 1 problem"), "{text}");
    let value: serde_json::Value = serde_json::from_str(&json::render(&report)).unwrap();
    assert_eq!(value["complete"], false);
    assert_eq!(value["problems"][0]["line"], 1);
}

#[test]
fn the_order_of_findings_is_severity_path_line_rule_subject() {
    let forwards = everything().report(Options::default());
    let mut bench = everything();
    bench.found.changes.reverse();
    bench.found.head.reverse();
    assert_eq!(json::render(&forwards), json::render(&bench.report(Options::default())));
}
