//! Words of a configuration that only others know: ids of rules, names of layouts.

use super::nearest::nearest;
use super::{Config, Error};

/// What there is.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub rules: &'a [&'static str],
    pub layouts: &'a [&'static str],
}

impl Config {
    /// Ids in `rules`, `overrides` and `allow` that are no known rule, with the nearest known id.
    pub fn unknown_rules<'a>(&'a self, known: &[&'static str]) -> Vec<(&'a str, Option<&'static str>)> {
        let overrides = self.overrides.iter().flat_map(|o| o.rules.keys());
        let allowed = self.allow.iter().map(|a| &a.rule);
        unknown(self.rules.keys().chain(overrides).chain(allowed), known)
    }

    /// Refuses words that mean nothing, at the line of `text` where they stand.
    pub fn check(&self, text: &[u8], path: &str, known: Known<'_>) -> Result<(), Error> {
        let layouts = unknown(self.sources.iter().filter_map(|source| source.layout.as_ref()), known.layouts);
        let rules = self.unknown_rules(known.rules).into_iter().map(|found| ("rule", found));
        let Some((what, (word, near))) = rules.chain(layouts.into_iter().map(|found| ("layout", found))).next() else {
            return Ok(());
        };
        let hint = match (near, what) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, "rule") => "`driftline rules` lists all rules".to_string(),
            (None, _) => format!("known layouts: {}", known.layouts.join(", ")),
        };
        let text = String::from_utf8_lossy(text);
        let place = text.lines().enumerate().find_map(|(line, text)| Some((line + 1, text.find(word)? + 1)));
        let (line, column) = place.unwrap_or_default();
        Err(Error {
            path: path.to_string(),
            line: u32::try_from(line).unwrap_or_default(),
            column: u32::try_from(column).unwrap_or_default(),
            message: format!("there is no {what} `{word}`"),
            hint: Some(hint),
        })
    }
}

fn unknown<'a>(
    words: impl Iterator<Item = &'a String>,
    known: &[&'static str],
) -> Vec<(&'a str, Option<&'static str>)> {
    let mut words: Vec<&str> = words.map(String::as_str).filter(|word| !known.contains(word)).collect();
    words.sort_unstable();
    words.dedup();
    words.into_iter().map(|word| (word, nearest(word, known.iter().copied()))).collect()
}
