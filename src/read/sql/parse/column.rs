//! A column definition: name, type, options.

use sqlparser::parser::Parser;

use crate::model::encoding::Encoding;
use crate::model::origin::Text;
use crate::model::sql::{Dialect, Generated, KeyKind};

use super::super::command::{Atom, ColumnDef, DefaultValue, KeyDef, Place, RawType};
use super::super::cursor::{Cursor, Parsed};
use super::super::dialect;
use super::super::lex::Kind;
use super::MAX_PARSED;
use super::constraint::{self, atoms};
use super::encoding;
use super::mentions;
use super::types::raw_type;

/// Words that end a default expression where they stand outside parentheses.
const STOPS: &[&str] = &[
    "NOT",
    "NULL",
    "DEFAULT",
    "PRIMARY",
    "UNIQUE",
    "CHECK",
    "REFERENCES",
    "CONSTRAINT",
    "COLLATE",
    "GENERATED",
    "ON",
    "AUTO_INCREMENT",
    "COMMENT",
    "CHARACTER SET",
    "DEFERRABLE",
    "INITIALLY",
    "STORAGE",
    "INVISIBLE",
    "VISIBLE",
    "AFTER",
    "FIRST",
    "KEY",
    "COMPRESSION",
    "CREATE",
    "FAMILY",
];
/// Options with one word or value behind them that say nothing about values.
const WITH_VALUE: &[&str] = &[
    "COLLATE",
    "CHARACTER SET",
    "CHARSET",
    "STORAGE",
    "COMPRESSION",
    "COLUMN_FORMAT",
    "SRID",
    "INITIALLY",
    "ON CONFLICT",
    "ENGINE_ATTRIBUTE",
    "ENCODE",
    "MATCH",
    "FAMILY",
];
/// Options of their own.
const PLAIN: &[&str] = &[
    "NOT DEFERRABLE",
    "DEFERRABLE",
    "VISIBLE",
    "INVISIBLE",
    "VIRTUAL",
    "NO INHERIT",
    "NOT ENFORCED",
    "ENFORCED",
    "NOT VALID",
    "ASC",
    "DESC",
    "BINARY",
    "UNSIGNED",
    "SIGNED",
    "ZEROFILL",
    "ASCII",
    "UNICODE",
    "NOT VISIBLE",
    "WITHOUT SYSTEM VERSIONING",
    "NULLS NOT DISTINCT",
    "NULLS DISTINCT",
    "CREATE IF NOT EXISTS",
    "CREATE",
];
/// Functions that give the same value for all rows of one statement, or depend on their arguments alone.
const STEADY: &[&str] = &[
    "now",
    "current_timestamp",
    "current_date",
    "current_time",
    "localtimestamp",
    "localtime",
    "transaction_timestamp",
    "statement_timestamp",
    "timezone",
    "date_trunc",
    "date",
    "date_part",
    "extract",
    "to_timestamp",
    "to_char",
    "to_date",
    "coalesce",
    "nullif",
    "lower",
    "upper",
    "trim",
    "concat",
    "length",
    "round",
    "floor",
    "abs",
    "greatest",
    "least",
    "cast",
    "convert",
    "current_setting",
    "jsonb_build_object",
    "json_build_object",
    "jsonb_build_array",
    "json_build_array",
    "array",
    "row",
    "make_interval",
    "interval",
    "json_array",
    "json_object",
    "md5",
    "decode",
    "encode",
    "current_user",
    "session_user",
    "unix_timestamp",
    "strftime",
    "datetime",
    "varchar",
    "char",
    "numeric",
    "decimal",
    "timestamp",
    "timestamptz",
    "time",
    "bit",
    "character",
    "varying",
    "strpos",
    "replace",
    "substring",
    "setweight",
    "to_tsvector",
];

