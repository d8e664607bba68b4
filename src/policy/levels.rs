//! Which severity a finding has after configuration: by rule, by flow, by path; the last word that fits wins.

use std::collections::BTreeMap;

use crate::config::glob::Globs;
use crate::config::{Config, Level, Promise, RuleLevel};
use crate::model::Flow;
use crate::rules::{Finding, Rule, Severity};

/// The levels of a configuration, ready to be asked for many findings.
pub struct Levels<'a> {
    promise: Promise,
    rules: &'a BTreeMap<String, RuleLevel>,
    overrides: Vec<(Globs, &'a BTreeMap<String, RuleLevel>)>,
}

impl<'a> Levels<'a> {
    pub fn of(config: &'a Config) -> Self {
        let globs = |paths: &[String]| Globs::new(paths.iter().map(String::as_str));
        let overrides = config.overrides.iter().map(|o| (globs(&o.paths), &o.rules)).collect();
        Self { promise: config.promise, rules: &config.rules, overrides }
    }

    /// The severity of a finding at `path`, or `None` when its rule is off there: by what people set, or else by itself
    /// or because it is about more than the contract promises. One that sums up others is as bad as the worst of them.
    pub fn at(&self, finding: &Finding, path: &str) -> Option<Severity> {
        let overrides = self.overrides.iter().filter(|(globs, _)| globs.matches(path)).map(|(_, rules)| *rules);
        let words = || std::iter::once(self.rules).chain(overrides.clone());
        let said = |rule: &Rule, flow| words().filter_map(|rules| pick(*rules.get(rule.id)?, flow)).next_back();
        let level =
            |rule: &Rule, flow, usual| said(rule, flow).map_or(rule.speaks(self.promise).then_some(usual), severity);
        match finding.parts.as_slice() {
            parts if !parts.is_empty() && said(finding.rule, finding.flow).is_none() => {
                parts.iter().filter_map(|part| level(part.rule, part.flow, part.severity)).min()
            }
            _ => level(finding.rule, finding.flow, finding.severity),
        }
    }
}

/// A level as severity; `None` is off.
pub fn severity(level: Level) -> Option<Severity> {
    match level {
        Level::Off => None,
        Level::Note => Some(Severity::Note),
        Level::Warning => Some(Severity::Warning),
        Level::Error => Some(Severity::Error),
    }
}

fn pick(level: RuleLevel, flow: Option<Flow>) -> Option<Level> {
    match (level, flow) {
        (RuleLevel::All(level), _) => Some(level),
        (RuleLevel::ByFlow { in_, .. }, Some(Flow::In)) => in_,
        (RuleLevel::ByFlow { out, .. }, Some(Flow::Out)) => out,
        (RuleLevel::ByFlow { stored, .. }, Some(Flow::Stored)) => stored,
        (RuleLevel::ByFlow { .. }, None) => None,
    }
}
