//! Which blocks a comparison needs.
//!
//! 1. What differs in more than descriptions, came or went.
//! 2. What leads to one of those: operations use it, schemas are made of it.
//! 3. Of what differs, everything that it refers to: values are made up from it, sets of values compared. The same for
//!    schemas of (2) that are made of several, and for those below alternatives, where values are carried outwards. Others
//!    of (2) say the same on both sides whatever their other parts are, so those may be empty on both.
//!
//! A schema with a discriminator and those that inherit from it refer to each other: what the value says decides which is
//! meant.

use std::ops::Range;

use super::items;
use super::outline::{Edge, Outline, Sort};
use super::prose::is_same_but_for_prose;
use super::words;

/// Which blocks are kept, by number.
pub(super) struct Kept {
    pub base: Vec<bool>,
    pub head: Vec<bool>,
}

/// Of what must be emptied for it to be worth while.
const LEAST: usize = 8;

/// What all operations depend on: read as it is on both sides, so it must be the same.
const COMMON: [(&str, &str); 13] = [
    ("", "openapi"),
    ("", "swagger"),
    ("", "servers"),
    ("", "security"),
    ("", "host"),
    ("", "basePath"),
    ("", "schemes"),
    ("", "consumes"),
    ("", "produces"),
    ("", "securityDefinitions"),
    ("", "jsonSchemaDialect"),
    ("", "$self"),
    ("components", "securitySchemes"),
];

type Side<'t> = (&'t [u8], &'t Outline);

pub(super) fn needed(base: Side<'_>, head: Side<'_>) -> Option<Kept> {
    (base.1.form == head.1.form).then_some(())?;
    let graph = Graph::of(base, head);
    if COMMON.iter().any(|(route, name)| graph.differs(route, name)) {
        return None;
    }
    let need = graph.need();
    let kept = Kept {
        base: (0..base.1.blocks.len()).map(|at| need.get(at) != Some(&Need::Nothing)).collect(),
        head: graph.number_of_head.iter().map(|at| need.get(*at as usize) != Some(&Need::Nothing)).collect(),
    };
    let is_worth = |(text, outline): Side<'_>, kept: &[bool]| {
        let blocks = outline.blocks.iter().zip(kept).filter(|(_, kept)| !**kept);
        let emptied = blocks.filter_map(|(block, _)| block.value.as_ref()).map(Range::len).sum::<usize>();
        emptied * LEAST >= text.len()
    };
    (is_worth(base, &kept.base) || is_worth(head, &kept.head)).then_some(kept)
}

/// How much of a block is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    Nothing,
    /// The block; what it refers to may be empty, but for what must be found.
    Itself,
    /// The block and everything that it refers to.
    Whole,
}

/// The blocks of both sides, each name once: those of base by their numbers, then those that only head has.
struct Graph<'t> {
    base: Side<'t>,
    head: Side<'t>,
    /// By number of the block in head.
    number_of_head: Vec<u32>,
    /// The block of head, by number.
    twin: Vec<Option<u32>>,
    changed: Vec<bool>,
    forward: Neighbours,
    backward: Neighbours,
}

/// Edges by the block they start from.
#[derive(Default)]
struct Neighbours {
    starts: Vec<u32>,
    ends: Vec<(u32, bool)>,
}

