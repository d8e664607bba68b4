//! Random histories: a branch and a main that went on, contracts and migrations edited, moved and removed at random.
//! `DRIFTLINE_REVIEWS` is their number; `DRIFTLINE_REVIEW` runs one.

use std::path::Path;

use git2::Oid;

use super::dice::Dice;
use super::judge::{Counts, judge};
use super::shown::shown;
use super::support::Repo;

const HISTORIES: u64 = 200;

/// What a contract and its database hold.
#[derive(Clone)]
struct World {
    contract: String,
    /// Comment lines before the schemas, so that lines move.
    prose: usize,
    entities: Vec<(String, Vec<(String, String)>)>,
    migrations: Vec<(String, String)>,
}

const TYPES: [&str; 9] = [
    "type: string",
    "type: string\n          maxLength: 40",
    "type: string\n          maxLength: 400",
    "type: integer",
    "type: integer\n          format: int64",
    "type: string\n          enum: [a, b]",
    "type: string\n          enum: [a, b, c, '@someone', 'x | y', '```']",
    "type: string\n          description: |\n            Ask @someone, see #1.\n            <b>",
    "type: array\n          items: {type: string}",
];

const NAMES: [&str; 6] = ["name", "note", "status", "size", "@owner", "weird `name`"];

impl World {
    fn new(dice: &mut Dice) -> Self {
        let mut world = Self {
            contract: dice.pick(&["openapi.yaml", "api/open api, v1.yaml", "ä/openapi.yaml"]).into(),
            prose: dice.roll(4),
            entities: Vec::new(),
            migrations: Vec::new(),
        };
        for number in 0..1 + dice.roll(5) {
            let properties = (0..1 + dice.roll(8)).map(|at| (property(at), dice.pick(&TYPES).to_string())).collect();
            world.entities.push((format!("Thing{number}"), properties));
        }
        let mut sql = String::new();
        for (name, properties) in &world.entities {
            let columns: Vec<String> =
                properties.iter().map(|(name, _)| format!("  \"{name}\" varchar(100)")).collect();
            sql.push_str(&format!("CREATE TABLE {name}s (\n  id bigint PRIMARY KEY,\n{}\n);\n\n", columns.join(",\n")));
        }
        world.migrations.push(("db/migrations/0001_start.up.sql".into(), sql));
        world
    }

    fn edit(&mut self, dice: &mut Dice) {
        let at = dice.roll(self.entities.len().max(1));
        let number = self.migrations.len() + 1;
        let roll = dice.roll(12);
        let Some((entity, properties)) = self.entities.get_mut(at) else { return };
        let column = properties.first().map(|(name, _)| name.clone()).unwrap_or_else(|| "id".into());
        let mut statement = |sql: String| {
            let padding = "-- words\n".repeat(dice.roll(6));
            self.migrations.push((format!("db/migrations/{number:04}_more.up.sql"), format!("{padding}{sql}\n")));
        };
        match roll {
            0 if properties.len() > 1 => drop(properties.remove(dice.roll(properties.len()))),
            1 | 2 if !properties.is_empty() => {
                let at = dice.roll(properties.len());
                properties[at].1 = dice.pick(&TYPES).to_string();
            }
            3 => properties.push((property(20 + dice.roll(9)), dice.pick(&TYPES).to_string())),
            4 => self.prose = dice.roll(9),
            5 => drop(self.entities.remove(at)),
            6 => statement(format!("ALTER TABLE {entity}s DROP COLUMN \"{column}\";")),
            7 => statement(format!("CREATE INDEX ON {entity}s (\n  \"{column}\"\n);")),
            8 => statement(format!("ALTER TABLE {entity}s ALTER COLUMN \"{column}\" TYPE varchar(10);")),
            9 => self.contract = dice.pick(&["openapi.yaml", "moved/openapi.yaml"]).into(),
            10 => {
                let path = self.migrations.last_mut().unwrap();
                path.0 = path.0.replace(".up.sql", "x.up.sql");
            }
            _ if number > 2 => drop(self.migrations.pop()),
            _ => {}
        }
    }

