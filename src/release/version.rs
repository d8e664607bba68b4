//! The version that a contract declares, and the one that its changes deserve (semver.org, 2.0.0).
//!
//! Versions are one to three numbers with an optional `v` in front, and what follows them (`-rc.1`, `+build`). Others
//! (dates, names) promise nothing that could be compared. Below 1.0.0 the second number stands for the first, as most
//! package managers read it.

use std::fmt;

use crate::model::Origin;
use crate::model::origin::{FileId, Text};

/// A first number from here on is a year.
const YEAR: u64 = 1900;

/// How far a version moves. The order is the order of weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    None,
    Patch,
    Minor,
    Major,
}

impl Bump {
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// The same change of a contract whose first number is 0, which has promised less.
    fn below_one(self) -> Self {
        match self {
            Self::Major => Self::Minor,
            Self::Minor => Self::Patch,
            other => other,
        }
    }
}

/// A version that can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// `v` or nothing.
    prefix: &'static str,
    numbers: [u64; 3],
    /// How many numbers are written.
    written: usize,
    /// It is announced as not yet final.
    pub preliminary: bool,
}

impl Version {
    /// `1.4.0`, `v2`, `2.1-rc.1`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (prefix, text) = match text.strip_prefix(['v', 'V']) {
            Some(rest) => ("v", rest),
            None => ("", text),
        };
        let core = text.find(['-', '+']).map_or(text, |at| text.get(..at).unwrap_or(text));
        let parts: Vec<&str> = core.split('.').collect();
        if parts.len() > 3 {
            return None;
        }
        let mut numbers = [0; 3];
        for (number, part) in numbers.iter_mut().zip(&parts) {
            *number = part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()).flatten()?;
        }
        (numbers[0] < YEAR).then(|| Self {
            prefix,
            numbers,
            written: parts.len(),
            preliminary: text.get(core.len()..).is_some_and(|rest| rest.starts_with('-')),
        })
    }

    /// How far it is from `self` to `later`; nothing when it is not later.
    pub fn bump_to(&self, later: &Self) -> Bump {
        let [major, minor, patch] = [0, 1, 2].map(|at| later.numbers[at].cmp(&self.numbers[at]));
        match (major, minor, patch) {
            (std::cmp::Ordering::Greater, ..) => Bump::Major,
            (std::cmp::Ordering::Equal, std::cmp::Ordering::Greater, _) => Bump::Minor,
            (std::cmp::Ordering::Equal, std::cmp::Ordering::Equal, std::cmp::Ordering::Greater) => Bump::Patch,
            _ => Bump::None,
        }
    }

    /// Both texts are one version: `1.0` and `v1.0.0`; what is not compared is told apart as text.
    pub fn same(one: &str, other: &str) -> bool {
        let parsed = Self::parse(one).zip(Self::parse(other));
        one == other || parsed.is_some_and(|(a, b)| a.numbers == b.numbers && !a.preliminary && !b.preliminary)
    }

    /// What changes that weigh `bump` make of it.
    pub fn deserves(&self, bump: Bump) -> Bump {
        if self.numbers[0] == 0 { bump.below_one() } else { bump }
    }

    /// The version after changes of that weight, written as long as it takes. What is preliminary becomes what it announces.
    pub fn next(&self, bump: Bump) -> Self {
        let [major, minor, patch] = self.numbers;
        let (numbers, least) = match self.deserves(bump) {
            _ if self.preliminary => (self.numbers, 1),
            Bump::None => (self.numbers, 1),
            Bump::Patch => ([major, minor, patch.saturating_add(1)], 3),
            Bump::Minor => ([major, minor.saturating_add(1), 0], 2),
            Bump::Major => ([major.saturating_add(1), 0, 0], 1),
        };
        Self { prefix: self.prefix, numbers, written: self.written.max(least), preliminary: false }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.numbers.iter().take(self.written).map(ToString::to_string).collect();
        write!(f, "{}{}", self.prefix, numbers.join("."))
    }
}

/// What a contract that is in both revisions, and not the same in them, says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    /// Path of the root document in head.
    pub contract: Text,
    /// `info.version` of base and of head, as written.
    pub base: Text,
    pub head: Text,
    /// Where head says it.
    pub base_at: Option<Origin>,
    pub head_at: Option<Origin>,
    /// The files that the contract was read from, in both revisions.
    pub files: Vec<FileId>,
    /// Something changed that a client could notice.
    pub noticeable: bool,
}

impl Declared {
    /// What its changes weigh.
    pub fn weight(&self, breaks: bool) -> Bump {
        match (breaks, self.noticeable) {
            (true, _) => Bump::Major,
            (_, true) => Bump::Minor,
            _ => Bump::Patch,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn versions_are_read_as_people_write_them() {
        for (text, want) in [("1.4.0", "1.4.0"), ("v2", "v2"), (" 2.1-rc.1 ", "2.1"), ("0.3.0+build.7", "0.3.0")] {
            assert_eq!(version(text).to_string(), want, "{text}");
        }
        for text in ["", "v", "1.2.3.4", "2024-01-31", "2024.1", "1.x", "latest", "1..2", "99999999999999999999999"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
        assert!(version("2.0.0-beta").preliminary && !version("2.0.0+x").preliminary);
    }

    #[test]
    fn a_version_is_the_same_however_it_is_written() {
        for (one, other) in
            [("1.0", "1.0.0"), ("v1", "1"), ("1.0.0+a", "1.0.0+b"), ("latest", "latest"), ("1-a", "1-a")]
        {
            assert!(Version::same(one, other), "{one} {other}");
        }
        for (one, other) in [("1.0", "1.0.1"), ("1.0.0-a", "1.0.0-b"), ("1.0.0", "1.0.0-a"), ("", "latest")] {
            assert!(!Version::same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn the_next_version_follows_the_weight() {
        let cases = [
            ("1.4.2", Bump::Major, "2.0.0"),
            ("1.4.2", Bump::Minor, "1.5.0"),
            ("1.4.2", Bump::Patch, "1.4.3"),
            ("1.4.2", Bump::None, "1.4.2"),
            ("v1", Bump::Major, "v2"),
            ("v1", Bump::Minor, "v1.1"),
            ("1", Bump::Patch, "1.0.1"),
            ("0.3.1", Bump::Major, "0.4.0"),
            ("0.3.1", Bump::Minor, "0.3.2"),
            ("2.0.0-rc.1", Bump::Major, "2.0.0"),
            ("1.1-SNAPSHOT", Bump::Patch, "1.1"),
        ];
        for (text, bump, want) in cases {
            assert_eq!(version(text).next(bump).to_string(), want, "{text} {bump:?}");
        }
    }

    #[test]
    fn bumps_are_measured() {
        let cases = [
            ("1.4.0", "2.0.0", Bump::Major),
            ("1.4.0", "1.5.0", Bump::Minor),
            ("1.4", "1.4.1", Bump::Patch),
            ("1.4.0", "1.4.0", Bump::None),
            ("2.0.0", "1.9.0", Bump::None),
            ("v1", "2", Bump::Major),
        ];
        for (from, to, want) in cases {
            assert_eq!(version(from).bump_to(&version(to)), want, "{from} {to}");
        }
    }
}
