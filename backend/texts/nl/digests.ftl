# Het overzicht dat per mail komt, en de pagina's die erbij horen.

digest-heading = Nieuw in uw netwerken
digest-greeting = Dag { $name },
digest-intro = Dit is er nieuw voor u: { $amount }.
digest-waiting-heading = Dit wacht op u
digest-waiting-mention = { $who } noemt u
digest-waiting-answer = { $who } antwoordt u
digest-waiting-invitation = U bent uitgenodigd voor dit netwerk
digest-waiting-requests = { $count ->
    [one] 1 persoon wil lid worden
   *[other] { $count } mensen willen lid worden
}
digest-home-silent = De server van dit netwerk, { $host }, geeft geen antwoord sinds { $day }. Alles blijft hier te lezen. Wat hier nieuw geschreven wordt, wordt bewaard en verstuurd zodra de server terug is.
digest-home-may-continue = U bent coördinator: u kunt het netwerk nu hier voortzetten.
digest-waiting-more = { $count ->
    [one] En er is er nog 1.
   *[other] En er zijn er nog { $count }.
}
digest-help-heading = Hulp bij netwerken
digest-help-offered = { $who } biedt hulp aan die past bij uw netwerk
digest-help-sought = Dit netwerk zoekt hulp, en uw aanbod past daarbij
digest-help-sought-with = Dit netwerk zoekt hulp met { $themes }, en uw aanbod past daarbij
digest-documents-heading = Plannen en documenten
digest-threads-heading = Gesprekken

digest-documents = { $count ->
    [one] 1 document
   *[other] { $count } documenten
}
digest-threads = { $count ->
    [one] 1 gesprek
   *[other] { $count } gesprekken
}
digest-two = { $one } en { $two }
digest-people = { $one }, { $two } en anderen
digest-somebody = iemand

digest-in-one = Nieuw in { $network }
digest-in-many = Nieuw in { $network } en { $others ->
    [one] 1 ander netwerk
   *[other] { $others } andere netwerken
}
digest-until = Nieuw in uw netwerken, tot { $day }
digest-and-more = { $lead }, en { $more }

digest-new-plan = Nieuw plan, van { $who }
digest-new-guide = Nieuwe handreiking, van { $who }
digest-new-minutes = Nieuw verslag, van { $who }
digest-new-note = Nieuwe notitie, van { $who }
digest-changed-plan = Plan, { $count } keer veranderd door { $who }
digest-changed-guide = Handreiking, { $count } keer veranderd door { $who }
digest-changed-minutes = Verslag, { $count } keer veranderd door { $who }
digest-changed-note = Notitie, { $count } keer veranderd door { $who }
digest-changed-since = { $new }, daarna { $count } keer veranderd

digest-adopted = Overgenomen door { $network }, voor { $place }
digest-source_moved = De bron is { $count ->
    [one] 1 keer
   *[other] { $count } keer
} veranderd, in { $network }

digest-new-thread = Nieuw gesprek van { $who }
digest-new-thread-answered = Nieuw gesprek van { $who }, met { $count ->
    [one] 1 reactie
   *[other] { $count } reacties
}
digest-replies = { $count ->
    [one] 1 nieuwe reactie
   *[other] { $count } nieuwe reacties
}
digest-replies-by = { $count ->
    [one] 1 nieuwe reactie, van { $who }
   *[other] { $count } nieuwe reacties, de laatste van { $who }
}

digest-without-coordinator = Dit netwerk heeft geen coördinator. U kunt iemand kiezen.
digest-without-coordinator-by-mail = Dit netwerk heeft geen coördinator. Volledige leden kunnen iemand kiezen. U kunt volledig lid worden met de link in uw mail.
digest-without-coordinator-others = Dit netwerk heeft geen coördinator. Volledige leden kunnen iemand kiezen.
digest-more = En nog { $more }.
digest-only-more = Hier is ook iets nieuws: { $more }.
digest-all-of = Lees alles in { $network }

digest-online = Lees dit overzicht in uw browser
digest-links = Met de links in deze mail leest u zonder in te loggen, 60 dagen lang. Stuur ze niet door.
digest-links-frontend = Met deze link leest u het overzicht zonder in te loggen, 60 dagen lang. Stuur hem niet door.
digest-why = U krijgt deze mail omdat u lid bent van een netwerk bij { $instance }. Als er iets nieuws is, komt het overzicht { $often }.
digest-often-weekly = elke week
digest-often-daily = elke dag
digest-often-fortnightly = elke twee weken
digest-often-off = niet meer
digest-change = Kies zelf hoe vaak en wanneer het komt
digest-stop = Stuur mij dit overzicht niet meer

digest-page-nothing = Hier is niets meer te lezen: wat er stond is verwijderd, of u bent geen lid meer van het netwerk.

digest-page-stop = Overzicht stoppen
digest-page-stop-text = Wilt u geen overzicht meer krijgen van { $instance }? Druk dan op de knop. U blijft lid van uw netwerken.
digest-page-stop-button = Stuur mij dit overzicht niet meer
digest-page-stopped = U krijgt geen overzicht meer
digest-page-stopped-text = U blijft lid van uw netwerken bij { $instance }. U kunt het overzicht altijd weer aanzetten.
digest-page-again = Toch weer een overzicht? Kies hoe vaak
digest-page-wish = Wanneer wilt u het overzicht?
digest-page-wish-text = Het overzicht vertelt per mail wat er nieuw is in uw netwerken bij { $instance }. Is er niets nieuws, dan komt er geen mail.
digest-page-frequency = Hoe vaak
digest-page-daily = Elke dag
digest-page-weekly = Elke week
digest-page-fortnightly = Elke twee weken
digest-page-off = Niet
digest-page-weekday = Op welke dag
digest-page-hour = Hoe laat
digest-page-zone = In welke tijdzone
digest-page-save = Bewaren
digest-page-saved = Bewaard
digest-page-saved-text = U krijgt het overzicht van { $instance } zoals u koos.
digest-page-daily-day = De dag geldt niet als u het overzicht elke dag krijgt.
digest-monday = maandag
digest-tuesday = dinsdag
digest-wednesday = woensdag
digest-thursday = donderdag
digest-friday = vrijdag
digest-saturday = zaterdag
digest-sunday = zondag
