//! Revisions of one source, replayed one after the other: what two neighbours have in common at the front stays.
//!
//! The catalogue is marked before each file, so it can be taken back to the first file that is not the same at the cost
//! of what the files behind it touched. A single revision is a series of one.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::origin::{FileId, Origin, Problem, Read, Text};
use crate::model::sql::{Migration, Schema};
use crate::source::{LoadError, Role, Snapshot, SqlFile, SqlSource};

use super::catalog::{Catalog, Settings};
use super::file::{Counts, FileReader};
use super::finish::{self, Tables};
use super::known::Known;
use super::replay::Replay;
use super::split::{self, Split};
use super::undo::{self, Down, Downs};
use super::{layout, transactions};

/// Stack for the replay: the SQL parser and the trees it gives are recursive.
const STACK: usize = 64 << 20;

/// Tells by the path of its file whether a migration is also taken back, to see what is left then.
type Back<'a> = &'a (dyn Fn(&str) -> bool + Sync);

/// Replays revisions of a source one after the other.
#[derive(Default)]
pub struct Series {
    catalog: Option<Catalog>,
    /// The files that made the catalogue.
    done: Vec<Done>,
    /// What the files that were taken back divide into: most of them are replayed anew.
    splits: HashMap<FileId, Arc<Split>>,
    known: Known,
    tables: Tables,
    last: Option<Arc<Schema>>,
}

/// A file that was replayed.
struct Done {
    file: SqlFile,
    id: Result<FileId, LoadError>,
    /// Of the catalogue before it.
    settings: Settings,
    problems: Vec<Problem>,
    counts: Counts,
    /// For the next time, where there is one.
    split: Option<Arc<Split>>,
    own: Option<transactions::Own>,
    migration: Option<Arc<Migration>>,
    way: Way,
}

/// Where the down part of a migration stands.
#[derive(Default)]
struct Way {
    /// The file that holds it.
    file: Option<(Text, Result<FileId, LoadError>)>,
    problems: Vec<Problem>,
    origin: Option<Origin>,
    has_statements: bool,
}

impl Way {
    fn tell(&mut self, down: &Down<'_>) {
        (self.origin, self.has_statements) = (Some(down.origin()), down.has_statements());
    }
}

/// What a replay looks at.
#[derive(Clone, Copy)]
struct Revision<'a> {
    source: &'a SqlSource,
    snapshot: &'a Snapshot<'a>,
    downs: &'a Downs<'a>,
}

impl Revision<'_> {
    fn down(self, file: &SqlFile) -> Option<(Text, Result<FileId, LoadError>)> {
        let down = self.downs.file(file)?;
        Some((down.path.clone(), self.snapshot.load(&down.path)))
    }
}

impl Series {
    pub fn new() -> Self {
        Self::default()
    }

    /// The schema of the source as the snapshot has it, with no way gone back. Snapshots of a series have one table of files.
    /// What did not change since the last revision is shared with it; the whole schema where nothing did.
    pub fn read(&mut self, source: &SqlSource, snapshot: &Snapshot<'_>) -> Read<Arc<Schema>> {
        self.next(source, snapshot, None)
    }

    /// The only revision of a series.
    pub(super) fn once(mut self, source: &SqlSource, snapshot: &Snapshot<'_>, back: Back<'_>) -> Read<Arc<Schema>> {
        self.next(source, snapshot, Some(back))
    }

    fn next(&mut self, source: &SqlSource, snapshot: &Snapshot<'_>, back: Option<Back<'_>>) -> Read<Arc<Schema>> {
        if self.catalog.as_ref().is_none_or(|catalog| catalog.dialect != source.dialect) {
            let known = if back.is_some() { Known::forgetful() } else { Known::default() };
            *self = Self { catalog: Some(Catalog::new(source.dialect)), known, ..Self::default() };
        }
        let downs = Downs::of(source);
        let revision = Revision { source, snapshot, downs: &downs };
        let files: Vec<(&SqlFile, Result<FileId, LoadError>)> =
            source.files.iter().filter(|f| f.role != Role::Down).map(|f| (f, snapshot.load(&f.path))).collect();
        let same = files.iter().zip(&self.done).take_while(|((file, id), done)| **file == done.file && *id == done.id);
        let same = same.count();
        let mut changed = self.done.len() != same || files.len() != same;
        self.rewind(same);
        let mut rest = files.into_iter().skip(same);
        if rest.len() > 0 {
            let mut work = || rest.by_ref().for_each(|(file, id)| self.replay(revision, file, id, back));
            if !apart(&mut work) {
                // No thread to be had: ordinary statements need no large stack.
                work();
            }
        }
        self.splits.clear();
        changed |= self.look_around(revision, same);
        let schema = match self.last.take().filter(|s| !changed && (&s.path, s.layout) == (&source.path, source.layout))
        {
            Some(last) => last,
            None => Arc::new(self.schema(source)),
        };
        self.last = Some(schema.clone());
        let problems = self.done.iter().flat_map(|done| done.way.problems.iter().chain(&done.problems)).cloned();
        Read { value: schema, problems: problems.collect() }
    }

