//! Commands in, a changed catalogue and the steps of the migration out.
//!
//! Carries on after every command, also when the history contradicts itself: that becomes a `Refused` step. Must
//! not know files, layouts or tokens.

mod allowed;
mod alter;
mod calls;
mod columns;
mod domain;
mod drops;
mod encoding;
mod foreign;
mod inherit;
mod keys;
mod mysql;
mod named;
mod names;
mod objects;
mod partitions;
mod partly;
mod retype;
mod tables;
mod transactions;

use std::collections::BTreeMap;

use crate::model::origin::{FileId, Origin, Text};
use crate::model::sql::{Action, Refusal, Step};

use super::catalog::{Catalog, Id, full_name};
use super::command::{Command, KeyDef};
use super::cursor::{Name, Span};
use transactions::Mark;

/// Tables in which runners remember what they have run: they make them before the first migration.
const RUNNERS_OWN: [&str; 17] = [
    "__diesel_schema_migrations",
    "__drizzle_migrations",
    "_prisma_migrations",
    "_sqlx_migrations",
    "atlas_schema_revisions",
    "databasechangelog",
    "flyway_schema_history",
    "goose_db_version",
    "gorp_migrations",
    "knex_migrations",
    "migrations",
    "pgmigrations",
    "refinery_schema_history",
    "schema_migration",
    "schema_migrations",
    "schema_version",
    "db_migrations",
];

/// Replays commands of one file after another.
pub struct Replay<'a> {
    pub catalog: Catalog,
    pub steps: Vec<Step>,
    /// Items that were not understood, with the relation they belong to.
    pub refused: Vec<Origin>,
    /// The running statement and its first byte in the file: spans are seen from there.
    src: &'a [u8],
    start: usize,
    file: FileId,
    /// Keys that MySQL adds at the end of the running statement.
    pending: Option<Vec<KeyDef>>,
    /// Why the engine refuses the running statement.
    refusal: Option<Step>,
    /// Inside a block that may or may not run.
    conditional: bool,
    /// Files of a wanted state have no order: what one lacks another may bring.
    unordered: bool,
    /// The statement of the history that asked for the code that runs, and how deep in calls that is.
    caller: Option<Span>,
    depth: usize,
    /// Transactions and savepoints that are open.
    marks: Vec<Mark>,
    /// The search path that comes back at the end of the transaction.
    session_path: Option<Vec<Text>>,
    /// Variables of the session and prepared texts.
    variables: BTreeMap<Text, calls::Variable>,
}

impl<'a> Replay<'a> {
    pub fn new(catalog: Catalog) -> Self {
        Self {
            catalog,
            steps: Vec::new(),
            refused: Vec::new(),
            src: &[],
            start: 0,
            file: FileId(0),
            pending: None,
            refusal: None,
            conditional: false,
            unordered: false,
            caller: None,
            depth: 0,
            marks: Vec::new(),
            session_path: None,
            variables: BTreeMap::new(),
        }
    }

    /// Begins a file. The search path does not survive from one file to the next.
    pub fn begin(&mut self, file: FileId, unordered: bool) {
        (self.file, self.unordered) = (file, unordered);
        self.catalog.search_path = vec![Text::from("")];
        self.catalog.checks_foreign = true;
        self.steps = Vec::new();
        self.refused = Vec::new();
    }

    /// Where something stands; for code that is called, where it is called.
    fn origin(&self, span: Span) -> Origin {
        let span = self.caller.unwrap_or(span);
        Origin::new(self.file, self.start + span.0, self.start + span.1)
    }

    fn step(&mut self, action: Action, id: Option<&Id>, span: Span) {
        let table = id.map_or_else(|| Text::from(""), |id| self.catalog.shown(id));
        let table_is_new = id.and_then(|id| self.catalog.relation(id)).is_some_and(|r| r.origin.file == self.file);
        let origin = self.origin(span);
        self.steps.push(Step { action, table, origin, table_is_new, conditional: self.conditional });
    }

    /// What exists at this point is known: nothing that may or may not have run stands before.
    fn certain(&self) -> bool {
        !self.conditional && !self.catalog.opaque && !self.unordered
    }

    /// The history contradicts itself here. Inside a block that may not run at all this says nothing.
    fn mismatch(&mut self, what: String, name: Option<&Name>, span: Span) {
        let table = name.map_or_else(
            || Text::from(""),
            |n| {
                let id = self.catalog.new_id(n);
                full_name(&id.0, &n.name)
            },
        );
        self.refuse_on(table, what, None, Refusal::Absent, span);
    }

    /// A relation lacks what the statement asks for, or has what it brings.
    fn lacks(&mut self, what: String, id: &Id, column: Option<&Text>, span: Span) {
        if self.catalog.relation(id).is_none_or(|r| !r.tainted) {
            self.refuse_on(self.catalog.shown(id), what, column, Refusal::Absent, span);
        }
    }

    /// The engine refuses the statement for what hangs on a relation.
    fn refuse(&mut self, what: String, id: &Id, span: Span) {
        if self.catalog.relation(id).is_none_or(|r| !r.tainted) {
            self.refuse_on(self.catalog.shown(id), what, None, Refusal::Needed, span);
        }
    }

    /// The first reason counts.
    fn refuse_on(&mut self, table: Text, what: String, column: Option<&Text>, why: Refusal, span: Span) {
        if !self.certain() {
            return;
        }
        let origin = self.origin(span);
        let action = Action::Refused { what: Text::from(what), column: column.cloned(), why };
        self.refusal.get_or_insert(Step { action, table, origin, table_is_new: false, conditional: false });
    }

