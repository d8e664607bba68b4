//! Bodies, responses, media types and headers.

use crate::model::api::{Body, Header, Media, Response};
use crate::model::{Change, ChangeKind, Effect, Flow};

use super::graph::Graph;
use super::operations::Both;
use super::step::Root;

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
            match (ours.required, theirs.required) {
                (false, true) => note(ChangeKind::BodyRequired, Effect::Narrows, Some(ours), Some(theirs)),
                (true, false) => note(ChangeKind::BodyOptional, Effect::Widens, Some(ours), Some(theirs)),
                _ => {}
            }
            let place =
                Place { both, flow: both.sent(), subject: format!("{} body", both.base.id), location: LOCATION.into() };
            place.media(graph, &ours.media, &theirs.media, changes);
        }
    }
}

/// All responses.
pub fn compare(graph: &mut Graph<'_>, both: Both<'_>, changes: &mut Vec<Change>) {
    for ours in &both.base.responses {
        match answering(&both.head.responses, &ours.status) {
            Some(theirs) => pair(graph, both, ours, theirs, changes),
            None => {
                let mut change = status_change(both, ours, ChangeKind::ResponseRemoved, Effect::Narrows);
                change.before = Some(ours.status.to_string());
                change.base = Some(ours.key);
                changes.push(change);
            }
        }
    }
    let known = |r: &&Response| {
        let stands_in = |ours: &Response| answering(&both.head.responses, &ours.status).is_some_and(|o| o.key == r.key);
        answering(&both.base.responses, &r.status).is_some() || both.base.responses.iter().any(stands_in)
    };
    for theirs in both.head.responses.iter().filter(|r| !known(r)) {
        let mut change = status_change(both, theirs, ChangeKind::ResponseAdded, Effect::Widens);
        change.after = Some(theirs.status.to_string());
        change.head = Some(theirs.key);
        changes.push(change);
    }
}

fn status_change(both: Both<'_>, response: &Response, kind: ChangeKind, effect: Effect) -> Change {
    let location = format!("response {}", response.status);
    Change { detail: response.status.to_string(), ..both.change(kind, effect, both.received(), &location) }
}

/// The response for a status: itself, or else the range it falls into.
fn answering<'r>(responses: &'r [Response], status: &str) -> Option<&'r Response> {
    let exact = responses.iter().find(|r| r.status.eq_ignore_ascii_case(status));
    let in_range = |r: &&Response| {
        let (range, status) = (r.status.as_bytes(), status.as_bytes());
        range.len() == 3
            && status.len() == 3
            && range.first() == status.first()
            && range.to_ascii_uppercase().ends_with(b"XX")
    };
    exact.or_else(|| responses.iter().find(in_range))
}

fn pair(graph: &mut Graph<'_>, both: Both<'_>, ours: &Response, theirs: &Response, changes: &mut Vec<Change>) {
    let subject = format!("{} {}", both.base.id, ours.status);
    let location = format!("response {}", theirs.status);
    let place = Place { both, flow: both.received(), subject, location };
    place.media(graph, &ours.media, &theirs.media, changes);
    place.headers(graph, &ours.headers, &theirs.headers, changes);
}

/// A body or response of an operation.
struct Place<'a> {
    both: Both<'a>,
    flow: Flow,
    subject: String,
    location: String,
}

