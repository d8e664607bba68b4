//! `driftline explain`: the page of a rule; as it is written when piped, with bold headings on a terminal.

use anstyle::Style;

use crate::config::nearest::nearest;
use crate::rules;

use super::args::Colour;
use super::environment::Environment;
use super::{Ended, Failure, output};

pub fn run(id: &str, colour: Colour, environment: &Environment) -> Result<Ended, Failure> {
    let Some(rule) = rules::find(id) else {
        let hint = match nearest(id, rules::all().map(|rule| rule.id)) {
            Some(near) => format!("did you mean `{near}`? `driftline rules` lists all"),
            None => "`driftline rules` lists all".to_string(),
        };
        return Err(Failure::new(format!("there is no rule `{id}`"), hint));
    };
    let page = if environment.colours(colour) { styled(rule.page) } else { rule.page.to_string() };
    output::print(&page)?;
    Ok(Ended::Done)
}

/// Headings bold, fence lines dimmed; everything else as it is.
fn styled(page: &str) -> String {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let mut out = String::new();
    let mut in_code = false;
    for line in page.lines() {
        let fence = line.starts_with("```");
        let style = match line {
            _ if fence => Some(dim),
            _ if line.starts_with('#') && !in_code => Some(bold),
            _ => None,
        };
        in_code ^= fence;
        match style {
            Some(style) => out.push_str(&format!("{style}{line}{style:#}\n")),
            None => out.push_str(&format!("{line}\n")),
        }
    }
    out
}
