//! Folders of migrations: which files belong together, in which layout, dialect and order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::origin::{FileId, Problem, Text};
use crate::model::sql::Dialect;
use memchr::memmem;

use super::dialect;
use super::drivers;
use super::files::File;
use super::ignored;
use super::layout::{self, LAYOUTS, Layout, Step, Whole, version_folder};
use super::order;
use super::places::{file_name, inside, parent};
use super::snapshot::Snapshot;
use super::sources::{Role, SqlFile, SqlSource};
use super::tables::defines;

/// Share of a folder's files (in per cent) that have to follow a layout's grammar.
const ENOUGH: usize = 80;
/// Files that are read to recognise words and dialect, spread over the folder.
const SAMPLE: usize = 24;
/// Ends of names of steps that are programs.
const CODE: [&str; 12] = ["go", "py", "js", "cjs", "mjs", "ts", "rb", "java", "kt", "php", "cs", "exs"];
/// Bytes of a sampled file in which words are looked for.
const HEAD: usize = 16_000;

/// What a search gave.
#[derive(Default)]
pub struct Found {
    pub sources: Vec<SqlSource>,
    /// Files that belong to no migrations.
    pub rest: Vec<Text>,
    /// Folders of engines that are not replayed.
    pub others: Vec<(Text, &'static str)>,
    /// Files among migrations that are never run.
    pub problems: Vec<Problem>,
}

/// Migration sources among `files`.
pub fn find(
    snapshot: &Snapshot<'_>,
    files: Vec<Text>,
    wanted: Option<&'static Layout>,
    told: Option<Dialect>,
) -> Found {
    let mut found = Found::default();
    let mut strict = Vec::new();
    for (root, files) in folders(files) {
        if told.is_none()
            && let Some(engine) = dialect::unsupported(&root)
        {
            if files.iter().any(|path| defines(&read(snapshot, path).bytes)) {
                found.others.push((root.into(), engine));
            }
            continue;
        }
        let folder = Folder { snapshot, root: &root, files: &files };
        let Some((layout, mut steps)) = folder.layout(wanted) else {
            found.rest.extend(files);
            continue;
        };
        strict.extend(folder.strict(layout, &mut steps));
        let known: BTreeSet<&Text> = steps.iter().map(|(path, _)| path).collect();
        found.rest.extend(files.iter().filter(|path| !known.contains(path)).cloned());
        if !files.iter().any(|path| defines(&folder.file(path).bytes)) {
            continue;
        }
        if told.is_none()
            && dialect::from_path(&root).is_none()
            && let Some(engine) = folder.other_engine()
        {
            found.others.push((root.clone().into(), engine));
            continue;
        }
        steps.extend(folder.code(layout));
        found.problems.extend(order::listed(snapshot, &root, layout.name, &mut steps));
        found.sources.extend(folder.sources(layout, steps));
    }
    found.problems.extend(ignored::take(snapshot, &strict, &found.sources, &mut found.rest));
    found
}

/// Files by the folder whose order decides: the folder they are in, or the one above where each step or version has a
/// folder of its own.
fn folders(files: Vec<Text>) -> BTreeMap<String, Vec<Text>> {
    let mut folders: BTreeMap<String, Vec<Text>> = BTreeMap::new();
    for path in files {
        folders.entry(root(&path).to_string()).or_default().push(path);
    }
    folders
}

fn root(path: &str) -> &str {
    let (name, folder) = (file_name(path), parent(path));
    let part = name.strip_prefix("up").and_then(|n| n.strip_suffix(".sql"));
    let step =
        part.is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())) || matches!(name, "down.sql" | "migration.sql");
    if step {
        return parent(folder);
    }
    // `3.0.0/mysql/ddl.sql`
    let engine = Dialect::named(file_name(folder)).is_some() && version_folder(file_name(parent(folder))).is_some();
    let at = if engine { parent(folder) } else { folder };
    if version_folder(file_name(at)).is_some() {
        let above = parent(at);
        return if matches!(file_name(above), "delta" | "full_schemas") { parent(above) } else { above };
    }
    if (super::layout::LAYOUTS.iter().find(|l| l.name == "flyway")).is_some_and(|l| (l.shape)(name).is_some()) {
        return flyway_location(folder);
    }
    folder
}

/// Flyway looks into sub-folders: the location is the folder called `migration`, or the engine's folder in it.
fn flyway_location(folder: &str) -> &str {
    let mut end = 0;
    let mut location = folder;
    for part in folder.split('/') {
        let here = folder.get(..end + part.len()).unwrap_or(folder);
        let engine = dialect::from_path(part).is_some() || dialect::unsupported(part).is_some();
        let migrations = matches!(part, "migration" | "migrations");
        if migrations || (engine && location.len() < folder.len()) {
            location = here;
        } else if location.len() < folder.len() {
            break;
        }
        end += part.len() + 1;
    }
    location
}

struct Folder<'a> {
    snapshot: &'a Snapshot<'a>,
    root: &'a str,
    files: &'a [Text],
}

