//! The command line, as clap reads it.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use super::blame::BlameArgs;
use super::configuration::ConfigCommand;
use super::debt::DebtArgs;
use super::format::{self, OF_CHECK, Target};
use super::log::LogArgs;
use super::review::ReviewArgs;
use super::words;

#[derive(Debug, Parser)]
#[command(
    name = "driftline",
    version,
    about = "What a change of contract and database breaks, where the two drift apart, what debt it adds",
    override_usage = "driftline [check] [OPTIONS] [REVISIONS]...\n       driftline <COMMAND> [OPTIONS]",
    after_help = "Without a command: check. `driftline`, `driftline main`, `driftline v1.4.0..HEAD` all compare.\n\
                  Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 no verdict.",
    after_long_help = "Examples:\n  \
        driftline                              what this branch and the working tree change\n  \
        driftline main                         the same, with the base named\n  \
        driftline v1.4.0..v1.5.0               exactly from one revision to the other\n  \
        driftline --staged                     what the next commit would change\n  \
        driftline check old.yaml new.yaml      two files or two folders, without git\n  \
        driftline --output report.json --output comment.md\n  \
        driftline explain column-dropped       what a rule means and what to do instead\n\n\
        Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 no verdict."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub check: CheckArgs,
    #[command(flatten, next_help_heading = "Options of every command")]
    pub global: Global,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compare two revisions (the command that runs when none is named)
    Check(Box<CheckArgs>),
    /// Print what was understood of one revision: inputs, entities, operations, links
    Model(ModelArgs),
    /// Show where a value comes from and where it goes
    Trace(TraceArgs),
    /// Show what happened to an attribute, entity or operation, commit by commit
    Log(LogArgs),
    /// Show which commit last changed the domain of each attribute
    Blame(BlameArgs),
    /// Show what contract and schema owe: by entity, since when, and how it moved
    Debt(DebtArgs),
    /// List the rules
    Rules(RulesArgs),
    /// Explain a rule: why it matters, an example, what to do instead
    Explain {
        /// Rule id, such as column-dropped
        #[arg(value_parser = words::text(words::rules), hide_possible_values = true)]
        rule: String,
    },
    /// Print the configuration in force, or the schema of driftline.yaml
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Write driftline.yaml from what was found in the repository
    Init {
        /// Overwrite an existing file
        #[arg(long)]
        force: bool,
        /// Propose links between contract and database where names do not tell; with a file that is there already, print them
        #[arg(long)]
        links: bool,
        /// Print to standard output and write nothing
        #[arg(long, conflicts_with = "force")]
        print: bool,
    },
    /// Build a small repository with two revisions and check it
    Demo,
    /// Print a completion script for a shell
    Completions {
        /// bash, zsh, fish, powershell or elvish
        #[arg(value_enum, hide_possible_values = true)]
        shell: clap_complete::Shell,
    },
    /// Print a manual page
    Man {
        /// The command that the page is about; by default all in short
        command: Option<String>,
    },
}

impl Command {
    /// The word on the command line.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Check(_) => "check",
            Self::Model(_) => "model",
            Self::Trace(_) => "trace",
            Self::Log(_) => "log",
            Self::Blame(_) => "blame",
            Self::Debt(_) => "debt",
            Self::Rules(_) => "rules",
            Self::Explain { .. } => "explain",
            Self::Init { .. } => "init",
            Self::Config(_) => "config",
            Self::Demo => "demo",
            Self::Completions { .. } => "completions",
            Self::Man { .. } => "man",
        }
    }
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Run as if started in DIR (also a bare repository)
    #[arg(short = 'C', value_name = "DIR", global = true, default_value = ".", hide_default_value = true)]
    pub dir: PathBuf,
    /// Configuration file to use instead of the head's driftline.yaml
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Contract to read, as a glob; replaces discovery (repeatable)
    #[arg(long, value_name = "GLOB", global = true)]
    pub contract: Vec<String>,
    /// SQL file or folder to read, as a glob; replaces discovery (repeatable)
    #[arg(long, value_name = "GLOB", global = true)]
    pub sql: Vec<String>,
    /// SQL dialect: postgres, mysql or sqlite
    #[arg(long, value_name = "NAME", global = true, value_parser = words::text(words::dialects), hide_possible_values = true)]
    pub dialect: Option<String>,
    /// When to use colours
    #[arg(long, value_name = "WHEN", global = true, value_enum, default_value_t = When::Auto, hide_default_value = true)]
    pub color: When,
    /// When to make files in the report links that the terminal opens
    #[arg(long, value_name = "WHEN", global = true, value_enum, default_value_t = When::Auto, hide_default_value = true)]
    pub hyperlinks: When,
    /// Print nothing but errors and reports asked for with --output; twice: nothing at all, the exit code tells
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub quiet: u8,
    /// Say how long each step took
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// When something is done that not every terminal takes well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    Auto,
    Always,
    Never,
}

