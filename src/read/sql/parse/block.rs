//! Code in PL/pgSQL, in SQL and in MySQL's words for routines: its statements, and which of them may not run.
//!
//! Follows blocks and branches from statement to statement; what a condition is worth is never asked.

use crate::model::origin::Text;
use crate::model::sql::Dialect;

use super::super::command::{Command, Run};
use super::super::cursor::Cursor;
use super::super::lex::{Kind, Lexer, Token};
use super::text::{self, HOLE, Values};

/// Words that start a statement worth replaying.
const DDL: &[&str] = &["ALTER", "CREATE", "DROP", "COMMENT", "TRUNCATE", "UPDATE", "DELETE", "INSERT", "RENAME"];
/// Words that end the running of a block, wholly or in part.
const LEAVES: &[&str] = &["RETURN", "RAISE", "EXIT", "CONTINUE", "LEAVE", "ITERATE", "SIGNAL"];
/// The same words where they do not.
const STAYS: &[&str] =
    &["RETURN QUERY", "RETURN NEXT", "RAISE NOTICE", "RAISE INFO", "RAISE WARNING", "RAISE DEBUG", "RAISE LOG"];
/// `DO` in a `DO` body is never met in practice; deeper ones are left alone.
const MAX_DEPTH: usize = 2;

/// The cursor stands behind `DO`.
pub fn block(cursor: &mut Cursor<'_>, depth: usize) -> Command {
    let body = cursor.tokens.iter().find(|t| t.kind == Kind::Str).copied();
    let Some(body) = body.filter(|_| depth < MAX_DEPTH) else { return Command::Other };
    let bytes = cursor.bytes(body);
    let quote = match bytes.first() {
        Some(b'$') => bytes.iter().skip(1).position(|b| *b == b'$').map_or(1, |n| n + 2),
        _ => 1,
    };
    let (start, end) = (body.start + quote, body.end.saturating_sub(quote));
    Command::Block(runs(&cursor.over_bytes(end), start, &Values::default(), depth))
}

/// The statements of the code that begins at `start` and ends where the cursor's bytes end.
pub fn runs(cursor: &Cursor<'_>, start: usize, values: &Values, depth: usize) -> Vec<Run> {
    let tokens: Vec<Token> = Lexer::new(cursor.src, start, cursor.dialect)
        .filter(|t| t.kind != Kind::Comment && t.kind != Kind::Unterminated)
        .collect();
    let code = Cursor { tokens: &tokens, at: 0, ..*cursor };
    let (runs, frames) = (Vec::new(), Vec::new());
    let mut reader = Reader { code, values: values.clone(), assigned: Vec::new(), depth, runs, frames, left: false };
    while !reader.code.done() {
        reader.next();
    }
    reader.runs.retain(|run| run.command != Command::Other);
    reader.runs
}

enum Frame {
    /// `BEGIN`, and how many statements were there before.
    Block(usize),
    /// What may not run: branches, loops, handlers.
    Branch,
}

struct Reader<'a> {
    code: Cursor<'a>,
    /// Of parameters and variables.
    values: Values,
    /// Variables that the code sets.
    assigned: Vec<Text>,
    depth: usize,
    runs: Vec<Run>,
    frames: Vec<Frame>,
    /// Something before may have ended it all.
    left: bool,
}

