//! The commits of a range, newest first, and which files each of them changed.
//!
//! Comes in: a repository and the words of a range. Goes out: [`Walk`]; each thread that wants to look into commits opens a
//! [`Reader`] of its own. Must not know: which files matter.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use git2::{Commit, ObjectType, Oid, Repository, Sort};

use super::base::boundary;
use super::commit::{Blobs, Shared, kind_of, list};
use super::error::{Error, Provider};
use super::repository::{Repo, git_error};
use super::request::{Request, parse};
use super::tree::{Entry, Tree};
use crate::model::Date;
use crate::model::origin::Text;
use crate::model::past::End;

/// The commits of a range.
pub struct Walk {
    /// Newest first.
    pub steps: Vec<Step>,
    pub end: End,
    /// The repository, and the folder that all its working trees share.
    pub git: PathBuf,
    pub common: PathBuf,
    /// The commit that the range ends with, and the word for it.
    pub tip: String,
    pub spec: String,
}

/// A commit and what it is compared with.
#[derive(Debug, Clone)]
pub struct Step {
    pub id: String,
    pub author: String,
    pub email: String,
    /// Seconds since 1970.
    pub time: i64,
    /// The author's calendar day.
    pub date: Date,
    pub subject: String,
    /// Where history is cut off there is nothing that it could be compared with.
    pub comparable: bool,
    tree: Oid,
    /// The trees of all parents, the first one in front; none for a root.
    parents: Vec<Oid>,
}

impl Step {
    /// The files before (those of the first parent) and after.
    pub fn trees(&self) -> (TreeId, TreeId) {
        (TreeId(self.parents.first().copied()), TreeId(Some(self.tree)))
    }

    /// Names the change by content alone: equal keys mean the same files before and after, on the same day.
    pub fn key(&self) -> String {
        let parents: Vec<String> = self.parents.iter().map(ToString::to_string).collect();
        format!("{}..{} {}", parents.join("+"), self.tree, self.date)
    }
}

/// The files of a commit, by content; what came before a root has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeId(Option<Oid>);

/// What a range is made of.
#[derive(Debug, Clone, Default)]
pub struct Range {
    /// `None` is HEAD with all that came before; `REV`, or `A..B`.
    pub spec: Option<String>,
    /// The commits of merged branches too, not only the merges.
    pub all: bool,
}

/// Lists the commits of a range, seen from `dir`. No file is read.
pub fn walk(dir: &Path, range: &Range) -> Result<Walk, Error> {
    let plan = match &range.spec {
        Some(spec) => parse(&Request::of([spec.clone()]))?,
        None => parse(&Request::default())?,
    };
    let repo = Repo::discover(dir, Provider::Local)?;
    // A single word is where the range ends; `A...B` begins where both began.
    let (from, to) = match (plan.base, plan.head) {
        (Some(one), None) => (None, one),
        (from, to) => (from, to.unwrap_or_else(|| "HEAD".into())),
    };
    let tip = repo.commit(&to)?;
    let from = from.map(|from| repo.commit(&from)).transpose()?;
    let cut = boundary(&repo);
    let failed = |e: git2::Error| git_error("walking through history", &e);
    let ids = if range.all { everything(&repo.git, tip, from) } else { chain(&repo.git, tip, from, &cut) };
    let mut steps = Vec::new();
    for id in ids.map_err(failed)? {
        let commit = repo.git.find_commit(id).map_err(failed)?;
        steps.push(step(&commit, cut.contains(&id)).map_err(failed)?);
    }
    let oldest = steps.iter().find(|step| !step.comparable);
    let end = match (oldest, &from) {
        (Some(oldest), _) => End::Shallow { commit: oldest.id.clone(), date: oldest.date },
        (None, Some(_)) => End::Range,
        (None, None) => End::Root,
    };
    Ok(Walk {
        steps,
        end,
        git: repo.git.path().to_path_buf(),
        common: repo.git.commondir().to_path_buf(),
        tip: tip.to_string(),
        spec: to,
    })
}

/// The tip, its first parent, the first parent of that …, as far as they do not belong to the range's base.
fn chain(
    git: &Repository,
    tip: Oid,
    from: Option<Oid>,
    cut: &std::collections::BTreeSet<Oid>,
) -> Result<Vec<Oid>, git2::Error> {
    let mut chain = vec![tip];
    let mut at = git.find_commit(tip)?;
    while !cut.contains(&at.id())
        && let Ok(parent) = at.parent(0)
    {
        chain.push(parent.id());
        at = parent;
    }
    if let Some(from) = from {
        // What the base holds ends the chain: its parents are in the base as well.
        let known = |id: &Oid| *id == from || git.graph_descendant_of(from, *id).unwrap_or(false);
        chain.truncate(chain.partition_point(|id| !known(id)));
    }
    Ok(chain)
}

fn everything(git: &Repository, tip: Oid, from: Option<Oid>) -> Result<Vec<Oid>, git2::Error> {
    let mut walk = git.revwalk()?;
    walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME)?;
    walk.push(tip)?;
    if let Some(from) = from {
        walk.hide(from)?;
    }
    walk.collect()
}

