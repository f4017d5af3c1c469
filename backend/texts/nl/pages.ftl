# Kring's eigen pagina's.

page-skip = Naar de inhoud
page-languages = Taal
page-language-name = Nederlands
page-footer = { $instance } draait op Kring: themanetwerken van ervaringsdeskundigen, organisaties en gemeenten.
page-all-networks = Alle netwerken
page-api = Documentatie van de API
page-to-home = Naar de netwerken

page-problem-not-found = Deze pagina is er niet
page-problem-not-found-text = Misschien klopt het adres niet, of is wat hier stond verwijderd. Het kan ook zijn dat alleen leden het mogen zien, of dat een link uit een mail niet meer werkt.
page-problem-too-many = Even geduld
page-problem-not-like-this = Dit kan zo niet
page-problem-not-like-this-text = In het adres staat iets wat we niet kennen. Ga terug en probeer het opnieuw.
page-problem-ours = Er ging iets mis bij ons
