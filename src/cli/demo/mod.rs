//! `driftline demo`: a small repository with a history and a branch, built in a temporary folder and checked.

mod files;
mod history;
mod repository;

use crate::check;
use crate::report::terminal;
use crate::revision::{self, Request};
use crate::rules::Status;

use super::args::Global;
use super::environment::Environment;
use super::{Ended, Failure, output, settings};

const STORY: &str = "\
A service that keeps orders, three years old: a contract in five files under api/, PostgreSQL migrations under db/migrations.
The branch `refunds` adds refunds and order notes, splits a schema, widens a column. Some of it is harmless.
";

pub fn run(global: &Global, environment: &Environment) -> Result<Ended, Failure> {
    let folder = repository::build(&std::env::temp_dir())?;
    let compared = revision::open(&folder, &Request::default())?;
    let outcome = check::run(&compared, &settings::of(&Global { config: None, ..global.clone() }, environment)?)?;
    let colours = environment.colours(global.color);
    let report = terminal::render(
        &outcome.report,
        terminal::Options { colours, columns: environment.columns, ..Default::default() },
    );
    let rule = outcome.report.of(Status::Introduced).next().map_or("column-dropped", |item| item.finding.rule.id);
    let folder = folder.display();
    output::print(&format!(
        "{STORY}\n{report}\n\
         Look further:\n  \
           cd {folder}\n  \
           git diff main...refunds              what changed\n  \
           driftline explain {rule:18} why the first finding matters\n  \
           driftline --output markdown          the same as a comment on a pull request\n  \
           driftline --output json --changes    every change, also the harmless ones\n  \
           driftline model                      what was understood\n  \
           driftline debt                       what it owes, and since when\n  \
           driftline log customers.email        where an attribute comes from\n"
    ))?;
    Ok(Ended::Done)
}
