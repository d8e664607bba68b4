//! `driftline init`: a commented configuration from what was found.

use std::io::{ErrorKind, Write};

use crate::check;
use crate::config::{FILE_NAMES, Found, init_text};
use crate::revision;

use super::args::Global;
use super::environment::Environment;
use super::{Ended, Failure, output, settings};

pub fn run(force: bool, global: &Global, environment: &Environment) -> Result<Ended, Failure> {
    let settings = settings::of(global, environment)?;
    let tree = revision::open_one(&settings::folder(global), None)?;
    let root =
        revision::open(&settings::folder(global), &revision::Request::of(["HEAD", "HEAD"])).ok().and_then(|c| c.root);
    let sources = check::understand(&tree, &settings.config(&tree)?).sources;
    let text = init_text(&Found {
        contracts: sources.contracts.iter().map(|c| &*c.path).collect(),
        sql: sources.sql.iter().map(|s| (&*s.path, s.dialect, s.layout)).collect(),
    });
    let [name, _] = FILE_NAMES;
    let path = root.unwrap_or_else(|| settings::folder(global)).join(name);
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    match options.open(&path).and_then(|mut file| file.write_all(text.as_bytes())) {
        Ok(()) => {
            output::print(&format!("wrote {}\n", path.display()))?;
            Ok(Ended::Done)
        }
        Err(e) if e.kind() == ErrorKind::AlreadyExists => {
            Err(Failure::new(format!("`{}` is already there", path.display()), "`driftline init --force` replaces it"))
        }
        Err(e) => Err(Failure::new(
            format!("cannot write `{}`: {}", path.display(), output::reason(&e)),
            "check that the folder may be written to",
        )),
    }
}