/// Reads a default expression; the cursor stands behind `DEFAULT`.
pub fn default_value(cursor: &mut Cursor<'_>) -> Parsed<DefaultValue> {
    let from = cursor.at;
    cursor.skip_one()?;
    loop {
        let operator = cursor.at > 0 && cursor.tokens.get(cursor.at - 1).is_some_and(|t| t.kind == Kind::Op);
        if cursor.done() || (!operator && cursor.is_any(STOPS)) {
            break;
        }
        cursor.skip_one()?;
    }
    let tokens = cursor.tokens.get(from..cursor.at).unwrap_or_default();
    let mut value = DefaultValue {
        text: cursor.written(from, cursor.at),
        volatile: false,
        sequence: false,
        null: cursor.over(tokens).is("NULL"),
        uses: Vec::new(),
    };
    for pair in tokens.windows(2) {
        let [name, open] = pair else { continue };
        if matches!(name.kind, Kind::Word | Kind::Quoted) && open.kind == Kind::Open {
            let name = cursor.identifier(*name).unwrap_or_else(|| Text::from("")).to_ascii_lowercase();
            value.sequence |= name == "nextval";
            value.volatile |= !STEADY.contains(&name.as_str());
            value.uses.push(Text::from(name));
        }
    }
    if value.sequence
        && let Some(token) = tokens.iter().find(|t| t.kind == Kind::Str)
    {
        let sequence = cursor.identifier(*token).unwrap_or_else(|| Text::from(""));
        let name = sequence.rsplit('.').next().unwrap_or_default().trim_matches('"');
        value.uses.push(Text::from(name));
    }
    Ok(value)
}

/// `$%AUTO_INCREMENT_PRIMARY_KEY%$`: what a runner fills in for all engines says what it stands for.
fn placeholder(cursor: &mut Cursor<'_>) -> bool {
    let word = cursor.peek().map(|t| cursor.bytes(t).to_ascii_uppercase()).unwrap_or_default();
    let found = word.starts_with(b"$%")
        && ["INCREMENT", "PRIMARY"].iter().all(|part| memchr::memmem::find(&word, part.as_bytes()).is_some());
    cursor.at += usize::from(found);
    found
}

/// Reads a whole column definition; the cursor holds nothing else.
pub fn column_def(mut cursor: Cursor<'_>) -> Parsed<ColumnDef> {
    let from = cursor.at;
    let name = cursor.ident()?;
    let typeless = cursor.dialect == Dialect::Sqlite || cursor.is("GENERATED");
    let placed = placeholder(&mut cursor);
    let ty = match cursor.done() {
        _ if placed => super::type_from_text("bigint", cursor.dialect),
        true if !typeless => return cursor.refuse(),
        true => None,
        false => Some(raw_type(&mut cursor)?),
    };
    let mut column = ColumnDef {
        name,
        ty,
        not_null: None,
        default: None,
        generated: Generated::No,
        stored: false,
        encoding: Encoding::default(),
        comment: None,
        keys: Vec::new(),
        uses: Vec::new(),
        needs: Vec::new(),
        formula: None,
        place: Place::Last,
        span: cursor.span(from, cursor.tokens.len()),
    };
    let national = |t: &RawType| ["nchar", "nvarchar", "national"].iter().any(|n| starts(&t.written, n));
    if cursor.dialect == Dialect::MySql && column.ty.as_ref().is_some_and(national) {
        column.encoding.charset = Some(Text::from("utf8mb3"));
    }
    if placed {
        let mut key = KeyDef::new(KeyKind::Primary, column.span);
        (key.columns, key.labels) = (vec![column.name.clone()], vec![column.name.clone()]);
        key.inline = true;
        (column.generated, column.keys) = (Generated::ByDefault, vec![key]);
    }
    while !cursor.done() {
        let before = cursor;
        if option(&mut cursor, &mut column).is_err() || cursor.at == before.at {
            // An option we have no words for: fine when the SQL parser knows the whole definition.
            if second_opinion(&before.over(before.tokens.get(from..).unwrap_or_default())) {
                break;
            }
            return before.refuse();
        }
    }
    Ok(column)
}

