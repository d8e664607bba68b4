//! Ordered SQL files in, the schema that replaying them gives and what each migration did out. Must not know OpenAPI, git, rules.

/// The reader follows.
pub fn read(
    _: &crate::source::SqlSource,
    _: &crate::source::Snapshot<'_>,
) -> crate::model::origin::Read<crate::model::sql::Schema> {
    crate::model::origin::Read { value: Default::default(), problems: Vec::new() }
}
