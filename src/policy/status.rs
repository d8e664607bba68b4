//! Introduced, existing or resolved: git is the baseline.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Layer, Origin};
use crate::rules::{Finding, Status};

use super::fingerprint::fingerprint;

/// Gives every finding its status and fingerprint; what both revisions have becomes one finding.
///
/// A change is always introduced. A state (drift, debt, unreadable input) that only the base has is resolved, one that
/// both have is existing.
pub fn resolve(changes: Vec<Finding>, base: Vec<Finding>, head: Vec<Finding>) -> Vec<(Finding, String)> {
    let mut out = marked(changes, Status::Introduced);
    let mut gone: BTreeMap<String, Finding> =
        marked(base, Status::Resolved).into_iter().map(|(finding, mark)| (mark, finding)).collect();
    let stood: BTreeSet<_> = gone.values().filter_map(|finding| place(finding, finding.base)).collect();
    let mut stands = BTreeSet::new();
    for (mut finding, mark) in marked(head, Status::Introduced) {
        let here = place(&finding, finding.head);
        if let Some(twin) = gone.remove(&mark) {
            finding.status = Status::Existing;
            finding.base = twin.base;
        } else if here.is_some_and(|here| stood.contains(&here)) {
            finding.status = Status::Existing;
            finding.base = finding.head;
        }
        stands.extend(here);
        out.push((finding, mark));
    }
    let left = gone.into_iter().filter(|(_, f)| place(f, f.base).is_none_or(|here| !stands.contains(&here)));
    out.extend(left.map(|(mark, finding)| (finding, mark)));
    out
}

/// What one rule says at one place of a file that is the same in both revisions is one state, also when a later step
/// gave its subject another name. A disagreement of two layers has its other half elsewhere.
fn place(finding: &Finding, origin: Option<Origin>) -> Option<(&'static str, Origin)> {
    (finding.rule.layer != Layer::Link).then_some((finding.rule.id, origin?))
}

/// Fingerprints of one side; the second and later of one identity are numbered in the order of the side.
fn marked(findings: Vec<Finding>, status: Status) -> Vec<(Finding, String)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut mark = |finding: &Finding| {
        let count = seen.entry(fingerprint(finding, 0)).or_default();
        *count += 1;
        fingerprint(finding, *count - 1)
    };
    findings.into_iter().map(|finding| (mark(&finding), finding)).map(|(m, f)| (Finding { status, ..f }, m)).collect()
}
