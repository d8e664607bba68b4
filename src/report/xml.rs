//! Text made fit for XML 1.0.

/// Text for an attribute in double quotes or between tags. Line breaks and tabs are references, or readers would make
/// spaces of them in attributes; what XML has no way to write is replaced.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Text between tags: line breaks stay, so that people can read the file.
pub fn content(text: &str) -> String {
    escape(text).replace("&#10;", "\n").replace("&#9;", "\t")
}

/// What every document starts with.
pub const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_write_is_replaced() {
        assert_eq!(
            escape("a<b> & \"c\" ]]> \n\t\u{0}\u{1b}\u{fffe}🎉"),
            "a&lt;b&gt; &amp; &quot;c&quot; ]]&gt; &#10;&#9;\u{fffd}\u{fffd}\u{fffd}🎉"
        );
        assert_eq!(content("a\n\tb\r"), "a\n\tb&#13;");
    }
}
