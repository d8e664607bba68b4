//! The normal form: every operation in parentheses, one word for each thing.

use crate::model::sql::Dialect;

use super::intervals;
use super::tokens::{Token, tokens};

/// Deeper expressions are compared as text.
const MAX_DEPTH: usize = 400;
const MAX_BYTES: usize = 10_000;

/// Operators of two sides from the loosest to the tightest; what is not named stands between comparisons and sums.
const BINARY: &[&[&str]] =
    &[&["or"], &["and"], &["<", ">", "=", "<=", ">=", "<>", "is"], &[], &["+", "-"], &["*", "/", "%"], &["^"]];
const COMPARISON: usize = 2;
const OTHER: usize = 3;
/// Types of more than one word, behind their first.
const TYPE_WORDS: &[&str] = &["varying", "precision", "with", "without", "time", "zone", "unsigned", "signed"];

/// The text of an expression in its normal form; as written where that is not found.
pub fn form(dialect: Dialect, text: &str) -> String {
    let known = (text.len() <= MAX_BYTES).then(|| tokens(dialect, text)).flatten();
    let read = known.and_then(|tokens| {
        let mut reader = Reader { dialect, tokens: &tokens, at: 0, depth: 0 };
        let form = reader.level(0)?;
        (reader.at == tokens.len()).then_some(form)
    });
    read.unwrap_or_else(|| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

struct Reader<'a> {
    dialect: Dialect,
    tokens: &'a [Token],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn is(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(w) | Token::Op(w)) if w == word)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.is(word);
        self.at += usize::from(found);
        found
    }

    fn require(&mut self, word: &str) -> Option<()> {
        self.take(word).then_some(())
    }

    /// An expression of operators that bind as tight as the level, or tighter.
    fn level(&mut self, level: usize) -> Option<String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let found = self.operations(level);
        self.depth -= 1;
        found
    }

    fn operations(&mut self, level: usize) -> Option<String> {
        if level == COMPARISON && self.take("not") {
            let inner = self.level(COMPARISON)?;
            return Some(format!("(not {inner})"));
        }
        if level == BINARY.len() {
            return self.unary();
        }
        let mut left = self.level(level + 1)?;
        loop {
            if level == COMPARISON
                && let Some(found) = self.predicate(&left)?
            {
                left = found;
                continue;
            }
            let Some(op) = self.operator(level) else { return Some(left) };
            let right = if level == COMPARISON { self.quantified(&op)? } else { self.level(level + 1)? };
            left = match op.as_str() {
                // Chains are one list, however they were put into parentheses.
                "and" | "or" => chain(&op, &left, &right),
                _ => format!("({left} {op} {right})"),
            };
        }
    }

    /// The operator of that level ahead.
    fn operator(&mut self, level: usize) -> Option<String> {
        let here = match self.peek()? {
            Token::Word(word) if ["or", "and", "is"].contains(&word.as_str()) => word.clone(),
            Token::Op(op) if !["(", ")", ",", "[", "]", ".", "::"].contains(&op.as_str()) => op.clone(),
            _ => return None,
        };
        let named = BINARY.iter().position(|ops| ops.contains(&here.as_str())).unwrap_or(OTHER);
        if named != level {
            return None;
        }
        self.at += 1;
        if here == "is" && self.take("not") {
            return Some("is not".to_string());
        }
        Some(match here.as_str() {
            "~~" => "like".to_string(),
            "!~~" => "not like".to_string(),
            "~~*" => "ilike".to_string(),
            "!~~*" => "not ilike".to_string(),
            _ => here,
        })
    }

    /// `BETWEEN`, `IN` and `LIKE`, as PostgreSQL prints them; nothing when none is ahead.
    fn predicate(&mut self, left: &str) -> Option<Option<String>> {
        let from = self.at;
        let negated = self.take("not");
        if self.take("between") {
            let low = self.level(OTHER)?;
            self.require("and")?;
            let high = self.level(OTHER)?;
            let (op, a, b) = if negated { ("or", "<", ">") } else { ("and", ">=", "<=") };
            return Some(Some(chain(op, &format!("({left} {a} {low})"), &format!("({left} {b} {high})"))));
        }
        if self.take("in") {
            self.require("(")?;
            let list = self.list(")")?;
            let (op, all) = if negated { ("<>", "all") } else { ("=", "any") };
            return Some(Some(format!("({left} {op} {all} {})", array(&list))));
        }
        for word in ["like", "ilike"] {
            if self.take(word) {
                let right = self.level(OTHER)?;
                let not = if negated { "not " } else { "" };
                return Some(Some(format!("({left} {not}{word} {right})")));
            }
        }
        self.at = from;
        Some(None)
    }

    /// The right side of a comparison: `ANY (…)` and `ALL (…)` too.
    fn quantified(&mut self, _op: &str) -> Option<String> {
        for word in ["any", "all"] {
            if self.take(word) {
                let inner = self.level(BINARY.len())?;
                return Some(format!("{word} {inner}"));
            }
        }
        self.level(COMPARISON + 1)
    }

    fn unary(&mut self) -> Option<String> {
        for sign in ["-", "+"] {
            if self.take(sign) {
                let inner = self.level(BINARY.len())?;
                return Some(if sign == "-" { negative(&inner) } else { inner });
            }
        }
        let mut value = self.atom()?;
        loop {
            if self.take("::") {
                let ty = self.type_name()?;
                value = cast(value, &ty);
            } else if self.is("at") {
                self.at += 1;
                self.require("time")?;
                self.require("zone")?;
                let zone = self.level(BINARY.len())?;
                value = format!("({value} at time zone {zone})");
            } else if self.take("collate") {
                let Some(Token::Word(name)) = self.peek() else { return None };
                value = format!("({value} collate {name})");
                self.at += 1;
            } else if self.take("[") {
                let index = self.list("]")?;
                value = format!("{value}[{}]", index.join(", "));
            } else {
                return Some(value);
            }
        }
    }

    fn atom(&mut self) -> Option<String> {
        let token = self.peek()?.clone();
        self.at += 1;
        match token {
            Token::Str(value) => Some(string(self.dialect, &value)),
            Token::Number(number) => Some(number),
            Token::Op(op) if op == "(" => {
                let mut list = self.list(")")?;
                if list.len() == 1 { list.pop() } else { Some(format!("row({})", list.join(", "))) }
            }
            Token::Op(_) => None,
            Token::Word(word) => self.word(word),
        }
    }

    fn word(&mut self, mut word: String) -> Option<String> {
        // The schema of a function or type is a matter of the search path.
        while self.take(".") {
            let Some(Token::Word(next)) = self.peek().cloned() else { return None };
            word = next;
            self.at += 1;
        }
        if let Some(Token::Str(value)) = self.peek().cloned() {
            self.at += 1;
            return Some(match word.as_str() {
                "b" | "x" if self.dialect == Dialect::MySql => {
                    let radix = if word == "b" { 2 } else { 16 };
                    u64::from_str_radix(&value, radix).map_or(format!("{word}'{value}'"), |n| n.to_string())
                }
                "b" | "x" => format!("{word}'{value}'"),
                // `interval '1 day'` is `'1 day'::interval`.
                _ => cast(string(self.dialect, &value), &word),
            });
        }
        if word == "array" && self.take("[") {
            let list = self.list("]")?;
            return Some(array(&list));
        }
        if word == "case" {
            return None;
        }
        let moment = ["now", "current_timestamp", "localtimestamp", "localtime", "transaction_timestamp"];
        let moment = moment.contains(&word.as_str());
        if self.take("(") {
            let arguments = self.list(")")?;
            let name = if moment { "now" } else { &word };
            return Some(format!("{name}({})", arguments.join(", ")));
        }
        if moment {
            return Some("now()".to_string());
        }
        Some(match (word.as_str(), self.dialect) {
            ("true", Dialect::MySql | Dialect::Sqlite) => "1".to_string(),
            ("false", Dialect::MySql | Dialect::Sqlite) => "0".to_string(),
            _ => word,
        })
    }

    /// Expressions up to the closing word, which is taken.
    fn list(&mut self, close: &str) -> Option<Vec<String>> {
        let mut list = Vec::new();
        if self.take(close) {
            return Some(list);
        }
        loop {
            list.push(self.level(0)?);
            if self.take(close) {
                return Some(list);
            }
            self.require(",")?;
        }
    }

    fn type_name(&mut self) -> Option<String> {
        let Some(Token::Word(first)) = self.peek().cloned() else { return None };
        self.at += 1;
        let mut name = first;
        loop {
            match self.peek() {
                Some(Token::Word(word)) if TYPE_WORDS.contains(&word.as_str()) => {
                    name.push(' ');
                    name.push_str(word);
                    self.at += 1;
                }
                Some(Token::Op(op)) if op == "." => {
                    self.at += 1;
                    let Some(Token::Word(next)) = self.peek().cloned() else { return None };
                    name = next;
                    self.at += 1;
                }
                Some(Token::Op(op)) if op == "(" => {
                    self.at += 1;
                    self.list(")")?;
                }
                Some(Token::Op(op)) if op == "[" => {
                    self.at += 1;
                    self.list("]")?;
                    name.push_str("[]");
                }
                _ => return Some(name),
            }
        }
    }
}