pub type Steps = Vec<(Text, Step)>;

impl Folder<'_> {
    fn file(&self, path: &str) -> Arc<File> {
        read(self.snapshot, path)
    }

    fn sample(&self) -> impl Iterator<Item = &Text> {
        let every = self.files.len().div_ceil(SAMPLE).max(1);
        self.files.iter().step_by(every)
    }

    /// The first row of the table that fits.
    fn layout(&self, wanted: Option<&'static Layout>) -> Option<(&'static Layout, Steps)> {
        if let Some(layout) = wanted {
            return Some((layout, self.steps(layout)));
        }
        let head = |file: &File| file.bytes.get(..file.bytes.len().min(HEAD)).unwrap_or_default().to_ascii_lowercase();
        let text: Vec<Vec<u8>> = self.sample().map(|path| head(&self.file(path))).collect();
        LAYOUTS.iter().find_map(|layout| {
            let steps = self.steps(layout);
            let enough = steps.len() * 100 >= self.files.len() * ENOUGH;
            let moves = steps.iter().any(|(_, step)| step.role != Role::State) || layout.whole == Whole::Repeats;
            (enough && moves && self.evidence(layout, &text)).then_some((layout, steps))
        })
    }

    fn steps(&self, layout: &Layout) -> Steps {
        let skip = if self.root.is_empty() { 0 } else { self.root.len() + 1 };
        let step = |path: &Text| {
            let name = path.get(skip..)?;
            // `x.sql.postgres` is `x.postgres.sql` with the engine at the end.
            let engine_last = name.rsplit_once('.').and_then(|(rest, end)| Some((rest.strip_suffix(".sql")?, end)));
            match engine_last {
                Some((rest, engine)) => Some((path.clone(), (layout.shape)(&format!("{rest}.{engine}.sql"))?)),
                None => Some((path.clone(), (layout.shape)(name)?)),
            }
        };
        self.files.iter().filter_map(step).collect()
    }

    fn evidence(&self, layout: &Layout, text: &[Vec<u8>]) -> bool {
        let has_word = |text: &[u8], word: &str| memmem::find(text, word.as_bytes()).is_some();
        let above = || std::iter::successors(Some(self.root), |at| (!at.is_empty()).then(|| parent(at)));
        // Names with a dot are kept at the top of a project, others beside the migrations.
        let file = |name: &&str| {
            let reach = if name.starts_with('.') { usize::MAX } else { 1 };
            above().take(reach).any(|at| self.snapshot.tree.has(&inside(at, name)))
        };
        let manifest =
            |(name, word): &(&str, &str)| above().any(|at| has_word(&self.file(&inside(at, name)).bytes, word));
        layout.needs_no_evidence()
            || layout.folders.iter().any(|end| self.root.ends_with(end))
            || layout.files.iter().any(file)
            || layout.words.iter().any(|word| text.iter().any(|t| has_word(t, word)))
            || layout.manifests.iter().any(manifest)
    }

    /// Leaves out what the runner does not take, if nearly all names are as it wants them.
    fn strict(&self, layout: &'static Layout, steps: &mut Steps) -> Option<ignored::Folder> {
        let (grammar, runner) = layout::grammar(layout.name)?;
        let skip = if self.root.is_empty() { 0 } else { self.root.len() + 1 };
        let taken = |path: &Text| path.get(skip..).is_some_and(grammar.takes);
        let count = steps.iter().filter(|(path, _)| taken(path)).count();
        if count * 100 < self.files.len() * ENOUGH {
            return None;
        }
        steps.retain(|(path, _)| taken(path));
        Some(ignored::Folder { root: self.root.to_string(), grammar, runner })
    }

    /// Steps in other languages, which the runner runs among those in SQL.
    fn code(&self, layout: &Layout) -> Steps {
        let below = if self.root.is_empty() { String::new() } else { format!("{}/", self.root) };
        let step = |path: &Text| {
            let (stem, end) = path.get(below.len()..)?.rsplit_once('.')?;
            let numbered = file_name(stem).trim_start_matches('V').starts_with(|c: char| c.is_ascii_digit());
            if !numbered || !CODE.contains(&end) || stem.ends_with("_test") || stem.ends_with(".d") {
                return None;
            }
            let step = (layout.shape)(&format!("{stem}.sql")).filter(|step| step.role == Role::Up)?;
            Some((path.clone(), Step { role: Role::Code, ..step }))
        };
        self.snapshot.tree.below(&below).filter_map(step).collect()
    }

    /// The engine that is not replayed and that all of the folder is written for.
    fn other_engine(&self) -> Option<&'static str> {
        let sample: Vec<Arc<File>> = self.sample().map(|path| self.file(path)).collect();
        dialect::plainly_other(sample.iter().map(|file| file.bytes.as_slice()))
    }

    /// One source, or one for each engine where files are restricted to engines.
    fn sources(&self, layout: &'static Layout, steps: Steps) -> Vec<SqlSource> {
        let engines: BTreeSet<&str> = steps.iter().filter_map(|(_, step)| step.dialect.as_deref()).collect();
        let mut by_dialect: BTreeMap<Dialect, Vec<&str>> = BTreeMap::new();
        for engine in engines {
            let Some(dialect) = Dialect::named(engine) else { continue };
            by_dialect.entry(dialect).or_default().push(engine);
        }
        // CockroachDB speaks PostgreSQL's dialect; where both have files, PostgreSQL's are read.
        for names in by_dialect.values_mut() {
            if names.iter().any(|name| !name.starts_with("cockroach")) {
                names.retain(|name| !name.starts_with("cockroach"));
            }
        }
        if by_dialect.is_empty() {
            let (dialect, said) = self.dialect();
            return vec![self.source(layout, steps, dialect, said)];
        }
        // One engine may go by several names (`sqlite`, `sqlite3`): all count, for one step the first.
        let pick = |(dialect, names): (Dialect, Vec<&str>)| {
            let rank = |step: &Step| names.iter().position(|name| step.dialect.as_deref() == Some(*name));
            let mut own: BTreeMap<(&str, Role), usize> = BTreeMap::new();
            for (_, step) in &steps {
                let Some(rank) = rank(step) else { continue };
                let best = own.entry((&step.version, step.role)).or_insert(rank);
                *best = rank.min(*best);
            }
            let fits = |(_, step): &&(Text, Step)| {
                let best = own.get(&(step.version.as_str(), step.role)).copied();
                rank(step) == best && (best.is_some() || step.dialect.is_none())
            };
            self.source(layout, steps.iter().filter(fits).cloned().collect(), dialect, true)
        };
        by_dialect.into_iter().map(pick).collect()
    }

    fn source(&self, layout: &'static Layout, mut steps: Steps, dialect: Dialect, said: bool) -> SqlSource {
        whole(layout.whole, &mut steps);
        let class = |role: Role| match role {
            Role::Up | Role::Code | Role::State => 0,
            Role::Repeatable => 1,
            Role::Down => 2,
        };
        steps.sort_by(|(a_path, a), (b_path, b)| (class(a.role), &a.key, a_path).cmp(&(class(b.role), &b.key, b_path)));
        let file = |(path, step): (Text, Step)| SqlFile { path, version: step.version.into(), role: step.role };
        let files = steps.into_iter().map(file).collect();
        SqlSource { path: self.root.into(), layout: layout.name, dialect, said, files }
    }

    /// A lock file or settings say it, or the path; otherwise it is guessed by drivers, or the files vote.
    fn dialect(&self) -> (Dialect, bool) {
        let lock = read(self.snapshot, &inside(self.root, "migration_lock.toml"));
        let journal = read(self.snapshot, &inside(self.root, "meta/_journal.json"));
        let told = provider(&lock.bytes, "provider").or_else(|| provider(&journal.bytes, "\"dialect\""));
        if let Some(said) = told.or_else(|| dialect::from_path(self.root)) {
            return (said, true);
        }
        let guessed = drivers::dialect(self.snapshot, self.root).unwrap_or_else(|| {
            let sample: Vec<Arc<File>> = self.sample().map(|path| self.file(path)).collect();
            dialect::by_votes(sample.iter().map(|file| file.bytes.as_slice()))
        });
        (guessed, false)
    }
}

