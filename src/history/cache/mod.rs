//! What earlier runs found out, kept in the user's cache folder.
//!
//! Comes in: a folder, what a result depends on besides the contents of commits. Goes out: results by their keys, such as the
//! events of a step.
//! Entries are named by content and never change, so runs side by side cannot disagree: each writes one new file, under
//! another name first. A file that is cut off, damaged or of another version is passed over, and a folder that cannot be
//! written to makes nothing fail: the next run works it out again.

mod pack;

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::model::past::Event;
use crate::revision::content_id;

/// Goes up with every change of what a file holds or how.
const FORMAT: u32 = 1;
/// The first words of a file.
const MAGIC: &str = "driftline history";
/// From so many files on they are written together into one.
const MANY: usize = 16;
/// Bytes of a repository's files; beyond that the folder starts anew.
const LARGEST: u64 = 256 << 20;

/// A result that can be kept.
pub trait Kept: Sized {
    /// What its files end with.
    const ENDING: &'static str;

    fn pack(entries: &[(String, Self)]) -> Option<Vec<u8>>;

    /// The way back; `None` where it does not fit together.
    fn unpack(bytes: &[u8]) -> Option<Vec<(String, Self)>>;
}

impl Kept for Vec<Event> {
    const ENDING: &'static str = "events";

    fn pack(entries: &[(String, Self)]) -> Option<Vec<u8>> {
        pack::pack(entries)
    }

    fn unpack(bytes: &[u8]) -> Option<Vec<(String, Self)>> {
        pack::unpack(bytes)
    }
}

/// Where entries are kept; nowhere, perhaps.
#[derive(Debug, Clone, Default)]
pub struct Cache {
    folder: Option<PathBuf>,
}

/// What was loaded.
#[derive(Debug)]
pub struct Known<T> {
    entries: HashMap<String, T>,
}

impl<T> Known<T> {
    /// The result of that key, if it is known.
    pub fn take(&mut self, key: &str) -> Option<T> {
        self.entries.remove(&short(key))
    }
}

impl Cache {
    /// Keeps nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// Keeps entries below `root`, apart for each repository, program and configuration: other ones would come to other
    /// results.
    pub fn below(root: &Path, repository: &Path, program: &str, all: bool, config: &Config) -> Self {
        let config = serde_json::to_string(config).unwrap_or_default();
        let depends = format!("{FORMAT}\n{program}\n{all}\n{config}");
        let repository = content_id(repository.to_string_lossy().as_bytes());
        let folder = root.join("history").join(short(&repository)).join(short(&content_id(depends.as_bytes())));
        Self { folder: Some(folder) }
    }

    /// Everything that earlier runs kept.
    pub fn load<T: Kept>(&self) -> Known<T> {
        let mut entries = HashMap::new();
        for file in self.files::<T>() {
            for (key, entry) in read(&file).unwrap_or_default() {
                entries.entry(key).or_insert(entry);
            }
        }
        Known { entries }
    }

    /// Keeps what was found out. Whatever goes wrong, the result of this run stands.
    pub fn store<T: Kept>(&self, entries: Vec<(String, T)>) {
        let Some(folder) = self.folder.as_deref().filter(|_| !entries.is_empty()) else { return };
        if fs::create_dir_all(folder).is_err() {
            return;
        }
        let mut entries: Vec<(String, T)> = entries.into_iter().map(|(key, entry)| (short(&key), entry)).collect();
        let files = self.files::<T>();
        let size: u64 = files.iter().filter_map(|file| fs::metadata(file).ok()).map(|data| data.len()).sum();
        let old = if files.len() >= MANY || size > LARGEST { files } else { Vec::new() };
        if size <= LARGEST {
            entries.extend(old.iter().filter_map(|file| read::<T>(file)).flatten());
        }
        if let Some(new) = write(folder, entries) {
            // A run beside this one that still reads them has them open, or works their steps out again.
            old.iter().filter(|file| **file != new).for_each(|file| drop(fs::remove_file(file)));
            others(folder);
        }
    }

    /// The files of the folder, in the order of their names.
    fn files<T: Kept>(&self) -> Vec<PathBuf> {
        let Some(folder) = &self.folder else { return Vec::new() };
        let mut files: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
        files.retain(|path| path.extension().is_some_and(|ending| ending == T::ENDING));
        files.sort();
        files
    }
}

/// Half of an id tells as much as is needed here.
fn short(text: &str) -> String {
    content_id(text.as_bytes())
}

/// Writes a file of its own; other runs see all of it or nothing.
fn write<T: Kept>(folder: &Path, mut entries: Vec<(String, T)>) -> Option<PathBuf> {
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    entries.dedup_by(|a, b| a.0 == b.0);
    let body = T::pack(&entries)?;
    let id = content_id(&body);
    let draft = folder.join(format!("{id}.{}.draft", std::process::id()));
    let written = fs::File::create(&draft).and_then(|mut file| {
        file.write_all(format!("{MAGIC} {FORMAT} {id}\n").as_bytes())?;
        file.write_all(&body)?;
        file.sync_all()
    });
    let file = folder.join(format!("{id}.{}", T::ENDING));
    let done = written.and_then(|()| fs::rename(&draft, &file));
    if done.is_err() {
        let _ = fs::remove_file(&draft);
    }
    done.ok().map(|()| file)
}

