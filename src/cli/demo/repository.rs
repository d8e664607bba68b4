//! Builds the demo's repository. Author and dates are fixed, so that the hashes are the same everywhere.

use std::path::{Path, PathBuf};

use git2::{Repository, RepositoryInitOptions, Signature, Time};

use super::files::HEAD;
use super::history::{self, Commit};
use crate::cli::{Failure, output};

/// Makes a new folder in `parent` with both revisions in it; `refunds` is checked out.
pub fn build(parent: &Path) -> Result<PathBuf, Failure> {
    let folder = new_folder(parent)?;
    match fill(&folder) {
        Ok(()) => Ok(folder),
        Err(e) => Err(Failure::new(
            format!("cannot build the demo in `{}`: {e}", folder.display()),
            "set TMPDIR to a folder that may be written to",
        )),
    }
}

fn new_folder(parent: &Path) -> Result<PathBuf, Failure> {
    let mut reason = String::new();
    for number in 1..1000 {
        let folder = parent.join(format!("driftline-demo-{number}"));
        match std::fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(e) => {
                reason = format!(": {}", output::reason(&e));
                break;
            }
        }
    }
    Err(Failure::new(
        format!("cannot make a folder for the demo in `{}`{reason}", parent.display()),
        "set TMPDIR to a folder that may be written to, or remove old `driftline-demo-*` folders",
    ))
}

fn fill(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut options = RepositoryInitOptions::new();
    options.initial_head("main").external_template(false);
    let repository = Repository::init_opts(folder, &options)?;
    // The user's own settings must not change line ends, and so hashes.
    repository.config()?.set_bool("core.autocrlf", false)?;
    for one in history::main() {
        commit(&repository, &one)?;
    }
    let base = repository.head()?.peel_to_commit()?;
    repository.branch("refunds", &base, false)?;
    repository.set_head("refs/heads/refunds")?;
    commit(&repository, &history::branch(HEAD))?;
    Ok(())
}

fn commit(repository: &Repository, commit: &Commit) -> Result<(), Box<dyn std::error::Error>> {
    let root = repository.workdir().ok_or("no working tree")?;
    let mut index = repository.index()?;
    for (path, text) in &commit.files {
        let target = root.join(path);
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&target, text)?;
        index.add_path(Path::new(path))?;
    }
    index.write()?;
    let tree = repository.find_tree(index.write_tree()?)?;
    let author = Signature::new(commit.author.0, commit.author.1, &Time::new(commit.time, 0))?;
    let parent = repository.head().ok().and_then(|head| head.peel_to_commit().ok());
    let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
    repository.commit(Some("HEAD"), &author, &author, commit.message, &tree, &parents)?;
    Ok(())
}
