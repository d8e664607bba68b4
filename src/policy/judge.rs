//! The judgement: everything policy decides about a list of findings.

use crate::config::{Config, Date};
use crate::release::Declared;
use crate::rules::{Category, Finding, Severity, Status};
use crate::source::Files;

use super::fingerprint::fingerprint;
use super::levels::Levels;
use super::permission::Permissions;
use super::version::{self, Weighed};
use super::{
    allow::{self, Stale, Suppressed},
    status,
};

/// A finding after policy.
#[derive(Debug, Clone)]
pub struct Judged {
    pub finding: Finding,
    pub fingerprint: String,
}

/// What turns a judgement into a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gate {
    /// Introduced findings of this severity or worse make the verdict `findings`; `None`: none does.
    pub fail_on: Option<Severity>,
    /// Introduced debt makes it `findings` whatever its severity.
    pub debt: bool,
    /// What is compared could be read, or missing parts are accepted.
    pub readable: bool,
}

impl Gate {
    /// Whether the finding alone makes the verdict `findings`.
    pub fn stops(&self, finding: &Finding) -> bool {
        finding.status == Status::Introduced && (self.by_level(finding) || self.by_debt(finding))
    }

    /// Whether it is debt alone that makes it so.
    pub fn for_debt_alone(&self, finding: &Finding) -> bool {
        finding.status == Status::Introduced && self.by_debt(finding) && !self.by_level(finding)
    }

    fn by_level(&self, finding: &Finding) -> bool {
        self.fail_on.is_some_and(|threshold| finding.severity <= threshold)
    }

    fn by_debt(&self, finding: &Finding) -> bool {
        self.debt && finding.rule.category == Category::Debt
    }
}

/// The answer to "may this be merged".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Clean,
    Findings,
    /// Nothing but unreadable inputs was found, so what the change does is not known.
    None,
}

impl Verdict {
    pub fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Findings => "findings",
            Self::None => "none",
        }
    }
}

/// Numbers; severities count introduced findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub error: usize,
    pub warning: usize,
    pub note: usize,
    pub introduced: usize,
    pub existing: usize,
    pub resolved: usize,
    pub suppressed: usize,
}

/// What policy says.
#[derive(Debug, Clone)]
pub struct Judgement {
    pub findings: Vec<Judged>,
    pub suppressed: Vec<Suppressed>,
    pub stale: Vec<Stale>,
    pub counts: Counts,
    pub verdict: Verdict,
    /// The contracts that changed, by path.
    pub versions: Vec<Weighed>,
    /// What the verdict goes by.
    pub gate: Gate,
}

impl Judgement {
    /// Why the check fails although no level says so.
    pub fn fails_for_debt(&self) -> Option<String> {
        let alone = self.findings.iter().filter(|judged| self.gate.for_debt_alone(&judged.finding)).count();
        let what = match alone {
            0 => return None,
            1 => "1 finding fails".to_string(),
            n => format!("{n} findings fail"),
        };
        Some(format!("{what} the check for being debt, whatever the level (`fail-on-debt: introduced`)"))
    }
}

/// What the rules found.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Brought by the step from base to head.
    pub changes: Vec<Finding>,
    /// States of the base, located by `base`.
    pub base: Vec<Finding>,
    /// States of the head, located by `head`.
    pub head: Vec<Finding>,
    /// What the contracts that changed call themselves.
    pub declared: Vec<Declared>,
}

