//! Inputs that were named and are not there: a typing error must not look like a clean report.

use crate::config::Config;
use crate::config::glob::Globs;
use crate::config::nearest::nearest;
use crate::revision::Tree;

use super::Error;

/// Remarks on names that stand for no file in either revision; an error when that is all that was named for a layer.
pub fn check(config: &Config, base: &Tree, head: &Tree) -> Result<Vec<String>, Error> {
    let contracts = config.contracts().unwrap_or_default();
    let sql: Vec<&str> = config.sql().unwrap_or_default().iter().flat_map(|s| &s.sql).map(String::as_str).collect();
    let mut notes = Vec::new();
    for (what, names) in [("contract", contracts), ("SQL", sql)] {
        let missing: Vec<&str> = names.iter().copied().filter(|name| !there(name, base, head)).collect();
        if !missing.is_empty() && missing.len() == names.len() {
            let near = missing.first().and_then(|name| similar(name, base, head));
            let names = missing.iter().map(|name| (*name).to_string()).collect();
            return Err(Error::NothingNamed { what, names, near });
        }
        for name in missing {
            let near = similar(name, base, head).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            notes.push(format!("`{name}` names no {what} in either revision{near}"));
        }
    }
    Ok(notes)
}

fn there(name: &str, base: &Tree, head: &Tree) -> bool {
    let globs = Globs::new(std::iter::once(name));
    [head, base].into_iter().any(|tree| tree.entries().any(|(path, _)| globs.matches(path)))
}

/// A file or folder of head whose name is near.
fn similar(name: &str, base: &Tree, head: &Tree) -> Option<String> {
    let of = |tree: &Tree| {
        let wanted = name.trim_end_matches('/');
        let files = tree.entries().map(|(path, _)| &**path);
        let folders = tree.entries().filter_map(|(path, _)| path.rsplit_once('/').map(|(folder, _)| folder));
        nearest(wanted, files.chain(folders)).map(str::to_string)
    };
    of(head).or_else(|| of(base))
}