impl Neighbours {
    fn of(count: usize, edges: &[Edge]) -> Self {
        let mut starts = vec![0_u32; count + 1];
        for edge in edges {
            if let Some(start) = starts.get_mut(edge.from as usize + 1) {
                *start += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut ends = vec![(0, false); edges.len()];
        for edge in edges {
            let Some(at) = next.get_mut(edge.from as usize) else { continue };
            if let Some(end) = ends.get_mut(*at as usize) {
                *end = (edge.to, edge.firm);
            }
            *at += 1;
        }
        Self { starts, ends }
    }

    fn at(&self, number: u32) -> &[(u32, bool)] {
        let bound = |at: usize| self.starts.get(at).copied().unwrap_or_default() as usize;
        self.ends.get(bound(number as usize)..bound(number as usize + 1)).unwrap_or_default()
    }
}

impl<'t> Graph<'t> {
    fn of(base: Side<'t>, head: Side<'t>) -> Self {
        let mut count = u32::try_from(base.1.blocks.len()).unwrap_or(u32::MAX);
        let mut twin: Vec<Option<u32>> = vec![None; base.1.blocks.len()];
        let mut changed = vec![true; base.1.blocks.len()];
        let mut number_of_head = Vec::with_capacity(head.1.blocks.len());
        for (at, block) in (0_u32..).zip(&head.1.blocks) {
            let route = head.1.route(block);
            let examples = head.1.sort_of(block) == Sort::Examples;
            let known = base.1.find(route, &block.name);
            let number = known.unwrap_or(count);
            number_of_head.push(number);
            match known.and_then(|number| Some((number as usize, base.1.blocks.get(number as usize)?))) {
                Some((number, ours)) => {
                    let (mine, other) = (base.0.get(ours.whole.clone()), head.0.get(block.whole.clone()));
                    let is_fixed = head.1.sort_of(block) == Sort::Fixed;
                    let same = mine == other
                        || !is_fixed && mine.zip(other).is_some_and(|(a, b)| is_same_but_for_prose(a, b, head.1.form));
                    if let (Some(slot), Some(differs)) = (twin.get_mut(number), changed.get_mut(number)) {
                        (*slot, *differs) = (Some(at), !same && !examples);
                    }
                }
                None => {
                    count += 1;
                    twin.push(Some(at));
                    changed.push(!examples);
                }
            }
        }
        for (block, changed) in base.1.blocks.iter().zip(&mut changed) {
            *changed &= base.1.sort_of(block) != Sort::Examples;
        }
        let mut edges = base.1.edges.clone();
        let number = |at: u32| number_of_head.get(at as usize).copied();
        for edge in &head.1.edges {
            let (Some(from), Some(to)) = (number(edge.from), number(edge.to)) else { continue };
            // What did not change refers to what it referred to, and to what came.
            if changed.get(from as usize) == Some(&true) || changed.get(to as usize) == Some(&true) {
                edges.push(Edge { from, to, ..*edge });
            }
        }
        let mut graph = Self {
            base,
            head,
            number_of_head,
            twin,
            changed,
            forward: Neighbours::default(),
            backward: Neighbours::default(),
        };
        graph.connect(edges);
        graph
    }

    fn len(&self) -> usize {
        self.changed.len()
    }

    /// Takes the edges, and adds those from what names a discriminator to what inherits from it.
    fn connect(&mut self, mut edges: Vec<Edge>) {
        let count = self.len();
        let of = |edges: &[Edge]| {
            let back: Vec<Edge> = edges.iter().map(|edge| Edge { from: edge.to, to: edge.from, ..*edge }).collect();
            Neighbours::of(count, &back)
        };
        self.backward = of(&edges);
        let mut above = vec![false; count];
        let heads = self.head.1.discriminated.iter().filter_map(|at| self.number_of_head.get(*at as usize));
        let mut open: Vec<u32> = self.base.1.discriminated.iter().chain(heads).copied().collect();
        let mut added = false;
        while let Some(at) = open.pop() {
            if above.get_mut(at as usize).is_none_or(|known| std::mem::replace(known, true)) {
                continue;
            }
            for (user, _) in self.backward.at(at) {
                if self.texts(*user).any(words::merges) {
                    edges.push(Edge { from: at, to: *user, firm: false });
                    added = true;
                    open.push(*user);
                }
            }
        }
        if added {
            self.backward = of(&edges);
        }
        self.forward = Neighbours::of(count, &edges);
    }

    /// What is written for a block on either side; once where that is the same.
    fn texts(&self, number: u32) -> impl Iterator<Item = &'t [u8]> {
        let (base, head) = (self.base, self.head);
        let ours = base.1.blocks.get(number as usize).and_then(|block| base.0.get(block.whole.clone()));
        let differs = self.changed.get(number as usize) == Some(&true);
        let twin = self.twin.get(number as usize).copied().flatten().filter(|_| differs || ours.is_none());
        let theirs = twin.and_then(|at| head.1.blocks.get(at as usize));
        ours.into_iter().chain(theirs.and_then(|block| head.0.get(block.whole.clone())))
    }

    /// True when the path item surely has an operation in base.
    fn has_operation(&self, number: u32) -> bool {
        let value = self.base.1.blocks.get(number as usize).and_then(|block| block.value.clone());
        let value = value.and_then(|value| self.base.0.get(value));
        value.is_some_and(|value| items::has_operation(value, self.base.1.form))
    }

    fn sort(&self, number: u32) -> Sort {
        let ours = self.base.1.blocks.get(number as usize).map(|block| self.base.1.sort_of(block));
        let theirs = || {
            let block = self.head.1.blocks.get(self.twin.get(number as usize).copied().flatten()? as usize)?;
            Some(self.head.1.sort_of(block))
        };
        ours.or_else(theirs).unwrap_or(Sort::Fixed)
    }

    /// True when the block differs, came or went.
    fn differs(&self, route: &str, name: &str) -> bool {
        let ours = self.base.1.find(route, name);
        let theirs = self.head.1.find(route, name).and_then(|at| self.number_of_head.get(at as usize).copied());
        ours.or(theirs).is_some_and(|number| self.changed.get(number as usize) == Some(&true))
    }

    fn need(&self) -> Vec<Need> {
        let numbers = || 0..u32::try_from(self.len()).unwrap_or(u32::MAX);
        let is = |list: &[bool], at: u32| list.get(at as usize) == Some(&true);
        let reaching = self.walk(&self.backward, numbers().filter(|at| is(&self.changed, *at)), |_| true);
        let choosing = numbers().filter(|at| is(&reaching, *at) && self.texts(*at).any(words::has_alternatives));
        let inside = self.walk(&self.forward, choosing, |at| is(&reaching, at));
        let mut need = vec![Need::Nothing; self.len()];
        let mut open: Vec<(u32, Need)> = Vec::new();
        for at in numbers() {
            if is(&self.changed, at) || is(&inside, at) {
                open.push((at, Need::Whole));
            } else if is(&reaching, at) {
                let merged = self.texts(at).any(words::merges);
                open.push((at, if merged { Need::Whole } else { Need::Itself }));
            } else if self.sort(at) == Sort::Fixed {
                open.push((at, Need::Itself));
            }
        }
        self.spread(&mut need, open);
        self.keep_operation(&mut need);
        need
    }

    /// What can be reached from there.
    fn walk(&self, edges: &Neighbours, from: impl Iterator<Item = u32>, counts: impl Fn(u32) -> bool) -> Vec<bool> {
        let mut reached = vec![false; self.len()];
        let mut open: Vec<u32> = from.collect();
        while let Some(at) = open.pop() {
            if reached.get_mut(at as usize).is_none_or(|known| std::mem::replace(known, true)) {
                continue;
            }
            open.extend(edges.at(at).iter().map(|(to, _)| *to).filter(|to| counts(*to)));
        }
        reached
    }

    /// Takes in what is needed by what is needed.
    fn spread(&self, need: &mut [Need], mut open: Vec<(u32, Need)>) {
        while let Some((at, wanted)) = open.pop() {
            match need.get_mut(at as usize) {
                Some(known) if *known < wanted => *known = wanted,
                _ => continue,
            }
            let targets = self.forward.at(at).iter();
            open.extend(targets.filter(|(_, firm)| *firm || wanted == Need::Whole).map(|(to, _)| (*to, wanted)));
        }
    }

    /// A contract without any operation is read as a library: one must stay where there were some. Where operations may be
    /// named by links and some differ, all must stay.
    fn keep_operation(&self, need: &mut [Need]) {
        let of = |sort: Sort| (0_u32..).take(self.len()).filter(move |at| self.sort(*at) == sort);
        let items = || of(Sort::Items);
        let differs = |at: u32| self.changed.get(at as usize) == Some(&true);
        let linked = self.base.1.linked || self.head.1.linked;
        let linked = linked && items().chain(of(Sort::Parts)).any(differs);
        let is_kept = |at: &u32| need.get(*at as usize) > Some(&Need::Nothing);
        if !linked && items().any(|at| is_kept(&at) && self.has_operation(at)) {
            return;
        }
        let size = |at: &u32| self.base.1.blocks.get(*at as usize).map(|block| block.whole.len());
        let smallest = items().filter(|at| self.has_operation(*at)).min_by_key(size);
        let open: Vec<(u32, Need)> = match smallest {
            Some(one) if !linked => vec![(one, Need::Itself)],
            _ => items().map(|at| (at, Need::Itself)).collect(),
        };
        self.spread(need, open);
    }
}