    fn write(&self, repo: &Repo) {
        for folder in ["openapi.yaml", "api", "ä", "moved", "db"] {
            let path = repo.path().join(folder);
            let _ = std::fs::remove_dir_all(&path).or_else(|_| std::fs::remove_file(&path));
        }
        let mut text =
            format!("openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\n{}paths:\n", "# words\n".repeat(self.prose));
        for (name, _) in &self.entities {
            let body = format!("content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}");
            text.push_str(&format!(
                "  /{name}s:\n    get:\n      responses:\n        '200':\n          description: ok\n          {body}\n    \
                 post:\n      requestBody:\n        {body}\n      responses:\n        '204': {{description: ok}}\n"
            ));
        }
        text.push_str("components:\n  schemas:\n");
        for (name, properties) in &self.entities {
            text.push_str(&format!(
                "    {name}:\n      type: object\n      properties:\n        id: {{type: integer, format: int64}}\n"
            ));
            for (name, kind) in properties {
                text.push_str(&format!("        \"{name}\":\n          {kind}\n"));
            }
        }
        repo.write(&self.contract, text);
        for (path, sql) in &self.migrations {
            repo.write(path, sql);
        }
    }
}

fn property(at: usize) -> String {
    let name = NAMES[at % NAMES.len()];
    if at < NAMES.len() { name.to_string() } else { format!("{name}{at}") }
}

fn checkout(repo: &Repo, branch: &str, at: Option<Oid>) {
    if let Some(at) = at {
        let commit = repo.git.find_commit(at).unwrap();
        repo.git.branch(branch, &commit, true).unwrap();
    }
    repo.git.set_head(&format!("refs/heads/{branch}")).unwrap();
}

fn head(repo: &Repo) -> Oid {
    repo.git.head().unwrap().peel_to_commit().unwrap().id()
}

/// A branch `work` that left `main` before `main` went on.
pub fn history(dice: &mut Dice) -> Repo {
    let repo = Repo::new();
    let start = World::new(dice);
    start.write(&repo);
    repo.commit("start");
    let root = head(&repo);
    let mut world = start.clone();
    for _ in 0..dice.roll(3) {
        world.edit(dice);
    }
    world.write(&repo);
    repo.commit("main goes on");
    checkout(&repo, "work", Some(root));
    let mut world = start;
    for _ in 0..1 + dice.roll(2) {
        for _ in 0..1 + dice.roll(5) {
            world.edit(dice);
        }
        world.write(&repo);
        repo.commit("work");
    }
    repo
}

/// Both kinds of rename detection: git's own, and that of GitLab's server.
pub const RENAMES: [&str; 2] = ["--find-renames=50%", "--find-renames=30%"];

fn run(dir: &Path, seed: u64, counts: &mut Counts) -> bool {
    // Another base for the verdict is another set of findings at the same lines.
    let ranges = if seed.is_multiple_of(4) { &["main...work", "main..work"][..] } else { &["main...work"] };
    for range in ranges {
        let Some(shown) =
            RENAMES.map(|renames| shown(dir, "main", "work", renames)).into_iter().collect::<Option<Vec<_>>>()
        else {
            eprintln!("skipped: there is no git to ask");
            return false;
        };
        if let Some(mut case) = super::case(dir, range) {
            *counts += judge(&mut case, &shown, &format!("history {seed}, {range}"));
        }
    }
    true
}

#[test]
fn every_comment_of_a_random_history_is_on_a_line_that_git_shows() {
    let only = std::env::var("DRIFTLINE_REVIEW").ok().and_then(|seed| seed.parse::<u64>().ok());
    let count = std::env::var("DRIFTLINE_REVIEWS").ok().and_then(|count| count.parse().ok()).unwrap_or(HISTORIES);
    let mut counts = Counts::default();
    for seed in only.map_or(0..count, |seed| seed..seed + 1) {
        let repo = history(&mut Dice(seed));
        if !run(repo.path(), seed, &mut counts) {
            return;
        }
    }
    eprintln!("{counts:?}");
    if only.is_none() && count >= HISTORIES {
        let Counts { lines, files, body, left_out, .. } = counts;
        assert!(lines > 300 && files > 20 && body > 10 && left_out > 20, "the histories say too little: {counts:?}");
    }
}
