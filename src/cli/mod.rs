//! The command line: arguments, environment and clock in; text and an exit code out.
//!
//! Standard output carries reports, standard error carries messages. The only module that reads the environment, the
//! clock and the terminal, and the only one that prints. Must not know: how anything is worked out.

mod actions;
mod args;
mod blame;
mod catalogue;
mod check;
mod configuration;
mod debt;
mod demo;
mod environment;
mod explain;
mod failure;
mod format;
mod hyperlinks;
mod init;
mod log;
mod model;
mod output;
mod past;
mod progress;
mod reading;
mod review;
mod settings;
mod shell;
mod times;
mod trace;
mod words;

use std::process::ExitCode;

use clap::Parser;

use crate::policy::Verdict;
use args::{Cli, Command};
use environment::Environment;
use failure::Failure;

/// How a command ended, when it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// There was nothing to judge.
    Done,
    Judged {
        verdict: Verdict,
        exit_zero: bool,
    },
}

/// The one place that knows exit codes: 0 nothing at or above the threshold, 1 findings, 2 no verdict.
fn exit_code(result: &Result<Ended, Failure>) -> u8 {
    match result {
        Ok(Ended::Done) => 0,
        Ok(Ended::Judged { verdict: Verdict::Clean, .. }) => 0,
        Ok(Ended::Judged { verdict: Verdict::Findings, exit_zero }) => u8::from(!exit_zero),
        Ok(Ended::Judged { verdict: Verdict::None, .. }) | Err(_) => 2,
    }
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    if cli.global.quiet > 1 {
        output::silence();
    }
    let environment = Environment::look();
    let result = run(cli, &environment);
    if let Err(failure) = &result {
        output::message(&failure.to_string());
    }
    ExitCode::from(exit_code(&result))
}

/// Help and version are answers; everything else clap says is an error, told without repeating the whole usage.
fn usage(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        let whole = error.to_string();
        let (text, usage) = whole.split_once("\n\nUsage: driftline ").unwrap_or((&whole, ""));
        let command = usage.split_whitespace().next().filter(|word| shell::names().iter().any(|name| name == word));
        let command = command.map(|word| format!(" {word}")).unwrap_or_default();
        let text = text.split("\n\nFor more information").next().unwrap_or(text).trim_end();
        output::message(text);
        output::message(&match command.as_str() {
            "" => "hint: `driftline --help` shows all commands and options".to_string(),
            _ => format!("hint: `driftline{command} --help` shows what it takes"),
        });
        return ExitCode::from(2);
    }
    let _ = error.print();
    ExitCode::SUCCESS
}

fn run(cli: Cli, environment: &Environment) -> Result<Ended, Failure> {
    let Cli { command, check: bare, global } = cli;
    if let Some(command) = &command
        && !bare.is_empty()
    {
        let name = command.name();
        return Err(Failure::new(
            format!("options of a check were given before the command `{name}`"),
            "options go after the command: `driftline check A..B --output json`",
        ));
    }
    match command {
        None => check::run(&bare, true, &global, environment),
        Some(Command::Check(args)) => check::run(&args, false, &global, environment),
        Some(Command::Model(args)) => model::run(&args, &global, environment),
        Some(Command::Log(args)) => log::run(&args, &global, environment),
        Some(Command::Blame(args)) => blame::run(&args, &global, environment),
        Some(Command::Trace(args)) => trace::run(&args, &global, environment),
        Some(Command::Debt(args)) => debt::run(&args, &global, environment),
        Some(Command::Rules(args)) => catalogue::run(&args, &global, environment),
        Some(Command::Explain { rule }) => explain::run(&rule, global.color, environment),
        Some(Command::Init { force, links, print }) => {
            init::run(&init::Wanted { force, links, print }, &global, environment)
        }
        Some(Command::Config(command)) => configuration::run(&command, &global, environment),
        Some(Command::Demo) => demo::run(&global, environment),
        Some(Command::Completions { shell }) => shell::completions(shell),
        Some(Command::Man { command }) => shell::man(command.as_deref()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn exit_codes() {
        let judged = |verdict, exit_zero| Ok(Ended::Judged { verdict, exit_zero });
        let cases = [
            (Ok(Ended::Done), 0),
            (judged(Verdict::Clean, false), 0),
            (judged(Verdict::Findings, false), 1),
            (judged(Verdict::Findings, true), 0),
            (judged(Verdict::None, false), 2),
            (judged(Verdict::None, true), 2),
            (Err(Failure::new("x", "")), 2),
        ];
        for (result, want) in cases {
            assert_eq!(exit_code(&result), want, "{result:?}");
        }
    }
}
