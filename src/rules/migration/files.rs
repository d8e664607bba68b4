//! Files that a runner or its tool reads otherwise than people think. Discovery reports them.

use crate::rules::finding::Severity::Error;
use crate::rules::rule::{Levels, Rule};

use super::RULE;

pub static IGNORED: Rule = Rule {
    id: "migration-ignored",
    title: "Migration that is never run",
    levels: Levels::Always(Error),
    help: "Name the file as the others are named, with a version higher than all of them (drizzle: let `drizzle-kit generate` write file and journal). If it is no migration, keep it in another folder.",
    page: page!("migration-ignored"),
    ..RULE
};

pub static JOURNAL_STALE: Rule = Rule {
    id: "migration-journal-stale",
    title: "Journal does not fit the migrations",
    levels: Levels::Always(Error),
    help: "Let the tool write it after every merge, rather than join its lines by hand: `atlas migrate hash`, `drizzle-kit generate` (take the own migration back and generate it again), `prisma migrate dev`.",
    page: page!("migration-journal-stale"),
    ..RULE
};
