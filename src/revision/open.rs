//! From what the user typed to two trees.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use git2::Oid;

use super::base::{default_branch, merge_base, provider};
use super::commit::{self, Shared};
use super::error::{Error, Provider};
use super::repository::Repo;
use super::request::{INDEX, Plan, Request, WORKTREE, parse};
use super::tree::Tree;
use super::{folder, index};
use crate::config;

/// Two trees and how they were chosen.
pub struct Compared {
    pub base: Tree,
    pub head: Tree,
    /// The commit that was taken for the base because it is where both began.
    pub merge_base: Option<String>,
    /// Root of the working tree, or the repository when it is bare; `None` for plain folders and files.
    pub root: Option<PathBuf>,
    /// Remarks on how the words were understood, one sentence each.
    pub notes: Vec<String>,
}

/// Opens what `request` asks for, seen from `dir`.
pub fn open(dir: &Path, request: &Request) -> Result<Compared, Error> {
    if let Some(compared) = open_paths(dir, request)? {
        return Ok(compared);
    }
    let plan = parse(request)?;
    let provider = provider(&request.variables);
    let repo = Repo::discover(dir, provider)?;
    let root = repo.root();
    let reader = Reader {
        shared: share(&repo)?,
        repo,
        index_file: request.variables.get("GIT_INDEX_FILE").map(|f| root.join(f)),
    };
    let mut notes = Vec::new();
    let head = reader.head(&plan, &mut notes)?;
    let (base, merge_base) = reader.base(&plan, request, &head, &mut notes)?;
    Ok(Compared { base, head, merge_base, root: Some(root), notes })
}

/// Opens one revision, folder or file; without a word the working tree, or HEAD where there is none.
pub fn open_one(dir: &Path, spec: Option<&str>) -> Result<Tree, Error> {
    let plan = parse(&Request { head: spec.map(Into::into), ..Request::default() })?;
    let repo = match (Repo::discover(dir, Provider::Local), spec) {
        (Ok(repo), Some(spec)) if path_of(dir, spec).is_some() && !is_revision(&repo, spec) => {
            return plain(&dir.join(spec), spec, None);
        }
        (Err(_), Some(spec)) if path_of(dir, spec).is_some() => return plain(&dir.join(spec), spec, None),
        (repo, _) => repo?,
    };
    let shared = share(&repo)?;
    Reader { repo, shared, index_file: None }.head(&plan, &mut Vec::new())
}

/// The trees read through a handle of their own: looking up names needs the other one meanwhile.
fn share(repo: &Repo) -> Result<Shared, Error> {
    Ok(Arc::new(Mutex::new(repo.reopen()?)))
}

struct Reader {
    repo: Repo,
    shared: Shared,
    index_file: Option<PathBuf>,
}

impl Reader {
    fn head(&self, plan: &Plan, notes: &mut Vec<String>) -> Result<Tree, Error> {
        match &plan.head {
            Some(spec) => self.tree(spec, notes),
            None if self.repo.is_bare() => self.tree("HEAD", notes),
            None => self.tree(WORKTREE, notes),
        }
    }

    fn base(
        &self,
        plan: &Plan,
        request: &Request,
        head: &Tree,
        notes: &mut Vec<String>,
    ) -> Result<(Tree, Option<String>), Error> {
        let spec = match &plan.base {
            Some(spec) => spec.clone(),
            None => {
                let configured = request.configured_base.clone().or_else(|| configured_base(head));
                default_branch(&self.repo, configured.as_deref(), &request.variables)?
            }
        };
        // The index and the working tree are no commits: they are compared as they are.
        if !plan.merge_base || spec == WORKTREE || spec == INDEX {
            return Ok((self.tree(&spec, notes)?, None));
        }
        let tip = self.repo.commit(&spec)?;
        let (head_commit, head_name) = match &head.commit {
            Some(hash) => (self.parse_hash(hash)?, head.spec.as_str()),
            None => (self.repo.head()?, "HEAD"),
        };
        let found = merge_base(&self.repo, (tip, &spec), (head_commit, head_name))?;
        Ok((commit::tree(&self.shared, &spec, found)?, Some(found.to_string())))
    }

    fn parse_hash(&self, hash: &str) -> Result<Oid, Error> {
        Oid::from_str_ext(hash, self.repo.git.object_format())
            .map_err(|e| super::repository::git_error("reading a hash", &e))
    }

    fn tree(&self, spec: &str, notes: &mut Vec<String>) -> Result<Tree, Error> {
        match spec {
            WORKTREE | INDEX if self.repo.is_bare() => Err(Error::Bare { spec: spec.to_string() }),
            WORKTREE => index::worktree(&self.shared),
            INDEX => index::tree(&self.shared, self.index_file.as_deref(), notes),
            _ => commit::tree(&self.shared, spec, self.repo.commit(spec)?),
        }
    }
}

/// `base:` of the head's own configuration. A file that cannot be read is reported when the configuration is.
fn configured_base(head: &Tree) -> Option<String> {
    let name = config::FILE_NAMES.into_iter().find(|name| head.entry(name).is_some())?;
    let content = head.read(name).ok()?;
    config::parse(&content.bytes, name).ok()?.base
}

fn path_of(dir: &Path, spec: &str) -> Option<PathBuf> {
    let path = dir.join(spec);
    (!spec.is_empty() && path.exists()).then_some(path)
}

fn is_revision(repo: &Repo, spec: &str) -> bool {
    spec == WORKTREE || spec == INDEX || repo.try_commit(spec).is_some()
}

/// Two words that name existing folders or files, and are not both revisions.
fn open_paths(dir: &Path, request: &Request) -> Result<Option<Compared>, Error> {
    let [base_spec, head_spec] = request.specs.as_slice() else { return Ok(None) };
    let revision = |spec: &str| Repo::discover(dir, Provider::Local).is_ok_and(|repo| is_revision(&repo, spec));
    let (base, head) = match (path_of(dir, base_spec), path_of(dir, head_spec)) {
        (None, None) => return Ok(None),
        (Some(base), Some(head)) => (base, head),
        (Some(_), None) if revision(base_spec) => return Ok(None),
        (None, Some(_)) if revision(head_spec) => return Ok(None),
        (Some(_), None) => return Err(Error::MixedPair { path: base_spec.clone(), other: head_spec.clone() }),
        (None, Some(_)) => return Err(Error::MixedPair { path: head_spec.clone(), other: base_spec.clone() }),
    };
    if revision(base_spec) && revision(head_spec) {
        return Ok(None);
    }
    // Two files are two versions of one: both get the head's name. A file against a folder is looked for in it.
    let name = head.file_name().or(base.file_name()).map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let name = name.as_str();
    let (base, head) = match (base.is_dir(), head.is_dir()) {
        (true, true) => (plain(&base, base_spec, None)?, plain(&head, head_spec, None)?),
        (false, false) => (plain(&base, base_spec, Some(name))?, plain(&head, head_spec, Some(name))?),
        (true, false) => (plain(&base.join(name), base_spec, Some(name))?, plain(&head, head_spec, Some(name))?),
        (false, true) => {
            let name = base.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            (plain(&base, base_spec, Some(&name))?, plain(&head.join(&name), head_spec, Some(&name))?)
        }
    };
    Ok(Some(Compared { base, head, merge_base: None, root: None, notes: Vec::new() }))
}

/// A folder, or a file seen under `name` (its own name when none is given).
fn plain(path: &Path, spec: &str, name: Option<&str>) -> Result<Tree, Error> {
    if path.is_dir() {
        return folder::tree(path, spec);
    }
    let own = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    folder::file_tree(path, spec, name.unwrap_or(&own))
}
