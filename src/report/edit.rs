//! A replacement of text as whole lines, the way reviews take it.

use crate::rules::Suggestion;
use crate::source::Files;

/// Lines of head and what to put in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub path: String,
    pub line: u32,
    /// Inclusive.
    pub end_line: u32,
    /// Without the end of the last line.
    pub text: String,
}

impl Edit {
    /// `None` where lines cannot be put back as they were (other line ends, no UTF-8).
    pub(super) fn of(suggestion: &Suggestion, files: &Files) -> Option<Self> {
        let at = files.locate(suggestion.at);
        let file = files.get(suggestion.at.file);
        let (start, end) = (suggestion.at.start as usize, suggestion.at.end as usize);
        let first = file.bytes.get(..start)?.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let rest = file.bytes.get(end..)?;
        let last = end + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        let text = |from: usize, to: usize| std::str::from_utf8(file.bytes.get(from..to)?).ok();
        let text = format!("{}{}{}", text(first, start)?, suggestion.text, text(end, last)?);
        let (path, line, end_line) = (at.path.to_string(), at.line, at.end_line);
        (!text.contains('\r')).then_some(Self { path, line, end_line, text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Origin;

    #[test]
    fn whole_lines_are_replaced() {
        let files = Files::default();
        let text = "a: 1\n  b: [2,\n    3] # c\nd: 4\r\n";
        let id = files.add("f.yaml", "1", text.as_bytes().to_vec());
        let edit = |words: &str, new: &str| {
            let start = text.find(words).unwrap();
            Edit::of(&Suggestion { at: Origin::new(id, start, start + words.len()), text: new.into() }, &files)
        };
        let want = Edit { path: "f.yaml".into(), line: 2, end_line: 3, text: "  b: [5] # c".into() };
        assert_eq!(edit("[2,\n    3]", "[5]"), Some(want));
        assert_eq!(edit("4", "5"), None);
    }
}
