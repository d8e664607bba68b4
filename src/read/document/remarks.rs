//! Comments that speak to us, and what they stand at.
//!
//! A comment alone on its line stands at what begins next, one behind something at what begins in its line. What begins
//! is a key with its value, or an item of a list. Its own line belongs to it: what is said of a whole file is said at its
//! first line. `x-driftline-allow` stands at the object that it is a key of.

use memchr::memmem;

use crate::model::origin::Origin;
use crate::model::remark::{KEY, Remark, said};

use super::tree::{Comment, Document, Entry, Kind, Node, NodeId};

/// All remarks of a document, in its order.
pub fn remarks(document: &Document) -> Vec<Remark> {
    let speaks = |comment: &&Comment| document.said(comment.origin).is_some();
    let comments: Vec<Comment> = document.comments().iter().filter(speaks).copied().collect();
    let keys: Vec<usize> = memmem::find_iter(&document.file.bytes, KEY).collect();
    if comments.is_empty() && keys.is_empty() {
        return Vec::new();
    }
    let places = Places { document, own: places(document) };
    let mut found: Vec<Remark> = comments.into_iter().filter_map(|comment| places.remark(comment)).collect();
    found.extend(keys.into_iter().flat_map(|at| places.entries_at(at)));
    found.sort_by_key(|remark| remark.origin.start);
    found
}

/// What a node is a part of.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// The container; the root has none.
    parent: Option<NodeId>,
    /// Its key: for a key the node itself.
    key: Option<NodeId>,
}

/// The places of all nodes, in one walk.
fn places(document: &Document) -> Vec<Place> {
    let mut places = Vec::with_capacity(document.nodes.len());
    // Open containers: id, whether it has keys, the key whose value is next.
    let mut open: Vec<(NodeId, bool, Option<NodeId>)> = Vec::new();
    for (index, node) in document.nodes.iter().enumerate() {
        let id = NodeId(u32::try_from(index).unwrap_or(u32::MAX));
        while open.last().is_some_and(|(parent, ..)| document.node_at(*parent).after <= id.0) {
            open.pop();
        }
        let place = match open.last_mut() {
            None => Place { parent: None, key: None },
            Some((parent, false, _)) => Place { parent: Some(*parent), key: None },
            Some((parent, true, key)) => {
                let own = key.take();
                if own.is_none() {
                    *key = Some(id);
                }
                Place { parent: Some(*parent), key: own.or(Some(id)) }
            }
        };
        places.push(place);
        match node.kind {
            Kind::Mapping | Kind::Indexed(_) => open.push((id, true, None)),
            Kind::Sequence => open.push((id, false, None)),
            _ => {}
        }
    }
    places
}

struct Places<'d> {
    document: &'d Document,
    own: Vec<Place>,
}

impl<'d> Places<'d> {
    fn remark(&self, comment: Comment) -> Option<Remark> {
        let origin = comment.origin;
        let text = self.document.said(origin)?.to_string();
        let line = self.document.line(origin.start);
        let first = match comment.own_line {
            // Deeper than what comes next it was about something that ended, or is gone.
            true => self.document.first_from(origin.end).filter(|id| {
                self.document.indent(self.document.node_at(*id).start) >= self.document.indent(origin.start)
            }),
            false => {
                let first = self.document.first_from(line.start);
                first.filter(|id| self.document.node_at(*id).start < origin.start)
            }
        };
        let (covers, about) = first.map_or((line, ""), |id| {
            let (whole, about) = self.declaration(self.document.begins(id));
            let first = self.document.line(self.document.node_at(id).start);
            let start = whole.start.min(first.start).min(line.start);
            (Origin { start, end: whole.end.max(first.end), ..whole }, about)
        });
        Some(Remark { text, origin, covers, about: about.into() })
    }

