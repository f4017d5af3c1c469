use proptest::prelude::*;

use super::*;

const BASE: &str = "# Plan\n\nVoor iedereen.\n\n## Doel\n\nTien haltes in drie jaar.\n\n## Geld\n\nTwee ton.\n\n## Wie\n\nDe gemeente.\n";

fn states(base: &str, theirs: &str, ours: &str) -> Vec<String> {
    let merge = Merge::of(base, theirs, ours);
    let told = merge.told().into_iter().filter(|it| it.state != SectionState::Unchanged);
    told.map(|it| {
        let also = [(it.conflict, "conflict"), (it.moved && it.state != SectionState::Moved, "moved")];
        let also: String = also.iter().filter(|(is, _)| *is).map(|(_, word)| format!(" {word}")).collect();
        format!("{} {}{also}", it.id, it.state)
    })
    .collect()
}

fn take(merge: &Merge<'_>, ids: &[&str]) -> Merged {
    merge.deal(&ids.iter().map(|id| (*id, Take::Theirs)).collect())
}

#[test]
fn what_the_source_did_is_told_by_section() {
    assert_eq!(states(BASE, BASE, BASE), [""; 0]);
    let theirs = "# Plan\n\nVoor iedereen.\n\n## Wie\n\nDe gemeente.\n\n## Doelen\n\nTien haltes in vier jaar.\n\n## Wanneer\n\nIn 2027.\n";
    let told = states(BASE, theirs, BASE);
    assert!(told[0].starts_with("removed-geld-") && told[0].ends_with(" removed"), "{told:?}");
    assert_eq!(told[1..], ["doelen changed moved", "wanneer added"]);
}

#[test]
fn only_the_same_section_changed_on_both_sides_is_a_conflict() {
    let theirs = BASE.replace("Tien haltes", "Twaalf haltes").replace("Twee ton", "Drie ton");
    let ours = BASE.replace("Tien haltes", "Acht haltes").replace("De gemeente", "De provincie");
    assert_eq!(states(BASE, &theirs, &ours), ["doel changed conflict", "geld changed"]);
    let merge = Merge::of(BASE, &theirs, &ours);
    assert_eq!(take(&merge, &["geld"]).ours, ours.replace("Twee ton", "Drie ton"));
    assert_eq!(take(&merge, &["doel"]).ours, ours.replace("Acht haltes", "Twaalf haltes"));
    let both = [
        ("doel", Take::Text("## Doel\n\nAcht of twaalf haltes in drie jaar.\n".into())),
        ("geld", Take::Mine),
    ];
    let merged = merge.deal(&both.into_iter().collect());
    assert_eq!(merged.ours, ours.replace("Acht haltes", "Acht of twaalf haltes"));
    assert_eq!(merged.base, theirs, "what was not wanted comes no more");
    assert_eq!(states(&merged.base, &theirs, &merged.ours), [""; 0]);
    let again = theirs.replace("Drie ton", "Vier ton");
    assert_eq!(
        states(&merged.base, &again, &merged.ours),
        ["geld changed conflict"],
        "until it changes again"
    );
}

#[test]
fn what_one_removed_and_the_other_changed_is_a_conflict() {
    let without = BASE.replace("## Geld\n\nTwee ton.\n\n", "");
    let changed = BASE.replace("Twee ton", "Drie ton");
    assert_eq!(states(BASE, &changed, &without), ["geld changed conflict"]);
    assert_eq!(take(&Merge::of(BASE, &changed, &without), &["geld"]).ours, changed);
    let told = states(BASE, &without, &changed);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("removed-geld-") && told[0].ends_with("removed conflict"), "{told:?}");
    assert_eq!(states(BASE, BASE, &without), [""; 0], "what only we removed is ours to remove");
    assert_eq!(states(BASE, &changed, &changed), [""; 0], "what both did alike is done");
}

#[test]
fn what_both_added_is_compared() {
    let theirs = format!("{BASE}\n## Wanneer\n\nIn 2027.\n");
    let ours = format!("{BASE}\n## Wanneer\n\nMorgen al.\n");
    assert_eq!(states(BASE, &theirs, &ours), ["wanneer added conflict"]);
    assert_eq!(states(BASE, &theirs, &theirs), [""; 0]);
}

#[test]
fn sections_of_our_own_stay_where_they_are() {
    let ours = BASE.replace("## Geld", "## Bij ons\n\nOok de trein.\n\n## Geld");
    let theirs = format!("{}\n\n## Wanneer\n\nIn 2027.", BASE.trim_end().replace("Tien", "Elf"));
    let merge = Merge::of(BASE, &theirs, &ours);
    let merged = take(&merge, &["doel", "wanneer"]);
    assert_eq!(merged.ours, format!("{}\n\n## Wanneer\n\nIn 2027.", ours.trim_end().replace("Tien", "Elf")));
}

