//! Operations without something that others of the same contract have.

use crate::config::Promise;
use crate::model::api::Operation;
use crate::rules::finding::Finding;
use crate::rules::rule::{Check, Rule, Side};

use super::{DEBT, Said};

pub static OPERATION_WITHOUT_ERROR_RESPONSE: Rule = Rule {
    id: "operation-without-error-response",
    title: "No error response documented",
    message: "`{subject}` documents no error (4XX, 5XX or `default`), as other operations of this contract do.",
    help: "Add the error responses that it has.",
    check: Check::Habit(|rule, side, found| {
        operations(rule, side, found, |o| o.responses.iter().any(|r| is_error(&r.status)))
    }),
    page: page!("operation-without-error-response"),
    ..DEBT
};

pub static OPERATION_WITHOUT_OPERATION_ID: Rule = Rule {
    id: "operation-without-operation-id",
    title: "Operation without an id",
    promise: Promise::Sdk,
    message: "`{subject}` has no `operationId`, as other operations of this contract do: generators make up a name that changes with the path.",
    help: "Give it an `operationId`.",
    check: Check::Habit(|rule, side, found| operations(rule, side, found, |o| o.operation_id.is_some())),
    page: page!("operation-without-operation-id"),
    ..DEBT
};

fn is_error(status: &str) -> bool {
    status == "default" || status.starts_with(['4', '5'])
}

/// Operations without something that others of the same contract have.
fn operations(rule: &'static Rule, side: Side<'_>, found: &mut Vec<Finding>, has: fn(&Operation) -> bool) {
    for api in &side.model.apis {
        if !api.operations.iter().any(has) {
            continue;
        }
        for operation in api.operations.iter().filter(|o| !has(o)) {
            Said::at(&*operation.id, Some(operation.key)).tell(rule, found);
        }
    }
}
