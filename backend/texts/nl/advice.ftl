# Advies aan wie schrijft: wat te doen, en wie het helpt. Namen: advice-CODE.

advice-skipped_heading = De kop “{ $text }” is van niveau { $level }, maar hierboven staat geen kop van niveau { $wanted }. Maak er niveau { $wanted } van. Wie met een schermlezer van kop naar kop springt, denkt anders dat er iets ontbreekt.
advice-several_top_headings = De tekst heeft meer dan één kop van het hoogste niveau (#). Begin hoofdstukken met ##. De titel staat al boven de tekst; zo hoort iedereen hoe de tekst in elkaar zit.
advice-empty_heading = Hier staat een kop zonder woorden. Schrijf erin waar het stuk over gaat, of haal hem weg. Een schermlezer noemt hem wel, en zegt dan niets.
advice-fake_heading = “{ $text }” is vet, maar geen kop. Zet er ## voor in plaats van sterretjes eromheen. Dan kan ook wie niet ziet ernaartoe springen.
advice-empty_link = Deze link heeft geen woorden. Schrijf erin waar hij heen gaat. Wie niet ziet, hoort anders alleen “link”.
advice-vague_link = De link “{ $text }” zegt niet waar hij heen gaat. Schrijf in de link zelf wat de lezer daar vindt. Wie een schermlezer gebruikt, hoort vaak alleen de links.
advice-bare_address = Hier staat een kaal webadres. Geef de link een naam die zegt wat er te vinden is. Een schermlezer leest anders het hele adres voor, letter voor letter.
advice-table_without_header = Deze tabel heeft een kolom zonder naam. Zet boven elke kolom wat erin staat. Wie de tabel hoort, weet dan bij elk vakje waar het over gaat.
advice-image_without_text = Deze afbeelding heeft geen tekst. Zeg in een zin wat er te zien is, of geef aan dat het alleen versiering is. U kunt ook het netwerk om een beschrijving vragen. Dan mist niemand iets.
advice-image_file_name = “{ $text }” is de naam van een bestand. Zeg in een zin wat er te zien is. Daar heeft iemand die niet ziet wél iets aan.
advice-fake_list = Dit lijkt een lijst, maar het is er geen. Begin elke regel met een streepje en een spatie (- ). Dan zegt een schermlezer hoeveel punten er zijn.
advice-long_sentence = Deze zin heeft { $count } woorden. Maak er twee of drie zinnen van; tot twintig woorden leest prettig. Dat helpt wie langzaam leest, snel moe is of Nederlands leert.
advice-capitals = “{ $text }” staat helemaal in hoofdletters. Gebruik kleine letters, of maak het vet. Hoofdletters lezen langzamer, en een schermlezer spelt ze soms.

advice-ease-very_easy = Bijna iedereen leest dit zonder moeite.
advice-ease-easy = De meeste mensen lezen dit zonder moeite.
advice-ease-plain = Gewone taal: wie geregeld leest, komt hier goed doorheen.
advice-ease-hard = Dit is lastig voor veel mensen. Kortere zinnen en gewone woorden helpen.
advice-ease-very_hard = Dit is moeilijk, ook voor wie veel leest. Kortere zinnen en gewone woorden helpen iedereen.
advice-figures = Een cijfer telt lange woorden en lange zinnen, meer niet. Lees de tekst hardop: dan hoort u wat beter kan.
advice-too-short = Bij minder dan { $words } woorden zegt een cijfer niets. Lees de tekst hardop: dan hoort u wat beter kan.
