//! The way back: the down part of a migration, tried on the schema that its up part leaves.
//!
//! The catalogue is put back as it was, at a cost of what both parts touch. Must not know what a difference is worth.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::origin::{Origin, Problem};
use crate::model::sql::{Action, Dialect, RoundTrip, Step};
use crate::source::{Role, Snapshot, SqlFile, SqlSource};

use super::catalog::{Catalog, Id, Marked, UserType};
use super::file::FileReader;
use super::finish;
use super::known::Known;
use super::replay::Replay;
use super::split::{self, Piece, Split};

/// The files that hold down parts, by version.
#[derive(Default)]
pub struct Downs<'a> {
    files: HashMap<&'a str, Vec<&'a SqlFile>>,
    ups: HashMap<&'a str, usize>,
    titles: HashMap<&'a str, usize>,
    dialect: Dialect,
}

/// Where the down part of a migration stands.
enum Place<'a> {
    /// Behind a marker in the same file.
    Section(&'a FileReader, &'a Split),
    File(&'a SqlFile, FileReader, Box<Split>),
}

/// The down part of a migration.
pub struct Down<'a> {
    place: Place<'a>,
    dialect: Dialect,
    /// One of several of its version or title. Which belongs to which is a matter of the runner; a series of one title
    /// (a statement in each file) goes back as a whole.
    ambiguous: bool,
}

impl<'a> Downs<'a> {
    pub fn of(source: &'a SqlSource) -> Self {
        let mut downs = Self { dialect: source.dialect, ..Self::default() };
        for file in &source.files {
            if file.role == Role::Down {
                downs.files.entry(&file.version).or_default().push(file);
            } else if file.role != Role::Code {
                *downs.ups.entry(&file.version).or_default() += 1;
                *downs.titles.entry(title(file)).or_default() += 1;
            }
        }
        downs
    }

    /// True when there are files of down parts.
    pub fn any(&self) -> bool {
        !self.files.is_empty()
    }

    /// The file that holds the down part of another one.
    pub fn file(&self, of: &SqlFile) -> Option<&'a SqlFile> {
        if matches!(of.role, Role::Repeatable | Role::State) {
            return None;
        }
        // Of several, the one whose name begins in the same way.
        let alike = |other: &&&SqlFile| of.path.bytes().zip(other.path.bytes()).take_while(|(a, b)| a == b).count();
        self.files.get(&*of.version)?.iter().max_by_key(alike).copied()
    }

    /// Opens the file that holds the down part of another one.
    pub fn open(&self, of: &SqlFile, snapshot: &Snapshot<'_>, problems: &mut Vec<Problem>) -> Option<Down<'a>> {
        let several = |of: Option<&usize>| of.is_some_and(|count| *count > 1);
        let ambiguous = self.files.get(&*of.version).is_some_and(|found| found.len() > 1)
            || several(self.ups.get(&*of.version))
            || several(self.titles.get(title(of)));
        let down = self.file(of)?;
        let reader = FileReader::open(&down.path, snapshot, problems)?;
        let split = Box::new(split::split(reader.bytes(), self.dialect));
        Some(Down { place: Place::File(down, reader, split), dialect: self.dialect, ambiguous })
    }
}

/// What a migration is called behind its version.
fn title(file: &SqlFile) -> &str {
    let name = file.path.rsplit('/').find(|part| !matches!(*part, "up.sql" | "migration.sql")).unwrap_or_default();
    name.trim_start_matches(|c: char| !c.is_alphabetic())
}

impl<'a> Down<'a> {
    /// The part behind a marker, where the file has one.
    pub fn section(reader: &'a FileReader, split: &'a Split, dialect: Dialect) -> Option<Self> {
        split.has_down_marker.then_some(Self { place: Place::Section(reader, split), dialect, ambiguous: false })
    }

    /// The path of its own file; empty for a section.
    pub fn path(&self) -> &str {
        match &self.place {
            Place::Section(..) => "",
            Place::File(file, ..) => &file.path,
        }
    }

    fn parts(&self) -> (&FileReader, &Split) {
        match &self.place {
            Place::Section(reader, split) => (reader, split),
            Place::File(_, reader, split) => (reader, split),
        }
    }

    fn pieces(&self) -> impl Iterator<Item = &Piece> {
        let section = matches!(self.place, Place::Section(..));
        self.parts().1.pieces.iter().filter(move |p| p.down == section)
    }

