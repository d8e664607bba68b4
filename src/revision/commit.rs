//! The tree of a commit.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use git2::{ErrorCode, ObjectType, Oid, Repository};

use super::error::Error;
use super::repository::git_error;
use super::tree::{Content, Entry, EntryKind, Store, Tree};
use crate::model::origin::Text;

/// The repository that both trees read from; libgit2 wants one thread at a time.
pub type Shared = Arc<Mutex<Repository>>;

/// Type bits of a git file mode.
const MODE_TYPE: u32 = 0o170_000;
const MODE_FILE: u32 = 0o100_000;
const MODE_LINK: u32 = 0o120_000;
const MODE_COMMIT: u32 = 0o160_000;

/// What a git file mode says; `None` for folders.
pub fn kind_of(mode: u32) -> Option<EntryKind> {
    match mode & MODE_TYPE {
        MODE_FILE => Some(EntryKind::File),
        MODE_LINK => Some(EntryKind::Link),
        MODE_COMMIT => Some(EntryKind::Submodule),
        _ => None,
    }
}

/// All files of a commit. No blob is read.
pub fn tree(repo: &Shared, spec: &str, commit: Oid) -> Result<Tree, Error> {
    let entries = {
        let git = repo.lock().unwrap_or_else(PoisonError::into_inner);
        let tree = git.find_commit(commit).map(|commit| commit.tree_id());
        tree.and_then(|tree| list(&git, tree)).map_err(|e| git_error(&format!("listing the files of {commit}"), &e))?
    };
    Ok(Tree::new(spec, Some(commit.to_string()), entries, Box::new(Blobs(repo.clone()))))
}

/// All files of a git tree.
pub fn list(git: &Repository, tree: Oid) -> Result<BTreeMap<Text, Entry>, git2::Error> {
    let mut entries = BTreeMap::new();
    let mut folders = vec![(String::new(), tree)];
    while let Some((prefix, id)) = folders.pop() {
        for item in git.find_tree(id)?.iter() {
            let path = format!("{prefix}{}", String::from_utf8_lossy(item.name_bytes()));
            match kind_of(u32::try_from(item.filemode_raw()).unwrap_or(0)) {
                Some(kind) => {
                    entries.insert(path.into(), Entry { kind, id: Some(item.id().to_string()), size: None });
                }
                None if item.kind() == Some(ObjectType::Tree) => folders.push((format!("{path}/"), item.id())),
                None => {}
            }
        }
    }
    Ok(entries)
}

/// Reads blobs by the id of the entry.
pub struct Blobs(pub Shared);

impl Store for Blobs {
    fn read(&self, path: &str, entry: &Entry) -> Result<Content, String> {
        let id = entry.id.as_deref().ok_or_else(|| format!("`{path}` has no content in git"))?;
        let git = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let oid = Oid::from_str_ext(id, git.object_format()).map_err(|e| e.message().to_string())?;
        match git.find_blob(oid) {
            Ok(blob) => Ok(Content { bytes: blob.content().to_vec(), id: id.to_string() }),
            Err(e) if e.code() == ErrorCode::NotFound => Err(format!(
                "the content of `{path}` is not in this clone (a partial clone fetches it on demand); \
                 `git cat-file blob {id} > /dev/null` fetches it, `git fetch --refetch --no-filter` fetches everything"
            )),
            Err(e) => Err(format!("git cannot read `{path}`: {}", e.message())),
        }
    }

    fn size(&self, _: &str, entry: &Entry) -> Option<u64> {
        let git = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let oid = Oid::from_str_ext(entry.id.as_deref()?, git.object_format()).ok()?;
        let (size, _) = git.odb().ok()?.read_header(oid).ok()?;
        Some(size as u64)
    }
}
