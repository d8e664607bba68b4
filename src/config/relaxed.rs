//! What a newer configuration permits that the older one did not. A change can disarm its own check; this makes it visible.

use super::{Config, Level, RuleLevel};

/// One sentence for each thing that `head` takes less seriously than `base`, in the order of the file.
///
/// `usual` is the level that a rule has without any configuration.
pub fn relaxed(base: &Config, head: &Config, usual: impl Fn(&str) -> Level) -> Vec<String> {
    let mut said = Vec::new();
    if head.promise < base.promise {
        said.push(format!("the promise is `{}` now, it was `{}`", head.promise.name(), base.promise.name()));
    }
    if passes(head.fail_on) > passes(base.fail_on) {
        said.push("`fail-on` lets more pass than it did".to_string());
    }
    if head.fail_on_debt < base.fail_on_debt {
        said.push("`fail-on-debt` lets debt pass that it did not".to_string());
    }
    for (was, now) in base.debt.all().into_iter().zip(head.debt.all()).filter(|(was, now)| now.value > was.value) {
        said.push(format!("`{}` is {} now, it was {}", now.name(), now.value, was.value));
    }
    for (of, was) in &base.budgets {
        match head.budgets.get(of) {
            Some(now) if now <= was => {}
            Some(now) => said.push(format!("the budget of `{of}` is {now} now, it was {was}")),
            None => said.push(format!("`{of}` has no budget any more")),
        }
    }
    for (id, level) in &head.rules {
        if base.rules.get(id) != Some(level) && lower(base.rules.get(id), level, usual(id)) {
            said.push(format!("the level of `{id}` is lower than it was"));
        }
    }
    for entry in head.overrides.iter().filter(|entry| !base.overrides.contains(entry)) {
        let rules: Vec<String> = entry.rules.keys().map(|id| format!("`{id}`")).collect();
        said.push(format!("new levels of {} for {}", rules.join(", "), entry.paths.join(", ")));
    }
    for entry in head.allow.iter().filter(|entry| !base.allow.contains(entry)) {
        let subject = entry.subject.as_deref().map(|s| format!(" at `{s}`")).unwrap_or_default();
        said.push(format!("`{}`{subject} is allowed now: {}", entry.rule, entry.reason));
    }
    said
}

/// Whether a setting permits more than the one before. Without one before, only `off` and `note` certainly do, where the
/// rule has a higher level of its own.
fn lower(before: Option<&RuleLevel>, now: &RuleLevel, usual: Level) -> bool {
    match (before.map(RuleLevel::least), now.least()) {
        (Some(before), now) => now < before,
        (None, now) => now < Level::Warning.min(usual),
    }
}

/// How much passes the gate: nothing below `note`, everything with `off`.
fn passes(fail_on: Option<Level>) -> u8 {
    match fail_on.unwrap_or(Level::Error) {
        Level::Note => 0,
        Level::Warning => 1,
        Level::Error => 2,
        Level::Off => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Config {
        super::super::parse(text.as_bytes(), "driftline.yaml").expect(text)
    }

    #[test]
    fn what_permits_more_is_said_and_what_permits_less_is_not() {
        let cases = [
            ("", "rules: {column-dropped: note}", 1),
            ("rules: {column-dropped: error}", "rules: {column-dropped: warning}", 1),
            ("rules: {column-dropped: note}", "rules: {column-dropped: error}", 0),
            ("", "rules: {enum-value-added: {out: off}}", 1),
            ("", "rules: {entity-too-large: note}", 0),
            ("rules: {entity-too-large: warning}", "rules: {entity-too-large: note}", 1),
            ("promise: strict", "promise: wire", 1),
            ("fail-on: warning", "", 1),
            ("", "fail-on: note", 0),
            ("", "allow: [{rule: column-dropped, subject: a.b, reason: unused}]", 1),
            ("allow: [{rule: column-dropped, subject: a.b, reason: unused}]", "", 0),
            ("fail-on-debt: introduced", "", 1),
            ("", "fail-on-debt: introduced", 0),
            ("", "debt: {deprecated-days: 365, expand-days: 30}", 1),
            ("debt: {deprecated-days: 30}", "", 1),
            ("budgets: {Order: 3, User: 1}", "budgets: {Order: 4}", 2),
            ("budgets: {Order: 3}", "budgets: {Order: 2, User: 9}", 0),
        ];
        for (base, head, expected) in cases {
            let usual = |id: &str| if id == "entity-too-large" { Level::Off } else { Level::Error };
            let said = relaxed(&config(base), &config(head), usual);
            assert_eq!(said.len(), expected, "{base} → {head}: {said:?}");
        }
    }
}
