//! A trend as inline SVG: findings, entities, and how many findings there are for 100 entities. Colours come from the style of the
//! page; lines also differ in their dashes. The numbers stand in a table below.

use std::fmt::Write;

use crate::debt::{Curve, Trend};
use crate::report::html::escape::Text;
use crate::report::text::{clip, count, one_line};

/// Sizes in the picture's own units.
const WIDE: f64 = 900.0;
const HIGH: f64 = 370.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 150.0;
/// Lines of the grid above nothing, about, for each of these units of height.
const LINE: f64 = 45.0;
/// Days written below, at most.
const DAYS: usize = 6;
/// Room between two labels at the end of curves.
const LABEL: f64 = 15.0;
/// Top and bottom of the two panels: a number for 100 entities is no number of findings.
const NUMBERS: (f64, f64) = (12.0, 212.0);
const RATES: (f64, f64) = (240.0, 340.0);

/// The drawing.
pub fn draw(out: &mut String, trend: &Trend) {
    let (Some(first), Some(last)) = (trend.points.first(), trend.points.last()) else { return };
    let said = format!(
        "From {} to {} findings went from {} to {}, entities from {} to {}.",
        first.date,
        last.date,
        first.count.findings(),
        last.count.findings(),
        first.count.entities,
        last.count.entities
    );
    let _ = writeln!(
        out,
        "<svg class=\"chart\" role=\"img\" aria-labelledby=\"trend-name trend-text\" viewBox=\"0 0 {WIDE:.0} {HIGH:.0}\" \
         font-size=\"12\"><title id=\"trend-name\">Debt in time</title><desc id=\"trend-text\">{said}</desc>"
    );
    let days = (first.date.days(), last.date.days().max(first.date.days() + 1));
    panel(out, trend, &[(trend.findings(), "findings"), (trend.entities(), "entities")], NUMBERS, days);
    panel(out, trend, &[(trend.rates(), "rates")], RATES, days);
    self::days(out, trend, Scale { days, span: RATES, top: 1 });
    out.push_str("</svg>\n");
}

/// Curves over a grid of their own.
fn panel(out: &mut String, trend: &Trend, curves: &[(Curve, &str)], span: (f64, f64), days: (i64, i64)) {
    let most = curves.iter().map(|(curve, _)| curve.most()).max().unwrap_or_default();
    let lines = ((span.1 - span.0) / LINE) as usize;
    let step = nice(most, lines.max(1));
    let top = most.div_ceil(step).max(1) * step;
    let scale = Scale { days, span, top };
    for value in (0..=top).step_by(step) {
        let y = scale.y(value);
        let _ = writeln!(
            out,
            "<line class=\"grid\" x1=\"{LEFT:.0}\" x2=\"{:.0}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#bbb\"/>\
             <text x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>",
            WIDE - RIGHT,
            LEFT - 8.0,
            y + 4.0
        );
    }
    for (curve, class) in curves.iter().rev() {
        line(out, trend, curve, class, scale);
    }
    labels(out, curves, scale);
}

#[derive(Clone, Copy)]
struct Scale {
    /// The first and the last, since 1970.
    days: (i64, i64),
    /// Top and bottom.
    span: (f64, f64),
    /// The number at the top.
    top: usize,
}

impl Scale {
    fn x(self, day: i64) -> f64 {
        let share = (day - self.days.0) as f64 / (self.days.1 - self.days.0) as f64;
        LEFT + share.clamp(0.0, 1.0) * (WIDE - LEFT - RIGHT)
    }

    fn y(self, value: usize) -> f64 {
        self.span.1 - value as f64 / self.top as f64 * (self.span.1 - self.span.0)
    }
}

/// 1, 2 or 5 and zeros: what people count in.
fn nice(most: usize, lines: usize) -> usize {
    let wanted = most.div_ceil(lines).max(1);
    let mut unit = 1;
    loop {
        if let Some(step) = [1, 2, 5].into_iter().map(|n| n * unit).find(|step| *step >= wanted) {
            return step;
        }
        unit *= 10;
    }
}

