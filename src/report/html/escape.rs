//! Foreign text in HTML: nothing that a contract, a schema or a path says becomes an element or leaves its attribute.

use std::fmt::{self, Display, Formatter, Write};

use crate::report::text::clean;

/// Text of an element or of a quoted attribute.
pub struct Text<'a>(pub &'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for c in clean(self.0).chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// Sentences; what they put in backticks is code.
pub struct Prose<'a>(pub &'a str);

impl Display for Prose<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((before, after)) = rest.split_once('`') {
            let Some((code, after)) = after.split_once('`') else { break };
            write!(f, "{}<code>{}</code>", Text(before), Text(code))?;
            rest = after;
        }
        Text(rest).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        assert_eq!(Text("<a b='c\"'>&\u{1b}").to_string(), "&lt;a b=&#39;c&quot;&#39;&gt;&amp;\u{fffd}");
        assert_eq!(Prose("a `<b>` c ` d").to_string(), "a <code>&lt;b&gt;</code> c ` d");
        assert_eq!(Prose("``").to_string(), "<code></code>");
    }
}
