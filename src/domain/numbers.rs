//! Sets of numbers: an interval, and the grid of multiples on it.

use std::cmp::Ordering;

use crate::model::{Bound, Decimal, Domain, Types};

use super::contain::Verdict;
use super::format;

/// Numbers between two ends, all of them or the multiples of a step.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    low: Option<Bound>,
    high: Option<Bound>,
    /// `None`: all numbers.
    step: Option<Decimal>,
}

const ONE: i64 = 1;

impl Numbers {
    /// The numbers of a domain, its list of values aside. `None` when the steps are too odd to be combined.
    pub fn of(domain: &Domain) -> Option<Self> {
        let limits = domain.limits();
        let mut low = limits.minimum;
        let mut high = limits.maximum;
        let mut step = limits.multiple_of.filter(|m| *m > Decimal::ZERO);
        let mut whole = !domain.types.contains(Types::NUMBER);
        if let Some(interval) = format::interval(domain.format.as_deref()) {
            low = tighter(low, interval.low, Ordering::Less);
            high = tighter(high, interval.high, Ordering::Greater);
            whole |= interval.whole;
        }
        if whole {
            step = match step {
                Some(step) => Some(step.common_multiple(ONE.into())?),
                None => Some(ONE.into()),
            };
        }
        Self { low, high, step }.on_grid()
    }

    /// Ends moved inwards onto the grid.
    fn on_grid(self) -> Option<Self> {
        let Some(step) = self.step else { return Some(self) };
        let at = |steps: i128| Decimal::new(steps, 0).times(step);
        // Ends too large to be counted in steps stay as they are when they lie on the grid.
        let huge =
            |bound: &Bound| bound.value.steps_below(step).is_none() && bound.value.is_multiple_of(step) == Some(true);
        let low = match self.low {
            Some(bound) if huge(&bound) => Some(bound),
            Some(bound) => {
                let below = bound.value.steps_below(step)?;
                let exact = at(below)? == bound.value && !bound.exclusive;
                Some(Bound { value: at(if exact { below } else { below.checked_add(1)? })?, exclusive: false })
            }
            None => None,
        };
        let high = match self.high {
            Some(bound) if huge(&bound) => Some(bound),
            Some(bound) => {
                let below = bound.value.steps_below(step)?;
                let too_far = at(below)? == bound.value && bound.exclusive;
                Some(Bound { value: at(if too_far { below.checked_sub(1)? } else { below })?, exclusive: false })
            }
            None => None,
        };
        Some(Self { low, high, step: Some(step) })
    }

    fn is_empty(&self) -> bool {
        match (self.low, self.high) {
            (Some(low), Some(high)) => {
                low.value > high.value || (low.value == high.value && (low.exclusive || high.exclusive))
            }
            _ => false,
        }
    }

    fn holds(&self, n: Decimal) -> bool {
        let above = self.low.is_none_or(|b| n > b.value || (n == b.value && !b.exclusive));
        let below = self.high.is_none_or(|b| n < b.value || (n == b.value && !b.exclusive));
        above && below && self.step.is_none_or(|s| n.is_multiple_of(s) == Some(true))
    }

    /// The member nearest to zero, rounded where that is possible.
    pub fn pick(&self) -> Option<Decimal> {
        if self.is_empty() {
            return None;
        }
        let ends = [self.low, self.high].into_iter().flatten().map(|b| b.value);
        let one = Decimal::from(ONE);
        let mut candidates = vec![Decimal::ZERO];
        for end in ends {
            candidates.push(end);
            candidates.extend(end.times(Decimal::new(1, 1)));
            if let Some(floor) = end.steps_below(one) {
                candidates.extend([-1, 0, 1].into_iter().filter_map(|d| Some(Decimal::new(floor.checked_add(d)?, 0))));
            }
        }
        let plain = candidates.into_iter().filter(|n| self.holds(*n)).min_by(nearest);
        plain.or_else(|| self.middle(2).filter(|n| self.holds(*n)))
    }

