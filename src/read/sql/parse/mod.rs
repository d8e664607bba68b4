//! A statement's tokens in, what it asks for out.
//!
//! A table of first words leads to a recogniser for each kind of statement. Statements about schema items are read
//! item by item; column options, expressions and queries that our words do not cover go to the SQL parser. Must not
//! know what already exists.

mod alter;
mod block;
mod calls;
mod column;
mod constraint;
mod create;
mod encoding;
mod insert;
mod mentions;
mod named;
mod objects;
mod routine;
mod text;
mod types;
mod update;

pub use text::{HOLE, with_variables};

use sqlparser::parser::Parser;

use crate::model::origin::Text;
use crate::model::sql::Dialect;

use super::command::{Command, Object, RawType};
use super::cursor::{Cursor, Parsed};
use super::dialect;
use super::lex::{Kind, Lexer, Token};

/// Longer statements are not handed to the SQL parser.
const MAX_PARSED: usize = 100_000;

/// Kinds of statements without any effect on tables, by their first words.
const OPAQUE: &[&str] = &[
    "BEGIN",
    "START",
    "COMMIT",
    "END",
    "ROLLBACK",
    "SAVEPOINT",
    "RELEASE",
    "ABORT",
    "GRANT",
    "REVOKE",
    "SHOW",
    "EXPLAIN",
    "VALUES",
    "PREPARE",
    "EXECUTE",
    "DEALLOCATE",
    "LOCK",
    "UNLOCK",
    "ANALYZE",
    "ANALYSE",
    "LISTEN",
    "NOTIFY",
    "DISCARD",
    "CHECKPOINT",
    "RESET",
    "LOAD",
    "SECURITY",
    "REASSIGN",
    "FLUSH",
    "PRAGMA",
    "ATTACH",
    "DETACH",
    "DESCRIBE",
    "DESC",
    "HANDLER",
    "KILL",
    "DECLARE",
    "FETCH",
    "MOVE",
    "CLOSE",
    "GO",
    "USE",
    "MERGE",
    "COPY",
    "INSTALL",
    "UNINSTALL",
    "HELP",
    "XA",
    "PURGE",
    "CHANGE MASTER",
    "STOP",
    "DELIMITER",
    "IMPORT",
    "BACKUP",
    "RESTORE",
];
/// The same for `CREATE`, `ALTER` and `DROP`, behind that word.
const OPAQUE_OBJECTS: &[&str] = &[
    "FUNCTION",
    "PROCEDURE",
    "TRIGGER",
    "EXTENSION",
    "POLICY",
    "ROLE",
    "USER",
    "DATABASE",
    "SEQUENCE",
    "AGGREGATE",
    "OPERATOR",
    "CAST",
    "COLLATION",
    "RULE",
    "SERVER",
    "PUBLICATION",
    "SUBSCRIPTION",
    "STATISTICS",
    "EVENT",
    "LANGUAGE",
    "TABLESPACE",
    "CONVERSION",
    "TEXT SEARCH",
    "FOREIGN DATA",
    "ACCESS METHOD",
    "TRANSFORM",
    "DEFAULT PRIVILEGES",
    "LARGE OBJECT",
    "GROUP",
    "SYSTEM",
    "CONSTRAINT TRIGGER",
    "TRUSTED",
    "PROCEDURAL",
    "ROUTINE",
    "LOGFILE",
    "RESOURCE",
    "SCHEMA",
    "OWNED",
    "PACKAGE",
    "INSTANCE",
    "PREPARE",
    "MACRO",
    "RANGE",
    "CHANGEFEED",
    "SCHEDULE",
];

/// What a statement asks for. A statement that is not understood gives [`Command::Unread`].
pub fn statement(cursor: Cursor<'_>, depth: usize) -> Command {
    let mut inner = cursor;
    match read(&mut inner, depth) {
        Ok(command) => command,
        Err(_) if understood_elsewhere(&cursor) => Command::Other,
        Err(refused) => Command::Unread { table: subject(cursor), span: refused.span },
    }
}

/// True when the SQL parser reads a statement that has no effect we could miss: not one about tables.
fn understood_elsewhere(cursor: &Cursor<'_>) -> bool {
    let about_tables = cursor.is_any(&["CREATE", "ALTER", "DROP", "RENAME", "COMMENT"]);
    let (start, end) = cursor.whole();
    if about_tables || end - start > MAX_PARSED {
        return false;
    }
    let text = String::from_utf8_lossy(cursor.src.get(start..end).unwrap_or_default());
    let sql = dialect(cursor.dialect);
    let parsed = Parser::new(&*sql).try_with_sql(&text).and_then(|mut p| p.parse_statement());
    parsed.is_ok()
}

