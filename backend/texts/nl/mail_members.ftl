# Leden per mail: uitgenodigd op hun adres, en ze lezen alleen het overzicht.

digest-greeting-nameless = Dag,
digest-full = Wilt u zelf ook iets schrijven? Word volledig lid
digest-full-link = Word volledig lid

digest-page-leave-text = Wilt u geen mail meer krijgen van { $instance }? Druk dan op de knop. U gaat dan weg uit uw netwerken.

    We wissen uw e-mailadres, uw naam en wat we u stuurden. U kunt het niet zelf weer aanzetten.
digest-page-left-text = U bent weg uit uw netwerken bij { $instance }. Uw e-mailadres, uw naam en wat we u stuurden zijn gewist.
digest-page-never = Ik wil hier nooit meer voor uitgenodigd worden

mail-by-mail-subject = { $who } nodigt u uit voor { $network }
mail-by-mail-reminder-subject = Herinnering: { $who } nodigt u uit voor { $network }
mail-by-mail-reminder = Een week geleden stuurden we u deze uitnodiging. Dit is de enige herinnering.
mail-by-mail-asks = { $who } vraagt of u het netwerk { $network } bij { $instance } per mail wilt volgen.
mail-by-mail-about = Over dit netwerk: { $lead }
mail-by-mail-new = Zegt u ja, dan krijgt u een mail met wat er nieuw is: meestal één keer per week. U kiest zelf de dag. U hebt geen account en geen wachtwoord nodig, en u kunt altijd stoppen met één klik.
mail-by-mail-known = U krijgt al een mail van { $instance } met wat er nieuw is. Zegt u ja, dan komt het nieuws van dit netwerk in diezelfde mail.
mail-by-mail-account = U hebt een account bij { $instance }. Zegt u ja, dan wordt u daarmee lid van dit netwerk.
mail-by-mail-action = Zeg ja of nee
mail-by-mail-why = U krijgt deze mail omdat { $who } uw adres opgaf bij { $instance }. Doet u niets, dan sturen we nog één herinnering en daarna niets meer. Na 30 dagen vergeten we uw adres.
mail-by-mail-why-reminder = U krijgt deze mail omdat { $who } uw adres opgaf bij { $instance }. Doet u niets, dan hoort u niets meer van dit netwerk en vergeten we uw adres.
by-mail-other = { $who } nodigt u uit voor het netwerk { $network }.
mail-by-mail-others = Er wachten nog meer uitnodigingen op u. U ziet ze als u op deze hebt geantwoord.
mail-by-mail-why-others = U krijgt deze mail omdat anderen uw adres opgaven bij { $instance }. Doet u niets, dan hoort u van deze uitnodigingen niets meer.
mail-by-mail-stop = Nodig mij nooit meer uit

mail-full-subject = Word volledig lid van { $instance }
mail-full-text = Dag,

    U wilt volledig lid worden bij { $instance }. Klik op de link en kies een naam en een wachtwoord. Daarna kunt u inloggen en schrijven. Alles wat u hebt, blijft. De link werkt 24 uur en één keer.
mail-full-action = Naam en wachtwoord kiezen
mail-full-why = U krijgt deze mail omdat iemand hierom vroeg met een link uit uw overzicht, of met uw adres. Was u dat niet? Dan hoeft u niets te doen; alles blijft zoals het is.

mail-taken-by-mail-subject = Uw e-mailadres bij { $instance }
mail-taken-by-mail-text = Dag,

    Iemand wilde dit e-mailadres gebruiken voor een account bij { $instance }. Maar dit adres krijgt al het overzicht. Er is niets veranderd.

    Was u dat zelf? Stop dan eerst het overzicht met de link onderaan. Daarna kunt u uw account dit adres geven.
mail-taken-by-mail-why = U krijgt deze mail omdat iemand uw adres invulde bij { $instance }. Was u dat niet? Dan hoeft u niets te doen.

mail-declined-by-mail-subject = Uw aanvraag bij { $instance }
mail-declined-by-mail-text = Dag { $name },

    De beheerder van { $instance } heeft uw aanvraag voor een account niet goedgekeurd. U krijgt het overzicht nog, zoals eerst.
mail-declined-by-mail-why = U krijgt deze mail omdat u een account aanvroeg bij { $instance }.

page-by-mail = { $network } volgen per mail?
page-by-mail-asks = { $who } nodigt u uit voor het netwerk { $network } bij { $instance }.
page-by-mail-new = Zegt u ja, dan bent u lid. U krijgt een mail met wat er nieuw is in het netwerk. Is er niets nieuws, dan komt er geen mail. U hebt geen account en geen wachtwoord nodig.
page-by-mail-stop = U kunt altijd stoppen, met een link in elke mail. Uw adres wordt dan gewist.
page-by-mail-known = U krijgt al een mail van { $instance } met wat er nieuw is. Zegt u ja, dan komt het nieuws van dit netwerk in diezelfde mail.
page-by-mail-account = U hebt een account bij { $instance }: @{ $handle }. Zegt u ja, dan wordt u daarmee lid, en andere leden kunnen dat zien. Wie u uitnodigde, weet dan dat dit adres van u is.
page-by-mail-about = Waar dit netwerk over gaat
page-by-mail-yes = Ik wil dat graag
page-by-mail-yes-button = Ja, ik wil het volgen
page-by-mail-shown = Andere leden mogen mijn naam zien
page-by-mail-no = Ik doe liever niet mee
page-by-mail-no-text = Zegt u nee, dan hoort u niets meer van dit netwerk en wordt uw adres gewist.
page-by-mail-no-button = Nee, dank u
page-by-mail-welcome = U bent lid van { $network }
page-by-mail-welcome-text = Als er iets nieuws is, komt de eerste mail op { $when }.
page-by-mail-welcome-account = U ziet het netwerk als u inlogt.
page-by-mail-welcome-stop = In elke mail staan links om dit te veranderen of om te stoppen.
page-by-mail-others = Er wachten nog andere uitnodigingen op u
page-by-mail-others-text = U hoeft niet te kiezen. Wat u nu niet beantwoordt, sturen we u hooguit één keer per mail.
page-by-mail-others-yes = Ja, ik wil { $network } volgen
page-by-mail-others-read = Lees over { $network }, en zeg ja of nee
page-by-mail-before = U zei al ja
page-by-mail-before-text = U hoeft niets meer te doen. In elk overzicht staan links om te veranderen wanneer het komt, of om te stoppen.
page-by-mail-declined = U krijgt hier geen mail meer over
page-by-mail-declined-text = We hebben uw adres gewist.
page-by-mail-over = Deze uitnodiging is voorbij
page-by-mail-over-text = Er is lang genoeg op gewacht, of ze is ingetrokken. Wilt u het netwerk toch volgen? Vraag het dan aan wie u uitnodigde.
page-by-mail-archived-text = Het netwerk is gesloten. Niemand kan nog lid worden.