    /// Takes files back until so many are left.
    fn rewind(&mut self, left: usize) {
        let Some(catalog) = &mut self.catalog else { return };
        while self.done.len() > left
            && let Some(done) = self.done.pop()
        {
            catalog.rewind(done.settings);
            self.splits.extend(done.id.ok().zip(done.split));
        }
    }

    fn replay(
        &mut self,
        revision: Revision<'_>,
        file: &SqlFile,
        id: Result<FileId, LoadError>,
        back: Option<Back<'_>>,
    ) {
        let Revision { source, snapshot, downs } = revision;
        let dialect = source.dialect;
        let mut catalog = self.catalog.take().unwrap_or_else(|| Catalog::new(dialect));
        let mut done = Done {
            file: file.clone(),
            settings: catalog.settings(),
            problems: Vec::new(),
            counts: Counts::default(),
            split: None,
            own: None,
            migration: None,
            way: Way::default(),
            id,
        };
        // Nobody comes back to a revision that stands alone.
        if self.known.remembers() {
            catalog.mark();
        }
        if file.role == Role::Code {
            done.problems.extend(code(&file.path, &done.id).filter(|_| !catalog.opaque));
            catalog.opaque = true;
        } else if let Some(reader) = FileReader::open(&file.path, snapshot, &mut done.problems) {
            let split = self.splits.remove(&reader.id);
            let split = split.unwrap_or_else(|| Arc::new(split::split(reader.bytes(), dialect)));
            let mut down = Down::section(&reader, &split, dialect);
            if down.is_none() {
                done.way.file = revision.down(file);
                down = downs.open(file, snapshot, &mut done.way.problems);
            }
            down.iter().for_each(|down| done.way.tell(down));
            let goes = |down: &&Down<'_>| back.is_some_and(|back| back(&file.path) || back(down.path()));
            let back = down.as_ref().filter(|down| down.is_plain()).filter(goes);
            if back.is_some() {
                catalog.mark();
            }
            let mut replay = Replay::new(catalog);
            replay.begin(reader.id, file.role == Role::State);
            done.counts = reader.replay(&split, dialect, &mut replay, &mut self.known, &mut done.problems);
            replay.end();
            let steps = std::mem::take(&mut replay.steps);
            catalog = replay.catalog;
            let trip = back.and_then(|down| undo::round_trip(down, &mut catalog, &steps));
            if file.role != Role::State {
                done.migration = Some(Arc::new(layout::migration(file, &reader, &split, steps, trip)));
            }
            done.own = Some(transactions::Own::of(&split));
            done.split = self.known.remembers().then_some(split);
        }
        self.catalog = Some(catalog);
        self.done.push(done);
    }

    /// What other files of the revision say about the migrations; `known` of them are of an earlier revision. True when one
    /// of those is another now.
    fn look_around(&mut self, revision: Revision<'_>, known: usize) -> bool {
        let Revision { source, snapshot, downs } = revision;
        let mut changed = false;
        for done in self.done.iter_mut().take(known).filter(|done| done.migration.is_some()) {
            // Of a part behind a marker nothing can change.
            if done.way.origin.is_some() && done.way.file.is_none() {
                continue;
            }
            let file = revision.down(&done.file);
            if done.way.file != file {
                done.way = Way { file, ..Way::default() };
                let down = downs.open(&done.file, snapshot, &mut done.way.problems);
                down.iter().for_each(|down| done.way.tell(down));
                changed = true;
            }
        }
        // Where nothing ever goes back nobody misses it.
        let any = downs.any() || self.done.iter().any(|done| done.migration.is_some() && done.way.origin.is_some());
        for Done { file, own, migration, way, .. } in &mut self.done {
            let Some((migration, own)) = migration.as_mut().zip(*own) else { continue };
            let transactional = transactions::wrapped(source, file, own, &migration.steps, snapshot);
            let has_down = if any && !migration.repeatable {
                Some(way.has_statements)
            } else {
                way.has_statements.then_some(true)
            };
            if (migration.transactional, migration.has_down, migration.down) != (transactional, has_down, way.origin) {
                let migration = Arc::make_mut(migration);
                (migration.transactional, migration.has_down, migration.down) = (transactional, has_down, way.origin);
                changed = true;
            }
        }
        changed
    }

    fn schema(&mut self, source: &SqlSource) -> Schema {
        let mut schema =
            Schema { path: source.path.clone(), dialect: source.dialect, layout: source.layout, ..Schema::default() };
        for done in &self.done {
            schema.statements += done.counts.statements;
            schema.unread += done.counts.unread;
            schema.migrations.extend(done.migration.clone());
        }
        if let Some(catalog) = &self.catalog {
            schema.tables = self.tables.of(catalog);
            schema.enums = finish::enums(catalog);
            schema.objects = finish::objects(catalog);
        }
        schema
    }
}

/// Runs something with a large stack; false when there is no thread to be had.
fn apart(work: &mut (impl FnMut() + Send)) -> bool {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            thread => thread.is_ok(),
        }
    })
}

/// What is said about the first step in another language.
fn code(path: &str, id: &Result<FileId, LoadError>) -> Option<Problem> {
    let origin = Origin::new(*id.as_ref().ok()?, 0, 0);
    let message = format!(
        "`{path}` is a step of these migrations in another language and is not followed: from here on objects may exist \
         that are not known."
    );
    Some(Problem::remark("statement-unreadable", path, origin, message))
}
