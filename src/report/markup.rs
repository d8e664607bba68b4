//! Foreign text in Markdown that GitHub and GitLab render: as code, as prose, as a block.
//!
//! Whatever a contract or a schema says cannot ping people, link issues, break a table or leave its fence.

use std::fmt::Write;

use super::text::{clip, one_line};

/// A fence longer than any run of backticks inside.
pub fn fenced(out: &mut String, info: &str, text: &str) {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    let _ = writeln!(out, "{fence}{info}\n{text}\n{fence}\n");
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A code span; a delimiter longer than any run of backticks inside.
pub fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let delimiter = "`".repeat(longest_run(text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{delimiter}{pad}{text}{pad}{delimiter}")
}

/// A code span that fits in a table cell. Inside a table a pipe ends the cell even in code, so it is escaped.
pub fn cell_code(text: &str, limit: usize) -> String {
    code(&clip(&one_line(text), limit)).replace('|', "\\|")
}

/// Text with Markdown and HTML made harmless. What the text itself puts in backticks stays code.
pub fn prose(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate() {
        let is_code = index % 2 == 1;
        let closed = is_code && text.split('`').count() > index + 1;
        if closed {
            out.push_str(&code(part));
        } else {
            if is_code {
                out.push_str("\\`");
            }
            escape(&mut out, part);
        }
    }
    out
}

fn escape(out: &mut String, text: &str) {
    for (at, c) in text.char_indices() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // An empty comment parts the sign from the name: nobody is pinged, no issue is linked.
            '@' | '#' => {
                out.push(c);
                out.push_str("<!-- -->");
            }
            '_' if inside_word(text, at) => out.push('_'),
            '*' | '_' | '[' | ']' | '|' | '\\' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
}

/// Underscores between letters or digits never begin or end emphasis (CommonMark 6.2): `first_name` is read as it stands.
fn inside_word(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    let before = before.trim_end_matches('_').chars().next_back();
    let after = after.trim_start_matches('_').chars().next();
    before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::prose;

    #[test]
    fn names_are_read_as_they_stand_and_emphasise_nothing() {
        assert_eq!(prose("(first_name, V1__init.sql)"), "(first_name, V1__init.sql)");
        assert_eq!(prose("_id a_ _b_ __c__"), "\\_id a\\_ \\_b\\_ \\_\\_c\\_\\_");
        assert_eq!(prose("a*b* [x_](y)"), "a\\*b\\* \\[x\\_\\](y)");
    }
}
