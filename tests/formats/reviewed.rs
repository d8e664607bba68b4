//! Golden reviews: comments at lines of a hand-made difference, at a file, in the text, and what is left out.

use driftline::model::Origin;
use driftline::model::patch::{FilePatch, Hunk, LineKind, Patch, PatchLine};
use driftline::report::markdown::KEY;
use driftline::report::review::{Context, Provider, Refs, fingerprints, render};
use driftline::report::{Landmark, Options, Report};
use driftline::rules::Severity;
use serde_json::Value;

use super::bench::{Bench, everything, finding, nasty, one};

/// The difference between the contracts of the bench: line 7 and line 10 changed.
fn contract() -> FilePatch {
    let mut lines = Vec::new();
    for number in 4..=10 {
        let kinds = match number {
            7 | 10 => vec![LineKind::Deleted, LineKind::Added],
            _ => vec![LineKind::Context],
        };
        lines.extend(kinds.into_iter().map(|kind| PatchLine { kind, old: number, new: number }));
    }
    let path = || Some("api/openapi.yaml".into());
    FilePatch { old_path: path(), new_path: path(), hunks: vec![Hunk { lines }] }
}

fn context() -> Context {
    let path = || Some("db/migrations/000001_orders.up.sql".into());
    let sql = FilePatch { old_path: path(), new_path: path(), hunks: Vec::new() };
    let commit = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d".to_string();
    Context {
        patch: Patch { base: commit.clone(), head: Some("9f".repeat(20)), files: vec![contract(), sql] },
        key: "default".into(),
        posted: Default::default(),
        request_changes: false,
        refs: Refs { base: Some(commit.clone()), start: Some(commit), head: Some("9f".repeat(20)) },
    }
}

fn review(bench: Bench, provider: Provider) -> String {
    // What the summary says is held by the goldens of the Markdown comment.
    let mut value: Value = document(&bench.report(Options { outline: true, ..Options::default() }), provider);
    for part in ["summary", "note"] {
        if let Some(body) = value.get_mut(part).and_then(|part| part.get_mut("body")) {
            *body = body.as_str().unwrap().lines().next().unwrap().into();
        }
    }
    serde_json::to_string_pretty(&value).unwrap()
}

fn document(report: &Report, provider: Provider) -> Value {
    serde_json::from_str(&render(report, &context(), provider, None)).unwrap()
}

#[test]
fn github_review_golden() {
    insta::assert_snapshot!("github_review", review(everything(), Provider::GitHub));
    insta::assert_snapshot!("github_review_one", review(one(), Provider::GitHub));
    insta::assert_snapshot!("github_review_nasty", review(nasty(), Provider::GitHub));
    insta::assert_snapshot!("github_review_clean", review(Bench::new(), Provider::GitHub));
}

#[test]
fn gitlab_review_golden() {
    insta::assert_snapshot!("gitlab_review", review(everything(), Provider::GitLab));
    insta::assert_snapshot!("gitlab_review_one", review(one(), Provider::GitLab));
    insta::assert_snapshot!("gitlab_review_nasty", review(nasty(), Provider::GitLab));
    insta::assert_snapshot!("gitlab_review_clean", review(Bench::new(), Provider::GitLab));
}

#[test]
fn a_part_is_the_value_inside() {
    let report = one().report(Options::default());
    let whole = document(&report, Provider::GitHub);
    for part in Provider::GitHub.parts() {
        let alone: Value = serde_json::from_str(&render(&report, &context(), Provider::GitHub, Some(part))).unwrap();
        assert_eq!(alone, whole[*part], "{part}");
    }
    let clean = Bench::new().report(Options::default());
    assert_eq!(render(&clean, &context(), Provider::GitHub, Some("review")), "null\n");
}

/// More findings than a review takes: the worst are at lines, the rest is in the text until that is full.
#[test]
fn caps_keep_the_worst() {
    for (count, long) in [(100, false), (1000, false), (60, true)] {
        let mut bench = Bench::new();
        let text = "line\n".repeat(count);
        for number in 0..count {
            let severity = if number % 2 == 0 { Severity::Warning } else { Severity::Error };
            let mut one = finding("enum-value-added", severity, &format!("Entity{number}.attribute"));
            one.message = "words ".repeat(if long { 4000 } else { 20 });
            one.head = Some(bench.at(&format!("api/{number}.yaml"), &text, "line"));
            bench.found.changes.push(one);
        }
        let mut context = context();
        let line = PatchLine { kind: LineKind::Added, old: 0, new: 1 };
        let file = |number: usize| FilePatch {
            old_path: None,
            new_path: Some(format!("api/{number}.yaml").into()),
            hunks: vec![Hunk { lines: vec![line] }],
        };
        context.patch.files = (0..count).map(file).collect();
        let report = bench.report(Options { outline: true, ..Options::default() });
        let text = render(&report, &context, Provider::GitHub, None);
        let value: Value = serde_json::from_str(&text).unwrap();
        let comments = value["review"]["comments"].as_array().unwrap();
        assert_eq!(comments.len(), 30);
        assert!(comments.iter().all(|comment| comment["body"].as_str().unwrap().starts_with("**error**")));
        let body = value["review"]["body"].as_str().unwrap();
        assert!(body.len() <= 60_000 && body.contains("<details>"), "{}", body.len());
        let markers = text.matches("driftline:finding:").count() + value["left_out"].as_array().unwrap().len();
        assert_eq!(markers, count);
        // What has no room counts as posted all the same: the next run does not go on with it.
        assert_eq!(fingerprints(body, KEY).len() + comments.len(), count);
    }
}

