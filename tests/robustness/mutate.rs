//! Seeded damage to the files of an example: bytes, lines, YAML blocks, words, SQL statements, whole files.

/// A path and the bytes of the file.
pub type Raw = (String, Vec<u8>);

/// A small generator of numbers (SplitMix64): the same seed gives the same case everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// A number below `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}

/// One kind of damage to a file; the other file of the example is there to take pieces from.
type Damage = fn(&mut Random, Vec<u8>, &[u8]) -> Vec<u8>;

const DAMAGE: [Damage; 10] = [
    byte_changed,
    piece_cut,
    piece_doubled,
    lines_moved,
    line_indented,
    block_moved,
    word_replaced,
    line_taken_over,
    statements_shuffled,
    number_changed,
];

/// Damages one to five places of the files.
pub fn mutate(random: &mut Random, files: &[Raw]) -> Vec<Raw> {
    let mut files = files.to_vec();
    for _ in 0..=random.below(5) {
        if random.below(8) == 0 {
            file_damaged(random, &mut files);
            continue;
        }
        let (at, from) = (random.below(files.len()), random.below(files.len()));
        let Some(other) = files.get(from).map(|(_, bytes)| bytes.clone()) else { return files };
        let damage = DAMAGE[random.below(DAMAGE.len())];
        files[at].1 = damage(random, std::mem::take(&mut files[at].1), &other);
    }
    files
}

/// Comments that accept something, right or wrong, at lines of a file.
pub fn remarked(random: &mut Random, mut files: Vec<Raw>) -> Vec<Raw> {
    const WORDS: [&str; 5] = [
        "allow(length-changed, column-dropped) agreed",
        "allow(table-without-primary-key): until=2027-01-31 agreed",
        "allow(length-disagrees)",
        "allow(lenght-changed) x until=soon",
        "allow)(",
    ];
    let at = random.below(files.len());
    let Some((path, bytes)) = files.get_mut(at) else { return files };
    let sign = if path.ends_with(".sql") { "--" } else { "#" };
    let mut lines: Vec<Vec<u8>> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    for _ in 0..=random.below(6) {
        let line = random.below(lines.len());
        let words = WORDS[random.below(WORDS.len())];
        if random.below(2) == 0 {
            lines[line].extend(format!(" {sign} driftline: {words}").into_bytes());
        } else {
            let blanks = lines[line].iter().take_while(|byte| **byte == b' ').count();
            lines.insert(line, format!("{:blanks$}{sign} driftline: {words}", "").into_bytes());
        }
    }
    *bytes = lines.join(&b'\n');
    files
}

/// A file goes, gets another name, another's content, or a twin.
fn file_damaged(random: &mut Random, files: &mut Vec<Raw>) {
    if files.is_empty() {
        return;
    }
    let at = random.below(files.len());
    let path = files[at].0.clone();
    let renamed = match random.below(6) {
        0 => path.replace(".yaml", ".json").replace(".up.sql", ".sql"),
        1 => path.replace("00000", "00001"),
        2 => format!("other/{path}"),
        3 => path.rsplit('/').next().unwrap_or_default().to_string(),
        4 => path.replace(".up.", ".down."),
        _ => format!("{path}.bak"),
    };
    match random.below(5) {
        0 => drop(files.remove(at)),
        1 => files[at].0 = renamed,
        2 => files.push((renamed, files[at].1.clone())),
        3 => {
            let from = random.below(files.len());
            files[at].1 = files[from].1.clone();
        }
        _ => files[at].1.clear(),
    }
    // Two files of one path are one file.
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files.dedup_by(|a, b| a.0 == b.0);
}

fn span(random: &mut Random, len: usize, longest: usize) -> std::ops::Range<usize> {
    let start = random.below(len + 1);
    start..(start + random.below(longest)).min(len)
}

fn byte_changed(random: &mut Random, mut bytes: Vec<u8>, _: &[u8]) -> Vec<u8> {
    const NASTY: &[u8] = b"\0\t\n\r \"#$&'()*,-.:;<>@[\\]`{|}\x7f\xc3\xe2\xff";
    let at = random.below(bytes.len());
    let byte = NASTY[random.below(NASTY.len())];
    if random.below(2) == 0 || bytes.is_empty() {
        bytes.insert(at, byte);
    } else {
        bytes[at] = byte;
    }
    bytes
}

fn piece_cut(random: &mut Random, mut bytes: Vec<u8>, _: &[u8]) -> Vec<u8> {
    if random.below(6) == 0 {
        bytes.truncate(random.below(bytes.len()));
    } else {
        let span = span(random, bytes.len(), 60);
        bytes.drain(span);
    }
    bytes
}

fn piece_doubled(random: &mut Random, mut bytes: Vec<u8>, _: &[u8]) -> Vec<u8> {
    let piece = bytes[span(random, bytes.len(), 200)].to_vec();
    let at = random.below(bytes.len() + 1);
    bytes.splice(at..at, piece);
    bytes
}

fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect()
}

/// A few lines in a row are taken out, and put back twice, elsewhere, or not at all.
fn lines_moved(random: &mut Random, bytes: Vec<u8>, _: &[u8]) -> Vec<u8> {
    let mut lines = lines(&bytes);
    let span = span(random, lines.len(), 8);
    let taken: Vec<Vec<u8>> = if random.below(3) == 0 { lines[span].to_vec() } else { lines.drain(span).collect() };
    if random.below(3) > 0 {
        let at = random.below(lines.len() + 1);
        lines.splice(at..at, taken);
    }
    lines.concat()
}