/// True for statements that no length makes interesting: routines, grants and the like.
pub fn is_opaque(mut cursor: Cursor<'_>) -> bool {
    if cursor.take_any(&["CREATE", "ALTER", "DROP"]) {
        cursor.take("OR REPLACE");
        return OPAQUE_OBJECTS.iter().any(|w| cursor.is(w));
    }
    OPAQUE.iter().any(|w| cursor.is(w)) || cursor.is_any(&["SELECT", "WITH", "DO", "SET"])
}

/// The table a refused statement speaks of, as far as its words tell.
pub fn subject(mut cursor: Cursor<'_>) -> Option<super::cursor::Name> {
    cursor.at = 0;
    if !cursor.take_any(&["CREATE", "ALTER", "DROP", "RENAME", "TRUNCATE"]) {
        return None;
    }
    for _ in 0..8 {
        if cursor.take_any(&["TABLE", "VIEW"]) || cursor.take("ON") {
            cursor.take_any(&["IF NOT EXISTS", "IF EXISTS"]);
            cursor.take("ONLY");
            return cursor.name().ok();
        }
        cursor.next()?;
    }
    None
}

/// A type as the SQL parser prints it, read by our words.
pub fn type_from_text(text: &str, dialect: Dialect) -> Option<RawType> {
    let tokens: Vec<Token> = Lexer::new(text.as_bytes(), 0, dialect).collect();
    types::raw_type(&mut Cursor::new(text.as_bytes(), &tokens, dialect)).ok()
}

fn read(cursor: &mut Cursor<'_>, depth: usize) -> Parsed<Command> {
    if cursor.take("CREATE") {
        return create(cursor);
    }
    if cursor.take("ALTER") {
        return alter(cursor);
    }
    if cursor.take("DROP") {
        return drop(cursor);
    }
    if cursor.take("COMMENT ON") {
        return objects::comment(cursor);
    }
    if cursor.take("DO") {
        return Ok(block::block(cursor, depth));
    }
    if cursor.take("RENAME TABLE") || cursor.take("RENAME TABLES") {
        return alter::rename_tables(cursor);
    }
    if cursor.dialect == Dialect::MySql
        && let Some(command) = calls::prepared(*cursor, &text::Values::default())
    {
        return Ok(command);
    }
    if cursor.take("SET") {
        return objects::set(cursor);
    }
    if cursor.is("USE") && cursor.dialect == Dialect::MySql {
        cursor.at += 1;
        return Ok(Command::Use(cursor.ident()?));
    }
    if cursor.dialect == Dialect::Sqlite && cursor.take("PRAGMA FOREIGN_KEYS") {
        return Ok(objects::foreign_keys(cursor));
    }
    if cursor.is_any(&["SELECT", "WITH"])
        && depth == 0
        && let Some(command) = objects::select_into(cursor)
    {
        return Ok(command);
    }
    if cursor.take("WITH") {
        return Ok(Command::Other);
    }
    if cursor.take("SELECT") {
        return Ok(objects::select(cursor));
    }
    if cursor.is("RESET SEARCH_PATH") {
        return Ok(Command::SearchPath { path: vec![Text::from("public")], local: false });
    }
    let mut probe = *cursor;
    if let Some(command) = objects::transaction(&mut probe) {
        return Ok(command);
    }
    if cursor.take("TRUNCATE") {
        return objects::truncate(cursor);
    }
    if let Some(found) = maintenance(cursor)? {
        return Ok(found);
    }
    if cursor.is("CALL") {
        return Ok(calls::call(cursor, &text::Values::default()).unwrap_or(Command::Opaque));
    }
    // PostgreSQL prepares no statements about the schema.
    if cursor.is_any(&["EXECUTE", "EXEC"]) && cursor.dialect != Dialect::Postgres {
        return Ok(Command::Opaque);
    }
    if OPAQUE.iter().any(|w| cursor.is(w)) || cursor.kind() == Some(Kind::Open) || cursor.done() {
        return Ok(Command::Other);
    }
    cursor.refuse()
}

