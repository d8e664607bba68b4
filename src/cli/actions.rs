//! What a step of GitHub Actions takes besides its log: a summary to read and outputs for later steps.
//!
//! Both are files that variables name and that a step only adds to: other commands of it have written there before.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use crate::policy::Verdict;
use crate::report::{Report, markdown};

use super::args::CheckArgs;
use super::environment::Environment;
use super::{Failure, output};

/// The summaries of a step hold that many bytes; a longer file is refused as a whole.
const SUMMARY: u64 = 1024 * 1024;

/// The files that were asked for.
#[derive(Debug)]
pub struct Files<'a> {
    summary: Option<&'a Path>,
    outputs: Option<&'a Path>,
}

impl<'a> Files<'a> {
    /// Looks for the variables before any work is done.
    pub fn of(args: &CheckArgs, environment: &'a Environment) -> Result<Self, Failure> {
        let asked = |asked: bool, option, variable| match asked {
            true => named(environment, option, variable).map(Some),
            false => Ok(None),
        };
        Ok(Self {
            summary: asked(args.summary, "--summary", "GITHUB_STEP_SUMMARY")?,
            outputs: asked(args.github_output, "--github-output", "GITHUB_OUTPUT")?,
        })
    }

    /// Writes what a report has to say.
    pub fn write(&self, report: &Report) -> Result<(), Failure> {
        if let Some(path) = self.summary {
            let text = markdown::render(report);
            let there = std::fs::metadata(path).map_or(0, |file| file.len());
            match there + text.len() as u64 <= SUMMARY {
                true => append(path, &text)?,
                false => output::message("warning: the summary of this step is full, so the report is not added to it"),
            }
        }
        if let Some(path) = self.outputs {
            append(path, &outputs(report))?;
        }
        Ok(())
    }

    /// Later steps learn that there is no verdict although there is no report either.
    pub fn write_failure(&self) {
        if let Some(path) = self.outputs {
            // The failure that led here is the one to tell.
            let _ = append(path, &format!("verdict={}\n", Verdict::None.name()));
        }
    }
}

fn named<'a>(environment: &'a Environment, option: &str, variable: &str) -> Result<&'a Path, Failure> {
    match environment.variables.get(variable).filter(|path| !path.is_empty()) {
        Some(path) => Ok(Path::new(path)),
        None => Err(Failure::new(
            format!("`{option}` needs the variable {variable}, which is not set"),
            "it is set in the steps of GitHub Actions; elsewhere use `--output markdown=FILE` or `--output json=FILE`",
        )),
    }
}

/// One `name=value` a line.
fn outputs(report: &Report) -> String {
    let counts = &report.counts;
    format!(
        "verdict={}\nerrors={}\nwarnings={}\nnotes={}\nintroduced={}\n",
        report.verdict.name(),
        counts.error,
        counts.warning,
        counts.note,
        counts.introduced,
    )
}

fn append(path: &Path, text: &str) -> Result<(), Failure> {
    let file = OpenOptions::new().append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|e| {
        Failure::new(
            format!("cannot write `{}`: {}", path.display(), output::reason(&e)),
            "check that its folder exists and may be written to",
        )
    })
}
