//! When a digest is due: moments by the clock on somebody's wall, as a pure function of their wishes.
//!
//! A moment belongs to a date, and there is at most one for each date. Where daylight saving skips its hour it is
//! the first minute after the gap; where an hour comes twice it is the first of the two. Property tests hold that
//! over all time zones: moments rise, at the wished hour, one a period.

use chrono::{DateTime, Datelike as _, Duration, LocalResult, NaiveDate, TimeZone as _, Utc};
use chrono_tz::Tz;
use kring_db::Time;

use super::model::{Frequency, Weekday};

/// A Monday, from which fortnights are counted: everybody's fall in the same weeks.
const FIRST_MONDAY: NaiveDate = match NaiveDate::from_ymd_opt(1970, 1, 5) {
    Some(monday) => monday,
    None => NaiveDate::MIN,
};

/// Somebody's wishes. `hour` is 0 to 23.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    pub frequency: Frequency,
    pub weekday: Weekday,
    pub hour: u32,
    pub zone: Tz,
}

/// A moment at which a digest is due, and the period that it closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    pub at: Time,
    /// `2026-W48` (ISO 8601), or `2026-11-24` for daily ones. A person gets one digest for each.
    pub period: String,
}

impl Schedule {
    /// The first moment after `after`; `None` while off.
    pub fn next(&self, after: Time) -> Option<Moment> {
        // A day early: a gap may have pushed yesterday's moment into today.
        let from = self.date_of(after).checked_sub_days(chrono::Days::new(1))?;
        self.dates(from, 1).filter_map(|date| self.moment(date)).find(|moment| moment.at > after)
    }

    /// The last moment up to and with `until`; `None` while off.
    pub fn latest(&self, until: Time) -> Option<Moment> {
        let from = self.date_of(until);
        self.dates(from, -1).filter_map(|date| self.moment(date)).find(|moment| moment.at <= until)
    }

    /// The dates that have a moment, from `from` on, forwards or backwards: enough of them to find the nearest.
    fn dates(&self, from: NaiveDate, step: i64) -> impl Iterator<Item = NaiveDate> + use<> {
        let schedule = *self;
        (0..31)
            .filter_map(move |days| from.checked_add_signed(Duration::days(days * step)))
            .filter(move |date| schedule.has_moment(*date))
    }

    fn has_moment(&self, date: NaiveDate) -> bool {
        let its_day = date.weekday().num_days_from_monday() == self.weekday as u32;
        match self.frequency {
            Frequency::Off => false,
            Frequency::Daily => true,
            Frequency::Weekly => its_day,
            Frequency::Fortnightly => {
                its_day && (date - FIRST_MONDAY).num_days().div_euclid(7).rem_euclid(2) == 0
            }
        }
    }

    /// The moment of a date. `None` only at the end of the calendar.
    fn moment(&self, date: NaiveDate) -> Option<Moment> {
        let wished = date.and_hms_opt(self.hour, 0, 0)?;
        // The longest gap there was took a day (Samoa, 2011).
        let minutes = (0..=25 * 60).filter_map(|minute| wished.checked_add_signed(Duration::minutes(minute)));
        let found =
            minutes.map(|local| self.zone.from_local_datetime(&local)).find_map(|local| match local {
                LocalResult::Single(at) => Some(at),
                LocalResult::Ambiguous(first, second) => Some(first.min(second)),
                LocalResult::None => None,
            })?;
        let period = match self.frequency {
            Frequency::Daily => date.to_string(),
            _ => format!("{:04}-W{:02}", date.iso_week().year(), date.iso_week().week()),
        };
        Some(Moment { at: Time::at(found.with_timezone(&Utc)), period })
    }

    fn date_of(&self, at: Time) -> NaiveDate {
        let local: DateTime<Tz> = at.utc().with_timezone(&self.zone);
        local.date_naive()
    }
}

#[cfg(test)]
mod tests {
    use chrono::Timelike as _;
    use proptest::prelude::*;

    use super::*;

    fn schedule(frequency: Frequency, weekday: Weekday, hour: u32, zone: &str) -> Schedule {
        Schedule {
            frequency,
            weekday,
            hour,
            zone: zone.parse().expect("a zone"),
        }
    }

    fn time(text: &str) -> Time {
        text.parse().expect("a time")
    }

    /// The next moments after `after`, as they are written.
    fn moments(of: Schedule, after: &str, count: usize) -> Vec<String> {
        let mut at = time(after);
        let mut found = Vec::new();
        for _ in 0..count {
            let next = of.next(at).expect("not off");
            found.push(format!("{} {}", next.at.utc().format("%F %R"), next.period));
            at = next.at;
        }
        found
    }

