//! The table that is likely to stand behind an entity that no other way leads to one: operations call it so, the words of one
//! name are in the other, or attributes agree. Most of these are not certain; they show in `trace` and `model`, and `init
//! --links` proposes them.

use std::collections::BTreeSet;

use super::names;
use super::subject::Subject;
use super::tables::{Found, Overlap, Tables};

const CALLED: &str = "operations call it so";
const INSIDE: &str = "all words of one name are in the other";

/// A word in the names of more tables than this leads to none of them.
const WORDY: usize = 50;

/// What speaks for a table.
struct Candidate {
    table: usize,
    confidence: f64,
    how: &'static str,
    overlap: Overlap,
}

impl Tables<'_> {
    /// The best of the tables that operations, words of the name or attributes lead to; none when two are as good.
    pub fn likely(&self, subject: &Subject<'_>, core: &[String]) -> Option<Found> {
        let core: BTreeSet<String> = core.iter().map(|word| names::fold(word)).collect();
        let called = |qualified: bool| -> BTreeSet<usize> {
            let names = subject.resources.iter().filter(|r| qualified || !r.qualified);
            names.filter_map(|r| self.by_key.get(&names::key(&r.words))).flatten().copied().collect()
        };
        let (named, alone) = (called(true), called(false));
        let words = core.iter().filter_map(|word| self.by_word.get(word)).filter(|of| of.len() <= WORDY).flatten();
        let near = self.sharing(subject, 3);
        let all: BTreeSet<usize> = named.iter().chain(&near).chain(words).copied().collect();
        let candidates = all.into_iter().filter_map(|table| {
            self.candidate(subject, &core, table, (named.contains(&table), alone.contains(&table)))
        });
        let mut best: Vec<Candidate> = candidates.collect();
        let order = |c: &Candidate| (c.confidence, c.overlap.weight);
        best.sort_by(|a, b| {
            let ((x, v), (y, w)) = (order(a), order(b));
            y.total_cmp(&x).then(w.total_cmp(&v)).then(a.table.cmp(&b.table))
        });
        let mut best = best.into_iter();
        let first = best.next()?;
        if best.next().is_some_and(|next| order(&next) == order(&first)) {
            return None;
        }
        Some(self.found(first.table, first.confidence, first.how.to_string(), first.overlap, true))
    }

    /// Something of the entity stands in the table under another name.
    fn renames(&self, subject: &Subject<'_>, table: usize) -> bool {
        let nothing =
            Found { table, confidence: 0.0, reason: String::new(), pairs: Vec::new(), keyed: true, group: false };
        !self.renamed(subject, &nothing).is_empty() || !self.longer(subject, &nothing, &BTreeSet::new()).is_empty()
    }

    fn candidate(
        &self,
        subject: &Subject<'_>,
        core: &BTreeSet<String>,
        table: usize,
        (named, alone): (bool, bool),
    ) -> Option<Candidate> {
        let overlap = self.overlap(subject, table)?;
        let words: BTreeSet<String> = self.words.get(table)?.iter().map(|word| names::fold(word)).collect();
        let common = words.intersection(core).count();
        // The entity has no words of its own; with some it may be a thing of its own.
        let within = common > 0 && common == core.len();
        let nearly = within && words.difference(core).all(|word| names::is_wrapper(word));
        let inside = within || common > 0 && common == words.len();
        let told = overlap.pairs.iter().filter_map(|pair| subject.names.get(pair.property));
        let whole = overlap.own >= 0.99 && told.into_iter().any(|name| !names::is_generic(name));
        let more: Vec<&String> = core.difference(&words).collect();
        let versioned = names::versioned(&more);
        let (share, own) = (overlap.share, overlap.own);
        let (confidence, how) = match overlap.count {
            3.. if alone && own >= 0.5 => (0.9, CALLED),
            3.. if within && (common >= 2 || nearly) && share >= 0.5 => (0.9, INSIDE),
            2.. if common == words.len() && whole && !versioned => (0.9, INSIDE),
            2.. if named && own >= 0.3 => (0.85, CALLED),
            1.. if named => (0.7, CALLED),
            2.. if inside && share >= 0.3 => (0.75, INSIDE),
            1.. if inside && share >= 0.15 => (0.6, INSIDE),
            3.. if share >= 0.6 => (0.55, "several attributes"),
            0 if (inside || named) && self.renames(subject, table) => (0.55, INSIDE),
            _ => return None,
        };
        Some(Candidate { table, confidence, how, overlap })
    }
}
