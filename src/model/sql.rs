//! The SQL layer of one source: what replaying its statements gives, and what each migration did on the way.

use std::sync::Arc;

use super::domain::Domain;
use super::encoding::Encoding;
use super::origin::{Origin, Text};

pub use super::named::{Object, ObjectKind};

/// The SQL dialects that are replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Dialect {
    #[default]
    Postgres,
    /// MySQL and MariaDB.
    MySql,
    Sqlite,
}

impl Dialect {
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::MySql => "mysql",
            Self::Sqlite => "sqlite",
        }
    }

    /// The names of each dialect, our own first.
    pub const NAMES: [(Self, &'static [&'static str]); 3] = [
        (Self::Postgres, &["postgres", "postgresql", "postgre", "pg", "pgsql", "psql", "cockroach", "cockroachdb"]),
        (Self::MySql, &["mysql", "mariadb", "maria"]),
        (Self::Sqlite, &["sqlite", "sqlite3"]),
    ];

    /// The dialect of that name, with the usual other spellings.
    pub fn named(name: &str) -> Option<Self> {
        let is = |own: &&str| own.eq_ignore_ascii_case(name);
        Self::NAMES.into_iter().find(|(_, names)| names.iter().any(&is)).map(|(dialect, _)| dialect)
    }
}

/// One SQL source at one revision.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schema {
    /// Folder or file the source was read from.
    pub path: Text,
    pub dialect: Dialect,
    /// `golang-migrate`, `prisma`, `dump` …
    pub layout: &'static str,
    /// Tables, views and materialised views, sorted by schema and name. Revisions that follow one another share them.
    pub tables: Vec<Arc<Table>>,
    /// Enum types, sorted by name.
    pub enums: Vec<EnumType>,
    /// Routines, triggers, policies and others, sorted by kind, name and table.
    pub objects: Vec<Object>,
    /// In the order in which they run; one per file and section. Empty for dumps and schema folders.
    pub migrations: Vec<Arc<Migration>>,
    /// Number of statements met and of those not understood.
    pub statements: usize,
    pub unread: usize,
}

impl Schema {
    /// The table of that name; `schema` is the empty text for the default schema.
    pub fn table(&self, schema: &str, name: &str) -> Option<&Table> {
        let at = self.tables.binary_search_by(|t| (&*t.schema, &*t.name).cmp(&(schema, name)));
        at.ok().and_then(|at| self.tables.get(at)).map(|table| &**table)
    }

    /// The table of that full name. A dot may stand in a name too.
    pub fn named(&self, full: &str) -> Option<&Table> {
        let dots = full.match_indices('.').filter_map(|(at, _)| Some((full.get(..at)?, full.get(at + 1..)?)));
        std::iter::once(("", full)).chain(dots).find_map(|(schema, name)| self.table(schema, name))
    }
}

/// What a dump says that was made from the database that migrations build.
#[derive(Debug, Clone, PartialEq)]
pub struct Dump {
    /// The path of the migrations.
    pub of: Text,
    pub schema: Arc<Schema>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TableKind {
    Table,
    View,
    MaterializedView,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Empty text for the default schema (`public`, `main`, the only MySQL database).
    pub schema: Text,
    /// Unquoted, case folded as the engine does.
    pub name: Text,
    pub kind: TableKind,
    /// In the engine's order.
    pub columns: Vec<Column>,
    pub keys: Vec<Key>,
    pub comment: Option<Text>,
    /// Of MySQL, as said: `innodb`.
    pub engine: Option<Text>,
    /// For columns that say nothing.
    pub encoding: Encoding,
    /// The parent for partitions and inherited tables.
    pub parent: Option<Text>,
    /// Tables a view reads, as far as known: `(table, columns)`; an empty column list means all.
    pub reads: Vec<(Text, Vec<Text>)>,
    /// The statement that created it.
    pub origin: Origin,
    /// The name alone in that statement.
    pub key: Origin,
    /// A statement that may have changed it could not be read.
    pub tainted: bool,
}

impl Table {
    /// `users`, or `crm.users` outside the default schema.
    pub fn full_name(&self) -> String {
        if self.schema.is_empty() { self.name.to_string() } else { format!("{}.{}", self.schema, self.name) }
    }

    /// The name in the statement that created it; the whole statement when it was called something else there.
    pub fn created_at(&self) -> Origin {
        let (key, whole) = (self.key, self.origin);
        let inside = key.file == whole.file && whole.start <= key.start && key.end <= whole.end;
        if inside { key } else { whole }
    }

    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| &*c.name == name)
    }

    pub fn primary_key(&self) -> Option<&Key> {
        self.keys.iter().find(|k| k.kind == KeyKind::Primary)
    }
}

