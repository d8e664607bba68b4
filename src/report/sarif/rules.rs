//! The rules of a run, with their pages as help.

use serde_json::{Value, json};

use crate::report::issues::{self, filled};
use crate::rules::{Category, Rule, Severity};

/// Characters of a description that code scanning takes.
const DESCRIPTION: usize = 1024;

/// Every rule once, sorted by id.
pub fn used<'a>(rules: impl Iterator<Item = &'a Rule>) -> Vec<&'a Rule> {
    let known: std::collections::BTreeMap<&str, &Rule> = rules.map(|rule| (rule.id, rule)).collect();
    known.into_values().collect()
}

/// What a reader shows about a rule.
pub fn descriptor(rule: &Rule) -> Value {
    let page = page(rule);
    let usual = rule.levels.worst();
    filled(json!({
        "id": rule.id,
        "name": name(rule.id),
        "shortDescription": { "text": format!("{}.", rule.title) },
        "fullDescription": { "text": super::super::text::clip(sentence(&page), DESCRIPTION) },
        "help": { "text": page, "markdown": page },
        "helpUri": issues::rule_url(rule),
        "defaultConfiguration": configuration(rule),
        "properties": {
            "tags": [rule.category.name(), rule.layer.name()],
            "precision": precision(rule.category),
            "problem.severity": match usual {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "recommendation",
            },
        },
    }))
}

/// Readers take a rule for enabled where nothing is said.
fn configuration(rule: &Rule) -> Value {
    let level = super::level(rule.levels.worst());
    if rule.off { json!({ "enabled": false, "level": level }) } else { json!({ "level": level }) }
}

/// Changes and what could not be read are facts; links between layers are found with some doubt, and debt is a matter
/// of taste.
fn precision(category: Category) -> &'static str {
    match category {
        Category::Input => "very-high",
        Category::Breaking | Category::Migration | Category::Drift => "high",
        Category::Debt => "medium",
    }
}

/// `ColumnDropped`
fn name(id: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    };
    id.split('-').map(capital).collect()
}

/// The page without its title, which is shown anyway; links to other pages lead nowhere here and become their text.
fn page(rule: &Rule) -> String {
    let text = rule.page.split_once('\n').map_or(rule.page, |(_, rest)| rest).trim();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("](") {
        let target = after.split_once(')').filter(|(target, _)| target.ends_with(".md"));
        let open = before.rfind('[');
        match (open, target) {
            (Some(open), Some((_, after))) => {
                out.push_str(&before[..open]);
                out.push_str(&before[open + 1..]);
                rest = after;
            }
            _ => {
                out.push_str(before);
                out.push_str("](");
                rest = after;
            }
        }
    }
    out + rest
}

/// The first paragraph of a page.
fn sentence(page: &str) -> &str {
    page.split("\n\n").next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_described() {
        for rule in crate::rules::all() {
            let value = descriptor(rule);
            for part in ["shortDescription", "fullDescription", "help"] {
                let text = value[part]["text"].as_str().unwrap_or_default();
                assert!(text.len() > 10, "{}: {part}", rule.id);
            }
            let help = value["help"]["text"].as_str().unwrap_or_default();
            assert!(!help.contains(".md)") && help.contains("## Why it matters"), "{}", rule.id);
            assert!(!help.starts_with('#'), "{}", rule.id);
        }
        assert_eq!(name("column-dropped"), "ColumnDropped");
    }
}