fn chain(op: &str, left: &str, right: &str) -> String {
    let open = format!("({op}: ");
    let parts = |side: &str| match side.strip_prefix(&open).and_then(|s| s.strip_suffix(')')) {
        Some(inner) => inner.to_string(),
        None => side.to_string(),
    };
    format!("{open}{}; {})", parts(left), parts(right))
}

/// Engines print numbers and truths as strings and the other way round.
fn string(dialect: Dialect, value: &str) -> String {
    let number = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    if number && value.parse::<f64>().is_ok_and(f64::is_finite) {
        return value.to_string();
    }
    match (dialect, value.to_ascii_lowercase().as_str()) {
        (Dialect::Postgres, "t" | "true") => "true".to_string(),
        (Dialect::Postgres, "f" | "false") => "false".to_string(),
        _ => format!("'{value}'"),
    }
}

fn negative(value: &str) -> String {
    if value.starts_with(|c: char| c.is_ascii_digit()) && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
    {
        format!("-{value}")
    } else {
        format!("(- {value})")
    }
}

/// A literal or column has its type anyway; a function's result is made another value.
fn cast(value: String, ty: &str) -> String {
    if let Some(text) = value.strip_prefix('\'').and_then(|v| v.strip_suffix('\''))
        && ty.starts_with("interval")
        && let Some(length) = intervals::normal(text)
    {
        return format!("interval {length}");
    }
    let texts = ["text", "character varying", "varchar", "character", "bpchar", "name"];
    let literal = value.starts_with('\'')
        || value.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        || matches!(value.as_str(), "null" | "true" | "false");
    let plain = value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if literal || plain && texts.contains(&ty) { value } else { format!("{value}::{ty}") }
}

/// `ARRAY['a','b']` as the text that stands for it.
fn array(list: &[String]) -> String {
    let element = |item: &String| {
        let text = item.strip_prefix('\'').and_then(|v| v.strip_suffix('\'')).unwrap_or(item);
        let bare = !text.is_empty()
            && text.chars().all(|c| c.is_alphanumeric() || "_-.:/@ ".contains(c))
            && !text.starts_with(' ');
        if !bare {
            return None;
        }
        let quote = text.contains(' ');
        Some(if quote { format!("\"{text}\"") } else { text.to_string() })
    };
    match list.iter().map(element).collect::<Option<Vec<_>>>() {
        Some(elements) => format!("'{{{}}}'", elements.join(",")),
        None => format!("array[{}]", list.join(", ")),
    }
}
