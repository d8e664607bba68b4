//! Who refers to whom: `$ref` wherever it is written, and the names that discriminators mean.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memmem};

use super::super::pointer::percent_decode;
use super::json;
use super::outline::{Edge, Form, Outline, Sort};

/// Keys whose entries are named schemas, so that a reference to one makes it a component.
const HOLDERS: [&str; 3] = ["schemas", "definitions", "$defs"];
/// What other files are called.
const FILES: [&str; 3] = [".yaml", ".yml", ".json"];

/// Finds the references of all blocks; `None` when one leads where blocks cannot tell.
pub(super) fn add(text: &[u8], outline: &mut Outline) -> Option<()> {
    let version = Version::of(text, outline)?;
    let mut edges = Vec::new();
    let mut at = Passed::default();
    for sign in memchr_iter(b'$', text) {
        let Some(target) = target(text, sign, outline.form, version)? else { continue };
        let Some(from) = at.block(outline, sign) else { continue };
        edges.extend(edge(outline, from, &target, version)?);
    }
    let (mut discriminated, mut at) = (Vec::new(), Passed::default());
    for start in memmem::find_iter(text, "discriminator") {
        let Some(value) = behind_key(text, start, "discriminator".len()) else { continue };
        let Some(from) = at.block(outline, start) else { continue };
        discriminated.push(from);
        for word in words(below(text, start, value, outline.form)?) {
            let word = std::str::from_utf8(word).ok()?;
            if word.starts_with('#') {
                edges.extend(edge(outline, from, word, version)?);
            } else if let Some(to) = schema(outline, word, version) {
                edges.push(Edge { from, to, firm: false });
            } else if FILES.iter().any(|end| word.ends_with(end)) {
                return None;
            }
        }
    }
    let mut at = Passed::default();
    let is_link = |start: usize| {
        let block = behind_key(text, start, "links".len()).and_then(|_| at.block(outline, start));
        let sort = block.and_then(|at| outline.blocks.get(at as usize)).map(|block| outline.sort_of(block));
        matches!(sort, Some(Sort::Items | Sort::Parts))
    };
    outline.linked = memmem::find(text, b"operationRef").is_some() || memmem::find_iter(text, "links").any(is_link);
    (outline.edges, outline.discriminated) = (edges, discriminated);
    Some(())
}

/// What the version of the format decides here.
#[derive(Clone, Copy)]
struct Version {
    /// Swagger 2.0
    old: bool,
    /// Schemas may have names and addresses of their own.
    named: bool,
}

impl Version {
    fn of(text: &[u8], outline: &Outline) -> Option<Self> {
        let said = |key: &str| {
            let block = outline.blocks.get(outline.find("", key)? as usize)?;
            let written = text.get(block.whole.clone())?;
            let value = written.get(memchr(b':', written)? + 1..)?.trim_ascii();
            Some(value.strip_prefix(b"\"").or(value.strip_prefix(b"'")).unwrap_or(value))
        };
        match (said("swagger"), said("openapi")) {
            (Some(_), None) => Some(Self { old: true, named: false }),
            (None, Some(version)) => Some(Self { old: false, named: !version.starts_with(b"3.0") }),
            _ => None,
        }
    }
}

/// The block at a place; places come in the order of the text.
#[derive(Default)]
struct Passed(usize);

impl Passed {
    fn block(&mut self, outline: &Outline, at: usize) -> Option<u32> {
        while outline.blocks.get(self.0)?.whole.end <= at {
            self.0 += 1;
        }
        let here = outline.blocks.get(self.0)?.whole.start <= at;
        u32::try_from(self.0).ok().filter(|_| here)
    }
}

/// Where the value of a key begins that is written here; `None` for words of other texts.
fn behind_key(text: &[u8], start: usize, length: usize) -> Option<usize> {
    let before = start.checked_sub(1).and_then(|at| text.get(at)).copied();
    let mut end = start + length;
    match before {
        Some(quote @ (b'"' | b'\'')) => {
            (text.get(end) == Some(&quote)).then_some(())?;
            end += 1;
        }
        None | Some(b' ' | b'\n' | b'{' | b',') => {}
        _ => return None,
    }
    let spaces = text.get(end..)?.iter().take_while(|byte| **byte == b' ').count();
    (text.get(end + spaces) == Some(&b':')).then_some(end + spaces + 1)
}

