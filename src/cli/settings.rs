//! What the options say about configuration and inputs.

use std::path::{Path, PathBuf};

use crate::check::{self, Settings};
use crate::config::{self, Date, FILE_NAMES, Level};
use crate::model::sql::Dialect;
use crate::revision;

use super::args::Global;
use super::environment::Environment;
use super::{Failure, output};

/// The options of every command as settings of the pipeline.
pub fn of(global: &Global, environment: &Environment) -> Result<Settings, Failure> {
    let (year, month, day) = environment.today();
    let mut settings = Settings::on(Date { year: u16::try_from(year).unwrap_or(u16::MAX), month, day });
    settings.config_file = config_file(global)?;
    settings.contracts = global.contract.clone();
    settings.sql = global.sql.clone();
    settings.dialect = dialect(global)?;
    Ok(settings)
}

/// The level given with `--fail-on`.
pub fn fail_on(word: Option<&str>) -> Result<Option<Level>, Failure> {
    let Some(word) = word else { return Ok(None) };
    match Level::named(word) {
        Some(level) => Ok(Some(level)),
        None => Err(Failure::new(format!("there is no level `{word}`"), "use error, warning, note or off")),
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
    let bytes = std::fs::read(path(global, file)).map_err(|e| {
        Failure::new(
            format!("cannot read the configuration `{}`: {}", file.display(), output::reason(&e)),
            "check the path given with `--config`",
        )
    })?;
    Ok(Some((file.display().to_string(), bytes)))
}

/// The configuration file in the folder itself, for commands that look at no revision.
pub fn of_folder(global: &Global, environment: &Environment) -> Result<Settings, Failure> {
    let mut settings = of(global, environment)?;
    if settings.config_file.is_none() {
        let here = FILE_NAMES.iter().map(|name| (name, path(global, Path::new(name)))).find(|(_, p)| p.is_file());
        if let Some((name, path)) = here {
            let bytes = std::fs::read(&path).map_err(|e| {
                Failure::new(format!("cannot read `{name}`: {}", output::reason(&e)), "check that it may be read")
            })?;
            settings.config_file = Some(((*name).to_string(), bytes));
        }
    }
    Ok(settings)
}

fn dialect(global: &Global) -> Result<Option<Dialect>, Failure> {
    let Some(name) = &global.dialect else { return Ok(None) };
    match Dialect::named(name) {
        Some(dialect) => Ok(Some(dialect)),
        None => Err(Failure::new(format!("there is no dialect `{name}`"), "use postgres, mysql or sqlite")),
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
