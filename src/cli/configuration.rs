//! `driftline config`: the configuration in force, and the schema of the file.

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use crate::config::show::{self, From, Setting};
use crate::config::{self, Catalogue};
use crate::revision;
use crate::rules;
use crate::source::layout;

use super::args::Global;
use super::environment::Environment;
use super::format::{Format, Target};
use super::{Ended, Failure, output, settings};

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print every value in force and where it comes from
    Show(ShowArgs),
    /// Print the JSON Schema of driftline.yaml, for editors
    Schema,
}

#[derive(Debug, Clone, Args)]
pub struct ShowArgs {
    /// Revision or folder whose configuration it is; by default the working tree
    pub revision: Option<String>,
    /// text or json; FORMAT, FORMAT=FILE or FILE.EXT
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = Target::parse)]
    pub output: Vec<Target>,
}

pub fn run(command: &ConfigCommand, global: &Global, environment: &Environment) -> Result<Ended, Failure> {
    match command {
        ConfigCommand::Schema => output::print(&schema())?,
        ConfigCommand::Show(args) => show(args, global, environment)?,
    }
    Ok(Ended::Done)
}

/// The schema as a document.
pub fn schema() -> String {
    let rules: Vec<_> = rules::all().map(|rule| (rule.id, rule.title)).collect();
    let schema = config::schema(Catalogue { rules: &rules, layouts: &layout::names() });
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

fn show(args: &ShowArgs, global: &Global, environment: &Environment) -> Result<(), Failure> {
    output::check_targets(&args.output, &[Format::Text, Format::Json])?;
    let settings = settings::of(global, environment)?;
    let tree = revision::open_one(&settings::folder(global), args.revision.as_deref())?;
    let config = settings.config(&tree)?;
    let file = settings.config_text(&tree)?;
    let text = file.as_ref().map(|(path, text)| (path.as_str(), String::from_utf8_lossy(text)));
    let given = !global.contract.is_empty() || !global.sql.is_empty() || global.dialect.is_some();
    let given: &[&str] = if given { &["sources"] } else { &[] };
    let shown = show::settings(&config, text.as_ref().map(|(_, text)| text.as_ref()), given);
    let path = text.as_ref().map(|(path, _)| *path);
    output::write_all(&args.output, global, |target| match target.format {
        Format::Json => json(&shown, path),
        _ => show::text(&shown, path),
    })
}

/// `{"version": 1, "file": …, "settings": {"promise": {"value": …, "from": "file", "line": 3}}}`
fn json(settings: &[Setting], path: Option<&str>) -> String {
    let one = |setting: &Setting| {
        let (from, line) = match setting.from {
            From::Default => ("default", None),
            From::File(line) => ("file", Some(line)),
            From::CommandLine => ("command line", None),
        };
        (setting.key.to_string(), json!({"value": setting.value, "from": from, "line": line}))
    };
    let settings: Map<String, Value> = settings.iter().map(one).collect();
    let document = json!({"version": 1, "file": path, "settings": settings});
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}
