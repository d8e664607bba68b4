//! Reading a contract, YAML or JSON: it ends, gives the same twice, and every problem lies inside the file.

use driftline::read;
use driftline::revision::Tree;
use driftline::source::{Files, Snapshot};

pub fn judge(data: &[u8]) {
    let Some((first, text)) = data.split_first() else { return };
    let path = if first % 2 == 0 { "openapi.yaml" } else { "openapi.json" };
    assert_eq!(shown(path, text), shown(path, text), "the same file gave something else");
}

fn shown(path: &str, text: &[u8]) -> String {
    let tree = Tree::from_memory("fuzz", [(path.to_string(), text.to_vec())]);
    let files = Files::default();
    let snapshot = Snapshot::new(&tree, &files);
    let read = read::openapi::read(&snapshot, path, &read::document::Cache::default());
    for problem in &read.problems {
        let length = files.get(problem.origin.file).bytes.len();
        assert!(problem.origin.end as usize <= length, "{problem:?} in {length} bytes");
    }
    format!("{:?} {:?}", read.value, read.problems)
}
