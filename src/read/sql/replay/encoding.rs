//! Character sets, collations and engines of MySQL's tables.

use crate::model::encoding::Encoding;
use crate::model::origin::Text;
use crate::model::sql::Action;

use super::super::catalog::{ColumnState, Id};
use super::super::cursor::Span;
use super::super::types;
use super::Replay;

impl Replay<'_> {
    /// `CONVERT TO` reaches every column, other settings only those that are made later.
    pub(super) fn encode(&mut self, id: &Id, encoding: &Encoding, convert: bool, span: Span) {
        let origin = self.origin(span);
        let Some(before) = self.catalog.relations.get(id).cloned() else { return };
        let wide = |c: &ColumnState| types::converted(&c.ty.text, before.encoding_of(c).width(), encoding.width());
        let longer = before.columns.iter().map(|c| wide(c).filter(|_| convert).map(|raw| self.column_type(&raw).0));
        let longer: Vec<_> = longer.collect();
        let Some(relation) = self.catalog.relation_mut(id) else { return };
        relation.encoding = encoding.clone();
        for (column, longer) in relation.columns.iter_mut().zip(longer) {
            let old = before.encoding_of(column);
            if convert && old != *encoding {
                column.origin = origin;
            }
            column.settled = !convert;
            column.encoding = if convert { encoding.clone() } else { old };
            column.ty = longer.unwrap_or_else(|| column.ty.clone());
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
