//! YAML events into the arena. The event reader is `granit-parser`; nothing of it leaves this file.

use std::collections::HashMap;

use granit_parser::{ErrorKind, Event, Parser, Placement, ScalarStyle, ScanError, Span, StructureStyle, Tag};

use crate::model::origin::{Origin, Problem};

use super::build::Builder;
use super::scalar::classify;
use super::tree::{Kind, NodeId};
use super::{DEPTH_LIMIT, Fault};

struct Reader<'t, 'b> {
    text: &'t str,
    /// Offset of the text in the file.
    base: usize,
    builder: &'b mut Builder,
    anchors: HashMap<usize, NodeId>,
    /// Whether each open container is written as a block.
    blocks: Vec<bool>,
    /// End of the last event that had text: an empty value sits there and not where the next token is.
    last_end: usize,
}

/// Reads the first YAML document of the text.
pub(super) fn read(text: &str, base: usize, builder: &mut Builder) -> Result<(), Fault> {
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        max_buffered_comment_events: text.len(),
        flow_nesting_limit: DEPTH_LIMIT,
        block_nesting_limit: DEPTH_LIMIT,
    };
    let mut reader = Reader { text, base, builder, anchors: HashMap::new(), blocks: Vec::new(), last_end: 0 };
    let mut documents = 0;
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next.map_err(|error| reader.fault(&error))?;
        if matches!(event, Event::DocumentStart(..)) {
            documents += 1;
            if documents == 2 {
                reader.remark_second(span);
                return Ok(());
            }
        }
        reader.event(event, span)?;
    }
    Ok(())
}

fn offset(marker: granit_parser::Marker) -> usize {
    marker.byte_offset().unwrap_or_default()
}

impl<'t> Reader<'t, '_> {
    fn event(&mut self, event: Event<'t>, span: Span) -> Result<(), Fault> {
        let (start, end) = (offset(span.start), offset(span.end));
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let id = self.scalar(&value, style, tag.as_deref(), start, end);
                self.anchor(anchor, id);
            }
            Event::SequenceStart(style, anchor, _) => self.open(Kind::Sequence, style, anchor, start)?,
            Event::MappingStart(style, anchor, _) => self.open(Kind::Mapping, style, anchor, start)?,
            Event::SequenceEnd | Event::MappingEnd => {
                let block = self.blocks.pop().unwrap_or_default();
                self.builder.close((!block).then_some(self.base + end));
                self.last_end = if block { self.last_end } else { end };
            }
            Event::Alias(anchor) => {
                let kind = self.anchors.get(&anchor).map_or(Kind::Null, |id| Kind::Alias(*id));
                self.builder.scalar(kind, self.base + start, self.base + end);
                self.last_end = end;
            }
            Event::UnresolvedAlias(name) => {
                self.builder.scalar(Kind::Null, self.base + start, self.base + end);
                self.last_end = end;
                self.problem(
                    name.as_ref(),
                    start,
                    end,
                    format!("the alias `*{name}` has no anchor `&{name}` before it"),
                );
            }
            Event::Comment(_, placement) => {
                self.builder.comment(self.base + start, self.base + end, placement != Placement::Right);
            }
            _ => {}
        }
        Ok(())
    }

    fn problem(&mut self, subject: &str, start: usize, end: usize, message: String) {
        // A list that is empty at the end of the file begins behind its last byte.
        let (start, end) = (start.min(self.text.len()), end.min(self.text.len()));
        let origin = Origin::new(self.builder.doc.file(), self.base + start, self.base + end);
        self.builder.problem(Problem::new("document-invalid", subject, origin, message));
    }

    fn anchor(&mut self, anchor: usize, id: NodeId) {
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
    }

    fn open(&mut self, kind: Kind, style: StructureStyle, anchor: usize, start: usize) -> Result<(), Fault> {
        self.check_key(start);
        let id = self.builder.open(kind, self.base + start)?;
        self.blocks.push(style == StructureStyle::Block);
        self.anchor(anchor, id);
        self.last_end = self.last_end.max(start);
        Ok(())
    }

    /// A container as key has no meaning in JSON; templates (`{{ name }}`) read as one.
    fn check_key(&mut self, start: usize) {
        if !self.builder.expects_key() {
            return;
        }
        let template = self.text.get(start.saturating_sub(1)..).is_some_and(|t| t.starts_with("{{"));
        self.builder.template |= template;
        let message = match template {
            true => "this looks like an unfilled template; what it stands for cannot be read",
            false => "a key must be a single value, not a list or mapping",
        };
        self.problem("key", start, start + 1, message.to_string());
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, tag: Option<&Tag>, start: usize, end: usize) -> NodeId {
        let source = self.text.get(start..end).unwrap_or_default();
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        let tagged = tag.and_then(Tag::core_suffix);
        let plain = matches!(style, ScalarStyle::Plain);
        if plain && source.is_empty() {
            let at = self.base + self.last_end.min(start);
            let kind = if tagged == Some("str") { Kind::String } else { Kind::Null };
            return self.builder.scalar(kind, at, at);
        }
        let source = source.trim_end_matches(['\n', '\r', ' ']);
        let end = start + source.len();
        self.last_end = end;
        let same = match quoted {
            true => source.get(1..source.len().saturating_sub(1)) == Some(value),
            false => source == value && !source.starts_with(['"', '\'']),
        };
        let kind = match tagged {
            Some("str") => Kind::String,
            Some("int" | "float" | "bool" | "null") => classify(value),
            _ if plain => classify(value),
            _ => Kind::String,
        };
        match kind {
            Kind::String if !same => self.builder.decoded(value, self.base + start, self.base + end),
            // A tagged and quoted number or boolean: the text is between the quotes.
            _ if kind != Kind::String && quoted => {
                self.builder.scalar(kind, self.base + start + 1, (self.base + end).saturating_sub(1))
            }
            _ => self.builder.scalar(kind, self.base + start, self.base + end),
        }
    }

    fn remark_second(&mut self, span: Span) {
        let start = self.base + offset(span.start);
        let origin = Origin::new(self.builder.doc.file(), start, start + 3);
        let message = "the file holds several YAML documents; only the first is read";
        self.builder.problem(Problem::remark("document-invalid", "second document", origin, message));
    }

    fn fault(&self, error: &ScanError) -> Fault {
        let at = offset(*error.marker()).min(self.text.len());
        if *error.kind() == ErrorKind::RecursionLimitExceeded {
            return Fault::depth(self.base + at);
        }
        if let Some(tab) = self.tab_in_indentation(at) {
            let message = "a tab is used for indentation here; YAML allows only spaces";
            return Fault::new(self.base + tab, self.base + tab + 1, message);
        }
        let width = self.text.get(at..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
        Fault::new(self.base + at, self.base + at + width, format!("this is no valid YAML: {}", error.info()))
    }

    /// A tab in the indentation of the line of a fault or of the line before it.
    fn tab_in_indentation(&self, at: usize) -> Option<usize> {
        let before = self.text.get(..at)?;
        let line = before.rfind('\n').map_or(0, |n| n + 1);
        let previous = before.get(..line.saturating_sub(1))?.rfind('\n').map_or(0, |n| n + 1);
        [line, previous].into_iter().find_map(|start| {
            let text = self.text.get(start..)?;
            let indent = text.len() - text.trim_start_matches([' ', '\t']).len();
            text.get(..indent)?.find('\t').map(|tab| start + tab)
        })
    }
}
