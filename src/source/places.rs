//! What the folders of a path say about a file.

/// Other people's code: never an input of this repository.
const FOREIGN: [&str; 12] = [
    ".git",
    "node_modules",
    "vendor",
    "vendored",
    "third_party",
    "third-party",
    "bower_components",
    "site-packages",
    ".venv",
    "venv",
    "pods",
    "target",
];

/// Material for tests and for readers: an input only where there is no other.
const FIXTURES: [&str; 28] = [
    "test",
    "tests",
    "testing",
    "testdata",
    "test-data",
    "test_data",
    "testutil",
    "__tests__",
    "__snapshots__",
    "__mocks__",
    "fixture",
    "fixtures",
    "__fixtures__",
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "mock",
    "mocks",
    "stub",
    "stubs",
    "e2e",
    "benches",
    "benchmark",
    "benchmarks",
    "contrib",
];

/// Folders that tools write into.
const GENERATED: [&str; 14] = [
    "dist",
    "build",
    "out",
    "gen",
    "generated",
    "codegen",
    "public",
    "static",
    "public_html",
    "client",
    "clients",
    "sdk",
    "sdks",
    "httpclient",
];

/// How near a file is to being what people write and ship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Own,
    Generated,
    Fixture,
    Foreign,
}

/// The place of `path`; the worst folder decides.
pub fn place(path: &str) -> Place {
    let mut worst = Place::Own;
    let mut folders: Vec<&str> = path.split('/').collect();
    folders.pop();
    for folder in folders {
        let name = folder.to_ascii_lowercase();
        let name = name.as_str();
        let place = if FOREIGN.contains(&name) {
            Place::Foreign
        } else if FIXTURES.contains(&name) {
            Place::Fixture
        } else if GENERATED.contains(&name) {
            Place::Generated
        } else {
            Place::Own
        };
        worst = worst.max(place);
    }
    worst
}

/// The folder of a path; empty at the root.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// `name` in `folder`.
pub fn inside(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_string() } else { format!("{folder}/{name}") }
}

/// The words of a path or name, in lower case: `api/v1/OpenAPI-public.yaml` has `api`, `v1`, `openapi`, `public`, `yaml`.
pub fn words(path: &str) -> impl DoubleEndedIterator<Item = String> {
    path.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_folder_decides() {
        let cases = [
            ("openapi.yaml", Place::Own),
            ("api/openapi.yaml", Place::Own),
            ("tests.yaml", Place::Own),
            ("proto/gen/openapi.yaml", Place::Generated),
            ("src/tests/snapshots/x.snap", Place::Fixture),
            ("web/node_modules/x/test/openapi.json", Place::Foreign),
            ("Vendor/x.yaml", Place::Foreign),
        ];
        for (path, expected) in cases {
            assert_eq!(place(path), expected, "{path}");
        }
    }
}