fn starts(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

fn second_opinion(item: &Cursor<'_>) -> bool {
    let (start, end) = item.whole();
    if end - start > MAX_PARSED {
        return false;
    }
    let text = String::from_utf8_lossy(item.src.get(start..end).unwrap_or_default());
    let sql = dialect(item.dialect);
    let Ok(mut parser) = Parser::new(&*sql).try_with_sql(&text) else { return false };
    parser.parse_column_def().is_ok() && parser.peek_token_ref().token == sqlparser::tokenizer::Token::EOF
}

fn option(cursor: &mut Cursor<'_>, column: &mut ColumnDef) -> Parsed<()> {
    let from = cursor.at;
    let mut name = None;
    if cursor.take("CONSTRAINT") {
        // MySQL lets the name out before CHECK.
        name = if cursor.is("CHECK") { None } else { Some(cursor.ident()?) };
    }
    let mysql = cursor.dialect == Dialect::MySql;
    let mut key = |cursor: &Cursor<'_>, kind: KeyKind| {
        let mut key = KeyDef::new(kind, cursor.span(from, cursor.at));
        key.name = name.take();
        key.columns = vec![column.name.clone()];
        key.labels = key.columns.clone();
        key.inline = true;
        key
    };
    if cursor.take("NOT NULL") {
        column.not_null = Some(true);
    } else if cursor.take("NULL") {
        column.not_null = Some(false);
    } else if cursor.take("DEFAULT") {
        column.default = Some(default_value(cursor)?);
    } else if cursor.take("PRIMARY KEY") || (mysql && cursor.take("KEY")) {
        cursor.take("USING HASH");
        let made = key(cursor, KeyKind::Primary);
        column.keys.push(made);
    } else if cursor.take("UNIQUE") {
        if mysql {
            cursor.take("KEY");
        }
        let made = key(cursor, KeyKind::Unique);
        column.keys.push(made);
    } else if cursor.take("CHECK") {
        let group = cursor.group()?;
        let mut made = key(cursor, KeyKind::Check);
        made.body = atoms(&group);
        made.needs = mentions::columns(&group);
        made.conditions = constraint::tests(&group);
        made.columns.clear();
        column.keys.push(made);
    } else if cursor.is("REFERENCES") {
        let target = constraint::target(cursor)?;
        let mut made = key(cursor, KeyKind::Foreign);
        made.target = Some(target);
        // MySQL reads inline references and does nothing (MariaDB from 10.5 on honours them).
        column.keys.push(made);
    } else if cursor.take("GENERATED BY DEFAULT AS IDENTITY") || cursor.take("GENERATED BY DEFAULT ON NULL AS IDENTITY")
    {
        column.generated = Generated::ByDefault;
        let _ = cursor.group();
    } else if cursor.take("GENERATED ALWAYS AS IDENTITY") {
        column.generated = Generated::Always;
        let _ = cursor.group();
    } else if cursor.take("GENERATED ALWAYS AS") || cursor.take("AS") {
        let group = cursor.group()?;
        column.needs = mentions::columns(&group);
        column.formula = Some(group.written(0, group.tokens.len()));
        column.uses = match mysql {
            true => column.needs.clone(),
            false => {
                let words = constraint::atoms(&group).into_iter();
                words.filter_map(|a| if let Atom::Word(w) = a { Some(w) } else { None }).collect()
            }
        };
        column.generated = Generated::Computed;
    } else if cursor.take_any(&["STORED", "PERSISTENT"]) {
        column.stored = true;
    } else if cursor.take_any(&["AUTO_INCREMENT", "AUTOINCREMENT"]) {
        column.generated = Generated::ByDefault;
    } else if cursor.take("COMMENT") {
        cursor.take_op("=");
        column.comment = Some(cursor.string()?);
    } else if cursor.take("ON UPDATE") {
        cursor.skip_one()?;
        let _ = cursor.group();
        column.formula = Some(cursor.written(from, cursor.at));
    } else if mysql && cursor.take("FIRST") {
        column.place = Place::First;
    } else if mysql && cursor.take("AFTER") {
        column.place = Place::After(cursor.ident()?);
    } else if encoding::take(cursor, &mut column.encoding) {
    } else if cursor.take("OPTIONS") {
        cursor.group()?;
    } else if cursor.take("USING INDEX TABLESPACE") {
        cursor.ident()?;
    } else if let Some(words) = WITH_VALUE.iter().find(|w| cursor.is(w)) {
        cursor.take(words);
        cursor.take_op("=");
        if matches!(cursor.kind(), Some(Kind::Word | Kind::Quoted)) {
            cursor.name()?;
        } else {
            cursor.skip_one()?;
        }
    } else if !cursor.take_any(PLAIN) {
        return cursor.refuse();
    }
    Ok(())
}

/// The text of a comment option or statement, `None` for `NULL`.
pub fn comment_text(cursor: &mut Cursor<'_>) -> Parsed<Option<Text>> {
    if cursor.take("NULL") { Ok(None) } else { cursor.string().map(Some) }
}