impl Place<'_> {
    fn change(&self, kind: ChangeKind, effect: Effect, location: &str) -> Change {
        Change { subject: self.subject.clone(), ..self.both.change(kind, effect, self.flow, location) }
    }

    fn root(&self, subject: String, location: String) -> Root {
        let head = self.both.head;
        Root { operation: head.id.clone(), origin: head.origin, flow: self.flow, location: location.into(), subject }
    }

    fn media(&self, graph: &mut Graph<'_>, ours: &[Media], theirs: &[Media], changes: &mut Vec<Change>) {
        // What is written without any media type was never described; describing it takes nothing away.
        for media in ours {
            let Some(other) = media_of(theirs, &media.name) else {
                let location = format!("{} {}", self.location, media.name);
                let mut change = self.change(ChangeKind::MediaTypeRemoved, Effect::Both, &location);
                change.detail = media.name.to_string();
                change.before = Some(media.name.to_string());
                change.base = Some(media.origin);
                changes.push(change);
                continue;
            };
            let location = format!("{} {}", self.location, other.name);
            if media.encoding != other.encoding {
                let text = |m: &Media| m.encoding.as_ref().map(ToString::to_string);
                let mut change = self.change(ChangeKind::KeywordChanged, Effect::Undecided, &location);
                change.detail = format!("encoding of {}", media.name);
                (change.before, change.after) = (text(media), text(other));
                (change.base, change.head) = (Some(media.origin), Some(other.origin));
                change.facts.undecided = Some("encodings are compared as text only".into());
                changes.push(change);
            }
            if let (Some(a), Some(b)) = (media.shape, other.shape) {
                let root = self.root(self.subject.clone(), location);
                graph.add_root(a, b, root);
            }
        }
        if ours.is_empty() {
            return;
        }
        for media in theirs.iter().filter(|m| media_of(ours, &m.name).is_none()) {
            let location = format!("{} {}", self.location, media.name);
            let mut change = self.change(ChangeKind::MediaTypeAdded, Effect::Widens, &location);
            change.detail = media.name.to_string();
            change.after = Some(media.name.to_string());
            change.head = Some(media.origin);
            changes.push(change);
        }
    }

    fn headers(&self, graph: &mut Graph<'_>, ours: &[Header], theirs: &[Header], changes: &mut Vec<Change>) {
        let find = |list: &[Header], name: &str| list.iter().find(|h| h.name.eq_ignore_ascii_case(name)).cloned();
        let note = |kind, effect, header: &Header| {
            let location = format!("{} header {}", self.location, header.name);
            let mut change = self.change(kind, effect, &location);
            change.subject = format!("{} header.{}", self.subject, header.name);
            change.facts.required = header.required;
            change
        };
        for header in ours {
            let Some(other) = find(theirs, &header.name) else {
                let change = note(ChangeKind::HeaderRemoved, Effect::Both, header);
                let before = Some(graph.base.api.type_name(header.shape));
                changes.push(Change { base: Some(header.origin), before, ..change });
                continue;
            };
            let kind = match (header.required, other.required) {
                (true, false) => Some((ChangeKind::HeaderOptional, Effect::Widens)),
                (false, true) => Some((ChangeKind::HeaderRequired, Effect::Narrows)),
                _ => None,
            };
            if let Some((kind, effect)) = kind {
                let change = note(kind, effect, header);
                changes.push(Change { base: Some(header.origin), head: Some(other.origin), ..change });
            }
            let subject = format!("{} header.{}", self.subject, header.name);
            let root = self.root(subject, format!("{} header {}", self.location, other.name));
            graph.add_root(header.shape, other.shape, root);
        }
        for header in theirs.iter().filter(|h| find(ours, &h.name).is_none()) {
            let effect = if header.required { Effect::Narrows } else { Effect::Same };
            let change = note(ChangeKind::HeaderAdded, effect, header);
            let after = Some(graph.head.api.type_name(header.shape));
            changes.push(Change { head: Some(header.origin), after, ..change });
        }
    }
}

/// The media type of that name, parameters such as `charset` aside, or the range that covers it.
fn media_of<'m>(list: &'m [Media], name: &str) -> Option<&'m Media> {
    let plain = |text: &str| text.split(';').next().unwrap_or(text).trim().to_ascii_lowercase();
    let name_plain = plain(name);
    let exact = list.iter().find(|m| &*m.name == name).or_else(|| list.iter().find(|m| plain(&m.name) == name_plain));
    let covers = |m: &&Media| match plain(&m.name).strip_suffix("/*") {
        Some("*") => true,
        Some(family) => name_plain.split('/').next() == Some(family),
        None => false,
    };
    exact.or_else(|| list.iter().find(covers))
}
