//! `--output allow`: what it prints is a configuration, also for nasty names, and accepts the very findings once reasons are
//! there.

use driftline::config;
use driftline::report::{Options, Report, allow};
use driftline::rules::Status;

use super::bench::{Bench, everything, nasty, one};

/// The entries, once people have written why.
fn entries(report: &Report) -> Vec<config::Allow> {
    let text = allow::render(report).replace("reason: \"\"", "reason: meant");
    config::parse(text.as_bytes(), "driftline.yaml").unwrap_or_else(|e| panic!("{e}\n{text}")).allow
}

#[test]
fn golden() {
    insta::assert_snapshot!("allow_one", allow::render(&one().report(Options::default())));
    insta::assert_snapshot!("allow_clean", allow::render(&Bench::new().report(Options::default())));
    insta::assert_snapshot!("allow_nasty", allow::render(&nasty().report(Options::default())));
}

#[test]
fn every_introduced_finding_has_its_entry() {
    for bench in [Bench::new(), one(), nasty(), everything()] {
        let report = bench.report(Options::default());
        let prints: Vec<Option<String>> = report.of(Status::Introduced).map(|i| Some(i.fingerprint.clone())).collect();
        let subjects: Vec<Option<String>> =
            report.of(Status::Introduced).map(|i| Some(i.finding.subject.clone())).collect();
        let entries = entries(&report);
        assert_eq!(entries.iter().map(|e| e.fingerprint.clone()).collect::<Vec<_>>(), prints);
        assert_eq!(entries.iter().map(|e| e.subject.clone()).collect::<Vec<_>>(), subjects);
        for item in report.of(Status::Introduced) {
            let line = format!("allow: [{}]", allow::entry(item));
            let parsed = config::parse(line.as_bytes(), "x").unwrap_or_else(|e| panic!("{e}\n{line}"));
            assert_eq!(parsed.allow[0].fingerprint.as_ref(), Some(&item.fingerprint));
        }
    }
}
