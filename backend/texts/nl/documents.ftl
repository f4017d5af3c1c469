# Documenten: licenties, en waar ze vandaan komen.

licence-all-rights-reserved = Alle rechten voorbehouden

attribution-plan = Dit plan is overgenomen van ‘{ $title }’ (versie { $revision }), geschreven in het netwerk { $network } door { $authors }.
attribution-guide = Deze handreiking is overgenomen van ‘{ $title }’ (versie { $revision }), geschreven in het netwerk { $network } door { $authors }.
attribution-minutes = Dit verslag is overgenomen van ‘{ $title }’ (versie { $revision }), geschreven in het netwerk { $network } door { $authors }.
attribution-note = Deze notitie is overgenomen van ‘{ $title }’ (versie { $revision }), geschreven in het netwerk { $network } door { $authors }.
attribution-origin = Dat begon als ‘{ $title }’, geschreven in het netwerk { $network } door { $authors }.
attribution-licence = Licentie: { $licence }, { $url }.
attribution-changed = Daarna is het hier aangepast.
attribution-place = { $network } van { $host }
attribution-and = { $some } en { $last }
attribution-more = { $count } anderen
attribution-somebody = zijn leden
variant-easyRead = Makkelijk lezen
variant-translation = Vertaling
upstream-current = Sinds versie { $revision } is er niets nieuws in de bron.
upstream-behind = De bron is { $count ->
    [one] 1 keer
   *[other] { $count } keer
} veranderd sinds dit document voor het laatst is bijgewerkt.
upstream-unavailable = De bron is hier niet te lezen: misschien is die nu verborgen, of weg. Dit document blijft, en de bronvermelding ook.

page-variants = Hetzelfde in andere woorden
page-variant-of-easyRead = Dit is makkelijk te lezen. Het vertelt wat er staat in:
page-variant-of-translation = Dit is een vertaling van:
page-variant-stale = Dat is daarna { $count ->
    [one] 1 keer
   *[other] { $count } keer
} veranderd. Wat hier staat kan verouderd zijn.
