//! A trend in characters.

use std::fmt::Write;

use crate::debt::{Curve, Trend};
use crate::report::terminal::style::{ADDED, BOLD, DIM, Painter, REMOVED};
use crate::report::text::{clip, count};

/// Eight heights.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Rules that are drawn.
const RULES: usize = 12;
const NAME: usize = 40;

/// The numbers as bars from nothing to the most, so that twice as high is twice as much; a curve that is high above nothing
/// begins lower.
pub fn spark(values: &[usize]) -> String {
    let (least, most) = (values.iter().min().copied().unwrap_or(0), values.iter().max().copied().unwrap_or(0));
    // What moves by less than a third would look flat from nothing on.
    let floor = if least * 3 > most * 2 && most > least { least.saturating_sub(most - least) } else { 0 };
    let bar = |value: &usize| {
        let height =
            if most == floor { 0 } else { (value.saturating_sub(floor) * 7 + (most - floor) / 2) / (most - floor) };
        BARS.get(height.min(7)).copied().unwrap_or(' ')
    };
    values.iter().map(bar).collect()
}

/// The trend with a line for each rule that moved.
pub fn draw(out: &mut String, trend: &Trend, painter: Painter<'_>) {
    let (Some(first), Some(last)) = (trend.points.first(), trend.points.last()) else { return };
    let title = painter.paint(BOLD, "Trend");
    let about = format!(
        "{} from {} to {}, measured at {}",
        count(trend.commits, "commit"),
        first.date,
        last.date,
        count(trend.points.len(), "point")
    );
    let _ = writeln!(out, "\n{title}: {}", painter.paint(DIM, &about));
    let whole = [trend.findings(), trend.entities(), trend.rates()];
    let moved = trend.moved();
    let shown: Vec<&Curve> = whole.iter().chain(moved.iter().take(RULES)).collect();
    let wide = shown.iter().map(|curve| curve.name.chars().count().min(NAME)).max().unwrap_or_default();
    let digits = shown.iter().map(|curve| curve.most().to_string().len()).max().unwrap_or_default();
    for (index, curve) in shown.iter().enumerate() {
        if index == whole.len() {
            let _ = writeln!(out, "  {}", painter.paint(DIM, "rules whose number changed"));
        }
        line(out, curve, (wide, digits), index != 1, painter);
    }
    if moved.len() > RULES {
        let _ = writeln!(out, "  and {} that changed less", moved.len() - RULES);
    }
    let still = trend.rules().len() - moved.len();
    if still > 0 {
        let _ = writeln!(out, "  {}", painter.paint(DIM, &format!("{} did not change", count(still, "rule"))));
    }
}

/// `findings  12 → 87  ▁▂▃▇█  from 10 to 91`; `costs`: more is worse.
fn line(out: &mut String, curve: &Curve, (wide, digits): (usize, usize), costs: bool, painter: Painter<'_>) {
    let (first, last, least, most) = (curve.first(), curve.last(), curve.least(), curve.most());
    let range = match (least < first.min(last), most > first.max(last)) {
        (false, false) => String::new(),
        (true, false) => format!("  lowest {least}"),
        (false, true) => format!("  highest {most}"),
        (true, true) => format!("  lowest {least}, highest {most}"),
    };
    let style = match (costs, last.cmp(&first)) {
        (true, std::cmp::Ordering::Greater) => Some(REMOVED),
        (true, std::cmp::Ordering::Less) => Some(ADDED),
        _ => None,
    };
    let bars = spark(&curve.values);
    let bars = style.map_or(bars.clone(), |style| painter.paint(style, &bars));
    let name = clip(&curve.name, NAME);
    let text = format!("  {name:wide$}  {first:>digits$} → {last:<digits$}  {bars}{}", painter.paint(DIM, &range));
    let _ = writeln!(out, "{}", text.trim_end());
}

#[cfg(test)]
mod tests {
    use super::spark;

    #[test]
    fn bars_are_as_high_as_their_numbers() {
        assert_eq!(spark(&[0, 7, 14]), "▁▅█");
        assert_eq!(spark(&[5, 5]), "██");
        assert_eq!(spark(&[0, 0]), "▁▁");
        // High above nothing: what moved shows.
        assert_eq!(spark(&[100, 105, 110]), "▅▆█");
        assert_eq!(spark(&[]), "");
    }
}
