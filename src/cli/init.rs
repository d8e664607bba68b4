//! `driftline init`: a commented configuration from what was found, with links to look at when they are asked for.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::check;
use crate::config::{FILE_NAMES, Found, Links, init_text, links_text};
use crate::revision::{self, WORKTREE};

use super::args::Global;
use super::environment::Environment;
use super::{Ended, Failure, output, settings};

/// What the options ask for.
pub struct Wanted {
    pub force: bool,
    pub links: bool,
    pub print: bool,
}

pub fn run(wanted: &Wanted, global: &Global, environment: &Environment) -> Result<Ended, Failure> {
    let settings = settings::of(global, environment)?;
    let tree = revision::open_one(&settings::folder(global), None)?;
    let config = settings.config(&tree)?;
    let known = check::understand(&tree, &config);
    let proposed = if wanted.links { known.proposals(&config) } else { Vec::new() };
    // What is settled already is not proposed again, and a new file keeps it.
    let links = Links { settled: &config.links, proposed: &proposed };
    let found = Found { links: wanted.links.then_some(links), ..known.sources.found() };
    let written = FILE_NAMES.into_iter().find(|name| tree.entry(name).is_some());
    match written {
        Some(name) if wanted.links && !wanted.force && proposed.is_empty() => {
            output::message(&format!("nothing to propose: `{name}` and the names settle every schema that can be"));
        }
        Some(name) if wanted.links && !wanted.force => {
            output::message(&format!("note: `{name}` stays as it is; add what is true below its `links:`"));
            output::print(&links_text(Links { settled: &Default::default(), ..links }))?;
        }
        _ if wanted.print => output::print(&init_text(&found))?,
        // Nobody looks for a file in the folder of a bare repository.
        _ if tree.spec != WORKTREE => {
            output::message("note: a bare repository has no place for `driftline.yaml`: here is what it would say");
            output::print(&init_text(&found))?;
        }
        _ => {
            let path = root(global).join(FILE_NAMES[0]);
            write(&path, &init_text(&found), wanted.force)?;
            output::print(&format!("wrote {}\n", path.display()))?;
        }
    }
    Ok(Ended::Done)
}

/// The root of the working tree.
fn root(global: &Global) -> PathBuf {
    let folder = settings::folder(global);
    let opened = revision::open(&folder, &revision::Request::of(["HEAD", "HEAD"]));
    opened.ok().and_then(|compared| compared.root).unwrap_or(folder)
}

/// Writes a new file; one that is there is replaced only with `force`.
fn write(path: &Path, text: &str, force: bool) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    let done = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    done.map_err(|e| match e.kind() {
        ErrorKind::AlreadyExists => {
            Failure::new(format!("`{}` is already there", path.display()), "`driftline init --force` replaces it")
        }
        _ => Failure::new(
            format!("cannot write `{}`: {}", path.display(), output::reason(&e)),
            "check that the folder may be written to",
        ),
    })
}