#[test]
fn an_underlined_heading_stays_one() {
    let theirs = "# A\n\nx\n\nWanneer\n-------\n\nIn 2027.\n";
    let merge = Merge::of("# A\n\nx", theirs, "# A\n\nanders");
    assert_eq!(take(&merge, &["wanneer"]).ours, "# A\n\nanders\n\nWanneer\n-------\n\nIn 2027.\n");
}

/// A plan of sections, each with words of its own, so that what was done with it can be known.
fn plan() -> impl Strategy<Value = Vec<(String, String)>> {
    let word = prop::sample::select(vec!["halte", "stoep", "bus", "geld", "wie", "doel", "tram", "trein"]);
    let section =
        (prop::sample::select(vec!["Doel", "Geld", "Wie", "Doel"]), prop::collection::vec(word, 1..5));
    prop::collection::vec(section, 0..7).prop_map(|sections| {
        let each = sections.into_iter().enumerate();
        each.map(|(number, (heading, words))| {
            let own = ["een", "twee", "drie", "vier", "vijf", "zes", "zeven"][number];
            (heading.to_owned(), format!("{own} {own} {own} {own} {own} {}", words.join(" ")))
        })
        .collect()
    })
}

/// What somebody does with a plan: each number picks a deed and a place.
fn work(mut sections: Vec<(String, String)>, deeds: &[(u8, usize)], who: &str) -> Vec<(String, String)> {
    for (number, (deed, place)) in deeds.iter().enumerate() {
        let place = place % sections.len().max(1);
        if sections.is_empty() {
            continue;
        }
        match deed % 5 {
            0 => sections[place].1.push_str(&format!(" {who}")),
            1 => sections[place].0 = format!("{who} {number}"),
            2 => drop(sections.remove(place)),
            3 => sections.insert(
                place,
                (format!("Nieuw {who}"), [who; 6].map(|it| format!("{it}{number}")).join(" ")),
            ),
            _ => {
                let section = sections.remove(place);
                sections.insert(0, section);
            }
        }
    }
    sections
}

fn written(before: &str, sections: &[(String, String)]) -> String {
    let sections = sections.iter().map(|(heading, body)| format!("## {heading}\n\n{body}\n\n"));
    format!("{before}{}", sections.collect::<String>()).trim_end().to_owned()
}

fn deeds() -> impl Strategy<Value = Vec<(u8, usize)>> {
    prop::collection::vec((0u8..5, 0usize..8), 0..6)
}

/// Any Markdown at all, with few words, so that two have much in common.
fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "# a\n", "## b\n\n", "a\n===\n", "# a", "halte ", "stoep\n", "\n\n", "```\n", "> # q\n", "- x\n",
        "é", "\n",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn everything<'m>(merge: &'m Merge<'_>) -> HashMap<&'m str, Take> {
    merge.told().into_iter().map(|told| (told.id, Take::Theirs)).collect()
}

proptest! {
    #[test]
    fn taking_everything_over_makes_an_unchanged_text_the_source_s(base in text(), theirs in text()) {
        let merge = Merge::of(&base, &theirs, &base);
        let merged = merge.deal(&everything(&merge));
        if merge.is_done() {
            prop_assert_eq!(base.trim_end(), theirs.trim_end());
        } else {
            prop_assert_eq!(&merged.ours, &theirs);
            prop_assert_eq!(&merged.base, &theirs);
        }
    }

    #[test]
    fn taking_nothing_changes_nothing(base in text(), theirs in text(), ours in text()) {
        let merged = Merge::of(&base, &theirs, &ours).deal(&HashMap::new());
        prop_assert_eq!(merged, Merged { base, ours });
    }

    #[test]
    fn after_everything_nothing_is_left(base in text(), theirs in text(), ours in text()) {
        let merge = Merge::of(&base, &theirs, &ours);
        let merged = merge.deal(&everything(&merge));
        prop_assert!(merge.is_done() || merged.base == theirs, "{:?}", merged);
    }

    #[test]
    fn some_and_then_the_others_is_all_at_once(
        plan in plan(), source in deeds(), here in deeds(), before in 0u8..3, mask in 0u32..1024
    ) {
        let before = ["", "Vooraf.\n\n", ""][before as usize];
        let base = written(before, &plan);
        let theirs = written(before, &work(plan.clone(), &source, "bron"));
        let ours = written(before, &work(plan, &here, "wij"));
        let merge = Merge::of(&base, &theirs, &ours);
        let all = everything(&merge);
        let at_once = merge.deal(&all);
        let mut order: Vec<&str> = all.keys().copied().collect();
        order.sort_unstable();
        let first: Vec<&str> = order.iter().enumerate()
            .filter(|(place, _)| mask >> place & 1 == 1).map(|(_, id)| *id).collect();
        let rest: Vec<&str> = order.iter().filter(|id| !first.contains(id)).copied().collect();
        let once = take(&merge, &first);
        let twice = take(&Merge::of(&once.base, &theirs, &once.ours), &rest);
        prop_assert_eq!(twice, at_once);
    }
}