    /// The entries of the key that is written at this byte, if one is.
    fn entries_at(&self, at: usize) -> Vec<Remark> {
        let document = self.document;
        let from = u32::try_from(at.saturating_sub(1)).unwrap_or(u32::MAX);
        // A block begins where its first key does, and a quote comes before its text.
        let first = document.first_from(from).map_or(u32::MAX, |id| id.0);
        let mut here = (first..u32::MAX)
            .map(NodeId)
            .take_while(|id| document.nodes.get(id.0 as usize).is_some_and(|node| node.start <= from + 1));
        let Some(key) = here.find(|id| document.bytes(*id) == KEY.as_bytes()) else { return Vec::new() };
        let Place { parent: Some(owner), key: own } = self.place(key) else { return Vec::new() };
        if own != Some(key) {
            return Vec::new();
        }
        let says = ["openapi", "swagger"].into_iter().find_map(|key| document.get(owner, key));
        let (covers, about) = match (self.place(owner).parent, says) {
            // As a comment above it: a whole contract is not switched off.
            (None, Some(first)) => (document.entry_origin(first), ""),
            _ => self.declaration(owner),
        };
        let value = NodeId(document.node_at(key).after);
        let remark = |text, origin| Remark { text, origin, covers, about: about.into() };
        if !document.is_mapping(value) {
            return vec![remark(String::new(), document.origin(key))];
        }
        let of = |entry: Entry| {
            let reason = document.text(entry.value).unwrap_or_default();
            remark(format!("allow({}) {reason}", document.key(entry)), document.entry_origin(entry))
        };
        document.entries(value).map(of).collect()
    }

    fn place(&self, id: NodeId) -> Place {
        self.own.get(id.0 as usize).copied().unwrap_or(Place { parent: None, key: None })
    }

    /// The key with its value that the node is part of; other nodes alone. With the text of the key.
    fn declaration(&self, id: NodeId) -> (Origin, &'d str) {
        let Some(key) = self.place(id).key else {
            return (self.document.origin(id), self.document.text(id).unwrap_or_default());
        };
        let value = NodeId(self.document.node_at(key).after);
        (self.document.entry_origin(Entry { key, value }), self.document.text(key).unwrap_or_default())
    }
}

impl Document {
    /// What the comment says to us.
    fn said(&self, origin: Origin) -> Option<&str> {
        said(std::str::from_utf8(self.slice(origin.start, origin.end)).ok()?)
    }

    fn node_at(&self, id: NodeId) -> Node {
        self.nodes.get(id.0 as usize).copied().unwrap_or(Node { start: 0, end: 0, after: 0, kind: Kind::Null })
    }

    /// The first node that starts at or behind the byte: they lie in the order of the text.
    fn first_from(&self, at: u32) -> Option<NodeId> {
        let index = self.nodes.partition_point(|node| node.start < at);
        (index < self.nodes.len()).then(|| NodeId(u32::try_from(index).unwrap_or(u32::MAX)))
    }

    /// The line of a byte, without its end.
    fn line(&self, at: u32) -> Origin {
        let (start, end) = self.file.line_around(at as usize);
        Origin::new(self.file(), start, end)
    }

    /// Blanks that the line of a byte begins with.
    fn indent(&self, at: u32) -> usize {
        let line = self.line(at);
        let text = self.slice(line.start, line.end);
        text.len() - text.trim_ascii_start().len()
    }

