//! Debt as a page: numbers, the trend as a drawing, what to do first. It asks the network for nothing and has no script.

use std::fmt::Write;

use crate::debt::{Debt, Entry, Group, Tally, Task, Trend, by_owner, by_rule};
use crate::report::html::document;
use crate::report::html::escape::{Prose, Text};
use crate::report::text::{clean, count, one_line};
use crate::rules::Severity;

use super::{Owed, chart, words};

const OWN: &str = include_str!("debt.css");
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const LEVELS: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];
/// Entities that are drawn as bars.
const BARS: usize = 15;

/// The whole page.
pub fn render(owed: &Owed) -> String {
    let mut out = String::new();
    let title = format!("Debt of {}", words::looked_at(owed));
    document(&mut out, &title, POLICY, OWN);
    out.push_str("<body>\n<a class=\"skip\" href=\"#main\">Skip to the numbers</a>\n");
    header(&mut out, owed);
    let parts = parts(owed);
    out.push_str("<nav aria-label=\"Contents\"><ul>");
    for (id, title, number, _) in &parts {
        let number = number.map(|n| format!(" <span class=\"count\">{n}</span>")).unwrap_or_default();
        let _ = write!(out, "<li><a href=\"#{id}\">{title}{number}</a></li>");
    }
    out.push_str("</ul></nav>\n<main id=\"main\">\n");
    for (id, title, _, draw) in &parts {
        let _ = writeln!(out, "<section id=\"{id}\" aria-labelledby=\"{id}-title\"><h2 id=\"{id}-title\">{title}</h2>");
        draw(&mut out, owed);
        out.push_str("</section>\n");
    }
    let _ = writeln!(
        out,
        "</main>\n<footer><p>driftline {}. <code>driftline explain RULE</code> says why a rule matters; what is accepted is \
         written in <code>driftline.yaml</code> with its reason.</p></footer>\n</body>\n</html>",
        env!("CARGO_PKG_VERSION")
    );
    out
}

type Draw = fn(&mut String, &Owed);
type Part = (&'static str, &'static str, Option<usize>, Draw);

/// The sections that have something to say.
fn parts(owed: &Owed) -> Vec<Part> {
    let step = owed.step.as_ref();
    let (added, paid) = (step.map_or(0, |step| step.added.len()), step.map_or(0, |step| step.paid.len()));
    let trend = owed.trend.as_ref().map_or(0, |trend| trend.points.len());
    let title = if step.is_some() { "All that stands" } else { "What to do first" };
    let parts: [Part; 6] = [
        ("overview", "Overview", None, overview),
        ("trend", "Trend", Some(trend), |out, owed| {
            if let Some(trend) = &owed.trend {
                self::trend(out, trend);
            }
        }),
        ("added", "Added", Some(added), |out, owed| {
            if let Some(step) = &owed.step {
                debt(out, owed, &step.added, "added");
            }
        }),
        ("paid", "Paid back", Some(paid), |out, owed| {
            if let Some(step) = &owed.step {
                debt(out, owed, &step.paid, "paid");
            }
        }),
        ("rules", "By rule", Some(by_rule(&owed.debt).len()), tallies),
        ("findings", title, Some(owed.debt.len()), |out, owed| debt(out, owed, &owed.debt, "now")),
    ];
    parts.into_iter().filter(|(_, _, number, _)| *number != Some(0)).collect()
}

