//! `driftline rules`: the catalogue, with the levels that the configuration gives.

use std::fmt::Write;

use anstyle::Style;
use serde::Serialize;

use crate::config::nearest::nearest;
use crate::config::{Config, Level, RuleLevel};
use crate::model::Flow;
use crate::rules::{self, Category, Levels, Rule};

use super::args::{Global, RulesArgs};
use super::environment::Environment;
use super::format::{Format, Target};
use super::{Ended, Failure, output, settings, words};

pub fn run(args: &RulesArgs, global: &Global, environment: &Environment) -> Result<Ended, Failure> {
    output::check_targets(&args.output, &[Format::Text, Format::Short, Format::Markdown, Format::Json])?;
    let config = settings::configuration(global, environment)?;
    let word = args.filter.clone().unwrap_or_default().to_lowercase();
    let wanted = settings::level(args.level.as_deref())?.map(Level::name);
    let named = |rule: &&Rule| rule.id.contains(&word) || rule.layer.name() == word || rule.category.name() == word;
    let speaks = |rule: &&Rule| wanted.is_none_or(|level| levels(rule, &config).iter().any(|(_, own)| *own == level));
    let rules: Vec<&Rule> = rules::all().filter(named).filter(speaks).collect();
    if rules.is_empty() && wanted.is_none() {
        let ids: Vec<&str> = words::rules();
        let known =
            words::families().into_iter().chain(ids.clone()).chain(ids.into_iter().flat_map(|id| id.split('-')));
        let hint = match nearest(&word, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("filter by a part of an id, or by one of {}", words::families().join(", ")),
        };
        return Err(Failure::new(format!("no rule fits `{word}`"), hint));
    }
    let json_alone = [Target { format: Format::Json, file: None }];
    let asked = if args.json { &json_alone } else { args.output.as_slice() };
    output::write_all(asked, global, |target| match target.format {
        Format::Json => json(&rules, &config),
        Format::Markdown => markdown(&rules, &config),
        _ => text(&rules, &config, target.file.is_none() && environment.colours(global.color)),
    })?;
    Ok(Ended::Done)
}

/// What the families ask, in the order of the list.
const FAMILIES: [(Category, &str); 5] = [
    (Category::Breaking, "what do running clients, running code and stored rows lose?"),
    (Category::Drift, "where do contract and database disagree?"),
    (Category::Migration, "what does running the migration cost?"),
    (Category::Debt, "what will somebody have to pay back?"),
    (Category::Input, "what could not be read?"),
];

fn text(rules: &[&Rule], config: &Config, colours: bool) -> String {
    let id = rules.iter().map(|r| r.id.len()).max().unwrap_or(0);
    let bold = if colours { Style::new().bold() } else { Style::new() };
    let mut out = String::new();
    for (category, question) in FAMILIES {
        let family: Vec<&&Rule> = rules.iter().filter(|rule| rule.category == category).collect();
        if family.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{bold}{} ({}){bold:#}: {question}", category.name(), family.len());
        for rule in family {
            let _ =
                writeln!(out, "  {:id$}  {:4}  {:7}  {}", rule.id, rule.layer.name(), level(rule, config), rule.title);
        }
        out.push('\n');
    }
    let noun = if rules.len() == 1 { "rule" } else { "rules" };
    let _ = writeln!(out, "{} {noun}; `driftline explain RULE` prints the page of one", rules.len());
    out
}

fn markdown(rules: &[&Rule], config: &Config) -> String {
    let mut out = String::from("| Rule | Layer | Category | Level | What |\n|---|---|---|---|---|\n");
    for rule in rules {
        let (layer, category) = (rule.layer.name(), rule.category.name());
        let _ = writeln!(out, "| `{}` | {layer} | {category} | {} | {} |", rule.id, level(rule, config), rule.title);
    }
    out
}

#[derive(Serialize)]
struct RuleOut<'a> {
    id: &'a str,
    layer: &'a str,
    category: &'a str,
    level: String,
    title: &'a str,
    since: &'a str,
}

fn json(rules: &[&Rule], config: &Config) -> String {
    let out: Vec<RuleOut<'_>> = rules
        .iter()
        .map(|rule| RuleOut {
            id: rule.id,
            layer: rule.layer.name(),
            category: rule.category.name(),
            level: level(rule, config),
            title: rule.title,
            since: rule.since,
        })
        .collect();
    let mut text = serde_json::to_string_pretty(&out).unwrap_or_default();
    text.push('\n');
    text
}

/// `error`, or a level for each flow where they differ: `in error, out warning`. `off` stands for silence.
fn level(rule: &Rule, config: &Config) -> String {
    let levels = levels(rule, config);
    let spoken: Vec<&(Flow, &str)> = levels.iter().filter(|(_, level)| *level != "off").collect();
    match spoken.first() {
        None => "off".to_string(),
        Some((_, first)) if spoken.iter().all(|(_, level)| level == first) => (*first).to_string(),
        Some(_) => spoken.iter().map(|(f, level)| format!("{} {level}", f.name())).collect::<Vec<_>>().join(", "),
    }
}

/// The level in force for each flow that the rule speaks about; `off` for all of them when it is silent.
fn levels(rule: &Rule, config: &Config) -> Vec<(Flow, &'static str)> {
    let speaks = rule.speaks(config.promise);
    let own = |flow| rule.levels.at(flow).filter(|_| speaks).map_or("off", rules::Severity::name);
    let said = config.rules.get(rule.id).copied();
    let effective = |flow: Flow| match said {
        Some(RuleLevel::All(level)) => level.name(),
        Some(RuleLevel::ByFlow { in_, out, stored }) => {
            let of_flow = match flow {
                Flow::In => in_,
                Flow::Out => out,
                Flow::Stored => stored,
            };
            of_flow.map_or(own(flow), Level::name)
        }
        None => own(flow),
    };
    let flows: Vec<Flow> = match rule.levels {
        Levels::Always(_) => vec![Flow::In],
        Levels::ByFlow { .. } => Flow::ALL.into_iter().filter(|flow| rule.levels.at(*flow).is_some()).collect(),
    };
    flows.into_iter().map(|flow| (flow, effective(flow))).collect()
}
