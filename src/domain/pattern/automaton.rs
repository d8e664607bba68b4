//! A nondeterministic automaton, run on sets of places.

use super::{Class, Node};

/// Larger patterns are not understood; counts are spelled out, so `{1,255}` costs 255 places.
const MAX_PLACES: usize = 6000;

#[derive(Debug, Clone)]
enum Step {
    Letter(Class, u32),
    Either(Vec<u32>),
    /// Passed only before the first letter.
    Start(u32),
    /// Passed only after the last letter.
    End(u32),
    Accept,
}

/// The places a run may be in, sorted. A run that has matched stays in the one accepting place.
pub type Places = Vec<u32>;

/// The strings in which a pattern matches somewhere.
#[derive(Debug, Clone)]
pub struct Automaton {
    steps: Vec<Step>,
    start: u32,
    /// Every match begins at the first letter, so runs need not be started later.
    anchored: bool,
}

const ACCEPT: u32 = 0;

struct Builder {
    steps: Vec<Step>,
    work: usize,
}

impl Builder {
    fn push(&mut self, step: Step) -> Option<u32> {
        self.steps.push(step);
        if self.steps.len() > MAX_PLACES {
            return None;
        }
        u32::try_from(self.steps.len() - 1).ok()
    }

    /// Adds `node` so that it goes on to `next`; the depth is bounded by the parser.
    fn add(&mut self, node: &Node, next: u32) -> Option<u32> {
        // Empty groups cost no place but can be repeated a million times.
        self.work += 1;
        if self.work > 20 * MAX_PLACES {
            return None;
        }
        match node {
            Node::Class(class) => self.push(Step::Letter(class.clone(), next)),
            Node::Start => self.push(Step::Start(next)),
            Node::End => self.push(Step::End(next)),
            Node::Sequence(parts) => parts.iter().rev().try_fold(next, |next, part| self.add(part, next)),
            Node::Choice(branches) => {
                let targets = branches.iter().map(|b| self.add(b, next)).collect::<Option<Vec<_>>>()?;
                self.push(Step::Either(targets))
            }
            Node::Repeat(inner, min, max) => {
                let mut at = match max {
                    None => {
                        let turn = self.push(Step::Either(Vec::new()))?;
                        let body = self.add(inner, turn)?;
                        if let Some(step) = self.steps.get_mut(turn as usize) {
                            *step = Step::Either(vec![body, next]);
                        }
                        turn
                    }
                    Some(max) => {
                        let mut at = next;
                        for _ in *min..*max {
                            let body = self.add(inner, at)?;
                            at = self.push(Step::Either(vec![body, next]))?;
                        }
                        at
                    }
                };
                for _ in 0..*min {
                    at = self.add(inner, at)?;
                }
                Some(at)
            }
        }
    }
}

impl Automaton {
    pub(super) fn compile(node: &Node) -> Option<Self> {
        let mut builder = Builder { steps: vec![Step::Accept], work: 0 };
        let start = builder.add(node, ACCEPT)?;
        Some(Self { steps: builder.steps, start, anchored: starts(node) })
    }

    /// Everything reachable from `open` without a letter.
    fn close(&self, open: Vec<u32>, at_start: bool, at_end: bool) -> Places {
        let mut open = open;
        let mut places = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        while let Some(place) = open.pop() {
            if !seen.insert(place) {
                continue;
            }
            match self.steps.get(place as usize) {
                Some(Step::Accept) => return vec![ACCEPT],
                Some(Step::Letter(..)) => places.push(place),
                Some(Step::Either(targets)) => open.extend(targets),
                Some(Step::Start(next)) if at_start => open.push(*next),
                Some(Step::End(next)) if at_end => open.push(*next),
                Some(Step::End(_)) => places.push(place),
                Some(Step::Start(_)) | None => {}
            }
        }
        places.sort_unstable();
        places
    }

    /// Where a run begins, and whether the empty string is accepted.
    pub fn begin(&self) -> (Places, bool) {
        let accepts = self.close(vec![self.start], true, true) == [ACCEPT];
        (self.close(vec![self.start], true, false), accepts)
    }

    /// Whether a run in `places` (after at least one letter) accepts when the string ends here.
    pub fn accepts_at(&self, places: &Places) -> bool {
        if self.anchored {
            return self.close(places.clone(), false, true) == [ACCEPT];
        }
        let mut open = places.clone();
        open.push(self.start);
        self.close(open, false, true) == [ACCEPT]
    }

