//! Small repositories and runs of the built binary.
#![allow(dead_code)] // every test file uses its own part

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use git2::{Repository, RepositoryInitOptions, Signature, Time};

/// A repository in a temporary folder.
pub struct Repo {
    pub dir: tempfile::TempDir,
    pub git: Repository,
}

/// A contract with one operation whose answer is what the caller gives as YAML for `schema`.
pub fn contract(schema: &str) -> String {
    let schema: String = schema.lines().map(|line| format!("                {line}\n")).collect();
    format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: \"1\"}}\npaths:\n  /users:\n    get:\n      responses:\n        \
         \"200\":\n          description: ok\n          content:\n            application/json:\n              schema:\n{schema}"
    )
}

impl Repo {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut options = RepositoryInitOptions::new();
        options.initial_head("main").external_template(false);
        let git = Repository::init_opts(dir.path(), &options).unwrap();
        git.config().unwrap().set_bool("core.autocrlf", false).unwrap();
        Self { dir, git }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file into the working tree.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let target = self.path().join(path);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::write(target, content).unwrap();
        self
    }

    /// Commits everything in the working tree.
    pub fn commit(&self, message: &str) -> &Self {
        let mut index = self.git.index().unwrap();
        index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
        index.write().unwrap();
        let tree = self.git.find_tree(index.write_tree().unwrap()).unwrap();
        let who = Signature::new("Test", "test@example.com", &Time::new(1_700_000_000, 0)).unwrap();
        let parent = self.git.head().ok().map(|head| head.peel_to_commit().unwrap());
        let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
        self.git.commit(Some("HEAD"), &who, &who, message, &tree, &parents).unwrap();
        self
    }

    /// Runs driftline in the repository.
    pub fn run(&self, args: &[&str]) -> Run {
        run(self.path(), args)
    }
}

/// What a run printed and how it ended.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The built binary, in a clean environment.
pub fn command(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_driftline"));
    command.current_dir(dir).args(args).env_clear();
    for name in ["PATH", "HOME", "TMPDIR", "SYSTEMROOT", "TEMP", "TMP", "LLVM_PROFILE_FILE"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    // Temporary folders must not be taken for parts of a repository around them.
    command.env("GIT_CEILING_DIRECTORIES", std::env::temp_dir());
    // What tests keep is not the user's.
    command.env("DRIFTLINE_CACHE_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"));
    command
}

pub fn run(dir: &Path, args: &[&str]) -> Run {
    ended(command(dir, args).output().unwrap())
}

pub fn ended(output: Output) -> Run {
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Run {
    /// The report on standard output as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    #[track_caller]
    pub fn code(self, want: i32) -> Self {
        assert_eq!(self.code, want, "{}\n{}", self.out, self.err);
        self
    }

    /// Every one of these is in the output or the messages.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.out.contains(word) || self.err.contains(word), "no `{word}` in\n{}\n{}", self.out, self.err);
        }
        self
    }
}

/// The path of a file in `dir`.
pub fn inside(dir: &Path, name: &str) -> PathBuf {
    dir.join(name)
}