impl<'a> Reader<'a> {
    /// Reads on from where a statement may start; always goes on.
    fn next(&mut self) {
        let code = &mut self.code;
        if code.take_kind(Kind::End) || code.take_any(&["ELSE", "ATOMIC"]) {
            return;
        }
        if code.take("BEGIN") {
            return self.frames.push(Frame::Block(self.runs.len()));
        }
        if code.take_any(&["IF", "CASE"]) {
            self.frames.push(Frame::Branch);
            return self.skip_behind("THEN");
        }
        if code.take_any(&["ELSIF", "ELSEIF", "WHEN"]) {
            return self.skip_behind("THEN");
        }
        if code.take_any(&["LOOP", "REPEAT"]) {
            return self.repeated();
        }
        if code.take_any(&["FOR", "FOREACH"]) {
            self.assigned.extend(code.peek().and_then(|t| code.identifier(t)));
            self.repeated();
            return self.skip_behind("LOOP");
        }
        if code.take("WHILE") {
            self.repeated();
            let code = &self.code;
            let word = if code.dialect == Dialect::MySql { "DO" } else { "LOOP" };
            return self.skip_behind(word);
        }
        if code.take("EXCEPTION") {
            return self.caught();
        }
        if code.is("END") {
            self.frames.pop();
            self.statement();
            return;
        }
        // `<<label>>` and `label:`
        if code.take_op("<<") {
            code.at += 2;
            return;
        }
        if code.tokens.get(code.at + 1).is_some_and(|t| code.bytes(*t) == b":") {
            code.at += 2;
            return;
        }
        if code.is_any(LEAVES) && !code.is_any(STAYS) {
            self.left = true;
        }
        if code.is("DECLARE") && self.declared() {
            return;
        }
        let statement = self.statement();
        self.assignment(&statement);
        if let Some(command) = self.command(statement) {
            let maybe = self.left || self.frames.iter().any(|f| matches!(f, Frame::Branch));
            self.runs.push(Run { span: statement.whole(), command, maybe });
        }
    }

    /// A loop begins: what is set in the code is known no more.
    fn repeated(&mut self) {
        self.frames.push(Frame::Branch);
        for name in &self.assigned {
            self.values.set(name.clone(), Text::from(HOLE.to_string()));
        }
    }

    /// `x := …`, `SELECT … INTO x` and `SET x = …`.
    fn assignment(&mut self, statement: &Cursor<'a>) {
        let is = |t: &Token, words: &[&str]| statement.over(std::slice::from_ref(t)).is_any(words);
        let op = |t: &Token, ops: &[&[u8]]| t.kind == Kind::Op && ops.contains(&statement.bytes(*t));
        let part = |from: usize, to: usize| statement.over(statement.tokens.get(from..to).unwrap_or_default());
        let all = statement.tokens.len();
        let start = usize::from(statement.is("SET") && statement.dialect == Dialect::MySql);
        let (name, value) = if statement.is("SELECT") {
            let Some(into) = statement.tokens.iter().position(|t| is(t, &["INTO"])) else { return };
            let value = part(1, into);
            let plain = !statement.tokens.iter().any(|t| is(t, &["FROM"])) && value.items().len() == 1;
            let into = into + 1 + usize::from(statement.tokens.get(into + 1).is_some_and(|t| is(t, &["STRICT"])));
            (into, Some(value).filter(|_| plain))
        } else if statement.tokens.get(start + 1).is_some_and(|t| op(t, &[b":=", b"="])) {
            (start, Some(part(start + 2, all)))
        } else {
            return;
        };
        let name = statement.tokens.get(name).and_then(|t| statement.identifier(*t));
        // Variables of the session outlive the code.
        let Some(name) = name.filter(|name| !name.starts_with('@')) else { return };
        let certain = !self.left && !self.frames.iter().any(|f| matches!(f, Frame::Branch));
        let value = value.filter(|_| certain).map(|value| text::value(&value, &self.values));
        self.assigned.push(name.clone());
        self.values.set(name, Text::from(value.unwrap_or_else(|| HOLE.to_string())));
    }

    /// `EXCEPTION`: all of the block may be taken back, and what handles it may not run.
    fn caught(&mut self) {
        let from = match self.frames.pop() {
            Some(Frame::Block(from)) => from,
            _ => 0,
        };
        self.runs.iter_mut().skip(from).for_each(|run| run.maybe = true);
        self.frames.push(Frame::Branch);
    }

