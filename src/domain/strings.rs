//! Sets of strings: length, patterns and lists as automata that run side by side.
//!
//! `inner \ outer` is searched breadth first, shortest strings first, over the product of all automata and the
//! length. An exhausted search is a proof that nothing is outside; a search that grows too large proves nothing.

use std::collections::{HashSet, VecDeque};

use crate::model::Domain;
use crate::model::origin::Text;

use super::contain::Verdict;
use super::pattern::{Automaton, Places};

/// Product states looked at before a search gives up.
const MAX_STATES: usize = 6000;
/// Places in all product states looked at before a search gives up; bounds the time of hostile patterns.
const MAX_PLACES: usize = 300_000;
/// Longer witnesses prove nothing to a reader, and building them costs.
const MAX_WITNESS: u64 = 70_000;

/// Strings with a length in a range that all automata accept.
#[derive(Debug, Clone, Default)]
pub struct Strings {
    pub min: u64,
    pub max: Option<u64>,
    automata: Vec<Automaton>,
}

impl Strings {
    /// The strings that the length limits, patterns and list of a domain allow, and the first pattern that is not
    /// understood: with one, the set is larger than the domain. Patterns in `known` are left out, because the strings in
    /// question match them anyway.
    pub fn of(domain: &Domain, known: &[Text]) -> (Self, Option<String>) {
        let limits = domain.limits();
        let mut automata = Vec::new();
        let mut beyond = None;
        for pattern in limits.patterns.iter().filter(|p| !known.contains(p)) {
            match Automaton::of_pattern(pattern) {
                Some(automaton) => automata.push(automaton),
                None => beyond = Some(format!("the pattern `{pattern}` is beyond what can be decided")),
            }
        }
        if let Some(values) = &domain.values {
            match Automaton::of_words(values.iter().filter_map(|v| v.as_str())) {
                Some(automaton) => automata.push(automaton),
                None => beyond = Some("the list of values is too long to be compared with all strings".into()),
            }
        }
        (Self { min: limits.min_length.unwrap_or(0), max: limits.max_length, automata }, beyond)
    }

    /// True when only the length counts.
    pub fn is_any_text(&self) -> bool {
        self.automata.is_empty()
    }

    /// Leaves the strings that match the pattern, too.
    pub fn narrow(&mut self, pattern: Option<&str>) {
        self.automata.extend(pattern.and_then(Automaton::of_pattern));
    }

    fn has_length(&self, length: u64) -> bool {
        length >= self.min && self.max.is_none_or(|max| length <= max)
    }

    /// Up to `wanted` strings, shortest first; fewer when there are no more or the search grew too large.
    pub fn examples(&self, wanted: usize) -> Vec<String> {
        let mut found = Vec::new();
        // Letters other than the preferred one vary the examples.
        for variant in 0..wanted.min(8) {
            let nothing = Self { min: 1, max: Some(0), ..Self::default() };
            if let Search::Found(text) = search(self, &nothing, variant)
                && !found.contains(&text)
            {
                found.push(text);
            }
        }
        found
    }

    /// Whether all strings of `self` are strings of `outer`.
    pub fn within(&self, outer: &Self) -> Verdict {
        let lengths = self.lengths_within(outer);
        if outer.automata.is_empty() && (self.automata.is_empty() || lengths == Verdict::Inside) {
            return lengths;
        }
        match search(self, outer, 0) {
            Search::Found(text) => Verdict::Outside(Some(text.into())),
            Search::Nothing => Verdict::Inside,
            Search::TooLarge => Verdict::Undecided("the patterns are too large to be compared".into()),
        }
    }

    fn lengths_within(&self, outer: &Self) -> Verdict {
        let is_empty = self.max.is_some_and(|max| max < self.min);
        let length = if is_empty {
            return Verdict::Inside;
        } else if !outer.has_length(self.min) {
            self.min
        } else {
            match outer.max {
                Some(max) if self.max.is_none_or(|own| own > max) => max.saturating_add(1),
                _ => return Verdict::Inside,
            }
        };
        let text = (length <= MAX_WITNESS).then(|| "a".repeat(usize::try_from(length).unwrap_or(0)));
        Verdict::Outside(text.map(Into::into))
    }
}

enum Search {
    Found(String),
    Nothing,
    TooLarge,
}

struct State {
    places: Vec<Places>,
    length: u64,
    /// Index of the state before and the letter between, for spelling out the string.
    before: Option<(usize, u32)>,
}

/// The shortest string of `inner` that is not in `outer`; one of readable letters if there is one.
fn search(inner: &Strings, outer: &Strings, variant: usize) -> Search {
    match explore(inner, outer, variant, READABLE) {
        Search::Found(text) => Search::Found(text),
        _ => explore(inner, outer, variant, ALL),
    }
}

