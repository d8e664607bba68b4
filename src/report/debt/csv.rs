//! A trend as CSV (RFC 4180): a line for each point, a column for each rule that speaks anywhere.

use std::fmt::Write;

use crate::debt::Trend;

/// The table with a heading; lines end as the RFC has them.
pub fn render(trend: &Trend) -> String {
    let rules = trend.rules();
    let mut out = String::from("date,commit,entities,findings,per_100_entities");
    rules.iter().for_each(|curve| out.extend([",", &field(&curve.name)]));
    out.push_str("\r\n");
    for point in &trend.points {
        let count = &point.count;
        let rate = count.rate().map(|rate| rate.to_string()).unwrap_or_default();
        let commit = point.commit.as_deref().unwrap_or_default();
        let _ = write!(out, "{},{},{},{},{rate}", point.date, field(commit), count.entities, count.findings());
        for curve in &rules {
            let _ = write!(out, ",{}", count.rules.get(&curve.name).copied().unwrap_or_default());
        }
        out.push_str("\r\n");
    }
    out
}

/// A field, in quotes where it needs them.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_string() }
}
