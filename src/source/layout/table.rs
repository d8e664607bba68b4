//! The table of layouts, in the order in which they are tried.
//!
//! A row fits a folder when at least 80 % of its files follow the grammar and one piece of evidence is there; a row
//! without evidence is content with the grammar. Marker files come first, then words in the files, then names alone.

use super::shape::{self, Shape};

/// How one tool lays out migrations.
pub struct Layout {
    pub name: &'static str,
    pub shape: Shape,
    /// Files or folders beside the migrations or in a folder above them.
    pub files: &'static [&'static str],
    /// Words in the migrations, in lower case.
    pub words: &'static [&'static str],
    /// A dependency in a manifest beside the migrations or above them.
    pub manifests: &'static [(&'static str, &'static str)],
    /// The end of the folder's path.
    pub folders: &'static [&'static str],
    /// What a file that holds a whole state is for.
    pub whole: Whole,
}

/// What a file among migrations is for that holds a whole state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// It repeats the versions up to it and is read only where those are gone.
    Repeats,
    /// Everything begins with the newest; what leads up to it is not read.
    Newest,
    /// Everything begins with the oldest; later ones repeat what the steps do.
    Oldest,
}

impl Layout {
    /// True when the grammar alone is enough.
    pub fn needs_no_evidence(&self) -> bool {
        self.files.is_empty() && self.words.is_empty() && self.manifests.is_empty() && self.folders.is_empty()
    }
}

const NONE: Layout = Layout {
    name: "",
    shape: shape::names,
    files: &[],
    words: &[],
    manifests: &[],
    folders: &[],
    whole: Whole::Repeats,
};

/// All layouts of migrations.
pub const LAYOUTS: &[Layout] = &[
    Layout { name: "prisma", shape: shape::prisma, ..NONE },
    Layout { name: "drizzle", shape: shape::names, files: &["meta/_journal.json"], ..NONE },
    Layout { name: "supabase", shape: shape::numbered, folders: &["supabase/migrations"], ..NONE },
    Layout { name: "hasura", shape: shape::hasura, ..NONE },
    Layout { name: "diesel", shape: shape::diesel, ..NONE },
    Layout { name: "parts", shape: shape::parts, ..NONE },
    Layout { name: "goose", shape: shape::numbered, words: &["-- +goose up"], ..NONE },
    Layout { name: "dbmate", shape: shape::numbered, words: &["-- migrate:up"], ..NONE },
    Layout { name: "sql-migrate", shape: shape::names, words: &["-- +migrate up"], ..NONE },
    Layout { name: "node-pg-migrate", shape: shape::numbered, words: &["-- up migration"], ..NONE },
    Layout { name: "tern", shape: shape::numbered, words: &["---- create above / drop below ----"], ..NONE },
    Layout {
        name: "liquibase",
        shape: shape::names,
        words: &["--liquibase formatted sql", "-- liquibase formatted sql"],
        ..NONE
    },
    Layout { name: "refinery", shape: shape::refinery, manifests: &[("Cargo.toml", "refinery")], ..NONE },
    Layout { name: "flyway", shape: shape::flyway, ..NONE },
    Layout {
        name: "pop",
        shape: shape::up_down,
        manifests: &[("go.mod", "gobuffalo/pop"), ("go.mod", "ory/pop"), ("go.mod", "/popx")],
        ..NONE
    },
    Layout { name: "morph", shape: shape::up_down, manifests: &[("go.mod", "mattermost/morph")], ..NONE },
    Layout { name: "sqlx", shape: shape::up_down, files: &[".sqlx"], manifests: &[("Cargo.toml", "sqlx")], ..NONE },
    Layout { name: "sqlx", shape: shape::numbered, files: &[".sqlx"], manifests: &[("Cargo.toml", "sqlx")], ..NONE },
    Layout { name: "golang-migrate", shape: shape::up_down, ..NONE },
    Layout { name: "atlas", shape: shape::names, files: &["atlas.sum"], ..NONE },
    Layout { name: "upgrades", shape: shape::upgrades, whole: Whole::Oldest, ..NONE },
    Layout { name: "delta", shape: shape::delta, whole: Whole::Newest, ..NONE },
    Layout { name: "versions", shape: shape::versions, ..NONE },
    Layout { name: "numbered", shape: shape::numbered, ..NONE },
];
