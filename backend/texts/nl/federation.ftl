# Netwerken die op een andere server wonen, verhuizen of worden voortgezet.

page-home-elsewhere = Dit netwerk woont op { $host }. Wat u hier schrijft, gaat daarheen en van daar naar alle leden.
page-home-silent = De server van dit netwerk, { $host }, geeft geen antwoord sinds { $since }. U kunt alles lezen en verder schrijven. Wat u schrijft wordt bewaard en verstuurd zodra de server terug is, of zodra een coördinator het netwerk ergens anders voortzet.
page-home-continued = Dit netwerk wordt ook voortgezet als { $address }. Wat hier staat, blijft. Vraag de coördinatoren waar u verder schrijft.
page-home-waiting = wacht op de server van het netwerk

mail-home-subject-hidden = Er is iets veranderd met een netwerk van u
mail-home-network = Bekijk het netwerk
mail-home-why = U krijgt deze mail omdat u lid bent van dit netwerk. Zoiets komt zelden voor.
mail-home-stop = Stuur mij zulke mails en overzichten niet meer
mail-home-may-continue-subject = { $network }: de server geeft geen antwoord meer
mail-home-may-continue-text = De server waar { $network } woont, { $place }, geeft al { $days } dagen geen antwoord.

    U bent coördinator. U kunt het netwerk hier voortzetten: alles wat geschreven is blijft, met wie het schreef, en de leden op andere servers komen mee.

    Overleg het als dat kan met de andere coördinatoren. Zetten twee van u het voort, dan gaat het verder bij wie het langst coördinator is.
mail-home-moved-subject = { $network } is verhuisd
mail-home-moved-text = { $network } woont nu op { $place }. U bent nog steeds lid en hoeft niets te doen. Alles wat geschreven is, staat er nog.
mail-home-continued-subject = { $network } wordt ergens anders voortgezet
mail-home-continued-text = Deze server was lang onbereikbaar. Een coördinator heeft { $network } daarom voortgezet als { $place }.

    Wat hier staat, blijft. U bent coördinator en kunt kiezen: verder gaan zoals het is, of het netwerk daarheen verhuizen. Dan gaan de leden mee.
# Andere instanties.

# Waar leden van een netwerk zijn.

members-there-dormant = { $count ->
    [one] 1 lid op { $host } krijgt niets sinds { $day }. Wat er geschreven wordt, wacht op die persoon.
   *[other] { $count } leden op { $host } krijgen niets sinds { $day }. Wat er geschreven wordt, wacht op hen.
}
members-there-dead = { $count ->
    [one] 1 lid op { $host } krijgt niets sinds { $day }. Dat is zo lang dat wat er geschreven wordt niet meer bewaard blijft, tot { $host } weer iets laat horen.
   *[other] { $count } leden op { $host } krijgen niets sinds { $day }. Dat is zo lang dat wat er geschreven wordt niet meer bewaard blijft, tot { $host } weer iets laat horen.
}
members-there-blocked = { $count ->
    [one] 1 lid op { $host } krijgt niets: het netwerk of de beheerder koos ervoor om niets met { $host } uit te wisselen.
   *[other] { $count } leden op { $host } krijgen niets: het netwerk of de beheerder koos ervoor om niets met { $host } uit te wisselen.
}
mail-home-returned-subject = Uw tekst staat weer bij uw concepten: { $title }
mail-home-returned-refused = U schreef ‘{ $title }’ in { $network }. De server van dit netwerk, { $place }, heeft die tekst niet overgenomen. Misschien was iemand anders u voor, of mag u daar niet meer schrijven.
mail-home-returned-overtaken = U veranderde ‘{ $title }’ in { $network }. Maar iemand anders was u voor: op de server van dit netwerk, { $place }, staat nu een nieuwere tekst.
mail-home-returned-removed = U veranderde ‘{ $title }’ in { $network }. Maar het document is intussen weggehaald.
mail-home-returned-unanswered = U veranderde ‘{ $title }’ in { $network }. De server van dit netwerk, { $place }, heeft daar niets op geantwoord. Daarom wachten we er niet langer op.
mail-home-returned-home-gone = U veranderde ‘{ $title }’ in { $network }. De server van dit netwerk, { $place }, geeft al lang geen antwoord meer. Daarom wachten we er niet langer op.
mail-home-returned-moved = U veranderde ‘{ $title }’ in { $network }. Het netwerk is intussen verhuisd, en we weten niet of uw tekst nog is aangekomen.
mail-home-returned-kept = Uw tekst is niet weg: die staat bij uw concepten. Lees eerst wat er nu staat, en stuur uw tekst dan opnieuw als dat nog nodig is.
mail-home-returned-look = Kijk wat er nu staat
