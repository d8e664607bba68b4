//! One change in the words of a changelog: the section it belongs to, and a line that begins with what it is.

use std::fmt;

use crate::model::{ChangeKind as Kind, EntityKind, Layer};
use crate::report::ChangeItem;
use crate::report::markup::{code, prose};
use crate::report::text::{capital, clip, one_line};

/// Sections, by their place in the list of headings.
const ADDED: usize = 0;
const CHANGED: usize = 1;
const DEPRECATED: usize = 2;
const REMOVED: usize = 3;

/// Characters of a name, and of a value.
const NAME: usize = 120;
const VALUE: usize = 100;

/// `` Value `a`, `b` of `Order.status` ``
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub section: usize,
    /// `Value`; empty where the rest says it.
    noun: String,
    /// What is meant inside the subject: values, responses, parameters.
    inside: Vec<String>,
    /// The subject, and what is said of it.
    rest: String,
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inside = self.inside.join(", ");
        let of = if inside.is_empty() { "" } else { "of " };
        let words = [self.noun.as_str(), &inside].into_iter().filter(|word| !word.is_empty());
        let words: Vec<&str> = words.collect();
        let space = if words.is_empty() { "" } else { " " };
        write!(f, "{}{space}{of}{}", words.join(" "), self.rest)
    }
}

impl Words {
    /// What is said of a change.
    pub fn of(change: &ChangeItem) -> Self {
        let name = change.kind.name();
        let subject = code(&clip(&one_line(&change.subject), NAME));
        let (section, noun, said) = match change.kind {
            Kind::OperationDeprecated | Kind::AttributeDeprecated => (DEPRECATED, noun(change), until(change)),
            Kind::EntityRenamed | Kind::AttributeRenamed => {
                let name = change.after.as_deref().map(|name| format!(" to {}", code(&clip(&one_line(name), NAME))));
                (CHANGED, noun(change), format!(" is renamed{}", name.unwrap_or_default()))
            }
            Kind::AttributeRequired | Kind::ParameterRequired | Kind::BodyRequired | Kind::HeaderRequired => {
                (CHANGED, noun(change), " is required".to_string())
            }
            Kind::AttributeOptional | Kind::ParameterOptional | Kind::BodyOptional | Kind::HeaderOptional => {
                (CHANGED, noun(change), " is optional".to_string())
            }
            _ => match name.rsplit_once('-') {
                Some((_, "added")) => (ADDED, noun(change), after(change)),
                Some((_, "removed")) => (REMOVED, noun(change), String::new()),
                Some((what, "changed" | "lowered" | "shortened")) => {
                    // The values are whole types.
                    let of_type = change.layer == Layer::Sql && change.kind == Kind::LengthChanged;
                    let what = if of_type { "type".to_string() } else { what.replace('-', " ") };
                    let rest = format!("{subject}: {what}{}", values(change));
                    return Self { section: CHANGED, noun: String::new(), inside: Vec::new(), rest };
                }
                _ => {
                    let rest = format!("{subject}: {}{}", name.replace('-', " "), values(change));
                    return Self { section: CHANGED, noun: String::new(), inside: Vec::new(), rest };
                }
            },
        };
        Self { section, noun, inside: inside(change).into_iter().collect(), rest: format!("{subject}{said}") }
    }

    /// Takes in what is said alike of another part of the same subject.
    pub fn take(&mut self, other: &Self) -> bool {
        let alike =
            self.noun == other.noun && self.rest == other.rest && self.inside.is_empty() == other.inside.is_empty();
        if alike {
            let new = other.inside.iter().filter(|part| !self.inside.contains(part)).cloned().collect::<Vec<_>>();
            self.inside.extend(new);
        }
        // The same column of another database, in the words of its dialect.
        let again = self.section == ADDED && self.noun == "Column" && self.noun == other.noun;
        alike || again
    }
}

/// What the subject is, as a word that begins a line.
fn noun(change: &ChangeItem) -> String {
    let sql = change.layer == Layer::Sql;
    let word = match change.kind {
        Kind::EntityAdded | Kind::EntityRemoved | Kind::EntityRenamed => match change.entity {
            Some(EntityKind::View) => "View",
            Some(EntityKind::MaterializedView) => "Materialized view",
            Some(EntityKind::Enum) => "Type",
            _ if sql => "Table",
            _ => "Schema",
        },
        Kind::AttributeAdded
        | Kind::AttributeRemoved
        | Kind::AttributeRenamed
        | Kind::AttributeRequired
        | Kind::AttributeOptional
        | Kind::AttributeDeprecated => match sql {
            true => "Column",
            false => "Property",
        },
        Kind::EnumValueAdded | Kind::EnumValueRemoved => "Value",
        // The words about a key say which kind it is.
        Kind::KeyAdded | Kind::KeyRemoved => "",
        kind => {
            let name = kind.name();
            return capital(&name.rsplit_once('-').map_or(name.as_str(), |(word, _)| word).replace('-', " "));
        }
    };
    word.to_string()
}

/// What inside the subject is meant; nothing where it is the subject itself.
fn inside(change: &ChangeItem) -> Option<String> {
    let inside = match change.kind {
        Kind::EnumValueAdded | Kind::EnumValueRemoved | Kind::KeyAdded | Kind::KeyRemoved => {
            let own = (!change.detail.is_empty()).then_some(change.detail.as_str());
            own.or(change.after.as_deref()).or(change.before.as_deref())?
        }
        Kind::AttributeAdded | Kind::AttributeRemoved | Kind::EntityAdded | Kind::EntityRemoved => return None,
        _ => change.detail.as_str(),
    };
    let is_key = matches!(change.kind, Kind::KeyAdded | Kind::KeyRemoved);
    match inside {
        "" => None,
        inside if change.subject.ends_with(inside) => None,
        inside if is_key => Some(capital(&prose(&clip(named(inside), VALUE)))),
        // Some values come in backquotes of their own.
        inside if inside.contains('`') => Some(prose(&clip(inside, VALUE))),
        inside => Some(code(&clip(&one_line(inside), VALUE))),
    }
}

/// A key without its columns, where it has a name.
fn named(key: &str) -> &str {
    key.split_once("` (").map_or(key, |(name, _)| &key[..name.len() + 1])
}

/// When it ends; the heading says that it is deprecated.
fn until(change: &ChangeItem) -> String {
    let day = change.after.as_deref().and_then(|text| text.strip_prefix("deprecated and "));
    day.map(|day| format!(" ({})", prose(&clip(day, VALUE)))).unwrap_or_default()
}

/// What it is now, where the name does not say it.
fn after(change: &ChangeItem) -> String {
    let demanded = change.kind == Kind::AttributeAdded && change.layer == Layer::Api && change.breaking;
    match &change.after {
        Some(text) if change.kind == Kind::AttributeAdded => {
            format!(" ({}{})", prose(&clip(text, VALUE)), if demanded { ", required" } else { "" })
        }
        _ => String::new(),
    }
}

/// ` 50 → 100`
fn values(change: &ChangeItem) -> String {
    let side =
        |text: &Option<String>| text.as_ref().map_or("–".to_string(), |text| code(&clip(&one_line(text), VALUE)));
    match (&change.before, &change.after) {
        (None, None) => String::new(),
        (before, after) => format!(" {} → {}", side(before), side(after)),
    }
}
