//! Grammars of file names: from a path relative to the migration folder to version, role and place in the order.

use super::super::sources::Role;

/// Part of a sorting key. Numbers sort before text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Number(u128),
    Text(String),
}

/// What a file's name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub key: Vec<Part>,
    pub version: String,
    pub role: Role,
    /// The dialect the name is restricted to, as written.
    pub dialect: Option<String>,
}

/// Reads a path relative to the migration folder; `None` when it does not follow the grammar.
pub type Shape = fn(&str) -> Option<Step>;

pub(super) fn text(text: &str) -> Part {
    Part::Text(text.to_string())
}

pub(super) fn stem(name: &str) -> Option<&str> {
    let dot = name.len().checked_sub(4)?;
    let (stem, extension) = (name.get(..dot)?, name.get(dot..)?);
    extension.eq_ignore_ascii_case(".sql").then_some(stem)
}

/// `1`, `1.10`, `v2.3`: numbers separated by dots, and nothing else.
pub fn version_numbers(text: &str) -> Option<Vec<u128>> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    text.split('.').map(|part| part.parse().ok().filter(|_| part.len() <= 30 && !part.starts_with('+'))).collect()
}

/// The version that a folder is named for: `v1.10`, `92`, `3.0.0_schema`.
pub fn version_folder(name: &str) -> Option<Vec<u128>> {
    version_numbers(name).or_else(|| {
        let (version, _) = name.split_once(['_', '-'])?;
        version_numbers(version).filter(|numbers| numbers.len() > 1)
    })
}

