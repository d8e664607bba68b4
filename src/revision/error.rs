//! Why no comparison is possible, and what to do about it.

use std::fmt;
use std::path::PathBuf;

/// The CI system whose settings a remedy names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    GitHub,
    GitLab,
    Bitbucket,
    Azure,
    /// A machine where `git fetch` can be typed.
    Local,
}

impl Provider {
    /// How this system fetches the whole history.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::GitHub => "give `actions/checkout` the input `fetch-depth: 0`",
            Self::GitLab => "set the variable `GIT_DEPTH: 0` on the job",
            Self::Bitbucket => "set `clone: depth: full` for the step",
            Self::Azure => "set `fetchDepth: 0` on the `checkout` step",
            Self::Local => "run `git fetch --unshallow` (or `git fetch --deepen=200` if that is enough)",
        }
    }
}

/// No comparison is possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    NotARepository {
        dir: PathBuf,
    },
    NoSuchFolder {
        dir: PathBuf,
    },
    /// The repository belongs to another user.
    Ownership {
        path: PathBuf,
    },
    /// No commit yet.
    Empty {
        path: PathBuf,
    },
    UnknownRevision {
        spec: String,
        nearest: Option<String>,
        shallow: bool,
        provider: Provider,
    },
    Ambiguous {
        spec: String,
    },
    /// A tree, a blob or a path where a commit is needed.
    NotACommit {
        spec: String,
        kind: String,
    },
    NoMergeBase {
        base: String,
        head: String,
    },
    TooShort {
        base: String,
        head: String,
        provider: Provider,
    },
    NoDefaultBranch,
    /// A CI variable names a branch that was not fetched.
    BaseNotFetched {
        variable: String,
        name: String,
        provider: Provider,
    },
    /// The working tree or the index of a repository that has none.
    Bare {
        spec: String,
    },
    TooManyWords {
        words: Vec<String>,
    },
    TwoBases {
        words: Vec<String>,
    },
    TwoHeads {
        head: String,
    },
    /// One of two words is a folder or file, the other is not.
    MixedPair {
        path: String,
        other: String,
    },
    Path {
        path: PathBuf,
        message: String,
    },
    /// The repository uses something libgit2 cannot read.
    Unsupported {
        what: &'static str,
        remedy: &'static str,
    },
    Git {
        doing: String,
        message: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotARepository { dir } => write!(f, "`{}` is not in a git repository", dir.display()),
            Self::NoSuchFolder { dir } => write!(f, "there is no folder `{}`", dir.display()),
            Self::Ownership { path } => write!(f, "the repository `{}` belongs to another user", path.display()),
            Self::Empty { path } => write!(f, "the repository `{}` has no commit yet", path.display()),
            Self::UnknownRevision { spec, .. } => write!(f, "there is no revision `{spec}`"),
            Self::Ambiguous { spec } => write!(f, "the short hash `{spec}` fits more than one object"),
            Self::NotACommit { spec, kind } => write!(f, "`{spec}` is a {kind}, not a commit"),
            Self::NoMergeBase { base, head } => write!(f, "`{base}` and `{head}` have no common ancestor"),
            Self::TooShort { base, head, .. } => {
                write!(f, "the history in this clone is too short to be sure where `{head}` left `{base}`")
            }
            Self::NoDefaultBranch => write!(f, "no default branch was found to compare with"),
            Self::BaseNotFetched { variable, name, .. } => {
                write!(f, "`{variable}` names the base `{name}`, which is not in this clone")
            }
            Self::Bare { spec } => write!(f, "a bare repository has no {}", tree_words(spec)),
            Self::TooManyWords { words } => {
                write!(f, "{} revisions were given, at most two can be compared", words.len())
            }
            Self::TwoBases { words } => write!(f, "`{}` and an option both say what is compared", words.join(" ")),
            Self::TwoHeads { head } => write!(f, "`--staged` and `--head {head}` both say what the head is"),
            Self::MixedPair { path, other } => {
                write!(f, "`{path}` is a path, but there is no folder or file `{other}` to compare it with")
            }
            Self::Path { path, message } => write!(f, "`{}` cannot be read: {message}", path.display()),
            Self::Unsupported { what, .. } => write!(f, "this repository uses {what}, which cannot be read"),
            Self::Git { doing, message } => write!(f, "git failed while {doing}: {message}"),
        }
    }
}

impl std::error::Error for Error {}

fn tree_words(spec: &str) -> &'static str {
    if spec == super::INDEX { "index" } else { "working tree" }
}

impl Error {
    /// What to do about it, as one sentence or command.
    pub fn hint(&self) -> String {
        match self {
            Self::NotARepository { .. } => {
                "run it inside a repository, name one with `-C DIR`, or compare two folders or files: \
                 `driftline check OLD NEW`"
                    .into()
            }
            Self::NoSuchFolder { .. } => "check the path given with `-C`".into(),
            Self::Ownership { path } => {
                format!("if you trust it: `git config --global --add safe.directory {}`", path.display())
            }
            Self::Empty { .. } => "commit once, so that there is something to compare with, or compare two folders: \
                 `driftline check OLD NEW`"
                .into(),
            // A clone that is cut off lacks most tags and branches: that comes before a typing error.
            Self::UnknownRevision { shallow: true, provider, nearest, .. } => {
                let nearest = nearest.as_ref().map(|name| format!("; or did you mean `{name}`?")).unwrap_or_default();
                format!("this clone is shallow; to get the whole history {}{nearest}", provider.remedy())
            }
            Self::UnknownRevision { nearest: Some(name), .. } => format!("did you mean `{name}`?"),
            Self::UnknownRevision { .. } => {
                "`git branch --all` and `git tag` list the names; a branch that exists only on the server needs \
                 `git fetch` first"
                    .into()
            }
            Self::Ambiguous { spec } => format!("give more digits than `{spec}`"),
            Self::NotACommit { spec, .. } => match spec.split_once(':') {
                Some((revision, _)) if !revision.is_empty() => {
                    format!("name the commit alone, `{revision}`; `--contract` and `--sql` choose files in it")
                }
                _ => "name a commit, a branch or a tag".into(),
            },
            Self::NoMergeBase { base, head } => {
                format!("their histories are unrelated; `{base}..{head}` compares them as they are")
            }
            Self::TooShort { provider, .. } => format!("this clone is shallow: {}", provider.remedy()),
            Self::NoDefaultBranch => "name the base: `driftline BASE`, or set `base:` in driftline.yaml, or run \
                 `git remote set-head origin --auto`"
                .into(),
            Self::BaseNotFetched { name, provider: Provider::Local, .. } => format!("run `git fetch origin {name}`"),
            Self::BaseNotFetched { name, provider, .. } => {
                format!("{}, or run `git fetch origin {name}:refs/remotes/origin/{name}` before", provider.remedy())
            }
            Self::Bare { .. } => "name two commits: `driftline check A..B`".into(),
            Self::TooManyWords { .. } => "write `A..B`, `A...B`, or two folders or files".into(),
            Self::TwoBases { .. } => "use either `A..B` or `--base A --head B`".into(),
            Self::TwoHeads { .. } => "leave one of the two out".into(),
            Self::MixedPair { .. } => "give two folders, two files, or two revisions as `A..B`".into(),
            Self::Path { .. } => "check that it exists and may be read".into(),
            Self::Unsupported { remedy, .. } => (*remedy).into(),
            Self::Git { .. } => "`git fsck` shows whether the repository is damaged".into(),
        }
    }
}
