//! What the statements of a history ask for, in one vocabulary for all dialects.
//!
//! The recognisers write these values, the replay carries them out. Names are as written (folded, not resolved).

use std::sync::Arc;

use crate::model::encoding::Encoding;
use crate::model::origin::Text;
use crate::model::sql::{Generated, KeyKind, ObjectKind};

use super::cursor::{Name, Span};
use super::lex::Token;

pub use super::keydef::{Condition, KeyDef, Target, Test};

/// A piece of normalised expression text; names stay apart, so that renames reach them.
#[derive(Debug, Clone, PartialEq)]
pub enum Atom {
    /// A word outside quotes or a quoted name, folded.
    Word(Text),
    Other(Text),
}

/// A type as written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RawType {
    pub schema: Option<Text>,
    /// Lower-case words: `character varying`, `timestamp with time zone`, `bigint unsigned`; a user's type folded.
    pub name: String,
    /// What stands in the parentheses, as written.
    pub args: Vec<Text>,
    /// Values of `ENUM(…)` and `SET(…)` of MySQL.
    pub values: Vec<(Text, Span)>,
    pub dimensions: usize,
    /// As written, for engines that keep it so.
    pub written: Text,
}

/// A default expression.
#[derive(Debug, Clone, PartialEq)]
pub struct DefaultValue {
    pub text: Text,
    /// Calls a function that gives a new value for each row.
    pub volatile: bool,
    /// Takes its values from a sequence.
    pub sequence: bool,
    /// `DEFAULT NULL`
    pub null: bool,
    /// Names of functions and sequences in it.
    pub uses: Vec<Text>,
}

/// Where a column goes.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Place {
    #[default]
    Last,
    First,
    After(Text),
}

#[derive(Debug, Clone, PartialEq)]
pub struct ColumnDef {
    pub name: Text,
    pub ty: Option<RawType>,
    pub not_null: Option<bool>,
    pub default: Option<DefaultValue>,
    pub generated: Generated,
    /// Computed and kept in the row.
    pub stored: bool,
    pub encoding: Encoding,
    pub comment: Option<Text>,
    pub keys: Vec<KeyDef>,
    /// Names in the expression of its default, or in that which computes it.
    pub uses: Vec<Text>,
    /// Columns that it is computed from.
    pub needs: Vec<Text>,
    pub formula: Option<Text>,
    pub place: Place,
    /// `AUTOINCREMENT` or `AUTO_INCREMENT` and the like stand in `generated`; from the name to the last option.
    pub span: Span,
}

/// An item of the body of `CREATE TABLE`.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    Column(ColumnDef),
    Key(KeyDef),
    Like {
        table: Name,
        takes: Likeness,
    },
    /// `CONSTRAINT n NOT NULL c` of PostgreSQL 18.
    NotNull(Text),
}

/// What `LIKE other` takes over besides names, types and `NOT NULL`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Likeness {
    pub defaults: bool,
    pub generated: bool,
    pub identity: bool,
    pub constraints: bool,
    pub indexes: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreateTable {
    pub name: Name,
    pub if_not_exists: bool,
    /// `CREATE OR REPLACE TABLE` of MariaDB.
    pub replace: bool,
    pub temporary: bool,
    pub without_rowid: bool,
    pub items: Vec<Item>,
    /// The table that it is a partition of, and of what part.
    pub partition_of: Option<Name>,
    pub bounds: Text,
    /// `PARTITION BY` of PostgreSQL.
    pub partition_by: Option<PartitionKey>,
    pub inherits: Vec<Name>,
    pub comment: Option<Text>,
    pub engine: Option<Text>,
    pub encoding: Encoding,
    pub query: Option<ViewQuery>,
    /// Items that were not understood.
    pub refused: Vec<Span>,
}

/// By what a table is divided.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PartitionKey {
    pub columns: Vec<Text>,
    /// It has more than columns.
    pub expressions: bool,
}

impl CreateTable {
    pub fn new(name: Name) -> Self {
        Self {
            name,
            if_not_exists: false,
            replace: false,
            temporary: false,
            without_rowid: false,
            items: Vec::new(),
            partition_of: None,
            bounds: Text::from(""),
            partition_by: None,
            inherits: Vec::new(),
            comment: None,
            engine: None,
            encoding: Encoding::default(),
            query: None,
            refused: Vec::new(),
        }
    }
}

