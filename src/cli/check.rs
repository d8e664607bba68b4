//! `driftline check`: two revisions in, reports out.

use std::path::Path;

use crate::check::{self, Settings};
use crate::config;
use crate::config::nearest::nearest;
use crate::report::checklist::Kept;
use crate::report::{
    Report, allow, changelog, checklist, checkstyle, github, gitlab, html, json, junit, markdown, rdjson, sarif, short,
    terminal,
};
use crate::revision::{self, Request};

use super::args::{CheckArgs, Global, When};
use super::environment::Environment;
use super::format::{Format, OF_CHECK, Target};
use super::progress::Progress;
use super::times::Times;
use super::{Ended, Failure, actions, hyperlinks, output, review, settings, shell, words};

/// `bare`: no command was named, so a word may have been meant as one.
pub fn run(args: &CheckArgs, bare: bool, global: &Global, environment: &Environment) -> Result<Ended, Failure> {
    output::check_targets(&args.output, OF_CHECK)?;
    review::check(&args.review, &args.output)?;
    let files = actions::Files::of(args, environment)?;
    let ended = compare(args, bare, global, environment, &files);
    if ended.is_err() {
        files.write_failure();
    }
    ended
}

fn compare(
    args: &CheckArgs,
    bare: bool,
    global: &Global,
    environment: &Environment,
    files: &actions::Files<'_>,
) -> Result<Ended, Failure> {
    let mut times = Times::start();
    let kept = kept(args, global)?;
    let reviewed = args.output.iter().any(|target| review::provider(target.format).is_some());
    let settings = Settings {
        fail_on: settings::level(args.fail_on.as_deref())?,
        allow_incomplete: args.allow_incomplete,
        allow_empty: args.allow_empty,
        changes: args.changes,
        all: args.all,
        outline: reviewed,
        pictures: reviewed || args.summary || args.output.iter().any(|target| shows_pictures(target.format)),
        ..settings::of(global, environment)?
    };
    let (outcome, patch, root) = {
        let _progress = Progress::start("comparing", environment.watched() && global.quiet == 0);
        let (dir, request) = (settings::folder(global), request(args, &settings, environment)?);
        let compared = revision::open(&dir, &request)
            .map_err(|error| if bare { unknown(error, &args.specs, &dir) } else { error.into() })?;
        let patch = if reviewed { revision::patch(&dir, &request, &compared)? } else { None };
        times.end("opened");
        let outcome = check::run_in_steps(&compared, &settings, &mut |step| times.end(step))?;
        (outcome, patch, compared.root)
    };
    let context = if reviewed { Some(review::context(&args.review, global, &args.output, patch)?) } else { None };
    let report = &outcome.report;
    let colours = environment.colours(global.color);
    let linked = match global.hyperlinks {
        When::Always => true,
        When::Never => false,
        When::Auto => colours && hyperlinks::known(environment),
    };
    let links = root.filter(|_| linked).and_then(|root| hyperlinks::prefix(&root));
    for target in targets(args, global) {
        let path = target.file.as_deref().map(|file| settings::path(global, file));
        let columns = if path.is_none() { environment.columns } else { None };
        let here = path.is_none();
        let links = links.as_deref().filter(|_| here);
        let options = terminal::Options { colours: colours && here, links, all: args.all, columns };
        let review = review::text(report, context.as_ref(), target.format, &args.review);
        let text = review.unwrap_or_else(|| text(report, target.format, options, &kept, args.review.key()));
        output::write(path.as_deref(), &text)?;
    }
    files.write(report)?;
    if global.verbose {
        times.end("printed");
        output::message(&times.text());
    }
    Ok(Ended::Judged { verdict: report.verdict, exit_zero: args.exit_zero })
}

/// A word that is no revision may be a command with a letter wrong.
fn unknown(error: revision::Error, specs: &[String], dir: &Path) -> Failure {
    let first = match (&error, specs) {
        (revision::Error::UnknownRevision { spec, .. }, [first, ..]) => {
            (spec == first || revision::open_one(dir, Some(first)).is_err()).then_some(first)
        }
        _ => None,
    };
    let names = shell::names();
    let command = first.and_then(|first| nearest(first, names.iter().map(String::as_str)));
    let failure = Failure::from(error);
    match command {
        Some(name) => Failure { hint: words::or_command(&failure.hint, name), ..failure },
        None => failure,
    }
}

/// The page and the comment; reviews and summaries hold the comment.
fn shows_pictures(format: Format) -> bool {
    matches!(format, Format::Html | Format::Markdown)
}

/// The report in a format; `key` tells the comments of several jobs apart.
fn text(report: &Report, format: Format, options: terminal::Options<'_>, kept: &Kept, key: &str) -> String {
    match format {
        Format::Markdown => markdown::keyed(report, key),
        Format::Html => html::render(report),
        Format::Json => json::render(report),
        Format::Allow => allow::render(report),
        Format::Changelog => changelog::render(report),
        Format::Checklist => checklist::render(report, kept),
        Format::JsonLines => json::render_lines(report),
        Format::Short => short::render(report, options.all),
        Format::Sarif => sarif::render(report, options.all),
        Format::Github => github::render(report, options.all),
        Format::Gitlab => gitlab::render(report, options.all),
        Format::Rdjson => rdjson::render(report, options.all),
        Format::RdjsonLines => rdjson::render_lines(report, options.all),
        Format::Junit => junit::render(report, options.all),
        Format::Checkstyle => checkstyle::render(report, options.all),
        _ => terminal::render(report, options),
    }
}

/// The reports asked for; one for people on standard output unless that is taken or quiet.
fn targets(args: &CheckArgs, global: &Global) -> Vec<Target> {
    let mut targets = args.output.clone();
    if global.quiet == 0 && targets.iter().all(|t| t.file.is_some()) {
        targets.push(Target { format: Format::Text, file: None });
    }
    targets
}

/// What people ticked in an earlier checklist. A file that this run is about to make need not be there yet.
fn kept(args: &CheckArgs, global: &Global) -> Result<Kept, Failure> {
    let Some(file) = &args.keep_ticks else { return Ok(Kept::default()) };
    let path = settings::path(global, file);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Kept::of(&text)),
        Err(_) if !path.exists() && args.output.iter().any(|target| target.file.as_ref() == Some(file)) => {
            Ok(Kept::default())
        }
        Err(e) => Err(Failure::new(
            format!("cannot read the checklist `{}`: {}", file.display(), output::reason(&e)),
            "name the file that an earlier `--output checklist=FILE` wrote; the first run may name the file that it writes",
        )),
    }
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
