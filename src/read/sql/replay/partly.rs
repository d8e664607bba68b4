//! Statements of which a part is known at run time only: what their words name is not wholly known from there on.

use crate::model::origin::Text;
use crate::model::sql::Action;

use super::super::command::{Alter, Command, CreateTable};
use super::super::cursor::{Name, Span};
use super::super::parse::HOLE;
use super::Replay;

/// So many names of tables that are made at run time are told apart.
const MAX_MADE: usize = 200;

/// True when a name fits another with holes.
fn fits(name: &str, pattern: &str) -> bool {
    let mut rest = name;
    let parts: Vec<&str> = pattern.split(HOLE).collect();
    for (at, part) in parts.iter().enumerate() {
        let last = at + 1 == parts.len();
        let found = match at {
            0 => rest.strip_prefix(part),
            _ if last => return rest.ends_with(part),
            _ => rest.split_once(part).map(|(_, behind)| behind),
        };
        match found {
            Some(behind) => rest = behind,
            None => return false,
        }
    }
    rest.is_empty()
}

/// True when nothing of a name is known.
fn unknown(name: &Name) -> bool {
    name.name.chars().all(|c| c == HOLE)
}

/// True for what changes no column, key or option of the table.
fn is_idle(item: &Alter) -> bool {
    matches!(
        item,
        Alter::Attach { .. }
            | Alter::Detach { .. }
            | Alter::Validate(_)
            | Alter::RowSecurity(_)
            | Alter::Triggers(_)
            | Alter::Maintenance(_)
            | Alter::Comment(_)
            | Alter::Other
    )
}

impl Replay<'_> {
    /// A table that is missing may be one of those that were made at run time.
    pub(super) fn may_be_made(&self, name: &str) -> bool {
        self.catalog.made.iter().any(|pattern| fits(name, pattern))
    }

    pub(super) fn partly_known(&mut self, command: Command, span: Span) {
        let hurt: Vec<Name> = match command {
            Command::AlterTable { items, .. } if items.iter().all(|(_, i)| i.as_ref().is_ok_and(is_idle)) => Vec::new(),
            Command::AlterTable { table, .. } | Command::CreateIndex { table, .. } => vec![table],
            Command::Drop(drop) => drop.names,
            Command::Unread { table: Some(table), .. } => vec![table],
            Command::CreateTable(table) => return self.made(*table, span),
            Command::CreateNamed(_)
            | Command::DropNamed { .. }
            | Command::RenameNamed { .. }
            | Command::OwnSequence { .. }
            | Command::Revoke { .. }
            | Command::Truncate(_)
            | Command::Rewrite { .. }
            | Command::Insert { .. }
            | Command::Maintenance { .. }
            | Command::Comment { .. }
            | Command::Call { procedure: false, .. }
            | Command::Block(_)
            | Command::Variables(_)
            | Command::Other => Vec::new(),
            _ => return self.opaque(span),
        };
        if hurt.iter().any(unknown) {
            return self.opaque(span);
        }
        let relations = |replay: &Self, name: &Name| match name.name.contains(HOLE) {
            true => replay.catalog.relations.ids(|_, r| fits(&r.name, &name.name)),
            false => replay.catalog.find(name).into_iter().collect(),
        };
        for id in hurt.iter().flat_map(|name| relations(self, name)).collect::<Vec<_>>() {
            if let Some(relation) = self.catalog.relation_mut(&id) {
                relation.tainted = true;
            }
            self.step(Action::Other, Some(&id), span);
        }
    }

    /// A table whose name or columns are not wholly known is made.
    fn made(&mut self, table: CreateTable, span: Span) {
        // Children have the columns of their parent; nothing speaks of them before it is attached.
        if unknown(&table.name) && table.partition_of.is_none() || self.catalog.made.len() >= MAX_MADE {
            return self.opaque(span);
        }
        if !unknown(&table.name) {
            self.catalog.made.push(Text::from(&*table.name.name));
        }
        self.step(Action::Other, None, span);
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn names_with_holes() {
        let cases = [
            ("v1_task_20250101", "v1_task_\u{e000}", true),
            ("v1_task", "v1_task_\u{e000}", false),
            ("a_x_b", "a_\u{e000}_b", true),
            ("a_x_c", "a_\u{e000}_b", false),
            ("a_1_mid_2_z", "a_\u{e000}_mid_\u{e000}_z", true),
            ("abc", "abc", true),
            ("abcd", "abc", false),
        ];
        for (name, pattern, expected) in cases {
            assert_eq!(fits(name, pattern), expected, "{name} {pattern}");
        }
    }
}
