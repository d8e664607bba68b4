//! What the changes of a contract amount to: the version that it deserves, and what is wrong with the one it declares.

use crate::model::Layer;
use crate::release::{Bump, Declared, Version};
use crate::rules::{self, Category, Finding, Rule, Severity, Status, text};

use super::judge::Judged;

/// A contract that changed, with the weight of its changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighed {
    pub declared: Declared,
    /// Errors that clients meet, accepted ones too: that a team knows of a break makes it none the less one.
    pub breaking: usize,
    /// How far the version should move, and the version that is; `None` where the declared one cannot be compared.
    pub deserved: Option<(Bump, String)>,
}

/// Weighs every contract by what was found in its files.
pub fn weigh(declared: Vec<Declared>, judged: &[Judged]) -> Vec<Weighed> {
    let weighed = declared.into_iter().map(|declared| {
        let breaking = judged.iter().filter(|judged| breaks(&judged.finding, &declared)).count();
        let weight = declared.weight(breaking > 0);
        let deserved =
            Version::parse(&declared.base).map(|base| (base.deserves(weight), base.next(weight).to_string()));
        Weighed { declared, breaking, deserved }
    });
    weighed.collect()
}

fn breaks(finding: &Finding, declared: &Declared) -> bool {
    let within = |origin: Option<crate::model::Origin>| origin.is_some_and(|o| declared.files.contains(&o.file));
    finding.rule.layer == Layer::Api
        && finding.rule.category == Category::Breaking
        && finding.severity == Severity::Error
        && finding.status == Status::Introduced
        && (within(finding.head) || within(finding.base))
}

/// What is to be said about the declared version.
pub fn finding(weighed: &Weighed) -> Option<Finding> {
    let Weighed { declared, breaking, deserved } = weighed;
    let (deserved, next) = deserved.as_ref()?;
    let (base, head) = (Version::parse(&declared.base)?, Version::parse(&declared.head)?);
    let reason = match breaking {
        0 => "clients can use what they could not before".to_string(),
        1 => "1 change breaks clients".to_string(),
        more => format!("{more} changes break clients"),
    };
    // What is announced as preliminary has promised nothing yet.
    if base.preliminary {
        return None;
    }
    let contract = &declared.contract;
    if Version::same(&declared.base, &declared.head) {
        let said = format!(
            "The contract `{contract}` still says version {}, although {reason}: the next one is {next}.",
            declared.base
        );
        return declared.noticeable.then(|| made(&rules::api::VERSION_UNCHANGED, weighed, said, next));
    }
    if base.bump_to(&head) >= *deserved {
        return None;
    }
    let said = format!(
        "The contract `{contract}` goes from version {} to {}, although {reason}: that is version {next}. Clients that take updates \
         by their version take this one without a look.",
        declared.base, declared.head
    );
    let mut finding = made(&rules::api::VERSION_UNDERSTATES_CHANGE, weighed, said, next);
    if *breaking == 0 {
        finding.severity = Severity::Note;
    }
    declared.noticeable.then_some(finding)
}

fn made(rule: &'static Rule, weighed: &Weighed, message: String, next: &str) -> Finding {
    let declared = &weighed.declared;
    let help = text::replace(rule.help, &[("next", next.to_string()), ("after", declared.head.to_string())]);
    Finding {
        message,
        help,
        before: Some(declared.base.to_string()),
        after: Some(declared.head.to_string()),
        base: declared.base_at,
        ..Finding::state(rule, declared.contract.to_string(), declared.head_at)
    }
}
