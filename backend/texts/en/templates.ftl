# What Kring fills in in templates, and what stands there when it does not know.

template-blank-network = [fill in: name of the network]
template-blank-municipality = [fill in: municipality]
template-blank-coordinator = [fill in: who coordinates the network]
template-others = other municipalities
