//! What the user typed, as one decision: which two things are compared and whether from their merge base.

use std::collections::BTreeMap;

use super::error::Error;

/// The working tree: tracked files as they are on disk, and untracked files that are not ignored.
pub const WORKTREE: &str = "WORKTREE";
/// What the next commit would hold.
pub const INDEX: &str = "INDEX";

/// What the user typed, before anything is looked up.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Positional words: none, `BASE`, `A..B`, `A...B`, or two folders, files or revisions.
    pub specs: Vec<String>,
    pub base: Option<String>,
    pub head: Option<String>,
    /// Compare with the tip of the base instead of the merge base.
    pub no_merge_base: bool,
    /// The index is the head.
    pub staged: bool,
    /// `base` of a configuration file given by hand; without it the head's own `driftline.yaml` is asked.
    pub configured_base: Option<String>,
    /// Variables a CI system sets (and `GIT_INDEX_FILE`, which git sets for hooks). The library reads no environment.
    pub variables: BTreeMap<String, String>,
}

impl Request {
    /// A request of positional words alone.
    pub fn of<S: Into<String>>(specs: impl IntoIterator<Item = S>) -> Self {
        Self { specs: specs.into_iter().map(Into::into).collect(), ..Self::default() }
    }
}

/// The decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// `None`: the default branch.
    pub base: Option<String>,
    /// `None`: the working tree, or HEAD where there is none.
    pub head: Option<String>,
    /// True when the base is the merge base of both.
    pub merge_base: bool,
}

/// The comparison that the words ask for.
pub fn parse(request: &Request) -> Result<Plan, Error> {
    let head = match (&request.head, request.staged) {
        (Some(head), true) if head != INDEX => return Err(Error::TwoHeads { head: head.clone() }),
        (_, true) => Some(INDEX.to_string()),
        (head, false) => head.clone(),
    };
    let merge_base = !request.no_merge_base;
    let named = |word: &String| named(word);
    let (base, head, merge_base) = match request.specs.as_slice() {
        // Like `git diff --cached`: what is staged is compared with the commit it will follow.
        [] if request.staged && request.base.is_none() => (Some("HEAD".to_string()), head, false),
        [] => (request.base.clone(), head, merge_base),
        [_, ..] if request.base.is_some() => return Err(Error::TwoBases { words: request.specs.clone() }),
        [word] => match range(word) {
            Some(_) if head.is_some() => return Err(Error::TwoBases { words: request.specs.clone() }),
            Some((base, head, dots)) => (Some(base), Some(head), dots == 3 && merge_base),
            None => (Some(named(word)), head, merge_base),
        },
        [_, _] if head.is_some() => return Err(Error::TwoBases { words: request.specs.clone() }),
        [base, head] => (Some(named(base)), Some(named(head)), false),
        words => return Err(Error::TooManyWords { words: words.to_vec() }),
    };
    Ok(Plan { base, head: head.map(|h| named(&h)), merge_base })
}

/// True for `A..B` and `A...B`.
pub fn is_range(word: &str) -> bool {
    range(word).is_some()
}

/// The two sides of `A..B` or `A...B` and the number of dots; an empty side is HEAD.
///
/// Dots inside `:/text` and `^{/text}` belong to the text.
fn range(word: &str) -> Option<(String, String, usize)> {
    if word.starts_with(":/") {
        return None;
    }
    let mut depth = 0usize;
    for (at, c) in word.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '.' if depth == 0 => {
                let rest = word.get(at..)?;
                let dots = if rest.starts_with("...") { 3 } else { 2 };
                if !rest.starts_with("..") {
                    continue;
                }
                let (left, right) = (word.get(..at)?, word.get(at + dots..)?);
                return Some((named(left), named(right), dots));
            }
            _ => {}
        }
    }
    None
}

/// A word as revision: an empty one is HEAD, the pseudo-revisions are known in lower case too.
fn named(word: &str) -> String {
    match word {
        "" => "HEAD".to_string(),
        "worktree" => WORKTREE.to_string(),
        "index" => INDEX.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(base: Option<&str>, head: Option<&str>, merge_base: bool) -> Plan {
        Plan { base: base.map(Into::into), head: head.map(Into::into), merge_base }
    }

    #[test]
    fn the_grammar() {
        let cases: &[(&[&str], Plan)] = &[
            (&[], plan(None, None, true)),
            (&["main"], plan(Some("main"), None, true)),
            (&["a..b"], plan(Some("a"), Some("b"), false)),
            (&["a...b"], plan(Some("a"), Some("b"), true)),
            (&["..b"], plan(Some("HEAD"), Some("b"), false)),
            (&["v1.4.0.."], plan(Some("v1.4.0"), Some("HEAD"), false)),
            (&["a..."], plan(Some("a"), Some("HEAD"), true)),
            (&[".."], plan(Some("HEAD"), Some("HEAD"), false)),
            (&["v1.0..v1.1"], plan(Some("v1.0"), Some("v1.1"), false)),
            (&["a..worktree"], plan(Some("a"), Some(WORKTREE), false)),
            (&[":/fix a..b"], plan(Some(":/fix a..b"), None, true)),
            (&["HEAD^{/a..b}..HEAD"], plan(Some("HEAD^{/a..b}"), Some("HEAD"), false)),
            (&["a", "b"], plan(Some("a"), Some("b"), false)),
        ];
        for (specs, expected) in cases {
            assert_eq!(&parse(&Request::of(specs.iter().copied())).unwrap(), expected, "{specs:?}");
        }
    }

    #[test]
    fn options() {
        let request = |base: Option<&str>, head: Option<&str>, staged, no_merge_base| Request {
            base: base.map(Into::into),
            head: head.map(Into::into),
            staged,
            no_merge_base,
            ..Request::default()
        };
        let cases = [
            (request(Some("a"), Some("b"), false, false), plan(Some("a"), Some("b"), true)),
            (request(Some("a"), Some("b"), false, true), plan(Some("a"), Some("b"), false)),
            (request(None, Some("b"), false, false), plan(None, Some("b"), true)),
            (request(None, None, true, false), plan(Some("HEAD"), Some(INDEX), false)),
            (request(Some("a"), None, true, false), plan(Some("a"), Some(INDEX), true)),
        ];
        for (request, expected) in cases {
            assert_eq!(parse(&request).unwrap(), expected, "{request:?}");
        }
    }

    #[test]
    fn contradictions_are_refused() {
        let both = |specs: &[&str], base: Option<&str>, head: Option<&str>, staged| Request {
            base: base.map(Into::into),
            head: head.map(Into::into),
            staged,
            ..Request::of(specs.iter().copied())
        };
        let cases = [
            both(&["a..b"], Some("c"), None, false),
            both(&["a..b"], None, Some("c"), false),
            both(&["a", "b", "c"], None, None, false),
            both(&["a", "b"], None, None, true),
            both(&[], None, Some("b"), true),
        ];
        for request in cases {
            assert!(parse(&request).is_err(), "{request:?}");
        }
    }
}