fn create(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let replace = cursor.take("OR REPLACE");
    if cursor.dialect == Dialect::MySql {
        view_options(cursor)?;
    }
    let mut temporary = false;
    while cursor.take_any(&["GLOBAL", "LOCAL", "UNLOGGED", "RECURSIVE", "FOREIGN", "VIRTUAL", "TEMP", "TEMPORARY"]) {
        let word = cursor.at.checked_sub(1).and_then(|i| cursor.tokens.get(i));
        temporary |= word.is_some_and(|t| cursor.bytes(*t).to_ascii_uppercase().starts_with(b"TEMP"));
        if cursor.is("DATA WRAPPER") {
            return Ok(Command::Other);
        }
    }
    if cursor.take("TABLE") {
        return create::table(cursor, temporary, replace);
    }
    if cursor.take("VIEW") {
        return create::view(cursor, false, replace);
    }
    if cursor.take("MATERIALIZED VIEW") {
        return create::view(cursor, true, replace);
    }
    let mut probe = *cursor;
    let unique = probe.take("UNIQUE");
    let special = constraint::special(&mut probe);
    probe.take("CLUSTERED");
    if probe.take("INDEX") {
        *cursor = probe;
        return create::index(cursor, unique, special);
    }
    if cursor.take("TYPE") {
        return objects::create_type(cursor);
    }
    if cursor.take("DOMAIN") {
        return objects::create_domain(cursor);
    }
    if cursor.is("SCHEMA") && cursor.dialect == Dialect::Postgres {
        return objects::create_schema(cursor);
    }
    if let Some(command) = named::create(*cursor).filter(|_| !temporary) {
        return Ok(command);
    }
    if OPAQUE_OBJECTS.iter().any(|w| cursor.is(w)) { Ok(Command::Other) } else { cursor.refuse() }
}

/// `ALGORITHM = … DEFINER = … SQL SECURITY …` in front of the object.
fn view_options(cursor: &mut Cursor<'_>) -> Parsed<()> {
    loop {
        if cursor.take("ALGORITHM") {
            cursor.take_op("=");
            cursor.ident()?;
        } else if cursor.take("DEFINER") {
            cursor.take_op("=");
            cursor.skip_one()?;
            // The account's host: `root`@`%` reads as name, operator, name.
            while matches!(cursor.kind(), Some(Kind::Op | Kind::Quoted | Kind::Str))
                || cursor.peek().is_some_and(|t| cursor.bytes(t).starts_with(b"@"))
                || cursor.kind() == Some(Kind::Open)
            {
                cursor.skip_one()?;
            }
        } else if !cursor.take("SQL SECURITY DEFINER") && !cursor.take("SQL SECURITY INVOKER") {
            return Ok(());
        }
    }
}

const RELATIONS: &[(&str, Object)] = &[
    ("TABLE", Object::Table),
    ("FOREIGN TABLE", Object::Table),
    ("VIEW", Object::View),
    ("MATERIALIZED VIEW", Object::MaterializedView),
];

fn alter(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    if cursor.dialect == Dialect::MySql {
        let mut probe = *cursor;
        view_options(&mut probe)?;
        cursor.take_any(&["IGNORE", "ONLINE", "OFFLINE"]);
        if probe.take("VIEW") {
            return create::view(&mut probe, false, true);
        }
    }
    for (words, object) in RELATIONS {
        if cursor.take(words) {
            return if cursor.is("ALL IN") { Ok(Command::Other) } else { alter::table(cursor, *object) };
        }
    }
    if cursor.take("INDEX") {
        let if_exists = cursor.take("IF EXISTS");
        let from = objects::dropped(cursor)?;
        return match cursor.take("RENAME TO") {
            true => Ok(Command::RenameIndex { from, to: cursor.ident()?, if_exists }),
            false => Ok(Command::Other),
        };
    }
    if cursor.take("TYPE") {
        return objects::alter_type(cursor);
    }
    if cursor.take("DOMAIN") {
        return objects::alter_domain(cursor);
    }
    if cursor.take("SCHEMA") {
        let from = cursor.ident()?;
        return match cursor.take("RENAME TO") {
            true => Ok(Command::RenameSchema { from, to: cursor.ident()? }),
            false => Ok(Command::Other),
        };
    }
    if let Some(command) = named::alter(*cursor) {
        return Ok(command);
    }
    if OPAQUE_OBJECTS.iter().any(|w| cursor.is(w)) { Ok(Command::Other) } else { cursor.refuse() }
}

