//! What a comparison of two texts says, and whether that of what is left of them says the same.

use std::fmt::Write;

use driftline::diff::api::diff;
use driftline::model::api::Api;
use driftline::model::{Change, Flows, Origin};
use driftline::read::document::Cache;
use driftline::read::openapi::{cut, read};
use driftline::revision::Tree;
use driftline::source::{Files, Snapshot};

/// One comparison.
pub struct Said {
    pub changes: Vec<String>,
    /// `base` or `head` could not be read to its end.
    pub faulty: (bool, bool),
    pub tainted: (bool, bool),
}

/// What became of a pair.
pub enum Verdict {
    /// It cannot be cut, or must be compared in full.
    Full(&'static str),
    Same {
        bytes: usize,
        left: usize,
    },
    Different(String),
}

pub fn said(path: &str, base: &[u8], head: &[u8]) -> Said {
    let files = Files::default();
    let cache = Cache::default();
    let one = |text: &[u8]| -> Api {
        let tree = Tree::from_memory("t", [(path.to_string(), text.to_vec())]);
        read(&Snapshot::new(&tree, &files), path, &cache).value
    };
    let (base, head) = (one(base), one(head));
    let changes = diff(&base, &head).iter().map(|change| shown(change, &files)).collect();
    Said { changes, faulty: (base.gaps.anywhere, head.gaps.anywhere), tainted: (base.tainted, head.tainted) }
}

/// Everything a change says, with lines and columns in the place of bytes.
fn shown(change: &Change, files: &Files) -> String {
    let place = |origin: Option<Origin>| match origin {
        Some(origin) => {
            let at = files.locate(origin);
            format!("{}:{}", at.line, at.column)
        }
        None => "-".into(),
    };
    let rest = Change { base: None, head: None, usages: Vec::new(), parts: Vec::new(), ..change.clone() };
    let mut text = format!("{rest:?} base {} head {}", place(change.base), place(change.head));
    for usage in &change.usages {
        let flow = Flows::one(usage.flow);
        let at = place(Some(usage.origin));
        let _ = write!(text, "\n  {} {flow:?} {} {} {at}", usage.operation, usage.location, usage.path);
    }
    for part in &change.parts {
        let _ = write!(text, "\n  part: {}", shown(part, files));
    }
    text
}

/// Holds both against each other. Both documents have to be whole, or the pair is compared in full.
pub fn judge(path: &str, base: &[u8], head: &[u8]) -> Verdict {
    let Some((ours, theirs)) = cut::outline(base).zip(cut::outline(head)) else { return Verdict::Full("no outline") };
    let Some((cut_base, cut_head)) = cut::cut((base, &ours), (head, &theirs)) else { return Verdict::Full("no gain") };
    let lines = |text: &[u8]| text.iter().filter(|byte| **byte == b'\n').count();
    assert_eq!((lines(base), lines(head)), (lines(&cut_base), lines(&cut_head)));
    let less = said(path, &cut_base, &cut_head);
    if less.faulty.1 || less.tainted.1 && !less.tainted.0 {
        return Verdict::Full("what is left has a fault");
    }
    let full = said(path, base, head);
    if full.faulty.0 {
        return Verdict::Full("base has a fault");
    }
    if full.changes == less.changes {
        return Verdict::Same { bytes: base.len() + head.len(), left: not_blank(&cut_base) + not_blank(&cut_head) };
    }
    let mut text = String::new();
    for (sign, list, other) in [("-", &full.changes, &less.changes), ("+", &less.changes, &full.changes)] {
        for change in list.iter().filter(|change| !other.contains(change)) {
            let _ = writeln!(text, "{sign} {change}");
        }
    }
    if text.is_empty() {
        text = format!("another order:\n{}\n---\n{}", full.changes.join("\n"), less.changes.join("\n"));
    }
    Verdict::Different(text)
}

fn not_blank(text: &[u8]) -> usize {
    text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(|line| line.len() + 1).sum()
}
