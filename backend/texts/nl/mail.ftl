mail-word = Vraagt een programma om een code? Dat is deze:

mail-verify-subject = Bevestig uw e-mailadres voor { $instance }
mail-verify-text = Dag { $name },

    U hebt een account gemaakt bij { $instance }, met de naam @{ $handle }. Klik op de link om uw e-mailadres te bevestigen. De link werkt zeven dagen.
mail-verify-action = E-mailadres bevestigen
mail-verify-why = U krijgt deze mail omdat iemand dit adres invulde bij { $instance }. Was u dat niet? Dan hoeft u niets te doen.

mail-change-subject = Bevestig uw nieuwe e-mailadres voor { $instance }
mail-change-text = Dag { $name },

    U wilt dit adres gebruiken bij { $instance }. Klik op de link om het te bevestigen. Tot die tijd blijft uw oude adres werken.
mail-change-action = Nieuw adres bevestigen
mail-change-why = U krijgt deze mail omdat iemand dit adres invulde bij { $instance }. Was u dat niet? Dan hoeft u niets te doen.

mail-known-subject = U hebt al een account bij { $instance }
mail-known-text = Dag { $name },

    Iemand wilde met dit e-mailadres een account maken bij { $instance }. Maar u hebt er al een. Er is niets veranderd.

    Weet u uw wachtwoord niet meer? Vraag dan een nieuw wachtwoord aan.
mail-known-why = U krijgt deze mail omdat iemand uw adres invulde bij { $instance }. Was u dat niet? Dan hoeft u niets te doen.

mail-taken-subject = Uw e-mailadres bij { $instance }
mail-taken-text = Dag { $name },

    Iemand wilde dit e-mailadres gebruiken voor een ander account bij { $instance }. Maar het hoort bij uw account, @{ $handle }. Er is niets veranderd.

    Was u dat zelf, en wilt u het andere account met dit adres gebruiken? Geef dan eerst uw account @{ $handle } een ander adres, of sluit het.
mail-taken-why = U krijgt deze mail omdat iemand uw adres invulde bij { $instance }. Was u dat niet? Dan hoeft u niets te doen.

mail-begin-subject = Uw account bij { $instance }
mail-begin-text = Dag { $name },

    De beheerder van { $instance } heeft een account voor u gemaakt, met de naam @{ $handle }. Klik op de link en kies een wachtwoord. Daarna kunt u inloggen. De link werkt zeven dagen en één keer.
mail-begin-action = Wachtwoord kiezen
mail-begin-why = U krijgt deze mail omdat de beheerder van { $instance } dit adres opgaf. Wilt u geen account? Dan hoeft u niets te doen.

mail-reset-subject = Een nieuw wachtwoord voor { $instance }
mail-reset-text = Dag { $name },

    U hebt gevraagd om een nieuw wachtwoord voor { $instance }. Klik op de link en kies een nieuw wachtwoord. De link werkt 24 uur en één keer.
mail-reset-action = Nieuw wachtwoord kiezen
mail-reset-why = U krijgt deze mail omdat iemand om een nieuw wachtwoord vroeg. Was u dat niet? Dan hoeft u niets te doen; uw wachtwoord blijft zoals het was.

mail-password-changed-subject = Uw wachtwoord voor { $instance } is veranderd
mail-password-changed-text = Dag { $name },

    Uw wachtwoord voor { $instance } is zojuist veranderd. Andere apparaten zijn uitgelogd.

    Hebt u dit niet zelf gedaan? Vraag dan meteen een nieuw wachtwoord aan.
mail-password-changed-why = U krijgt deze mail omdat het wachtwoord van uw account veranderde.

mail-email-changed-subject = Uw e-mailadres bij { $instance } is veranderd
mail-email-changed-text = Dag { $name },

    Voor uw account bij { $instance } wordt nu een ander e-mailadres gebruikt. Naar dit adres sturen we niets meer.

    Hebt u dit niet zelf gedaan? Neem dan contact op met de beheerder.
mail-email-changed-why = U krijgt deze mail omdat het e-mailadres van uw account veranderde.

mail-approved-subject = Uw account bij { $instance } is klaar
mail-approved-text = Dag { $name },

    De beheerder van { $instance } heeft uw account goedgekeurd. U kunt nu inloggen.
mail-approved-why = U krijgt deze mail omdat u een account maakte bij { $instance }.

mail-declined-subject = Uw account bij { $instance }
mail-declined-text = Dag { $name },

    De beheerder van { $instance } heeft uw aanvraag niet goedgekeurd. Uw gegevens zijn verwijderd.
