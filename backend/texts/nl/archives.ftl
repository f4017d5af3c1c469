# Archieven en documenten die zonder Kring te lezen zijn.

archive-what = Dit is een archief: alles wat in dit netwerk werd geschreven, met wie het schreef en wanneer. U kunt het lezen zonder internet. Een ander Kring kan het in zijn geheel inlezen.
archive-up = Terug
archive-kind = Soort
archive-authors = Geschreven door
archive-created = Begonnen op
archive-changed = Laatst veranderd op
archive-licence = Licentie
archive-all-rights-reserved = Alle rechten voorbehouden. Vraag toestemming voordat u het overneemt.
archive-address = Adres
archive-pinned = Dit gesprek is vastgezet.
archive-locked = Dit gesprek is gesloten.
archive-replies = Reacties
archive-answers = Antwoord op een eerdere reactie
archive-edited = Later aangepast.
archive-deleted-thread = Verwijderd gesprek
archive-deleted-reply = Verwijderde reactie
archive-reply-count = { $count ->
    [one] één reactie
   *[other] { $count } reacties
}
archive-documents = Documenten ({ $count })
archive-threads = Gesprekken ({ $count })
archive-more = Voor computers
archive-more-network = het netwerk zelf
archive-more-persons = wie iets schreef
archive-more-members = wie erbij hoorde
archive-more-manifest = waar en wanneer dit archief werd gemaakt, en hoeveel erin zit
archive-more-checksums = controlegetallen van alle bestanden
archive-more-schemas = Naast elk gesprek en elk document staat een JSON-bestand met hetzelfde. In de map schemas staat hoe ze zijn opgebouwd.

# Archieven van netwerken.
fault-archive_not_zip = Dit is geen ZIP-bestand, of het is niet helemaal aangekomen. Stuur het archief opnieuw.
fault-archive_unsupported = Dit archief is niet te lezen: { $entry } ({ $detail }). Stuur het zoals Kring het maakte.
fault-archive_damaged = Dit archief is beschadigd: { $entry } ({ $detail }). Haal het opnieuw op.
fault-archive_bad_name = In dit archief staat een naam die niet mag: { $entry }. Stuur het zoals Kring het maakte.
fault-archive_duplicate_name = In dit archief staat iets twee keer: { $entry }. Stuur het zoals Kring het maakte.
fault-archive_too_many = In dit archief zit te veel: { $detail }.
fault-archive_too_large = Dit archief wordt te groot als het wordt uitgepakt: { $entry } ({ $detail }).
fault-archive_missing = In dit archief ontbreekt iets: { $entry } ({ $detail }). Haal het opnieuw op.
fault-archive_unlisted = In dit archief is iets toegevoegd dat er niet bij hoort: { $entry }. Stuur het zoals Kring het maakte.
fault-archive_checksum = In dit archief is iets veranderd: { $entry }. Stuur het zoals Kring het maakte.
fault-archive_not_kring = Dit is een ZIP-bestand, maar geen archief van een netwerk van Kring.
fault-archive_newer = Dit archief is gemaakt door een nieuwere Kring. Werk deze server eerst bij.
fault-archive_json = In dit archief is { $entry } niet te lezen ({ $detail }).
fault-archive_unknown_person = In { $entry } staat een schrijver die niet in persons.json staat: { $detail }.
fault-archive_duplicate_id = In { $entry } heeft iets hetzelfde kenmerk als iets anders: { $detail }.
fault-archive_bad_parent = In { $entry } antwoordt een reactie op iets dat er niet voor staat: { $detail }.
fault-archive_too_deep = In { $entry } staan reacties te diep: { $detail }.
fault-archive_bad_numbers = In { $entry } lopen de nummers niet door: { $detail }.
fault-archive_unreadable = Dit archief kon niet worden gelezen. Probeer het opnieuw.
fault-archive_value = In dit archief klopt een waarde niet: { $member } van { $entry } ({ $what }).
fault-archive_other_people = Deze mensen meldden zich hier pas aan nadat er volgens het archief onder dezelfde naam werd geschreven, misschien door iemand anders: { $handles }. Zijn het dezelfde mensen, stuur het dan opnieuw met samePeople=true, of met kring import --same-people. Zo niet, lees het dan in op een server waar nog niemand zo heet, voordat mensen zich kunnen aanmelden.
fault-archive_from_the_future = Dit ligt in de toekomst.
fault-archive_no_time = Dit is geen tijdstip.
fault-archive_state = Dit past niet bij de rest.

# Alles van één persoon.
archive-own-title = Alles van @{ $handle }
archive-own-what = Dit is alles wat deze Kring van u heeft. Van anderen staan er alleen titels in, waar uw eigen woorden die nodig hebben.
archive-own-index = Alles van u
archive-own-written = Wat u schreef
archive-own-reply = Een reactie
archive-own-lists = Lijsten
archive-own-account = Uw account
archive-own-memberships = Uw netwerken
archive-own-threads = Gesprekken die u begon
archive-own-replies = Uw reacties
archive-own-earlier-versions = Hoe uw berichten eerder waren
archive-own-revisions = Wat u aan documenten schreef
archive-own-files = Uw bestanden
archive-own-reactions = Waarop u reageerde met een gebaar
archive-own-read-conversations = Welke gesprekken u las
archive-own-read-documents = Welke documenten u las
archive-own-drafts = Uw concepten
archive-own-help-offers = Uw aanbod om te helpen
archive-own-digests = Overzichten die u kreeg
archive-own-mails = Mails die u kreeg
archive-own-sessions = Waar u was ingelogd
archive-own-jobs = Werk dat u vroeg
