//! Table constraints and the elements of indexes.

use crate::model::origin::Text;
use crate::model::sql::{Dialect, KeyKind};

use super::super::check;
use super::super::command::{Atom, Condition, KeyDef, Target};
use super::super::cursor::{Cursor, Parsed};
use super::super::lex::{Kind, Token};
use super::mentions;

/// Words that may follow a constraint and change nothing we keep; a value or group may follow some.
const TAIL: &[&str] = &[
    "NOT DEFERRABLE",
    "DEFERRABLE",
    "INITIALLY DEFERRED",
    "INITIALLY IMMEDIATE",
    "NO INHERIT",
    "ENFORCED",
    "NOT ENFORCED",
    "AUTOINCREMENT",
    "CLUSTERED",
    "NONCLUSTERED",
    "VISIBLE",
    "INVISIBLE",
    "NOT VISIBLE",
    "NULLS DISTINCT",
    "IGNORED",
];
const TAIL_VALUE: &[&str] = &[
    "USING INDEX TABLESPACE",
    "TABLESPACE",
    "ON CONFLICT",
    "USING",
    "COMMENT",
    "KEY_BLOCK_SIZE",
    "WITH PARSER",
    "ALGORITHM",
    "LOCK",
    "CLUSTERING",
];
/// Columns that an index holds beside its own; the second and third are CockroachDB's.
const COVERED: &[&str] = &["INCLUDE", "STORING", "COVERING"];
/// Words behind an index element that belong to it.
const ELEMENT: &[&str] = &["ASC", "NULLS LAST"];

/// So many parentheses around an expression are taken off, each with a look at all that stands inside.
const MAX_NESTING: usize = 50;

/// True when the item ahead is a constraint or key, not a column.
pub fn starts(cursor: &Cursor<'_>) -> bool {
    let mysql = cursor.dialect == Dialect::MySql;
    let group_follows = |at: usize| cursor.tokens.get(cursor.at + at).is_some_and(|t| t.kind == Kind::Open);
    cursor.is("CONSTRAINT")
        || cursor.is("PRIMARY KEY")
        || cursor.is("UNIQUE")
        || cursor.is("FOREIGN KEY")
        || cursor.is("CHECK") && group_follows(1)
        || cursor.is("EXCLUDE") && (group_follows(1) || cursor.is("EXCLUDE USING"))
        || mysql && cursor.is_any(&["KEY", "INDEX", "FULLTEXT", "SPATIAL"])
        || inline_index(*cursor)
}

/// `INDEX i (a)` and `FAMILY f (a)` in a table of CockroachDB; columns may have these names, and types in parentheses
/// only numbers.
fn inline_index(mut cursor: Cursor<'_>) -> bool {
    if cursor.dialect != Dialect::Postgres {
        return false;
    }
    if cursor.take_any(&["INVERTED INDEX", "VECTOR INDEX"]) {
        return true;
    }
    let first = cursor.take_any(&["INDEX", "FAMILY"]);
    if first && cursor.kind() != Some(Kind::Open) {
        cursor.at += 1;
    }
    first && cursor.group().is_ok_and(|group| group.tokens.iter().any(|t| matches!(t.kind, Kind::Word | Kind::Quoted)))
}

/// Normalised atoms of an expression: words folded, spaces gone, outer parentheses dropped.
pub fn atoms(cursor: &Cursor<'_>) -> Vec<Atom> {
    let mut inner = cursor.remaining();
    for _ in 0..MAX_NESTING {
        if inner.kind() != Some(Kind::Open) {
            break;
        }
        let mut probe = inner;
        match probe.group() {
            Ok(group) if probe.done() => inner = group,
            _ => break,
        }
    }
    let fold = |text: &str| Text::from(text.to_ascii_lowercase());
    let tokens = inner.tokens.iter();
    tokens
        .map(|t| match t.kind {
            Kind::Word => Atom::Word(fold(&inner.identifier(*t).unwrap_or_default())),
            Kind::Quoted => inner.identifier(*t).map_or(Atom::Other(Text::from("")), Atom::Word),
            Kind::Op if inner.bytes(*t) == b"!=" => Atom::Other(Text::from("<>")),
            _ => Atom::Other(Text::from(inner.text(*t))),
        })
        .collect()
}

