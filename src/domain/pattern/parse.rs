//! Pattern text in, syntax tree out; `None` for everything that a finite automaton cannot do or that is not plain.

use std::iter::Peekable;
use std::str::Chars;

use super::{Class, Node};

/// Nested groups deeper than this are not understood.
const MAX_DEPTH: usize = 50;
/// Larger counts are not understood: the automaton spells counts out.
const MAX_COUNT: u32 = 2000;

const LAST: u32 = 0x10_ffff;
const DIGIT: &[(u32, u32)] = &[(0x30, 0x39)];
const WORD: &[(u32, u32)] = &[(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)];
const SPACE: &[(u32, u32)] = &[
    (0x09, 0x0d),
    (0x20, 0x20),
    (0xa0, 0xa0),
    (0x1680, 0x1680),
    (0x2000, 0x200a),
    (0x2028, 0x2029),
    (0x202f, 0x202f),
    (0x205f, 0x205f),
    (0x3000, 0x3000),
    (0xfeff, 0xfeff),
];
const LINE_ENDS: &[(u32, u32)] = &[(0x0a, 0x0a), (0x0d, 0x0d), (0x2028, 0x2029)];

/// Reads a whole pattern.
pub fn parse(text: &str) -> Option<Node> {
    if text.len() > 4000 {
        return None;
    }
    let mut reader = Reader { rest: text.chars().peekable(), depth: 0 };
    let node = reader.choice()?;
    reader.rest.next().is_none().then_some(node)
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    depth: usize,
}

impl Reader<'_> {
    fn eat(&mut self, c: char) -> bool {
        self.rest.next_if_eq(&c).is_some()
    }

    fn choice(&mut self) -> Option<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut branches = vec![self.sequence()?];
        while self.eat('|') {
            branches.push(self.sequence()?);
        }
        self.depth -= 1;
        if branches.len() == 1 { branches.pop() } else { Some(Node::Choice(branches)) }
    }

    fn sequence(&mut self) -> Option<Node> {
        let mut parts = Vec::new();
        while let Some(&c) = self.rest.peek() {
            if c == '|' || c == ')' {
                break;
            }
            let atom = self.atom()?;
            parts.push(self.quantified(atom)?);
        }
        Some(Node::Sequence(parts))
    }

    fn atom(&mut self) -> Option<Node> {
        match self.rest.next()? {
            '^' => Some(Node::Start),
            '$' => Some(Node::End),
            '.' => Some(Node::Class(inverted(LINE_ENDS))),
            '[' => self.class().map(Node::Class),
            '(' => {
                if self.eat('?') {
                    match self.rest.next()? {
                        ':' => {}
                        '<' => {
                            // A named group; `(?<=` and `(?<!` look behind.
                            let first = self.rest.next()?;
                            if !(first.is_alphabetic() || first == '_') {
                                return None;
                            }
                            self.rest.by_ref().find(|c| *c == '>')?;
                        }
                        _ => return None,
                    }
                }
                let node = self.choice()?;
                self.eat(')').then_some(node)
            }
            '\\' => self.escape(false).map(Node::Class),
            '*' | '+' | '?' | '{' | '}' | ')' | ']' => None,
            c => Some(Node::Class(single(c))),
        }
    }

    fn quantified(&mut self, atom: Node) -> Option<Node> {
        let (min, max) = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.rest.next();
                let min = self.count()?;
                let max = if !self.eat(',') {
                    Some(min)
                } else if self.rest.peek() == Some(&'}') {
                    None
                } else {
                    Some(self.count()?)
                };
                if self.rest.peek() != Some(&'}') || max.is_some_and(|m| m < min) {
                    return None;
                }
                (min, max)
            }
            _ => return Some(atom),
        };
        self.rest.next();
        self.eat('?');
        if matches!(self.rest.peek(), Some('*' | '+' | '?' | '{')) || matches!(atom, Node::Start | Node::End) {
            return None;
        }
        Some(Node::Repeat(Box::new(atom), min, max))
    }

    fn count(&mut self) -> Option<u32> {
        let mut digits = String::new();
        while let Some(c) = self.rest.next_if(char::is_ascii_digit) {
            digits.push(c);
        }
        digits.parse().ok().filter(|n| *n <= MAX_COUNT)
    }

    /// After `[`.
    fn class(&mut self) -> Option<Class> {
        let negated = self.eat('^');
        let mut ranges: Class = Vec::new();
        loop {
            let low = match self.rest.next()? {
                ']' => break,
                // Nested classes and set operations of other dialects.
                '[' => return None,
                '\\' => self.escape(true)?,
                c => single(c),
            };
            let mut ahead = self.rest.clone();
            let is_range = ahead.next() == Some('-') && ahead.peek().is_some_and(|c| *c != ']');
            if !is_range {
                ranges.extend(low);
                continue;
            }
            self.rest.next();
            let high = match self.rest.next()? {
                '\\' => self.escape(true)?,
                '[' => return None,
                c => single(c),
            };
            match (low.as_slice(), high.as_slice()) {
                ([(a, b)], [(c, d)]) if a == b && c == d && a <= c => ranges.push((*a, *c)),
                _ => return None,
            }
        }
        let ranges = tidy(ranges);
        Some(if negated { inverted(&ranges) } else { ranges })
    }

    /// After a backslash.
    fn escape(&mut self, in_class: bool) -> Option<Class> {
        Some(match self.rest.next()? {
            'd' => DIGIT.to_vec(),
            'D' => inverted(DIGIT),
            'w' => WORD.to_vec(),
            'W' => inverted(WORD),
            's' => SPACE.to_vec(),
            'S' => inverted(SPACE),
            't' => single('\t'),
            'n' => single('\n'),
            'r' => single('\r'),
            'f' => single('\u{c}'),
            'v' => single('\u{b}'),
            'b' if in_class => single('\u{8}'),
            'x' => self.hex(2)?,
            'u' => self.hex(4)?,
            c if c.is_ascii_alphanumeric() => return None,
            c => single(c),
        })
    }

    fn hex(&mut self, digits: usize) -> Option<Class> {
        let mut value = 0;
        for _ in 0..digits {
            value = value * 16 + self.rest.next()?.to_digit(16)?;
        }
        char::from_u32(value).map(single)
    }
}

fn single(c: char) -> Class {
    vec![(u32::from(c), u32::from(c))]
}

fn tidy(mut ranges: Class) -> Class {
    ranges.sort_unstable();
    let mut tidied: Class = Vec::new();
    for (low, high) in ranges {
        match tidied.last_mut() {
            Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
            _ => tidied.push((low, high)),
        }
    }
    tidied
}

fn inverted(ranges: &[(u32, u32)]) -> Class {
    let mut next = 0;
    let mut class = Vec::new();
    for (low, high) in ranges {
        if next < *low {
            class.push((next, low - 1));
        }
        next = high + 1;
    }
    if next <= LAST {
        class.push((next, LAST));
    }
    class
}