page-never = Nooit meer uitgenodigd worden
page-never-text = Druk op de knop. Dan nodigt niemand u bij { $instance } nog per mail uit. We bewaren hiervoor geen adres, alleen een code waaraan we het herkennen.
page-never-button = Nodig mij nooit meer uit
page-never-done = Niemand nodigt u nog uit
page-never-done-text = U krijgt geen uitnodigingen per mail meer van { $instance }. Bent u al lid, dan blijft u dat.

page-member-language = In welke taal
page-member-name = Uw naam
page-member-name-hint = U mag dit leeg laten.
page-member-shown = Waar andere leden uw naam mogen zien
page-member-shown-hint = Laat u dit leeg, dan ziet niemand dat u lid bent. U telt wel mee.
page-member-more = Meer doen dan lezen
page-member-full-text = Als volledig lid kunt u inloggen, schrijven en meewerken. Alles wat u hebt, blijft.
page-member-older = Uw naam, uw taal en uw netwerken kiest u met de link in uw nieuwste overzicht. Deze link is daar te oud voor: zo kan niemand dat met een mail die u doorstuurde.
page-member-leave = Weggaan
page-member-leave-text = U kunt weggaan uit een netwerk. Gaat u weg uit het laatste, dan wordt uw adres gewist.
page-leave = Weggaan uit { $network }
page-leave-text = Druk op de knop. Dan krijgt u geen nieuws meer van { $network }. Uw andere netwerken blijven.
page-leave-last-text = Druk op de knop. Dan krijgt u geen mail meer. Dit is uw laatste netwerk, dus we wissen uw e-mailadres, uw naam en wat we u stuurden.
page-leave-button = Ga weg uit dit netwerk
page-left = U bent weg uit { $network }
page-left-text = U krijgt geen nieuws meer van { $network }.
page-left-last-text = U krijgt geen mail meer. Uw e-mailadres, uw naam en wat we u stuurden zijn gewist.
page-left-back = Terug naar uw keuzes

page-full-ask = Volledig lid worden
page-full-ask-text = Als volledig lid logt u in met een naam en een wachtwoord. Dan kunt u ook schrijven en meewerken. Uw netwerken en uw overzicht blijven.

    Druk op de knop. We sturen een mail met een link naar uw eigen adres. Zo kan niemand anders dit voor u doen.
page-full-ask-button = Stuur mij de mail
page-full-sent-text = Binnen een paar minuten komt er een mail met een link. Daarmee kiest u een naam en een wachtwoord. Komt er niets, kijk dan ook bij de ongewenste mail.
page-full = Volledig lid worden
page-full-text = Kies een naam en een wachtwoord. Daarna kunt u inloggen, schrijven en meewerken.
page-full-kept = Uw netwerken, uw overzicht en wanneer het komt blijven zoals ze zijn. Andere leden van uw netwerken kunnen uw naam voortaan zien.
page-full-name = Uw naam
page-full-name-hint = Zo zien anderen u, bijvoorbeeld Jan de Groot.
page-full-handle = Korte naam
page-full-handle-hint = Hiermee logt u in en spreken anderen u aan: kleine letters, cijfers en lage streepjes, bijvoorbeeld jan_degroot. Ze verandert nooit.
page-full-password = Wachtwoord
page-full-button = Word volledig lid
page-full-done = U bent volledig lid
page-full-before-text = Dat werd u al eerder met deze link. U hoeft niets meer te doen.
page-full-over-text = Een link om volledig lid te worden werkt 24 uur en één keer. Vraag een nieuwe met de link in uw overzicht.
next-full = U kunt nu inloggen, met uw korte naam of uw e-mailadres. Alles wat u had, is er nog.
next-full-approval = Een beheerder kijkt er nu naar. U krijgt een mail zodra u kunt inloggen. Tot die tijd gaat het overzicht door.

fault-already_invited = Dit adres is al uitgenodigd voor dit netwerk en heeft nog niet geantwoord.
fault-member_by_mail = Wie dit adres heeft, zei al ja en is lid.
fault-invited_before = Dit adres is al eens uitgenodigd voor dit netwerk. We vragen iedereen één keer.
fault-twice_in_file = Dit adres staat al in regel { $line }.
fault-invitation_limit = Er gaan niet meer dan { $max } uitnodigingen per dag uit. Stuur deze morgen opnieuw.
fault-no_lines = Hier staat geen adres in. Geef er op elke regel één.
fault-too_many_lines = Dit zijn te veel regels. Stuur er hoogstens { $max }, en daarna de andere.
fault-needs_name = Vul een naam in als andere leden u mogen zien.