/// Days of points, as many as there is room for, the last one always.
fn days(out: &mut String, trend: &Trend, scale: Scale) {
    let room = (WIDE - LEFT - RIGHT) / DAYS as f64;
    let mut free = f64::MAX;
    for point in trend.points.iter().rev() {
        let x = scale.x(point.date.days());
        if x <= free {
            let y = HIGH - 8.0;
            let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.0}\" text-anchor=\"middle\">{}</text>", point.date);
            free = x - room;
        }
    }
}

fn line(out: &mut String, trend: &Trend, curve: &Curve, class: &str, scale: Scale) {
    let places = || trend.points.iter().zip(&curve.values).map(|(p, v)| (p, *v, scale.x(p.date.days()), scale.y(*v)));
    let steps: Vec<String> = places()
        .enumerate()
        .map(|(at, (_, _, x, y))| format!("{}{x:.1} {y:.1}", if at == 0 { "M" } else { "L" }))
        .collect();
    let _ =
        writeln!(out, "<path class=\"curve {class}\" d=\"{}\" fill=\"none\" stroke=\"currentColor\"/>", steps.join(""));
    if class != "findings" {
        return;
    }
    for (point, value, x, y) in places() {
        let short: String = point.commit.as_deref().unwrap_or("working tree").chars().take(7).collect();
        let about =
            format!("{}, {}: {short} {}", point.date, count(value, "finding"), clip(&one_line(&point.subject), 80));
        let _ = writeln!(
            out,
            "<circle class=\"dot {class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.4\" fill=\"none\" stroke=\"currentColor\"><title>{}</title></circle>",
            Text(&about)
        );
    }
}

/// Names and last values beside the ends, none on top of another.
fn labels(out: &mut String, curves: &[(Curve, &str)], scale: Scale) {
    let mut ends: Vec<(f64, &Curve, &str)> = curves.iter().map(|(c, class)| (scale.y(c.last()), c, *class)).collect();
    ends.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut free = scale.span.1 + LABEL;
    for (y, curve, class) in ends {
        let y = y.min(free - LABEL);
        free = y;
        let _ = writeln!(
            out,
            "<text class=\"end {class}\" x=\"{:.0}\" y=\"{:.1}\">{} {}</text>",
            WIDE - RIGHT + 10.0,
            y + 4.0,
            curve.last(),
            curve.name
        );
    }
}

/// A curve as small as a word; what it shows stands beside it.
pub fn small(out: &mut String, curve: &Curve) {
    let most = curve.most().max(1) as f64;
    let last = curve.values.len().saturating_sub(1).max(1) as f64;
    let place = |(at, value): (usize, &usize)| {
        let (x, y) = (at as f64 / last * 100.0, 19.0 - *value as f64 / most * 18.0);
        format!("{}{x:.1} {y:.1}", if at == 0 { "M" } else { "L" })
    };
    let path: String = curve.values.iter().enumerate().map(place).collect();
    let way = match curve.last().cmp(&curve.first()) {
        std::cmp::Ordering::Greater => " more",
        std::cmp::Ordering::Less => " less",
        std::cmp::Ordering::Equal => "",
    };
    let _ = write!(
        out,
        "<svg class=\"small{way}\" aria-hidden=\"true\" viewBox=\"0 0 100 20\" preserveAspectRatio=\"none\" width=\"160\" height=\"27\">\
         <path d=\"{path}\" fill=\"none\" stroke=\"currentColor\" vector-effect=\"non-scaling-stroke\"/></svg>"
    );
}

#[cfg(test)]
mod tests {
    use super::nice;

    #[test]
    fn the_grid_counts_as_people_do() {
        for (most, step) in [(0, 1), (1, 1), (4, 1), (7, 2), (23, 10), (100, 50), (101, 50), (999, 500)] {
            assert_eq!(nice(most, 4), step, "{most}");
        }
    }
}
