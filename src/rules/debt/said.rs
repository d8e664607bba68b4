//! What the rules of debt say, put together step by step.

use crate::model::Origin;
use crate::rules::finding::Finding;
use crate::rules::rule::Rule;
use crate::rules::text;

/// What a rule says about one place.
pub struct Said {
    origin: Option<Origin>,
    detail: String,
    /// What fills the placeholders of the rule's sentences; the subject is the first.
    values: Vec<(&'static str, String)>,
    related: Vec<(String, Origin)>,
}

impl Said {
    pub fn at(subject: impl Into<String>, origin: Option<Origin>) -> Self {
        Self { origin, detail: String::new(), values: vec![("subject", subject.into())], related: Vec::new() }
    }

    /// What tells it apart from others of the same rule and subject.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    pub fn with(mut self, placeholder: &'static str, text: impl ToString) -> Self {
        self.values.push((placeholder, text.to_string()));
        self
    }

    /// Where the neighbour stands that it is held against.
    pub fn beside(mut self, name: &str, origin: Option<Origin>) -> Self {
        self.related.extend(origin.map(|origin| (name.to_string(), origin)));
        self
    }

    pub fn tell(self, rule: &'static Rule, found: &mut Vec<Finding>) {
        let subject = self.values.first().map(|(_, subject)| subject.clone()).unwrap_or_default();
        let mut finding = Finding::state(rule, subject, self.origin);
        finding.detail = self.detail;
        finding.message = text::replace(rule.message, &self.values);
        finding.help = text::replace(rule.help, &self.values);
        finding.related = self.related;
        found.push(finding);
    }
}

/// Names that are told; the rest is counted.
const NAMED: usize = 3;

/// "`A`", "`A` and `B`", "`A`, `B`, `C` and 4 more"
pub fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((one, [])) => one.clone(),
        Some((last, first)) if first.len() < NAMED => format!("{} and {last}", first.join(", ")),
        Some(_) => {
            let named: Vec<&str> = quoted.iter().take(NAMED).map(String::as_str).collect();
            format!("{} and {} more", named.join(", "), quoted.len() - NAMED)
        }
    }
}
