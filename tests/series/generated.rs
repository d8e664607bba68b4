//! Histories that are made up: a folder of files, and edits of all kinds from revision to revision.

use driftline::model::sql::Dialect;
use driftline::revision::Tree;
use driftline::source::{Files, Role, Snapshot, SqlFile, SqlSource};

use crate::Judge;
use crate::dice::Dice;
use crate::statements::{statement, text};

const LAYOUTS: [&str; 8] = ["golang-migrate", "flyway", "goose", "diesel", "dump", "schema", "drizzle", "numbered"];
const REVISIONS: usize = 25;

#[derive(Clone)]
struct File {
    path: String,
    version: String,
    role: Role,
    /// A file that is listed and not there has none.
    text: Option<String>,
}

#[derive(Clone)]
struct World {
    dialect: Dialect,
    layout: &'static str,
    files: Vec<File>,
    /// Numbers that were given out.
    number: usize,
}

impl World {
    fn new(dice: &mut Dice) -> Self {
        let dialect = [Dialect::Postgres, Dialect::Postgres, Dialect::MySql, Dialect::Sqlite][dice.roll(4)];
        let mut world = Self { dialect, layout: LAYOUTS[dice.roll(LAYOUTS.len())], files: Vec::new(), number: 0 };
        for _ in 0..=dice.roll(8) {
            world.insert(dice, usize::MAX);
        }
        world
    }

    fn is_state(&self) -> bool {
        matches!(self.layout, "dump" | "schema")
    }

    /// A new file at a place among the others, and perhaps its way back.
    fn insert(&mut self, dice: &mut Dice, at: usize) {
        self.number += 1;
        let version = self.number.to_string();
        let role = match dice.roll(12) {
            _ if self.is_state() => Role::State,
            0 => Role::Repeatable,
            1 if dice.roll(3) == 0 => Role::Code,
            _ => Role::Up,
        };
        let most = if self.is_state() { 14 } else { 4 };
        let mut body = text(dice, self.dialect, most);
        if self.layout == "goose" {
            body = format!("-- +goose Up\n{body}\n-- +goose Down\n{}", text(dice, self.dialect, 2));
        }
        let path = format!("db/{version}_up.sql");
        let at = at.min(self.files.len());
        self.files.insert(at, File { path, version: version.clone(), role, text: Some(body) });
        if role == Role::Up && self.layout != "goose" && dice.roll(2) == 0 {
            let text = Some(text(dice, self.dialect, 1));
            self.files.push(File { path: format!("db/{version}_down.sql"), version, role: Role::Down, text });
        }
    }

    /// Places of the files that run; the ways back stand apart at the end.
    fn running(&self) -> usize {
        self.files.iter().filter(|f| f.role != Role::Down).count()
    }

    fn edit(&mut self, dice: &mut Dice, earlier: &[World]) {
        let running = self.running();
        self.files.sort_by_key(|f| f.role == Role::Down);
        if self.files.is_empty() {
            return self.insert(dice, 0);
        }
        // Most edits of real histories are near the end.
        let last = self.files.len() - 1;
        let any = dice.roll(last + 1);
        let (late, one) =
            (running.saturating_sub(dice.roll(3)), dice.roll(running.max(1)).min(running.saturating_sub(1)));
        let word = statement(dice, self.dialect);
        match dice.roll(20) {
            0..=5 => self.insert(dice, running),
            6 => self.insert(dice, one),
            7 => self.insert(dice, late),
            8..=10 => {
                let at = if dice.roll(2) == 0 { any } else { late.saturating_sub(1) };
                if let Some(text) = self.files.get_mut(at).and_then(|f| f.text.as_mut()) {
                    let lines: Vec<&str> = text.lines().collect();
                    let cut = dice.roll(lines.len() + 1);
                    let (head, tail) = lines.split_at(cut);
                    // A line more, another one instead, one less, or a remark.
                    *text = match dice.roll(4) {
                        0 => [head, &[&word], tail].concat().join("\n"),
                        1 => [head, &[&word], tail.get(1..).unwrap_or_default()].concat().join("\n"),
                        2 => [head, tail.get(1..).unwrap_or_default()].concat().join("\n"),
                        _ => [head, &["-- a remark"], tail].concat().join("\n"),
                    };
                }
            }
            11 => drop(self.files.remove(any)),
            12 => self.files.truncate(self.files.len().saturating_sub(1 + dice.roll(3)).max(1)),
            13 => self.files[any].path = format!("db/renamed_{}_{any}.sql", self.number),
            14 => self.files.swap(any, late.min(last)),
            15 => self.files[any].version = dice.pick(&["1", "2", "99"]).to_string(),
            16 => self.files[any].text = self.files[any].text.take().xor(Some(word)),
            17 => self.files[any].role = [Role::Up, Role::Repeatable, Role::Down, Role::Code][dice.roll(4)],
            18 if dice.roll(3) == 0 => *self = earlier[dice.roll(earlier.len())].clone(),
            19 if dice.roll(4) == 0 => self.layout = LAYOUTS[dice.roll(LAYOUTS.len())],
            19 if dice.roll(4) == 0 => self.dialect = Dialect::Sqlite,
            _ => {}
        }
        self.files.sort_by_key(|f| f.role == Role::Down);
    }

    fn source(&self) -> SqlSource {
        let file =
            |f: &File| SqlFile { path: f.path.as_str().into(), version: f.version.as_str().into(), role: f.role };
        let files = self.files.iter().map(file).collect();
        SqlSource { path: "db".into(), layout: self.layout, dialect: self.dialect, said: true, files }
    }

    fn tree(&self, dice: &mut Dice) -> Tree {
        let mut files: Vec<(String, Vec<u8>)> =
            self.files.iter().filter_map(|f| Some((f.path.clone(), f.text.clone()?.into_bytes()))).collect();
        // Settings of runners beside the files.
        let settings = [("db/flyway.conf", "mixed = true"), ("db/metadata.toml", "run_in_transaction = false")];
        let (path, text) = settings[dice.roll(2)];
        if dice.roll(4) == 0 {
            files.push((path.to_string(), text.as_bytes().to_vec()));
        }
        Tree::from_memory("t", files)
    }
}

fn history(seed: u64) -> usize {
    let mut dice = Dice(seed);
    let mut world = World::new(&mut dice);
    let (mut judge, files, mut earlier, mut same) = (Judge::default(), Files::default(), Vec::new(), 0);
    for revision in 0..REVISIONS {
        let tree = world.tree(&mut dice);
        let what = format!("seed {seed}, revision {revision}");
        same += usize::from(judge.next(&world.source(), &Snapshot::new(&tree, &files), &what));
        earlier.push(world.clone());
        world.edit(&mut dice, &earlier);
    }
    same
}

#[test]
fn a_series_gives_what_each_revision_gives_alone() {
    let seeds = if std::env::var_os("DRIFTLINE_LONG").is_some() { 20_000 } else { 60 };
    let same: usize = (0..seeds).map(history).sum();
    assert!(same > 0, "revisions that change nothing share their schema");
}