/// Judges the findings of both revisions.
pub fn judge(
    found: Found,
    config: &Config,
    permissions: &Permissions,
    today: Date,
    files: &Files,
    gate: Gate,
) -> Judgement {
    let levels = Levels::of(config);
    let levelled = |(mut finding, fingerprint): (Finding, String)| {
        let path = finding.head.or(finding.base).map(|origin| files.get(origin.file).path.clone());
        finding.severity = levels.at(&finding, path.as_deref().unwrap_or_default())?;
        Some(Judged { finding, fingerprint })
    };
    let mut judged: Vec<Judged> =
        status::resolve(found.changes, found.base, found.head).into_iter().filter_map(levelled).collect();
    let versions = version::weigh(found.declared, &judged);
    let said = versions.iter().filter_map(version::finding);
    judged.extend(said.map(|finding| (finding.clone(), fingerprint(&finding, 0))).filter_map(levelled));
    let (suppressed, stale) = allow::apply(&mut judged, permissions, today);
    let counts = count(&judged, suppressed.len());
    let hits = || judged.iter().filter(|j| gate.stops(&j.finding));
    // That a file is unreadable is an error of its own, but no answer to what the change breaks.
    let answered = gate.readable || hits().any(|j| j.finding.rule.category != Category::Input);
    let verdict = match (answered, hits().next()) {
        (false, _) => Verdict::None,
        (true, Some(_)) => Verdict::Findings,
        (true, None) => Verdict::Clean,
    };
    Judgement { findings: judged, suppressed, stale, counts, verdict, versions, gate }
}

