//! At which places of a contract a drift matters: what creates rows, what changes them, and which errors are foreseen.

use crate::model::Usage;
use crate::model::api::{Api, Operation};

/// A property at the top of a request body: what is nested deeper belongs to another entity, which need not be written.
pub fn sent(_: &Api, usage: &Usage) -> bool {
    let path = usage.path.strip_prefix("$[]").or_else(|| usage.path.strip_prefix('$')).unwrap_or_default();
    usage.location.starts_with("request body") && path.starts_with('.') && path.matches('.').count() == 1
}

/// The same, where the request creates what it describes.
pub fn creates(api: &Api, usage: &Usage) -> bool {
    usage.operation.starts_with("POST ") && sent(api, usage)
}

/// The same, where it certainly does: the path is that of a list whose members have paths of their own. Elsewhere a `POST`
/// may name what is there already.
pub fn creates_member(api: &Api, usage: &Usage) -> bool {
    let list = api.operation(&usage.operation).map(|operation| operation.path.trim_end_matches('/'));
    list.is_some_and(|list| api.operations.iter().any(|other| is_member(&other.path, list))) && creates(api, usage)
}

/// True for `/users/{id}` in the list `/users`.
pub fn is_member(path: &str, list: &str) -> bool {
    let rest = path.trim_end_matches('/').strip_prefix(list).and_then(|rest| rest.strip_prefix('/'));
    rest.is_some_and(|rest| rest.starts_with('{') && rest.ends_with('}') && !rest.contains('/'))
}

/// True when the operation tells its clients of one of these errors, or of errors in general.
pub fn foresees(operation: &Operation, statuses: &[&str]) -> bool {
    let general = |status: &str| status.eq_ignore_ascii_case("default") || status.eq_ignore_ascii_case("4XX");
    operation.responses.iter().any(|r| general(&r.status) || statuses.contains(&&*r.status))
}
