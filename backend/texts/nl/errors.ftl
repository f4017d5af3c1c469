# Wat er misging en wat u kunt doen. Namen: error-CODE en fault-CODE.

error-invalid = { $count ->
    [one] Eén veld kan zo niet worden opgeslagen. Bij het veld staat wat er mis is.
   *[other] { $count } velden kunnen zo niet worden opgeslagen. Bij elk veld staat wat er mis is.
}
error-malformed_body = Wat u stuurde is niet te lezen. Stuur geldige JSON in UTF-8.
error-sign_in_required = Log eerst in.
error-token_expired = Uw toegang is verlopen. Ververs de sessie of log opnieuw in.
error-token_invalid = U bent niet meer ingelogd. Log opnieuw in.
error-wrong_credentials = De naam of het wachtwoord klopt niet, of het e-mailadres is nog niet bevestigd. Probeer het opnieuw of vraag een nieuw wachtwoord aan.
error-refresh_token_invalid = Deze sessie is voorbij. Log opnieuw in.
error-email_unverified = Bevestig eerst uw e-mailadres met de link in de mail die u kreeg. U kunt de mail opnieuw laten sturen.
error-awaiting_approval = Uw account wacht op goedkeuring door de beheerder. U krijgt een mail zodra het kan.
error-registration_closed = Op deze server kunt u zelf geen account maken. Vraag de beheerder erom.
error-admin_only = Dit kan alleen een beheerder van deze server.
error-wrong_password = Het huidige wachtwoord klopt niet.
error-password_needed = U logde al een tijd geleden in. Stuur uw wachtwoord nog een keer, zodat we weten dat u het bent.
error-members_only = Dit is alleen voor leden. Word lid van het netwerk om het te zien.
error-coordinators_only = Dit kan alleen een coördinator van het netwerk.
error-author_only = Dit kan alleen degene die het schreef.
error-uploader_only = Dit kan alleen degene die het bestand stuurde, of een coördinator of begeleider van het netwerk.
error-moderators_only = Dit kan alleen een coördinator of begeleider van het netwerk.
error-network_archived = Dit netwerk is afgesloten. U kunt alles lezen, maar niets meer veranderen.
error-invitation_needed = Voor dit netwerk hebt u een uitnodiging nodig. Vraag een lid of coördinator erom.
error-removed_from_network = Een coördinator heeft u uit dit netwerk verwijderd. Neem contact op met een coördinator.
error-thread_locked = Dit gesprek is gesloten. U kunt het lezen, maar niet meer reageren.
error-own_membership_only = Dit kunt u alleen bij uw eigen lidmaatschap veranderen.
error-not_expert_by_experience = Geef eerst in uw account aan dat u ervaringsdeskundige bent. Daarna kunt u het per netwerk laten zien.
error-not_found = Dit bestaat niet, of u mag het niet zien. Controleer het adres of log in.
error-thread_deleted = Dit gesprek is verwijderd. Alleen de reacties zijn er nog.
error-method_not_allowed = Dit kan niet op dit adres. In de kop Allow staat wat wel kan.
error-slug_taken = Er is al een netwerk met dit adres. Kies een ander adres.
error-handle_taken = Deze naam is al in gebruik. Kies een andere.
error-already_member = Deze persoon is al lid.
error-already_requested = U hebt al gevraagd om lid te worden. Een coördinator kijkt ernaar.
error-not_waiting = Hier valt niets meer te beslissen: het verzoek is er niet meer.
error-last_coordinator = U bent de enige coördinator. Maak eerst iemand anders coördinator.
error-has_coordinator = Dit netwerk heeft al een coördinator.
error-joined_later = Dit netwerk had al geen coördinator meer toen u lid werd. Wie toen lid was, kiest de volgende; ook de beheerder kan er een aanwijzen.
error-too_deep = Deze reactie staat te diep. Reageer op een eerder bericht.
error-too_many_drafts = U hebt al heel veel concepten. Publiceer er een, of gooi er een weg.
error-too_many_unused_files = U hebt al veel bestanden gestuurd die nog nergens bij horen. Gebruik ze in een bericht of document, of verwijder er een paar. Na een dag gaan ze vanzelf weg.
error-idempotency_key_reused = Deze Idempotency-Key is al gebruikt voor een ander verzoek. Maak een nieuwe.
error-link_used_up = Deze link werkt niet meer. Vraag een nieuwe aan.
error-too_large = Dit is te groot. Maak het kleiner en probeer het opnieuw.
error-unsupported_media_type = Dit soort inhoud wordt hier niet aangenomen. Stuur application/json, en bestanden als multipart/form-data.
error-range_not_satisfiable = Dit deel van het bestand bestaat niet.
error-if_match_required = Stuur in de kop If-Match de ETag mee van de versie die u las. Zo gaat er niets van een ander verloren.
error-stale = Iemand anders heeft dit intussen veranderd. Er is niets overschreven. Lees de nieuwe versie en probeer het opnieuw.
error-stale_draft = Op een ander apparaat staat een nieuwere tekst van dit concept. Wat u stuurde is ernaast bewaard. Vergelijk ze en kies wat blijft.
error-stale_draft_gone = Dit concept is ergens anders al gepubliceerd of weggegooid. Wat u stuurde is als nieuw concept bewaard.
error-stale_kept = Iemand anders heeft dit intussen veranderd. Er is niets overschreven, en uw tekst is als concept bewaard. Vergelijk de twee en sla uw tekst dan opnieuw op.
error-too_many = Dat zijn te veel pogingen achter elkaar. Probeer het over { $seconds ->
    [one] een seconde
   *[other] { $seconds } seconden
} opnieuw.
error-unavailable = De server kan dit nu even niet doen. Er is niets verloren. Probeer het zo nog eens.
error-internal = Er ging iets mis bij ons. Er is niets opgeslagen. Probeer het later nog eens.

