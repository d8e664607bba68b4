//! `CHARACTER SET` and `COLLATE` of MySQL, at tables and columns.

use crate::model::encoding::Encoding;
use crate::model::origin::Text;
use crate::model::sql::Dialect;

use super::super::cursor::Cursor;
use super::super::lex::Kind;

/// Takes one such setting, if one is ahead.
pub fn take(cursor: &mut Cursor<'_>, encoding: &mut Encoding) -> bool {
    let mut probe = *cursor;
    if probe.dialect != Dialect::MySql {
        return false;
    }
    probe.take("DEFAULT");
    let charset = probe.take_any(&["CHARACTER SET", "CHARSET"]);
    if !charset && !probe.take("COLLATE") {
        return false;
    }
    probe.take_op("=");
    let named = probe.peek().filter(|t| matches!(t.kind, Kind::Word | Kind::Quoted | Kind::Str));
    let Some(name) = named.and_then(|t| probe.identifier(t)).map(|n| n.to_ascii_lowercase()) else { return false };
    probe.at += 1;
    *cursor = probe;
    // `CONVERT TO CHARACTER SET DEFAULT`: whatever the database has.
    if name == "default" {
        return true;
    }
    if charset {
        let name = if name == "utf8" { "utf8mb3" } else { &name };
        encoding.charset = Some(Text::from(name));
    } else {
        let of = name.split('_').next().unwrap_or_default();
        let of = if of == "utf8" { "utf8mb3" } else { of };
        // `uca1400_ai_ci` of MariaDB goes with every character set.
        if of != "uca1400" {
            encoding.charset = Some(Text::from(of));
        }
        encoding.collation = Some(Text::from(name));
    }
    true
}
