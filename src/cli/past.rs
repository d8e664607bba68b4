//! Reading history for the commands that ask for it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use clap::Args;

use crate::config::Config;
use crate::history::{self, Cache, Work};
use crate::model::Past;
use crate::report::Revision;
use crate::revision::{self, Range, Tree, Walk};

use super::args::Global;
use super::environment::Environment;
use super::progress::Progress;
use super::{Failure, settings};

/// Options of the commands that read history.
#[derive(Debug, Clone, Default, Args)]
pub struct PastArgs {
    /// Walk the commits of merged branches too, not only along the first parents
    #[arg(long)]
    pub all_commits: bool,
    /// Neither read nor write what earlier runs kept
    #[arg(long)]
    pub no_cache: bool,
}

/// A history with the revision that it ends with.
pub struct Known {
    pub past: Past,
    pub revision: Revision,
    pub config: Config,
    pub tip: Tree,
    pub walk: Walk,
    pub cache: Cache,
}

/// The history of a range: `REV`, `A..B`, or all that led to HEAD.
pub fn read(spec: Option<&str>, args: &PastArgs, global: &Global, environment: &Environment) -> Result<Known, Failure> {
    let settings = settings::of(global, environment)?;
    let dir = settings::folder(global);
    let range = Range { spec: spec.map(str::to_string), all: args.all_commits };
    let progress = Progress::start("reading history", environment.watched() && global.quiet == 0);
    let walk = revision::walk(&dir, &range)?;
    let tip = revision::open_one(&dir, Some(&walk.tip))?;
    let config = settings.config(&tip)?;
    let cache = cache(args, &walk, &config, environment);
    let counter = progress.counter();
    let count = |done, total| counter.set(done, total);
    let past = history::of(&walk, args.all_commits, &config, &cache, &work(&count))?;
    let revision = Revision { spec: walk.spec.clone(), commit: Some(walk.tip.clone()) };
    Ok(Known { past, revision, config, tip, walk, cache })
}

/// How work on many commits is done.
pub fn work(progress: &(dyn Fn(usize, usize) + Sync)) -> Work<'_> {
    Work { threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8), progress }
}

fn cache(args: &PastArgs, walk: &Walk, config: &Config, environment: &Environment) -> Cache {
    match folder(environment).filter(|_| !args.no_cache) {
        Some(root) => Cache::below(&root, &walk.common, &program(), args.all_commits, config),
        None => Cache::none(),
    }
}

/// The user's cache folder, as the systems agree on.
fn folder(environment: &Environment) -> Option<PathBuf> {
    let set = |name: &str| environment.variables.get(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let usual = || match std::env::consts::OS {
        "macos" => set("HOME").map(|home| home.join("Library/Caches")),
        "windows" => set("LOCALAPPDATA"),
        // A relative path is to be ignored (XDG Base Directory Specification).
        _ => set("XDG_CACHE_HOME").filter(|path| path.is_absolute()).or_else(|| set("HOME").map(|h| h.join(".cache"))),
    };
    set("DRIFTLINE_CACHE_DIR").or_else(|| usual().map(|folder| folder.join("driftline")))
}

/// This build of the program: another one may come to other results.
fn program() -> String {
    let data = std::env::current_exe().and_then(std::fs::metadata).ok();
    let time = data.as_ref().and_then(|data| data.modified().ok()?.duration_since(UNIX_EPOCH).ok());
    let (size, time) = (data.map_or(0, |data| data.len()), time.map_or(0, |time| time.as_nanos()));
    format!("{} {size} {time}", env!("CARGO_PKG_VERSION"))
}

/// How far the work is, for whoever shows it.
#[derive(Debug, Default, Clone)]
pub struct Counter(Arc<(std::sync::atomic::AtomicUsize, std::sync::atomic::AtomicUsize)>);

impl Counter {
    pub fn set(&self, done: usize, total: usize) {
        use std::sync::atomic::Ordering::Relaxed;
        self.0.0.fetch_max(done, Relaxed);
        self.0.1.store(total, Relaxed);
    }

    /// ` 120 of 800 commits`; empty before anything is counted.
    pub fn text(&self) -> String {
        use std::sync::atomic::Ordering::Relaxed;
        match (self.0.0.load(Relaxed), self.0.1.load(Relaxed)) {
            (_, 0) => String::new(),
            (done, total) => format!(" {done} of {total} commits,"),
        }
    }
}
