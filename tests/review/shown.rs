//! What the real git shows of a change: the independent judge of where comments may stand.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Lines of one hunk by side.
#[derive(Debug, Default, Clone)]
pub struct Hunk {
    /// Deleted lines, old numbers.
    pub left: Vec<u32>,
    /// Added and unchanged lines, new numbers.
    pub right: Vec<u32>,
    /// Unchanged lines: old and new number.
    pub both: Vec<(u32, u32)>,
    /// What a line is named by both numbers (GitLab's line codes).
    pub codes: Vec<(u32, u32)>,
}

/// Old path and hunks of each file, by the path that a provider knows it by.
#[derive(Debug, Default)]
pub struct Shown(pub BTreeMap<String, (String, Vec<Hunk>)>);

/// `git diff` between the merge base of both and the head; `None` where there is no git.
pub fn shown(dir: &Path, base: &str, head: &str, renames: &str) -> Option<Shown> {
    let output = Command::new("git")
        .arg("-C")
        .arg(dir)
        .args(["-c", "core.quotePath=false", "-c", "diff.noprefix=false", "diff", "--no-color", "--no-ext-diff"])
        .args(["-U3", "--merge-base", renames, base, head])
        .output()
        .ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(Shown::parse(&String::from_utf8_lossy(&output.stdout)))
}

impl Shown {
    fn parse(text: &str) -> Self {
        let mut shown = Self::default();
        let (mut old_path, mut path) = (String::new(), String::new());
        let (mut old, mut new, mut old_left, mut new_left) = (0, 0, 0, 0);
        for line in text.lines() {
            if old_left + new_left > 0 {
                let Some((_, hunks)) = shown.0.get_mut(&path) else { continue };
                let hunk = hunks.last_mut().unwrap();
                hunk.codes.push((old, new));
                match line.chars().next() {
                    Some('-') => {
                        hunk.left.push(old);
                        (old, old_left) = (old + 1, old_left - 1);
                    }
                    Some('+') => {
                        hunk.right.push(new);
                        (new, new_left) = (new + 1, new_left - 1);
                    }
                    Some('\\') => {
                        hunk.codes.pop();
                    }
                    _ => {
                        hunk.right.push(new);
                        hunk.both.push((old, new));
                        (old, old_left) = (old + 1, old_left - 1);
                        (new, new_left) = (new + 1, new_left - 1);
                    }
                }
                continue;
            }
            if let Some(rest) = line.strip_prefix("@@ -") {
                let numbers: Vec<u32> =
                    rest.split(" @@").next().unwrap().replace('+', "").split(' ').flat_map(range).collect();
                (old, old_left, new, new_left) = (numbers[0], numbers[1], numbers[2], numbers[3]);
                shown.0.get_mut(&path).unwrap().1.push(Hunk::default());
            } else if let Some(rest) = line.strip_prefix("diff --git a/") {
                // Overwritten by the names below; a file without lines keeps this one.
                path = rest.split(" b/").last().unwrap().to_string();
                old_path = path.clone();
                shown.0.insert(path.clone(), (path.clone(), Vec::new()));
            } else if let Some(from) = line.strip_prefix("rename from ") {
                old_path = from.to_string();
                shown.0.insert(path.clone(), (old_path.clone(), Vec::new()));
            } else if let Some(to) = line.strip_prefix("rename to ") {
                shown.0.remove(&path);
                path = to.to_string();
                shown.0.insert(path.clone(), (old_path.clone(), Vec::new()));
            }
        }
        shown
    }
}

/// `12,3`, or `12` for one line.
fn range(text: &str) -> [u32; 2] {
    let (start, count) = text.split_once(',').unwrap_or((text, "1"));
    [start.parse().unwrap(), count.parse().unwrap()]
}
