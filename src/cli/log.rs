//! `driftline log`: what happened to a subject, commit by commit.

use clap::Args;

use crate::history::follow::{self, Followed, Name};
use crate::model::{Layer, Link, Model};
use crate::report::log::{Log, json, markdown, text};
use crate::report::terminal::style::Painter;
use crate::{check, revision};

use super::args::Global;
use super::environment::Environment;
use super::format::{Format, Target};
use super::past::{self, Known, PastArgs};
use super::{Ended, Failure, output, settings};

#[derive(Debug, Clone, Args)]
pub struct LogArgs {
    /// A column (users.email), a property (User.email), an entity, an operation ('GET /users/{id}'); * stands for any text;
    /// by default everything
    pub subject: Option<String>,
    /// REV or A..B; by default everything that led to HEAD
    pub range: Option<String>,
    /// Show what is linked to the subject on the other layer in the same timeline
    #[arg(long)]
    pub follow_links: bool,
    /// At most so many commits, the newest
    #[arg(short = 'n', long, value_name = "NUMBER")]
    pub limit: Option<usize>,
    /// Every change of a commit, however many
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub past: PastArgs,
    /// text, json or markdown; FORMAT, FORMAT=FILE or FILE.EXT
    #[arg(long, alias = "format", value_name = "FORMAT[=FILE]", value_parser = Target::parse)]
    pub output: Vec<Target>,
}

pub fn run(args: &LogArgs, global: &Global, environment: &Environment) -> Result<Ended, Failure> {
    output::check_targets(&args.output, &[Format::Text, Format::Json, Format::Markdown])?;
    let (subject, range) = words(args, global);
    let known = past::read(range, &args.past, global, environment)?;
    let mut followed = match subject {
        None => follow::everything(&known.past),
        Some(words) => follow(words, range, args.follow_links, &known)?,
    };
    followed.told.truncate(args.limit.unwrap_or(usize::MAX));
    let (revision, past) = (known.revision.clone(), &known.past);
    let log = Log { revision, words: subject, past, followed: &followed, all: args.all };
    output::write_all(&args.output, global, |target| match target.format {
        Format::Json => json::render(&log),
        Format::Markdown => markdown::render(&log),
        _ => {
            let here = target.file.is_none();
            text::render(&log, painter(here, global, environment))
        }
    })?;
    Ok(Ended::Done)
}

/// What text on standard output, or in a file, looks like.
pub fn painter(here: bool, global: &Global, environment: &Environment) -> Painter<'static> {
    let columns = environment.columns.filter(|_| here);
    Painter { colours: here && environment.colours(global.color), links: None, columns }
}

/// A single word with dots between two revisions is a range.
fn words<'a>(args: &'a LogArgs, global: &Global) -> (Option<&'a str>, Option<&'a str>) {
    match (args.subject.as_deref(), args.range.as_deref()) {
        (Some(word), None) if word.contains("..") => {
            let range = revision::Range { spec: Some(word.to_string()), all: false };
            match revision::walk(&settings::folder(global), &range) {
                Ok(_) => (None, Some(word)),
                Err(_) => (Some(word), None),
            }
        }
        (subject, range) => (subject, range),
    }
}

fn follow<'p>(words: &str, range: Option<&str>, links: bool, known: &'p Known) -> Result<Followed<'p>, Failure> {
    let from_past = follow::names(&known.past, words, &[]);
    if let (Ok(names), false) = (&from_past, links) {
        return Ok(follow::follow(&known.past, names));
    }
    // What is there and never changed within the range is no unknown name.
    let now = check::understand(&known.tip, &known.config);
    let mut names = match follow::names(&known.past, words, &all(&now.model)) {
        Ok(names) => names,
        Err(near) => return Err(unknown(words, range, near)),
    };
    if links {
        let linked = linked(&names, &now.links);
        names.extend(linked);
    }
    Ok(follow::follow(&known.past, &names))
}

fn unknown(words: &str, range: Option<&str>, near: Option<String>) -> Failure {
    let hint = match near {
        Some(near) => format!("did you mean `{near}`? `driftline model` lists what is there now"),
        None => "`driftline model` lists what is there now; `*` stands for any text: `users.*`, `*.email`".to_string(),
    };
    let within = range.map(|range| format!(" in `{range}`")).unwrap_or_default();
    Failure::new(format!("nothing is or was called `{words}`{within}"), hint)
}

/// Every entity, attribute and operation of one revision.
pub fn all(model: &Model) -> Vec<Name> {
    let mut names = Vec::new();
    for entity in model.entities() {
        names.extend(entity.attributes.iter().map(|a| (entity.layer, format!("{}.{}", entity.name, a.name))));
        names.push((entity.layer, entity.name));
    }
    let operations = model.apis.iter().flat_map(|api| &api.operations);
    names.extend(operations.map(|operation| (Layer::Api, operation.id.to_string())));
    names
}

/// The other ends of certain links of the named attributes, and of those of named entities.
fn linked(names: &[Name], links: &[Link]) -> Vec<Name> {
    let named = |layer: Layer, attribute: &str| {
        let of = |name: &str| attribute.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        names.iter().any(|(own, name)| *own == layer && of(name))
    };
    let mut found: Vec<Name> = Vec::new();
    for link in links.iter().filter(|link| link.confidence >= crate::model::link::CERTAIN) {
        if named(Layer::Sql, &link.column) {
            found.push((Layer::Api, link.property.to_string()));
        }
        if named(Layer::Api, &link.property) {
            found.push((Layer::Sql, link.column.to_string()));
        }
    }
    found.sort();
    found.dedup();
    found.retain(|name| !names.contains(name));
    found
}
