//! Whether a path item surely has an operation.

use super::outline::Form;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// True when the first key of the value is a method with a mapping.
pub(super) fn has_operation(value: &[u8], form: Form) -> bool {
    first_key(value, form).is_some_and(|key| METHODS.iter().any(|method| method.as_bytes() == key))
}

fn first_key(value: &[u8], form: Form) -> Option<&[u8]> {
    match form {
        Form::Json => {
            let key = value.strip_prefix(b"{")?.trim_ascii_start().strip_prefix(b"\"")?;
            let (key, rest) = key.split_at(memchr::memchr(b'"', key)?);
            let value = rest.get(1..)?.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
            (value.first() == Some(&b'{')).then_some(key)
        }
        Form::Yaml => {
            let mut lines = value.split(|byte| *byte == b'\n').skip(1).map(<[u8]>::trim_ascii);
            lines.find(|line| !line.is_empty() && !line.starts_with(b"#"))?.strip_suffix(b":")
        }
    }
}