    /// `DECLARE`: variables in PL/pgSQL up to `BEGIN`, one statement in MySQL. True when all of it is read.
    fn declared(&mut self) -> bool {
        if self.code.dialect != Dialect::MySql {
            self.code.at += 1;
            while !self.code.done() && !self.code.is("BEGIN") {
                let variable = self.statement();
                let set = |t: &Token| {
                    t.kind == Kind::Op && matches!(variable.bytes(*t), b":=" | b"=")
                        || variable.over(std::slice::from_ref(t)).is("DEFAULT")
                };
                let at = variable.tokens.iter().position(set).unwrap_or(variable.tokens.len());
                let value = variable.over(variable.tokens.get(at + 1..).unwrap_or_default());
                let Some(name) = variable.peek().and_then(|t| variable.identifier(t)) else { continue };
                let value = text::value(&value, &self.values);
                self.values.set(name, Text::from(if value.is_empty() { HOLE.to_string() } else { value }));
            }
            return true;
        }
        let mut probe = self.code;
        while !probe.done() && probe.kind() != Some(Kind::End) && !probe.is("BEGIN") {
            if probe.is("HANDLER") {
                // It goes on after a failure, or ends: what follows may not run as it stands.
                self.left = true;
            }
            probe.at += 1;
        }
        self.code = probe;
        true
    }

    fn skip_behind(&mut self, word: &str) {
        let mut cases = 0usize;
        while !self.code.done() && self.code.kind() != Some(Kind::End) {
            let ends = cases == 0 && self.code.is(word);
            cases += usize::from(self.code.is("CASE"));
            cases = cases.saturating_sub(usize::from(self.code.is("END")));
            self.code.at += 1;
            if ends {
                return;
            }
        }
    }

    /// Takes all up to the delimiter.
    fn statement(&mut self) -> Cursor<'a> {
        let from = self.code.at;
        while !self.code.done() && self.code.kind() != Some(Kind::End) {
            self.code.at += 1;
        }
        let statement = self.code.over(self.code.tokens.get(from..self.code.at).unwrap_or_default());
        self.code.at += 1;
        statement
    }

    fn command(&self, mut statement: Cursor<'a>) -> Option<Command> {
        if statement.is_any(DDL) {
            let filtered = statement.tokens.iter().any(|t| statement.over(std::slice::from_ref(t)).is("WHERE"));
            let command = super::data(statement, filtered);
            return Some(command.unwrap_or_else(|| super::statement(statement, self.depth + 1)));
        }
        if statement.dialect == Dialect::MySql
            && let Some(command) = super::calls::prepared(statement, &self.values)
        {
            return Some(command);
        }
        if statement.take("EXECUTE") {
            statement.take("IMMEDIATE");
            let end = statement.tokens.iter().position(|t| {
                let word = statement.over(std::slice::from_ref(t));
                word.is_any(&["INTO", "USING"])
            });
            let text = statement.over(statement.tokens.get(1..end.unwrap_or(statement.tokens.len()))?);
            return Some(self.executed(&text));
        }
        if statement.take_any(&["SELECT", "PERFORM"]) {
            return Some(super::calls::selected(&statement.remaining(), &self.values));
        }
        if statement.is("CALL") {
            return super::calls::call(&mut statement, &self.values);
        }
        // `x := f()`
        let assigned = statement.tokens.iter().position(|t| statement.bytes(*t) == b":=")?;
        statement.at = assigned + 1;
        Some(super::calls::selected(&statement.remaining(), &self.values))
    }

    /// Text that is executed. Its statements stand at their places where its bytes are its value.
    fn executed(&self, text: &Cursor<'a>) -> Command {
        if let [only] = text.tokens
            && only.kind == Kind::Str
            && self.depth < MAX_DEPTH
        {
            let bytes = text.bytes(*only);
            let doubled = bytes.get(1..bytes.len().saturating_sub(1)).is_some_and(|inner| inner.contains(&b'\''));
            let dollar = bytes.first() == Some(&b'$');
            let tag = bytes.iter().skip(1).position(|b| *b == b'$').map_or(1, |n| n + 2);
            let quote = if dollar { tag } else { 1 };
            if dollar || bytes.first() == Some(&b'\'') && !doubled {
                let inside = text.over_bytes(only.end.saturating_sub(quote));
                return Command::Block(runs(&inside, only.start + quote, &self.values, self.depth + 1));
            }
        }
        Command::Execute(text::value(text, &self.values).into())
    }
}
