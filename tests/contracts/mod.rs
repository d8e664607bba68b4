//! Contracts read from memory, for the tests of the contract reader.
#![allow(dead_code)] // Every test file uses its part of it.

use driftline::model::api::{Api, Shape};
use driftline::model::origin::{Origin, Read};
use driftline::read::document::Cache;
use driftline::read::openapi;
use driftline::revision::Tree;
use driftline::source::{Files, Snapshot};

/// A contract in memory, with its files for looking at spans.
pub struct Contract {
    pub files: Files,
    pub read: Read<Api>,
}

pub fn read(files: &[(&str, &str)]) -> Contract {
    let owned: Vec<(String, Vec<u8>)> = files.iter().map(|(p, t)| (p.to_string(), t.as_bytes().to_vec())).collect();
    read_tree(Tree::from_memory("head", owned), files[0].0)
}

pub fn read_tree(tree: Tree, path: &str) -> Contract {
    let files = Files::default();
    let read = openapi::read(&Snapshot::new(&tree, &files), path, &Cache::default());
    Contract { files, read }
}

/// A 3.0 contract with that text behind the head.
pub fn contract(body: &str) -> Contract {
    read(&[("openapi.yaml", &format!("openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\n{body}"))])
}

/// A contract of one component `X` whose schema is that text.
pub fn schema(version: &str, text: &str) -> Contract {
    read(&[("openapi.yaml", &format!("openapi: {version}\npaths: {{}}\ncomponents:\n  schemas:\n    X: {text}\n"))])
}

impl Contract {
    pub fn api(&self) -> &Api {
        &self.read.value
    }

    pub fn component(&self, name: &str) -> &Shape {
        let (_, id) = self.api().components.iter().find(|(n, _)| &**n == name).unwrap_or_else(|| panic!("no {name}"));
        self.api().shape(*id)
    }

    pub fn text(&self, origin: Origin) -> String {
        let file = self.files.get(origin.file);
        String::from_utf8_lossy(&file.bytes[origin.start as usize..origin.end as usize]).into_owned()
    }

    pub fn problems(&self) -> Vec<(&'static str, String)> {
        self.read.problems.iter().map(|p| (p.rule, p.subject.clone())).collect()
    }
}
