//! What people write, in Dutch, always the same: sentences about places and things, put together by chance that is
//! not chance. Rendering and analysing are Kring's own.

use kring::text::markdown;

/// Numbers that look like chance and are the same in every run (SplitMix64).
pub struct Chance(pub u64);

impl Chance {
    /// One of `0..below`.
    pub fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % below as u64) as usize
    }

    fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

/// A text as it is stored, and its plain words for the index.
pub struct Text {
    pub markdown: String,
    pub html: String,
    pub plain: String,
}

/// So many different texts of threads and of replies; what is written takes turns with them, as rendering a million
/// would take longer than all the rest.
const DIFFERENT: usize = 4_000;

/// The texts that threads and replies take turns with.
pub struct Texts {
    threads: Vec<Text>,
    replies: Vec<Text>,
}

impl Texts {
    pub fn write() -> Self {
        let mut chance = Chance(1);
        Self {
            threads: (0..DIFFERENT).map(|_| text(thread_body(&mut chance))).collect(),
            replies: (0..DIFFERENT).map(|_| text(reply_body(&mut chance))).collect(),
        }
    }

    pub fn of_thread(&self, chance: &mut Chance) -> &Text {
        &self.threads[chance.below(DIFFERENT)]
    }

    pub fn of_reply(&self, chance: &mut Chance) -> &Text {
        &self.replies[chance.below(DIFFERENT)]
    }
}

fn text(markdown: String) -> Text {
    Text {
        html: markdown::render(&markdown).html,
        plain: markdown::plain(&markdown),
        markdown,
    }
}

/// What a thread is called.
pub fn title(chance: &mut Chance) -> String {
    let (place, thing) = (chance.one_of(PLACES), chance.one_of(THINGS));
    match chance.below(5) {
        0 => format!("Wie heeft ervaring met {thing} in {place}?"),
        1 => format!("{place}: {thing} al maanden een probleem"),
        2 => format!("Goed voorbeeld uit {place}: {thing}"),
        3 => format!("Wat vraag je de gemeente {place} over {thing}?"),
        _ => format!("Samen kijken naar {thing} in {place}"),
    }
}

/// One to three paragraphs, sometimes with a list.
fn thread_body(chance: &mut Chance) -> String {
    let mut body = paragraph(chance, 2);
    for _ in 0..chance.below(3) {
        body.push_str("\n\n");
        body.push_str(&paragraph(chance, 2));
    }
    if chance.below(4) == 0 {
        body.push_str("\n\nWat wij vragen:\n");
        for _ in 0..3 {
            body.push_str(&format!("\n- aandacht voor {}", chance.one_of(THINGS)));
        }
    }
    body
}

/// Three chapters.
pub fn document_body(chance: &mut Chance) -> String {
    let chapters = ["Wat wij willen", "Wat er in de weg staat", "Wie wat doet en wanneer"];
    let chapters =
        chapters.map(|name| format!("## {name}\n\n{}\n\n{}", paragraph(chance, 3), paragraph(chance, 3)));
    chapters.join("\n\n")
}

/// One to four sentences.
fn reply_body(chance: &mut Chance) -> String {
    paragraph(chance, 1)
}

fn paragraph(chance: &mut Chance, least: usize) -> String {
    let count = least + chance.below(3);
    (0..count).map(|_| sentence(chance)).collect::<Vec<_>>().join(" ")
}

fn sentence(chance: &mut Chance) -> String {
    let (place, thing) = (chance.one_of(PLACES), chance.one_of(THINGS));
    chance.one_of(SENTENCES).replace("{place}", place).replace("{thing}", thing)
}

const PLACES: &[&str] = &[
    "Utrecht",
    "Woerden",
    "Zwolle",
    "Apeldoorn",
    "Leeuwarden",
    "Nijmegen",
    "Tilburg",
    "Groningen",
    "Amersfoort",
    "Haarlem",
    "Emmen",
    "Venlo",
    "Middelburg",
    "Almere",
    "Doetinchem",
    "Hoogeveen",
    "Kampen",
    "Zutphen",
    "Heerenveen",
    "Roosendaal",
    "Nunspeet",
    "Meppel",
    "Zeist",
    "Den Helder",
    "Harlingen",
    "Purmerend",
    "Wijchen",
    "Epe",
    "Dronten",
    "Opsterland",
];

