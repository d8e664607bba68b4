//! Debt at a terminal: numbers first, then what to do first, and how it moved.

use std::collections::BTreeSet;

use crate::debt::{Debt, Entry, Group, Task, by_owner, by_rule};
use crate::report::terminal::Options;
use crate::report::terminal::style::{ADDED, BOLD, DIM, FRAME, HELP, Painter, REMOVED, severity};
use crate::report::text::{clean, count, one_line};

use super::{Owed, Step, words};

/// Entities, and findings of one of them, that are told unless all are asked for.
const GROUPS: usize = 5;
const TASKS: usize = 4;
/// Subjects named beside the first one of a rule.
const OTHERS: usize = 4;
/// Rules and owners in the summary, and lines of what was paid back.
const ROWS: usize = 8;
const PAID: usize = 20;

/// The whole report.
pub fn render(owed: &Owed, options: Options<'_>) -> String {
    let painter = Painter { colours: options.colours, links: options.links, columns: options.columns };
    let shared = owed.debt.entries().map(|entry| &entry.owners).collect::<BTreeSet<_>>().len() > 1;
    let mut text = Text { out: String::new(), owed, painter, all: options.all, helped: BTreeSet::new(), shared };
    text.render();
    text.out
}

struct Text<'a> {
    out: String,
    owed: &'a Owed,
    painter: Painter<'a>,
    all: bool,
    /// Rules whose help was printed: once is enough.
    helped: BTreeSet<&'static str>,
    /// Not everything has the same owners.
    shared: bool,
}