/// The tests a CHECK expression makes.
pub fn tests(group: &Cursor<'_>) -> Vec<Condition> {
    let (start, end) = group.whole();
    let text = String::from_utf8_lossy(group.src.get(start..end).unwrap_or_default());
    if group.tokens.is_empty() { Vec::new() } else { check::conditions(&text, group.dialect) }
}

/// Skips what may follow a constraint. Gives whether it is `NOT VALID`.
pub fn tail(cursor: &mut Cursor<'_>) -> Parsed<bool> {
    let mut not_valid = false;
    loop {
        if cursor.take("NOT VALID") {
            not_valid = true;
        } else if cursor.take_any(TAIL) || cursor.take("NULLS NOT DISTINCT") {
        } else if cursor.take_any(COVERED) || cursor.is("WITH") && !cursor.is("WITH PARSER") && cursor.take("WITH") {
            cursor.group()?;
        } else if cursor.take_any(TAIL_VALUE) {
            cursor.take_op("=");
            cursor.skip_one()?;
        } else {
            return Ok(not_valid);
        }
    }
}

/// `REFERENCES t (c) ON DELETE …`.
pub fn target(cursor: &mut Cursor<'_>) -> Parsed<Target> {
    cursor.require("REFERENCES")?;
    let table = cursor.name()?;
    let columns = match cursor.kind() {
        Some(Kind::Open) => columns(&cursor.group()?)?,
        _ => Vec::new(),
    };
    let none = Text::from("NO ACTION");
    let mut target = Target { table, columns, on_delete: none.clone(), on_update: none };
    loop {
        if cursor.take("ON DELETE") {
            target.on_delete = action(cursor)?;
        } else if cursor.take("ON UPDATE") {
            target.on_update = action(cursor)?;
        } else if cursor.take("MATCH") {
            cursor.ident()?;
        } else if !cursor.take_any(TAIL) {
            return Ok(target);
        }
    }
}

fn action(cursor: &mut Cursor<'_>) -> Parsed<Text> {
    for words in ["CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT", "NO ACTION"] {
        if cursor.take(words) {
            if words.starts_with("SET") && cursor.kind() == Some(Kind::Open) {
                cursor.group()?;
            }
            return Ok(Text::from(words));
        }
    }
    cursor.refuse()
}

/// A list of plain column names, each with an order, a length or a collation that does not matter here.
pub fn columns(group: &Cursor<'_>) -> Parsed<Vec<Text>> {
    group.items().into_iter().map(|mut item| item.ident()).collect()
}

/// Reads the elements of an index or unique key into `key`.
pub fn elements(group: &Cursor<'_>, key: &mut KeyDef) -> Parsed<()> {
    let mut plain = true;
    for item in group.items() {
        let mut probe = item;
        let expression = probe.ident().is_err() || matches!(probe.kind(), Some(Kind::Op | Kind::Dot));
        let (mut call, mut part) = (false, false);
        if !expression && probe.kind() == Some(Kind::Open) {
            // `name(10)` is a prefix of a column in MySQL, `lower(name)` a call.
            call = !probe.group().is_ok_and(|inner| inner.tokens.iter().all(|t| t.kind == Kind::Number));
            part = !call;
            key.partial |= part;
        }
        if expression || call {
            key.partial = true;
            plain = false;
            let label = item.peek().filter(|_| call).and_then(|t| item.identifier(t));
            key.labels.push(label.unwrap_or_else(|| Text::from("expr")));
            let tokens = without_settings(&item);
            key.needs.extend(mentions::columns(&item.over(&tokens)));
            continue;
        }
        if let Some(name) = item.peek().and_then(|t| item.identifier(t)) {
            if part {
                key.parts.push(name.clone());
            }
            key.columns.push(name.clone());
            key.labels.push(name);
        }
        while probe.take_any(ELEMENT) {}
        plain &= probe.done();
    }
    if !plain {
        let tokens = without_settings(group);
        key.body = atoms(&group.over(&tokens));
    }
    Ok(())
}

