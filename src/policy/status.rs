//! Introduced, existing or resolved: git is the baseline.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::origin::Text;
use crate::model::{Flow, Layer, Origin};
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
    let stood: BTreeMap<Cause, Option<Origin>> =
        gone.values().filter_map(|finding| Some((cause(finding, finding.base)?, finding.base))).collect();
    let mut stands = BTreeSet::new();
    for (mut finding, mark) in marked(head, Status::Introduced) {
        let here = cause(&finding, finding.head);
        if let Some(twin) = gone.remove(&mark) {
            finding.status = Status::Existing;
            finding.base = twin.base;
        } else if let Some(base) = here.as_ref().and_then(|here| stood.get(here)) {
            finding.status = Status::Existing;
            finding.base = *base;
        }
        stands.extend(here);
        out.push((finding, mark));
    }
    let left = gone.into_iter().filter(|(_, f)| cause(f, f.base).is_none_or(|here| !stands.contains(&here)));
    out.extend(left.map(|(mark, finding)| (finding, mark)));
    out
}

/// What makes two findings of one rule the same state although their subjects differ.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// What is said at one place of a file that is the same in both revisions, also when a later step gave its subject
    /// another name.
    Place(&'static str, Origin),
    /// What is said of a column, whichever of the schemas that show it comes first.
    Column(&'static str, Text, Option<Flow>),
}

fn cause(finding: &Finding, origin: Option<Origin>) -> Option<Cause> {
    let rule = finding.rule.id;
    match finding.rule.layer {
        // A disagreement of two layers has its other half elsewhere.
        Layer::Link if finding.detail.is_empty() => None,
        Layer::Link => Some(Cause::Column(rule, finding.detail.as_str().into(), finding.flow)),
        _ => Some(Cause::Place(rule, origin?)),
    }
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