    #[test]
    fn the_usual_one_comes_on_tuesday_at_nine_in_summer_and_winter() {
        let usual = schedule(Frequency::Weekly, Weekday::Tuesday, 9, "Europe/Amsterdam");
        assert_eq!(
            moments(usual, "2026-10-19T00:00:00Z", 3),
            ["2026-10-20 07:00 2026-W43", "2026-10-27 08:00 2026-W44", "2026-11-03 08:00 2026-W45"]
        );
        assert_eq!(usual.next(time("2026-10-20T07:00:00Z")).map(|m| m.period), Some("2026-W44".into()));
        assert_eq!(usual.latest(time("2026-10-20T07:00:00Z")).map(|m| m.period), Some("2026-W43".into()));
        assert_eq!(usual.latest(time("2026-10-20T06:59:59Z")).map(|m| m.period), Some("2026-W42".into()));
    }

    #[test]
    fn an_hour_that_is_skipped_is_the_first_minute_after_and_one_that_comes_twice_is_the_first() {
        let daily = schedule(Frequency::Daily, Weekday::Monday, 2, "Europe/Amsterdam");
        assert_eq!(
            moments(daily, "2026-03-28T02:00:00Z", 2),
            ["2026-03-29 01:00 2026-03-29", "2026-03-30 00:00 2026-03-30"]
        );
        assert_eq!(
            moments(daily, "2026-10-24T01:00:00Z", 2),
            ["2026-10-25 00:00 2026-10-25", "2026-10-26 01:00 2026-10-26"]
        );
    }

    #[test]
    fn a_day_that_never_was_is_told_as_the_next_begins() {
        let weekly = schedule(Frequency::Weekly, Weekday::Friday, 9, "Pacific/Apia");
        assert_eq!(moments(weekly, "2011-12-28T00:00:00Z", 1), ["2011-12-30 10:00 2011-W52"]);
        // At midnight the two are one moment.
        let daily = schedule(Frequency::Daily, Weekday::Friday, 0, "Pacific/Apia");
        assert_eq!(
            moments(daily, "2011-12-29T11:00:00Z", 2),
            ["2011-12-30 10:00 2011-12-30", "2011-12-31 10:00 2012-01-01"]
        );
    }

    #[test]
    fn every_two_weeks_is_every_other_week_over_the_turn_of_the_year() {
        let fortnightly = schedule(Frequency::Fortnightly, Weekday::Monday, 9, "Europe/Amsterdam");
        let found = moments(fortnightly, "2026-12-14T08:00:00Z", 3);
        assert_eq!(
            found,
            ["2026-12-21 08:00 2026-W52", "2027-01-04 08:00 2027-W01", "2027-01-18 08:00 2027-W03"]
        );
    }

    #[test]
    fn off_is_never() {
        let off = schedule(Frequency::Off, Weekday::Monday, 9, "Europe/Amsterdam");
        assert_eq!(
            (off.next(time("2026-11-23T09:00:00Z")), off.latest(time("2026-11-23T09:00:00Z"))),
            (None, None)
        );
    }

    fn any_schedule() -> impl Strategy<Value = Schedule> {
        let frequency =
            prop::sample::select(vec![Frequency::Weekly, Frequency::Daily, Frequency::Fortnightly]);
        let weekday = prop::sample::select(Weekday::ALL.to_vec());
        let zone = prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec());
        (frequency, weekday, 0..24_u32, zone).prop_map(|(frequency, weekday, hour, zone)| Schedule {
            frequency,
            weekday,
            hour,
            zone,
        })
    }

    /// Is `hour` on this date skipped in this zone?
    fn skipped(at: DateTime<Tz>, hour: u32) -> bool {
        (0..=1).any(|days| {
            let date = at.date_naive() - Duration::days(days);
            let wished = date.and_hms_opt(hour, 0, 0).expect("an hour");
            at.timezone().from_local_datetime(&wished) == LocalResult::None
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

        // From 1990 to 2040: every rule that is kept by today's clocks, and the odd ones before.
        #[test]
        fn moments_rise_at_the_wished_hour_one_a_period(
            schedule in any_schedule(),
            start in 631_152_000_i64..2_208_988_800,
        ) {
            let start = Time::at(DateTime::from_timestamp(start, 0).expect("a time"));
            let (mut after, mut last) = (start, None::<Moment>);
            for _ in 0..20 {
                let moment = schedule.next(after).expect("not off");
                prop_assert!(moment.at > after);
                prop_assert_eq!(schedule.latest(moment.at), Some(moment.clone()));
                let local = moment.at.utc().with_timezone(&schedule.zone);
                let at_its_hour = local.hour() == schedule.hour && local.minute() == 0;
                prop_assert!(at_its_hour || skipped(local, schedule.hour), "{schedule:?}: {local}");
                if schedule.frequency != Frequency::Daily && at_its_hour {
                    prop_assert_eq!(local.weekday().num_days_from_monday(), schedule.weekday as u32);
                }
                if let Some(last) = last {
                    prop_assert!(last.period < moment.period, "{} {}", last.period, moment.period);
                    let (least, most) = match schedule.frequency {
                        Frequency::Daily => (0, 50),
                        Frequency::Weekly => (6 * 24, 8 * 24),
                        _ => (13 * 24, 15 * 24),
                    };
                    let hours = (moment.at - last.at).num_hours();
                    prop_assert!((least..=most).contains(&hours), "{schedule:?}: {hours} hours");
                }
                after = moment.at;
                last = Some(moment);
            }
        }
    }
}