const THINGS: &[&str] = &[
    "het perron bij de bushalte",
    "de geleidelijn op het station",
    "de drempel van de winkel",
    "de lift in het stadhuis",
    "een toegankelijk stembureau",
    "de brief over de Wmo",
    "een gebarentolk bij de raadsvergadering",
    "de regiotaxi op zondag",
    "een doventolk bij de huisarts",
    "het gehandicaptentoilet in het park",
    "de parkeerplaats bij het zwembad",
    "de speeltuin voor alle kinderen",
    "een prikkelarm uur in de bibliotheek",
    "het keukentafelgesprek",
    "de website van de gemeente",
    "een rolstoel in de trein",
    "de oversteek zonder ratelticker",
    "het persoonsgebonden budget",
    "werk voor jongeren met een beperking",
    "de lokale inclusieagenda",
    "de toegankelijkheid van het theater",
    "hulpmiddelen die te laat komen",
    "het formulier in duidelijke taal",
    "een aangepaste woning",
    "de ontruiming bij brand",
    "het wachten op een scootmobiel",
];

const SENTENCES: &[&str] = &[
    "In {place} loop ik al jaren aan tegen {thing}.",
    "Vorige week was ik in {place}, en {thing} was nog niet geregeld.",
    "Wij hebben in {place} samen met de wethouder gekeken naar {thing}.",
    "Met een rolstoel kom je er niet, en dat zegt niemand vooraf.",
    "De gemeente {place} heeft beloofd voor de zomer iets te doen aan {thing}.",
    "Ik zie slecht, dus ik merk het pas als het te laat is.",
    "Wie weet hoe **andere gemeenten** omgaan met {thing}?",
    "Er is geld voor {thing}, maar niemand weet wie het mag uitgeven.",
    "Een ambtenaar uit {place} belde terug en dacht echt mee.",
    "Het gaat niet om een gunst, het gaat om een recht.",
    "Na drie brieven kwam er in {place} een gesprek over {thing}.",
    "Mijn zoon gebruikt een spraakcomputer, en daar was geen rekening mee gehouden.",
    "Wij vroegen vijf ervaringsdeskundigen om mee te lopen, en zij zagen meteen wat er mis was.",
    "Het plan van {place} noemt {thing}, maar zonder datum en zonder naam erachter.",
    "Neem foto's, schrijf op hoe laat het was, en stuur het samen in.",
    "Ik word snel moe, dus omlopen is voor mij geen oplossing.",
    "In {place} werkt het wel: daar is {thing} gewoon onderdeel van de planning.",
    "Het duurde even, maar {thing} staat nu op de agenda van de raad.",
    "Kunnen we hier een voorbeeldbrief delen over {thing}?",
    "De aannemer kende de richtlijn niet, en de controle bleef uit.",
    "Wat helpt is een vaste persoon bij de gemeente die je kunt bellen.",
    "Voor mij is de informatie over {thing} te moeilijk geschreven.",
    "Bij ons in {place} doen vrijwilligers wat eigenlijk de gemeente moet doen.",
    "Dank voor het delen, dit neem ik mee naar ons overleg in {place}.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_writes_the_same() {
        let once: Vec<String> = (0..20).scan(Chance(7), |chance, _| Some(title(chance))).collect();
        let again: Vec<String> = (0..20).scan(Chance(7), |chance, _| Some(title(chance))).collect();
        assert_eq!(once, again);
        assert!(once.iter().any(|title| *title != once[0]));
        assert!(once.iter().all(|title| (10..=200).contains(&title.len())), "{once:?}");
    }

    #[test]
    fn threads_are_longer_than_replies() {
        let mut chance = Chance(3);
        let length = |body: fn(&mut Chance) -> String, chance: &mut Chance| -> usize {
            (0..200).map(|_| body(chance).len()).sum::<usize>() / 200
        };
        let (thread, reply) = (length(thread_body, &mut chance), length(reply_body, &mut chance));
        assert!((300..900).contains(&thread), "{thread}");
        assert!((80..300).contains(&reply), "{reply}");
    }
}