/// The text of a `$ref` at a `$`; the outer `None` for what gives places other names, and for values that go on in other lines.
fn target(text: &[u8], sign: usize, form: Form, version: Version) -> Option<Option<String>> {
    let rest = text.get(sign + 1..)?;
    let is = |word: &str| rest.starts_with(word.as_bytes()) && behind_key(text, sign, word.len() + 1).is_some();
    let dynamic = ["dynamicRef", "recursiveRef"].into_iter().any(is);
    if dynamic || version.named && ["id", "self", "anchor", "dynamicAnchor", "recursiveAnchor"].into_iter().any(is) {
        return None;
    }
    if !rest.starts_with(b"ref") {
        return Some(None);
    }
    let Some(value) = behind_key(text, sign, "$ref".len()) else { return Some(None) };
    let value = text.get(value..)?;
    let value = match form {
        Form::Json => value.trim_ascii_start(),
        Form::Yaml => value.get(value.iter().take_while(|byte| **byte == b' ').count()..)?,
    };
    match value.first()? {
        // A property of that name.
        b'{' | b'[' => Some(None),
        quote @ (b'"' | b'\'') => {
            let inner = value.get(1..)?;
            let inner = inner.get(..memchr(*quote, inner)?)?;
            match form {
                Form::Json => json::spelled(inner).map(Some),
                Form::Yaml => plain(inner).map(Some),
            }
        }
        _ if form == Form::Json => Some(None),
        b'\n' | b'\r' | b'#' | b'|' | b'>' | b'&' | b'*' | b'!' => None,
        _ => {
            let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b'}');
            plain(value.get(..value.iter().position(ends).unwrap_or(value.len()))?).map(Some)
        }
    }
}

fn plain(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?;
    (!text.contains(['\\', '\n'])).then(|| text.to_string())
}

/// Where a reference leads; the outer `None` for other files, and for what would become a component by it.
fn edge(outline: &Outline, from: u32, target: &str, version: Version) -> Option<Option<Edge>> {
    let pointer = target.strip_prefix("#/")?;
    let mut tokens = pointer.split('/');
    let first = tokens.next()?;
    let kind = if !version.old && first == "components" { Some(tokens.next()?) } else { None };
    let name = tokens.next()?;
    let name = match name.contains(['%', '~']) {
        true => Cow::Owned(percent_decode(name).replace("~1", "/").replace("~0", "~")),
        false => Cow::Borrowed(name),
    };
    let inside: Vec<&str> = tokens.collect();
    let holder = inside.len().checked_sub(2).and_then(|at| inside.get(at));
    if holder.is_some_and(|holder| HOLDERS.contains(holder)) {
        return None;
    }
    let found = match kind {
        Some("securitySchemes") => return Some(None),
        Some(kind) => {
            let mut route = String::with_capacity("components/".len() + kind.len());
            route.extend(["components/", kind]);
            outline.is_known(&route).then(|| outline.find(&route, &name))?
        }
        None => outline.is_known(first).then(|| outline.find(first, &name))?,
    };
    let Some(to) = found else { return Some(None) };
    let sort = outline.blocks.get(to as usize).map(|block| outline.sort_of(block))?;
    Some((sort != Sort::Examples).then_some(Edge { from, to, firm: !inside.is_empty() || sort != Sort::Schemas }))
}

/// The schema of that name.
fn schema(outline: &Outline, name: &str, version: Version) -> Option<u32> {
    outline.find(if version.old { "definitions" } else { "components/schemas" }, name)
}

/// The value of a key, be it in the lines below it.
fn below(text: &[u8], key: usize, value: usize, form: Form) -> Option<&[u8]> {
    if form == Form::Json {
        let start = value + text.get(value..)?.iter().position(|byte| !byte.is_ascii_whitespace())?;
        return text.get(start..json::skip(text, start)?);
    }
    let line = memchr::memrchr(b'\n', text.get(..key)?).map_or(0, |at| at + 1);
    let column = |line: &[u8]| line.iter().position(|byte| !matches!(byte, b' ' | b'-')).unwrap_or(line.len());
    let own = column(text.get(line..key)?).min(key - line);
    let mut end = value;
    for (number, line) in text.get(value..)?.split_inclusive(|byte| *byte == b'\n').enumerate() {
        if number > 0 && !line.trim_ascii().is_empty() && column(line) <= own {
            break;
        }
        end += line.len();
    }
    text.get(value..end)
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let between = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b',' | b'{' | b'}');
    text.split(between).map(|word| word.strip_suffix(b":").unwrap_or(word)).filter(|word| !word.is_empty())
}