    /// A point a `parts`th of the way between the ends.
    fn middle(&self, parts: i64) -> Option<Decimal> {
        let (low, high) = (self.low?.value, self.high?.value);
        let width = high.plus(low.negated())?;
        // 1/2, 1/4 and 1/10 are exact decimals.
        let share = match parts {
            2 => Decimal::new(5, -1),
            4 => Decimal::new(25, -2),
            _ => Decimal::new(1, -1),
        };
        low.plus(width.times(share)?)
    }

    /// Up to `wanted` members, readable ones first, and whether these are all.
    pub fn members(&self, wanted: usize) -> (Vec<Decimal>, bool) {
        let Some(first) = self.pick() else { return (Vec::new(), true) };
        let mut found = vec![first];
        let span = match (self.low, self.high) {
            (Some(low), Some(high)) => high.value.plus(low.value.negated()),
            _ => None,
        };
        let wished = i64::try_from(wanted).unwrap_or(i64::MAX);
        let stride = match (self.step, span) {
            (Some(step), _) => step,
            // A share of the interval that is small enough for all of them, as a power of ten.
            (None, Some(span)) => match power_below(span, wished.saturating_add(2)) {
                Some(stride) => stride,
                None => return (found, span == Decimal::ZERO),
            },
            (None, None) => ONE.into(),
        };
        let (mut up, mut down) = (Some(first), Some(first));
        while found.len() < wanted && (up.is_some() || down.is_some()) {
            up = up.and_then(|n| n.plus(stride)).filter(|n| self.holds(*n));
            down = down.and_then(|n| n.plus(stride.negated())).filter(|n| self.holds(*n));
            found.extend(up);
            found.extend(down);
        }
        let all = self.step.is_some() && up.is_none() && down.is_none();
        (found, all)
    }

    /// Whether all numbers of `self` are in `outer`.
    pub fn within(&self, outer: &Self) -> Verdict {
        if self.is_empty() {
            return Verdict::Inside;
        }
        let mut undecided = false;
        let flipped = |b: Bound| Bound { value: b.value, exclusive: !b.exclusive };
        let below = outer.low.map(|b| Self { high: least(self.high, flipped(b)), ..*self });
        let above = outer.high.map(|b| Self { low: greatest(self.low, flipped(b)), ..*self });
        let mut found = Vec::new();
        for part in [below, above].into_iter().flatten() {
            match part.on_grid() {
                Some(part) if part.is_empty() => {}
                Some(part) => match part.pick() {
                    Some(n) => found.push(n),
                    None => undecided = true,
                },
                None => undecided = true,
            }
        }
        if let Some(n) = found.into_iter().min_by(nearest) {
            return Verdict::Outside(Some(n.to_json()));
        }
        if let Some(step) = outer.step {
            match self.off_grid(step) {
                Some(Some(n)) => return Verdict::Outside(Some(n.to_json())),
                Some(None) => {}
                None => undecided = true,
            }
        }
        if undecided { Verdict::Undecided("the numbers are too large to be compared".into()) } else { Verdict::Inside }
    }

    /// A member that is no multiple of `step`. The outer `None` means: cannot tell.
    fn off_grid(&self, step: Decimal) -> Option<Option<Decimal>> {
        if let Some(own) = self.step
            && own.is_multiple_of(step)?
        {
            return Some(None);
        }
        let first = self.pick()?;
        // On a grid one of two neighbours is no multiple. Of all numbers, half a step away from a multiple is none, and
        // when the interval is narrower than that, one of two points in it.
        let half = step.times(Decimal::new(5, -1))?;
        let strides = match self.step {
            Some(own) => [own, own.negated()],
            None => [half, half.negated()],
        };
        let near = strides.into_iter().filter_map(|s| first.plus(s));
        let between = [2, 4, 10].into_iter().filter_map(|parts| self.middle(parts));
        let candidates = std::iter::once(first).chain(near).chain(between);
        let found = candidates.into_iter().find(|n| self.holds(*n) && n.is_multiple_of(step) == Some(false));
        Some(found)
    }
}

