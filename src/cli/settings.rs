//! What the options say about configuration and inputs.

use std::path::{Path, PathBuf};

use crate::check::{self, Settings};
use crate::config::nearest::nearest;
use crate::config::{self, Config, Level};
use crate::model::sql::Dialect;
use crate::revision;

use super::args::Global;
use super::environment::Environment;
use super::{Failure, output, words};

/// The options of every command as settings of the pipeline.
pub fn of(global: &Global, environment: &Environment) -> Result<Settings, Failure> {
    let mut settings = Settings::on(environment.today());
    settings.config_file = config_file(global)?;
    settings.contracts = global.contract.clone();
    settings.sql = global.sql.clone();
    settings.dialect = dialect(global)?;
    Ok(settings)
}

/// A level by name.
pub fn level(word: Option<&str>) -> Result<Option<Level>, Failure> {
    let Some(word) = word else { return Ok(None) };
    match Level::named(word) {
        Some(level) => Ok(Some(level)),
        None => Err(Failure::new(format!("there is no level `{word}`"), words::hint(word, &words::levels()))),
    }
}

/// The folder given with `-C`, or the current one by its full name, so that messages can name it.
pub fn folder(global: &Global) -> PathBuf {
    let here = || std::env::current_dir().unwrap_or_else(|_| global.dir.clone());
    if global.dir == Path::new(".") { here() } else { global.dir.clone() }
}

/// A path of the command line, seen from the folder given with `-C`.
pub fn path(global: &Global, path: &Path) -> PathBuf {
    if global.dir == Path::new(".") { path.to_path_buf() } else { global.dir.join(path) }
}

fn config_file(global: &Global) -> Result<Option<(String, Vec<u8>)>, Failure> {
    let Some(file) = &global.config else { return Ok(None) };
    let path = path(global, file);
    let bytes = std::fs::read(&path).map_err(|e| {
        let hint = match beside(&path) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "check the path given with `--config`".to_string(),
        };
        Failure::new(format!("cannot read the configuration `{}`: {}", file.display(), output::reason(&e)), hint)
    })?;
    Ok(Some((file.display().to_string(), bytes)))
}

/// A file of the same folder whose name is near.
fn beside(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names = std::fs::read_dir(folder).ok()?.flatten();
    let mut names: Vec<String> = names.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    nearest(path.file_name()?.to_str()?, names.iter().map(String::as_str)).map(str::to_string)
}

/// The configuration in force for commands that look at no revision: that of the working tree (or of HEAD in a bare
/// repository), and outside of repositories that of the folder.
pub fn configuration(global: &Global, environment: &Environment) -> Result<Config, Failure> {
    let settings = of(global, environment)?;
    let folder = folder(global);
    let tree = match revision::open_one(&folder, None) {
        Ok(tree) => tree,
        Err(_) => match revision::open_one(&folder, Some(".")) {
            Ok(tree) => tree,
            Err(_) => return Ok(Config::default()),
        },
    };
    Ok(settings.config(&tree)?)
}

fn dialect(global: &Global) -> Result<Option<Dialect>, Failure> {
    let Some(name) = &global.dialect else { return Ok(None) };
    match Dialect::named(name) {
        Some(dialect) => Ok(Some(dialect)),
        None => Err(Failure::new(format!("there is no dialect `{name}`"), words::hint(name, &words::dialects()))),
    }
}

impl From<revision::Error> for Failure {
    fn from(error: revision::Error) -> Self {
        Self::new(error.to_string(), error.hint())
    }
}

impl From<config::Error> for Failure {
    fn from(error: config::Error) -> Self {
        Self::new(error.to_string(), error.hint())
    }
}

impl From<check::Error> for Failure {
    fn from(error: check::Error) -> Self {
        Self::new(error.to_string(), error.hint())
    }
}
