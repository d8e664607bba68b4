//! Contracts that are templates (`{{ … }}` of Go, Jinja, Handlebars): the text as it would be with every branch taken.

/// Stands for a byte of an action until its line is known; YAML text cannot hold it.
const MARK: u8 = 1;

/// The text with actions masked, of the same length so that spans stay true: lines that hold only actions become
/// blank, actions beside other text become a word. `None` when there are none.
pub(super) fn mask(text: &str) -> Option<String> {
    let mut masked = text.as_bytes().to_vec();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("{{")).map(|n| at + n) {
        let Some(end) = text.get(start..).and_then(|rest| rest.find("}}")).map(|n| start + n + 2) else { break };
        let action = masked.get_mut(start..end).unwrap_or_default();
        action.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = MARK);
        at = end;
    }
    for line in masked.split_mut(|byte| *byte == b'\n') {
        let only_actions = line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | &MARK));
        let filler = if only_actions { b' ' } else { b'x' };
        line.iter_mut().filter(|byte| **byte == MARK).for_each(|byte| *byte = filler);
    }
    String::from_utf8(masked).ok().filter(|_| at > 0)
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
            ("{{ if .A }}{{ .B }} {{ end }}\n", Some("                             \n")),
        ];
        for (text, expected) in cases {
            let masked = mask(text);
            assert_eq!(masked.as_deref(), expected, "{text}");
            assert!(masked.is_none_or(|m| m.len() == text.len()));
        }
    }
}