    /// Its statements, or where they would be.
    pub fn origin(&self) -> Origin {
        let reader = self.parts().0;
        let end = reader.bytes().len();
        let (mut first, mut last) = (end, end);
        for (at, piece) in self.pieces().enumerate() {
            (first, last) = (if at == 0 { piece.start } else { first }, piece.end);
        }
        Origin::new(reader.id, first, last)
    }

    /// False when it is empty, or asks for a constant only, as templates of runners do.
    pub fn has_statements(&self) -> bool {
        let (reader, split) = self.parts();
        let idle = |p: &Piece| {
            let word = p.head.first().and_then(|t| reader.bytes().get(t.start..t.end));
            p.tokens <= 2 && word.is_some_and(|w| w.eq_ignore_ascii_case(b"select"))
        };
        split.rollback || !self.pieces().all(idle)
    }

    /// True when all of it can be carried out here.
    pub fn is_plain(&self) -> bool {
        let (_, split) = self.parts();
        !self.ambiguous && !split.rollback && split.given_up.is_none() && self.has_statements()
    }
}

/// Takes a migration back whose up part did `steps` since the catalogue's mark; `None` when one of the parts does what is
/// not followed.
pub fn round_trip(down: &Down<'_>, catalog: &mut Catalog, steps: &[Step]) -> Option<Box<RoundTrip>> {
    let up = catalog.marked();
    let plain = |steps: &[Step]| {
        let unclear = |s: &Step| s.conditional || matches!(s.action, Action::Unread);
        !steps.iter().any(unclear)
    };
    if !plain(steps) || steps.iter().any(|s| matches!(s.action, Action::Refused { .. })) {
        return None;
    }
    let settings = (catalog.search_path.clone(), catalog.opaque, catalog.extended, catalog.checks_foreign);
    let (database, blank) = (catalog.database.clone(), Catalog::new(catalog.dialect));
    catalog.mark();
    let mut replay = Replay::new(std::mem::replace(catalog, blank));
    let (reader, _) = down.parts();
    replay.begin(reader.id, false);
    let mut problems = Vec::new();
    let counts = reader.carry_out(down.pieces(), down.dialect, &mut replay, &mut Known::forgetful(), &mut problems);
    replay.end();
    let steps = std::mem::take(&mut replay.steps);
    *catalog = replay.catalog;
    let marked = catalog.marked();
    let told = counts.unread == 0 && plain(&steps) && catalog.opaque == settings.1;
    let trip = told.then(|| Box::new(compared(catalog, &up, &marked, steps)));
    catalog.put_back(marked);
    (catalog.search_path, catalog.opaque, catalog.extended, catalog.checks_foreign) = settings;
    catalog.database = database;
    trip
}

/// What both parts touched, at the three moments.
fn compared(catalog: &Catalog, up: &Marked, down: &Marked, steps: Vec<Step>) -> RoundTrip {
    let mut trip = RoundTrip::default();
    let ids = up.relations.keys().chain(down.relations.keys().filter(|id| !up.relations.contains_key(id)));
    let mut ids: Vec<&Id> = ids.collect();
    ids.sort_unstable();
    for id in ids {
        let now = catalog.relations.get(id);
        let between = down.relations.get(id).map_or(now, Option::as_ref);
        let before = up.relations.get(id).map_or(between, Option::as_ref);
        for (state, relation) in [(&mut trip.before, before), (&mut trip.between, between), (&mut trip.after, now)] {
            let Some(relation) = relation.filter(|r| !r.temporary) else { continue };
            let mut relation = relation.as_ref().clone();
            // The index that MySQL makes for a foreign key stays when that is gone.
            relation.keys.retain(|k| !k.implicit);
            state.tables.push(Arc::new(finish::table(catalog, &relation)));
        }
    }
    let types = up.types.keys().chain(down.types.keys().filter(|id| !up.types.contains_key(id)));
    let mut types: Vec<&Id> = types.collect();
    types.sort_unstable();
    for id in types {
        let now = catalog.types.get(id);
        let between = down.types.get(id).map_or(now, Option::as_ref);
        let before = up.types.get(id).map_or(between, Option::as_ref);
        for (state, user) in [(&mut trip.before, before), (&mut trip.between, between), (&mut trip.after, now)] {
            state.types.extend(user.map(UserType::shown).cloned());
        }
    }
    trip.refused = steps.into_iter().filter(|s| matches!(s.action, Action::Refused { .. })).collect();
    trip
}
