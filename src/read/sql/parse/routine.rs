//! Functions and procedures: what runs when one is called.

use std::sync::Arc;

use crate::model::origin::Text;
use crate::model::sql::Dialect;

use super::super::command::{Parameter, Routine, Run};
use super::super::cursor::{Cursor, unquote};
use super::super::lex::{Kind, Token};
use super::block;
use super::calls::Argument;
use super::text::{self, HOLE, Values};

/// Longer bodies are not followed.
const MAX_BODY: usize = 1 << 18;
/// Words between the parameters of a MySQL procedure and its body.
const CHARACTERISTICS: &[&str] = &[
    "LANGUAGE SQL",
    "NOT DETERMINISTIC",
    "DETERMINISTIC",
    "CONTAINS SQL",
    "NO SQL",
    "READS SQL DATA",
    "MODIFIES SQL DATA",
    "SQL SECURITY DEFINER",
    "SQL SECURITY INVOKER",
];

/// The cursor stands behind the routine's name. `None` when its code is in a language that is not followed.
pub fn routine(mut cursor: Cursor<'_>) -> Option<Routine> {
    let parameters = cursor.group().map(|group| group.items()).unwrap_or_default();
    let parameters = parameters.into_iter().filter_map(parameter).collect();
    if cursor.dialect == Dialect::MySql {
        while cursor.take_any(CHARACTERISTICS) || cursor.take("COMMENT") && cursor.next().is_some() {}
        let (start, end) = cursor.span(cursor.at, cursor.tokens.len());
        let body = cursor.src.get(start..end).filter(|body| body.len() <= MAX_BODY)?;
        return Some(Routine { parameters, path: None, body: Arc::from(body) });
    }
    let (mut language, mut path, mut body) = (None, None, None);
    while !cursor.done() {
        if cursor.take("LANGUAGE") {
            language = cursor.peek().and_then(|t| cursor.identifier(t));
        } else if cursor.take("SET SEARCH_PATH") {
            path = super::objects::search_path(&mut cursor);
        } else if cursor.take("AS") {
            body = cursor.peek().filter(|t| t.kind == Kind::Str).map(|t| unquote(cursor.bytes(t))).or(body);
        } else {
            cursor.at += 1;
        }
    }
    let followed = language.is_some_and(|l| l.eq_ignore_ascii_case("plpgsql") || l.eq_ignore_ascii_case("sql"));
    let body = body.filter(|body| followed && body.len() <= MAX_BODY)?;
    Some(Routine { parameters, path, body: Arc::from(body.into_bytes()) })
}

/// One parameter; none for what only comes out.
fn parameter(mut item: Cursor<'_>) -> Option<Parameter> {
    if item.take("OUT") {
        return None;
    }
    item.take_any(&["INOUT", "IN", "VARIADIC"]);
    let starts = |t: &Token| {
        let word = item.over(std::slice::from_ref(t));
        word.is("DEFAULT") || t.kind == Kind::Op && matches!(item.bytes(*t), b"=" | b":=")
    };
    let default = item.tokens.iter().position(starts);
    let default = default.and_then(|at| item.tokens.get(at + 1..)).map(|tokens| item.over(tokens));
    let default = default.map(|expression| Text::from(text::value(&expression, &Values::default())));
    Some(Parameter { name: item.ident().ok()?, default })
}

impl Routine {
    /// True when it can be called with so many arguments.
    pub fn takes(&self, arguments: usize) -> bool {
        let needed = self.parameters.iter().filter(|p| p.default.is_none()).count();
        (needed..=self.parameters.len()).contains(&arguments)
    }

    /// What runs when it is called.
    pub fn runs(&self, arguments: &[Argument], dialect: Dialect) -> Vec<Run> {
        let mut values = Values(Vec::new());
        for (at, parameter) in self.parameters.iter().enumerate() {
            let by_name = arguments.iter().find(|(name, _)| name.as_ref() == Some(&parameter.name));
            let value = by_name.or_else(|| arguments.get(at).filter(|(name, _)| name.is_none()));
            let value = value.map(|(_, value)| value).or(parameter.default.as_ref()).cloned();
            let value = value.unwrap_or_else(|| Text::from(HOLE.to_string()));
            values.0.push((parameter.name.clone(), value.clone()));
            values.0.push((Text::from(format!("${}", at + 1)), value));
        }
        block::runs(&Cursor::new(&self.body, &[], dialect), 0, &values, 0)
    }
}
