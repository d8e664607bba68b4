//! Transactions that a history begins itself: what they take back is undone.

use crate::model::origin::Text;

use super::super::command::{Command, Transaction};
use super::super::cursor::Span;
use super::Replay;

/// An open transaction, or a savepoint in one.
pub struct Mark {
    /// Of a savepoint.
    name: Option<Text>,
    /// Steps that were there before.
    steps: usize,
    path: Vec<Text>,
}

/// Deeper savepoints are not told apart.
const MAX_MARKS: usize = 100;

impl Replay<'_> {
    pub(super) fn transaction(&mut self, transaction: Transaction) {
        let named = |replay: &Self, name: &Text| replay.marks.iter().rposition(|m| m.name.as_ref() == Some(name));
        match transaction {
            // In a transaction it only warns.
            Transaction::Begin if self.marks.is_empty() => self.mark(None),
            Transaction::Begin => {}
            Transaction::Savepoint(name) => self.mark(Some(name)),
            Transaction::Commit => {
                self.settle(0);
                self.leave_transaction();
            }
            Transaction::Rollback => {
                self.roll_back(0);
                self.leave_transaction();
            }
            Transaction::Release(name) => {
                if let Some(at) = named(self, &name) {
                    self.settle(at);
                }
            }
            Transaction::RollbackTo(name) => {
                if let Some(at) = named(self, &name) {
                    self.roll_back(at);
                    self.mark(Some(name));
                }
            }
        }
    }

    fn mark(&mut self, name: Option<Text>) {
        if self.marks.len() < MAX_MARKS {
            self.catalog.keep();
            self.catalog.mark();
            self.marks.push(Mark { name, steps: self.steps.len(), path: self.catalog.search_path.clone() });
        }
    }

    fn settle(&mut self, from: usize) {
        for _ in self.marks.drain(from..) {
            self.catalog.release();
        }
    }

    fn roll_back(&mut self, from: usize) {
        while self.marks.len() > from
            && let Some(mark) = self.marks.pop()
        {
            let marked = self.catalog.marked();
            self.catalog.put_back(marked);
            self.steps.truncate(mark.steps);
            self.catalog.search_path = mark.path;
        }
    }

    fn leave_transaction(&mut self) {
        if let Some(path) = self.session_path.take() {
            self.catalog.search_path = path;
        }
    }

    /// The text ends: what is open stays, as the runner's own transaction ends well.
    pub fn end(&mut self) {
        self.settle(0);
    }

    pub(super) fn set_path(&mut self, path: &[Text], local: bool) {
        let path = self.in_path(path);
        let before = std::mem::replace(&mut self.catalog.search_path, path);
        if local && !self.marks.is_empty() {
            self.session_path.get_or_insert(before);
        }
    }

    /// A search path as the catalogue keeps it.
    pub(super) fn in_path(&self, path: &[Text]) -> Vec<Text> {
        path.iter().filter(|s| ***s != *"$user").map(|s| self.catalog.schema(s)).collect()
    }

    /// `CREATE SCHEMA s CREATE TABLE …`
    pub(super) fn in_schema(&mut self, schema: &Text, commands: Vec<(Span, Command)>) {
        let path = self.in_path(std::slice::from_ref(schema));
        let before = std::mem::take(&mut self.catalog.search_path);
        self.catalog.search_path = path.into_iter().chain(before.iter().cloned()).collect();
        for (span, command) in commands {
            if let Command::Unread { .. } = command {
                self.refused.push(self.origin(span));
            }
            self.carry_out(command, span);
        }
        self.catalog.search_path = before;
    }
}
