# Documenten: licenties, en waar ze vandaan komen.

licence-all-rights-reserved = Alle rechten voorbehouden
