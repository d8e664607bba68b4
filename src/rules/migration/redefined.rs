//! What MySQL's `MODIFY` and `CHANGE` do besides: they give the whole definition anew.

use crate::model::sql::Action;
use crate::rules::finding::Severity::{Note, Warning};
use crate::rules::rule::{Check, Levels, Rule};

use super::RULE;
use super::steps::Case;

pub static COMMENT_LOST: Rule = Rule {
    id: "column-comment-lost",
    title: "Comment of a column forgotten",
    levels: Levels::Always(Note),
    message: "The statement gives the whole definition of `{subject}` anew and does not say COMMENT: the comment is gone.",
    help: "Say it again: `ALTER TABLE {entity} MODIFY {attribute} … COMMENT '…';` `SHOW CREATE TABLE {entity};` prints the whole definition to begin with.",
    check: Check::Step(|_, new| {
        let Action::LeaveOut { column, what: "COMMENT" } = &new.step.action else { return None };
        (!new.table_is_new).then(|| Case::new(format!("{}.{column}", new.step.table), ""))
    }),
    page: page!("column-comment-lost"),
    ..RULE
};

pub static COLUMN_MOVED: Rule = Rule {
    id: "column-moved",
    title: "Column moved to another place",
    levels: Levels::Always(Warning),
    message: "`{subject}` moves to another place among the columns: `INSERT INTO {entity} VALUES (…)` without their names puts values into the wrong ones, and so does code that reads `SELECT *` by position. MySQL writes the whole table anew for it.",
    help: "Leave FIRST and AFTER out: the order of columns means nothing to code that names them. Where it has to change, first release code that names its columns in every INSERT and SELECT.",
    check: Check::Step(|_, new| {
        let Action::MoveColumn { column } = &new.step.action else { return None };
        (!new.table_is_new).then(|| Case::new(format!("{}.{column}", new.step.table), ""))
    }),
    page: page!("column-moved"),
    ..RULE
};