/// Leading numbers of a name, the length of all of them and of the version among them: the first number with its
/// dotted parts, or all groups of a date (`2023_01_15_120000`).
fn leading(name: &str) -> Option<(Vec<Part>, usize, &str)> {
    let bytes = name.as_bytes();
    let (mut key, mut at, mut version_end) = (Vec::new(), 0, 0);
    let (mut date, mut first) = (false, true);
    loop {
        let length = bytes.get(at..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
        let after = bytes.get(at + length).copied();
        // `0001_2fa`: a number that runs into a word belongs to the words.
        let word = after.is_some_and(|b| b.is_ascii_alphabetic()) && !first;
        if length == 0 || length > 38 || word {
            break;
        }
        key.push(Part::Number(name.get(at..at + length)?.parse().ok()?));
        let dotted = at > 0 && bytes.get(at - 1) == Some(&b'.');
        date = if first { length == 4 } else { date && !dotted && (length == 2 || length == 6 || length == 4) };
        if first || dotted || date {
            version_end = at + length;
        }
        first = false;
        at += length;
        if !after.is_some_and(|b| b"._-".contains(&b)) {
            break;
        }
        at += 1;
    }
    (!first).then_some((key, at.min(name.len()), name.get(..version_end)?))
}

/// `0001_name.sql`, `20240115.sql`, `1.2.0-name.sql`, `V0001.name.sql`.
pub fn numbered(path: &str) -> Option<Step> {
    let name = stem(path).filter(|name| !name.contains('/'))?;
    numbered_stem(name, Role::Up)
}

fn numbered_stem(name: &str, role: Role) -> Option<Step> {
    let digits = name.strip_prefix(['v', 'V']).unwrap_or(name);
    let (mut key, end, version) = leading(digits)?;
    let dialect = engine(digits);
    key.push(text(digits.get(end..).unwrap_or_default()));
    Some(Step { key, version: version.to_string(), role, dialect })
}

/// The engine that a part of the name between dots restricts the file to.
fn engine(name: &str) -> Option<String> {
    name.rsplit('.').find(|part| crate::model::sql::Dialect::named(part).is_some()).map(str::to_string)
}

/// `0001_name.up.sql` and `.down.sql`, with a dialect (`.mysql.up.sql`) where one file per engine exists.
pub fn up_down(path: &str) -> Option<Step> {
    const ENDS: [(&str, Role); 6] = [
        (".up", Role::Up),
        (".down", Role::Down),
        ("_up", Role::Up),
        ("_down", Role::Down),
        (".do", Role::Up),
        (".undo", Role::Down),
    ];
    let name = stem(path).filter(|name| !name.contains('/'))?;
    let (name, role) = ENDS.iter().find_map(|(end, role)| Some((name.strip_suffix(end)?, *role)))?;
    numbered_stem(name, role)
}

/// `V1_9__name.sql`, `R__name.sql`, `U1__name.sql`, `B1__name.sql`, in any sub-folder.
pub fn flyway(path: &str) -> Option<Step> {
    let name = stem(path.rsplit('/').next()?)?;
    let (head, description) = name.split_once("__")?;
    let kind = head.chars().next()?;
    let step = |key, version: String, role| Some(Step { key, version, role, dialect: None });
    if head == "R" {
        return step(vec![text("R"), text(description)], name.to_string(), Role::Repeatable);
    }
    let version = head.strip_prefix(['V', 'U', 'B'])?.replace('_', ".");
    let mut key: Vec<Part> = version_numbers(&version)?.into_iter().map(Part::Number).collect();
    // `1.0` and `1` are the same version to Flyway.
    while key.len() > 1 && key.last() == Some(&Part::Number(0)) {
        key.pop();
    }
    match kind {
        'V' => step(key, version, Role::Up),
        'U' => step(key, version, Role::Down),
        // A baseline holds what the versions up to it have built.
        _ => step(key, version, Role::State),
    }
}

/// As Flyway's, but `U1__name.sql` is a migration that may come late.
pub fn refinery(path: &str) -> Option<Step> {
    let mut step = flyway(path)?;
    if step.role == Role::Down {
        step.role = Role::Up;
    }
    Some(step)
}

fn folder_and_file(path: &str) -> Option<(&str, &str)> {
    path.split_once('/').filter(|(_, file)| !file.contains('/'))
}

fn folder_role(file: &str) -> Option<Role> {
    match file {
        "up.sql" => Some(Role::Up),
        "down.sql" => Some(Role::Down),
        _ => None,
    }
}

/// `2017-09-01-123456_name/up.sql`: Diesel's version is the folder's name up to `_` without hyphens, compared as text.
pub fn diesel(path: &str) -> Option<Step> {
    let (folder, file) = folder_and_file(path)?;
    let version = folder.split('_').next()?.replace('-', "");
    let fits = version.starts_with(|c: char| c.is_ascii_digit());
    fits.then_some(Step { key: vec![text(&version)], version, role: folder_role(file)?, dialect: None })
}

/// `1620000000000_name/up.sql`: milliseconds.
pub fn hasura(path: &str) -> Option<Step> {
    let (folder, file) = folder_and_file(path)?;
    let digits = folder.split('_').next()?;
    let fits = digits.len() == 13 && digits.bytes().all(|b| b.is_ascii_digit());
    let version = digits.to_string();
    fits.then_some(Step {
        key: vec![Part::Number(digits.parse().ok()?)],
        version,
        role: folder_role(file)?,
        dialect: None,
    })
}

/// `20240115_name/migration.sql`: Prisma sorts folder names.
pub fn prisma(path: &str) -> Option<Step> {
    let (folder, file) = folder_and_file(path)?;
    let step = Step { key: vec![text(folder)], version: folder.to_string(), role: Role::Up, dialect: None };
    (file == "migration.sql").then_some(step)
}

/// `name/up.sql`, `name/up02.sql`: numbered parts in a folder for each step.
pub fn parts(path: &str) -> Option<Step> {
    let (folder, file) = folder_and_file(path)?;
    let digits = stem(file)?.strip_prefix("up")?;
    let part: u128 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    let (mut key, end, _) = leading(folder).unwrap_or((Vec::new(), 0, ""));
    key.extend([text(folder.get(end..).unwrap_or_default()), Part::Number(part)]);
    Some(Step { key, version: format!("{folder}/{digits}"), role: Role::Up, dialect: None })
}

/// `v1.10/01_name.sql`, `92/01name.sql`, `3.0.0_schema/mysql/ddl.sql`: a folder for each version, compared as numbers.
pub fn versions(path: &str) -> Option<Step> {
    let (folder, file) = path.split_once('/')?;
    let (dialect, file) = match file.split_once('/') {
        Some((engine, file)) if !file.contains('/') => {
            (Some(crate::model::sql::Dialect::named(engine).map(|_| engine)?), file)
        }
        Some(_) => return None,
        None => (None, file),
    };
    let mut key: Vec<Part> = version_folder(folder)?.into_iter().map(Part::Number).collect();
    // All of `1.1` runs before anything of `1.1.1`.
    key.push(text(""));
    let inner = up_down(file).or_else(|| numbered(file)).or_else(|| names(file))?;
    key.insert(key.len() - 1, Part::Number(0));
    key.extend(inner.key);
    let version = format!("{folder}/{}", inner.version);
    Some(Step { key, version, role: inner.role, dialect: dialect.map(str::to_string).or(inner.dialect) })
}

pub use super::snapshots::{delta, upgrades};

/// Any name, in the order of names.
pub fn names(path: &str) -> Option<Step> {
    let name = stem(path)?;
    Some(Step { key: vec![text(path)], version: name.to_string(), role: Role::Up, dialect: engine(name) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(shape: Shape, paths: &[&str]) -> Vec<String> {
        let mut steps: Vec<_> = paths.iter().map(|p| (shape(p).unwrap_or_else(|| panic!("{p}")).key, *p)).collect();
        steps.sort();
        steps.into_iter().map(|(_, path)| path.to_string()).collect()
    }

    #[test]
    fn orders() {
        let cases: &[(Shape, &[&str])] = &[
            (numbered, &["1_a.sql", "2_b.sql", "10_c.sql"]),
            (numbered, &["1.2.0-a.sql", "1.9.sql", "1.10_b.sql"]),
            (numbered, &["2023_01_15_120000_x.sql", "2023_02_01_000000_a.sql"]),
            (up_down, &["000009_z.up.sql", "000010_a.up.sql"]),
            (up_down, &["V0001.a.up.sql", "V0002.b.up.sql"]),
            (flyway, &["V1__a.sql", "V1_9__b.sql", "V1.10__c.sql", "V2__d.sql", "R__a.sql", "R__b.sql"]),
            (diesel, &["20141231000000_a/up.sql", "2017-09-01-000000_b/up.sql", "2018-01-01-000000-0000_c/up.sql"]),
            (versions, &["v0.9/x.sql", "v1.9/2.sql", "v1.9/10.sql", "v1.10/1.sql"]),
            (versions, &["1.1/z.sql", "1.1.1/a.sql"]),
            (prisma, &["0_init/migration.sql", "20240101_a/migration.sql"]),
            (parts, &["2.0.0/up.sql", "2.0.0/up1.sql", "2.0.0/up02.sql", "10.0.0/up.sql"]),
            (hasura, &["1620000000000_a/up.sql", "1620000000001_a/up.sql"]),
        ];
        for (shape, paths) in cases {
            let mut shuffled: Vec<&str> = paths.to_vec();
            shuffled.reverse();
            assert_eq!(&order(*shape, &shuffled), paths);
        }
    }

    #[test]
    fn versions_roles_and_dialects() {
        let cases: &[(Shape, &str, &str, Role, Option<&str>)] = &[
            (numbered, "0001_2fa_x.sql", "0001", Role::Up, None),
            (numbered, "1.2.3_x.sql", "1.2.3", Role::Up, None),
            (numbered, "2023-01-15-x.sql", "2023-01-15", Role::Up, None),
            (
                up_down,
                "20190100000013000000_client.postgres.up.sql",
                "20190100000013000000",
                Role::Up,
                Some("postgres"),
            ),
            (up_down, "2022_x.mysql.autocommit.down.sql", "2022", Role::Down, Some("mysql")),
            (flyway, "sub/V1_9__x.sql", "1.9", Role::Up, None),
            (flyway, "U2__x.sql", "2", Role::Down, None),
            (diesel, "2017-09-01-123456_x/down.sql", "20170901123456", Role::Down, None),
        ];
        for (shape, path, version, role, dialect) in cases {
            let step = shape(path).unwrap_or_else(|| panic!("{path}"));
            assert_eq!(
                (step.version.as_str(), step.role, step.dialect.as_deref()),
                (*version, *role, *dialect),
                "{path}"
            );
        }
        let refused: &[(Shape, &str)] = &[
            (numbered, "schema.sql"),
            (numbered, "a/1.sql"),
            (up_down, "1_a.sql"),
            (flyway, "1__a.sql"),
            (flyway, "Vx__a.sql"),
            (hasura, "1_a/up.sql"),
            (versions, "va/1.sql"),
        ];
        for (shape, path) in refused {
            assert!(shape(path).is_none(), "{path}");
        }
    }
}
