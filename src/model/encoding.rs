//! How MySQL keeps text: character set and collation.

use super::origin::Text;

/// Lower case; `None` where nothing says it, which leaves it to the server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Encoding {
    pub charset: Option<Text>,
    pub collation: Option<Text>,
}

impl Encoding {
    /// What is said here, and the rest as above. A collation belongs to one character set.
    pub fn within(&self, above: &Encoding) -> Encoding {
        if self.charset.is_some() || self.collation.is_some() { self.clone() } else { above.clone() }
    }

    /// Bytes that the longest character takes; MySQL reserves that many.
    pub fn width(&self) -> u64 {
        match self.charset.as_deref() {
            Some("utf8mb3" | "ujis" | "eucjpms") => 3,
            Some("ucs2" | "big5" | "gb2312" | "gbk" | "sjis" | "cp932" | "euckr") => 2,
            None | Some("utf8mb4" | "utf16" | "utf16le" | "utf32" | "gb18030") => 4,
            Some(_) => 1,
        }
    }

    /// How much of Unicode fits: all of it, its first plane, or some letters.
    fn reach(&self) -> u8 {
        match self.charset.as_deref() {
            None | Some("utf8mb4" | "utf16" | "utf16le" | "utf32" | "gb18030" | "binary") => 2,
            Some("utf8mb3" | "ucs2") => 1,
            Some(_) => 0,
        }
    }

    /// Some text that fits here has no place in the other.
    pub fn exceeds(&self, other: &Encoding) -> bool {
        let ascii = self.charset.as_deref() == Some("ascii");
        self.charset != other.charset
            && !ascii
            && (self.reach() > other.reach() || self.reach() == 0 && other.reach() == 0)
    }
}
