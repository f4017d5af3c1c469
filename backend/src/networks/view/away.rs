//! What it means for members that their instance takes nothing.

use chrono_tz::Tz;

use crate::networks::MembersThere;
use crate::peers::PeerState;
use crate::text::dates;
use crate::text::lang::Lang;

/// In a sentence; `None` where they get everything, or will soon.
pub fn away(there: &MembersThere, state: PeerState, lang: Lang, zone: Tz) -> Option<String> {
    if matches!(state, PeerState::Ok | PeerState::Failing) {
        return None;
    }
    let day = there.failing_since.map(|since| dates::day(lang, since.utc().with_timezone(&zone)));
    let facts = [
        ("count", there.members.to_string()),
        ("host", there.host.to_string()),
        ("day", day.unwrap_or_default()),
    ];
    Some(lang.say_with(&format!("members-there-{state}"), &facts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_away_for_long_is_told_of_in_both_languages() {
        for (state, lang) in
            PeerState::ALL.iter().flat_map(|state| Lang::ALL.iter().map(move |lang| (state, lang)))
        {
            let told = !matches!(state, PeerState::Ok | PeerState::Failing);
            let blanks = ["count", "host", "day"].map(|name| (name, "2".to_owned()));
            let sentence = lang.say_with(&format!("members-there-{state}"), &blanks);
            assert_eq!(!sentence.contains("Unknown"), told, "{lang}: {state}: {sentence}");
        }
    }
}