/// The tokens of index elements without the settings of operator classes (`name gin_trgm_ops (siglen = 32)`), which
/// are about no column.
fn without_settings(group: &Cursor<'_>) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::new();
    let mut rest = *group;
    let mut depth = 0usize;
    while let Some(token) = rest.peek() {
        let mut probe = rest;
        let classes = depth == 0
            && matches!(kept.as_slice(), [.., before, class] if before.kind != Kind::Comma && class.kind == Kind::Word);
        let set = |inner: &Cursor<'_>| inner.tokens.get(1).is_some_and(|t| inner.bytes(*t) == b"=");
        if classes && probe.group().is_ok_and(|inner| set(&inner)) {
            rest = probe;
            continue;
        }
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        kept.push(token);
        rest.at += 1;
    }
    kept
}

/// `USING method (elements) INCLUDE (…) WITH (…) WHERE …`; the cursor stands behind the table or key name.
pub fn index_body(cursor: &mut Cursor<'_>, key: &mut KeyDef) -> Parsed<()> {
    let mut method = None;
    if cursor.take("USING") {
        method = Some(cursor.ident()?).filter(|m| !m.eq_ignore_ascii_case("btree"));
    }
    let group = cursor.group()?;
    elements(&group, key)?;
    cursor.take("USING HASH");
    if let Some(method) = method {
        if key.body.is_empty() {
            key.body = atoms(&group);
        }
        key.body.push(Atom::Other(Text::from(format!("using {}", method.to_ascii_lowercase()))));
    }
    let mut distinct = cursor.take("NULLS NOT DISTINCT");
    if cursor.take("INCLUDE") {
        // PostgreSQL names an index by what it carries along, too.
        let carried = columns(&cursor.group()?)?;
        key.labels.extend(carried.iter().cloned());
        key.needs.extend(carried);
    }
    distinct |= cursor.take("NULLS NOT DISTINCT");
    mark(key, distinct.then_some(NULLS_MEET));
    key.not_valid = tail(cursor)?;
    if cursor.take("WHERE") {
        key.partial = true;
        if key.body.is_empty() {
            key.body = atoms(&group);
        }
        key.body.push(Atom::Word(Text::from("where")));
        key.body.extend(atoms(cursor));
        key.needs.extend(mentions::columns(cursor));
        cursor.at = cursor.tokens.len();
    }
    Ok(())
}

/// Reads one table constraint and leaves the cursor behind it.
pub fn table_constraint(cursor: &mut Cursor<'_>) -> Parsed<KeyDef> {
    let from = cursor.at;
    let mut name = None;
    if cursor.take("CONSTRAINT") {
        let unnamed = cursor.is("PRIMARY KEY") || cursor.is("UNIQUE") || cursor.is("FOREIGN KEY") || cursor.is("CHECK");
        name = if unnamed { None } else { Some(cursor.ident()?) };
    }
    let mysql = cursor.dialect == Dialect::MySql;
    let mut key = KeyDef::new(KeyKind::Index, (0, 0));
    if cursor.take("PRIMARY KEY") {
        key.kind = KeyKind::Primary;
        body(cursor, &mut key)?;
    } else if cursor.take("UNIQUE") {
        key.kind = KeyKind::Unique;
        if mysql {
            cursor.take_any(&["KEY", "INDEX"]);
        }
        // CockroachDB's.
        key.is_index = !mysql && cursor.take("INDEX");
        cursor.take("WITHOUT INDEX");
        body(cursor, &mut key)?;
    } else if cursor.take("FOREIGN KEY") {
        key.kind = KeyKind::Foreign;
        if cursor.kind() != Some(Kind::Open) {
            key.name = Some(cursor.ident()?);
        }
        key.columns = columns(&cursor.group()?)?;
        key.target = Some(target(cursor)?);
        key.not_valid = tail(cursor)?;
    } else if cursor.take("CHECK") {
        key.kind = KeyKind::Check;
        let group = cursor.group()?;
        key.body = atoms(&group);
        key.needs = mentions::columns(&group);
        key.conditions = tests(&group);
        key.not_valid = tail(cursor)?;
    } else if cursor.take("EXCLUDE") {
        key.kind = KeyKind::Exclude;
        exclusion(cursor, &mut key)?;
    } else if mysql && cursor.is_any(&["FULLTEXT", "SPATIAL", "KEY", "INDEX"]) {
        let special = special(cursor);
        cursor.take_any(&["KEY", "INDEX"]);
        key.is_index = true;
        body(cursor, &mut key)?;
        mark(&mut key, special);
    } else if inline_index(*cursor) {
        let special = special(cursor);
        cursor.take("INDEX");
        key.is_index = true;
        body(cursor, &mut key)?;
        mark(&mut key, special);
    } else {
        return cursor.refuse();
    }
    key.name = name.or(key.name);
    key.span = cursor.span(from, cursor.at);
    Ok(key)
}

