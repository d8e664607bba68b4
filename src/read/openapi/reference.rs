//! `$ref`: from text to a place in a document of the same revision.

use crate::model::origin::Problem;
use crate::read::document::Scalar;
use crate::source::{LoadError, join};

use super::cursor::Cursor;
use super::pointer::{nearest, percent_decode, tokens};
use super::reader::Reader;

/// References that only point to references are followed this far.
const HOPS: usize = 64;

/// No rule: the target lies behind the fault of a document that could not be read to its end, which is reported.
const BROKEN_OFF: &str = "";

/// Why a reference leads nowhere: the rule and a sentence.
struct Miss {
    rule: &'static str,
    message: String,
}

fn unresolved(message: String) -> Miss {
    Miss { rule: "reference-unresolved", message }
}

impl Reader<'_> {
    /// The target of a `$ref` value, reported once per file and text when there is none.
    pub(super) fn target(&mut self, reference: &Cursor) -> Option<Cursor> {
        let text = reference.text().unwrap_or_default().to_string();
        let key = (reference.slot, text);
        if let Some(known) = self.resolved.get(&key) {
            return known.clone();
        }
        let found = self.locate(reference.slot, &key.1, 0);
        let target = found.map_err(|miss| {
            // A remote part is left out on purpose, yet what it says is not known.
            self.api.tainted = true;
            if miss.rule == BROKEN_OFF {
                return;
            }
            let origin = reference.origin();
            let problem = match miss.rule {
                "reference-remote" => Problem::remark(miss.rule, key.1.as_str(), origin, miss.message),
                rule => Problem::new(rule, key.1.as_str(), origin, miss.message),
            };
            self.problem(problem);
        });
        let target = target.ok();
        self.resolved.insert(key, target.clone());
        target
    }

    /// The target of a text that may be a reference or only a name. Nothing that is compared is missing without it.
    pub(super) fn hinted(&mut self, field: &Cursor) -> Option<Cursor> {
        let text = field.text().unwrap_or_default().to_string();
        let miss = match self.locate(field.slot, &text, 0) {
            Ok(target) => return Some(target),
            Err(miss) => miss,
        };
        if text.contains(['/', '#']) && miss.rule != BROKEN_OFF {
            self.problem(Problem::remark(miss.rule, text, field.origin(), miss.message));
        }
        None
    }

    /// Takes down that something is referred to that is compared as it is written.
    pub(super) fn mark_used(&mut self, cursor: &Cursor) {
        let Some(reference) = cursor.reference() else { return };
        if let Some(target) = self.hinted(&reference) {
            let text = reference.text().unwrap_or_default().to_string();
            self.resolved.insert((reference.slot, text), Some(target));
        }
    }

    /// The value itself, or what its `$ref` leads to; `None` (and a problem) when that is nothing.
    pub(super) fn follow(&mut self, cursor: Cursor) -> Option<Cursor> {
        let mut at = cursor;
        let mut seen = vec![at.place()];
        while let Some(reference) = at.reference() {
            let next = self.target(&reference)?;
            if seen.contains(&next.place()) || seen.len() > HOPS {
                let text = reference.text().unwrap_or_default().to_string();
                let message = format!("the reference `{text}` leads back to itself and never to a value");
                self.problem(Problem::new("reference-circular", text, reference.origin(), message));
                return None;
            }
            seen.push(next.place());
            at = next;
        }
        Some(at)
    }

    fn locate(&mut self, slot: u32, text: &str, depth: usize) -> Result<Cursor, Miss> {
        let (file, fragment) = text.split_once('#').unwrap_or((text, ""));
        if self.version.is_json_schema()
            && !file.is_empty()
            && let Some(named) = self.documents.named_anywhere(file)
        {
            return self.walk(named, text, fragment, depth);
        }
        let slot = match file {
            "" => slot,
            file => self.open_beside(slot, text, file)?,
        };
        let path = self.documents.document(slot).map(|d| d.path().to_string()).unwrap_or_default();
        let root = self
            .documents
            .root(slot)
            .ok_or_else(|| unresolved(format!("`{path}` holds no value that `{text}` could mean")))?;
        self.walk(root, text, fragment, depth)
    }

    fn open_beside(&mut self, slot: u32, text: &str, file: &str) -> Result<u32, Miss> {
        let scheme =
            file.split_once(':').is_some_and(|(s, _)| s.len() > 1 && s.bytes().all(|b| b.is_ascii_alphanumeric()));
        if scheme || file.starts_with("//") {
            let message =
                format!("`{text}` is outside this repository and is not fetched; what it describes is not compared");
            return Err(Miss { rule: "reference-remote", message });
        }
        let from = self.documents.document(slot).map(|d| d.path().to_string()).unwrap_or_default();
        let outside = || Miss {
            rule: "reference-outside",
            message: format!("`{text}` leads out of the repository and is not read"),
        };
        // A name with a literal `%` is tried as written first.
        let candidates = [join(&from, file), join(&from, &percent_decode(file))];
        let paths: Vec<String> = candidates.into_iter().flatten().collect();
        let mut error = None;
        for path in &paths {
            match self.open(path) {
                Ok(slot) => return Ok(slot),
                Err(e) => error = Some((path, e)),
            }
        }
        let Some((path, error)) = error else { return Err(outside()) };
        Err(match error {
            LoadError::Missing => {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                let siblings = self.documents.tree().entries().map(|(p, _)| &**p);
                let siblings = siblings.filter(|p| p.rsplit_once('/').map_or("", |(f, _)| f) == folder);
                unresolved(format!("there is no file `{path}` for `{text}`{}", hint(nearest(path, siblings))))
            }
            LoadError::Outside => outside(),
            LoadError::BrokenLink(link) => unresolved(format!("the link `{link}` for `{text}` leads nowhere")),
            LoadError::Unreadable(why) => unresolved(format!("`{path}` for `{text}` cannot be read: {why}")),
        })
    }

    fn walk(&mut self, root: Cursor, text: &str, fragment: &str, depth: usize) -> Result<Cursor, Miss> {
        let path = root.doc.path().to_string();
        let Some(tokens) = tokens(fragment) else {
            let anchor = format!("#{}", percent_decode(fragment));
            let found = self.documents.named(root.slot, &anchor);
            return found.ok_or_else(|| unresolved(format!("`{path}` has no `$anchor` named `{fragment}`")));
        };
        let mut at = root;
        for token in tokens {
            // A pointer may lead through a value that is itself a reference.
            if let Some(reference) = at.reference().filter(|_| !at.has(&token)) {
                if depth >= HOPS {
                    return Err(unresolved(format!("`{text}` leads through too many references")));
                }
                let through = reference.text().unwrap_or_default().to_string();
                at = self.locate(reference.slot, &through, depth + 1)?;
            }
            let next = match at.scalar() {
                Scalar::Sequence => token.parse::<usize>().ok().and_then(|n| at.items().nth(n)),
                _ => at.doc.get(at.node, &token).map(|entry| at.with(entry)),
            };
            let Some(next) = next else {
                if at.doc.problems().iter().any(|problem| problem.incomplete) {
                    return Err(Miss { rule: BROKEN_OFF, message: String::new() });
                }
                let near = hint(nearest(&token, at.doc.entries(at.node).map(|e| at.doc.key(e))));
                return Err(unresolved(format!("`{path}` has no `{token}` where `{text}` looks for it{near}")));
            };
            at = next;
        }
        Ok(at)
    }
}

fn hint(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}