impl Text<'_> {
    fn render(&mut self) {
        let owed = self.owed;
        self.head();
        match &owed.step {
            Some(step) => self.step(step),
            None => {
                self.summary();
                let title = if owed.debt.groups.len() > 1 { "What to do first" } else { "What to do" };
                self.details(title, &owed.debt);
            }
        }
        self.budgets();
        if let Some(trend) = &owed.trend {
            super::curve::draw(&mut self.out, trend, self.painter);
        }
        self.end();
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn title(&mut self, text: &str) {
        let text = self.painter.paint(BOLD, text);
        self.line("");
        self.line(&text);
    }

    /// Words behind a label, broken so that they stay below each other.
    fn wrapped(&mut self, label: &str, styled: &str, text: &str, indent: usize) {
        let lines = self.painter.wrap(text, label.chars().count(), indent);
        for (index, line) in lines.iter().enumerate() {
            let start = if index == 0 { styled.to_string() } else { " ".repeat(indent) };
            self.line(&format!("{start}{line}"));
        }
    }

    fn head(&mut self) {
        let owed = self.owed;
        let amount = match &owed.step {
            Some(step) => format!("{} added, {} paid back, {} left", step.added.len(), step.paid.len(), step.left),
            None => {
                let rate = owed.debt.rate().filter(|_| !owed.debt.is_empty());
                let rate = rate.map(|rate| format!(", {rate} per 100 entities")).unwrap_or_default();
                format!("{}{rate}", words::amount(&owed.debt))
            }
        };
        let chosen = owed.chosen.as_ref().map(|chosen| format!(" ({})", one_line(chosen))).unwrap_or_default();
        let label = format!("debt of {}{chosen}: ", words::looked_at(owed));
        self.wrapped(&label, &format!("debt of {}{chosen}: ", words::looked_at(owed)), &amount, 2);
        let mut facts = Vec::new();
        if owed.step.is_none() && !owed.debt.is_empty() {
            facts.push(words::levels(&owed.debt));
            if let Some((entry, since)) = owed.debt.oldest().and_then(|entry| Some((entry, entry.since.as_ref()?))) {
                facts.push(format!("oldest: {}, {}", words::label(entry), words::since(since, owed.today)));
            }
        }
        if owed.accepted > 0 {
            facts.push(format!("{} accepted", owed.accepted));
        }
        if !facts.is_empty() {
            let facts = facts.join("; ");
            for line in self.painter.wrap(&facts, 2, 2) {
                let line = self.painter.paint(DIM, &format!("  {line}"));
                self.line(&line);
            }
        }
        let incomplete = (!owed.complete)
            .then(|| "not everything could be read: `driftline model` says what is missing".to_string());
        for note in owed.notes.iter().cloned().chain(incomplete) {
            let label = self.painter.paint(severity(crate::rules::Severity::Note), "note:");
            self.wrapped("note: ", &format!("{label} "), &clean(&note), 2);
        }
    }

    fn summary(&mut self) {
        let owed = self.owed;
        if owed.debt.is_empty() {
            return;
        }
        let rules = by_rule(&owed.debt);
        if rules.len() > 1 {
            self.title("By rule");
            let rows: Vec<Row> = rules
                .iter()
                .map(|tally| Row {
                    number: tally.findings.to_string(),
                    name: tally.name.clone(),
                    rest: format!("{}{}", words::title(&tally.name), oldest(tally.oldest)),
                })
                .collect();
            self.table(&rows, "rule");
        }
        let owners = by_owner(&owed.debt);
        if owners.iter().any(|tally| !tally.name.is_empty()) {
            self.title("By owner");
            let rows: Vec<Row> = owners
                .iter()
                .map(|tally| Row {
                    number: tally.findings.to_string(),
                    name: words::owner(&tally.name),
                    rest: format!("in {}{}", count(tally.entities, "place"), oldest(tally.oldest)),
                })
                .collect();
            self.table(&rows, "owner");
        }
    }

    fn table(&mut self, rows: &[Row], noun: &str) {
        let shown = if self.all || rows.len() <= ROWS + 1 { rows.len() } else { ROWS };
        let wide = |of: fn(&Row) -> &str| rows.iter().take(shown).map(|row| of(row).chars().count()).max().unwrap_or(0);
        let (number, name) = (wide(|row| &row.number), wide(|row| &row.name));
        for row in rows.iter().take(shown) {
            let start = format!("  {:>number$}  {:name$}  ", row.number, row.name);
            let columns = start.chars().count();
            let styled = format!("  {:>number$}  {:name$}  ", row.number, row.name);
            let mut lines = self.painter.wrap(&row.rest, columns, 0).into_iter();
            let first = lines.next().unwrap_or_default();
            let first = self.painter.paint(DIM, &first);
            self.line(&format!("{styled}{first}"));
            for line in lines {
                let line = self.painter.paint(DIM, &line);
                self.line(&format!("{:columns$}{line}", ""));
            }
        }
        if rows.len() > shown {
            self.line(&format!("  and {}: --all", count(rows.len() - shown, &format!("more {noun}"))));
        }
    }

    fn details(&mut self, title: &str, debt: &Debt) {
        if debt.is_empty() {
            return;
        }
        self.title(title);
        let shown = if self.all { debt.groups.len() } else { GROUPS };
        for (index, group) in debt.groups.iter().take(shown).enumerate() {
            if index > 0 {
                self.line("");
            }
            self.group(group);
        }
        let rest: Vec<&Group> = debt.groups.iter().skip(shown).collect();
        if !rest.is_empty() {
            let named: Vec<String> = rest
                .iter()
                .take(OTHERS)
                .map(|group| format!("{} {}", one_line(&group.entity.name), group.len()))
                .collect();
            let findings = rest.iter().map(|group| group.len()).sum::<usize>();
            let more = if rest.len() > OTHERS { " …" } else { "" };
            self.line("");
            let text = format!(
                "and {} in {}: {}{more} (--all shows them, --entity NAME those of one)",
                count(findings, "more finding"),
                count(rest.len(), "more place"),
                named.join(", ")
            );
            for line in self.painter.wrap(&text, 0, 0) {
                self.line(&line);
            }
        }
    }

    fn group(&mut self, group: &Group) {
        let name = self.painter.paint(BOLD, &words::entity(&group.entity));
        let facts = format!("{}{}", count(group.len(), "finding"), oldest(group.oldest()));
        let facts = self.painter.paint(DIM, &facts);
        self.line(&format!("{name}: {facts}"));
        let shown = if self.all || group.tasks.len() <= TASKS + 1 { group.tasks.len() } else { TASKS };
        for task in group.tasks.iter().take(shown) {
            self.task(task);
        }
        let rest = group.tasks.iter().skip(shown);
        let named: Vec<String> =
            rest.filter_map(|task| Some(format!("{} {}", task.entries.len(), task.rule()?.id))).collect();
        if !named.is_empty() {
            self.wrapped("  and ", "  and ", &format!("{}: --all", named.join(", ")), 6);
        }
    }

    fn task(&mut self, task: &Task) {
        let (Some(entry), Some(rule)) = (task.first(), task.rule()) else { return };
        let finding = &entry.finding;
        let level = format!("{}[{}]: ", finding.severity.name(), rule.id);
        let styled = format!("{}: ", self.painter.paint(severity(finding.severity), level.trim_end_matches(": ")));
        self.wrapped(&format!("  {level}"), &format!("  {styled}"), &clean(&finding.message), 4);
        self.place(entry);
        if let Some(since) = &entry.since {
            let text = format!("{}: {}", words::since(since, self.owed.today), words::commit(since));
            self.fact("=", &text);
        }
        if self.shared && !entry.owners.is_empty() {
            let owners: Vec<String> = entry.owners.iter().map(|owner| one_line(owner)).collect();
            self.fact("=", &format!("owner: {}", owners.join(", ")));
        }
        let limit = if self.all { usize::MAX } else { OTHERS };
        let (others, more) = words::others(task, limit);
        if !others.is_empty() {
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            self.fact("=", &format!("also: {}{more}", others.join(", ")));
        }
        if self.helped.insert(rule.id) {
            let help = clean(&finding.help);
            let label = format!("    {} {}", self.painter.paint(FRAME, "="), self.painter.paint(HELP, "help:"));
            for (index, part) in help.lines().enumerate() {
                match index {
                    0 => self.wrapped("    = help: ", &format!("{label} "), part, 12),
                    _ => self.wrapped("            ", "            ", part, 12),
                }
            }
        }
    }

    fn place(&mut self, entry: &Entry) {
        if let Some(at) = &entry.at {
            let arrow = self.painter.paint(FRAME, "-->");
            let path = self.painter.file(&at.path);
            self.line(&format!("    {arrow} {path}:{}:{}", at.line, at.column));
        }
    }

    fn fact(&mut self, sign: &str, text: &str) {
        let styled = format!("    {} ", self.painter.paint(FRAME, sign));
        self.wrapped(&format!("    {sign} "), &styled, text, 6);
    }

    fn step(&mut self, step: &Step) {
        self.details("Added", &step.added);
        if !step.paid.is_empty() {
            self.title("Paid back");
            let entries: Vec<&Entry> = step.paid.entries().collect();
            let shown = if self.all { entries.len() } else { PAID };
            for entry in entries.iter().take(shown) {
                let sign = self.painter.paint(ADDED, "-");
                let id = entry.finding.rule.id;
                let since = entry.since.as_ref().map(|since| format!(", {}", words::since(since, self.owed.today)));
                let text = format!("{}: {id}{}", words::label(entry), since.unwrap_or_default());
                self.wrapped("  - ", &format!("  {sign} "), &text, 4);
            }
            if entries.len() > shown {
                self.line(&format!("  and {} more: --all", entries.len() - shown));
            }
        }
        if step.added.is_empty() && step.paid.is_empty() {
            self.line("");
            self.line("Nothing was added, nothing was paid back.");
        }
        if step.left > 0 && self.all {
            self.summary();
            self.details("All that stands now", &self.owed.debt);
        }
    }

    fn budgets(&mut self) {
        let owed = self.owed;
        if owed.budgets.is_empty() {
            return;
        }
        self.title("Budgets");
        for budget in &owed.budgets {
            let name = one_line(&budget.name);
            let spent = format!("{} of {}", budget.findings, budget.limit);
            let text = match budget.findings.checked_sub(budget.limit) {
                Some(over @ 1..) => self.painter.paint(REMOVED, &format!("{spent}, {over} too many")),
                _ => spent,
            };
            self.line(&format!("  {name}: {text}"));
        }
    }

    fn end(&mut self) {
        let owed = self.owed;
        let mut lines: Vec<String> = Vec::new();
        lines.extend(owed.fails.iter().map(|why| format!("fails: {why}")));
        if owed.step.as_ref().is_some_and(|step| step.left > 0) && !self.all {
            lines.push("`--all` tells what is left, too.".to_string());
        }
        if owed.debt.is_empty() && owed.step.is_none() && owed.fails.is_empty() {
            lines.push("Nothing to pay back.".to_string());
        }
        if !lines.is_empty() {
            self.line("");
        }
        for line in lines {
            let fails = line.strip_prefix("fails:").map(str::to_string);
            match fails {
                Some(rest) => {
                    let label = self.painter.paint(severity(crate::rules::Severity::Error), "fails:");
                    self.wrapped("fails:", &label, &rest, 2);
                }
                None => self.wrapped("", "", &line, 0),
            }
        }
    }
}

struct Row {
    number: String,
    name: String,
    rest: String,
}

fn oldest(date: Option<crate::model::Date>) -> String {
    date.map(|date| format!(", oldest since {date}")).unwrap_or_default()
}