fn line_indented(random: &mut Random, bytes: Vec<u8>, _: &[u8]) -> Vec<u8> {
    let mut lines = lines(&bytes);
    let at = random.below(lines.len());
    if let Some(line) = lines.get_mut(at) {
        match random.below(3) {
            0 => drop(line.splice(0..0, *b"  ")),
            1 => line.insert(0, b' '),
            _ => drop(line.drain(..line.len().min(2))),
        }
    }
    lines.concat()
}

fn indent(line: &[u8]) -> usize {
    line.iter().take_while(|b| **b == b' ').count()
}

/// A key with everything below it goes away, to another place with that indentation, or is doubled.
fn block_moved(random: &mut Random, bytes: Vec<u8>, _: &[u8]) -> Vec<u8> {
    let mut lines = lines(&bytes);
    let start = random.below(lines.len());
    let Some(level) = lines.get(start).map(|line| indent(line)) else { return bytes };
    let below = lines[start + 1..].iter().take_while(|line| indent(line) > level).count();
    let block: Vec<Vec<u8>> = lines.drain(start..=start + below).collect();
    let places: Vec<usize> = (0..lines.len()).filter(|at| indent(&lines[*at]) == level).collect();
    for _ in 0..random.below(3) {
        let at = random.pick(&places).copied().unwrap_or(0);
        lines.splice(at..at, block.clone());
    }
    lines.concat()
}

/// Words that mean something to one of the readers.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "$ref", "allOf", "oneOf", "anyOf", "not", "type", "string", "integer", "number", "object", "array", "boolean", "null",
    "nullable", "required", "properties", "items", "enum", "const", "format", "pattern", "maxLength", "minimum", "default",
    "additionalProperties", "discriminator", "readOnly", "deprecated", "parameters", "requestBody", "responses", "get",
    "post", "schema", "content", "true", "false", "~", "''", "-1", "1e400", "99999999999999999999", "0.1", "'#/'", "'#'",
    "'#/components/schemas/Order'", "&a", "*a", "<<", "!!str", "|", ">-", "[", "]", "{", "}", "[]", "{}", "^(a|b)*$", "int64",
    "CREATE", "TABLE", "ALTER", "DROP", "COLUMN", "RENAME", "TO", "ADD", "CONSTRAINT", "PRIMARY", "KEY", "FOREIGN",
    "REFERENCES", "UNIQUE", "CHECK", "NOT", "NULL", "DEFAULT", "USING", "INDEX", "VIEW", "AS", "SELECT", "TYPE", "ENUM",
    "IF", "EXISTS", "CASCADE", "bigint", "varchar(9999999999)", "numeric(0,-1)", "text[]", "users", "orders", "id", "(", ")",
    ",", ";", "'", "\"", "$$", "/*", "*/", "--", "IN", "SET", "DO", "BEGIN", "COMMIT", "ON", "INSERT", "UPDATE",
];

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$'
}

/// Start and end of all words.
fn words(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, byte) in bytes.iter().chain(b" ").enumerate() {
        match (is_word(*byte), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    found
}

fn word_replaced(random: &mut Random, mut bytes: Vec<u8>, other: &[u8]) -> Vec<u8> {
    let known = words(other);
    let new = match random.pick(&known) {
        Some((start, end)) if random.below(2) == 0 => other[*start..*end].to_vec(),
        _ => WORDS[random.below(WORDS.len())].as_bytes().to_vec(),
    };
    if let Some((start, end)) = random.pick(&words(&bytes)).copied() {
        bytes.splice(start..end, new);
    }
    bytes
}

fn number_changed(random: &mut Random, mut bytes: Vec<u8>, _: &[u8]) -> Vec<u8> {
    const NUMBERS: [&str; 8] =
        ["0", "1", "-1", "2147483648", "18446744073709551616", "1e309", "0.30000000000000004", "07"];
    let numbers: Vec<(usize, usize)> =
        words(&bytes).into_iter().filter(|(at, _)| bytes[*at].is_ascii_digit()).collect();
    if let Some((start, end)) = random.pick(&numbers).copied() {
        bytes.splice(start..end, NUMBERS[random.below(NUMBERS.len())].bytes());
    }
    bytes
}

fn line_taken_over(random: &mut Random, bytes: Vec<u8>, other: &[u8]) -> Vec<u8> {
    let mut lines = lines(&bytes);
    let theirs = self::lines(other);
    if let Some(line) = random.pick(&theirs) {
        let at = random.below(lines.len() + 1);
        lines.insert(at, line.clone());
    }
    lines.concat()
}

fn statements_shuffled(random: &mut Random, bytes: Vec<u8>, other: &[u8]) -> Vec<u8> {
    let split = |bytes: &[u8]| bytes.split_inclusive(|b| *b == b';').map(<[u8]>::to_vec).collect::<Vec<_>>();
    let mut statements = split(&bytes);
    match random.below(3) {
        0 if !statements.is_empty() => {
            let (a, b) = (random.below(statements.len()), random.below(statements.len()));
            statements.swap(a, b);
        }
        1 if !statements.is_empty() => drop(statements.remove(random.below(statements.len()))),
        _ => {
            let theirs = split(other);
            let at = random.below(statements.len() + 1);
            statements.splice(at..at, random.pick(&theirs).cloned());
        }
    }
    statements.concat()
}
