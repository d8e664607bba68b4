//! The identity of a finding that survives moved lines, reworded messages and renamed files.
//!
//! `v1:` and 32 hex digits: FNV-1a over 128 bits (offset and prime as published by its authors) of rule, layer, subject,
//! detail and before → after, white space collapsed, each with its length in front. Never line, message or path. When
//! one side of one comparison has several findings of the same identity, the second and later carry their number.

use crate::rules::Finding;

const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// The fingerprint of the `occurrence`-th finding (from 0) of one identity.
pub fn fingerprint(finding: &Finding, occurrence: usize) -> String {
    let number = occurrence.to_string();
    let identity = [finding.rule.id, finding.rule.layer.name(), &finding.subject, &finding.detail].map(Some);
    let sides = [finding.before.as_deref(), finding.after.as_deref()];
    let number = (occurrence > 0).then_some(Some(number.as_str()));
    mark(identity.into_iter().chain(sides).chain(number))
}

/// The mark of anything that is told apart by fields of text, some of which may be absent.
pub fn mark<'a>(fields: impl IntoIterator<Item = Option<&'a str>>) -> String {
    let mut hash = Hash(OFFSET);
    for field in fields {
        match field {
            Some(text) => hash.field(text),
            None => hash.byte(0),
        }
    }
    format!("v1:{:032x}", hash.0)
}

struct Hash(u128);

impl Hash {
    fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(PRIME);
    }

    fn field(&mut self, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        // A length in front keeps ("ab", "c") and ("a", "bc") apart; one more so that no field looks absent.
        for byte in (text.len() as u64 + 1).to_le_bytes().into_iter().chain(text.bytes()) {
            self.byte(byte);
        }
    }
}
