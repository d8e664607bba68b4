//! Introduced, existing or resolved: git is the baseline.

use std::collections::BTreeMap;

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
    for (mut finding, mark) in marked(head, Status::Introduced) {
        if let Some(twin) = gone.remove(&mark) {
            finding.status = Status::Existing;
            finding.base = twin.base;
        }
        out.push((finding, mark));
    }
    out.extend(gone.into_iter().map(|(mark, finding)| (finding, mark)));
    out
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