fn count(judged: &[Judged], suppressed: usize) -> Counts {
    let mut counts = Counts { suppressed, ..Counts::default() };
    for judged in judged {
        match judged.finding.status {
            Status::Introduced => {
                counts.introduced += 1;
                match judged.finding.severity {
                    Severity::Error => counts.error += 1,
                    Severity::Warning => counts.warning += 1,
                    Severity::Note => counts.note += 1,
                }
            }
            Status::Existing => counts.existing += 1,
            Status::Resolved => counts.resolved += 1,
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{self, Promise};
    use crate::model::{Flow, Layer, Origin};
    use crate::policy::{Said, Why, fingerprint};
    use crate::rules::{Category, Check, Levels as RuleLevels, Part, Rule};

    static DROPPED: Rule = DROPPED_RULE;
    const DROPPED_RULE: Rule = Rule {
        id: "column-dropped",
        layer: Layer::Sql,
        category: Category::Breaking,
        title: "A column was dropped",
        levels: RuleLevels::Always(Severity::Error),
        promise: Promise::Wire,
        off: false,
        message: "",
        help: "",
        since: "0.1.0",
        check: Check::Problem,
        page: "",
    };

    fn finding(subject: &str) -> Finding {
        Finding {
            rule: &DROPPED,
            severity: Severity::Error,
            status: Status::Introduced,
            subject: subject.into(),
            detail: String::new(),
            flow: Some(Flow::Out),
            message: "gone".into(),
            help: String::new(),
            before: Some("text".into()),
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

    fn judged(found: Found, yaml: &str, readable: bool) -> Judgement {
        let files = Files::default();
        let id = files.add("db/one.sql", "1", b"x".to_vec());
        let mut found = found;
        found.changes.iter_mut().for_each(|f| f.head = Some(Origin::new(id, 0, 1)));
        let config = config::parse(yaml.as_bytes(), "driftline.yaml").unwrap();
        let today = Date::parse("2026-11-20").unwrap();
        let permissions = Permissions::of(Said { allow: &config.allow, ..Said::default() }, Said::default(), &files);
        let debt = config.fail_on_debt == config::FailOnDebt::Introduced;
        judge(found, &config, &permissions, today, &files, Gate { fail_on: Some(Severity::Error), debt, readable })
    }

    fn changed(subjects: &[&str]) -> Found {
        Found { changes: subjects.iter().map(|s| finding(s)).collect(), ..Found::default() }
    }

    #[test]
    fn what_sums_up_is_as_bad_as_its_parts() {
        static SUMMARY: Rule = Rule { id: "reference-changed", ..DROPPED_RULE };
        let part = |severity| Part { rule: &DROPPED, severity, flow: None };
        let cases = [
            ("{}", Some(Severity::Error)),
            ("rules: { column-dropped: warning }", Some(Severity::Warning)),
            ("rules: { column-dropped: off }", None),
            ("rules: { column-dropped: off, reference-changed: note }", Some(Severity::Note)),
        ];
        for (yaml, want) in cases {
            let parts = vec![part(Severity::Error), part(Severity::Warning)];
            let found = Found { changes: vec![Finding { rule: &SUMMARY, parts, ..finding("a") }], ..Found::default() };
            let judgement = judged(found, yaml, true);
            assert_eq!(judgement.findings.first().map(|j| j.finding.severity), want, "{yaml}");
        }
    }

    #[test]
    fn levels_are_by_rule_by_flow_and_by_path() {
        let cases = [
            ("{}", Some(Severity::Error)),
            ("rules: { column-dropped: warning }", Some(Severity::Warning)),
            ("rules: { column-dropped: { out: note } }", Some(Severity::Note)),
            ("rules: { column-dropped: { in: note } }", Some(Severity::Error)),
            ("rules: { column-dropped: off }", None),
            ("overrides: [{ paths: [\"db/**\"], rules: { column-dropped: note } }]", Some(Severity::Note)),
            ("overrides: [{ paths: [\"api/**\"], rules: { column-dropped: off } }]", Some(Severity::Error)),
            (
                "rules: { column-dropped: off }\noverrides: [{ paths: [db], rules: { column-dropped: warning } }]",
                Some(Severity::Warning),
            ),
        ];
        for (yaml, want) in cases {
            let judgement = judged(changed(&["a.b"]), yaml, true);
            assert_eq!(judgement.findings.first().map(|j| j.finding.severity), want, "{yaml}");
            let verdict = if want == Some(Severity::Error) { Verdict::Findings } else { Verdict::Clean };
            assert_eq!(judgement.verdict, verdict, "{yaml}");
        }
    }

    #[test]
    fn debt_fails_whatever_its_level_where_it_may_not_grow() {
        static UNUSED: Rule =
            Rule { levels: RuleLevels::Always(Severity::Note), ..Rule::of(Layer::Api, Category::Debt) };
        let debt = |subject: &&str| Finding { rule: &UNUSED, severity: Severity::Note, ..finding(subject) };
        let found = |base: &[&str], head: &[&str]| Found {
            base: base.iter().map(debt).collect(),
            head: head.iter().map(debt).collect(),
            ..Found::default()
        };
        let cases = [
            ("{}", found(&[], &["a"]), Verdict::Clean, None),
            ("fail-on-debt: never", found(&[], &["a"]), Verdict::Clean, None),
            ("fail-on-debt: introduced", found(&[], &["a"]), Verdict::Findings, Some("1 finding fails the check")),
            ("fail-on-debt: introduced", found(&["a"], &["a"]), Verdict::Clean, None),
            ("fail-on-debt: introduced", found(&["a"], &[]), Verdict::Clean, None),
            ("fail-on-debt: introduced", found(&["a"], &["a", "b", "c"]), Verdict::Findings, Some("2 findings fail")),
        ];
        for (yaml, found, verdict, said) in cases {
            let judgement = judged(found, yaml, true);
            assert_eq!(judgement.verdict, verdict, "{yaml}");
            let why = judgement.fails_for_debt().unwrap_or_default();
            assert!(said.map_or(why.is_empty(), |said| why.contains(said)), "{yaml}: {why}");
        }
        // What fails for its level needs no other reason.
        assert_eq!(judged(changed(&["a"]), "fail-on-debt: introduced", true).fails_for_debt(), None);
    }

    #[test]
    fn a_rule_speaks_from_its_promise_on() {
        static RENAMED: Rule =
            Rule { id: "operation-id-changed", promise: Promise::Sdk, ..Rule::of(Layer::Api, Category::Breaking) };
        let cases = [
            ("{}", false),
            ("promise: sdk", true),
            ("promise: strict", true),
            ("rules: { operation-id-changed: note }", true),
            ("promise: sdk\nrules: { operation-id-changed: off }", false),
        ];
        for (yaml, speaks) in cases {
            let found = Found { changes: vec![Finding { rule: &RENAMED, ..finding("GET /a") }], ..Found::default() };
            assert_eq!(!judged(found, yaml, true).findings.is_empty(), speaks, "{yaml}");
        }
    }

    #[test]
    fn a_rule_that_is_off_speaks_when_it_is_given_a_level() {
        static FAN: Rule = Rule { id: "entity-used-everywhere", off: true, ..DROPPED_RULE };
        let cases = [
            ("{}", None),
            ("promise: strict", None),
            ("rules: { entity-used-everywhere: note }", Some(Severity::Note)),
            ("rules: { entity-used-everywhere: off }", None),
            (
                "overrides: [{ paths: [\"db/**\"], rules: { entity-used-everywhere: warning } }]",
                Some(Severity::Warning),
            ),
            ("overrides: [{ paths: [\"api/**\"], rules: { entity-used-everywhere: warning } }]", None),
        ];
        for (yaml, want) in cases {
            let found = Found { changes: vec![Finding { rule: &FAN, ..finding("a") }], ..Found::default() };
            assert_eq!(judged(found, yaml, true).findings.first().map(|j| j.finding.severity), want, "{yaml}");
        }
    }

    #[test]
    fn permissions_end_and_are_reported_when_they_do_nothing() {
        let entry = |rest: &str| format!("allow: [{{ rule: column-dropped, reason: r, {rest} }}]");
        let cases = [
            (entry("subject: a.b"), true, None),
            (entry("subject: a.b, until: 2026-11-20"), true, None),
            (entry("subject: a.b, until: 2026-11-19"), false, Some(Why::Expired)),
            (entry("subject: a.b, until: soon"), false, Some(Why::NoDate)),
            (entry("subject: a.c"), false, Some(Why::Unused)),
            (entry("subject: a.b, fingerprint: 'v1:0'"), false, Some(Why::Unused)),
        ];
        for (yaml, accepted, stale) in cases {
            let judgement = judged(changed(&["a.b"]), &yaml, true);
            assert_eq!(judgement.counts.suppressed, usize::from(accepted), "{yaml}");
            assert_eq!(judgement.findings.is_empty(), accepted, "{yaml}");
            assert_eq!(judgement.stale.first().map(|s| s.why), stale, "{yaml}");
        }
    }

    #[test]
    fn git_is_the_baseline() {
        let found = Found {
            changes: Vec::new(),
            declared: Vec::new(),
            base: vec![finding("old"), finding("gone"), finding("twice")],
            head: vec![finding("old"), finding("new"), finding("twice"), finding("twice")],
        };
        let judgement = judged(found, "{}", true);
        let mut seen: Vec<(String, &str)> =
            judgement.findings.iter().map(|j| (j.finding.subject.clone(), j.finding.status.name())).collect();
        seen.sort();
        let want = [
            ("gone", "resolved"),
            ("new", "introduced"),
            ("old", "existing"),
            ("twice", "existing"),
            ("twice", "introduced"),
        ];
        assert_eq!(seen, want.map(|(s, t)| (s.to_string(), t)));
        let counts = Counts { error: 2, introduced: 2, existing: 2, resolved: 1, ..Counts::default() };
        assert_eq!(judgement.counts, counts);
    }

    #[test]
    fn a_fingerprint_outlives_wording_and_place() {
        let one = fingerprint(&finding("a.b"), 0);
        let files = Files::default();
        let moved = Origin::new(files.add("x", "1", Vec::new()), 9, 9);
        let same = Finding {
            message: "other words".into(),
            base: Some(moved),
            before: Some(" text ".into()),
            ..finding("a.b")
        };
        assert_eq!(fingerprint(&same, 0), one);
        let others = [
            Finding { detail: "d".into(), ..finding("a.b") },
            Finding { before: None, after: Some("text".into()), ..finding("a.b") },
            Finding { subject: "a.".into(), detail: "b".into(), ..finding("") },
        ];
        for other in others {
            assert_ne!(fingerprint(&other, 0), one, "{other:?}");
        }
        assert_ne!(fingerprint(&finding("a.b"), 1), one);
        // Permissions in files hold fingerprints: a change here breaks them all.
        assert_eq!(one, "v1:d6558fc04b544a85ae78880fd824184d");
    }

    #[test]
    fn what_could_not_be_read_leaves_no_verdict_unless_something_was_found() {
        assert_eq!(judged(changed(&[]), "{}", false).verdict, Verdict::None);
        assert_eq!(judged(changed(&["a.b"]), "{}", false).verdict, Verdict::Findings);
        assert_eq!(judged(changed(&[]), "{}", true).verdict, Verdict::Clean);
    }
}