fn header(out: &mut String, owed: &Owed) {
    let state = if owed.fails.is_empty() { "" } else { " findings" };
    let (title, meaning) = match &owed.step {
        Some(step) => (
            format!("{} added, {} paid back, {} left", step.added.len(), step.paid.len(), step.left),
            format!("What stands now: {}.", words::amount(&owed.debt)),
        ),
        None => {
            let levels = words::levels(&owed.debt);
            let oldest = owed.debt.oldest().and_then(|entry| {
                let since = entry.since.as_ref()?;
                Some(format!(
                    " The oldest, {}, has been there {}.",
                    words::label(entry),
                    words::since(since, owed.today)
                ))
            });
            let levels = if levels.is_empty() { "Nothing to pay back.".to_string() } else { format!("{levels}.") };
            (words::amount(&owed.debt), format!("{levels}{}", oldest.unwrap_or_default()))
        }
    };
    let chosen = owed.chosen.as_ref().map(|chosen| format!(", {}", Text(&one_line(chosen)))).unwrap_or_default();
    let _ = writeln!(
        out,
        "<header class=\"top{state}\"><p class=\"brand\">driftline debt</p><h1>{}</h1><p class=\"meaning\">{}</p>\
         <p class=\"compared\"><strong>{}</strong> on {}{chosen}</p></header>",
        Text(&crate::report::text::capital(&title)),
        Text(&meaning),
        Text(&words::looked_at(owed)),
        owed.today,
    );
}

fn overview(out: &mut String, owed: &Owed) {
    let debt = &owed.debt;
    let mut numbers: Vec<(&str, usize, &str)> = Vec::new();
    if let Some(step) = &owed.step {
        numbers.extend([
            ("plain", step.added.len(), "added"),
            ("plain", step.paid.len(), "paid back"),
            ("plain", step.left, "left"),
        ]);
    }
    numbers.extend([
        ("error", debt.of_level(Severity::Error), "errors"),
        ("warning", debt.of_level(Severity::Warning), "warnings"),
        ("note", debt.of_level(Severity::Note), "notes"),
        ("plain", debt.entities, "entities"),
        ("plain", debt.rate().unwrap_or_default(), "findings per 100 entities"),
        ("plain", owed.accepted, "accepted"),
    ]);
    out.push_str("<ul class=\"numbers\">");
    for (class, number, name) in numbers {
        let none = if number == 0 { " none" } else { "" };
        let _ = write!(out, "<li class=\"{class}{none}\"><strong>{number}</strong> {name}</li>");
    }
    out.push_str("</ul>\n");
    for why in &owed.fails {
        let _ = writeln!(out, "<p class=\"note-line over\">Fails: {}</p>", Prose(&clean(why)));
    }
    for note in &owed.notes {
        let _ = writeln!(out, "<p class=\"note-line\"><strong>Note:</strong> {}</p>", Prose(&clean(note)));
    }
    if !owed.complete {
        out.push_str("<p class=\"note-line\"><strong>Incomplete:</strong> part of it could not be read, so there may be more.</p>\n");
    }
    bars(out, owed);
    budgets(out, owed);
}

/// The entities that cost most, each with a bar.
fn bars(out: &mut String, owed: &Owed) {
    let groups = &owed.debt.groups;
    let most = groups.iter().map(Group::len).max().unwrap_or_default();
    if groups.len() < 2 {
        return;
    }
    out.push_str(
        "<table><caption>Entities, the costliest first</caption><thead><tr><th scope=\"col\">Entity</th><th scope=\"col\" class=\"number\">Findings</th>\
         <th scope=\"col\"><span class=\"quiet\">Drawn</span></th><th scope=\"col\">Oldest</th></tr></thead><tbody>\n",
    );
    for (at, group) in groups.iter().take(BARS).enumerate() {
        let numbers = LEVELS.map(|level| group.entries().filter(|entry| entry.finding.severity == level).count());
        let mut from = 0;
        let mut drawn = String::new();
        for (level, number) in LEVELS.iter().zip(numbers).filter(|(_, number)| *number > 0) {
            let (x, wide) = (share(from, most), share(number, most));
            let _ = write!(
                drawn,
                "<rect class=\"{}\" x=\"{x:.2}\" y=\"0\" width=\"{wide:.2}\" height=\"10\"/>",
                level.name()
            );
            from += number;
        }
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\"><a href=\"#now-{at}\">{}</a></th><td class=\"number\">{}</td><td><svg class=\"bars\" aria-hidden=\"true\" \
             viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" width=\"220\" height=\"14\">{drawn}</svg></td><td>{}</td></tr>",
            Text(&words::entity(&group.entity)),
            group.len(),
            group.oldest().map(|date| date.to_string()).unwrap_or_default(),
        );
    }
    out.push_str("</tbody></table>\n");
    if groups.len() > BARS {
        let _ = writeln!(out, "<p>and {}, below.</p>", count(groups.len() - BARS, "more place"));
    }
}