    /// The places after one more letter.
    pub fn step(&self, places: &Places, letter: u32) -> Places {
        if places.as_slice() == [ACCEPT] {
            return places.clone();
        }
        let mut open: Vec<u32> = Vec::new();
        for place in places {
            if let Some(Step::Letter(class, next)) = self.steps.get(*place as usize)
                && contains(class, letter)
            {
                open.push(*next);
            }
        }
        if !self.anchored {
            open.push(self.start);
        }
        self.close(open, false, false)
    }

    /// The first code points of the ranges in which letters behave alike, as seen from `places`.
    pub fn borders(&self, places: &Places, borders: &mut Vec<u32>) {
        for place in places {
            if let Some(Step::Letter(class, _)) = self.steps.get(*place as usize) {
                for (low, high) in class {
                    borders.push(*low);
                    borders.push(high + 1);
                }
            }
        }
    }

    /// Whether the whole string is accepted.
    pub fn accepts(&self, text: &str) -> bool {
        let (mut places, empty) = self.begin();
        if text.is_empty() {
            return empty;
        }
        for letter in text.chars() {
            places = self.step(&places, u32::from(letter));
        }
        self.accepts_at(&places)
    }
}

fn contains(class: &Class, letter: u32) -> bool {
    let after = class.partition_point(|(low, _)| *low <= letter);
    after > 0 && class.get(after - 1).is_some_and(|(_, high)| letter <= *high)
}

/// True when every match must begin at the start of the string.
fn starts(node: &Node) -> bool {
    match node {
        Node::Start => true,
        Node::Sequence(parts) => parts.first().is_some_and(starts),
        Node::Choice(branches) => branches.iter().all(starts),
        Node::Repeat(inner, min, _) => *min > 0 && starts(inner),
        Node::Class(_) | Node::End => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_ecma_says() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            ("", &["", "a"], &[]),
            ("a", &["a", "xay"], &["", "b"]),
            ("^a$", &["a"], &["", "aa", "ba"]),
            ("^[a-z]{2,3}$", &["ab", "abc"], &["a", "abcd", "aB"]),
            ("^(a|bc)+$", &["a", "bc", "abca"], &["", "b", "abb"]),
            ("^a|b$", &["ax", "xb"], &["xa", "bx"]),
            (r"^\d+(\.\d{1,2})?$", &["1", "1.25"], &["1.", "1.234", ".5"]),
            ("^[^-_]+$", &["a b"], &["", "a-b"]),
            ("^[a-]$", &["-", "a"], &["b"]),
            ("$", &["", "a"], &[]),
            ("a$", &["a", "ba"], &["ab"]),
            ("^(?:x|)$", &["", "x"], &["y"]),
            ("^(?<year>[0-9]{4})$", &["2026"], &["26"]),
            (r"^\u0041\x42\/$", &["AB/"], &["AB"]),
            ("^(a*)*$", &["", "aaa"], &["b"]),
        ];
        for (pattern, yes, no) in cases {
            let automaton = Automaton::of_pattern(pattern).expect(pattern);
            for text in *yes {
                assert!(automaton.accepts(text), "{pattern} must match {text:?}");
            }
            for text in *no {
                assert!(!automaton.accepts(text), "{pattern} must not match {text:?}");
            }
        }
    }

    #[test]
    fn what_is_not_regular_is_not_guessed() {
        let odd = [
            r"(?=a)b",
            r"(?!a)b",
            r"(a)\1",
            r"\bfoo",
            r"\p{L}",
            "a{5001}",
            "(",
            "a**",
            r"\Z",
            "((a{900}){900})",
            "[z-a]",
            "((((){2000}){2000}){2000})",
        ];
        for pattern in odd {
            assert!(Automaton::of_pattern(pattern).is_none(), "{pattern}");
        }
        assert!(Automaton::of_pattern(&"(".repeat(3000)).is_none());
        assert!(Automaton::of_pattern(&format!("{}a{}", "(".repeat(100), ")".repeat(100))).is_none());
    }

    #[test]
    fn lists_are_exact() {
        let words = Automaton::of_words(["red", "blue"].into_iter()).expect("small");
        assert!(words.accepts("red") && words.accepts("blue") && !words.accepts("re") && !words.accepts("redx"));
        assert!(!Automaton::of_words(std::iter::empty()).expect("empty").accepts(""));
    }
}
