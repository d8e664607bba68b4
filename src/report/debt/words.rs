//! The words that all formats for people share.

use crate::debt::{Budget, Debt, Entity, Entry, Since, Task};
use crate::model::Date;
use crate::report::headline;
use crate::report::text::{clip, count, one_line};
use crate::rules::{Finding, Severity, find};

use super::{Owed, What};

/// Schemas that are named beside their table.
const SCHEMAS: usize = 3;
/// Characters of the first line of a message, and of the name of who wrote it.
const SUBJECT: usize = 60;
const AUTHOR: usize = 30;

/// `HEAD@1a2b3c4`, `main@1a2b3c4 → HEAD@5d6e7f8`
pub fn looked_at(owed: &Owed) -> String {
    match &owed.what {
        What::One(revision) => headline::revision(revision),
        What::Step(comparison) => headline::compared(comparison),
    }
}

/// `9 findings in 5 of 9 entities`, `nothing`
pub fn amount(debt: &Debt) -> String {
    if debt.is_empty() {
        return "no findings".to_string();
    }
    let beside = debt.groups.iter().filter(|group| group.entity.is_file).map(|group| group.len()).sum::<usize>();
    let place = match (debt.indebted(), beside) {
        (0, _) => String::new(),
        (n, 0) => format!(" in {n} of {}", entities(debt.entities)),
        (n, beside) => format!(" in {n} of {} ({beside} elsewhere)", entities(debt.entities)),
    };
    format!("{}{place}", count(debt.len(), "finding"))
}

fn entities(number: usize) -> String {
    if number == 1 { "1 entity".to_string() } else { format!("{number} entities") }
}

/// `2 warnings, 7 notes`
pub fn levels(debt: &Debt) -> String {
    let one = |severity: Severity| {
        let number = debt.of_level(severity);
        (number > 0).then(|| count(number, severity.name()))
    };
    [Severity::Error, Severity::Warning, Severity::Note].into_iter().filter_map(one).collect::<Vec<_>>().join(", ")
}

/// `orders (Order, OrderInput)`
pub fn entity(entity: &Entity) -> String {
    let name = one_line(&entity.name);
    let shown: Vec<String> = entity.schemas.iter().take(SCHEMAS).map(|schema| one_line(schema)).collect();
    match entity.schemas.len() {
        0 => name,
        n if n > SCHEMAS => format!("{name} ({} and {} more)", shown.join(", "), n - SCHEMAS),
        _ => format!("{name} ({})", shown.join(", ")),
    }
}

/// `3 years`, `5 months`, `12 days`
pub fn age(from: Date, today: Date) -> String {
    let days = usize::try_from((today.days() - from.days()).max(0)).unwrap_or_default();
    match days {
        730.. => count(days / 365, "year"),
        61.. => count(days * 12 / 365, "month"),
        _ => count(days, "day"),
    }
}

/// `since 2023-04-02 (3 years)`
pub fn since(since: &Since, today: Date) -> String {
    format!("since {} ({})", since.date, age(since.date, today))
}

/// ``added with table `orders` in 1a2b3c4 "Add orders", Jane``
pub fn commit(since: &Since) -> String {
    let short: String = since.commit.chars().take(7).collect();
    let what = if since.what.is_empty() { String::new() } else { format!("{} in ", one_line(&since.what)) };
    let subject = clip(&one_line(&since.subject), SUBJECT);
    let message = if subject.is_empty() { String::new() } else { format!(" \"{subject}\"") };
    format!("{what}{short}{message}, {}", clip(&one_line(&since.author), AUTHOR))
}

/// What a task is about beside its first finding, at most `limit` of it; what has the subject of the first is told by its detail.
pub fn others(task: &Task, limit: usize) -> (Vec<String>, usize) {
    let Some((first, rest)) = task.entries.split_first() else { return (Vec::new(), 0) };
    let name = |entry: &Entry| {
        let Finding { subject, detail, .. } = &entry.finding;
        let same = *subject == first.finding.subject && !detail.is_empty();
        one_line(if same { detail } else { subject })
    };
    let mut names: Vec<String> = Vec::new();
    for name in rest.iter().map(name) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let more = names.len().saturating_sub(limit);
    names.truncate(limit);
    (names, more)
}

/// `orders.total`
pub fn label(entry: &Entry) -> String {
    one_line(&entry.finding.subject)
}

/// The title of a rule; rules of a cache from another day may be gone.
pub fn title(id: &str) -> &'static str {
    find(id).map_or("", |rule| rule.title)
}

/// What `by_owner` leaves without a name.
pub fn owner(name: &str) -> String {
    if name.is_empty() { "nobody".to_string() } else { one_line(name) }
}

pub fn ratchet(added: usize) -> String {
    let were = if added == 1 { "was" } else { "were" };
    format!("{} {were} added, and debt may not grow (`fail-on-debt: introduced`)", count(added, "finding"))
}

/// A budget for nothing would be held for ever.
pub fn unknown(budget: &Budget) -> String {
    let what = if budget.name.starts_with('@') { "owner in CODEOWNERS" } else { "entity" };
    format!("`budgets` has `{}`, and no {what} is called so", one_line(&budget.name))
}

pub fn exceeded(budget: &Budget) -> String {
    format!(
        "`{}` has {}, and its budget allows {} (`budgets`)",
        one_line(&budget.name),
        count(budget.findings, "finding"),
        budget.limit
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_units_that_people_use() {
        let today = Date::parse("2026-11-20").unwrap();
        for (from, text) in [
            ("2026-11-20", "0 days"),
            ("2026-11-19", "1 day"),
            ("2026-09-21", "60 days"),
            ("2026-09-20", "2 months"),
            ("2025-11-20", "12 months"),
            ("2024-11-20", "2 years"),
            ("2027-01-01", "0 days"),
        ] {
            assert_eq!(age(Date::parse(from).unwrap(), today), text, "{from}");
        }
    }
}