fn share(number: usize, of: usize) -> f64 {
    number as f64 * 100.0 / of.max(1) as f64
}

fn budgets(out: &mut String, owed: &Owed) {
    if owed.budgets.is_empty() {
        return;
    }
    out.push_str(
        "<h3>Budgets</h3><table class=\"fit\"><caption class=\"quiet\">Budgets</caption><thead><tr><th scope=\"col\">For</th>\
         <th scope=\"col\" class=\"number\">Findings</th><th scope=\"col\" class=\"number\">Allowed</th></tr></thead><tbody>\n",
    );
    for budget in &owed.budgets {
        let class = if budget.is_exceeded() { " over" } else { "" };
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\"><code>{}</code></th><td class=\"number{class}\">{}</td><td class=\"number\">{}</td></tr>",
            Text(&one_line(&budget.name)),
            budget.findings,
            budget.limit
        );
    }
    out.push_str("</tbody></table>\n");
}

fn tallies(out: &mut String, owed: &Owed) {
    let table = |out: &mut String, caption: &str, first: &str, rows: &[(String, Tally)]| {
        let _ = writeln!(
            out,
            "<table class=\"fit\"><caption class=\"quiet\">{caption}</caption><thead><tr><th scope=\"col\">{first}</th>\
             <th scope=\"col\" class=\"number\">Findings</th><th scope=\"col\" class=\"number\">Places</th><th scope=\"col\">Oldest</th></tr></thead><tbody>"
        );
        for (name, tally) in rows {
            let oldest = tally.oldest.map(|date| date.to_string()).unwrap_or_default();
            let _ = writeln!(
                out,
                "<tr><th scope=\"row\">{name}</th><td class=\"number\">{}</td><td class=\"number\">{}</td><td>{oldest}</td></tr>",
                tally.findings, tally.entities
            );
        }
        out.push_str("</tbody></table>\n");
    };
    let rule = |tally: Tally| {
        let name = format!("{} <span class=\"rule\">{}</span>", Text(words::title(&tally.name)), Text(&tally.name));
        (name, tally)
    };
    let rules: Vec<(String, Tally)> = by_rule(&owed.debt).into_iter().map(rule).collect();
    table(out, "Findings by rule", "Rule", &rules);
    let owners = by_owner(&owed.debt);
    if owners.iter().any(|tally| !tally.name.is_empty()) {
        let owner = |tally: Tally| (Text(&words::owner(&tally.name)).to_string(), tally);
        let owners: Vec<(String, Tally)> = owners.into_iter().map(owner).collect();
        out.push_str("<h3>By owner</h3>\n");
        table(out, "Findings by owner", "Owner", &owners);
    }
}