/// How a column gets values that nobody writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Generated {
    #[default]
    No,
    /// `serial`, `AUTO_INCREMENT`, `GENERATED BY DEFAULT AS IDENTITY`, SQLite's integer primary key.
    ByDefault,
    /// `GENERATED ALWAYS AS IDENTITY`.
    Always,
    /// Computed from other columns.
    Computed,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub name: Text,
    /// As the engine's own catalogue prints it (`character varying(255)`, `bigint unsigned`, SQLite as declared).
    pub type_name: Text,
    /// The set of values, `null` included when the column is nullable; CHECKs of the form `IN`, ranges and lengths folded in.
    pub domain: Domain,
    /// What the type alone holds, whatever is checked.
    pub type_domain: Domain,
    pub not_null: bool,
    /// The default expression as written.
    pub default: Option<Text>,
    pub generated: Generated,
    /// What the engine writes into it by itself, as written: the expression of a computed column, `ON UPDATE …` of MySQL.
    pub formula: Option<Text>,
    pub comment: Option<Text>,
    /// Of MySQL's text.
    pub encoding: Encoding,
    /// The last statement part that set what the column is now (an ALTER item, or the definition).
    pub origin: Origin,
    /// The definition that created it.
    pub created: Origin,
    pub tainted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyKind {
    Primary,
    Unique,
    Foreign,
    Check,
    Index,
    Exclude,
}

impl KeyKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Unique => "unique",
            Self::Foreign => "foreign",
            Self::Check => "check",
            Self::Index => "index",
            Self::Exclude => "exclude",
        }
    }
}

/// A key, constraint or index of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// As given, or the name the engine gives.
    pub name: Text,
    pub kind: KeyKind,
    /// Plain columns in order; expressions are left out (see `definition`).
    pub columns: Vec<Text>,
    pub references: Option<ForeignTarget>,
    /// Normalised text: what makes two keys equal apart from their names.
    pub definition: Text,
    /// Index over expressions or with a condition: it covers less than its columns say.
    pub partial: bool,
    /// Unique index (not constraint) when `kind` is `Unique`.
    pub is_index: bool,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ForeignTarget {
    /// As [`Table::full_name`].
    pub table: Text,
    /// Empty when the statement leaves them to the primary key.
    pub columns: Vec<Text>,
    /// Upper case: `CASCADE`, `SET NULL` …; `NO ACTION` when not said.
    pub on_delete: Text,
    pub on_update: Text,
}

#[derive(Debug, Clone, PartialEq)]
pub struct EnumType {
    /// As [`Table::full_name`].
    pub name: Text,
    pub values: Vec<(Text, Origin)>,
    pub origin: Origin,
}

impl EnumType {
    /// True when a column of that type name is of this type; catalogues quote names with capitals.
    pub fn is_named(&self, type_name: &str) -> bool {
        self.name.chars().eq(type_name.chars().filter(|c| *c != '"'))
    }
}

/// One migration (the up part) and what it did.
#[derive(Debug, Clone, PartialEq)]
pub struct Migration {
    /// What the runner sorts and remembers by.
    pub version: Text,
    /// File name without folder.
    pub name: Text,
    /// Path of the file.
    pub path: Text,
    /// Hash of the statements without comments and white space: equal when only those changed.
    pub meaning: u64,
    /// Hash of the bytes.
    pub content: u64,
    /// Whole file.
    pub origin: Origin,
    /// Runs again whenever it changes (Flyway `R__`).
    pub repeatable: bool,
    /// The runner wraps it in a transaction.
    pub transactional: bool,
    /// `Some(true)`: a down part with statements exists; `Some(false)`: the layout has downs and this one is missing or empty.
    pub has_down: Option<bool>,
    /// The file of the down part, or the part of this file.
    pub down: Option<Origin>,
    /// What becomes of the schema when the down part runs behind the up part, where that was asked and can be told.
    pub round_trip: Option<Box<RoundTrip>>,
    pub steps: Vec<Step>,
}

/// What a migration and its way back touch.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RoundTrip {
    /// Before the up part.
    pub before: State,
    /// Between the parts.
    pub between: State,
    /// Behind the down part.
    pub after: State,
    /// What the engine refuses of the down part.
    pub refused: Vec<Step>,
}

/// Some objects of a schema at one moment, sorted by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    pub tables: Vec<Arc<Table>>,
    /// Types that users made, by name.
    pub types: Vec<Text>,
}