/// A query that gives columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ViewQuery {
    pub tokens: Vec<Token>,
    pub span: Span,
    /// Column names given in front of the query.
    pub columns: Vec<Text>,
}

/// What a column must be before it is something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Was {
    /// Neither an identity nor computed, and without a default.
    Plain,
    Identity,
    Computed,
}

/// One action of `ALTER TABLE`.
#[derive(Debug, Clone, PartialEq)]
pub enum Alter {
    AddColumn {
        column: Box<ColumnDef>,
        if_not_exists: bool,
    },
    AddKey(Box<KeyDef>),
    DropColumn {
        name: Text,
        if_exists: bool,
        cascade: bool,
    },
    DropKey {
        name: Text,
        kind: Option<KeyKind>,
        if_exists: bool,
        cascade: bool,
    },
    DropPrimaryKey,
    RenameTable(Name),
    RenameColumn {
        from: Text,
        to: Text,
    },
    RenameKey {
        from: Text,
        to: Text,
    },
    SetType {
        column: Text,
        ty: Box<RawType>,
        /// The statement says itself how old values become new ones.
        using: bool,
    },
    SetDefault {
        column: Text,
        default: DefaultValue,
    },
    DropDefault {
        column: Text,
    },
    SetNotNull {
        column: Text,
    },
    DropNotNull {
        column: Text,
    },
    /// `SET EXPRESSION AS (…)`
    SetExpression {
        column: Text,
        formula: Text,
    },
    SetGenerated {
        column: Text,
        generated: Generated,
        was: Was,
        if_exists: bool,
    },
    /// `MODIFY` and `CHANGE` of MySQL.
    Redefine {
        from: Text,
        column: Box<ColumnDef>,
    },
    Validate(Text),
    Attach {
        child: Name,
        bounds: Text,
    },
    Detach {
        child: Name,
        concurrently: bool,
    },
    DropPartition {
        names: Text,
        truncate: bool,
    },
    Inherit(Name),
    NoInherit(Name),
    SetSchema(Text),
    Engine(Text),
    /// Of the table, and of all that is in it.
    Encode {
        encoding: Encoding,
        convert: bool,
    },
    RowSecurity(bool),
    Triggers(bool),
    Comment(Text),
    Maintenance(Text),
    Other,
}

/// A routine, trigger, policy, sequence or extension.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    pub kind: ObjectKind,
    pub name: Name,
    pub table: Option<Name>,
    /// The function of a trigger.
    pub calls: Option<Name>,
    pub detail: Text,
    pub rows: Vec<Text>,
    /// What runs when it is called.
    pub routine: Option<Routine>,
}

/// The code of a function or procedure.
#[derive(Debug, Clone, PartialEq)]
pub struct Routine {
    pub parameters: Vec<Parameter>,
    /// The search path that it sets for itself.
    pub path: Option<Vec<Text>>,
    pub body: Arc<[u8]>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    pub name: Text,
    /// Its value where a call gives none.
    pub default: Option<Text>,
}

/// What stands and what is taken back.
#[derive(Debug, Clone, PartialEq)]
pub enum Transaction {
    Begin,
    Commit,
    Rollback,
    Savepoint(Text),
    RollbackTo(Text),
    Release(Text),
}

/// A statement of code that runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    pub span: Span,
    pub command: Command,
    /// In a branch, or where a failure is caught.
    pub maybe: bool,
}

