//! Completion scripts and manual pages, from the one table of commands and options.

use clap::CommandFactory;

use crate::config::nearest::nearest;

use super::args::Cli;
use super::{Ended, Failure, output};

/// `driftline completions SHELL`
pub fn completions(shell: clap_complete::Shell) -> Result<Ended, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "driftline", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(Ended::Done)
}

/// `driftline man [COMMAND]`
pub fn man(name: Option<&str>) -> Result<Ended, Failure> {
    let mut all = Cli::command();
    all.build();
    let command = match name {
        None => all,
        Some(name) => match all.find_subcommand(name) {
            Some(command) => command.clone(),
            None => {
                let names = names();
                let hint = match nearest(name, names.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("commands: {}", names.join(", ")),
                };
                return Err(Failure::new(format!("there is no command `{name}`"), hint));
            }
        },
    };
    let mut page = Vec::new();
    // A page without a date: an empty one would let the next word take its place.
    let source = concat!("driftline ", env!("CARGO_PKG_VERSION"));
    let rendered = clap_mangen::Man::new(command).date(" ").source(source).manual("driftline").render(&mut page);
    rendered.map_err(|e| Failure::new(format!("the page cannot be made: {}", output::reason(&e)), ""))?;
    output::print(&String::from_utf8_lossy(&page))?;
    Ok(Ended::Done)
}

/// The names of all commands.
pub fn names() -> Vec<String> {
    let command = Cli::command();
    command.get_subcommands().map(|sub| sub.get_name().to_string()).collect()
}