/// One thing a statement did, with the state before it known.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub action: Action,
    /// As [`Table::full_name`]; empty when no table is concerned.
    pub table: Text,
    /// The statement, or the item of an ALTER.
    pub origin: Origin,
    /// The table was created by the same migration, or the same statement.
    pub table_is_new: bool,
    /// Inside a `DO` block or behind a condition: it may run.
    pub conditional: bool,
}

/// Why an engine refuses a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Something did not exist, or existed already, at this point of the history.
    Absent,
    /// Something else needs what the statement takes or changes, or the engine never does it.
    Needed,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    CreateTable,
    DropTable {
        cascade: bool,
    },
    RenameTable {
        to: Text,
    },
    AddColumn {
        column: Text,
        not_null: bool,
        has_default: bool,
        volatile_default: bool,
        generated: Generated,
        /// Computed and kept in the row.
        stored: bool,
    },
    DropColumn {
        column: Text,
    },
    RenameColumn {
        from: Text,
        to: Text,
    },
    AlterType {
        column: Text,
        from: Text,
        to: Text,
        from_domain: Box<Domain>,
        to_domain: Box<Domain>,
    },
    SetNotNull {
        column: Text,
        proven: bool,
    },
    DropNotNull {
        column: Text,
    },
    SetDefault {
        column: Text,
    },
    DropDefault {
        column: Text,
    },
    /// `MODIFY` and `CHANGE` do not repeat a part of the definition: `NOT NULL`, `DEFAULT`, `AUTO_INCREMENT`, `ON UPDATE`, `COMMENT`.
    LeaveOut {
        column: Text,
        what: &'static str,
    },
    /// To another place among the columns.
    MoveColumn {
        column: Text,
    },
    /// `ALTER COLUMN … SET EXPRESSION`
    SetExpression {
        column: Text,
    },
    AddKey {
        key: Box<Key>,
        not_valid: bool,
        using_index: bool,
    },
    DropKey {
        name: Text,
        kind: Option<KeyKind>,
    },
    ValidateKey {
        name: Text,
    },
    CreateIndex {
        key: Box<Key>,
        concurrently: bool,
    },
    DropIndex {
        name: Text,
        concurrently: bool,
    },
    CreateView,
    DropView {
        cascade: bool,
    },
    CreateEnum {
        name: Text,
    },
    RenameEnumValue {
        name: Text,
        from: Text,
        to: Text,
    },
    AddEnumValue {
        name: Text,
        value: Text,
    },
    /// `ALTER DOMAIN … SET NOT NULL` (no check) or `ADD CHECK`.
    NarrowDomain {
        name: Text,
        check: Option<Text>,
        not_valid: bool,
    },
    DropType {
        name: Text,
        cascade: bool,
    },
    CreateObject {
        kind: ObjectKind,
        name: Text,
    },
    DropObject {
        kind: ObjectKind,
        name: Text,
        cascade: bool,
    },
    RenameObject {
        kind: ObjectKind,
        from: Text,
        to: Text,
    },
    RowSecurity {
        on: bool,
    },
    /// `ENABLE` and `DISABLE TRIGGER`.
    Triggers {
        on: bool,
    },
    /// Rights on a table taken from somebody; without a table, those on all of them.
    Revoke {
        what: Text,
        whom: Text,
    },
    DropDatabase {
        name: Text,
    },
    Truncate,
    /// `UPDATE` or `DELETE`; `filtered` tells whether it has a `WHERE`.
    Rewrite {
        delete: bool,
        filtered: bool,
        /// Columns that are set to or compared with a text, in PostgreSQL.
        texts: Vec<(Text, Text)>,
        /// Columns that are set to another one of the same row, and that one.
        copies: Vec<(Text, Text)>,
    },
    /// Rows put into a table; the columns that are named, and the table they are copied from.
    Insert {
        columns: Vec<Text>,
        /// What a `SELECT` puts into them, by name: `*`, or nothing where it is computed.
        selected: Vec<Option<Text>>,
        from: Option<Text>,
    },
    /// `SET FOREIGN_KEY_CHECKS`, `PRAGMA foreign_keys`.
    ForeignChecks {
        on: bool,
    },
    /// The engine refuses the statement, which therefore does nothing.
    Refused {
        what: Text,
        /// The column that it is about.
        column: Option<Text>,
        why: Refusal,
    },
    /// `checked`: a valid check may prove that its rows belong there.
    AttachPartition {
        child: Text,
        checked: bool,
    },
    DetachPartition {
        child: Text,
        concurrently: bool,
    },
    /// MySQL's partitions, by their names.
    DropPartition {
        names: Text,
        truncate: bool,
    },
    /// `VACUUM FULL`, `CLUSTER`, `REINDEX` and others that lock, by their words.
    Maintenance {
        what: Text,
    },
    Unread,
    Other,
}