/// What `--output` takes.
fn output_help() -> String {
    format!("Write a report: {}; FORMAT, FORMAT=FILE or FILE.EXT (repeatable)", format::names(OF_CHECK))
}

#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Nothing, BASE, A..B, A...B, or two folders or files
    #[arg(value_name = "REVISIONS")]
    pub specs: Vec<String>,
    /// Compare with this revision (by default the default branch)
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// What is checked: a revision, WORKTREE (default) or INDEX
    #[arg(long, value_name = "REV")]
    pub head: Option<String>,
    /// Check what is staged; the same as --head INDEX
    #[arg(long)]
    pub staged: bool,
    /// Compare with the base itself, not with the commit both sides started from
    #[arg(long)]
    pub no_merge_base: bool,
    // The help names the formats of the table.
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = words::offered(Target::parse, format::of_check), hide_possible_values = true, help = output_help())]
    pub output: Vec<Target>,
    /// Add the Markdown report to the summary of the step (GitHub Actions: the file that GITHUB_STEP_SUMMARY names)
    #[arg(long)]
    pub summary: bool,
    /// Set the outputs verdict, errors, warnings, notes and introduced (GitHub Actions: the file that GITHUB_OUTPUT names)
    #[arg(long)]
    pub github_output: bool,
    /// List every typed change in the JSON report, also the harmless ones
    #[arg(long)]
    pub changes: bool,
    /// Keep the ticks of this earlier checklist, and what people wrote below it
    #[arg(long, value_name = "FILE")]
    pub keep_ticks: Option<PathBuf>,
    /// Show older and resolved findings too
    #[arg(long)]
    pub all: bool,
    /// Lowest severity of an introduced finding that makes the exit code 1: error, warning, note
    #[arg(long, value_name = "LEVEL", value_parser = words::text(words::levels), hide_possible_values = true)]
    pub fail_on: Option<String>,
    /// Exit with 0 in place of 1
    #[arg(long)]
    pub exit_zero: bool,
    /// Give a verdict although not everything could be read
    #[arg(long)]
    pub allow_incomplete: bool,
    /// Accept that there is neither contract nor SQL
    #[arg(long)]
    pub allow_empty: bool,
    #[command(flatten)]
    pub review: ReviewArgs,
}

#[derive(Debug, Clone, Args)]
pub struct ModelArgs {
    /// Revision, folder or file; by default the working tree
    pub revision: Option<String>,
    /// text, json, mermaid or dot; FORMAT, FORMAT=FILE or FILE.EXT
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = Target::parse)]
    pub output: Vec<Target>,
    /// Only the links between contract and database, with their reasons, and what stayed unlinked on both sides
    #[arg(long)]
    pub links: bool,
}

#[derive(Debug, Clone, Args)]
pub struct TraceArgs {
    /// A column (users.email), a property (User.email), an entity, an operation ('GET /users/{id}'); * stands for any text
    pub subject: String,
    /// Revision, folder or file; by default the working tree
    pub revision: Option<String>,
    /// text, json, mermaid or dot; FORMAT, FORMAT=FILE or FILE.EXT
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = Target::parse)]
    pub output: Vec<Target>,
}

#[derive(Debug, Clone, Args)]
pub struct RulesArgs {
    /// Only rules whose id holds this word, or of this layer or category
    #[arg(value_parser = words::text(words::families), hide_possible_values = true)]
    pub filter: Option<String>,
    /// Only rules that speak at this level: error, warning, note or off
    #[arg(long, value_name = "LEVEL", value_parser = words::text(words::levels), hide_possible_values = true)]
    pub level: Option<String>,
    /// The same as --output json
    #[arg(long)]
    pub json: bool,
    /// text or json; FORMAT, FORMAT=FILE or FILE.EXT
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = Target::parse)]
    pub output: Vec<Target>,
}

impl CheckArgs {
    /// True when nothing was given.
    pub fn is_empty(&self) -> bool {
        let flags =
            [self.staged, self.no_merge_base, self.changes, self.all, self.exit_zero, self.summary, self.github_output];
        let words = [&self.base, &self.head, &self.fail_on];
        self.specs.is_empty()
            && self.output.is_empty()
            && !flags.contains(&true)
            && !self.allow_incomplete
            && !self.allow_empty
            && self.review == ReviewArgs::default()
            && words.iter().all(|w| w.is_none())
            && self.keep_ticks.is_none()
    }
}