fn explore(inner: &Strings, outer: &Strings, variant: usize, ranks: usize) -> Search {
    let automata: Vec<&Automaton> = inner.automata.iter().chain(&outer.automata).collect();
    let own = inner.automata.len();
    // Beyond the largest limit all lengths are alike.
    let cap = [inner.min, inner.max.unwrap_or(0), outer.min, outer.max.unwrap_or(0)].into_iter().max().unwrap_or(0) + 1;
    let mut states: Vec<State> = Vec::new();
    let mut seen: HashSet<(Vec<Places>, u64)> = HashSet::new();
    let mut open = VecDeque::new();
    let mut cost = 0;

    let begun: Vec<(Places, bool)> = automata.iter().map(|a| a.begin()).collect();
    let accepted = |length: u64, hits: &[bool]| {
        let (ours, theirs) = hits.split_at(own.min(hits.len()));
        let inside = inner.has_length(length) && ours.iter().all(|h| *h);
        inside && !(outer.has_length(length) && theirs.iter().all(|h| *h))
    };
    let empty: Vec<bool> = begun.iter().map(|(_, empty)| *empty).collect();
    if accepted(0, &empty) {
        return Search::Found(String::new());
    }
    states.push(State { places: begun.into_iter().map(|(places, _)| places).collect(), length: 0, before: None });
    open.push_back(0);

    while let Some(at) = open.pop_front() {
        let Some(State { places, length, .. }) = states.get(at) else { break };
        if inner.max.is_some_and(|max| *length >= max) {
            continue;
        }
        let longer = (length + 1).min(cap);
        let mut fresh = Vec::new();
        for letter in letters(&automata, places, variant, ranks) {
            let next: Vec<Places> = automata.iter().zip(places).map(|(a, p)| a.step(p, letter)).collect();
            cost += 1 + next.iter().map(Vec::len).sum::<usize>();
            // A dead automaton of `inner` never comes back to life.
            let dead = automata.iter().zip(&next).take(own).any(|(a, p)| p.is_empty() && !a.accepts_at(p));
            if dead || !seen.insert((next.clone(), longer)) {
                continue;
            }
            let hits: Vec<bool> = automata.iter().zip(&next).map(|(a, p)| a.accepts_at(p)).collect();
            fresh.push((State { places: next, length: longer, before: Some((at, letter)) }, hits));
        }
        for (state, hits) in fresh {
            let found = accepted(state.length, &hits);
            states.push(state);
            if found {
                return spell(&states);
            }
            open.push_back(states.len() - 1);
        }
        if states.len() > MAX_STATES || cost > MAX_PLACES {
            return Search::TooLarge;
        }
    }
    Search::Nothing
}

/// The string that leads to the last state.
fn spell(states: &[State]) -> Search {
    let mut letters = Vec::new();
    let mut at = states.last();
    while let Some((before, letter)) = at.and_then(|s| s.before) {
        letters.extend(char::from_u32(letter));
        at = states.get(before);
    }
    Search::Found(letters.iter().rev().collect())
}

/// One readable letter for each range of letters that all automata treat alike.
fn letters(automata: &[&Automaton], places: &[Places], variant: usize, ranks: usize) -> Vec<u32> {
    let mut borders = vec![0, 0x11_0000];
    for (automaton, places) in automata.iter().zip(places) {
        automaton.borders(places, &mut borders);
    }
    borders.sort_unstable();
    borders.dedup();
    let ranges = borders.windows(2).filter_map(|w| match w {
        [low, next] => readable(*low, next - 1, variant),
        _ => None,
    });
    let mut letters: Vec<(usize, u32)> = ranges.filter(|(rank, _)| *rank < ranks).collect();
    letters.sort_unstable();
    letters.into_iter().map(|(_, letter)| letter).collect()
}

/// Small letters, digits, capitals, what else can be typed, and the rest of the plane.
const PREFERRED: [(u32, u32); 6] =
    [(0x61, 0x7a), (0x30, 0x39), (0x41, 0x5a), (0x21, 0x7e), (0x20, 0x20), (0xa1, 0xd7ff)];
/// Ranks of letters that anyone can read, and of all letters.
const READABLE: usize = 5;
const ALL: usize = PREFERRED.len() + 1;

/// The most readable letter of a range, with its rank. Ranges of nothing but surrogates have none.
fn readable(low: u32, high: u32, variant: usize) -> Option<(usize, u32)> {
    for (rank, (first, last)) in PREFERRED.into_iter().enumerate() {
        let (from, to) = (low.max(first), high.min(last));
        if from <= to {
            let shift = u32::try_from(variant).unwrap_or(0).min(to - from);
            return Some((rank, from + shift));
        }
    }
    (low..=high).take(0x900).find(|c| char::from_u32(*c).is_some()).map(|c| (PREFERRED.len(), c))
}
