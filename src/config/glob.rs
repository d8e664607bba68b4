//! Patterns of paths.
//!
//! `*` and `?` stay inside a name, `**` crosses folders, `[a-z]` and `{a,b}` choose. Without a wildcard a pattern names
//! a file, or a folder and everything in it; with one but without `/` it is held against file names in every folder.

/// A set of patterns, compiled once.
#[derive(Debug, Clone, Default)]
pub struct Globs(Vec<Vec<char>>);

/// A pattern with more alternatives than this keeps the first ones.
const ALTERNATIVES: usize = 256;

impl Globs {
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Self {
        let mut compiled = Vec::new();
        for pattern in patterns {
            let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
            for one in braces(pattern) {
                let wild = one.contains(['*', '?', '[']);
                if !wild {
                    compiled.push(format!("{one}/**"));
                }
                compiled.push(if wild && !one.contains('/') { format!("**/{one}") } else { one });
            }
        }
        Self(compiled.iter().map(|p| p.chars().collect()).collect())
    }

    pub fn matches(&self, path: &str) -> bool {
        let path: Vec<char> = path.chars().collect();
        self.0.iter().any(|pattern| matches(pattern, &path))
    }
}

/// The pattern without `{a,b}`: all alternatives.
fn braces(pattern: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut open = vec![pattern.to_string()];
    while let Some(pattern) = open.pop() {
        // The innermost group: the first closing brace and the last opening one before it.
        let close = pattern.find('}');
        let parts = close.and_then(|close| {
            let start = pattern.get(..close)?.rfind('{')?;
            Some((pattern.get(..start)?, pattern.get(start + 1..close)?, pattern.get(close + 1..)?))
        });
        match parts {
            Some((before, choices, after)) if open.len() + done.len() < ALTERNATIVES => {
                open.extend(choices.split(',').map(|choice| format!("{before}{choice}{after}")));
            }
            _ => done.push(pattern),
        }
    }
    done
}

/// Greedy with two places to come back to, the last `*` and the last `**`: never exponential.
fn matches(pattern: &[char], path: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    let mut deep: Option<(usize, usize)> = None;
    loop {
        let left = pattern.get(p..).unwrap_or_default();
        if left.is_empty() && t == path.len() {
            return true;
        }
        if let ['*', '*', ..] = left {
            // `**/` may stand for no folder at all, and ends only behind a `/`.
            let whole = left.get(2) == Some(&'/');
            p += if whole { 3 } else { 2 };
            deep = Some((p, t));
            star = None;
            continue;
        }
        if let ['*', ..] = left {
            p += 1;
            star = Some((p, t));
            continue;
        }
        if let Some(length) = path.get(t).and_then(|c| single(left, *c)) {
            p += length;
            t += 1;
            continue;
        }
        if let Some((after, from)) = star
            && path.get(from).is_some_and(|c| *c != '/')
        {
            star = Some((after, from + 1));
            (p, t) = (after, from + 1);
            continue;
        }
        let Some((after, from)) = deep else { return false };
        // Where `**/` gives up a place it goes on behind the next `/`; `**` at the end takes everything.
        let whole = after >= 3 && pattern.get(after - 1) == Some(&'/');
        let rest = path.get(from..).unwrap_or_default();
        let step =
            if whole { rest.iter().position(|c| *c == '/').map(|at| at + 1) } else { (!rest.is_empty()).then_some(1) };
        let Some(step) = step else { return false };
        deep = Some((after, from + step));
        star = None;
        (p, t) = (after, from + step);
    }
}

/// The number of pattern characters that `c` uses up, if it fits.
fn single(pattern: &[char], c: char) -> Option<usize> {
    match pattern {
        ['?', ..] => (c != '/').then_some(1),
        ['[', rest @ ..] => {
            let end = rest.iter().skip(1).position(|x| *x == ']')? + 1;
            let class = rest.get(..end)?;
            let (not, class) = match class {
                ['!' | '^', class @ ..] => (true, class),
                class => (false, class),
            };
            let mut inside = false;
            let mut at = 0;
            while let Some(first) = class.get(at) {
                if let (Some('-'), Some(last)) = (class.get(at + 1), class.get(at + 2)) {
                    inside |= (*first..=*last).contains(&c);
                    at += 3;
                } else {
                    inside |= *first == c;
                    at += 1;
                }
            }
            (inside != not && c != '/').then_some(end + 2)
        }
        [x, ..] => (*x == c).then_some(1),
        [] => None,
    }
}

/// A pattern for names, not paths: `*` stands for any text.
pub fn text_matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, text, expected) in [
            ("users.*", "users.email", true),
            ("*.email", "users.email", true),
            ("*", "", true),
            ("GET /users*", "GET /users/{id}", true),
            ("u*s.*l", "users.email", true),
            ("users.*", "user.email", false),
            ("a*a", "a", false),
            ("*.email", "users.email_2", false),
        ] {
            assert_eq!(text_matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn patterns() {
        let cases = [
            ("api/openapi.yaml", "api/openapi.yaml", true),
            ("openapi.yaml", "api/openapi.yaml", false),
            ("./api/", "api/v1/openapi.yaml", true),
            ("api", "apis/openapi.yaml", false),
            ("*.yaml", "api/openapi.yaml", true),
            ("api/*.yaml", "api/openapi.yaml", true),
            ("api/*.yaml", "api/v1/openapi.yaml", false),
            ("api/**", "api/v1/openapi.yaml", true),
            ("api/**/*.yaml", "api/openapi.yaml", true),
            ("api/**/*.yaml", "api/a/b/openapi.yaml", true),
            ("**/openapi.{yaml,json}", "openapi.json", true),
            ("**/openapi.{yaml,json}", "a/b/openapi.yaml", true),
            ("**/openapi.{yaml,json}", "a/b/xopenapi.yaml", false),
            ("**/v[0-9]/*.sql", "db/v2/1.sql", true),
            ("**/v[!0-9]/*.sql", "db/v2/1.sql", false),
            ("a?c", "x/abc", true),
            ("db/*/up.sql", "db/1_a/up.sql", true),
            ("db/**/x/*.sql", "db/a/x/b/x/1.sql", true),
            ("**", "a/b", true),
            ("a/[", "a/[", false),
        ];
        for (pattern, path, expected) in cases {
            assert_eq!(Globs::new([pattern]).matches(path), expected, "{pattern} {path}");
        }
    }

    proptest! {
        #[test]
        fn never_fails_and_finds_itself(path in "[a-z/.]{0,20}", pattern in "[a-z*?/{},\\[\\]!-]{0,24}") {
            Globs::new([pattern.as_str()]).matches(&path);
            let own = path.trim_start_matches("./").trim_end_matches('/');
            prop_assert!(Globs::new([path.as_str()]).matches(own));
            prop_assert!(Globs::new(["**"]).matches(&path));
        }
    }
}
