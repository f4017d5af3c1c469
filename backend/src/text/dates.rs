//! Days and moments in words.

use chrono::{DateTime, Datelike as _, Timelike as _};
use chrono_tz::Tz;

use super::lang::Lang;

const MONTHS: [[&str; 12]; 2] = [
    [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
];

/// `24 november 2026`.
pub fn day(lang: Lang, at: DateTime<Tz>) -> String {
    let months = match lang {
        Lang::Nl => &MONTHS[0],
        Lang::En => &MONTHS[1],
    };
    format!("{} {} {}", at.day(), months[at.month0() as usize], at.year())
}

/// `24 november 2026 om 9.05 uur`, `24 November 2026 at 9:05`.
pub fn moment(lang: Lang, at: DateTime<Tz>) -> String {
    let (hour, minute) = (at.hour(), at.minute());
    match lang {
        Lang::Nl => format!("{} om {hour}.{minute:02} uur", day(lang, at)),
        Lang::En => format!("{} at {hour}:{minute:02}", day(lang, at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_as_people_of_the_place_say_it() {
        let at: DateTime<chrono::Utc> = "2026-11-23T23:05:00Z".parse().expect("a time");
        let at = at.with_timezone(&chrono_tz::Europe::Amsterdam);
        assert_eq!(moment(Lang::Nl, at), "24 november 2026 om 0.05 uur");
        assert_eq!(moment(Lang::En, at), "24 November 2026 at 0:05");
    }
}
