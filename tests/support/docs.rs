//! Pages of documentation: their fenced blocks, and running the shell blocks as they are written.
//!
//! The word behind `sh` says how a block ends: nothing stands for 0, `exit=1` for that code. `sh norun` is not run (it
//! needs a network or a service); the page says why. All blocks of a page run in order in one folder, each in one shell
//! that stops at the first command that fails, with the built `driftline` first on the path.
#![allow(dead_code)] // every test file uses its own part

use std::path::{Path, PathBuf};
use std::process::Command;

/// A fenced block.
#[derive(Debug, Clone)]
pub struct Fence {
    /// What stands behind the backquotes: `sh`, `sh exit=1`, `yaml`.
    pub info: String,
    /// 1-based line of the opening fence.
    pub line: usize,
    pub text: String,
}

impl Fence {
    /// The language: the first word.
    pub fn language(&self) -> &str {
        self.info.split_whitespace().next().unwrap_or_default()
    }

    /// The value of `name=value`, or an empty one for a lone `name`.
    pub fn option(&self, name: &str) -> Option<&str> {
        let words = self.info.split_whitespace().skip(1);
        words.map(|word| word.split_once('=').unwrap_or((word, ""))).find(|(key, _)| *key == name).map(|(_, v)| v)
    }
}

/// All fenced blocks of a page, also those that are set in under a list item.
pub fn fences(page: &str) -> Vec<Fence> {
    let mut found: Vec<Fence> = Vec::new();
    let mut open: Option<(usize, Fence)> = None;
    for (at, line) in page.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        match (&mut open, line.trim_start().strip_prefix("```")) {
            (None, Some(info)) => {
                let fence = Fence { info: info.trim().to_string(), line: at + 1, text: String::new() };
                open = Some((indent, fence));
            }
            (Some(_), Some("")) => found.extend(open.take().map(|(_, fence)| fence)),
            (Some((indent, fence)), _) => {
                let own = (*indent).min(line.len() - line.trim_start().len());
                fence.text.push_str(&line[own..]);
                fence.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fence is not closed: {open:?}");
    found
}

/// A page under the root of the package, such as `docs/configuration.md`.
pub fn page(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The blocks in one of these languages.
pub fn blocks(page: &str, languages: &[&str]) -> Vec<Fence> {
    fences(page).into_iter().filter(|fence| languages.contains(&fence.language())).collect()
}

/// Runs the shell blocks of a page in `dir`; gives what each printed on standard output.
#[track_caller]
pub fn run_page(path: &str, dir: &Path) -> Vec<(Fence, String)> {
    let shell = blocks(&page(path), &["sh", "bash", "console"]);
    let runs = shell.into_iter().filter(|block| block.option("norun").is_none());
    runs.map(|block| (block.clone(), run_block(path, &block, dir))).collect()
}

/// Runs one block and holds its exit code against what it announces.
#[track_caller]
pub fn run_block(path: &str, block: &Fence, dir: &Path) -> String {
    let shell = if block.language() == "bash" { "bash" } else { "sh" };
    let mut command = Command::new(shell);
    command.args(["-e", "-c", &block.text]).current_dir(dir).env_clear();
    // What a page says about the user's own settings must not change those of whoever runs the tests.
    command.env("HOME", dir);
    for name in ["TMPDIR", "LLVM_PROFILE_FILE"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_driftline"));
    let own = std::iter::once(binary.parent().unwrap().to_path_buf());
    let usual = std::env::var_os("PATH").unwrap_or_default();
    let paths: Vec<PathBuf> = own.chain(std::env::split_paths(&usual)).collect();
    command.env("PATH", std::env::join_paths(paths).unwrap()).env("GIT_CEILING_DIRECTORIES", std::env::temp_dir());
    let output = command.output().unwrap();
    let want = block.option("exit").map_or(0, |code| code.parse().unwrap());
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(want), "{path}:{}\n{}\n{out}\n{err}", block.line, block.text);
    out.into_owned()
}