fn step(commit: &Commit<'_>, cut: bool) -> Result<Step, git2::Error> {
    let author = commit.author();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let when = author.when();
    let local = when.seconds() + i64::from(when.offset_minutes()) * 60;
    let parents = if cut { Vec::new() } else { commit.parents().map(|p| p.tree_id()).collect() };
    Ok(Step {
        id: commit.id().to_string(),
        author: text(author.name_bytes()),
        email: text(author.email_bytes()),
        time: when.seconds(),
        date: Date::from_days(local.div_euclid(86_400)),
        subject: commit.summary_bytes().map(text).unwrap_or_default(),
        comparable: !cut,
        tree: commit.tree_id(),
        parents,
    })
}

/// A file that is not the same before and after a commit.
#[derive(Debug, Clone)]
pub struct Changed {
    pub path: Text,
    pub before: Option<Entry>,
    pub after: Option<Entry>,
}

/// Looks into the commits of a walk; one for each thread.
pub struct Reader {
    shared: Shared,
}

impl Reader {
    pub fn open(walk: &Walk) -> Result<Self, Error> {
        // libgit2 hashes every object that it reads; git trusts its own files, and `git fsck` checks them.
        git2::opts::strict_hash_verification(false);
        let git = Repository::open(&walk.git).map_err(|e| git_error("opening the repository", &e))?;
        Ok(Self { shared: Arc::new(Mutex::new(git)) })
    }

    /// The files that the commit changed against its first parent, sorted by path. A merge of several parents has changed
    /// what none of them has so: what came with a branch is told at the commits of the branch where those are walked.
    pub fn changed(&self, step: &Step, all: bool) -> Result<Vec<Changed>, Error> {
        let git = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let against = |parent: Option<Oid>| {
            changed(&git, parent, Some(step.tree)).map_err(|e| git_error("comparing two commits", &e))
        };
        let mut found = against(step.parents.first().copied())?;
        for parent in step.parents.iter().skip(1).filter(|_| all) {
            let other = against(Some(*parent))?;
            found.retain(|one| other.iter().any(|two| two.path == one.path));
        }
        Ok(found)
    }

    /// The files that differ between two trees.
    pub fn between(&self, from: TreeId, to: TreeId) -> Result<Vec<Changed>, Error> {
        if from == to {
            return Ok(Vec::new());
        }
        let git = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        changed(&git, from.0, to.0).map_err(|e| git_error("comparing two commits", &e))
    }

    /// All files of a tree.
    pub fn list(&self, tree: TreeId) -> Result<Tree, Error> {
        let entries = {
            let git = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
            tree.0.map(|tree| list(&git, tree)).transpose()
        };
        let entries = entries.map_err(|e| git_error("listing the files of a commit", &e))?;
        Ok(Tree::new("", None, entries.unwrap_or_default(), Box::new(Blobs(self.shared.clone()))))
    }
}

fn changed(git: &Repository, before: Option<Oid>, after: Option<Oid>) -> Result<Vec<Changed>, git2::Error> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), before, after)];
    while let Some((prefix, before, after)) = open.pop() {
        let [before, after] = [before, after].map(|id| id.map(|id| git.find_tree(id)).transpose());
        let (before, after) = (before?, after?);
        let mut told = |name: &[u8], old: Option<(Oid, i32)>, new: Option<(Oid, i32)>| {
            let path = format!("{prefix}{}", String::from_utf8_lossy(name));
            let kind = |side: Option<(Oid, i32)>| side.and_then(|(_, mode)| kind_of(u32::try_from(mode).unwrap_or(0)));
            let entry = |side: Option<(Oid, i32)>| {
                let (id, _) = side?;
                Some(Entry { kind: kind(side)?, id: Some(id.to_string()), size: None })
            };
            let folder = |side: Option<(Oid, i32)>| side.filter(|_| kind(side).is_none()).map(|(id, _)| id);
            let (old_entry, new_entry) = (entry(old), entry(new));
            if old_entry.is_some() || new_entry.is_some() {
                found.push(Changed { path: path.as_str().into(), before: old_entry, after: new_entry });
            }
            if folder(old).is_some() || folder(new).is_some() {
                open.push((format!("{path}/"), folder(old), folder(new)));
            }
        };
        for item in after.iter().flat_map(|tree| tree.iter()) {
            let new = (item.id(), item.filemode_raw());
            let old = before.as_ref().and_then(|tree| tree.get_name_bytes(item.name_bytes()));
            let old = old.map(|old| (old.id(), old.filemode_raw()));
            if old != Some(new) && !(item.kind() == Some(ObjectType::Commit) && old.is_none()) {
                told(item.name_bytes(), old, Some(new));
            }
        }
        for item in before.iter().flat_map(|tree| tree.iter()) {
            if after.as_ref().is_none_or(|tree| tree.get_name_bytes(item.name_bytes()).is_none()) {
                told(item.name_bytes(), Some((item.id(), item.filemode_raw())), None);
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}
