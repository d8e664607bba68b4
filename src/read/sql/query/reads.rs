//! The relations that a query reads, found by its words, which no nesting can defeat.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::origin::Text;

use super::super::catalog::{Catalog, Id};
use super::super::cursor::Cursor;
use super::super::lex::Kind;
use super::{MAX_TOKENS, Reads};

/// A long query without its conditions, which change no column; `None` when that does not make it short.
pub fn without_conditions(cursor: &Cursor<'_>) -> Option<Cow<'static, str>> {
    const NEXT: [&str; 10] =
        ["GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "FETCH", "OFFSET", "UNION", "EXCEPT", "INTERSECT"];
    let mut at = *cursor;
    // The depth of parentheses, and that in which a condition stands.
    let (mut depth, mut condition) = (0usize, None);
    let mut text = String::new();
    let mut kept = 0;
    while let Some(token) = at.peek() {
        depth += usize::from(token.kind == Kind::Open);
        let over = token.kind == Kind::Close || at.is_any(&NEXT);
        condition = condition.filter(|inside| *inside < depth || *inside == depth && !over);
        condition = condition.or_else(|| at.is("WHERE").then_some(depth));
        depth = depth.saturating_sub(usize::from(token.kind == Kind::Close));
        if condition.is_none() {
            text.push_str(&at.text(token));
            let apart = at.tokens.get(at.at + 1).is_some_and(|next| next.start > token.end);
            text.push_str(if apart { " " } else { "" });
            kept += 1;
        }
        at.at += 1;
    }
    (kept <= MAX_TOKENS).then_some(Cow::Owned(text))
}

/// True when a `*` may stand for columns.
pub fn has_star(cursor: &Cursor<'_>) -> bool {
    cursor.tokens.iter().any(|t| t.kind == Kind::Op && cursor.bytes(*t) == b"*")
}

/// The relations behind `FROM` and `JOIN`, each with those of its columns that the query mentions by name.
pub fn reads(catalog: &Catalog, cursor: &Cursor<'_>) -> Reads {
    // With the names that it goes by.
    let mut found: Vec<(Id, BTreeSet<Text>)> = Vec::new();
    // Each word, with what stands before a dot in front of it.
    let mut words: BTreeMap<Text, BTreeSet<Option<Text>>> = BTreeMap::new();
    let mut list = false;
    let mut at = *cursor;
    let (mut last, mut dot): (Option<Text>, bool) = (None, false);
    while let Some(token) = at.peek() {
        let word = matches!(token.kind, Kind::Word | Kind::Quoted).then(|| at.identifier(token)).flatten();
        let word = word.map(|name| catalog.fold(&name));
        if let Some(name) = &word {
            words.entry(name.clone()).or_default().insert(last.take().filter(|_| dot));
        }
        let is_dot = at.bytes(token) == b".";
        (last, dot) = (word.or(last.filter(|_| is_dot)), is_dot);
        if at.is("FROM") || at.is("JOIN") || (list && token.kind == Kind::Comma) {
            list = !at.is("JOIN") || list;
            at.at += 1;
            at.take("ONLY");
            while at.take_kind(Kind::Open) {}
            let mut probe = at;
            if let Ok(name) = probe.name()
                && probe.kind() != Some(Kind::Open)
                && let Some(id) = catalog.find(&name)
            {
                let names = [catalog.fold(&name.name)].into_iter().chain(alias(catalog, probe));
                match found.iter_mut().find(|(known, _)| *known == id) {
                    Some((_, known)) => known.extend(names),
                    None => found.push((id, names.collect())),
                }
            }
            continue;
        }
        if token.kind == Kind::Open || token.kind == Kind::Close || at.is("WHERE") || at.is("SELECT") {
            list = false;
        }
        at.at += 1;
    }
    // What stands before a dot and is the name of no relation says nothing: a query in parentheses, a schema.
    let known: BTreeSet<Text> = found.iter().flat_map(|(_, names)| names.clone()).collect();
    let mut having: BTreeMap<&Text, usize> = BTreeMap::new();
    let columns = |id: &Id| catalog.relation(id).map(|r| r.columns.as_slice()).unwrap_or_default();
    for column in found.iter().flat_map(|(id, _)| columns(id)) {
        *having.entry(&column.name).or_default() += 1;
    }
    // A word alone is the column of the only relation that has one of that name; which of several is not told by words.
    let used = |names: &BTreeSet<Text>, column: &Text| {
        let before = words.get(&catalog.fold(column));
        let fits = |b: &Text| names.contains(b) || !known.contains(b);
        let alone = having.get(column) == Some(&1);
        before.is_some_and(|before| before.iter().any(|b| b.as_ref().map_or(alone, fits)))
    };
    let read = found.iter().map(|(id, names)| {
        let columns = columns(id).iter().filter(|c| used(names, &c.name)).map(|c| c.name.clone()).collect();
        (id.clone(), columns)
    });
    read.collect()
}

/// The name that a relation is given behind its own.
fn alias(catalog: &Catalog, mut at: Cursor<'_>) -> Option<Text> {
    at.take("AS");
    let token = at.peek().filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted))?;
    let clause =
        ["ON", "USING", "WHERE", "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "GROUP", "ORDER"];
    let next = clause.iter().chain(&["HAVING", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "WINDOW", "FETCH", "FOR"]);
    let is_clause = token.kind == Kind::Word && next.into_iter().any(|word| at.is(word));
    at.identifier(token).filter(|_| !is_clause).map(|name| catalog.fold(&name))
}
