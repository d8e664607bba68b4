//! Exact decimal numbers for bounds: `2^63 - 1` and `0.01` are both common and neither survives `f64`.

use std::cmp::Ordering;
use std::fmt;

/// `digits * 10^exponent`, normalised so that equal numbers are equal values (no trailing zero digits).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    digits: i128,
    exponent: i32,
}

impl Decimal {
    pub const ZERO: Decimal = Decimal { digits: 0, exponent: 0 };

    /// `digits * 10^exponent`.
    pub fn new(mut digits: i128, mut exponent: i32) -> Self {
        if digits == 0 {
            return Self::ZERO;
        }
        while digits % 10 == 0 {
            digits /= 10;
            exponent += 1;
        }
        Self { digits, exponent }
    }

    /// Ten to the power of `exponent`.
    pub fn power_of_ten(exponent: i32) -> Self {
        Self::new(1, exponent)
    }

    /// Reads JSON number text, also with a leading `+`. `None` when it is no number or has more than 36 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('+').unwrap_or(text);
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.strip_prefix('+').unwrap_or(exponent).parse::<i32>().ok()?),
            None => (text, 0),
        };
        if exponent.abs() > 400 {
            return None;
        }
        let (negative, number) = match number.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, number),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let fraction = fraction.trim_end_matches('0');
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let mut digits: i128 = 0;
        let mut seen = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            if digits != 0 || byte != b'0' {
                seen += 1;
            }
            if seen > 36 {
                return None;
            }
            digits = digits * 10 + i128::from(byte - b'0');
        }
        let scale = i32::try_from(fraction.len()).ok()?;
        Some(Self::new(if negative { -digits } else { digits }, exponent - scale))
    }

    /// Both numbers as integers of one common exponent, when that fits.
    fn align(self, other: Self) -> Option<(i128, i128, i32)> {
        let exponent = self.exponent.min(other.exponent);
        let scale = |n: Self| -> Option<i128> {
            let shift = u32::try_from(n.exponent - exponent).ok()?;
            n.digits.checked_mul(10i128.checked_pow(shift)?)
        };
        Some((scale(self)?, scale(other)?, exponent))
    }

    /// The sum; `None` when it does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        let (a, b, exponent) = self.align(other)?;
        Some(Self::new(a.checked_add(b)?, exponent))
    }

    /// The product; `None` when it does not fit.
    pub fn times(self, other: Self) -> Option<Self> {
        Some(Self::new(self.digits.checked_mul(other.digits)?, self.exponent.checked_add(other.exponent)?))
    }

    /// The negative of the number.
    pub fn negated(self) -> Self {
        Self { digits: -self.digits, exponent: self.exponent }
    }

    /// True when `self` is a whole multiple of `step`. `None` when the numbers are too far apart to tell.
    pub fn is_multiple_of(self, step: Self) -> Option<bool> {
        // A number without digits below the step is one, however large.
        if step.digits.abs() == 1 && self.exponent >= step.exponent {
            return Some(true);
        }
        if step.digits == 0 {
            return None;
        }
        let (a, b, _) = self.align(step)?;
        Some(a % b == 0)
    }

    /// The largest whole number `n` with `n * step <= self`, for a positive step. `None` when it does not fit.
    pub fn steps_below(self, step: Self) -> Option<i128> {
        let (a, b, _) = self.align(step)?;
        (b > 0).then(|| a.div_euclid(b))
    }

    /// The smallest positive number that is a whole multiple of both positive numbers. `None` when it does not fit.
    pub fn common_multiple(self, other: Self) -> Option<Self> {
        let (a, b, exponent) = self.align(other)?;
        if a <= 0 || b <= 0 {
            return None;
        }
        let (mut x, mut y) = (a, b);
        while y != 0 {
            (x, y) = (y, x % y);
        }
        Some(Self::new((a / x).checked_mul(b)?, exponent))
    }

    /// The number of a JSON number. `None` for other values and for numbers of more than 36 digits.
    pub fn of_json(value: &serde_json::Value) -> Option<Self> {
        match value {
            serde_json::Value::Number(n) => Self::parse(&n.to_string()),
            _ => None,
        }
    }

    /// True for whole numbers.
    pub fn is_integer(self) -> bool {
        self.exponent >= 0
    }

    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        self.digits as f64 * 10f64.powi(self.exponent)
    }

    /// The number as a JSON value, exact as long as it is an `i64`/`u64` or short.
    pub fn to_json(self) -> serde_json::Value {
        let text = self.to_string();
        serde_json::from_str(&text).unwrap_or(serde_json::Value::Null)
    }
}

impl From<i64> for Decimal {
    fn from(n: i64) -> Self {
        Self::new(i128::from(n), 0)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match self.align(*other) {
            Some((a, b, _)) => a.cmp(&b),
            // Too far apart to align: the magnitudes differ by far more than doubles lose.
            None => self.to_f64().total_cmp(&other.to_f64()).then_with(|| self.digits.cmp(&other.digits)),
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.exponent > 40 || self.exponent < -40 {
            return write!(f, "{}e{}", self.digits, self.exponent);
        }
        if self.exponent >= 0 {
            return write!(f, "{}{}", self.digits, "0".repeat(self.exponent.unsigned_abs() as usize));
        }
        let scale = self.exponent.unsigned_abs() as usize;
        let digits = format!("{:0>width$}", self.digits.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let sign = if self.digits < 0 { "-" } else { "" };
        write!(f, "{sign}{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::parse(text).expect(text)
    }

    #[test]
    fn equal_numbers_are_equal_values() {
        assert_eq!(d("1.50"), d("15e-1"));
        assert_eq!(d("1e3"), d("1000"));
        assert_eq!(d("-0"), Decimal::ZERO);
        assert_eq!(Decimal::parse("abc"), None);
        assert_eq!(Decimal::parse("."), None);
    }

    #[test]
    fn order_and_text_are_exact() {
        assert!(d("9223372036854775807") < d("9223372036854775808"));
        assert!(d("-0.01") > d("-0.02"));
        assert!(d("1e300") > d("1e-300"));
        assert_eq!(d("9223372036854775807").to_string(), "9223372036854775807");
        assert_eq!(d("-0.05").to_string(), "-0.05");
        assert_eq!(d("0.3").is_multiple_of(d("0.1")), Some(true));
        assert_eq!(d("-0.5").steps_below(d("1")), Some(-1));
        assert_eq!(d("1.5").common_multiple(d("1")), Some(d("3")));
        assert_eq!(d("1").common_multiple(d("0")), None);
    }
}
