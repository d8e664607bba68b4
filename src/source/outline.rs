//! What a file says at first sight: whether it is the root of a contract, and which one.
//!
//! Works on bytes without parsing, because it is asked about every candidate of a repository; the reader decides
//! what the document really means.

use std::borrow::Cow;
use std::collections::BTreeSet;

use memchr::memmem;

/// A contract at first sight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The value of `openapi` or `swagger`; empty when a template puts it in.
    pub version: String,
    pub title: String,
    /// Keys that begin with `/`.
    pub paths: BTreeSet<String>,
    /// References to other files.
    pub external: bool,
}

/// The outline of a contract's root document; `None` for everything else, fragments included.
pub fn outline(bytes: &[u8]) -> Option<Outline> {
    let text = narrow(bytes);
    let text = body(&text);
    let version = version(text)?;
    Some(Outline { version, title: title(text), paths: paths(text), external: external(text) })
}

/// The value of a top-level `openapi` or `swagger` key, if it looks like a version. An application's own settings
/// under a key of that name are mappings or booleans.
pub fn version(text: &[u8]) -> Option<String> {
    let json = text.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{');
    let mut found: Vec<usize> =
        memmem::find_iter(text, b"openapi").chain(memmem::find_iter(text, b"swagger")).collect();
    found.sort_unstable();
    found.into_iter().find_map(|at| {
        let before = text.get(..at)?;
        let top = if json { top_level_key(before) } else { starts_line(before) };
        if top { value(text.get(at + 7..)?) } else { None }
    })
}

/// UTF-16 is read by leaving out the zero bytes: enough for names.
fn narrow(bytes: &[u8]) -> Cow<'_, [u8]> {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => bytes.iter().skip(2).copied().filter(|b| *b != 0).collect(),
        [0xef, 0xbb, 0xbf, rest @ ..] => Cow::Borrowed(rest),
        _ => Cow::Borrowed(bytes),
    }
}

/// The document behind an insta snapshot's front matter: a first line `---`, settings, and a line `---` again.
fn body(text: &[u8]) -> &[u8] {
    let front = text.starts_with(b"---\n") || text.starts_with(b"---\r\n");
    let settings = text.get(..text.len().min(400)).unwrap_or_default();
    if !front || !(memmem::find(settings, b"\nsource:").is_some() || memmem::find(settings, b"\nexpression:").is_some())
    {
        return text;
    }
    let end = memmem::find(text.get(3..).unwrap_or_default(), b"\n---").map(|at| at + 7);
    end.and_then(|end| text.get(end..)).unwrap_or(text)
}

/// True when only a quotation mark stands between the line's start and here.
fn starts_line(before: &[u8]) -> bool {
    let line = before.rsplit(|b| *b == b'\n').next().unwrap_or_default();
    matches!(line, b"" | b"\"" | b"'")
}

/// True when a key begins here that belongs to the outermost object of a JSON text.
fn top_level_key(before: &[u8]) -> bool {
    if before.last() != Some(&b'"') {
        return false;
    }
    let (mut depth, mut quoted, mut escaped) = (0i64, false, false);
    for byte in before.iter().take(before.len() - 1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => depth -= 1,
            _ => {}
        }
    }
    depth == 1 && !quoted
}

/// What follows a key, if it is a version or a template's placeholder (then empty).
fn value(after: &[u8]) -> Option<String> {
    let after = after.strip_prefix(b"\"").or(after.strip_prefix(b"'")).unwrap_or(after).trim_ascii_start();
    let after = after.strip_prefix(b":")?;
    let line = after.split(|b| *b == b'\n').next().unwrap_or_default();
    // JSON may break the line after the colon.
    let line = if line.trim_ascii().is_empty() { after.trim_ascii_start() } else { line.trim_ascii_start() };
    let line = line.strip_prefix(b"\"").or(line.strip_prefix(b"'")).unwrap_or(line);
    if line.starts_with(b"{{") || line.starts_with(b"${") || line.starts_with(b"<%") {
        return Some(String::new());
    }
    let version: String =
        line.iter().take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b)).map(|b| *b as char).collect();
    version.starts_with(|c: char| c.is_ascii_digit()).then_some(version)
}

