//! The index as a tree, and the working tree as index plus what differs on disk.
//!
//! libgit2's own status decides what differs: it compares times and sizes and knows entries that are too fresh to be
//! trusted. Files of which only the line ends differ are read as what is in the index. The index file is never written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use git2::{Index, ObjectFormat, ObjectType, Oid, Repository, Status, StatusOptions, StatusShow};

use super::commit::{Blobs, Shared, kind_of};
use super::error::Error;
use super::folder;
use super::repository::git_error;
use super::request::{INDEX, WORKTREE};
use super::tree::{Content, Entry, EntryKind, Store, Tree};
use crate::model::origin::Text;

/// Bits of an index entry's flags (gitformat-index): the stage, and two of the extended ones.
const STAGE_SHIFT: u16 = 12;
const INTENT_TO_ADD: u16 = 1 << 13;
const SKIP_WORKTREE: u16 = 1 << 14;

struct Listed {
    entries: BTreeMap<Text, Entry>,
    /// In the index, but only by name.
    intended: Vec<Text>,
    /// Not on disk by intent (sparse checkout).
    skipped: Vec<Text>,
    conflicts: usize,
}

/// What the next commit would hold. In a conflict "our" side is taken, and a note says so.
pub fn tree(repo: &Shared, index_file: Option<&Path>, notes: &mut Vec<String>) -> Result<Tree, Error> {
    let listed = {
        let git = repo.lock().unwrap_or_else(PoisonError::into_inner);
        list(&git, index_file)?
    };
    if listed.conflicts > 0 {
        notes.push(format!("the index has conflicts in {} files; our side of them is read", listed.conflicts));
    }
    Ok(Tree::new(INDEX, None, listed.entries, Box::new(Blobs(repo.clone()))))
}

fn list(git: &Repository, index_file: Option<&Path>) -> Result<Listed, Error> {
    let opened = match index_file {
        Some(file) => Index::open_ext(file, git.object_format()),
        None => git.index(),
    };
    let index = opened.map_err(|e| git_error("reading the index", &e))?;
    let mut listed = Listed { entries: BTreeMap::new(), intended: Vec::new(), skipped: Vec::new(), conflicts: 0 };
    for item in index.iter() {
        let Some(kind) = kind_of(item.mode) else { continue };
        let path: Text = String::from_utf8_lossy(&item.path).into();
        let stage = (item.flags >> STAGE_SHIFT) & 3;
        listed.conflicts += usize::from(stage == 2);
        if item.flags_extended & INTENT_TO_ADD != 0 {
            listed.intended.push(path);
            continue;
        }
        if item.flags_extended & SKIP_WORKTREE != 0 {
            listed.skipped.push(path.clone());
        }
        if stage == 0 || stage == 2 {
            listed.entries.insert(path, Entry { kind, id: Some(item.id.to_string()), size: None });
        }
    }
    Ok(listed)
}

/// The working tree: what is tracked, as it is on disk, and what is neither tracked nor ignored.
pub fn worktree(repo: &Shared) -> Result<Tree, Error> {
    let git = repo.lock().unwrap_or_else(PoisonError::into_inner);
    let root = git.workdir().ok_or_else(|| Error::Bare { spec: WORKTREE.into() })?.to_path_buf();
    let Listed { mut entries, intended, skipped, .. } = list(&git, None)?;
    let mut options = StatusOptions::new();
    options
        .show(StatusShow::Workdir)
        .include_untracked(true)
        .recurse_untracked_dirs(true)
        .exclude_submodules(true)
        .update_index(false);
    let statuses = git.statuses(Some(&mut options)).map_err(|e| git_error("looking at the working tree", &e))?;
    let changed = statuses.iter().filter(|s| s.status() != Status::CURRENT && s.status() != Status::IGNORED);
    let changed: Vec<Text> = changed.map(|s| String::from_utf8_lossy(s.path_bytes()).into()).collect();
    let mut replaced = BTreeMap::new();
    for path in changed.into_iter().chain(intended) {
        // A folder is a repository of its own that nobody added.
        if path.ends_with('/') || skipped.binary_search(&path).is_ok() {
            continue;
        }
        let staged = match folder::entry(&root.join(&*path)) {
            Some(entry) => entries.insert(path.clone(), entry),
            None => entries.remove(&path),
        };
        if let Some(id) = staged.and_then(|entry| entry.id) {
            replaced.insert(path, id);
        }
    }
    let autocrlf = git.config().and_then(|config| config.get_string("core.autocrlf"));
    let converts = autocrlf.is_ok_and(|value| value != "false") || root.join(".gitattributes").exists();
    let replaced = if converts { replaced } else { BTreeMap::new() };
    let store = OnDisk { root, format: git.object_format(), blobs: Blobs(repo.clone()), replaced };
    drop(statuses);
    drop(git);
    Ok(Tree::new(WORKTREE, None, entries, Box::new(store)))
}

/// Unchanged files come from git, changed ones from disk.
struct OnDisk {
    root: PathBuf,
    format: ObjectFormat,
    blobs: Blobs,
    /// Blobs that changed files have in the index, where git converts line ends.
    replaced: BTreeMap<Text, String>,
}

impl OnDisk {
    fn id(&self, bytes: &[u8]) -> Result<String, String> {
        let id = Oid::hash_object_ext(ObjectType::Blob, bytes, self.format);
        id.map(|id| id.to_string()).map_err(|e| e.message().to_string())
    }
}

impl Store for OnDisk {
    fn read(&self, path: &str, entry: &Entry) -> Result<Content, String> {
        if entry.id.is_some()
            && let Ok(content) = self.blobs.read(path, entry)
        {
            return Ok(content);
        }
        let bytes = folder::read(&self.root.join(path), entry.kind)?;
        // Where only line ends differ, the file is what it was.
        if let Some(staged) = self.replaced.get(path) {
            let plain = without_carriage_returns(&bytes);
            if self.id(&plain)? == *staged {
                return Ok(Content { bytes: plain, id: staged.clone() });
            }
        }
        Ok(Content { id: self.id(&bytes)?, bytes })
    }

    fn size(&self, path: &str, entry: &Entry) -> Option<u64> {
        if entry.kind == EntryKind::File && entry.size.is_some() { entry.size } else { self.blobs.size(path, entry) }
    }
}

/// The bytes with `\n` for `\r\n`.
fn without_carriage_returns(bytes: &[u8]) -> Vec<u8> {
    let ends = bytes.iter().skip(1).map(Some).chain([None]);
    bytes.iter().zip(ends).filter(|(byte, next)| !(**byte == b'\r' && *next == Some(&b'\n'))).map(|(b, _)| *b).collect()
}