mail-declined-why = U krijgt deze mail omdat u een account aanvroeg bij { $instance }.

mail-approval-wanted-subject = Iemand wacht op goedkeuring bij { $instance }
mail-approval-wanted-text = Dag { $name },

    @{ $handle } wil een account bij { $instance } en wacht op goedkeuring.

    Keur het goed of wijs het af in het programma waarin u Kring beheert. Op de server kan het met: kring admin accounts approve { $handle }
mail-approval-wanted-why = U krijgt deze mail omdat u beheerder bent van { $instance }.

mail-invitation-subject = { $who } nodigt u uit voor { $network }
mail-invitation-subject-hidden = U bent uitgenodigd voor een netwerk bij { $instance }
mail-invitation-text = Dag { $name },

    { $who } vraagt of u lid wilt worden van het netwerk { $network } bij { $instance }. Wilt u dat? Log dan in en word lid. Wilt u dat niet, dan hoeft u niets te doen.
mail-invitation-network = Bekijk het netwerk
mail-invitation-home = Ga naar { $instance }
mail-invitation-why = U krijgt deze mail omdat iemand u uitnodigde bij { $instance }. Voor dit netwerk krijgt u hem één keer.
mail-invitation-stop = Stuur mij geen uitnodigingen en overzichten meer

next-verify = Kijk in uw mailbox. Daar staat wat u nu kunt doen.
next-reset = Kijk in uw mailbox. Is dit adres bij ons bekend, dan staat daar hoe u een nieuw wachtwoord kiest.
next-sign-in = Uw e-mailadres is bevestigd. U kunt nu inloggen.
next-approval = Uw e-mailadres is bevestigd. Een beheerder kijkt nu naar uw account; u krijgt een mail zodra u kunt inloggen.

mail-help-subject = { $who } vraagt uw hulp voor { $network }
mail-help-subject-hidden = Iemand vraagt uw hulp bij { $instance }
mail-help-text = Dag { $name },
mail-help-offer = U biedt hulp aan: ‘{ $offer }’
mail-help-network-asks = { $who } coördineert het netwerk { $network } bij { $instance } en vraagt of u wilt helpen. { $who } schrijft:
mail-help-answer = Wilt u helpen? Word dan lid van het netwerk. U hoeft niets te doen als het u niet past. Niemand ziet uw e-mailadres.
mail-help-network = Bekijk het netwerk
mail-help-home = Ga naar { $instance }
mail-help-why = U krijgt deze mail omdat u bij { $instance } hulp aanbiedt. Dit netwerk kan u hierover één keer vragen. U kunt uw aanbod altijd pauzeren of intrekken.
mail-help-stop = Stuur mij geen vragen, uitnodigingen en overzichten meer

mail-job-network_archive-done = Uw archief staat klaar
mail-job-network_archive-done-text = U vroeg om het archief van een netwerk. Het is klaar.
mail-job-network_archive-failed = Uw archief is niet gemaakt
mail-job-network_archive-failed-text = U vroeg om het archief van een netwerk. Dat is niet gelukt.
mail-job-account_export-done = Uw gegevens staan klaar
mail-job-account_export-done-text = U vroeg om alles wat van u is. Het staat klaar, in één bestand.
mail-job-account_export-failed = Uw gegevens staan niet klaar
mail-job-account_export-failed-text = U vroeg om alles wat van u is. Dat is niet gelukt.
mail-job-document_import-done = Uw documenten zijn ingelezen
mail-job-document_import-done-text = U stuurde een map met documenten. Ze is ingelezen.
mail-job-document_import-failed = Uw documenten zijn niet ingelezen
mail-job-document_import-failed-text = U stuurde een map met documenten. Inlezen is niet gelukt.
mail-job-network_import-done = Het netwerk is ingelezen
mail-job-network_import-done-text = U stuurde het archief van een netwerk. Het is ingelezen.
mail-job-network_import-failed = Het netwerk is niet ingelezen
mail-job-network_import-failed-text = U stuurde het archief van een netwerk. Inlezen is niet gelukt.
mail-job-file = U kunt het ophalen tot { $until }, op het apparaat waar u bent ingelogd. Het adres is { $address }
mail-job-network = Bekijk het netwerk
mail-job-why = U krijgt deze mail omdat u hierom vroeg, en het langer dan een minuut duurde.
mail-job-stop = Stuur mij zulke mails en overzichten niet meer
