//! `driftline blame`: the commit that last changed the domain of each attribute.

use clap::Args;

use crate::check;
use crate::config::nearest::nearest;
use crate::history::blame::blame;
use crate::report::blame::{Blame, Entity, json, text};

use super::args::Global;
use super::environment::Environment;
use super::format::{Format, Target};
use super::log::painter;
use super::past::{self, PastArgs};
use super::{Ended, Failure, output};

#[derive(Debug, Clone, Args)]
pub struct BlameArgs {
    /// A table, view or schema
    pub entity: String,
    /// The revision that it is looked at in; by default HEAD
    pub revision: Option<String>,
    #[command(flatten)]
    pub past: PastArgs,
    /// text or json; FORMAT, FORMAT=FILE or FILE.EXT
    #[arg(long, alias = "format", value_name = "FORMAT[=FILE]", value_parser = Target::parse)]
    pub output: Vec<Target>,
}

pub fn run(args: &BlameArgs, global: &Global, environment: &Environment) -> Result<Ended, Failure> {
    output::check_targets(&args.output, &[Format::Text, Format::Json])?;
    let known = past::read(args.revision.as_deref(), &args.past, global, environment)?;
    let now = check::understand(&known.tip, &known.config);
    let all = now.model.entities();
    let wanted = args.entity.trim();
    let mut found: Vec<_> = all.iter().filter(|entity| entity.name == wanted).collect();
    if found.is_empty() {
        found = all.iter().filter(|entity| entity.name.to_lowercase() == wanted.to_lowercase()).collect();
    }
    if found.is_empty() {
        let near = nearest(wanted, all.iter().map(|entity| entity.name.as_str()));
        let hint = match near {
            Some(near) => format!("did you mean `{near}`? `driftline model` lists all entities"),
            None => "`driftline model` lists all entities; `driftline log` also knows what is gone".to_string(),
        };
        return Err(Failure::new(format!("there is no entity `{wanted}`"), hint));
    }
    let entities = found.into_iter().map(|entity| {
        let required = |required: bool| if required { ", required" } else { "" };
        let attributes = entity.attributes.iter();
        let attributes: Vec<(String, String)> =
            attributes.map(|a| (a.name.to_string(), format!("{}{}", a.type_name, required(a.required)))).collect();
        let lines = blame(&known.past, entity.layer, &entity.name, &attributes);
        Entity { layer: entity.layer, name: entity.name.clone(), lines }
    });
    let blame = Blame { revision: known.revision, past: &known.past, entities: entities.collect() };
    output::write_all(&args.output, global, |target| match target.format {
        Format::Json => json::render(&blame),
        _ => text::render(&blame, painter(target.file.is_none(), global, environment)),
    })?;
    Ok(Ended::Done)
}
