//! Opening a repository and looking up names in it, with errors that say what to do.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, Oid, Repository};

use super::error::{Error, Provider};
use crate::config::nearest::nearest;

/// An opened repository.
pub struct Repo {
    pub git: Repository,
    pub provider: Provider,
}

impl Repo {
    /// The repository around `dir`, looked for upward.
    pub fn discover(dir: &Path, provider: Provider) -> Result<Self, Error> {
        if !dir.is_dir() {
            return Err(Error::NoSuchFolder { dir: dir.to_path_buf() });
        }
        let git = Repository::discover(dir).map_err(|e| open_error(dir, &e))?;
        Ok(Self { git, provider })
    }

    /// A second handle of the same repository.
    pub fn reopen(&self) -> Result<Repository, Error> {
        Repository::open(self.git.path()).map_err(|e| open_error(self.git.path(), &e))
    }

    /// True when there is no working tree. A repository folder copied from a server often does not say so itself: then
    /// libgit2 takes the folder around it for the working tree, which has no `.git` in it.
    pub fn is_bare(&self) -> bool {
        let told = || self.git.config().is_ok_and(|config| config.get_string("core.worktree").is_ok());
        self.git.workdir().is_none_or(|workdir| !workdir.join(".git").exists() && !told())
    }

    /// The folder paths are relative to: the root of the working tree, or the repository itself when it is bare.
    pub fn root(&self) -> PathBuf {
        let workdir = self.git.workdir().filter(|_| !self.is_bare());
        workdir.unwrap_or_else(|| self.git.path()).to_path_buf()
    }

    /// The commit a word names.
    pub fn commit(&self, spec: &str) -> Result<Oid, Error> {
        let object = self.git.revparse_single(spec).map_err(|e| self.name_error(spec, &e))?;
        match object.peel_to_commit() {
            Ok(commit) => Ok(commit.id()),
            Err(_) => {
                let kind =
                    object.kind().map_or("object", |k| k.str()).replace("blob", "file").replace("tree", "folder");
                Err(Error::NotACommit { spec: spec.to_string(), kind })
            }
        }
    }

    /// The commit a word names, if it names one.
    pub fn try_commit(&self, spec: &str) -> Option<Oid> {
        self.commit(spec).ok()
    }

    /// HEAD's commit.
    pub fn head(&self) -> Result<Oid, Error> {
        self.commit("HEAD")
    }

    fn name_error(&self, spec: &str, error: &git2::Error) -> Error {
        // git itself takes nothing shorter than four digits for a hash.
        if error.code() == ErrorCode::Ambiguous && spec.len() >= 4 {
            return Error::Ambiguous { spec: spec.to_string() };
        }
        let unborn = self.git.head().is_err_and(|e| e.code() == ErrorCode::UnbornBranch);
        if unborn && (spec.starts_with("HEAD") || spec.starts_with('@') || self.names().is_empty()) {
            return Error::Empty { path: self.root() };
        }
        // What follows a name (`~3`, `^{…}`, `@{…}`, `:path`) is not part of the name that was mistyped.
        let end = spec.find(['~', '^', '@', ':']).filter(|at| *at > 0).unwrap_or(spec.len());
        let (name, rest) = spec.split_at(end);
        let names = self.names();
        let near = nearest(name, names.iter().map(String::as_str)).filter(|near| *near != name);
        Error::UnknownRevision {
            spec: spec.to_string(),
            nearest: near.map(|near| format!("{near}{rest}")),
            shallow: self.git.is_shallow(),
            provider: self.provider,
        }
    }

    /// Short names of all branches and tags, sorted.
    fn names(&self) -> Vec<String> {
        let Ok(references) = self.git.references() else { return Vec::new() };
        let mut names: Vec<String> = references
            .flatten()
            .filter_map(|r| r.shorthand().ok().map(str::to_string))
            .filter(|name| !name.ends_with("/HEAD"))
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

fn open_error(dir: &Path, error: &git2::Error) -> Error {
    let message = error.message();
    match error.code() {
        ErrorCode::Owner => Error::Ownership { path: owned_path(dir) },
        ErrorCode::NotFound => Error::NotARepository { dir: dir.to_path_buf() },
        _ if message.contains("refstorage") => Error::Unsupported {
            what: "the reftable format for references",
            remedy: "convert a copy with `git refs migrate --ref-format=files`",
        },
        _ => git_error("opening the repository", error),
    }
}

/// The folder `safe.directory` has to name: the nearest one upward that holds a repository.
fn owned_path(dir: &Path) -> PathBuf {
    let full = dir.canonicalize().unwrap_or_else(|_| dir.to_path_buf());
    full.ancestors().find(|a| a.join(".git").exists()).unwrap_or(&full).to_path_buf()
}

/// Any other failure of libgit2; some of them are formats it does not know.
pub fn git_error(doing: &str, error: &git2::Error) -> Error {
    let message = error.message();
    if message.contains("sdir") {
        return Error::Unsupported {
            what: "a sparse index",
            remedy: "run `git sparse-checkout reapply --no-sparse-index`, or compare commits: `A..B`",
        };
    }
    if message.contains("'link'") || message.contains("\"link\"") {
        return Error::Unsupported {
            what: "a split index",
            remedy: "run `git update-index --no-split-index`, or compare commits: `A..B`",
        };
    }
    Error::Git { doing: doing.to_string(), message: message.to_string() }
}
