//! `driftline check`: two revisions in, reports out.

use std::time::Instant;

use crate::check::{self, Settings};
use crate::config;
use crate::report::{Report, allow, json, markdown, short, terminal};
use crate::revision::{self, Request};

use super::args::{CheckArgs, Global};
use super::environment::Environment;
use super::format::{Format, OF_CHECK, Target};
use super::progress::Progress;
use super::{Ended, Failure, output, settings};

pub fn run(args: &CheckArgs, global: &Global, environment: &Environment) -> Result<Ended, Failure> {
    let began = Instant::now();
    output::check_targets(&args.output, OF_CHECK)?;
    let settings = Settings {
        fail_on: settings::fail_on(args.fail_on.as_deref())?,
        allow_incomplete: args.allow_incomplete,
        allow_empty: args.allow_empty,
        changes: args.changes,
        all: args.all,
        ..settings::of(global, environment)?
    };
    let outcome = {
        let _progress = Progress::start("comparing", environment.stderr_is_terminal && !global.quiet);
        let compared = revision::open(&settings::folder(global), &request(args, &settings, environment)?)?;
        check::run(&compared, &settings)?
    };
    let report = &outcome.report;
    let colours = environment.colours(global.color);
    for target in targets(args, global) {
        let path = target.file.as_deref().map(|file| settings::path(global, file));
        let columns = if path.is_none() { environment.columns } else { None };
        let options = terminal::Options { colours: colours && path.is_none(), all: args.all, columns };
        output::write(path.as_deref(), &text(report, target.format, options))?;
    }
    if global.verbose {
        output::message(&format!("took {} ms", began.elapsed().as_millis()));
    }
    Ok(Ended::Judged { verdict: report.verdict, exit_zero: args.exit_zero })
}

/// The report in a format.
pub fn text(report: &Report, format: Format, options: terminal::Options) -> String {
    match format {
        Format::Markdown => markdown::render(report),
        Format::Json => json::render(report),
        Format::Allow => allow::render(report),
        Format::Short => short::render(report, options.all),
        _ => terminal::render(report, options),
    }
}

/// The reports asked for; one for people on standard output unless that is taken or quiet.
fn targets(args: &CheckArgs, global: &Global) -> Vec<Target> {
    let mut targets = args.output.clone();
    if !global.quiet && targets.iter().all(|t| t.file.is_some()) {
        targets.push(Target { format: Format::Text, file: None });
    }
    targets
}

fn request(args: &CheckArgs, settings: &Settings, environment: &Environment) -> Result<Request, Failure> {
    let configured_base = match &settings.config_file {
        Some((path, bytes)) => config::parse(bytes, path)?.base,
        None => None,
    };
    Ok(Request {
        specs: args.specs.clone(),
        base: args.base.clone(),
        head: args.head.clone(),
        no_merge_base: args.no_merge_base,
        staged: args.staged,
        configured_base,
        variables: environment.variables.clone(),
    })
}
