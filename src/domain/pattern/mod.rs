//! Regular expressions of `pattern` as automata: the one engine behind matching, examples and containment.
//!
//! Comes in: pattern text in the ECMA-262 dialect. Goes out: an [`Automaton`], or `None` for what is not regular or
//! not understood (look-around, back references, word boundaries, Unicode properties). Must not know domains.

mod automaton;
mod parse;

pub use automaton::{Automaton, Places};

/// Ranges of code points, both ends included, sorted and disjoint.
pub type Class = Vec<(u32, u32)>;

/// A parsed pattern.
#[derive(Debug, Clone)]
enum Node {
    Class(Class),
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    Repeat(Box<Node>, u32, Option<u32>),
    Start,
    End,
}

impl Automaton {
    /// The strings in which `pattern` matches somewhere.
    pub fn of_pattern(pattern: &str) -> Option<Self> {
        Self::compile(&parse::parse(pattern)?)
    }

    /// The strings of a list.
    pub fn of_words<'a>(words: impl Iterator<Item = &'a str>) -> Option<Self> {
        let word = |w: &str| {
            let letters = w.chars().map(|c| Node::Class(vec![(u32::from(c), u32::from(c))]));
            Node::Sequence(std::iter::once(Node::Start).chain(letters).chain(std::iter::once(Node::End)).collect())
        };
        Self::compile(&Node::Choice(words.map(word).collect()))
    }
}