/// `title` of `info`.
fn title(text: &[u8]) -> String {
    let info = memmem::find_iter(text, b"info").find(|at| {
        let before = text.get(..*at).unwrap_or_default();
        let quoted = before.last() == Some(&b'"');
        let after = text.get(at + 4..).unwrap_or_default();
        (quoted || starts_line(before)) && after.first().is_some_and(|b| b"\"':".contains(b))
    });
    let Some(from) = info.and_then(|at| text.get(at..)) else { return String::new() };
    let Some(rest) = memmem::find(from, b"title").and_then(|at| from.get(at + 5..)) else { return String::new() };
    let line = String::from_utf8_lossy(rest.split(|b| *b == b'\n').next().unwrap_or_default()).into_owned();
    let value = line.trim_start_matches(['"', '\'']).trim_start().trim_start_matches(':').trim();
    let quote = value.chars().next().filter(|c| "\"'".contains(*c));
    match quote {
        Some(quote) => value.split(quote).nth(1).unwrap_or_default().to_string(),
        None => value.to_string(),
    }
}

/// Keys that begin with `/`, in YAML at a line's start and in JSON between quotation marks.
fn paths(text: &[u8]) -> BTreeSet<String> {
    memchr::memchr_iter(b'/', text)
        .filter_map(|at| {
            let before = text.get(..at)?;
            let rest = text.get(at..)?;
            let quote = before.last().copied().filter(|b| b"\"'".contains(b));
            let end = match quote {
                Some(quote) => memchr::memchr2(quote, b'\n', rest)?,
                None => {
                    let line = before.get(memchr::memrchr(b'\n', before)? + 1..)?;
                    if !line.iter().all(|b| *b == b' ') {
                        return None;
                    }
                    memchr::memchr2(b':', b'\n', rest)?
                }
            };
            let after = rest.get(end + usize::from(quote.is_some())..)?.trim_ascii_start();
            let key = after.first() == Some(&b':') && end < 500;
            key.then(|| String::from_utf8_lossy(rest.get(..end).unwrap_or_default()).into_owned())
        })
        .collect()
}

fn external(text: &[u8]) -> bool {
    memmem::find_iter(text, b"$ref").any(|at| {
        let rest = text.get(at + 4..).unwrap_or_default();
        let value =
            rest.iter().position(|b| !b"\"': \t".contains(b)).and_then(|from| rest.get(from..)).unwrap_or_default();
        !value.starts_with(b"#") && !value.starts_with(b"http") && value.first().is_some_and(|b| !b"\r\n{".contains(b))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn roots_and_what_is_none() {
        let cases: &[(&str, Option<&str>)] = &[
            ("openapi: 3.0.3\ninfo:\n  title: T\n", Some("3.0.3")),
            ("# c\n---\ninfo: {}\npaths: {}\n'swagger': \"2.0\"\n", Some("2.0")),
            ("\u{feff}openapi: '3.1.0'\r\n", Some("3.1.0")),
            ("{\"info\":{\"openapi\":\"1\"},\n \"openapi\":\n \"3.2.0\"}", Some("3.2.0")),
            ("---\nsource: a.rs\nexpression: x\n---\n{\n  \"openapi\": \"3.1.0\"}", Some("3.1.0")),
            ("openapi: {{ .Version }}\n", Some("")),
            ("openapi:\n  enabled: true\n", None),
            ("openapi: true\n", None),
            ("x:\n  openapi: 3.0.0\n", None),
            ("{\"a\":{\"openapi\":\"3.0.0\"}}", None),
            ("{\"a\":\"\\\"openapi\\\": 3\"}", None),
            ("type: object\nproperties: {}\n", None),
            ("asyncapi: 2.0.0\n", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(outline(text.as_bytes()).map(|o| o.version).as_deref(), *expected, "{text}");
        }
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain("openapi: 3.0.0\n".bytes().flat_map(|b| [b, 0])).collect();
        assert_eq!(outline(&wide).unwrap().version, "3.0.0");
    }

    #[test]
    fn what_a_contract_is_about() {
        let yaml = "openapi: 3.0.3\ninfo:\n  title: \"Orders\"\npaths:\n  /a:\n    $ref: './a.yaml'\n  '/b/{id}':\n    get: {}\n";
        let json = r##"{"openapi":"3.0.3","info":{"title":"Orders","version":"1"},"paths":{"/a":{"$ref":"#/x"},"/b/{id}":{}}}"##;
        let (yaml, json) = (outline(yaml.as_bytes()).unwrap(), outline(json.as_bytes()).unwrap());
        assert_eq!((yaml.title.as_str(), json.title.as_str()), ("Orders", "Orders"));
        assert_eq!(yaml.paths, json.paths);
        assert_eq!(yaml.paths.len(), 2);
        assert!(yaml.external && !json.external);
    }

    proptest! {
        #[test]
        fn never_fails(text in "(openapi|swagger|info|title|: |\\{|\\}|\"|'|/|\\n|\\$ref|3|---|.){0,30}") {
            outline(text.as_bytes());
        }
    }
}
