# Wat Kring in sjablonen invult, en wat er staat als het dat niet weet.

template-blank-network = [vul in: naam van het netwerk]
template-blank-municipality = [vul in: gemeente]
template-blank-coordinator = [vul in: wie het netwerk coördineert]
template-others = andere gemeenten
