//! Code that runs: blocks, routines of the history that are called, and texts that are executed.

use std::sync::Arc;

use crate::model::origin::Text;
use crate::model::sql::{Action, ObjectKind};

use super::super::catalog::{Catalog, Id};
use super::super::command::{Command, Named, Routine, Run};
use super::super::cursor::{Cursor, Name, Span};
use super::super::lex::{Kind, Token};
use super::super::parse::{self, HOLE};
use super::super::split;
use super::Replay;

/// How deep routines may call each other.
const MAX_DEPTH: usize = 8;
/// Bytes of code that may be run by calls in one history; behind that nothing is followed.
const MAX_CALLED: usize = 4 << 20;
/// What a call costs besides the bytes of its code.
const CALL: usize = 2_000;
/// How many functions of one name, for other arguments, are kept.
const MAX_SIGNATURES: usize = 16;

/// How many values a variable may have, and how many variables are known.
const MAX_VALUES: usize = 16;
const MAX_VARIABLES: usize = 1_000;

/// A variable of the session, or a prepared text.
#[derive(Debug, Clone, Default)]
pub struct Variable {
    now: Vec<Text>,
    /// What it stood for before a statement that may not have run; in that statement's branch it is past.
    before: Vec<Text>,
}

impl Replay<'_> {
    /// From here on what exists is not known.
    pub(super) fn opaque(&mut self, span: Span) {
        self.catalog.opaque = true;
        self.step(Action::Other, None, span);
    }

    pub(super) fn run(&mut self, runs: Vec<Run>) {
        let before = self.conditional;
        for Run { span, command, maybe } in runs {
            self.conditional = before || maybe;
            match command {
                // Code that is called was read where it stands.
                Command::Unread { table: Some(table), .. } if self.caller.is_some() => self.taint(&table),
                Command::Unread { table: None, .. } if self.caller.is_some() => self.opaque(span),
                command => {
                    if let Command::Unread { .. } = command {
                        self.refused.push(self.origin(span));
                    }
                    self.carry_out(command, span);
                }
            }
        }
        self.conditional = before;
    }

    /// The code of a routine and of those that it stands beside.
    pub(super) fn routines(&self, id: &Id, named: &Named) -> Vec<Arc<Routine>> {
        let mut routines = self.catalog.named.get(id).map(|old| old.routines.clone()).unwrap_or_default();
        let Some(routine) = &named.routine else { return routines };
        let names = |r: &Routine| r.parameters.iter().map(|p| p.name.clone()).collect::<Vec<Text>>();
        routines.retain(|old| names(old) != names(routine));
        if routines.len() < MAX_SIGNATURES {
            routines.push(Arc::new(routine.clone()));
        }
        routines
    }

    pub(super) fn call(&mut self, name: &Name, arguments: &[(Option<Text>, Text)], procedure: bool, span: Span) {
        let kinds = [ObjectKind::Procedure, ObjectKind::Function];
        let known = kinds.iter().find_map(|kind| self.catalog.named.get(&self.named_id(*kind, name, None)));
        let routines = known.map(|state| state.routines.as_slice()).unwrap_or_default();
        let mut fitting: Vec<Arc<Routine>> = routines.iter().filter(|r| r.takes(arguments.len())).cloned().collect();
        let foreign = known.is_none_or(|state| state.routines.is_empty());
        let Some(routine) = fitting.pop() else {
            // A function that is not of this history is the engine's or an extension's.
            return if procedure && foreign { self.opaque(span) } else { self.step(Action::Other, None, span) };
        };
        self.catalog.called = self.catalog.called.saturating_add(routine.body.len() + CALL);
        if self.depth >= MAX_DEPTH || self.catalog.called > MAX_CALLED {
            return self.opaque(span);
        }
        let runs = routine.runs(arguments, self.catalog.dialect);
        let path = routine.path.as_ref().map(|path| self.in_path(path));
        let before = self.catalog.search_path.clone();
        self.catalog.search_path = path.unwrap_or_else(|| before.clone());
        let maybe = self.conditional || !fitting.is_empty();
        self.inside(&routine.body, span, maybe, |inner| inner.run(runs));
        self.catalog.search_path = before;
        self.step(Action::Other, None, span);
    }

    /// Carries out what stands in another text; all of it happens where that is asked for.
    fn inside(&mut self, src: &[u8], span: Span, maybe: bool, act: impl FnOnce(&mut Replay<'_>)) {
        let blank = Catalog::new(self.catalog.dialect);
        let mut inner = Replay {
            catalog: std::mem::replace(&mut self.catalog, blank),
            steps: std::mem::take(&mut self.steps),
            refused: Vec::new(),
            src,
            start: self.start,
            file: self.file,
            pending: self.pending.take(),
            refusal: self.refusal.take(),
            conditional: maybe,
            unordered: self.unordered,
            caller: Some(self.caller.unwrap_or(span)),
            depth: self.depth + 1,
            // Code that runs within a statement can not end its transaction.
            marks: Vec::new(),
            session_path: self.session_path.take(),
            variables: std::mem::take(&mut self.variables),
        };
        act(&mut inner);
        inner.end();
        self.variables = std::mem::take(&mut inner.variables);
        self.session_path = inner.session_path.take();
        (self.catalog, self.steps) = (inner.catalog, inner.steps);
        (self.pending, self.refusal) = (inner.pending, inner.refusal);
    }

    pub(super) fn set_variables(&mut self, variables: Vec<(Text, Vec<Text>)>, span: Span) {
        for (name, texts) in variables {
            let found = texts.iter().flat_map(|t| parse::with_variables(t, &|name| self.values(name)));
            let mut values = Variable { now: found.take(MAX_VALUES).collect(), before: Vec::new() };
            if self.conditional {
                values.before = self.values(&name).unwrap_or_default();
                values.before.truncate(MAX_VALUES);
            }
            if self.variables.len() < MAX_VARIABLES {
                self.variables.insert(name, values);
            }
        }
        self.step(Action::Other, None, span);
    }

    /// What a variable may stand for here.
    fn values(&self, name: &str) -> Option<Vec<Text>> {
        let variable = self.variables.get(name)?;
        let before = variable.before.iter().filter(|_| !self.conditional);
        Some(variable.now.iter().chain(before).cloned().collect())
    }

    /// `EXECUTE s` of what was prepared.
    pub(super) fn execute_named(&mut self, name: &Text, span: Span) {
        let Some(texts) = self.values(name) else { return self.opaque(span) };
        let before = self.conditional;
        self.conditional |= texts.len() > 1;
        for text in texts {
            self.execute(&text, span);
        }
        self.conditional = before;
    }

    pub(super) fn execute(&mut self, text: &str, span: Span) {
        self.catalog.called = self.catalog.called.saturating_add(text.len());
        if self.depth >= MAX_DEPTH || self.catalog.called > MAX_CALLED {
            return self.opaque(span);
        }
        let dialect = self.catalog.dialect;
        let maybe = self.conditional;
        self.inside(text.as_bytes(), span, maybe, |inner| {
            for piece in split::split(text.as_bytes(), dialect).pieces {
                let src = text.as_bytes().get(..piece.end).unwrap_or_default();
                let tokens = super::super::lex::Lexer::new(src, piece.start, dialect);
                let tokens: Vec<Token> = tokens.filter(|t| !matches!(t.kind, Kind::Comment | Kind::End)).collect();
                let cursor = Cursor::new(src, &tokens, dialect);
                let command = parse::data(cursor, piece.filtered).unwrap_or_else(|| parse::statement(cursor, 0));
                let whole = text.get(piece.start..piece.end).unwrap_or_default();
                match whole.contains(HOLE) || matches!(command, Command::Unread { .. }) {
                    true => inner.partly_known(command, span),
                    false => inner.carry_out(command, span),
                }
            }
        });
    }
}
