//! Words that completion scripts offer, beside parsers that say more about a wrong one than a list would.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};

use crate::config::nearest::nearest;
use crate::model::sql::Dialect;
use crate::rules;

/// A parser with the words that it understands, for completion alone.
#[derive(Clone)]
pub struct Offered<P> {
    parser: P,
    words: fn() -> Vec<&'static str>,
}

impl<P: TypedValueParser> TypedValueParser for Offered<P> {
    type Value = P::Value;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        self.parser.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.words)().into_iter().map(PossibleValue::new)))
    }
}

/// Any text; the words are offered.
pub fn text(words: fn() -> Vec<&'static str>) -> Offered<StringValueParser> {
    Offered { parser: StringValueParser::new(), words }
}

/// What the parser takes; the words are offered.
pub fn offered<P: TypedValueParser>(parser: P, words: fn() -> Vec<&'static str>) -> Offered<P> {
    Offered { parser, words }
}

pub fn rules() -> Vec<&'static str> {
    rules::all().map(|rule| rule.id).collect()
}

pub fn dialects() -> Vec<&'static str> {
    Dialect::NAMES.iter().filter_map(|(_, names)| names.first().copied()).collect()
}

pub fn levels() -> Vec<&'static str> {
    vec!["error", "warning", "note", "off"]
}

/// What `driftline rules` can be narrowed to beside parts of ids.
pub fn families() -> Vec<&'static str> {
    vec!["api", "sql", "link", "breaking", "drift", "debt", "migration", "input"]
}

/// `did you mean …?`, or what there is.
pub fn hint(word: &str, words: &[&str]) -> String {
    match nearest(word, words.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => match words.split_last() {
            Some((last, [])) => format!("use {last}"),
            Some((last, before)) => format!("use {} or {last}", before.join(", ")),
            None => String::new(),
        },
    }
}

/// A hint about a word that may also have been meant as a command.
pub fn or_command(hint: &str, name: &str) -> String {
    match hint.strip_suffix('?') {
        Some(hint) => format!("{hint}, or the command `{name}`?"),
        None => format!("did you mean the command `{name}`?"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_layers_and_categories() {
        let mut known: Vec<&str> = rules::all().flat_map(|rule| [rule.layer.name(), rule.category.name()]).collect();
        known.sort_unstable();
        known.dedup();
        let mut offered = families();
        offered.sort_unstable();
        assert_eq!(offered, known);
    }
}
