//! Bodies, responses, media types and headers.

use crate::model::api::{Body, Encoding, Header, Link, Media, Response};
use crate::model::{Change, ChangeKind, Effect, Flow, Types};

use super::graph::Graph;
use super::operations::Both;
use super::side::Side;
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
        // A range narrowed to some of its statuses is what clients were told to expect.
        let within =
            || both.head.responses.iter().find(|r| both.received() == Flow::Out && in_range(&ours.status, &r.status));
        match answering(&both.head.responses, &ours.status).or_else(within) {
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
        let stands_in = |ours: &Response| !is_range(&r.status) && stands_in(ours);
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
    exact.or_else(|| responses.iter().find(|r| in_range(&r.status, status)))
}

/// `4XX`
fn is_range(status: &str) -> bool {
    status.len() == 3 && status.to_ascii_uppercase().ends_with("XX")
}

fn in_range(range: &str, status: &str) -> bool {
    is_range(range) && status.len() == 3 && range.bytes().next() == status.bytes().next()
}

fn pair(graph: &mut Graph<'_>, both: Both<'_>, ours: &Response, theirs: &Response, changes: &mut Vec<Change>) {
    let subject = format!("{} {}", both.base.id, ours.status);
    let location = format!("response {}", theirs.status);
    let place = Place { both, flow: both.received(), subject, location };
    place.media(graph, &ours.media, &theirs.media, changes);
    place.links(&ours.links, &theirs.links, changes);
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
            let narrowed = || theirs.iter().find(|m| self.flow == Flow::Out && covers(&media.name, &m.name));
            let Some(other) = media_of(theirs, &media.name).or_else(narrowed) else {
                let location = format!("{} {}", self.location, media.name);
                let mut change = self.change(ChangeKind::MediaTypeRemoved, Effect::Both, &location);
                change.detail = media.name.to_string();
                change.before = Some(media.name.to_string());
                change.base = Some(media.origin);
                changes.push(change);
                continue;
            };
            let location = format!("{} {}", self.location, other.name);
            self.encodings(media, other, &location, changes);
            if let (Some(a), Some(b)) = (media.shape, other.shape) {
                let root = self.root(self.subject.clone(), location);
                graph.add_root(a, b, root);
            }
        }
        if ours.is_empty() {
            return;
        }
        // One that takes the place of another is told by what went.
        let exchanged = ours.iter().all(|m| media_of(theirs, &m.name).is_none());
        for media in theirs.iter().filter(|m| media_of(ours, &m.name).is_none()) {
            let location = format!("{} {}", self.location, media.name);
            let widened = !exchanged || ours.iter().any(|m| covers(&media.name, &m.name));
            let effect = if widened { Effect::Widens } else { Effect::Same };
            let mut change = self.change(ChangeKind::MediaTypeAdded, effect, &location);
            change.detail = media.name.to_string();
            change.after = Some(media.name.to_string());
            change.head = Some(media.origin);
            changes.push(change);
        }
    }

    /// How the parts of a form are written.
    fn encodings(&self, base: &Media, head: &Media, location: &str, changes: &mut Vec<Change>) {
        let find = |media: &Media, part: &str| media.encoding.iter().find(|e| &*e.part == part).cloned();
        let news = head.encoding.iter().filter(|e| find(base, &e.part).is_none());
        for part in base.encoding.iter().chain(news).map(|e| &e.part) {
            let (ours, theirs) = (find(base, part), find(head, part));
            let lacks = |a: &Encoding, b: &Encoding| a.types.iter().any(|t| !b.types.contains(t));
            let effect = match (&ours, &theirs) {
                (Some(a), Some(b)) if a.rest == b.rest && !(a.types.is_empty() || b.types.is_empty()) => {
                    Effect::of(lacks(a, b), lacks(b, a))
                }
                (Some(a), Some(b)) if a.rest == b.rest && a.types == b.types => Effect::Same,
                _ => Effect::Both,
            };
            if effect == Effect::Same {
                continue;
            }
            let text = |e: &Option<Encoding>| {
                e.as_ref().map(|e| match (e.types.as_slice(), e.rest.as_object().is_some_and(|r| r.is_empty())) {
                    ([], _) => e.rest.to_string(),
                    (types, true) => types.join(", "),
                    (types, false) => format!("{} with {}", types.join(", "), e.rest),
                })
            };
            let mut change = self.change(ChangeKind::EncodingChanged, effect, location);
            change.detail = part.to_string();
            (change.before, change.after) = (text(&ours), text(&theirs));
            (change.base, change.head) = (
                ours.map_or(Some(base.origin), |e| Some(e.origin)),
                theirs.map_or(Some(head.origin), |e| Some(e.origin)),
            );
            changes.push(change);
        }
    }

    /// What can be called next: hints, so nothing is sent or received differently.
    fn links(&self, ours: &[Link], theirs: &[Link], changes: &mut Vec<Change>) {
        for link in ours {
            let other = theirs.iter().find(|other| other.name == link.name);
            let kind = match other {
                None => ChangeKind::LinkRemoved,
                Some(other) if other.target != link.target => ChangeKind::LinkChanged,
                Some(_) => continue,
            };
            let mut change = self.change(kind, Effect::Same, &format!("{} link {}", self.location, link.name));
            change.detail = link.name.to_string();
            (change.before, change.after) = (Some(link.target.to_string()), other.map(|o| o.target.to_string()));
            (change.base, change.head) = (Some(link.origin), other.map(|o| o.origin));
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
            let spelled = (header_spelling(&graph.base, header), header_spelling(&graph.head, &other));
            if spelled.0 != spelled.1 {
                let change = note(ChangeKind::ParameterSerialization, Effect::Both, header);
                let (before, after) = (Some(spelled.0), Some(spelled.1));
                changes.push(Change { before, after, base: Some(header.origin), head: Some(other.origin), ..change });
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

/// How a header's value is written; `explode` matters for objects only.
fn header_spelling(side: &Side<'_>, header: &Header) -> String {
    match &header.content {
        Some(media) => media.to_string(),
        None if header.explode && side.hull(header.shape).intersects(Types::OBJECT) => "simple, exploded".into(),
        None => "simple".into(),
    }
}

/// The media type of that name, parameters such as `charset` aside, or the range that covers it.
fn media_of<'m>(list: &'m [Media], name: &str) -> Option<&'m Media> {
    let name_plain = plain(name);
    let exact = list.iter().find(|m| &*m.name == name).or_else(|| list.iter().find(|m| plain(&m.name) == name_plain));
    exact.or_else(|| list.iter().find(|m| covers(&m.name, name)))
}

/// True when the first is a range that the second falls into.
fn covers(range: &str, name: &str) -> bool {
    let range = plain(range);
    match range.strip_suffix("/*") {
        Some("*") => true,
        Some(family) => plain(name).split('/').next() == Some(family) && plain(name) != range,
        None => false,
    }
}

/// Without parameters such as `charset`.
fn plain(text: &str) -> String {
    text.split(';').next().unwrap_or(text).trim().to_ascii_lowercase()
}
