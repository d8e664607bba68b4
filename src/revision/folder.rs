//! Plain folders and files as trees, for `driftline check OLD NEW`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use git2::{ObjectType, Oid};

use super::error::Error;
use super::tree::{Content, Entry, EntryKind, Store, Tree};
use crate::model::origin::Text;

/// Around a single file, only so many neighbours are listed: enough for its references, not a whole home folder.
const NEIGHBOURS: usize = 20_000;
/// Folders below this depth are not entered.
const DEEPEST: usize = 64;

/// What is at a path on disk, without following a link; `None` for folders and what is no file.
pub fn entry(path: &Path) -> Option<Entry> {
    let metadata = path.symlink_metadata().ok()?;
    let kind = if metadata.is_symlink() {
        EntryKind::Link
    } else if metadata.is_file() {
        EntryKind::File
    } else {
        return None;
    };
    Some(Entry { kind, id: None, size: Some(metadata.len()) })
}

/// The bytes at a path on disk: the content of a file, the target of a link.
pub fn read(path: &Path, kind: EntryKind) -> Result<Vec<u8>, String> {
    let read = match kind {
        EntryKind::Link => {
            std::fs::read_link(path).map(|target| target.to_string_lossy().replace('\\', "/").into_bytes())
        }
        _ => std::fs::read(path),
    };
    read.map_err(|e| format!("`{}` cannot be read: {e}", path.display()))
}

/// The folder `path` as a tree.
pub fn tree(path: &Path, spec: &str) -> Result<Tree, Error> {
    let entries = list(path, usize::MAX)?;
    Ok(Tree::new(spec, None, entries, Box::new(Disk { root: path.to_path_buf(), alias: None })))
}

/// The folder of the file `path` as a tree in which the file is called `name` and is the only input; its neighbours
/// are there for references.
pub fn file_tree(path: &Path, spec: &str, name: &str) -> Result<Tree, Error> {
    let root = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    let own = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let found = std::fs::canonicalize(path).ok().as_deref().and_then(entry);
    let found = found.ok_or_else(|| Error::Path { path: path.to_path_buf(), message: "it is no file".into() })?;
    let mut entries = list(&root, NEIGHBOURS)?;
    entries.insert(name.into(), found);
    let alias = Some((Text::from(name), Text::from(own)));
    let mut tree = Tree::new(spec, None, entries, Box::new(Disk { root, alias }));
    tree.focus = Some(name.into());
    Ok(tree)
}

fn list(root: &Path, most: usize) -> Result<BTreeMap<Text, Entry>, Error> {
    let unreadable = |e: std::io::Error| Error::Path { path: root.to_path_buf(), message: e.to_string() };
    let mut entries = BTreeMap::new();
    let mut folders = vec![(root.to_path_buf(), String::new(), 0)];
    while let Some((folder, prefix, depth)) = folders.pop() {
        let items = match std::fs::read_dir(&folder) {
            Ok(items) => items,
            Err(e) if depth == 0 => return Err(unreadable(e)),
            Err(_) => continue,
        };
        let mut items: Vec<_> = items.flatten().collect();
        items.sort_by_key(std::fs::DirEntry::file_name);
        for item in items {
            let name = item.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            match item.file_type() {
                Ok(kind) if kind.is_dir() => {
                    if name != ".git" && depth < DEEPEST {
                        folders.push((item.path(), format!("{path}/"), depth + 1));
                    }
                }
                _ => {
                    if let Some(entry) = entry(&item.path()) {
                        entries.insert(path.into(), entry);
                    }
                }
            }
        }
        if entries.len() >= most {
            break;
        }
    }
    Ok(entries)
}

struct Disk {
    root: PathBuf,
    /// The name under which one file is seen, and its own.
    alias: Option<(Text, Text)>,
}

impl Store for Disk {
    fn read(&self, path: &str, entry: &Entry) -> Result<Content, String> {
        let (path, kind) = match &self.alias {
            // The file that was named is read through its links.
            Some((name, own)) if &**name == path => (&**own, EntryKind::File),
            _ => (path, entry.kind),
        };
        let bytes = read(&self.root.join(path), kind)?;
        let id = Oid::hash_object(ObjectType::Blob, &bytes).map_err(|e| e.message().to_string())?;
        Ok(Content { bytes, id: id.to_string() })
    }
}
