//! Contracts that are templates (`{{ … }}` of Go, Jinja, Handlebars): the text as it would be with every branch taken.

/// The text with actions masked, of the same length so that spans stay true: lines that hold nothing else become
/// blank, actions inside a line become a word. `None` when there are none.
pub(super) fn mask(text: &str) -> Option<String> {
    let mut masked = text.as_bytes().to_vec();
    let mut at = 0;
    let mut found = false;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("{{")).map(|n| at + n) {
        let Some(end) = text.get(start..).and_then(|rest| rest.find("}}")).map(|n| start + n + 2) else { break };
        let before = text.get(..start).unwrap_or_default().trim_end_matches([' ', '\t']);
        let after = text.get(end..).unwrap_or_default().trim_start_matches([' ', '\t', '\r']);
        let line_starts = before.is_empty() || before.ends_with('\n');
        let alone = line_starts && (after.is_empty() || after.starts_with('\n'));
        let action = masked.get_mut(start..end).unwrap_or_default();
        for byte in action.iter_mut().filter(|byte| **byte != b'\n') {
            *byte = if alone { b' ' } else { b'x' };
        }
        found = true;
        at = end;
    }
    String::from_utf8(masked).ok().filter(|_| found)
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn actions() {
        let cases = [
            ("a: 1\n", None),
            ("{{- if .X }}\na: {{ .Y }}\n{{ end }}\n", Some("            \na: xxxxxxxx\n         \n")),
            ("  {{ .m }}: ü\n", Some("  xxxxxxxx: ü\n")),
            ("{{/* a\nb */}}\nc: 1", Some("      \n      \nc: 1")),
            ("a: '{{ \"ü\" }}/b'", Some("a: 'xxxxxxxxxx/b'")),
            ("a: {{ b", None),
        ];
        for (text, expected) in cases {
            let masked = mask(text);
            assert_eq!(masked.as_deref(), expected, "{text}");
            assert!(masked.is_none_or(|m| m.len() == text.len()));
        }
    }
}
