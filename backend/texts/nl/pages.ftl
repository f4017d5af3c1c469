# Krings eigen pagina's.

page-skip = Naar de inhoud
page-languages = Taal
page-language-name = Nederlands
page-footer = Themanetwerken van ervaringsdeskundigen, organisaties en gemeenten. Deze server draait op Kring.
page-all-networks = Alle netwerken
page-api = Documentatie van de API
page-to-home = Naar de netwerken
page-trail = Waar u bent
page-title-wrong = Fout: { $title }
page-summary = Er is iets niet goed ingevuld

page-problem-not-found = Deze pagina is er niet
page-problem-not-found-text = Misschien klopt het adres niet, of is verwijderd wat hier stond. Het kan ook zijn dat alleen leden het mogen zien, of dat een link uit een mail niet meer werkt.
page-problem-too-many = Even geduld
page-problem-not-like-this = Dit kan zo niet
page-problem-not-like-this-text = In het adres of het formulier staat iets wat we niet kennen. Ga terug en probeer het opnieuw.
page-problem-ours = Er ging iets mis bij ons

page-email-label = E-mailadres
page-email-hint = Het adres dat u bij uw account opgaf, zoals naam@voorbeeld.nl.
page-email-send = Mail sturen
page-sent = Kijk in uw mailbox
page-word-over = Deze link werkt niet meer

page-verify = Bevestig uw e-mailadres
page-verify-text = Druk op de knop. Dan hoort dit adres bij het account @{ $handle }. Kent u die naam niet? Doe dan niets.
page-verify-button = E-mailadres bevestigen
page-verified = Uw e-mailadres is bevestigd
page-verified-text = U kunt nu inloggen.
page-verified-waiting = Een beheerder kijkt nu naar uw account. U krijgt een mail zodra u kunt inloggen.
page-verified-before = Dat was al gebeurd. U hoeft niets meer te doen.
page-verify-over = Een link om een adres te bevestigen werkt zeven dagen, en alleen de nieuwste werkt. Vul uw adres in, dan sturen we een nieuwe.
page-verify-again = De mail nog een keer krijgen
page-verify-again-text = Vul uw e-mailadres in. Dan sturen we opnieuw een link om het te bevestigen.
page-verify-sent-text = Hoort bij dit adres een account dat nog niet bevestigd is? Dan komt er binnen een paar minuten een mail met een nieuwe link. Komt er niets, kijk dan ook bij de ongewenste mail.

page-reset = Kies een nieuw wachtwoord
page-reset-text = Daarna werkt uw oude wachtwoord niet meer, en moet u op al uw apparaten opnieuw inloggen.
page-reset-label = Nieuw wachtwoord
page-reset-hint = Minstens 10 tekens. Een zin is prima, en makkelijker te onthouden dan losse tekens.
page-reset-save = Wachtwoord opslaan
page-reset-done = Uw nieuwe wachtwoord werkt
page-reset-done-text = U kunt er nu mee inloggen. Op uw andere apparaten bent u uitgelogd.
page-reset-over = Een link voor een nieuw wachtwoord werkt 24 uur en één keer. Vul uw adres in, dan sturen we een nieuwe.
page-reset-again = Een nieuw wachtwoord aanvragen
page-reset-again-text = Vul uw e-mailadres in. Dan sturen we een link waarmee u een nieuw wachtwoord kiest.
page-reset-sent-text = Hoort bij dit adres een account? Dan komt er binnen een paar minuten een mail met een link. Komt er niets, kijk dan ook bij de ongewenste mail.

page-home = Netwerken
page-home-lead = In een themanetwerk werken ervaringsdeskundigen, organisaties en gemeenten samen aan één onderwerp. Wat zij leren blijft hier staan, zodat een ander verder kan.
page-home-none = Er zijn nog geen netwerken.
page-more-networks = Meer netwerken
page-members = { $count ->
    [one] { $count } lid
   *[other] { $count } leden
}
page-documents-count = { $count ->
    [one] { $count } document
   *[other] { $count } documenten
}
page-threads-count = { $count ->
    [one] { $count } gesprek
   *[other] { $count } gesprekken
}

page-state-archived = Afgesloten
page-state-members = Alleen voor leden
page-state-proposed = Voorgesteld

page-network-facts = Over dit netwerk
page-network-archived = Dit netwerk is afgesloten. U kunt alles lezen; er komt niets nieuws bij.
page-network-proposed = Dit netwerk is voorgesteld. Het werkt al voor wie meedoet, en is officieel begonnen zodra drie mensen en een coördinator meedoen.
page-network-without-coordinator = Dit netwerk heeft nu geen coördinator. Leden kunnen er een kiezen.
page-led = Geleid door
page-led-by-experts = Ervaringsdeskundigen, zegt wie het begon
page-municipalities = Gemeenten
page-themes = Onderwerpen
page-crpd = VN-verdrag Handicap
page-articles = Artikel { $articles }
page-people = Meedoen
page-join-open = Iedereen mag lid worden.
page-join-request = Wie lid wil worden, vraagt dat aan een coördinator.
page-join-invitation = Leden komen op uitnodiging.
page-join-archived = Lid worden kan niet meer.
page-seeking = Het netwerk zoekt mensen.
page-seeking-help = Het netwerk zoekt hulp.
page-members-only = Wat in dit netwerk staat, is voor leden.

