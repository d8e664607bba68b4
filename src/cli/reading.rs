//! One revision, read for a command that shows what was understood.

use crate::check::{self, Understanding};
use crate::report::Revision;
use crate::revision;

use super::args::Global;
use super::environment::Environment;
use super::progress::Progress;
use super::{Failure, settings};

/// The revision, folder or file of that name; the working tree without one.
pub fn understand(
    spec: Option<&str>,
    global: &Global,
    environment: &Environment,
) -> Result<(Revision, Understanding), Failure> {
    let settings = settings::of(global, environment)?;
    let _progress = Progress::start("reading", environment.watched() && global.quiet == 0);
    let tree = revision::open_one(&settings::folder(global), spec)?;
    let known = check::understand(&tree, &settings.config(&tree)?);
    Ok((Revision { spec: tree.spec.clone(), commit: tree.commit.clone() }, known))
}
