//! What a rule says to do instead, in its parts.

use super::text::clean;

/// A part of the help of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Sentence(String),
    /// `1. …`, `2. …`, without their numbers.
    Steps(Vec<String>),
    /// Text to copy.
    Code(String),
}

/// Lines with numbers are steps, and what follows them are sentences. Without any, what follows the first sentence is code.
pub fn parts(help: &str) -> Vec<Part> {
    let help = clean(help);
    let lines = help.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let mut found: Vec<Part> = Vec::new();
    for line in lines {
        let step = line.split_once(". ").filter(|(number, _)| number.parse::<u8>().is_ok());
        let second = found.len() == 1;
        match (step, found.last_mut()) {
            (Some((_, step)), Some(Part::Steps(steps))) => steps.push(step.to_string()),
            (Some((_, step)), _) => found.push(Part::Steps(vec![step.to_string()])),
            (None, Some(Part::Code(code))) => {
                code.push('\n');
                code.push_str(line);
            }
            (None, Some(Part::Sentence(_))) if second => found.push(Part::Code(line.to_string())),
            (None, _) => found.push(Part::Sentence(line.to_string())),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_steps_and_code() {
        let sentence = |text: &str| Part::Sentence(text.into());
        let steps = |texts: &[&str]| Part::Steps(texts.iter().map(|text| (*text).to_string()).collect());
        assert_eq!(parts(""), []);
        assert_eq!(parts("Keep `a`."), [sentence("Keep `a`.")]);
        assert_eq!(parts("1. a\n2. b\nOr c."), [steps(&["a", "b"]), sentence("Or c.")]);
        assert_eq!(parts("Stop first:\n\nDROP a;\n  b"), [sentence("Stop first:"), Part::Code("DROP a;\n  b".into())]);
        assert_eq!(parts("First:\n1. a"), [sentence("First:"), steps(&["a"])]);
    }
}
