//! What a body or a response holds: media types, headers, links.

use crate::model::api::{Header, Link, Media, Operation, ShapeId};
use crate::model::{Change, ChangeKind, Effect, Flow, Types};

use super::forms;
use super::graph::Graph;
use super::links::meaning;
use super::media_types::{self, covers, is_bytes, media_of, plain};
use super::operations::Both;
use super::side::Side;
use super::step::Root;

/// A body or response of an operation.
pub struct Message<'a> {
    pub both: Both<'a>,
    pub flow: Flow,
    pub subject: String,
    pub location: String,
}

impl Message<'_> {
    /// True for what comes back.
    fn is_answer(&self) -> bool {
        self.flow == self.both.received()
    }

    fn change(&self, kind: ChangeKind, effect: Effect, location: &str) -> Change {
        Change { subject: self.subject.clone(), ..self.both.change(kind, effect, self.flow, location) }
    }

    fn root(&self, subject: String, location: String, text: bool) -> Root {
        let Operation { id, origin, .. } = self.both.head;
        Root { operation: id.clone(), origin: *origin, flow: self.flow, location: location.into(), subject, text }
    }

    /// The media types. What is written without any was never described; describing it takes nothing away, unless whoever
    /// answers has to send it.
    pub fn media(&self, graph: &mut Graph<'_>, ours: &[Media], theirs: &[Media], changes: &mut Vec<Change>) {
        match (ours, theirs) {
            ([], []) => {}
            ([], [theirs, ..]) => self.body_appears(theirs, changes),
            ([_, ..], []) => self.body_vanishes(ours, changes),
            _ => self.exchange(graph, ours, theirs, changes),
        }
    }

    fn body_appears(&self, theirs: &Media, changes: &mut Vec<Change>) {
        if self.is_answer() && self.flow == Flow::In && theirs.shape.is_some() {
            let mut change = self.change(ChangeKind::BodyRequired, Effect::Undecided, &self.location);
            change.facts.undecided = Some("what an answer carried was not described before".into());
            change.head = Some(theirs.origin);
            changes.push(change);
        }
    }

    fn body_vanishes(&self, ours: &[Media], changes: &mut Vec<Change>) {
        let names = ours.iter().map(|m| m.name.to_string()).collect::<Vec<_>>().join(", ");
        let kind = if self.flow == Flow::In { ChangeKind::BodyRemoved } else { ChangeKind::MediaTypeRemoved };
        let mut change = self.change(kind, Effect::Both, &self.location);
        change.detail.clone_from(&names);
        change.before = Some(names);
        change.base = ours.first().map(|m| m.origin);
        changes.push(change);
    }

    fn exchange(&self, graph: &mut Graph<'_>, ours: &[Media], theirs: &[Media], changes: &mut Vec<Change>) {
        let pushed = self.flow == Flow::Out && !self.is_answer();
        // One that takes the place of another is told by what went.
        let exchanged = ours.iter().all(|m| media_of(theirs, &m.name).is_none());
        for media in ours {
            let narrowed = || theirs.iter().find(|m| self.flow == Flow::Out && covers(&media.name, &m.name));
            let Some(other) = media_of(theirs, &media.name).or_else(narrowed) else {
                let location = format!("{} {}", self.location, media.name);
                // Whoever calls asked for it; whoever is called can read what is left.
                let effect = if pushed && !exchanged { Effect::Same } else { Effect::Both };
                let mut change = self.change(ChangeKind::MediaTypeRemoved, effect, &location);
                change.detail = media.name.to_string();
                change.before = Some(media.name.to_string());
                // What the operation of head says itself instead of inheriting it is what was edited.
                let own = theirs.first().map(|m| m.origin).filter(|o| o.within(self.both.head.origin));
                match own.filter(|_| !media.origin.within(self.both.base.origin)) {
                    Some(own) => change.head = Some(own),
                    None => change.base = Some(media.origin),
                }
                changes.push(change);
                continue;
            };
            self.schemas(graph, media, other, changes);
        }
        for media in theirs.iter().filter(|m| media_of(ours, &m.name).is_none()) {
            let location = format!("{} {}", self.location, media.name);
            let widened = !exchanged || ours.iter().any(|m| covers(&media.name, &m.name));
            let effect = if widened { Effect::Widens } else { Effect::Same };
            let mut change = self.change(ChangeKind::MediaTypeAdded, effect, &location);
            change.detail = media.name.to_string();
            change.after = Some(media.name.to_string());
            change.head = Some(media.origin);
            change.facts.pushed = pushed;
            changes.push(change);
        }
    }

    /// What is carried in a media type of both.
    fn schemas(&self, graph: &mut Graph<'_>, ours: &Media, theirs: &Media, changes: &mut Vec<Change>) {
        let location = format!("{} {}", self.location, theirs.name);
        self.encodings(graph, ours, theirs, &location, changes);
        // Nothing said of the value leaves it open; text and bytes say no more than that by themselves.
        let text = |side: &Side<'_>, id: ShapeId| !side.hull(id).intersects(Types::ANY.minus(Types::STRING));
        let (a, b) = match (ours.shape, theirs.shape) {
            (Some(a), None) if !text(&graph.base, a) => (a, ShapeId::OPEN),
            (None, Some(b)) if !text(&graph.head, b) => (ShapeId::OPEN, b),
            (Some(a), Some(b)) => (a, b),
            _ => return,
        };
        // Bytes are no JSON value: 3.0 calls them `string(binary)`, 3.1 says nothing of them (3.1.0 section 4.8.14.3).
        let bytes = |side: &Side<'_>, id: ShapeId| side.hull(id).contains(Types::STRING);
        if is_bytes(&ours.name) && is_bytes(&theirs.name) && bytes(&graph.base, a) && bytes(&graph.head, b) {
            return;
        }
        let text = [ours, theirs].iter().all(|m| plain(&m.name) == "application/x-www-form-urlencoded");
        let root = self.root(self.subject.clone(), location, text);
        graph.add_root(a, b, root);
    }

    /// How the parts of a form are written; all that one `encoding` says is one edit.
    fn encodings(&self, graph: &Graph<'_>, base: &Media, head: &Media, location: &str, changes: &mut Vec<Change>) {
        let mut rewritten = forms::rewritten((graph.base.api, base), (graph.head.api, head));
        let whole = base.encoding.is_empty() != head.encoding.is_empty();
        let [first, rest @ ..] = rewritten.as_mut_slice() else { return };
        if whole {
            for other in rest {
                first.effect = first.effect.and(other.effect);
                first.part = format!("{}, {}", first.part, other.part).into();
                first.before = format!("{}; {}", first.before, other.before);
                first.after = format!("{}; {}", first.after, other.after);
            }
            rewritten.truncate(1);
        }
        for part in rewritten {
            let mut change = self.change(ChangeKind::EncodingChanged, part.effect, location);
            change.detail = part.part.to_string();
            (change.before, change.after) = (Some(part.before), Some(part.after));
            (change.base, change.head) = (part.base.or(Some(base.origin)), part.head.or(Some(head.origin)));
            changes.push(change);
        }
    }

    /// What can be called next: hints, so nothing is sent or received differently.
    pub fn links(&self, graph: &Graph<'_>, ours: &[Link], theirs: &[Link], changes: &mut Vec<Change>) {
        for link in ours {
            let other = theirs.iter().find(|other| other.name == link.name);
            let kind = match other {
                None => ChangeKind::LinkRemoved,
                Some(other) if meaning(graph.base.api, link) != meaning(graph.head.api, other) => {
                    ChangeKind::LinkChanged
                }
                Some(_) => continue,
            };
            let mut change = self.change(kind, Effect::Same, &format!("{} link {}", self.location, link.name));
            change.detail = link.name.to_string();
            (change.before, change.after) = (Some(link.target.to_string()), other.map(|o| o.target.to_string()));
            (change.base, change.head) = (Some(link.origin), other.map(|o| o.origin));
            changes.push(change);
        }
    }

    pub fn headers(&self, graph: &mut Graph<'_>, ours: &[Header], theirs: &[Header], changes: &mut Vec<Change>) {
        // What media types describe is no header of its own from 3.0 on (3.0.3 section 4.7.17.1).
        let old = graph.base.api.format == "openapi-2.0" && graph.head.api.format == "openapi-2.0";
        let counts = |header: &&Header| old || !header.name.eq_ignore_ascii_case("content-type");
        let find = |list: &[Header], name: &str| list.iter().find(|h| h.name.eq_ignore_ascii_case(name)).cloned();
        let note = |kind, effect, header: &Header| {
            let location = format!("{} header {}", self.location, header.name);
            let mut change = self.change(kind, effect, &location);
            change.subject = format!("{} header.{}", self.subject, header.name);
            change.facts.required = header.required;
            change
        };
        for header in ours.iter().filter(counts) {
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
                let at = |header: &Header| header.required_origin.or(Some(header.definition));
                let change = note(kind, effect, header);
                changes.push(Change { base: at(header), head: at(&other), ..change });
            }
            let spelled = (header_spelling(&graph.base, header), header_spelling(&graph.head, &other));
            if spelled.0 != spelled.1 {
                let change = note(ChangeKind::ParameterSerialization, Effect::Both, header);
                let (before, after) = (Some(spelled.0), Some(spelled.1));
                let (base, head) = (Some(header.definition), Some(other.definition));
                changes.push(Change { before, after, base, head, ..change });
            }
            let subject = format!("{} header.{}", self.subject, header.name);
            let text = header.content.is_none() && other.content.is_none();
            let root = self.root(subject, format!("{} header {}", self.location, other.name), text);
            graph.add_root(header.shape, other.shape, root);
        }
        for header in theirs.iter().filter(counts).filter(|h| find(ours, &h.name).is_none()) {
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
        Some(media) => media_types::spelled(media),
        None if header.explode && side.hull(header.shape).intersects(Types::OBJECT) => {
            format!("{}, exploded", header.style)
        }
        None => header.style.to_string(),
    }
}
