//! Files that were renamed from base to head.
//!
//! Comes from contents alone, so it works for every kind of tree: first equal contents, then the share of common
//! lines. Only formats that can be inputs are looked at.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::tree::{EntryKind, Tree};
use crate::model::origin::Text;

const EXTENSIONS: [&str; 5] = ["yaml", "yml", "json", "sql", "snap"];
/// A rewrite of the whole repository is not followed file by file.
const MOST: usize = 2_000;
/// A line that is in more files than this tells nothing about which one was renamed.
const COMMON: usize = 40;
/// Larger files are only followed when they are equal.
const LARGEST: u64 = 20_000_000;

/// Pairs of path in base and path in head, sorted; every path occurs at most once.
pub fn renames(base: &Tree, head: &Tree) -> Vec<(String, String)> {
    let mut gone = only_in(base, head);
    let mut new = only_in(head, base);
    if gone.is_empty() || new.is_empty() || gone.len() > MOST || new.len() > MOST {
        return Vec::new();
    }
    let mut pairs = equal(base, &mut gone, head, &mut new);
    pairs.extend(similar(base, &gone, head, &new));
    pairs.sort();
    pairs
}

fn only_in(tree: &Tree, other: &Tree) -> Vec<Text> {
    let files = tree.entries().filter(|(_, entry)| entry.kind == EntryKind::File);
    files
        .map(|(path, _)| path)
        .filter(|p| EXTENSIONS.contains(&extension(p)) && other.entry(p).is_none())
        .cloned()
        .collect()
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn id(tree: &Tree, path: &str) -> Option<String> {
    match tree.entry(path).and_then(|entry| entry.id.clone()) {
        Some(id) => Some(id),
        None => tree.read(path).ok().map(|content| content.id),
    }
}

/// Takes the pairs of equal content out of both lists. With several candidates the same file name wins.
fn equal(base: &Tree, gone: &mut Vec<Text>, head: &Tree, new: &mut Vec<Text>) -> Vec<(String, String)> {
    let mut by_id: BTreeMap<String, Vec<Text>> = BTreeMap::new();
    for path in gone.iter() {
        if let Some(id) = id(base, path) {
            by_id.entry(id).or_default().push(path.clone());
        }
    }
    let mut pairs = Vec::new();
    new.retain(|path| {
        let Some(candidates) = id(head, path).and_then(|id| by_id.get_mut(&id)) else { return true };
        let at = candidates.iter().position(|c| file_name(c) == file_name(path)).unwrap_or(0);
        if at >= candidates.len() {
            return true;
        }
        pairs.push((candidates.remove(at).to_string(), path.to_string()));
        false
    });
    let taken: BTreeSet<&str> = pairs.iter().map(|(from, _): &(String, String)| from.as_str()).collect();
    gone.retain(|path| !taken.contains(&**path));
    pairs
}

/// Hashes of the lines that say something.
fn lines(tree: &Tree, path: &str) -> Vec<u64> {
    if tree.size(path).is_some_and(|size| size > LARGEST) {
        return Vec::new();
    }
    let Ok(content) = tree.read(path) else { return Vec::new() };
    let lines = content.bytes.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|line| line.len() > 1);
    let hash = |line: &[u8]| {
        let mut hasher = DefaultHasher::new();
        line.hash(&mut hasher);
        hasher.finish()
    };
    let mut hashes: Vec<u64> = lines.map(hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// Pairs of the same extension that share at least half of their lines, the most similar first.
fn similar(base: &Tree, gone: &[Text], head: &Tree, new: &[Text]) -> Vec<(String, String)> {
    let mut holders: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut sizes = Vec::new();
    for (at, path) in gone.iter().enumerate() {
        let lines = lines(base, path);
        sizes.push(lines.len());
        for line in lines {
            holders.entry(line).or_default().push(at);
        }
    }
    let mut scored = Vec::new();
    for path in new {
        let lines = lines(head, path);
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for holder in lines.iter().filter_map(|line| holders.get(line)).filter(|h| h.len() <= COMMON).flatten() {
            *shared.entry(*holder).or_default() += 1;
        }
        for (at, common) in shared {
            let (Some(from), Some(size)) = (gone.get(at), sizes.get(at)) else { continue };
            let likeness = 2000 * common / (size + lines.len()).max(1);
            if likeness >= 500 && extension(from) == extension(path) {
                let other_name = file_name(from) != file_name(path);
                scored.push((std::cmp::Reverse(likeness), other_name, from.clone(), path.clone()));
            }
        }
    }
    scored.sort();
    let mut taken = BTreeSet::new();
    let mut pairs = Vec::new();
    for (_, _, from, to) in scored {
        // The two sides have no path in common, so one set serves both.
        if !taken.contains(&from) && !taken.contains(&to) {
            pairs.push((from.to_string(), to.to_string()));
            taken.extend([from, to]);
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        Tree::from_memory("t", files.iter().map(|(p, c)| ((*p).to_string(), c.as_bytes().to_vec())))
    }

    #[test]
    fn follows_equal_and_similar_files() {
        let long = "create table a (\n  id int,\n  name text,\n  mail text\n);\n";
        let edited = "create table a (\n  id bigint,\n  name text,\n  mail text\n);\n";
        let base = tree(&[
            ("api/openapi.yaml", "openapi: 3.0.0\n"),
            ("m/1_a.sql", long),
            ("m/2_b.sql", "drop table zz;\n"),
            ("kept.yaml", "a"),
            ("x.txt", "same"),
        ]);
        let head = tree(&[
            ("docs/openapi.yaml", "openapi: 3.0.0\n"),
            ("m/3_a.sql", edited),
            ("m/4_c.sql", "create table other (id int);\n"),
            ("kept.yaml", "b"),
            ("y.txt", "same"),
        ]);
        let expected = [("api/openapi.yaml", "docs/openapi.yaml"), ("m/1_a.sql", "m/3_a.sql")];
        assert_eq!(renames(&base, &head), expected.map(|(a, b)| (a.to_string(), b.to_string())));
        assert_eq!(renames(&head, &head), []);
    }

    #[test]
    fn the_same_name_wins_among_equal_files() {
        let base = tree(&[("a/x.sql", "select 1"), ("a/y.sql", "select 1")]);
        let head = tree(&[("b/y.sql", "select 1")]);
        assert_eq!(renames(&base, &head), [("a/y.sql".to_string(), "b/y.sql".to_string())]);
    }
}