    /// Marks a relation as not wholly known.
    pub fn taint(&mut self, name: &Name) {
        if let Some(id) = self.catalog.find(name)
            && let Some(relation) = self.catalog.relation_mut(&id)
        {
            relation.tainted = true;
        }
    }

    /// Carries out one command; one that the engine refuses changes nothing.
    pub fn apply(&mut self, command: Command, statement: &'a [u8], start: usize) {
        (self.src, self.start) = (statement, start);
        let steps = self.steps.len();
        self.carry_out(command, (0, statement.len()));
        match self.refusal.take() {
            Some(refusal) => {
                self.catalog.undo();
                self.steps.truncate(steps);
                self.steps.push(refusal);
            }
            None => self.catalog.keep(),
        }
    }

    fn carry_out(&mut self, command: Command, span: Span) {
        match command {
            Command::CreateTable(table) => self.create_table(*table, span),
            Command::AlterTable { object, table, if_exists, items } => {
                self.alter_table(object, &table, if_exists, items, span)
            }
            Command::Drop(drop) => self.drop(drop, span),
            Command::CreateNamed(named) => self.create_named(*named, span),
            Command::DropNamed { kind, names, on, cascade } => {
                for name in names {
                    self.drop_named(kind, &name, on.as_ref(), cascade, span);
                }
            }
            Command::RenameNamed { kind, name, on, to } => self.rename_named(kind, &name, on.as_ref(), &to, span),
            Command::OwnSequence { name, table } => self.own_sequence(&name, &table, span),
            Command::Revoke { what, tables, whom } => {
                let action = Action::Revoke { what, whom };
                match tables.is_empty() {
                    true => self.step(action, None, span),
                    false => tables.iter().for_each(|t| self.on_table(action.clone(), Some(t), span)),
                }
            }
            Command::CreateSchema { name, if_not_exists } => self.create_schema(&name, if_not_exists, span),
            Command::ForeignChecks(on) => {
                self.catalog.checks_foreign = on;
                self.step(Action::ForeignChecks { on }, None, span);
            }
            Command::RenameTables(pairs) => {
                for (from, to) in pairs {
                    match self.catalog.find(&from) {
                        Some(id) => self.rename_relation(&id, &to, span),
                        None => self.missing("table", &from, span),
                    }
                }
            }
            Command::CreateIndex { table, key, if_not_exists, concurrently } => {
                self.create_index(&table, *key, if_not_exists, concurrently, span);
            }
            Command::RenameIndex { from, to, if_exists } => self.rename_index(&from, to, if_exists, span),
            Command::CreateView { name, materialized, replace, if_not_exists, query } => {
                self.create_view(&name, materialized, replace, if_not_exists, &query, span);
            }
            Command::CreateEnum { .. }
            | Command::CreateType { .. }
            | Command::CreateDomain { .. }
            | Command::AlterDomain { .. }
            | Command::AddEnumValue { .. }
            | Command::RenameEnumValue { .. }
            | Command::RenameType { .. }
            | Command::SetTypeSchema { .. } => self.type_command(command, span),
            Command::Comment { object: _, name, column, text } => self.comment(&name, column.as_ref(), text, span),
            Command::SearchPath { path, local } => self.set_path(&path, local),
            Command::Transaction(transaction) => self.transaction(transaction),
            Command::InSchema { schema, commands } => self.in_schema(&schema, commands),
            Command::Use(database) => self.use_database(database),
            Command::RenameSchema { from, to } => self.rename_schema(&from, &to, span),
            Command::DropDatabase(name) => self.step(Action::DropDatabase { name }, None, span),
            Command::Truncate(names) => {
                for name in names {
                    self.on_table(Action::Truncate, Some(&name), span);
                }
            }
            Command::Rewrite { table, delete, filtered, texts, copies } => {
                self.on_table(Action::Rewrite { delete, filtered, texts, copies }, table.as_ref(), span);
            }
            Command::Insert { table, columns, selected, from } => {
                let from = from.and_then(|f| self.catalog.find(&f)).map(|id| self.catalog.shown(&id));
                self.on_table(Action::Insert { columns, selected, from }, table.as_ref(), span);
            }
            Command::Maintenance { what, table } => self.maintenance(what, table.as_ref(), span),
            Command::Block(runs) => self.run(runs),
            Command::Call { name, arguments, procedure } => self.call(&name, &arguments, procedure, span),
            Command::Variables(variables) => self.set_variables(variables, span),
            Command::ExecuteNamed(name) => self.execute_named(&name, span),
            Command::Execute(text) => self.execute(&text, span),
            Command::Unread { table, .. } => {
                if let Some(name) = &table {
                    self.taint(name);
                }
                self.on_table(Action::Unread, table.as_ref(), span);
            }
            Command::Opaque => self.opaque(span),
            Command::Other => self.step(Action::Other, None, span),
        }
    }

    /// A step about a table that does not change the schema.
    fn on_table(&mut self, action: Action, name: Option<&Name>, span: Span) {
        let id = name.and_then(|n| self.catalog.find(n));
        self.step(action, id.as_ref(), span);
    }

    /// `REINDEX` names a table or an index.
    fn maintenance(&mut self, what: Text, name: Option<&Name>, span: Span) {
        let table = name.and_then(|n| self.catalog.find(n));
        let id = table.or_else(|| self.catalog.find_index(name?).map(|(_, owner)| owner));
        self.step(Action::Maintenance { what }, id.as_ref(), span);
    }

    fn missing(&mut self, what: &str, name: &Name, span: Span) {
        if !self.catalog.owns_schema(name) || self.may_be_made(&name.name) || RUNNERS_OWN.contains(&&*name.name) {
            return;
        }
        self.mismatch(format!("there is no {what} `{}` at this point of the history", name.name), Some(name), span);
    }
}
