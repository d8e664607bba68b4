//! Keywords that make one schema of several, so that what stands beside a difference decides what it does.

use memchr::memmem;

/// Keywords whose subschemas are alternatives of the value or conditions on it.
const ALTERNATIVES: [&str; 14] = [
    "oneOf",
    "anyOf",
    "discriminator",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "dependencies",
    "dependentSchemas",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];

/// True when the block merges schemas.
pub(super) fn merges(text: &[u8]) -> bool {
    is_key(text, "allOf")
}

/// True when the block has alternatives.
pub(super) fn has_alternatives(text: &[u8]) -> bool {
    ALTERNATIVES.iter().any(|word| is_key(text, word))
}

/// True when the word is written as a key is, if only in another text.
fn is_key(text: &[u8], word: &str) -> bool {
    memmem::find_iter(text, word).any(|at| {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        let after = text.get(at + word.len());
        !before.is_some_and(u8::is_ascii_alphanumeric) && matches!(after, Some(b':' | b'"' | b'\'' | b' '))
    })
}