/// The entries of a file; `None` where it is not whole, or not ours.
fn read<T: Kept>(file: &Path) -> Option<Vec<(String, T)>> {
    let bytes = fs::read(file).ok()?;
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (head, body) = (bytes.get(..end)?, bytes.get(end + 1..)?);
    let expected = format!("{MAGIC} {FORMAT} {}", content_id(body));
    if head != expected.as_bytes() {
        return None;
    }
    T::unpack(body)
}

/// Removes what other versions of the program kept for this repository, and drafts of runs that were stopped, once nobody
/// has written there for a month.
fn others(own: &Path) {
    const MONTH: u64 = 30 * 86_400;
    let age = |path: &Path| fs::metadata(path).ok()?.modified().ok()?.elapsed().ok();
    let old = |path: &Path| age(path).is_some_and(|age| age.as_secs() > MONTH);
    for folder in fs::read_dir(own.parent().unwrap_or(own)).into_iter().flatten().flatten() {
        let path = folder.path();
        if path != own && path.is_dir() && old(&path) {
            let _ = fs::remove_dir_all(&path);
        }
    }
    for draft in fs::read_dir(own).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if draft.extension().is_some_and(|ending| ending == "draft") && old(&draft) {
            let _ = fs::remove_file(&draft);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::past::tests::event;

    fn cache(root: &Path) -> Cache {
        Cache::below(root, Path::new("/r/.git"), "1", false, &Config::default())
    }

    fn steps(names: &[&str]) -> Vec<(String, Vec<Event>)> {
        names.iter().map(|name| ((*name).to_string(), vec![event("users.email"), event(name)])).collect()
    }

    fn has(cache: &Cache, key: &str) -> bool {
        cache.load().take(key) == Some(steps(&[key])[0].1.clone())
    }

    #[test]
    fn what_is_kept_comes_back() {
        let root = tempfile::tempdir().unwrap();
        let own = cache(root.path());
        own.store(steps(&["a", "b"]));
        own.store(steps(&["c"]));
        assert!(["a", "b", "c"].iter().all(|key| has(&own, key)));
        assert_eq!(own.load::<Vec<Event>>().take("d"), None);
        let other = Cache::below(root.path(), Path::new("/r/.git"), "2", false, &Config::default());
        assert!(!has(&other, "a"), "another program comes to its own results");
        assert!(!has(&Cache::none(), "a"));
    }

    #[test]
    fn damage_costs_time_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let own = cache(root.path());
        own.store(steps(&["a", "b"]));
        let file = own.files::<Vec<Event>>().remove(0);
        let whole = fs::read(&file).unwrap();
        for cut in (0..whole.len()).step_by(7) {
            fs::write(&file, &whole[..cut]).unwrap();
            assert!(!has(&own, "a"), "{cut}");
        }
        for at in (0..whole.len()).step_by(11) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(&file, &bytes).unwrap();
            assert!(!has(&own, "a"), "{at}");
        }
        let text = String::from_utf8(whole.clone()).unwrap();
        fs::write(&file, text.replacen("history 1 ", "history 2 ", 1)).unwrap();
        assert!(!has(&own, "a"), "another format");
        own.store(steps(&["a"]));
        assert!(has(&own, "a"), "what was lost is kept again");
    }

    #[test]
    fn many_files_become_one() {
        let root = tempfile::tempdir().unwrap();
        let own = cache(root.path());
        let names: Vec<String> = (0..40).map(|n| n.to_string()).collect();
        for name in &names {
            own.store(steps(&[name]));
        }
        assert!(own.files::<Vec<Event>>().len() <= MANY);
        assert!(names.iter().all(|name| has(&own, name)));
    }

    #[test]
    fn runs_side_by_side() {
        let root = tempfile::tempdir().unwrap();
        let own = cache(root.path());
        let names: Vec<String> = (0..64).map(|n| n.to_string()).collect();
        std::thread::scope(|scope| {
            for part in names.chunks(16) {
                let own = &own;
                scope.spawn(move || {
                    for name in part {
                        own.store(steps(&[name]));
                        for (key, events) in own.load::<Vec<Event>>().entries {
                            assert_eq!(events.len(), 2, "{key}");
                        }
                    }
                });
            }
        });
        own.store(steps(&["last"]));
        assert!(has(&own, "last"));
        // What another run took away while it was written together is worked out again; what is there is right.
        assert!(names.iter().filter(|name| has(&own, name)).count() > 0);
    }

    #[test]
    fn a_folder_that_is_none() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("file");
        fs::write(&file, "x").unwrap();
        let own = cache(&file);
        own.store(steps(&["a"]));
        assert!(!has(&own, "a"));
    }
}