page-elsewhere-thread = Dit gesprek hoort bij een netwerk op { $host }. Wat leden hier schrijven, gaat daarheen.
page-elsewhere-document = Dit document hoort bij een netwerk op { $host }. Hier staat een kopie.
page-elsewhere-person = Deze persoon hoort bij { $host }.
page-elsewhere-person-read = Naar de pagina op { $host }.
page-elsewhere-read = Lees verder op { $host }.
page-on-host = op { $host }
page-members-known = { $count ->
    [one] { $count } lid hier bekend
   *[other] { $count } leden hier bekend
}

page-threads = Gesprekken
page-threads-none = Er zijn nog geen gesprekken.
page-more-threads = Oudere gesprekken
page-pinned = Vastgezet
page-thread-locked = Dit gesprek is gesloten. U kunt het lezen; er komen geen reacties meer bij.
page-thread-deleted = Verwijderd gesprek
page-thread-deleted-text = Wat dit gesprek begon, is verwijderd. De reacties erop staan er nog.
page-edited = later veranderd
page-replies = { $count ->
    [0] Nog geen reacties
    [one] { $count } reactie
   *[other] { $count } reacties
}
page-replies-none = Op dit gesprek heeft nog niemand gereageerd.
page-replies-earlier = Eerdere reacties
page-replies-later = Volgende reacties
page-reply-deleted = Deze reactie is verwijderd.
page-answers = antwoordt { $name }
page-reply-to-deleted = iemand, in een verwijderde reactie
page-reply-to-earlier = iemand, op een andere pagina
page-reaction-thanks = { $count ->
    [one] { $count } keer bedankt
   *[other] { $count } keer bedankt
}
page-reaction-recognise = { $count ->
    [one] { $count } mens herkent dit
   *[other] { $count } mensen herkennen dit
}
page-reaction-more = { $count ->
    [one] { $count } mens wil meer weten
   *[other] { $count } mensen willen meer weten
}
page-role-coordinator = coördinator
page-role-facilitator = begeleider
page-expert = ervaringsdeskundige
page-capacity-official = ambtenaar
page-capacity-organisation = namens een organisatie
page-capacity-relative = naaste
page-capacity-professional = beroepskracht
page-capacity-volunteer = vrijwilliger
page-file-for-members = Te openen voor leden die zijn ingelogd.
page-file-undescribed = Niemand heeft nog beschreven wat op deze afbeelding te zien is.

page-table = Tabel
page-documents = Documenten
page-more-documents = Meer documenten
page-changed = veranderd op
page-kind-plan = Plan
page-kind-guide = Handreiking
page-kind-minutes = Verslag
page-kind-note = Notitie
page-files = Bijlagen
page-outline = In dit document
page-revision = Versie { $number }
page-revisions = { $count ->
    [one] { $count } versie
   *[other] { $count } versies
}
page-all-revisions = Alle versies
page-revisions-of = Versies van { $title }
page-revisions-lead = Elke keer dat iemand dit document opsloeg, bleef de tekst van daarvoor bewaard.
page-more-revisions = Eerdere versies
page-revision-earlier = Dit is een eerdere versie. De nieuwste is versie { $newest }.
page-revision-newest = Naar de nieuwste versie
page-revision-restored = teruggezet uit versie { $number }

page-card = Mensen in een kring
page-of-network = { $kind } van het netwerk
page-written-by = Geschreven door
page-first-written = Eerste versie
page-last-changed = Laatst veranderd
page-revision-small = versie { $number }
page-about-document = Over dit document
page-proof = Wie dit schreef
page-address = Adres
page-source = Bron
page-source-title = De tekst als Markdown

page-feed = Wat er nieuw is als Atom-feed
page-feed-title = Nieuw: { $title }
page-municipalities-title = Gemeenten
page-municipalities-lead = Bij deze gemeenten hoort een netwerk, een plan of een ander document dat iedereen mag lezen.
page-municipalities-none = Er is nog over geen gemeente iets geschreven.
page-municipality-title = Gemeente { $name }
page-municipality-lead = Netwerken, plannen en andere documenten die over { $name } gaan.
page-municipality-empty = Over deze gemeente staat hier nog niets.
page-municipality-merged = Deze gemeente is opgegaan in:
page-municipality-choice = Welke gemeente bedoelt u?
page-plans = Plannen
page-more-plans = Meer plannen
page-other-documents = Andere documenten
page-networks-count = { $count ->
    [one] { $count } netwerk
   *[other] { $count } netwerken
}

page-licence = Licentie
page-adopted-by = Overgenomen door
page-adopted-count = In totaal is dit document { $count } keer overgenomen.
page-by-network = door het netwerk
page-adoptions = Overgenomen van anderen
page-more-adoptions = Eerder overgenomen
page-adopted-from = Overgenomen uit
page-adopted-source = De bron zoals die nu is:

page-person-closed = Dit account is gesloten. Wat deze persoon schreef, staat nog in de netwerken.
page-municipality = Gemeente
page-languages-spoken = Talen
page-language-dutch = Nederlands
page-language-english = Engels
page-person-since = Doet mee sinds

page-mailbox = Postvak van deze server
page-mailbox-lead = Hier staat wat Kring zou hebben gemaild. Het postvak is er alleen om te proberen en te ontwikkelen, en alleen op deze computer.
page-mailbox-empty = Er is nog niets gemaild.
page-mail-to = Aan { $to }
page-mail-ways = Manieren om deze mail te zien
page-mail-html = Opgemaakt
page-mail-text = Alleen tekst
page-mail-source = Zoals verstuurd
page-mail-content = Inhoud van de mail
page-plain = In het kort
