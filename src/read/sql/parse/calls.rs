//! Calls of routines: `CALL p(…)`, and `f(…)` in the list or the sources of a `SELECT`.

use crate::model::origin::Text;

use super::super::command::{Command, Run};
use super::super::cursor::{Cursor, Name};
use super::super::lex::{Kind, Token};
use super::text::{self, Values};

/// An argument as written: its name where it is given by name, and its value.
pub type Argument = (Option<Text>, Text);

/// The cursor stands in front of `CALL`.
pub fn call(cursor: &mut Cursor<'_>, values: &Values) -> Option<Command> {
    cursor.take("CALL");
    let name = cursor.name().ok()?;
    let arguments = cursor.group().map(|group| arguments(&group, values)).unwrap_or_default();
    Some(Command::Call { name, arguments, procedure: true })
}

fn arguments(group: &Cursor<'_>, values: &Values) -> Vec<Argument> {
    let argument = |mut item: Cursor<'_>| {
        let named = item.tokens.get(1).is_some_and(|t| matches!(item.bytes(*t), b"=>" | b":="));
        let name = if named { item.ident().ok() } else { None };
        item.at += usize::from(named);
        (name, Text::from(text::value(&item.remaining(), values)))
    };
    group.items().into_iter().map(argument).collect()
}

/// What behind the list of a `SELECT` is no part of it.
const BEHIND: &[&str] = &["FROM", "INTO", "WHERE", "GROUP", "ORDER", "LIMIT", "UNION"];

/// The functions that a `SELECT` calls; the cursor is over what stands behind that word.
pub fn selected(cursor: &Cursor<'_>, values: &Values) -> Command {
    let mut depth = 0usize;
    let mut behind = cursor.tokens.len();
    for (i, token) in cursor.tokens.iter().enumerate() {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::Word if depth == 0 && cursor.over(std::slice::from_ref(token)).is_any(BEHIND) => {
                behind = i;
                break;
            }
            _ => {}
        }
    }
    let list = cursor.over(cursor.tokens.get(..behind).unwrap_or_default());
    let mut sources = cursor.over(cursor.tokens.get(behind..).unwrap_or_default());
    while !sources.done() && !sources.is("FROM") {
        sources.at += 1;
    }
    let from = sources.take("FROM");
    let mut found: Vec<(Name, Vec<Argument>)> = Vec::new();
    let mut called = |mut item: Cursor<'_>| -> bool {
        let call = item.name().and_then(|name| Ok((name, item.group()?)));
        let is_call = call.is_ok();
        found.extend(call.ok().map(|(name, group)| (name, arguments(&group, values))));
        is_call
    };
    let function = from && called(sources.remaining());
    // For each row of a table, if it has any.
    let maybe = from && !function || sources.tokens.iter().any(|t| sources.over(std::slice::from_ref(t)).is("WHERE"));
    for item in list.items() {
        called(item);
    }
    let run = |(name, arguments): (Name, Vec<Argument>)| {
        let span = cursor.whole();
        Run { span, command: Command::Call { name, arguments, procedure: false }, maybe }
    };
    match found.is_empty() {
        true => Command::Other,
        false => Command::Block(found.into_iter().map(run).collect()),
    }
}

/// `SET @x = …`, `SELECT … INTO @x`, `PREPARE s FROM …` and `EXECUTE s` of MySQL.
pub fn prepared(mut cursor: Cursor<'_>, values: &Values) -> Option<Command> {
    let ident = |cursor: &mut Cursor<'_>| cursor.ident().ok().map(|name| Text::from(name.to_ascii_lowercase()));
    if cursor.take("PREPARE") {
        let name = ident(&mut cursor)?;
        cursor.require("FROM").ok()?;
        return Some(Command::Variables(vec![(name, text::alternatives(&cursor, values))]));
    }
    if cursor.take("EXECUTE") {
        return Some(Command::ExecuteNamed(ident(&mut cursor)?));
    }
    if cursor.take("SELECT") {
        let into = cursor.tokens.iter().position(|t| cursor.over(std::slice::from_ref(t)).is("INTO"))?;
        let name = cursor.over(cursor.tokens.get(into + 1..)?).ident().ok().filter(|name| name.starts_with('@'))?;
        let list: &[Token] = cursor.tokens.get(cursor.at..into)?;
        let found = text::alternatives(&cursor.over(list), values);
        return Some(Command::Variables(vec![(Text::from(name.to_ascii_lowercase()), found)]));
    }
    if !cursor.take("SET") {
        return None;
    }
    let mut variables = Vec::new();
    for mut item in cursor.items() {
        let name = ident(&mut item).filter(|name| name.starts_with('@') && !name.starts_with("@@"))?;
        if !item.take_op("=") && !item.take_op(":=") {
            return None;
        }
        variables.push((name, text::alternatives(&item.remaining(), values)));
    }
    Some(Command::Variables(variables))
}
