//! What a text that is put together at run time comes to, as far as the words around it tell.
//!
//! Tokens of an expression and the values of parameters in, a text with holes out.

use crate::model::origin::Text;

use super::super::cursor::{Cursor, unquote};
use super::super::lex::{Kind, Token};

/// Stands in a text for what is known at run time only. A character of no SQL.
pub const HOLE: char = '\u{e000}';
/// Calls in calls; deeper ones are holes.
const MAX_DEPTH: usize = 8;
/// Longer texts are holes: a text that is joined to itself grows without end.
const MAX_LENGTH: usize = 1 << 18;

/// What the parameters of a routine stand for, by folded name.
#[derive(Debug, Clone, Default)]
pub struct Values(pub Vec<(Text, Text)>);

impl Values {
    pub fn set(&mut self, name: Text, value: Text) {
        match self.0.iter_mut().find(|(n, _)| n.eq_ignore_ascii_case(&name)) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    fn get(&self, name: &str) -> Option<&Text> {
        self.0.iter().rev().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

fn hole() -> String {
    HOLE.to_string()
}

/// Stands for a variable of MySQL's session: its name between two holes.
fn reference(name: &str) -> String {
    format!("{HOLE}{}{HOLE}", name.to_ascii_lowercase())
}

/// Text with the values of variables, one for each that the only variable of a text may have.
pub fn with_variables(text: &str, values: &dyn Fn(&str) -> Option<Vec<Text>>) -> Vec<Text> {
    let mut parts = text.split(HOLE);
    if let (Some(""), Some(name), Some(""), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        && let Some(all) = values(name)
    {
        return all;
    }
    let known = |part: &str| match values(part).as_deref() {
        Some([only]) => only.to_string(),
        _ if part.starts_with('@') => hole(),
        _ => part.to_string(),
    };
    // Between two names of variables stands nothing; a hole of its own ends before what follows.
    let mut told = String::new();
    for (at, part) in text.split(HOLE).enumerate() {
        if told.len() > MAX_LENGTH {
            return vec![Text::from(hole())];
        }
        told.push_str(&if part.is_empty() && at > 0 { String::new() } else { known(part) });
    }
    let lone = text.matches(HOLE).count() != 2 * text.split(HOLE).filter(|p| p.starts_with('@')).count();
    vec![Text::from(if lone { format!("{told}{HOLE}") } else { told })]
}

/// What an expression may come to: its value, or else each statement that is written in it.
pub fn alternatives(expression: &Cursor<'_>, values: &Values) -> Vec<Text> {
    let whole = value(expression, values);
    if whole != hole() {
        return vec![Text::from(whole)];
    }
    let mut found = Vec::new();
    let mut rest = expression.remaining();
    while let Some(token) = rest.peek() {
        let mut probe = rest;
        let text = match token.kind {
            Kind::Str => Some(literal(&rest, token)),
            Kind::Word if probe.take("CONCAT") => {
                let group = probe.group();
                group.ok().map(|g| called("concat", g.items().into_iter().map(|a| at_depth(a, values, 1)).collect()))
            }
            _ => None,
        };
        rest.at = if probe.at > rest.at && text.is_some() { probe.at } else { rest.at + 1 };
        let verb = |text: &String| {
            let word = text.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
            ["ALTER", "CREATE", "DROP", "RENAME", "SELECT", "DO", "UPDATE", "INSERT", "DELETE"].contains(&&*word)
        };
        found.extend(text.filter(verb).map(Text::from));
    }
    if found.is_empty() { vec![Text::from(hole())] } else { found }
}

/// The value of an expression as text.
pub fn value(expression: &Cursor<'_>, values: &Values) -> String {
    at_depth(expression.remaining(), values, 0)
}

fn at_depth(expression: Cursor<'_>, values: &Values, depth: usize) -> String {
    if depth > MAX_DEPTH {
        return hole();
    }
    let mut text = String::new();
    for part in parts(&expression, "||") {
        text.push_str(&term(part, values, depth));
        if text.len() > MAX_LENGTH {
            return hole();
        }
    }
    text
}

/// The parts between an operator outside all parentheses.
fn parts<'a>(expression: &Cursor<'a>, operator: &str) -> Vec<Cursor<'a>> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0usize, 0);
    let mut push = |from: usize, to: usize| parts.push(expression.over(expression.tokens.get(from..to).unwrap_or(&[])));
    for (i, token) in expression.tokens.iter().enumerate() {
        match token.kind {
            Kind::Open | Kind::OpenSquare => depth += 1,
            Kind::Close | Kind::CloseSquare => depth = depth.saturating_sub(1),
            Kind::Op if depth == 0 && expression.bytes(*token) == operator.as_bytes() => {
                push(from, i);
                from = i + 1;
            }
            _ => {}
        }
    }
    push(from, expression.tokens.len());
    parts
}

fn term(term: Cursor<'_>, values: &Values, depth: usize) -> String {
    // A cast leaves the text as it is.
    let mut term = parts(&term, "::").into_iter().next().unwrap_or(term);
    match term.tokens {
        [one] => match one.kind {
            Kind::Str => literal(&term, *one),
            Kind::Number => term.text(*one).into_owned(),
            Kind::Word => match values.get(&term.text(*one)) {
                Some(value) => value.to_string(),
                None if term.bytes(*one).first() == Some(&b'@') => reference(&term.text(*one)),
                None => hole(),
            },
            _ => hole(),
        },
        // Strings on lines of their own are one.
        [first, ..] if first.kind == Kind::Str && term.tokens.iter().all(|t| t.kind == Kind::Str) => {
            term.tokens.iter().map(|t| literal(&term, *t)).collect()
        }
        [first, ..] if first.kind == Kind::Open => match term.group() {
            Ok(inside) if term.done() => at_depth(inside, values, depth + 1),
            _ => hole(),
        },
        _ => {
            let call = term.name().and_then(|name| Ok((name, term.group()?)));
            let Ok((name, arguments)) = call else { return hole() };
            if !term.done() {
                return hole();
            }
            let arguments = arguments.items().into_iter().map(|a| at_depth(a, values, depth + 1));
            called(&name.name.to_ascii_lowercase(), arguments.collect())
        }
    }
}

/// The value of a string literal.
fn literal(cursor: &Cursor<'_>, token: Token) -> String {
    let text = unquote(cursor.bytes(token));
    match cursor.bytes(token).first() {
        Some(b'E' | b'e') => text.replace("\\n", "\n").replace("\\t", "\t").replace("\\'", "'").replace("\\\\", "\\"),
        _ => text,
    }
}

fn quoted(text: &str, quote: char) -> String {
    let doubled = text.replace(quote, &format!("{quote}{quote}"));
    format!("{quote}{doubled}{quote}")
}

/// What the functions give that texts of statements are made with.
fn called(name: &str, arguments: Vec<String>) -> String {
    match (name, arguments.as_slice()) {
        ("format", [pattern, rest @ ..]) => format(pattern, rest),
        ("concat", all) if all.iter().map(String::len).sum::<usize>() <= MAX_LENGTH => all.concat(),
        ("text" | "trim" | "btrim", [one]) => one.clone(),
        ("quote_ident", [one]) => quoted(one, '"'),
        ("quote_literal" | "quote_nullable", [one]) => quoted(one, '\''),
        ("lower", [one]) => one.to_lowercase(),
        ("upper", [one]) => one.to_uppercase(),
        ("replace", [text, from, to]) if !from.is_empty() && !from.contains(HOLE) => {
            let new = text.replace(from.as_str(), to);
            if new.len() > MAX_LENGTH { hole() } else { new }
        }
        _ => hole(),
    }
}

/// `format('… %I …', …)`
fn format(pattern: &str, arguments: &[String]) -> String {
    let mut text = String::new();
    let mut next = 0;
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let (number, behind) = after.split_at(digits);
        let (place, behind) = match behind.strip_prefix('$') {
            Some(behind) => (number.parse::<usize>().ok(), behind),
            None => (None, behind),
        };
        let at = place.map_or(next, |n| n.saturating_sub(1));
        let argument = arguments.get(at).cloned().unwrap_or_else(hole);
        let mut kinds = behind.chars();
        match kinds.next() {
            Some('%') => text.push('%'),
            Some(kind) => {
                next = at + 1;
                match kind {
                    's' => text.push_str(&argument),
                    'I' => text.push_str(&quoted(&argument, '"')),
                    'L' => text.push_str(&quoted(&argument, '\'')),
                    _ => text.push(HOLE),
                }
            }
            None => text.push(HOLE),
        }
        if text.len() > MAX_LENGTH {
            return hole();
        }
        rest = kinds.as_str();
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sql::Dialect;
    use crate::read::sql::lex::Lexer;

    #[test]
    fn texts_put_together() {
        let values = Values(vec![("tbl".into(), "users".into()), ("odd".into(), "A b".into())]);
        let cases = [
            ("'a'", "a"),
            ("'a' || 'b''c'", "ab'c"),
            ("'drop table ' || tbl::text", "drop table users"),
            (
                "format('alter table %I add %s int default %L', tbl, odd, odd)",
                "alter table \"users\" add A b int default 'A b'",
            ),
            ("format('%2$s %1$s 100%%', tbl, 7)", "7 users 100%"),
            ("'x_' || text(TBL) || '_' || quote_ident(odd)", "x_users_\"A b\""),
            ("replace($q$create table thing (id int)$q$, 'thing', tbl)", "create table users (id int)"),
            ("'a' || unknown || (tbl || 'x')", "a\u{e000}usersx"),
            ("pg_sleep(1)", "\u{e000}"),
            ("tbl + 1", "\u{e000}"),
            ("format('%s')", "\u{e000}"),
        ];
        for (text, expected) in cases {
            let tokens: Vec<Token> = Lexer::new(text.as_bytes(), 0, Dialect::Postgres).collect();
            let cursor = Cursor::new(text.as_bytes(), &tokens, Dialect::Postgres);
            assert_eq!(value(&cursor, &values), expected, "{text}");
        }
    }
}
