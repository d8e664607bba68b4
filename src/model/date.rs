//! Calendar days.

/// A day of the Gregorian calendar, ordered in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Date {
    /// `YYYY-MM-DD`, if there is such a day.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let shape = |(at, byte): (usize, &u8)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() };
        if bytes.len() != 10 || !bytes.iter().enumerate().all(shape) {
            return None;
        }
        let date = Self {
            year: text.get(..4)?.parse().ok()?,
            month: text.get(5..7)?.parse().ok()?,
            day: text.get(8..)?.parse().ok()?,
        };
        (1..=date.days_in_month()).contains(&date.day).then_some(date)
    }

    /// The day of a date, a date with a time (RFC 3339) or an HTTP date (RFC 9110 section 5.6.7, as in the header `Sunset`).
    pub fn announced(text: &str) -> Option<Self> {
        let text = text.trim();
        match text.get(..10).map(|day| (day, text.get(10..).unwrap_or_default())) {
            Some((day, rest)) if rest.is_empty() || rest.starts_with(['T', 't', ' ']) => {
                Self::parse(day).or_else(|| Self::of_http(text))
            }
            _ => Self::of_http(text),
        }
    }

    /// `Sun, 01 Jun 2031 00:00:00 GMT`
    fn of_http(text: &str) -> Option<Self> {
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let (_, rest) = text.split_once(", ")?;
        let mut words = rest.split(' ');
        let (day, month, year) = (words.next()?, words.next()?, words.next()?);
        let month = 1 + MONTHS.iter().position(|name| *name == month)?;
        Self::parse(&format!("{year}-{month:02}-{day}"))
    }

    /// The day counted from 1970-01-01, by eras of 400 years that begin in March.
    pub fn from_days(days: i64) -> Self {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let small = |n: i64| u8::try_from(n).unwrap_or(1);
        Self { year: u16::try_from(year).unwrap_or(0), month: small(month), day: small(day) }
    }

    /// Days since 1970-01-01; the way back of [`Date::from_days`].
    pub fn days(self) -> i64 {
        let (year, month) = (i64::from(self.year) - i64::from(self.month <= 2), i64::from(self.month));
        let era = year.div_euclid(400);
        let from_march = if month > 2 { month - 3 } else { month + 9 };
        let day_of_year = (153 * from_march + 2) / 5 + i64::from(self.day) - 1;
        let year_of_era = year.rem_euclid(400);
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    fn days_in_month(self) -> u8 {
        let leap = self.year.is_multiple_of(4) && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        match self.month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announced_days() {
        let day = Date::parse("2031-06-01");
        for text in [
            "2031-06-01",
            "2031-06-01T00:00:00Z",
            "2031-06-01 00:00:00",
            "2031-06-01t10:00:00+02:00",
            "Sun, 01 Jun 2031 00:00:00 GMT",
        ] {
            assert_eq!(Date::announced(text), day, "{text}");
        }
        for text in ["", "soon", "2031-06-011", "Sun, 31 Feb 2031 00:00:00 GMT", "01.06.2031", "2031/06/01"] {
            assert_eq!(Date::announced(text), None, "{text}");
        }
    }

    #[test]
    fn days_become_dates_and_dates_days() {
        for (days, text) in
            [(0, "1970-01-01"), (59, "1970-03-01"), (11_016, "2000-02-29"), (20_777, "2026-11-20"), (-1, "1969-12-31")]
        {
            assert_eq!(Date::from_days(days).to_string(), text);
        }
        for days in (-1000..40_000).step_by(7) {
            assert_eq!(Date::from_days(days).days(), days);
        }
    }

    #[test]
    fn only_days_that_exist() {
        for good in ["2026-12-31", "2024-02-29", "2000-02-29", "0001-01-01"] {
            assert!(Date::parse(good).is_some(), "{good}");
        }
        for bad in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-1",
            "31.12.2026",
            "",
            "2026-04-31",
            "v3.0.0",
        ] {
            assert!(Date::parse(bad).is_none(), "{bad}");
        }
        assert!(Date::parse("2026-02-01") > Date::parse("2026-01-31"));
    }
}