/// What can be dropped or renamed by name alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    Table,
    View,
    MaterializedView,
    Index,
    Type,
    Domain,
    Schema,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    CreateTable(Box<CreateTable>),
    /// The items with their spans; an item that was refused is `Err`.
    AlterTable {
        object: Object,
        table: Name,
        if_exists: bool,
        items: Vec<(Span, Result<Alter, ()>)>,
    },
    Drop(Drop),
    CreateNamed(Box<Named>),
    DropNamed {
        kind: ObjectKind,
        names: Vec<Name>,
        on: Option<Name>,
        cascade: bool,
    },
    RenameNamed {
        kind: ObjectKind,
        name: Name,
        on: Option<Name>,
        to: Name,
    },
    /// `ALTER SEQUENCE … OWNED BY`.
    OwnSequence {
        name: Name,
        table: Name,
    },
    /// `REVOKE … ON TABLE`; no table stands for all of them.
    Revoke {
        what: Text,
        tables: Vec<Name>,
        whom: Text,
    },
    CreateSchema {
        name: Text,
        if_not_exists: bool,
    },
    /// `SET FOREIGN_KEY_CHECKS` of MySQL, `PRAGMA foreign_keys` of SQLite.
    ForeignChecks(bool),
    RenameTables(Vec<(Name, Name)>),
    CreateIndex {
        table: Name,
        key: Box<KeyDef>,
        if_not_exists: bool,
        concurrently: bool,
    },
    RenameIndex {
        from: Name,
        to: Text,
        if_exists: bool,
    },
    CreateView {
        name: Name,
        materialized: bool,
        replace: bool,
        if_not_exists: bool,
        query: ViewQuery,
    },
    CreateEnum {
        name: Name,
        values: Vec<(Text, Span)>,
        if_not_exists: bool,
    },
    /// A composite, range or other type: its name alone matters.
    CreateType {
        name: Name,
    },
    CreateDomain {
        name: Name,
        base: Box<RawType>,
        not_null: bool,
        keys: Vec<KeyDef>,
    },
    AlterDomain {
        name: Name,
        change: DomainChange,
    },
    AddEnumValue {
        name: Name,
        value: Text,
        before: Option<Text>,
        after: Option<Text>,
        if_not_exists: bool,
    },
    RenameEnumValue {
        name: Name,
        from: Text,
        to: Text,
    },
    RenameType {
        name: Name,
        to: Text,
        /// Said to be a domain.
        domain: bool,
    },
    SetTypeSchema {
        name: Name,
        schema: Text,
    },
    Comment {
        object: Object,
        name: Name,
        column: Option<Text>,
        text: Option<Text>,
    },
    SearchPath {
        path: Vec<Text>,
        /// Up to the end of the transaction.
        local: bool,
    },
    Transaction(Transaction),
    /// Statements in one, for what they make in this schema.
    InSchema {
        schema: Text,
        commands: Vec<(Span, Command)>,
    },
    Use(Text),
    RenameSchema {
        from: Text,
        to: Text,
    },
    DropDatabase(Text),
    Truncate(Vec<Name>),
    Rewrite {
        table: Option<Name>,
        delete: bool,
        filtered: bool,
        texts: Vec<(Text, Text)>,
        copies: Vec<(Text, Text)>,
    },
    Insert {
        table: Option<Name>,
        columns: Vec<Text>,
        /// The columns that a `SELECT` gives: nothing where it computes one.
        selected: Vec<Option<Text>>,
        /// What a `SELECT` reads first.
        from: Option<Name>,
    },
    Maintenance {
        what: Text,
        table: Option<Name>,
    },
    /// Statements of code that runs at once, a `DO` block's or others.
    Block(Vec<Run>),
    /// A routine is called; of a function it need not be known that it is one of the history.
    Call {
        name: Name,
        /// Names where given, and values; what is not known has a hole.
        arguments: Vec<(Option<Text>, Text)>,
        procedure: bool,
    },
    /// Variables of the session, and prepared texts by their names; each may have one of several values.
    Variables(Vec<(Text, Vec<Text>)>),
    ExecuteNamed(Text),
    /// A text is executed; what is not known of it is a hole.
    Execute(Text),
    /// A statement that could not be read although it speaks of this table.
    Unread {
        table: Option<Name>,
        span: Span,
    },
    /// Runs code that is not followed.
    Opaque,
    /// Understood and without effect on the schema.
    Other,
}

/// `DROP TABLE`, `DROP VIEW` and the like.
#[derive(Debug, Clone, PartialEq)]
pub struct Drop {
    pub object: Object,
    pub names: Vec<Name>,
    pub if_exists: bool,
    pub cascade: bool,
    pub concurrently: bool,
    pub on: Option<Name>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum DomainChange {
    NotNull(bool),
    AddKey(Box<KeyDef>),
    DropKey { name: Text, if_exists: bool },
    Other,
}
