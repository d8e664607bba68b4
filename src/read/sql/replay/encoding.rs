//! Character sets, collations and engines of MySQL's tables.

use crate::model::encoding::Encoding;
use crate::model::origin::Text;
use crate::model::sql::Action;

use super::super::catalog::Id;
use super::super::cursor::Span;
use super::Replay;

impl Replay<'_> {
    /// `CONVERT TO` reaches every column, other settings only those that are made later.
    pub(super) fn encode(&mut self, id: &Id, encoding: &Encoding, convert: bool, span: Span) {
        let origin = self.origin(span);
        let Some(relation) = self.catalog.relation_mut(id) else { return };
        let old = std::mem::replace(&mut relation.encoding, encoding.clone());
        for column in &mut relation.columns {
            column.encoding = column.encoding.within(&old);
            if convert && column.encoding != *encoding {
                (column.encoding, column.origin) = (encoding.clone(), origin);
            }
        }
        let action = match convert {
            true => Action::Maintenance { what: Text::from("CONVERT TO") },
            false => Action::Other,
        };
        self.step(action, Some(id), span);
    }

    pub(super) fn set_engine(&mut self, id: &Id, engine: &str, span: Span) {
        let Some(relation) = self.catalog.relation_mut(id) else { return };
        relation.engine = Some(Text::from(engine.to_ascii_lowercase()));
        self.step(Action::Maintenance { what: Text::from(format!("ENGINE={engine}")) }, Some(id), span);
    }
}
