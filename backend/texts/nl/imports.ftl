# Wat er gezegd wordt over documenten die mensen meebrengen. Namen: loss-CODE.

import-untitled = Zonder titel
import-undescribed = Afbeelding zonder beschrijving

loss-merged_cells = { $count ->
    [one] Eén samengevoegde cel is uit elkaar gehaald.
   *[other] { $count } samengevoegde cellen zijn uit elkaar gehaald.
} Kijk of de tabel nog goed te lezen is.
loss-nested_table = { $count ->
    [one] Een tabel in een tabel is tekst in de cel geworden.
   *[other] { $count } tabellen in tabellen zijn tekst in hun cel geworden.
}
loss-table_without_header = { $count ->
    [one] Eén tabel zegt niet welke rij de kop is. Dat is nu de eerste rij.
   *[other] { $count } tabellen zeggen niet welke rij de kop is. Dat is nu de eerste rij.
}
loss-text_box = { $count ->
    [one] De tekst van een tekstvak staat nu onder zijn alinea.
   *[other] De tekst van { $count } tekstvakken staat nu onder hun alinea.
}
loss-tracked_changes = { $count ->
    [one] Een bijgehouden wijziging is overgenomen alsof die was geaccepteerd.
   *[other] { $count } bijgehouden wijzigingen zijn overgenomen alsof ze waren geaccepteerd.
}
loss-comments = { $count ->
    [one] Eén opmerking is niet overgenomen.
   *[other] { $count } opmerkingen zijn niet overgenomen.
}
loss-page_breaks = { $count ->
    [one] Eén pagina-einde is weggelaten.
   *[other] { $count } pagina-einden zijn weggelaten.
}
loss-headers_and_footers = De tekst boven en onder aan de pagina's is niet overgenomen.
loss-table_of_contents = De inhoudsopgave is weggelaten. De koppen van het document doen daarvoor dienst.
loss-embedded_objects = { $count ->
    [one] Een ingesloten bestand, zoals een rekenblad, is niet overgenomen.
   *[other] { $count } ingesloten bestanden, zoals rekenbladen, zijn niet overgenomen.
} Voeg het zelf als bijlage bij het document.
loss-drawings = { $count ->
    [one] Een tekening of grafiek is niet overgenomen.
   *[other] { $count } tekeningen of grafieken zijn niet overgenomen.
} Sla die op als afbeelding en voeg hem toe.
loss-formulas = { $count ->
    [one] Een formule is gewone tekst geworden.
   *[other] { $count } formules zijn gewone tekst geworden.
} Kijk of het nog klopt.
loss-image_kinds = { $count ->
    [one] Een afbeelding is niet overgenomen, vanwege de soort. Sla hem op als PNG of JPEG en voeg hem toe.
   *[other] { $count } afbeeldingen zijn niet overgenomen, vanwege de soort. Sla ze op als PNG of JPEG en voeg ze toe.
}
loss-missing_images = { $count ->
    [one] Een afbeelding zit niet in het bestand: er staat alleen een verwijzing. Voeg de afbeelding zelf toe.
   *[other] { $count } afbeeldingen zitten niet in het bestand: er staan alleen verwijzingen. Voeg de afbeeldingen zelf toe.
}
loss-links = { $count ->
    [one] Een link binnen het document, of naar een plek op een computer, is gewone tekst geworden.
   *[other] { $count } links binnen het document, of naar plekken op een computer, zijn gewone tekst geworden.
}
loss-highlights = Markeringen met kleur zijn niet overgenomen. Betekent de kleur iets, zeg dat dan in woorden.
loss-underlines = Onderstrepingen zijn niet overgenomen.
loss-raised_text = Verhoogde of verlaagde letters staan nu op de regel.
loss-list_numbers = { $count ->
    [one] Een lijst met letters of Romeinse cijfers heeft nu gewone cijfers.
   *[other] { $count } lijsten met letters of Romeinse cijfers hebben nu gewone cijfers.
}
loss-heading_numbers = De automatische nummers van koppen zijn niet overgenomen.
loss-controls = { $count ->
    [one] Een invulveld, knop, geluid of film is niet overgenomen.
   *[other] { $count } invulvelden, knoppen, geluiden of films zijn niet overgenomen.
}
loss-raw_html = Er staat HTML in de tekst. Die is te zien als gewone tekst.
loss-cell_paragraphs = { $count ->
    [one] In één cel van een tabel zijn meer alinea's één regel geworden.
   *[other] In { $count } cellen van tabellen zijn meer alinea's één regel geworden.
}
loss-row_headers = { $count ->
    [one] In één tabel is de eerste cel van elke rij geen kop meer, maar een gewone cel.
   *[other] In { $count } tabellen is de eerste cel van elke rij geen kop meer, maar een gewone cel.
} Een schermlezer noemt die niet meer bij de andere cellen. Kijk of elke rij zonder die kop te begrijpen is.
loss-other_languages = { $count ->
    [one] Eén stuk tekst is in een andere taal dan het document: { $languages }. Een schermlezer leest het nu voor in de taal van het document. Zeg ervoor in welke taal het is, of maak er een eigen document van.
   *[other] { $count } stukken tekst zijn in een andere taal dan het document: { $languages }. Een schermlezer leest ze nu voor in de taal van het document. Zeg ervoor in welke taal ze zijn, of maak er een eigen document van.
}
loss-hidden_text = { $count ->
    [one] Eén stuk van het bestand was verborgen. Het is weggelaten. Hoort het bij de tekst, voeg het dan zelf toe.
   *[other] { $count } stukken van het bestand waren verborgen. Ze zijn weggelaten. Horen ze bij de tekst, voeg ze dan zelf toe.
}
loss-hidden_from_screen_readers = { $count ->
    [one] Eén stuk was verborgen voor schermlezers. Het is overgenomen, en een schermlezer leest het nu voor. Stoort het, haal het dan weg.
   *[other] { $count } stukken waren verborgen voor schermlezers. Ze zijn overgenomen, en een schermlezer leest ze nu voor. Storen ze, haal ze dan weg.
}
loss-unused_images = { $count ->
    [one] Eén afbeelding in de map is niet overgenomen, omdat geen document die laat zien. Hoort die ergens bij, voeg hem daar dan zelf toe.
   *[other] { $count } afbeeldingen in de map zijn niet overgenomen, omdat geen document ze laat zien. Horen ze ergens bij, voeg ze daar dan zelf toe.
}

language-name = { $language ->
    [ar] Arabisch
    [bg] Bulgaars
    [bn] Bengaals
    [cs] Tsjechisch
    [da] Deens
    [de] Duits
    [el] Grieks
    [en] Engels
    [es] Spaans
    [fa] Perzisch
    [fi] Fins
    [fr] Frans
    [fy] Fries
    [he] Hebreeuws
    [hi] Hindi
    [hr] Kroatisch
    [hu] Hongaars
    [id] Indonesisch
    [it] Italiaans
    [ja] Japans
    [ko] Koreaans
    [ku] Koerdisch
    [la] Latijn
    [li] Limburgs
    [nb] Noors
    [nds] Nedersaksisch
    [nl] Nederlands
    [no] Noors
    [pap] Papiaments
    [pl] Pools
    [pt] Portugees
    [ro] Roemeens
    [ru] Russisch
    [so] Somalisch
    [sr] Servisch
    [sv] Zweeds
    [ti] Tigrinya
    [tr] Turks
    [uk] Oekraïens
    [ur] Urdu
    [vi] Vietnamees
    [zh] Chinees
   *[other] de taal met de code { $language }
}

search-in-attachment = In de bijlage { $file }