fn trend(out: &mut String, trend: &Trend) {
    let _ = writeln!(
        out,
        "<p>{}, measured at {}, each on its own day with the rules of today.</p><div class=\"sheet\">",
        count(trend.commits, "commit"),
        count(trend.points.len(), "point")
    );
    chart::draw(out, trend);
    out.push_str("</div>\n");
    let moved = trend.moved();
    if !moved.is_empty() {
        out.push_str(
            "<table class=\"fit\"><caption>Rules whose number changed</caption><thead><tr><th scope=\"col\">Rule</th><th scope=\"col\" class=\"number\">First</th>\
             <th scope=\"col\" class=\"number\">Last</th><th scope=\"col\" class=\"number\">Least</th><th scope=\"col\" class=\"number\">Most</th>\
             <th scope=\"col\"><span class=\"quiet\">Drawn</span></th></tr></thead><tbody>\n",
        );
        for curve in &moved {
            let numbers = [curve.first(), curve.last(), curve.least(), curve.most()];
            let cells: String = numbers.iter().map(|n| format!("<td class=\"number\">{n}</td>")).collect();
            let _ =
                write!(out, "<tr><th scope=\"row\"><span class=\"rule\">{}</span></th>{cells}<td>", Text(&curve.name));
            chart::small(out, curve);
            out.push_str("</td></tr>\n");
        }
        out.push_str("</tbody></table>\n");
    }
    out.push_str(
        "<details class=\"fold\"><summary>All points</summary><table class=\"fit\"><caption class=\"quiet\">All points</caption><thead><tr><th scope=\"col\">Day</th>\
         <th scope=\"col\">Commit</th><th scope=\"col\" class=\"number\">Findings</th><th scope=\"col\" class=\"number\">Entities</th>\
         <th scope=\"col\" class=\"number\">Per 100</th></tr></thead><tbody>\n",
    );
    for point in &trend.points {
        let short: String = point.commit.as_deref().unwrap_or_default().chars().take(7).collect();
        let rate = point.count.rate().map(|rate| rate.to_string()).unwrap_or_default();
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td><code>{}</code> {}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{rate}</td></tr>",
            point.date,
            Text(&short),
            Text(&one_line(&point.subject)),
            point.count.findings(),
            point.count.entities,
        );
    }
    out.push_str("</tbody></table></details>\n");
}

fn debt(out: &mut String, owed: &Owed, debt: &Debt, prefix: &str) {
    for (at, group) in debt.groups.iter().enumerate() {
        let id = format!("{prefix}-{at}");
        let _ = writeln!(
            out,
            "<section class=\"group\" id=\"{id}\" aria-labelledby=\"{id}-title\"><h3 id=\"{id}-title\">{} <span class=\"count\">{}</span></h3>",
            Text(&words::entity(&group.entity)),
            group.len()
        );
        for task in &group.tasks {
            self::task(out, owed, task);
        }
        out.push_str("</section>\n");
    }
}

fn task(out: &mut String, owed: &Owed, task: &Task) {
    let (Some(entry), Some(rule)) = (task.first(), task.rule()) else { return };
    let finding = &entry.finding;
    let level = finding.severity.name();
    let _ = writeln!(
        out,
        "<article class=\"f {level}\"><h4><span class=\"level\">{level}</span> <span class=\"subject\">{}</span> <span class=\"rule\">{}</span></h4>\
         <p>{}</p>",
        Text(&words::label(entry)),
        Text(rule.id),
        Prose(&clean(&finding.message)),
    );
    out.push_str("<dl>");
    let row = |out: &mut String, name: &str, value: &str| {
        let _ = write!(out, "<div><dt>{name}</dt><dd>{value}</dd></div>");
    };
    if let Some(place) = place(entry) {
        row(out, "Where", &place);
    }
    if let Some(since) = &entry.since {
        let text = format!("{}: {}", words::since(since, owed.today), words::commit(since));
        row(out, "Since", &Prose(text.strip_prefix("since ").unwrap_or(&text)).to_string());
    }
    if !entry.owners.is_empty() {
        row(out, "Owner", &Text(&entry.owners.join(", ")).to_string());
    }
    if task.entries.len() > 1 {
        let others = task.entries.iter().skip(1).map(|entry| {
            let place = place(entry).map(|place| format!(" {place}")).unwrap_or_default();
            format!("<li><code>{}</code>{place}</li>", Text(&words::label(entry)))
        });
        row(out, "Also", &format!("<ul>{}</ul>", others.collect::<String>()));
    }
    row(out, "To do", &Prose(&clean(&finding.help)).to_string());
    out.push_str("</dl></article>\n");
}

fn place(entry: &Entry) -> Option<String> {
    let at = entry.at.as_ref()?;
    Some(format!("<span class=\"at\">{}:{}</span>", Text(&one_line(&at.path)), at.line))
}