/// The dialect that follows a key in a lock file.
pub fn provider(bytes: &[u8], key: &str) -> Option<Dialect> {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().find(|line| line.trim_start().starts_with(key))?;
    let value = line.split_once(['=', ':'])?.1.split('#').next()?;
    Dialect::named(value.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// Leaves of the files that hold a whole state, and of the steps, what is run on a new database.
fn whole(whole: Whole, steps: &mut Steps) {
    let of = |role: Role| steps.iter().filter(move |(_, s)| s.role == role).map(|(_, s)| s.key.clone());
    let (first, oldest, newest) = (of(Role::Up).min(), of(Role::State).min(), of(Role::State).max());
    let (Some(first), Some(oldest), Some(newest)) = (first, oldest, newest) else { return };
    let start = match whole {
        Whole::Repeats => (first > newest).then_some(newest),
        Whole::Newest => Some(newest),
        Whole::Oldest => Some(oldest),
    };
    let later = whole != Whole::Repeats;
    steps.retain(|(_, step)| match step.role {
        Role::State => start.as_ref() == Some(&step.key),
        Role::Repeatable => true,
        _ => !later || start.as_ref() < Some(&step.key),
    });
    for (_, step) in steps.iter_mut().filter(|(_, step)| step.role == Role::State) {
        step.role = Role::Up;
    }
}

/// A file; an empty one when it cannot be read, which the reader reports.
pub fn read(snapshot: &Snapshot<'_>, path: &str) -> Arc<File> {
    snapshot.files.get(snapshot.load(path).unwrap_or(FileId(u32::MAX)))
}
