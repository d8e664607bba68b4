//! What the rules of the family share: the uses of contracts, each worked out once, and the sentences of a finding.

use std::collections::BTreeMap;

use crate::model::Usage;
use crate::model::api::Api;
use crate::model::uses::Uses;
use crate::rules::finding::Finding;
use crate::rules::{affected, text};

/// The uses of the contracts of one revision.
#[derive(Default)]
pub struct AllUses<'a>(BTreeMap<&'a str, Uses<'a>>);

impl<'a> AllUses<'a> {
    pub fn of(&mut self, api: &'a Api) -> &Uses<'a> {
        self.0.entry(&api.path).or_insert_with(|| Uses::of(api))
    }
}

/// Fills in the sentences of the finding's rule, and who is affected.
pub fn say(finding: &mut Finding, values: &[(&'static str, String)], usages: Vec<Usage>) {
    finding.message = text::replace(finding.rule.message, values) + &affected::clients_of(&usages);
    finding.help = text::replace(finding.rule.help, values);
    finding.usages = usages;
}
