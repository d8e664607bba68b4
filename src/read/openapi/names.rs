//! Which shapes are components, and what they are called.
//!
//! Declared schemas keep their names. A whole file or a fragment that a reference names gets the last word of the
//! reference, because that is what its authors call it; order is by path, so names do not depend on who refers first.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::model::api::ShapeId;
use crate::model::origin::Text;

use super::pointer::tokens;
use super::reader::Reader;

/// Keys whose entries are named schemas.
const HOLDERS: [&str; 3] = ["schemas", "definitions", "$defs"];

impl Reader<'_> {
    pub(super) fn name_components(&mut self) {
        let declared = std::mem::take(&mut self.declared);
        let own: HashSet<ShapeId> = declared.iter().map(|(_, id)| *id).collect();
        let mut taken: BTreeSet<Text> = declared.iter().map(|(name, _)| name.clone()).collect();
        let mut named: HashSet<ShapeId> = HashSet::new();
        let mut numbers = HashMap::new();
        for (name, id) in declared {
            // A declared name for a file of its own (`User: {$ref: user.yaml}`) is that file's name.
            let target = self.api.resolve(id);
            let id = if target != id && !own.contains(&target) && !named.contains(&target) { target } else { id };
            self.name(name, id, &mut named);
        }
        for ((path, pointer), id) in std::mem::take(&mut self.targets) {
            let Some(word) = component_name(&path, &pointer) else { continue };
            if own.contains(&id) || named.contains(&id) {
                continue;
            }
            let name = free_name(&word, &path, &taken, &mut numbers);
            taken.insert(name.clone());
            self.name(name, id, &mut named);
        }
    }

    fn name(&mut self, name: Text, id: ShapeId, named: &mut HashSet<ShapeId>) {
        if let Some(shape) = self.api.shapes.get_mut(id.0 as usize) {
            shape.name = Some(name.clone());
        }
        named.insert(id);
        self.api.components.push((name, id));
    }
}

/// `models/user.yaml` → `user`; `models/user/index.yaml` → `user`.
fn stem(path: &str) -> &str {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.split_once('.').map_or(file, |(stem, _)| stem);
    match stem {
        "index" | "_index" | "schema" | "" if !folder.is_empty() => folder.rsplit('/').next().unwrap_or(folder),
        "" => file,
        _ => stem,
    }
}

/// The name of the target of a reference; `None` when it is only a place inside something else.
fn component_name(path: &str, pointer: &str) -> Option<String> {
    let Some(tokens) = tokens(pointer) else { return Some(pointer.to_string()) };
    match tokens.as_slice() {
        [] => Some(stem(path).to_string()),
        [name] => Some(name.clone()),
        [.., holder, name] if HOLDERS.contains(&holder.as_str()) => Some(name.clone()),
        _ => None,
    }
}

/// The word, else the word with its file's name before it, else that with the next number of its own.
fn free_name(word: &str, path: &str, taken: &BTreeSet<Text>, numbers: &mut HashMap<String, usize>) -> Text {
    let with_file = format!("{}_{word}", stem(path));
    if let Some(free) = [word, with_file.as_str()].into_iter().find(|name| !taken.contains(*name)) {
        return free.into();
    }
    let number = numbers.entry(with_file.clone()).or_insert(1);
    loop {
        *number += 1;
        let name = format!("{with_file}_{number}");
        if !taken.contains(name.as_str()) {
            return name.into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_targets() {
        let cases = [
            ("models/user.yaml", "", Some("user")),
            ("models/user/index.yaml", "", Some("user")),
            ("common.schema.json", "", Some("common")),
            ("models.yaml", "/User", Some("User")),
            ("openapi.yaml", "/components/schemas/User", Some("User")),
            ("openapi.yaml", "/components/schemas/User/$defs/Part", Some("Part")),
            ("openapi.yaml", "/components/schemas/User/properties/id", None),
            ("openapi.yaml", "anchor", Some("anchor")),
        ];
        for (path, pointer, expected) in cases {
            assert_eq!(component_name(path, pointer).as_deref(), expected, "{path}#{pointer}");
        }
    }

    #[test]
    fn taken_names_get_the_file() {
        let taken = BTreeSet::from(["User".into(), "common_User".into()]);
        let mut numbers = HashMap::new();
        let cases = [
            ("User", "a/billing.yaml", "billing_User"),
            ("User", "a/common.yaml", "common_User_2"),
            ("User", "b/common.yaml", "common_User_3"),
            ("Pet", "a/common.yaml", "Pet"),
        ];
        for (word, path, expected) in cases {
            assert_eq!(&*free_name(word, path, &taken, &mut numbers), expected, "{word} {path}");
        }
    }
}