    /// What begins with this node: of a block that begins here, its first key or item, but an item whole.
    fn begins(&self, mut id: NodeId) -> NodeId {
        loop {
            let node = self.node_at(id);
            let flow = matches!(self.slice(node.start, node.end).first(), None | Some(b'{' | b'['));
            let dash = self.slice(self.line(node.start).start, node.start).trim_ascii_end().ends_with(b"-");
            let inner = match node.kind {
                Kind::Sequence => !flow,
                Kind::Mapping | Kind::Indexed(_) => !flow && !dash,
                _ => false,
            };
            if !inner || node.after <= id.0 + 1 {
                return id;
            }
            id = NodeId(id.0 + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::Files;

    /// `text|about|lines that are covered` of each remark.
    fn seen(path: &str, text: &str) -> Vec<String> {
        let files = Files::default();
        let id = files.add(path, "1", text.as_bytes().to_vec());
        let document = super::super::parse(id, &Arc::clone(&files.get(id)));
        let remarks = remarks(&document).into_iter();
        let lines = |covers: Origin| {
            let at = files.locate(covers);
            format!("{}-{}", at.line, at.end_line)
        };
        remarks.map(|r| format!("{}|{}|{}", r.text, r.about, lines(r.covers))).collect()
    }

    #[test]
    fn a_comment_stands_at_what_begins_next_or_in_its_line() {
        let cases: &[(&str, &str)] = &[
            ("a:\n  # driftline: x\n  b: 1\n  c: 2\n", "x|b|2-3"),
            ("a:\n  # driftline: x\n  # more\n\n  b:\n    c: 2\n    d: 3\n  e: 1\n", "x|b|2-7"),
            ("# driftline: x\na:\n  b: 1\n", "x|a|1-3"),
            ("a: # driftline: x\n  b: 1\n  c: 1\nd: 1\n", "x|a|1-3"),
            ("a:\n  b: 1 # driftline: x\n  c: 2\n", "x|b|2-2"),
            ("a:\n  # driftline: x\n  - b: 1\n    c: 2\n  - b: 2\n", "x||2-4"),
            ("a:\n  - b: 1\n    c: 2\n  # driftline: x\n  - b: 2\n    c: 3\n", "x||4-6"),
            ("a:\n  - b: 1 # driftline: x\n    c: 2\n", "x||2-3"),
            ("a:\n  - b: 1\n    c: 2 # driftline: x\n", "x|c|3-3"),
            ("a:\n  # driftline: x\n  - one\n  - two\n", "x|one|2-3"),
            ("a: {b: 1,\n  # driftline: x\n  c: {d: 1,\n  e: 2}}\n", "x|c|2-4"),
            ("a: 1\n# driftline: x\n", "x||2-2"),
            ("a:\n  b: 1\n  # driftline: x\nc:\n  d: 1\n", "x||3-3"),
            ("a:\n  - b\n  # driftline: x\n\nc: 1\n", "x||3-3"),
            ("a:\n# driftline: x\n  - b\n", "x|b|2-3"),
            ("# driftline: x\n# driftline: y\na: 1\n", "x|a|1-3, y|a|2-3"),
        ];
        for (text, want) in cases {
            assert_eq!(seen("a.yaml", text).join(", "), *want, "{text}");
        }
    }

    #[test]
    fn many_comments_cost_no_more_than_their_number() {
        let text: String =
            (0..10_000).map(|n| format!("# driftline: x\nk{n}: {{x-driftline-allow: {{r: y}}}}\n")).collect();
        let seen = seen("a.yaml", &text);
        assert_eq!((seen.len(), seen.last().map(String::as_str)), (20_000, Some("allow(r) y|k9999|20000-20000")));
    }

    #[test]
    fn text_is_no_comment() {
        for text in [
            "a: '# driftline: x'\n",
            "a: |\n  # driftline: x\n  b\nc: 1\n",
            "a: b#driftline: x\n",
            "a: \"\n  # driftline: x\"\n",
        ] {
            assert_eq!(seen("a.yaml", text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_key_stands_for_the_comment_where_there_are_none() {
        let text =
            "{\"s\": {\"User\": {\n\"x-driftline-allow\": {\"r\": \"why\", \"q\": \"not\"},\n\"type\": \"object\"}}}";
        assert_eq!(seen("a.json", text), ["allow(r) why|User|1-3", "allow(q) not|User|1-3"]);
        assert_eq!(seen("a.yaml", "a:\n  x-driftline-allow: soon\n  b: 1\n"), ["|a|1-3"]);
        assert_eq!(
            seen("a.json", "{\n\"x-driftline-allow\": {\"r\": \"why\"},\n\"openapi\": \"3.0.3\",\n\"a\": 1\n}"),
            ["allow(r) why||3-3"]
        );
        assert_eq!(seen("a.json", "{\"a\": \"x-driftline-allow\"}"), [""; 0]);
    }
}
