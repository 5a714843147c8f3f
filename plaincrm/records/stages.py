"""The stages and tiers of a vault that names none of its own, in their order."""

STAGES = ("lead", "prospect", "customer", "regular", "advocate", "former")
TIERS = ("occasional", "regular", "key")