fn drop(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    const OBJECTS: &[(&str, Object)] = &[
        ("TABLE", Object::Table),
        ("FOREIGN TABLE", Object::Table),
        ("VIEW", Object::View),
        ("MATERIALIZED VIEW", Object::MaterializedView),
        ("INDEX", Object::Index),
        ("TYPE", Object::Type),
        ("DOMAIN", Object::Domain),
        ("SCHEMA", Object::Schema),
    ];
    if cursor.is("TEMPORARY TABLE") {
        cursor.at += 1;
    }
    if cursor.take("DATABASE") || cursor.dialect == Dialect::MySql && cursor.take("SCHEMA") {
        cursor.take("IF EXISTS");
        return Ok(Command::DropDatabase(cursor.ident()?));
    }
    for (words, object) in OBJECTS {
        if cursor.take(words) {
            return objects::drop(cursor, *object);
        }
    }
    if let Some(command) = named::drop(*cursor) {
        return Ok(command);
    }
    if OPAQUE_OBJECTS.iter().any(|w| cursor.is(w)) { Ok(Command::Other) } else { cursor.refuse() }
}

/// Statements that lock or rewrite and change no column.
fn maintenance(cursor: &mut Cursor<'_>) -> Parsed<Option<Command>> {
    if cursor.dialect == Dialect::Postgres && cursor.take("LOCK") {
        return Ok(Some(lock(cursor)?));
    }
    const WORDS: &[&str] = &["VACUUM", "CLUSTER", "REINDEX", "REFRESH MATERIALIZED VIEW", "OPTIMIZE", "REPAIR"];
    let Some(words) = WORDS.iter().find(|w| cursor.is(w)) else { return Ok(None) };
    cursor.take(words);
    let mut what = String::from(*words);
    if *words == "VACUUM" {
        let mut full = cursor.take("FULL");
        if let Ok(options) = cursor.group() {
            full |= options.items().iter().any(|i| i.is("FULL"));
        }
        if full {
            what.push_str(" FULL");
        }
    }
    let options = cursor.group();
    cursor.take_any(&["VERBOSE", "ANALYZE", "LOCAL", "NO_WRITE_TO_BINLOG"]);
    cursor.take_any(&["TABLE", "INDEX", "SCHEMA", "DATABASE", "SYSTEM"]);
    let option = |words| options.is_ok_and(|o| o.items().iter().any(|i| i.is(words)));
    if cursor.take("CONCURRENTLY") || option("CONCURRENTLY") {
        what.push_str(" CONCURRENTLY");
    }
    let mut table = cursor.name().ok();
    // `CLUSTER index ON table`, as it was once written.
    if cursor.take("ON") {
        table = cursor.name().ok();
    }
    Ok(Some(Command::Maintenance { what: Text::from(what), table }))
}

/// The cursor stands behind `LOCK`; modes that let others write are left out.
fn lock(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    cursor.take("TABLE");
    cursor.take("ONLY");
    let table = Some(cursor.name()?);
    while !cursor.done() && !cursor.is("IN") {
        cursor.skip_one()?;
    }
    let weak = ["IN ACCESS SHARE", "IN ROW SHARE", "IN ROW EXCLUSIVE", "IN SHARE UPDATE EXCLUSIVE"];
    if cursor.is_any(&weak) {
        return Ok(Command::Other);
    }
    Ok(Command::Maintenance { what: Text::from("LOCK TABLE"), table })
}

/// What a data statement does; `first` is its first word. The statement was not tokenised further than its head.
pub fn data(mut cursor: Cursor<'_>, filtered: bool) -> Option<Command> {
    if cursor.is("WITH") {
        let mut depth = 0usize;
        let verb = cursor.tokens.iter().position(|t| {
            match t.kind {
                Kind::Open => depth += 1,
                Kind::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            let word = cursor.over(std::slice::from_ref(t));
            depth == 0 && word.is_any(&["INSERT", "UPDATE", "DELETE", "SELECT", "MERGE"])
        });
        match verb {
            Some(at) => cursor.at = at,
            None => return Some(Command::Other),
        }
        if cursor.is("SELECT") {
            return None;
        }
    }
    if cursor.take_any(&["INSERT", "REPLACE", "UPSERT"]) {
        return Some(insert::insert(&mut cursor));
    }
    let delete = cursor.is("DELETE");
    if cursor.take_any(&["UPDATE", "DELETE"]) {
        let table = objects::data_table(&mut cursor);
        let copies = if delete { Vec::new() } else { update::copies(&cursor) };
        return Some(Command::Rewrite { table, delete, filtered, texts: update::texts(&cursor), copies });
    }
    if cursor.take("COPY") {
        let table = cursor.name().ok();
        return Some(Command::Insert { table, columns: Vec::new(), selected: Vec::new(), from: None });
    }
    if cursor.take("REVOKE") {
        return Some(named::revoke(cursor).unwrap_or(Command::Other));
    }
    let opaque = cursor.is_any(&["GRANT", "VALUES", "MERGE"]);
    opaque.then_some(Command::Other)
}
