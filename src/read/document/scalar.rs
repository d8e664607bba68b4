//! Types of plain YAML scalars: the core schema of YAML 1.2.2, section 10.3.2.

use super::tree::Kind;

/// The kind of a plain scalar. Infinity and not-a-number stay text: no JSON value has them.
pub(super) fn classify(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Kind::Null,
        "true" | "True" | "TRUE" => return Kind::Bool(true),
        "false" | "False" | "FALSE" => return Kind::Bool(false),
        _ => {}
    }
    if is_decimal(text) || radix(text).is_some() { Kind::Number } else { Kind::String }
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_decimal(text: &str) -> bool {
    let (_, rest) = sign(text.as_bytes());
    let (whole, rest) = digits(rest);
    let (fraction, rest) = match rest {
        [b'.', rest @ ..] => digits(rest),
        _ => (0, rest),
    };
    if whole + fraction == 0 {
        return false;
    }
    match rest {
        [] => true,
        [b'e' | b'E', rest @ ..] => {
            let (_, rest) = sign(rest);
            let (exponent, rest) = digits(rest);
            exponent > 0 && rest.is_empty()
        }
        _ => false,
    }
}

/// `0o17` and `0x1F` as decimal text.
pub(super) fn radix(text: &str) -> Option<String> {
    let (digits, radix) = match text.strip_prefix("0o") {
        Some(digits) => (digits, 8),
        None => (text.strip_prefix("0x")?, 16),
    };
    let unsigned = digits.bytes().all(|b| b.is_ascii_alphanumeric());
    u128::from_str_radix(digits, radix).ok().filter(|_| unsigned).map(|n| n.to_string())
}

fn sign(bytes: &[u8]) -> (usize, &[u8]) {
    match bytes {
        [b'+' | b'-', rest @ ..] => (1, rest),
        _ => (0, bytes),
    }
}

fn digits(bytes: &[u8]) -> (usize, &[u8]) {
    let count = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    (count, bytes.get(count..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_schema() {
        let cases = [
            ("~ null Null NULL", Kind::Null),
            ("true True TRUE", Kind::Bool(true)),
            ("false False FALSE", Kind::Bool(false)),
            ("0 -1 +12 1.5 .5 12. 1e3 -1.5E-7 007 0x1F 0o17", Kind::Number),
            ("yes no on off y nULL tRUE 1_000 1.2.3 . - + e5 1e .e1 12:30 2026-11-20 .inf .nan -", Kind::String),
        ];
        for (words, kind) in cases {
            for word in words.split(' ') {
                assert_eq!(classify(word), kind, "{word}");
            }
        }
        assert_eq!(radix("0x1F").as_deref(), Some("31"));
        assert_eq!(radix("0o17").as_deref(), Some("15"));
        assert_eq!(radix("0x+1"), None);
        assert_eq!(radix("017"), None);
    }
}
