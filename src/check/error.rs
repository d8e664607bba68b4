//! Why no verdict is possible.

use std::fmt;

use crate::{config, revision};

/// Why no verdict is possible. Everything else is a finding.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    Revision(revision::Error),
    Config(config::Error),
    /// A file that is needed whole.
    Unreadable {
        path: String,
        why: String,
    },
    /// Inputs of one kind were named, and none of them is there in either revision.
    NothingNamed {
        what: &'static str,
        names: Vec<String>,
        near: Option<String>,
    },
    /// Neither a contract nor SQL, in neither revision.
    NothingFound {
        tried: Vec<String>,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Revision(error) => error.fmt(f),
            Self::Config(error) => error.fmt(f),
            Self::Unreadable { path, why } => write!(f, "`{path}` cannot be read: {why}"),
            Self::NothingNamed { what, names, .. } => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                write!(f, "{} names no {what} in either revision", names.join(", "))
            }
            Self::NothingFound { .. } => f.write_str("no contract and no SQL schema found in either revision"),
        }
    }
}

impl std::error::Error for Error {}

impl Error {
    /// The exact remedy.
    pub fn hint(&self) -> String {
        match self {
            Self::Revision(error) => error.hint(),
            Self::Config(error) => error.hint(),
            Self::Unreadable { .. } => "make the file readable, or name another with `--config FILE`".into(),
            Self::NothingNamed { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Self::NothingNamed { .. } => {
                "paths are seen from the root of the repository; `--allow-empty` accepts that nothing is there".into()
            }
            Self::NothingFound { tried } => {
                let name = "name them with `--contract GLOB` and `--sql GLOB`, or accept it with `--allow-empty`";
                if tried.is_empty() { name.into() } else { format!("looked for {}; {name}", tried.join(", ")) }
            }
        }
    }
}

impl From<revision::Error> for Error {
    fn from(error: revision::Error) -> Self {
        Self::Revision(error)
    }
}

impl From<config::Error> for Error {
    fn from(error: config::Error) -> Self {
        Self::Config(error)
    }
}
