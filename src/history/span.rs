//! A stretch of history, walked forward in time: the files before and after each commit, and which of them are inputs.
//!
//! Both trees are listed once and then follow what the commits changed. Inputs are looked for again only where a commit
//! brought, took away or made a file that may be one.

use std::collections::HashSet;
use std::sync::Arc;

use crate::config::Config;
use crate::model::origin::Text;
use crate::model::past::Event;
use crate::revision::{Changed, Error, Reader, Step, Tree, TreeId, Walk};
use crate::source::{Files, Snapshot, Sources, What, discover, is_contract, is_named_like_a_contract, reconcile, what};

use super::contracts::Contracts;
use super::events::Telling;
use super::once;
use super::sql::Sql;

/// Bytes of SQL that are kept loaded; beyond that everything starts anew.
const MOST: usize = 64 << 20;

/// Works through steps that follow each other.
pub struct Span<'a> {
    reader: Reader,
    config: &'a Config,
    /// The commits of merged branches are walked too, so that one step need not go on where the last one ended.
    all: bool,
    files: Files,
    /// Nothing is looked at before the first commit that touches what may be an input.
    at: Option<At>,
    contracts: Contracts,
    sql: Sql,
    telling: Telling<'a>,
}

/// Where the walk stands.
struct At {
    before: (TreeId, Tree),
    after: (TreeId, Tree),
    /// The inputs of `after`.
    inputs: Inputs,
}

/// What was found in one revision.
#[derive(Clone)]
struct Inputs {
    sources: Arc<Sources>,
    /// The folders of SQL files: steps in other languages and journals beside them count too.
    folders: Arc<HashSet<Text>>,
}

impl Inputs {
    fn of(snapshot: &Snapshot<'_>, config: &Config) -> Self {
        let sources = discover(snapshot, config);
        let files = sources.sql.iter().flat_map(|source| &source.files);
        let folders = files.map(|file| Text::from(folder(&file.path))).collect();
        Self { sources: Arc::new(sources), folders: Arc::new(folders) }
    }

    fn near(&self, path: &str) -> bool {
        self.folders.contains(folder(path))
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

impl<'a> Span<'a> {
    pub fn open(walk: &Walk, all: bool, config: &'a Config) -> Result<Self, Error> {
        Ok(Self {
            reader: Reader::open(walk)?,
            config,
            all,
            files: Files::for_history(),
            at: None,
            contracts: Contracts::default(),
            sql: Sql::default(),
            telling: Telling::of(config),
        })
    }

    /// What the commit changed.
    pub fn events(&mut self, step: &Step) -> Result<Vec<Event>, Error> {
        if !step.comparable {
            return Ok(Vec::new());
        }
        let changed = self.reader.changed(step, self.all)?;
        let known = |path: &Text| self.at.as_ref().is_some_and(|at| at.inputs.near(path));
        if !changed.iter().any(|one| what(&one.path) != What::Other || known(&one.path)) {
            return Ok(Vec::new());
        }
        if self.files.bytes() > MOST {
            (self.files, self.sql) = (Files::for_history(), Sql::default());
        }
        let old = self.go(step)?;
        let Some(at) = &mut self.at else { return Ok(Vec::new()) };
        let (before, after) = (Snapshot::new(&at.before.1, &self.files), Snapshot::new(&at.after.1, &self.files));
        at.inputs = if stays(&changed, &old, &after) { old.clone() } else { Inputs::of(&after, self.config) };
        let (mut old, mut new) = (old.sources, at.inputs.sources.clone());
        // What was found once agrees with itself.
        if !Arc::ptr_eq(&old, &new) {
            reconcile((Arc::make_mut(&mut old), &before), (Arc::make_mut(&mut new), &after));
        }
        let touched: HashSet<&Text> = changed.iter().map(|one| &one.path).collect();
        let mut events = Vec::new();
        let on = self.telling.on(step.date);
        self.contracts.compare((&old, &at.before.1), (&new, &at.after.1), &touched, &on, &mut events);
        self.sql.compare((&old, &before), (&new, &after), &touched, &on, &mut events);
        Ok(once::once(events))
    }

    /// Moves both trees to where the commit stands, and gives the inputs before it.
    fn go(&mut self, step: &Step) -> Result<Inputs, Error> {
        let (from, to) = step.trees();
        let Some(at) = &mut self.at else {
            let before = self.reader.list(from)?;
            let after = self.reader.list(to)?;
            let inputs = Inputs::of(&Snapshot::new(&before, &self.files), self.config);
            self.at = Some(At { before: (from, before), after: (to, after), inputs: inputs.clone() });
            return Ok(inputs);
        };
        // In between nothing changed that may be an input, unless the walk came from another branch.
        let goes_on = !self.all || at.after.0 == from;
        for (side, target) in [(&mut at.before, from), (&mut at.after, to)] {
            let moved = self.reader.between(side.0, target)?;
            side.1.advance(moved.into_iter().map(|one| (one.path, one.after)));
            side.0 = target;
        }
        match goes_on {
            true => Ok(at.inputs.clone()),
            false => Ok(Inputs::of(&Snapshot::new(&at.before.1, &self.files), self.config)),
        }
    }
}

/// True where the inputs after the commit are those from before it, with other contents.
fn stays(changed: &[Changed], inputs: &Inputs, after: &Snapshot<'_>) -> bool {
    let sources = &inputs.sources;
    changed.iter().all(|one| {
        let path = &one.path;
        let edited = matches!((&one.before, &one.after), (Some(old), Some(new)) if old.kind == new.kind);
        match what(path) {
            What::Configuration => false,
            // A file can become a contract, or stop being one, without coming or going.
            What::Contract if sources.twins.iter().any(|twin| twin.path == *path) => edited,
            What::Contract => {
                let known = sources.contracts.iter().any(|contract| contract.path == *path);
                // Most files that are edited over and over are translations and settings: those are not even looked into.
                let may_be = known || !edited || is_named_like_a_contract(path);
                known == (may_be && one.after.is_some() && is_contract(after, path)) && (edited || !inputs.near(path))
            }
            What::Sql => edited,
            What::Other => edited || !inputs.near(path),
        }
    })
}
