//! The comments by which migration runners divide a file and say how to run it.
//!
//! Comes in: the text of one comment. Goes out: what it means, or nothing. Must not know statements.

/// What a comment says to a runner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    Up {
        /// Without a transaction: the layout whose runner reads it.
        without: Option<&'static str>,
    },
    Down,
    /// A new unit of the up part begins, or a statement ends here.
    Cut,
    /// The layout whose runner reads it, empty where it has none of its own.
    NoTransaction(&'static str),
    /// A rollback statement inside the comment (Liquibase).
    Rollback,
}

/// Lower-case comment text without its dashes and outer space, the meaning of it, and whether more may follow.
const MARKERS: &[(&str, Marker, bool)] = &[
    ("+goose up", Marker::Up { without: None }, false),
    ("+goose down", Marker::Down, false),
    ("+goose statementbegin", Marker::Cut, false),
    ("+goose statementend", Marker::Cut, false),
    ("+goose no transaction", Marker::NoTransaction("goose"), false),
    ("+migrate up notransaction", Marker::Up { without: Some("sql-migrate") }, false),
    ("+migrate up", Marker::Up { without: None }, true),
    ("+migrate down", Marker::Down, true),
    ("+migrate statementbegin", Marker::Cut, false),
    ("+migrate statementend", Marker::Cut, false),
    ("migrate:up transaction:false", Marker::Up { without: Some("dbmate") }, true),
    ("migrate:up", Marker::Up { without: None }, true),
    ("migrate:down", Marker::Down, true),
    ("> statement-breakpoint", Marker::Cut, true),
    ("up migration", Marker::Up { without: None }, false),
    ("down migration", Marker::Down, false),
    ("create above / drop below ----", Marker::Down, true),
    ("atlas:txmode none", Marker::NoTransaction("atlas"), false),
    ("no-transaction", Marker::NoTransaction("sqlx"), false),
    ("disable-transaction", Marker::NoTransaction(""), false),
    ("postgres-migrations disable-transaction", Marker::NoTransaction(""), false),
    ("tern: disable-tx ----", Marker::NoTransaction("tern"), false),
    ("morph:nontransactional", Marker::NoTransaction("morph"), false),
    ("rollback", Marker::Rollback, true),
];

/// The meaning of a `--` comment. `liquibase` tells whether the file began with `--liquibase formatted sql`.
pub fn marker(comment: &[u8], liquibase: bool) -> Option<Marker> {
    // Every marker is short; a long line of prose is not worth a copy.
    let text = String::from_utf8_lossy(comment.get(..comment.len().min(200))?).to_ascii_lowercase();
    let text = text.trim_start_matches('-').split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(attributes) = text.strip_prefix("changeset ") {
        let transaction = !attributes.contains("runintransaction:false");
        return liquibase.then_some(if transaction { Marker::Cut } else { Marker::NoTransaction("liquibase") });
    }
    let (_, marker, _) = MARKERS.iter().find(|(words, _, more)| {
        text.strip_prefix(words)
            .is_some_and(|rest| rest.is_empty() || (*more && !rest.starts_with(|c: char| c.is_alphanumeric())))
    })?;
    (*marker != Marker::Rollback || liquibase).then_some(*marker)
}

/// True for the first line of a Liquibase file.
pub fn is_liquibase(comment: &[u8]) -> bool {
    let text = String::from_utf8_lossy(comment.get(..comment.len().min(60)).unwrap_or_default()).to_ascii_lowercase();
    text.trim_start_matches('-').trim_start().starts_with("liquibase formatted sql")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_of_the_runners() {
        let cases: &[(&str, bool, Option<Marker>)] = &[
            ("-- +goose Up", false, Some(Marker::Up { without: None })),
            ("--   +goose   Down ", false, Some(Marker::Down)),
            ("-- +goose NO TRANSACTION", false, Some(Marker::NoTransaction("goose"))),
            ("-- +migrate Up notransaction", false, Some(Marker::Up { without: Some("sql-migrate") })),
            ("-- migrate:up transaction:false", false, Some(Marker::Up { without: Some("dbmate") })),
            ("---- tern: disable-tx ----", false, Some(Marker::NoTransaction("tern"))),
            ("-- morph:nontransactional", false, Some(Marker::NoTransaction("morph"))),
            ("-- migrate:down", false, Some(Marker::Down)),
            ("-- postgres-migrations disable-transaction", false, Some(Marker::NoTransaction(""))),
            ("--> statement-breakpoint", false, Some(Marker::Cut)),
            ("---- create above / drop below ----", false, Some(Marker::Down)),
            ("-- Up Migration", false, Some(Marker::Up { without: None })),
            ("-- up migration of users", false, None),
            ("--rollback DROP TABLE a;", true, Some(Marker::Rollback)),
            ("--rollback DROP TABLE a;", false, None),
            ("--changeset me:1 runInTransaction:false", true, Some(Marker::NoTransaction("liquibase"))),
            ("-- anything else", false, None),
        ];
        for (comment, liquibase, expected) in cases {
            assert_eq!(marker(comment.as_bytes(), *liquibase), *expected, "{comment}");
        }
    }
}