fault-required = Vul dit in.
fault-not_null = Dit kan niet leeg worden gemaakt. Laat het weg of geef een waarde.
fault-wrong_type = Dit is niet het juiste soort waarde.
fault-unknown_field = Dit veld kennen we niet. Controleer de spelling.
fault-unknown_parameter = Deze parameter kennen we niet. Controleer de spelling.
fault-repeated = Geef deze parameter maar één keer.
fault-control_characters = Hierin staan tekens die niet te zien zijn. Haal ze weg.
fault-not_utf8 = Hierin staan tekens die geen UTF-8 zijn. Stuur het in UTF-8.
fault-empty = Vul hier iets in.
fault-too_short = Dit is te kort. Gebruik ten minste { $min } tekens.
fault-too_long = Dit is te lang: { $length } tekens. Gebruik er hooguit { $max }.
fault-too_many_items = Dit zijn er te veel. Geef er hooguit { $max }.
fault-not_allowed = Kies een van deze: { $allowed }.
fault-limit = Geef een getal van 1 tot { $max }.
fault-cursor = Deze cursor kennen we niet. Begin opnieuw, zonder cursor.
fault-idempotency_key = Gebruik voor Idempotency-Key 1 tot 200 tekens.
fault-reserved = Deze naam is voor de server zelf. Kies een andere.
fault-handle = Gebruik 3 tot 30 letters, cijfers of lage streepjes, en begin met een letter.
fault-slug = Gebruik 3 tot 50 kleine letters, cijfers of streepjes, en begin met een letter.
fault-language = Gebruik een taalcode, zoals nl of en-GB.
fault-email = Dit is geen volledig e-mailadres. Een adres ziet eruit als naam@voorbeeld.nl.
fault-password_short = Dit wachtwoord is te kort. Gebruik ten minste { $min } tekens; een zin is prima.
fault-taken = Deze naam is al in gebruik. Kies een andere.
fault-municipality_code = Gebruik de code van een gemeente, zoals GM0344.
fault-unknown_municipality = Deze gemeente kennen we niet. Zoek de code op bij /v1/municipalities.
fault-theme = Gebruik voor een thema 2 tot 40 kleine letters, cijfers of streepjes.
fault-article = Het VN-verdrag Handicap heeft de artikelen 1 tot en met 50.
fault-unknown_person = Deze persoon kennen we niet. Controleer de naam.
fault-unknown_reply = Deze reactie hoort niet bij dit gesprek.
fault-needs_replies = Vraag ook om de reacties: include=replies.
fault-unknown_revision = Deze versie heeft het document niet. Kijk in de geschiedenis welke versies er zijn.
fault-needs_capacity = Geef ook aan in welke rol, of laat de organisatie weg.
fault-own_only = Dit hoort bij zelf lid worden. Laat het weg als u iemand uitnodigt.
fault-needs_handle = Zeg ook wie u uitnodigt, of laat de rol weg.
fault-led_by_experts = Op deze server verklaart wie een netwerk voorstelt dat ervaringsdeskundigen het leiden. Iedereen ziet die verklaring.
fault-unknown_attachment = Dit bestand kennen we niet, of het hoort al ergens bij. Stuur het bestand eerst, en gebruik elk bestand één keer.
fault-needs_description = Zeg in woorden wat er op de afbeelding te zien is (alt). Of geef aan dat het alleen versiering is, of vraag om een beschrijving.
fault-image_kind = Dit soort afbeelding nemen we niet aan: er kan in staan waar die gemaakt is. Bewaar de afbeelding eerst als JPEG, PNG of WebP.
fault-damaged_image = Deze afbeelding is beschadigd. Bewaar de afbeelding opnieuw en probeer het nog eens.
fault-known_email = Dit e-mailadres heeft al een account.
fault-empty_file = Dit bestand is leeg. Kies een ander bestand.
fault-file_name = Een bestandsnaam heeft geen schuine strepen en geen onzichtbare tekens.
fault-time_zone = Gebruik een naam uit de IANA-lijst van tijdzones, zoals Europe/Amsterdam.
fault-hour = Gebruik een heel uur van 0 tot en met 23.
fault-no_words = Hierin staat geen woord om naar te zoeken. Geef ten minste één woord of getal.
fault-too_many_words = Dit zijn te veel woorden. Zoek met hooguit { $max } woorden.
fault-unknown_network = Dit netwerk kennen we niet. Controleer het adres of log in.
fault-draft_reference = Dit is geen versie van een concept. Neem `version` over uit het concept.
