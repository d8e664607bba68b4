//! `driftline explain`: the page of a rule; as it is written when piped, set for reading on a terminal.

use anstyle::Style;

use crate::config::nearest::nearest;
use crate::report::wrap;
use crate::rules::{self, Rule};

use super::args::When;
use super::environment::Environment;
use super::{Ended, Failure, output};

pub fn run(id: &str, colour: When, environment: &Environment) -> Result<Ended, Failure> {
    let Some(rule) = rules::find(id) else {
        let hint = match nearest(id, rules::all().map(|rule| rule.id)) {
            Some(near) => format!("did you mean `{near}`? `driftline rules` lists all"),
            None => "`driftline rules` lists all".to_string(),
        };
        return Err(Failure::new(format!("there is no rule `{id}`"), hint));
    };
    let colours = environment.colours(colour);
    let page = match environment.columns {
        None if !colours => rule.page.to_string(),
        columns => for_terminal(rule, columns.unwrap_or(usize::MAX), colours),
    };
    output::print(&page)?;
    Ok(Ended::Done)
}

/// The page as a terminal shows it best: id and title on top, prose in lines that fit, examples set in under their file.
fn for_terminal(rule: &Rule, columns: usize, colours: bool) -> String {
    let style = |style: Style| if colours { style } else { Style::new() };
    let (bold, dim) = (style(Style::new().bold()), style(Style::new().dimmed()));
    let mut out = format!(
        "{bold}{}{bold:#} ({}, {}{})\n",
        rule.id,
        rule.layer.name(),
        rule.category.name(),
        if rule.off { ", off by default" } else { "" }
    );
    let mut in_code = false;
    for line in paragraphs(rule.page) {
        let line = line.as_str();
        let fence = line.strip_prefix("```");
        in_code ^= fence.is_some();
        match fence {
            Some("") => continue,
            // `yaml base openapi.yaml`
            Some(info) => {
                let words: Vec<&str> = info.split_whitespace().skip(1).collect();
                out.push_str(&format!("  {dim}{}:{dim:#}", words.join(" ")));
            }
            None if in_code => out.push_str(format!("    {line}").trim_end()),
            None => match line.trim_start_matches('#') {
                heading if heading != line => out.push_str(&format!("{bold}{}{bold:#}", heading.trim_start())),
                _ => out.push_str(&prose(line, columns)),
            },
        }
        out.push('\n');
    }
    out
}

/// The lines of a page with each paragraph on one line; examples stay as they are.
fn paragraphs(page: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let (mut in_code, mut open) = (false, false);
    for line in page.lines() {
        let fence = line.starts_with("```");
        let text = !fence && !in_code && !line.is_empty() && !line.starts_with(['#', '-', '|']);
        match lines.last_mut() {
            Some(last) if open && text => last.push_str(&format!(" {}", line.trim_start())),
            _ => lines.push(line.to_string()),
        }
        in_code ^= fence;
        open = text || (!in_code && line.starts_with('-'));
    }
    lines
}

/// A paragraph or list item in lines that fit.
fn prose(line: &str, columns: usize) -> String {
    let blanks = line.len() - line.trim_start().len();
    let item = line.trim_start().split_once(' ').map_or("", |(first, _)| first);
    let is_item = item == "-" || item.strip_suffix('.').is_some_and(|number| number.parse::<u8>().is_ok());
    let indent = blanks + if is_item { item.len() + 1 } else { 0 };
    let (start, text) = line.split_at(indent);
    let lines = wrap(text, 0, columns.clamp(40, 100).saturating_sub(indent));
    format!("{start}{}", lines.join(&format!("\n{:indent$}", "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_and_list_items_fit_the_terminal() {
        let wrapped = prose(&format!("- {}", "word ".repeat(12).trim()), 40);
        assert!(wrapped.lines().count() == 2 && wrapped.lines().all(|line| line.len() <= 40), "{wrapped}");
        assert!(wrapped.lines().nth(1).unwrap().starts_with("  word"));
        assert_eq!(prose("256 characters fit.", 40), "256 characters fit.");
        assert_eq!(prose("", 40), "");
    }

    #[test]
    fn a_page_loses_nothing_but_its_marks() {
        for rule in rules::all() {
            let shown = for_terminal(rule, 80, false);
            let shown: std::collections::HashSet<&str> = shown.split_whitespace().collect();
            let lines = rule.page.lines().filter(|line| !line.starts_with("```"));
            let words = lines.flat_map(str::split_whitespace).filter(|word| !word.starts_with('#'));
            let missing: Vec<&str> = words.filter(|word| !shown.contains(word)).collect();
            assert!(missing.is_empty(), "{}: {missing:?}", rule.id);
        }
    }
}