/// `[name] [USING BTREE] (elements) …` or `USING INDEX name`.
fn body(cursor: &mut Cursor<'_>, key: &mut KeyDef) -> Parsed<()> {
    cursor.take_any(&["CLUSTERED", "NONCLUSTERED"]);
    if cursor.is("USING INDEX") && !cursor.is("USING INDEX TABLESPACE") {
        cursor.take("USING INDEX");
        key.using_index = Some(cursor.ident()?);
        key.not_valid = tail(cursor)?;
        return Ok(());
    }
    if cursor.take("IF NOT EXISTS") || (cursor.kind() != Some(Kind::Open) && !cursor.is("USING") && !cursor.is("NULLS"))
    {
        key.name = Some(cursor.ident()?);
    }
    cursor.take("NULLS DISTINCT");
    let distinct = cursor.take("NULLS NOT DISTINCT");
    index_body(cursor, key)?;
    mark(key, distinct.then_some(NULLS_MEET));
    Ok(())
}

/// The words of MySQL and CockroachDB for an index of another method, if one of them is ahead.
pub fn special(cursor: &mut Cursor<'_>) -> Option<&'static str> {
    [
        ("FULLTEXT", "using fulltext"),
        ("SPATIAL", "using spatial"),
        ("INVERTED", "using inverted"),
        ("VECTOR", "using vector"),
    ]
    .into_iter()
    .find(|(w, _)| cursor.take(w))
    .map(|(_, m)| m)
}

/// What makes null equal to null in a unique key.
const NULLS_MEET: &str = "nulls not distinct";

/// An index of another method than most answers other questions, and a key may say more than its columns.
pub fn mark(key: &mut KeyDef, method: Option<&'static str>) {
    let Some(method) = method else { return };
    if key.body.is_empty() {
        let columns: Vec<&str> = key.columns.iter().map(|c| &**c).collect();
        key.body.push(Atom::Word(Text::from(columns.join(", "))));
    }
    key.body.push(Atom::Other(Text::from(method)));
}

fn exclusion(cursor: &mut Cursor<'_>, key: &mut KeyDef) -> Parsed<()> {
    if cursor.take("USING") {
        cursor.ident()?;
    }
    let group = cursor.group()?;
    key.body = atoms(&group);
    for mut item in group.items() {
        if let Ok(name) = item.ident()
            && item.is("WITH")
        {
            key.columns.push(name.clone());
            key.labels.push(name);
        } else {
            key.labels.push(Text::from("expr"));
        }
    }
    key.not_valid = tail(cursor)?;
    if cursor.take("WHERE") {
        let group = cursor.group()?;
        key.body.push(Atom::Word(Text::from("where")));
        key.body.extend(atoms(&group));
        key.needs.extend(mentions::columns(&group));
        key.partial = true;
    }
    tail(cursor).map(|_| ())
}
