//! Debt that only MySQL and MariaDB have.

use crate::model::encoding::Encoding;
use crate::model::sql::Dialect;
use crate::rules::finding::Severity::Note;
use crate::rules::rule::{Check, Levels, Rule};

use super::{Case, RULE, columns, tables};

pub static CHARSET_OUTDATED: Rule = Rule {
    id: "charset-outdated",
    title: "Character set that lacks letters",
    levels: Levels::Always(Note),
    message: "`{subject}` is kept in {detail}, which has no place for emojis and many letters: they are refused, or stored as `?`.",
    help: "Use utf8mb4 for new tables (`DEFAULT CHARSET=utf8mb4`; `utf8` is utf8mb3). To convert one that has rows, `ALTER TABLE {entity} CONVERT TO CHARACTER SET utf8mb4;` copies it: use a tool that copies in the background where it is large, and convert the columns that it is joined by together.",
    check: Check::State(|rule, side, found| {
        tables(rule, side, found, |schema, table| {
            if schema.dialect != Dialect::MySql {
                return Vec::new();
            }
            if let Some(charset) = outdated(&table.encoding) {
                return vec![Case::new(table.full_name(), charset, table.key)];
            }
            columns::each(table, |column| {
                let own = column.encoding.charset != table.encoding.charset;
                outdated(&column.encoding).filter(|_| own && columns::is_text(schema, column))
            })
        });
    }),
    page: page!("charset-outdated"),
    ..RULE
};

pub static ENGINE_WITHOUT_TRANSACTIONS: Rule = Rule {
    id: "engine-without-transactions",
    title: "Table without transactions",
    levels: Levels::Always(Note),
    message: "Table `{subject}` is kept by {detail}, which has no transactions and ignores foreign keys: what fails half-way stays half done.",
    help: "Use InnoDB, the default: `ALTER TABLE {subject} ENGINE=InnoDB;` copies the table.",
    check: Check::State(|rule, side, found| {
        tables(rule, side, found, |schema, table| {
            let engine = table.engine.as_deref().filter(|_| schema.dialect == Dialect::MySql);
            let bare = engine.filter(|e| ["myisam", "memory", "heap", "aria", "archive", "csv", "merge"].contains(e));
            bare.map(|engine| Case::new(table.full_name(), engine, table.key)).into_iter().collect()
        });
    }),
    page: page!("engine-without-transactions"),
    ..RULE
};

pub static ZERO_DATE: Rule = Rule {
    id: "zero-date",
    title: "Date of year zero",
    levels: Levels::Always(Note),
    message: "`{subject}` has the default {detail}, which is no date: strict servers refuse it, and many clients read it as null or fail.",
    help: "Let the column be null where there is no date, or give it a real default (`CURRENT_TIMESTAMP`).",
    check: Check::State(|rule, side, found| {
        tables(rule, side, found, |schema, table| {
            columns::each(table, |column| {
                let default = column.default.as_deref().filter(|_| schema.dialect == Dialect::MySql)?;
                default.trim_matches(['\'', '"']).starts_with("0000-00-00").then(|| default.to_string())
            })
        });
    }),
    page: page!("zero-date"),
    ..RULE
};

/// Those that were the default once; what is said on purpose, such as `ascii` for codes, is not meant.
fn outdated(encoding: &Encoding) -> Option<String> {
    let charset = encoding.charset.as_deref()?;
    ["utf8mb3", "latin1", "ucs2"].contains(&charset).then(|| charset.to_string())
}
