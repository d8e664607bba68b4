//! Layouts in which some files hold a whole state and others lead from one state to the next.

use super::super::sources::Role;
use super::shape::{Part, Step, stem, text, version_numbers, versions};

/// Words that the name of a whole state begins with.
const STATES: [&str; 6] = ["schema", "init", "full", "create", "install", "baseline"];

/// `schema-1.3.0-mysql.sql` and `upgrade-1.2.0-to-1.3.0-mysql.sql`.
pub fn upgrades(path: &str) -> Option<Step> {
    let name = stem(path).filter(|name| !name.contains('/'))?;
    let words: Vec<&str> = name.split(['-', '_']).collect();
    let version = |word: &&str| version_numbers(word).filter(|numbers| numbers.len() > 1);
    let versions: Vec<Vec<u128>> = words.iter().filter_map(version).collect();
    let role = match versions.as_slice() {
        [_, _] => Role::Up,
        [_] if STATES.contains(&words.first()?.to_ascii_lowercase().as_str()) => Role::State,
        _ => return None,
    };
    let dialect = words.iter().rev().find(|word| crate::model::sql::Dialect::named(word).is_some());
    let key: Vec<Part> = versions.last()?.iter().map(|n| Part::Number(*n)).collect();
    Some(Step { key, version: name.to_string(), role, dialect: dialect.map(|word| (*word).to_string()) })
}

/// `full_schemas/72/full.sql` and `delta/73/01name.sql`: only what follows the whole state is run on a new database.
pub fn delta(path: &str) -> Option<Step> {
    let (kind, rest) = path.split_once('/')?;
    let mut step = versions(rest)?;
    match kind {
        "delta" => {}
        "full_schemas" => {
            step.role = Role::State;
            // It stands for all of its version.
            step.key.truncate(1);
            step.key.push(text("~"));
        }
        _ => return None,
    }
    Some(step)
}
