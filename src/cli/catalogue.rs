//! `driftline rules`: the catalogue, with the levels that the configuration gives.

use std::fmt::Write;

use serde::Serialize;

use crate::config::{self, Config, Level, RuleLevel};
use crate::model::Flow;
use crate::rules::{self, Levels, Rule};

use super::args::{Global, RulesArgs};
use super::environment::Environment;
use super::output::{self, Format, Target};
use super::{Ended, Failure, settings};

pub fn run(args: &RulesArgs, global: &Global, environment: &Environment) -> Result<Ended, Failure> {
    output::check_targets(&args.output, &[Format::Text, Format::Short, Format::Markdown, Format::Json])?;
    let config = match settings::of_folder(global, environment)?.config_file {
        Some((path, bytes)) => config::parse(&bytes, &path)?,
        None => Config::default(),
    };
    let word = args.filter.clone().unwrap_or_default().to_lowercase();
    let fits = |rule: &&Rule| rule.id.contains(&word) || rule.layer.name() == word || rule.category.name() == word;
    let rules: Vec<&Rule> = rules::all().filter(fits).collect();
    if rules.is_empty() {
        return Err(Failure::new(
            format!("no rule fits `{word}`"),
            "filter by a part of an id, by layer (api, sql, link) or by category (breaking, drift, debt, migration, input)",
        ));
    }
    let asked = if args.output.is_empty() { &[Target { format: Format::Text, file: None }][..] } else { &args.output };
    for target in asked {
        let text = match target.format {
            Format::Text | Format::Short | Format::Mermaid | Format::Dot => text(&rules, &config),
            Format::Json => json(&rules, &config),
            Format::Markdown => markdown(&rules, &config),
        };
        output::write(target.file.as_deref().map(|file| settings::path(global, file)).as_deref(), &text)?;
    }
    Ok(Ended::Done)
}

fn text(rules: &[&Rule], config: &Config) -> String {
    let id = rules.iter().map(|r| r.id.len()).max().unwrap_or(0);
    let levels: Vec<String> = rules.iter().map(|r| level(r, config)).collect();
    let width = levels.iter().map(String::len).max().unwrap_or(0);
    let mut out = String::new();
    for (rule, level) in rules.iter().zip(&levels) {
        let (layer, category) = (rule.layer.name(), rule.category.name());
        let _ = writeln!(out, "{:id$}  {layer:4}  {category:9}  {level:width$}  {}", rule.id, rule.title);
    }
    let _ = writeln!(out, "\n{} rules; `driftline explain RULE` tells more", rules.len());
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
    let promised = rule.promise <= config.promise;
    let own = |flow| rule.levels.at(flow).filter(|_| promised).map_or("off", rules::Severity::name);
    let said = config.rules.get(rule.id).copied();
    let effective = |flow: Flow| match said {
        Some(RuleLevel::All(level)) => name(level),
        Some(RuleLevel::ByFlow { in_, out, stored }) => {
            let of_flow = match flow {
                Flow::In => in_,
                Flow::Out => out,
                Flow::Stored => stored,
            };
            of_flow.map_or(own(flow), name)
        }
        None => own(flow),
    };
    if matches!(rule.levels, Levels::Always(_)) {
        return effective(Flow::In).to_string();
    }
    let flows = Flow::ALL.map(|flow| (flow, effective(flow)));
    let spoken: Vec<&(Flow, &str)> = flows.iter().filter(|(_, level)| *level != "off").collect();
    match spoken.first() {
        None => "off".to_string(),
        Some((_, first)) if spoken.iter().all(|(_, level)| level == first) => (*first).to_string(),
        Some(_) => spoken.iter().map(|(f, level)| format!("{} {level}", f.name())).collect::<Vec<_>>().join(", "),
    }
}

fn name(level: Level) -> &'static str {
    match level {
        Level::Off => "off",
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}