/// Nearer to zero; positive before negative.
fn nearest(a: &Decimal, b: &Decimal) -> Ordering {
    size(*a).cmp(&size(*b)).then(b.cmp(a))
}

fn size(n: Decimal) -> Decimal {
    if n < Decimal::ZERO { n.negated() } else { n }
}

/// The largest power of ten of which `count` fit into `span`.
fn power_below(span: Decimal, count: i64) -> Option<Decimal> {
    (-30..=3).rev().map(Decimal::power_of_ten).find(|p| p.times(count.into()).is_some_and(|all| all < span))
}

/// The bound that leaves less; `side` is how a looser value compares.
pub fn tighter(a: Option<Bound>, b: Option<Bound>, side: Ordering) -> Option<Bound> {
    match (a, b) {
        (Some(a), Some(b)) => Some(match a.value.cmp(&b.value) {
            Ordering::Equal => Bound { value: a.value, exclusive: a.exclusive || b.exclusive },
            order if order == side => b,
            _ => a,
        }),
        (a, b) => a.or(b),
    }
}

fn least(a: Option<Bound>, b: Bound) -> Option<Bound> {
    tighter(a, Some(b), Ordering::Greater)
}

fn greatest(a: Option<Bound>, b: Bound) -> Option<Bound> {
    tighter(a, Some(b), Ordering::Less)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(low: Option<(&str, bool)>, high: Option<(&str, bool)>, step: Option<&str>) -> Numbers {
        let end = |e: Option<(&str, bool)>| {
            e.map(|(text, exclusive)| Bound { value: Decimal::parse(text).expect(text), exclusive })
        };
        let step = step.map(|s| Decimal::parse(s).expect(s));
        Numbers { low: end(low), high: end(high), step }.on_grid().expect("small numbers")
    }

    #[test]
    fn ends_and_grids_decide() {
        let whole = |low, high| numbers(low, high, Some("1"));
        // inner, outer, witness outside
        let cases = [
            (whole(Some(("0", true)), None), whole(Some(("1", false)), None), None),
            (whole(None, None), whole(Some(("1", false)), None), Some("0")),
            (whole(Some(("0", false)), Some(("100", false))), whole(None, Some(("50", false))), Some("51")),
            (numbers(None, None, None), whole(None, None), Some("0.5")),
            (numbers(Some(("3", false)), Some(("3", false)), None), whole(None, None), None),
            (numbers(None, None, Some("4")), numbers(None, None, Some("2")), None),
            (numbers(None, None, Some("2")), numbers(None, None, Some("4")), Some("2")),
            (numbers(Some(("0.1", true)), Some(("0.2", true)), None), whole(None, None), Some("0.15")),
            (numbers(Some(("2", false)), Some(("1", false)), None), whole(Some(("9", false)), None), None),
            (numbers(Some(("0", false)), None, None), numbers(Some(("0", true)), None, None), Some("0")),
        ];
        for (index, (inner, outer, witness)) in cases.into_iter().enumerate() {
            let witness = witness.map(|w| Decimal::parse(w).expect(w).to_json());
            match (inner.within(&outer), witness) {
                (Verdict::Inside, None) => {}
                (Verdict::Outside(found), Some(wanted)) => assert_eq!(found, Some(wanted), "case {index}"),
                (verdict, _) => panic!("case {index}: {verdict:?}"),
            }
        }
    }

    #[test]
    fn members_of_small_sets_are_complete() {
        let (members, all) = numbers(Some(("1", false)), Some(("3", false)), Some("1")).members(10);
        assert!(all && members.len() == 3, "{members:?}");
        let (members, all) = numbers(Some(("0", false)), Some(("1", false)), None).members(10);
        assert!(!all && members.len() >= 10, "{members:?}");
    }
}