/// A file of head in which lines 20 to 24 are new, and line 20 stands for three that are gone.
fn patched(path: &str) -> FilePatch {
    let line = |kind, old, new| PatchLine { kind, old, new };
    let gone = (18..21).map(|old| line(LineKind::Deleted, old, 20));
    let new = (20..25).map(|new| line(LineKind::Added, 21, new));
    let after = (0..3).map(|n| line(LineKind::Context, 21 + n, 25 + n));
    let lines = gone.chain(new).chain(after).collect();
    FilePatch { old_path: Some(path.into()), new_path: Some(path.into()), hunks: vec![Hunk { lines }] }
}

/// The first place that a review can have, by what is shown.
#[test]
fn where_comments_stand() {
    let text = "line\n".repeat(60);
    let at = |bench: &Bench, path: &str, first: usize, last: usize| {
        let whole = bench.at(path, &text, "");
        Origin::new(whole.file, 5 * (first - 1), 5 * last - 1)
    };
    type Range = (usize, usize);
    let mark = |name: &str, line, end_line| Landmark { path: "a.yaml".into(), line, end_line, name: name.into() };
    // head, base, the other end, and what the comment is: side, first and last line, whether it says what it is about.
    type Case<'a> = (Option<Range>, Option<Range>, Option<Range>, &'a str);
    let cases: [Case; 15] = [
        (Some((21, 21)), Some((19, 19)), None, "RIGHT 21-21"),
        (Some((22, 23)), None, None, "RIGHT 22-23"),
        (Some((25, 26)), None, None, "RIGHT 25-26"),
        // What is around something that was taken out is no better place than the deleted line.
        (Some((25, 26)), Some((20, 20)), None, "LEFT 20-20"),
        (Some((26, 40)), None, None, "RIGHT 26-27"),
        (Some((1, 60)), None, None, "RIGHT 20-27"),
        (None, Some((19, 20)), None, "LEFT 19-20"),
        (None, Some((1, 60)), None, "LEFT 18-20"),
        (Some((50, 50)), Some((18, 18)), None, "LEFT 18-18"),
        // Far from every line that is shown: the other end, if the change touches it.
        (Some((50, 50)), None, Some((22, 22)), "RIGHT 22-22 about"),
        (Some((50, 50)), None, Some((26, 26)), "file about"),
        // The nearest line of the entity around it.
        (Some((15, 15)), None, None, "RIGHT 20-20 about"),
        (Some((30, 30)), None, None, "RIGHT 27-27 about"),
        (Some((5, 5)), None, None, "file about"),
        // Gone from where nothing is deleted: the entity by its name.
        (None, Some((40, 40)), None, "RIGHT 20-20 about"),
    ];
    for (head, base, other, want) in cases {
        let mut bench = Bench::new();
        let mut one = finding("property-removed", Severity::Error, "Order.note");
        one.head = head.map(|(first, last)| at(&bench, "a.yaml", first, last));
        one.base = base.map(|(first, last)| at(&bench, "a.yaml", first, last));
        one.related =
            other.map(|(first, last)| ("orders.note".into(), at(&bench, "a.yaml", first, last))).into_iter().collect();
        bench.found.changes.push(one);
        let mut report = bench.report(Options::default());
        report.outline = vec![mark("Item", 1, 9), mark("Order", 10, 45), mark("Other", 46, u32::MAX)];
        let mut context = context();
        context.patch.files = vec![patched("a.yaml")];
        assert_eq!(place(&report, &context), want, "{head:?} {base:?} {other:?}");
        if want.starts_with("LEFT") {
            // Numbers of another base say nothing about the lines that are shown.
            context.patch.base = "0".repeat(40);
            assert!(!place(&report, &context).starts_with("LEFT"));
        }
        context.patch.files.clear();
        assert_eq!(place(&report, &context), "body about");
    }
}

fn place(report: &Report, context: &Context) -> String {
    let payload: Value = serde_json::from_str(&render(report, context, Provider::GitHub, None)).unwrap();
    let about = |body: &Value| if body.as_str().unwrap().contains("About `Order.note`") { " about" } else { "" };
    if let Some(comment) = payload["review"]["comments"].get(0) {
        let first = comment.get("start_line").unwrap_or(&comment["line"]);
        let side = comment["side"].as_str().unwrap();
        return format!("{side} {first}-{}{}", comment["line"], about(&comment["body"]));
    }
    match payload["files"].get(0) {
        Some(file) => format!("file{}", about(&file["body"])),
        None => format!("body{}", about(&payload["review"]["body"])),
    }
}
