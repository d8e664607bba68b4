//! Bodies and responses: which answer is which. What they hold is compared by `messages`.

use crate::model::api::{Body, Media, Response};
use crate::model::{Change, ChangeKind, Effect, Flow};

use super::graph::Graph;
use super::messages::Message;
use super::operations::Both;

/// The request body.
pub fn body(graph: &mut Graph<'_>, both: Both<'_>, changes: &mut Vec<Change>) {
    const LOCATION: &str = "request body";
    let mut note = |kind, effect, base: Option<&Body>, head: Option<&Body>| {
        let mut change = both.change(kind, effect, both.sent(), LOCATION);
        change.base = base.map(|b| b.required_origin.unwrap_or(b.origin));
        change.head = head.map(|b| b.required_origin.unwrap_or(b.origin));
        change.facts.required = base.or(head).is_some_and(|b| b.required);
        changes.push(change);
    };
    match (&both.base.body, &both.head.body) {
        (None, None) => {}
        (Some(ours), None) => note(ChangeKind::BodyRemoved, Effect::Both, Some(ours), None),
        (None, Some(theirs)) => {
            let effect = if theirs.required { Effect::Narrows } else { Effect::Same };
            note(ChangeKind::BodyAdded, effect, None, Some(theirs));
        }
        (Some(ours), Some(theirs)) => {
            // A form of 2.0 is required when one of its fields is, which that field tells.
            let derived = |body: &Body| body.required && body.required_origin.is_none();
            match (ours.required, theirs.required) {
                _ if derived(ours) || derived(theirs) => {}
                (false, true) => note(ChangeKind::BodyRequired, Effect::Narrows, Some(ours), Some(theirs)),
                (true, false) => note(ChangeKind::BodyOptional, Effect::Widens, Some(ours), Some(theirs)),
                _ => {}
            }
            let subject = format!("{} body", both.base.id);
            let message = Message { both, flow: both.sent(), subject, location: LOCATION.into() };
            message.media(graph, &ours.media, &theirs.media, changes);
        }
    }
}

/// All responses. A status that one side does not list is answered by the range or the default that speaks for it there.
pub fn compare(graph: &mut Graph<'_>, both: Both<'_>, changes: &mut Vec<Change>) {
    let (base, head) = (Answers(&both.base.responses), Answers(&both.head.responses));
    for ours in base.0 {
        // A range narrowed to some of its statuses is what clients were told to expect.
        let narrowed = || both.received() == Flow::Out && head.0.iter().any(|r| in_range(&ours.status, &r.status));
        let default = head.default().filter(|_| is_success(&ours.status));
        match head.to(&ours.status) {
            // A success that only the default is left for: where that was there before, it says what it said.
            Some(theirs) if default.is_some_and(|default| default.key == theirs.key) => {
                let taken_over = base.default().is_none();
                let says_it = taken_over || stands_in(graph, ours, theirs);
                let mut change = removed(both, ours, Some(theirs).filter(|_| says_it));
                change.head = Some(theirs.key).filter(|_| taken_over);
                changes.push(change);
                if taken_over {
                    pair(graph, both, &ours.status, (ours, theirs), changes);
                }
            }
            Some(theirs) => pair(graph, both, &ours.status, (ours, theirs), changes),
            None if narrowed() => {}
            None => changes.push(removed(both, ours, default.filter(|theirs| stands_in(graph, ours, theirs)))),
        }
    }
    // A success that another one takes the place of is told by what went.
    let exchanged = base.0.iter().any(|ours| is_success(&ours.status) && head.to(&ours.status).is_none());
    for theirs in head.0.iter().filter(|theirs| base.exact(&theirs.status).is_none()) {
        let compared = |ours: &Response| head.to(&ours.status).is_some_and(|other| other.key == theirs.key);
        match base.to(&theirs.status) {
            Some(ours) => pair(graph, both, &theirs.status, (ours, theirs), changes),
            None if !is_range(&theirs.status) && base.0.iter().any(compared) => {}
            None => {
                let instead = exchanged && is_success(&theirs.status);
                let effect = if instead { Effect::Same } else { Effect::Widens };
                let mut change = status_change(both, theirs, ChangeKind::ResponseAdded, effect);
                change.after = Some(theirs.status.to_string());
                change.head = Some(theirs.key);
                changes.push(change);
            }
        }
    }
}

/// A response that nothing in head speaks for, or only a default that says the same.
fn removed(both: Both<'_>, ours: &Response, default: Option<&Response>) -> Change {
    let effect = if default.is_some() { Effect::Undecided } else { Effect::Both };
    let mut change = status_change(both, ours, ChangeKind::ResponseRemoved, effect);
    change.before = Some(ours.status.to_string());
    change.base = Some(ours.key);
    if let Some(default) = default {
        change.after = Some(default.status.to_string());
        change.facts.undecided = Some("`default` speaks for it and does not say with which status".into());
    }
    change
}

/// True when a default carries what the response carried.
fn stands_in(graph: &Graph<'_>, ours: &Response, default: &Response) -> bool {
    let digests = |media: &Media, base: bool| {
        let side = if base { &graph.base } else { &graph.head };
        media.shape.map(|id| side.digest(id))
    };
    let same = |a: &Media, b: &Media| a.name == b.name && digests(a, true) == digests(b, false);
    ours.media.iter().all(|a| default.media.iter().any(|b| same(a, b)))
}

fn status_change(both: Both<'_>, response: &Response, kind: ChangeKind, effect: Effect) -> Change {
    let location = format!("response {}", response.status);
    Change { detail: response.status.to_string(), ..both.change(kind, effect, both.received(), &location) }
}

/// The responses of one side.
#[derive(Clone, Copy)]
struct Answers<'r>(&'r [Response]);

impl<'r> Answers<'r> {
    fn exact(self, status: &str) -> Option<&'r Response> {
        self.0.iter().find(|r| r.status.eq_ignore_ascii_case(status))
    }

    fn default(self) -> Option<&'r Response> {
        self.exact("default")
    }

    /// The response for a status: itself, the range it falls into, or the default. Beside a response for success a default
    /// means failures.
    fn to(self, status: &str) -> Option<&'r Response> {
        let range = || self.0.iter().find(|r| in_range(&r.status, status));
        let failures = self.0.iter().any(|r| is_success(&r.status));
        let default = || self.default().filter(|_| !is_success(status) || !failures);
        self.exact(status).or_else(range).or_else(default)
    }
}

/// Anything that is no failure.
fn is_success(status: &str) -> bool {
    status.starts_with(['1', '2', '3'])
}

/// `4XX`
fn is_range(status: &str) -> bool {
    status.len() == 3 && status.to_ascii_uppercase().ends_with("XX")
}

fn in_range(range: &str, status: &str) -> bool {
    is_range(range) && status.len() == 3 && range.bytes().next() == status.bytes().next()
}

fn pair(
    graph: &mut Graph<'_>,
    both: Both<'_>,
    status: &str,
    (ours, theirs): (&Response, &Response),
    changes: &mut Vec<Change>,
) {
    let subject = format!("{} {status}", both.base.id);
    let location = format!("response {}", theirs.status);
    let message = Message { both, flow: both.received(), subject, location };
    // Some answers have no body, whatever is written (RFC 9110 sections 9.3.2 and 15).
    let bodiless = &*both.base.method == "HEAD" || status.starts_with('1') || matches!(status, "204" | "205" | "304");
    if !bodiless {
        message.media(graph, &ours.media, &theirs.media, changes);
    }
    message.links(graph, &ours.links, &theirs.links, changes);
    message.headers(graph, &ours.headers, &theirs.headers, changes);
}
